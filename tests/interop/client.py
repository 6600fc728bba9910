"""A client such as ODK Collect: what it sends, as the OpenRosa specification has it."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from typing import Any

from defusedxml import ElementTree
from django.http import HttpResponse
from django.test import Client

LIST = "{http://openrosa.org/xforms/xformsList}"
MANIFEST = "{http://openrosa.org/xforms/xformsManifest}"
RESPONSE = "{http://openrosa.org/http/response}"


@dataclass
class Collect:
    """A phone set up with the address of a server, which holds a token or not."""

    server: str
    headers: dict[str, str] = field(default_factory=dict)
    is_secure: bool = True

    def request(self, method: str, address: str, data: Any = None, **more: Any) -> HttpResponse:
        """Send what every request of a client carries; ``address`` is full, or follows the
        server's."""
        path = address.removeprefix("https://testserver").removeprefix("http://testserver")
        path = path if path != address else f"{self.server}{address}"
        headers = {"X-OpenRosa-Version": "1.0", "Date": "Wed, 12 Feb 2020 00:00:10 GMT"}
        return getattr(Client(enforce_csrf_checks=True), method.lower())(  # type: ignore[no-any-return]
            path, data, headers=headers | self.headers, secure=self.is_secure, **more
        )

    def forms(self, query: str = "") -> list[dict[str, str]]:
        """Return the entries of the form list."""
        answer = self.request("GET", f"/formList{query}")
        assert answer.status_code == 200, answer.content
        root = ElementTree.fromstring(answer.content)
        assert root.tag == f"{LIST}xforms"
        return [{part.tag.removeprefix(LIST): part.text or "" for part in one} for one in root]


def basic(username: str, password: str) -> dict[str, str]:
    given = base64.b64encode(f"{username}:{password}".encode()).decode()
    return {"Authorization": f"Basic {given}"}


def said(answer: HttpResponse) -> str:
    """Return the message of an OpenRosaResponse."""
    root = ElementTree.fromstring(answer.content)
    assert root.tag == f"{RESPONSE}OpenRosaResponse"
    return root.findtext(f"{RESPONSE}message") or ""
