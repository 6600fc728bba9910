"""Every address as every role and as nobody, by reading and by sending, against one table."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLResolver, get_resolver, resolve

from taishan.organisation import accounts
from taishan.organisation.models import Account
from tests.access.marks import marks
from tests.access.rows import LOGIN, ROLES, Answers, Row
from tests.access.table import TABLE
from tests.access.visiting import visit
from tests.people import signed_in

__all__ = ["marks"]
NOT_ALLOWED = 405


def _routes(resolver: URLResolver, before: str = "") -> Iterator[str]:
    for pattern in resolver.url_patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _routes(pattern, route)
        else:
            yield route


def test_every_address_stands_in_the_table() -> None:
    assert {row.route for row in TABLE} == set(_routes(get_resolver()))


def _differences(
    client: Client | None, marks: dict[str, object], answers: dict[Row, tuple[int, int]], *,
    asks_all: bool = True,
) -> list[str]:  # fmt: skip
    """Return where an address answers otherwise; without ``asks_all`` what takes no such way of
    sending is not asked again: that does not depend on who asks.
    """
    found = []
    for row, expected in answers.items():
        path = row.path.format(**marks)
        resolved = resolve(path.partition("?")[0]).route
        if resolved != (row.answered_by or row.route):
            found.append(f"{path} leads to {resolved}, not to {row.route}")
        for method, wanted in zip(("GET", "POST"), expected, strict=True):
            if wanted == NOT_ALLOWED and not asks_all:
                continue
            sent = {name: value.format(**marks) for name, value in row.sent.items()}
            answer = visit(client, method, path, sent)
            is_sent_away = answer.headers.get("Location", "").startswith("/accounts/login/")
            status = LOGIN if answer.status_code == 302 and is_sent_away else answer.status_code
            if status != wanted:
                found.append(f"{method} {path}: {status}, not {wanted}")
    return found


def _expected(role: str) -> dict[Row, tuple[int, int]]:
    def of(answers: Answers) -> int:
        return answers if isinstance(answers, int) else answers[role]

    return {row: (of(row.get), of(row.post)) for row in TABLE}


@pytest.mark.usefixtures("library")
def test_what_each_role_and_nobody_gets_at_every_address(
    cast: dict[str, Account], marks: dict[str, object]
) -> None:
    # In one test, since what stands in the addresses takes longer to lay out than to be visited.
    found = {
        role: _differences(
            signed_in(cast[role]), marks, _expected(role), asks_all=role == ROLES[0]
        )
        for role in ROLES
    }  # fmt: skip
    found["nobody"] = _differences(None, marks, {row: row.nobody for row in TABLE})

    assert found == {role: [] for role in (*ROLES, "nobody")}


def test_an_altered_sign_in_link_is_refused(cast: dict[str, Account]) -> None:
    path = accounts.sign_in_path(cast["employee"].pk)

    assert Client().get(path).status_code == 303
    assert Client().get(path[:-3] + "xx/").status_code == 403
