"""What the door of reports reads and writes, as JSON; the fields of ``api``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID, uuid4

import msgspec

from taishan.core.answers import say
from taishan.organisation.access import Viewer
from taishan.reporting.models import Door
from taishan.reporting.submissions import Accepted, Rejected, Submission

MAX_ROWS = 5_000


class NotReports(ValueError):
    """The body is no report or list of reports; the message says where it is not."""


class Malformed(msgspec.Struct, frozen=True):
    """A row of a list that is no report, and why."""

    reason: str


class _Report(msgspec.Struct):
    form: Annotated[str, msgspec.Meta(max_length=60)]
    subject: Annotated[str, msgspec.Meta(max_length=40)]
    period: date
    answers: dict[str, Any]
    client: UUID | None = None
    version: int | None = None
    device_at: Annotated[datetime, msgspec.Meta(tz=True)] | None = None


class _Problem(msgspec.Struct):
    question: str
    row: int | None
    code: str
    message: str


class _Result(msgspec.Struct):
    subject: str | None = None
    period: date | None = None
    outcome: str = "rejected"
    is_late: bool | None = None
    code: str | None = None
    reason: str | None = None
    problems: Sequence[_Problem] = ()


_one = msgspec.json.Decoder(_Report)
_rows = msgspec.json.Decoder(list[msgspec.Raw])
_encoder = msgspec.json.Encoder()


def read(body: bytes, viewer: Viewer, lang: str) -> list[Submission | Malformed]:
    """Return the reports of a body: one, or a list, in which a row may be wrong by itself.

    Raises NotReports.
    """
    try:
        if body.lstrip(b" \t\r\n")[:1] != b"[":
            return [_submission(_one.decode(body), viewer, lang)]
        rows = _rows.decode(body)
    except (msgspec.DecodeError, RecursionError) as error:
        raise NotReports(str(error)) from error
    if len(rows) > MAX_ROWS:
        raise NotReports(f"more than {MAX_ROWS} reports: send fewer at once")
    return [_row(row, viewer, lang) for row in rows]


def _row(row: msgspec.Raw, viewer: Viewer, lang: str) -> Submission | Malformed:
    try:
        return _submission(_one.decode(row), viewer, lang)
    except (msgspec.DecodeError, RecursionError) as error:
        return Malformed(str(error))


def _submission(row: _Report, viewer: Viewer, lang: str) -> Submission:
    return Submission(
        form=row.form, subject=row.subject, period=row.period, answers=row.answers,
        client=row.client or uuid4(), version=row.version, device_at=row.device_at, door=Door.API,
        viewer=viewer, lang=lang,
    )  # fmt: skip


def write(
    rows: Sequence[Submission | Malformed], became: Iterator[Accepted | Rejected], lang: str
) -> bytes:
    """Return the answer: what became of each row, in their order."""
    return _encoder.encode(
        [
            _Result(code="malformed", reason=row.reason)
            if isinstance(row, Malformed)
            else _result(next(became), lang)
            for row in rows
        ]
    )


def _result(one: Accepted | Rejected, lang: str) -> _Result:
    subject, period = one.submission.subject, one.submission.period
    if isinstance(one, Accepted):
        return _Result(subject, period, one.outcome.value, one.is_late)
    problems = [_Problem(p.question, p.row, p.code, say(p.message, lang[:2])) for p in one.problems]
    return _Result(
        subject=subject, period=period, code=one.code, reason=one.reason, problems=problems
    )


def detail(said: str) -> bytes:
    """Return the answer to a request that was refused as a whole."""
    return _encoder.encode({"detail": said})
