"""Requests to the door of reports, in the test's own process and transaction."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

from django.db import connections

from taishan.kit import clock
from taishan.organisation import access, tokens
from taishan.organisation.models import Account
from taishan.reporting.committing import Bundle, Committer, Take, Taken
from taishan.reporting.door import PATH, Door
from taishan.reporting.taking import Taker
from tests.reporting.building import TODAY, WELL


class Answer(NamedTuple):
    status: int
    told: Any
    headers: dict[bytes, bytes]


def token(account: Account) -> str:
    return tokens.give(access.viewer_for(account, clock.today()), clock.now())[0]


def body(subject: str = "A1", **more: Any) -> dict[str, Any]:
    """Return a daily report as the door takes it."""
    given = {"form": "daily_health", "subject": subject, "period": str(TODAY), "answers": WELL}
    return given | more


def through_our_connection(take: Take) -> Take:
    """Let the committer's thread work within the transaction of the test."""
    ours = connections["default"]

    def taking(bundles: Sequence[Bundle]) -> Sequence[Taken | Exception]:
        connections["default"] = ours
        return take(bundles)

    return taking


def committer(take: Take, **limits: int) -> Committer:
    """Return a committer for the one connection that a test has."""
    return Committer(through_our_connection(take), lanes=1, **limits)


@contextmanager
def shared_connection() -> Iterator[None]:
    ours = connections["default"]
    ours.inc_thread_sharing()
    try:
        yield
    finally:
        ours.dec_thread_sharing()


async def request(
    door: Door, body: bytes, headers: dict[str, str], method: str = "POST", path: str = PATH
) -> Answer:
    """Return what one request is answered."""
    sent = [(name.encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "method": method, "path": path, "headers": sent}
    half = len(body) // 2
    parts = iter([(body[:half], True), (body[half:], False)])
    answers: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        part, more = next(parts)
        return {"type": "http.request", "body": part, "more_body": more}

    async def send(message: dict[str, Any]) -> None:
        answers.append(message)

    await door(scope, receive, send)
    began, ended = answers
    return Answer(began["status"], json.loads(ended["body"]), dict(began["headers"]))


def knock(*requests: tuple[bytes, dict[str, str]], door: Door | None = None) -> list[Answer]:
    """Return what each of several requests at once is answered."""
    at = door or Door(committer(Taker()))

    async def all_at_once() -> list[Answer]:
        return await asyncio.gather(*(request(at, body, headers) for body, headers in requests))

    with shared_connection():
        return asyncio.run(all_at_once())


def bearing(token: str, **headers: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}", **headers}
