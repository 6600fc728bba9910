"""Bodies of strangers are read to their end and kept no further than a limit."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from taishan.kit import bodies


def read(chunks: list[bytes], limit: int) -> tuple[bytes, int]:
    """Return what is passed on, and how many chunks were taken from the client."""
    waiting = [
        {"type": "http.request", "body": chunk, "more_body": number < len(chunks)}
        for number, chunk in enumerate(chunks, start=1)
    ]

    async def receive() -> dict[str, Any]:
        return waiting.pop(0)

    async def body() -> bytes:
        passed, ask = b"", bodies.bounded(receive, limit)
        while True:
            message = await ask()
            passed += message["body"]
            if not message["more_body"]:
                return passed

    return asyncio.run(body()), len(chunks) - len(waiting)


@pytest.mark.parametrize(
    ("chunks", "passed"),
    [
        ([b"12345", b"678"], b"12345678"),
        ([b"12345", b"67890", b"abc", b"def"], b"12345678"),
        ([b"1234567890"], b"12345678"),
        ([b""], b""),
    ],
)
def test_a_body_is_passed_on_up_to_the_limit_and_read_to_its_end(
    chunks: list[bytes], passed: bytes
) -> None:
    assert read(chunks, 8) == (passed, len(chunks))


def test_a_client_that_hangs_up_is_passed_on() -> None:
    async def receive() -> dict[str, Any]:
        return {"type": "http.disconnect"}

    assert asyncio.run(bodies.bounded(receive, 8)()) == {"type": "http.disconnect"}  # type: ignore[arg-type]
