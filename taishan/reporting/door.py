"""``POST /api/v1/door/reports``: the hot door, beside Django.

No session, no middleware, no query of its own: the token says who sends, one path takes what many
send at once (``committing``), and the answer goes out after COMMIT.
"""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from taishan.organisation import tokens
from taishan.organisation.tokens import Bearer, TokenRefused
from taishan.reporting import wire
from taishan.reporting.committing import Bundle, Committer, Full, Taken
from taishan.reporting.submissions import Submission
from taishan.reporting.taking import Failed, Taker, TokenWithdrawn, Unavailable

PREFIX = "/api/v1/door/"
PATH = "/api/v1/door/reports"
MAX_BYTES = 8 * 1024 * 1024
_HEADERS = [
    (b"content-type", b"application/json"),
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
]
_SCHEME = b"bearer "


class _Refused(Exception):
    """The request as a whole gets this status; ``said`` is put into words when it is answered."""

    def __init__(self, status: HTTPStatus, said: object, *headers: tuple[bytes, bytes]) -> None:
        super().__init__(said)
        self.status = status
        self.said = said
        self.headers = headers


class Door:
    """The ASGI application."""

    def __init__(self, committer: Committer) -> None:
        self._committer = committer

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        sent = dict(scope["headers"])
        lang = "zh-hans" if sent.get(b"accept-language", b"").startswith(b"zh") else "en"
        try:
            answer = await self._answer(scope, sent, receive, lang)
        except _Refused as refused:
            with translation.override(lang):
                said = wire.detail(str(refused.said))
            await _send(send, refused.status, said, refused.headers)
        else:
            await _send(send, HTTPStatus.OK, answer)

    def is_busy(self) -> bool:
        """Tell whether reports are being taken."""
        return self._committer.is_busy()

    async def drain(self) -> None:
        """Take nothing more, and return when all that waits is answered."""
        await self._committer.drain()

    async def _answer(
        self, scope: dict[str, Any], sent: dict[bytes, bytes], receive: Any, lang: str
    ) -> bytes:
        if scope["path"] != PATH:
            raise _Refused(HTTPStatus.NOT_FOUND, "Not Found")
        if scope["method"] != "POST":
            raise _Refused(HTTPStatus.METHOD_NOT_ALLOWED, "POST reports here", (b"allow", b"POST"))
        bearer = _bearer(sent)
        body = await _body(sent, receive)
        try:
            rows = wire.read(body, bearer.viewer, lang)
        except wire.NotReports as error:
            raise _Refused(HTTPStatus.BAD_REQUEST, str(error)) from error
        reports = [row for row in rows if isinstance(row, Submission)]
        became = await self._hand_in(Bundle(bearer, reports)) if reports else []
        return wire.write(rows, iter(became), lang)

    async def _hand_in(self, bundle: Bundle) -> Taken:
        try:
            return await self._committer.hand_in(bundle)
        except (Full, Unavailable) as busy:
            said = _("Nothing of this is known to be recorded: send it again in a moment.")
            status = HTTPStatus.SERVICE_UNAVAILABLE
            raise _Refused(status, said, (b"retry-after", b"1")) from busy
        except TokenWithdrawn as withdrawn:
            raise _unauthorised(_("This token was withdrawn: ask for a new one.")) from withdrawn
        except Failed as failed:
            status = HTTPStatus.INTERNAL_SERVER_ERROR
            raise _Refused(status, _("This could not be recorded, by a fault of ours.")) from failed


def door() -> Door:
    """Return the door with a committer of its own."""
    return Door(Committer(Taker()))


def _bearer(sent: dict[bytes, bytes]) -> Bearer:
    given = sent.get(b"authorization", b"")
    if given[: len(_SCHEME)].lower() != _SCHEME:
        raise _unauthorised(_("Show a token: Authorization: Bearer …"))
    try:
        return tokens.read(given[len(_SCHEME) :].strip())
    except TokenRefused as refused:
        raise _unauthorised(refused.args[0]) from refused


def _unauthorised(said: object) -> _Refused:
    return _Refused(HTTPStatus.UNAUTHORIZED, said, (b"www-authenticate", b"Bearer"))


async def _body(sent: dict[bytes, bytes], receive: Any) -> bytes:
    """Return the body, of which no more is read than is allowed."""
    length = sent.get(b"content-length", b"0")
    if length.isdigit() and int(length) > MAX_BYTES:
        raise _too_large()
    parts, size, is_whole = [], 0, False
    while not is_whole:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise _Refused(HTTPStatus.BAD_REQUEST, "the body broke off")
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > MAX_BYTES:
            raise _too_large()
        is_whole = not message.get("more_body", False)
    return b"".join(parts)


def _too_large() -> _Refused:
    said = f"more than {MAX_BYTES} bytes: send fewer reports at once"
    return _Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, said)


async def _send(
    send: Any, status: HTTPStatus, body: bytes, more: Iterable[tuple[bytes, bytes]] = ()
) -> None:
    length = (b"content-length", str(len(body)).encode())
    headers = [*_HEADERS, length, *more]
    await send({"type": "http.response.start", "status": int(status), "headers": headers})
    await send({"type": "http.response.body", "body": body})
