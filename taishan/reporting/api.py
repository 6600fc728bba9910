"""``POST /api/v1/reports``: reports of other systems, by the path of all reports."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest
from ninja import Router, Schema
from ninja.errors import HttpError
from ninja.security import django_auth
from pydantic import AwareDatetime, Field

from taishan.core.answers import say
from taishan.kit import clock
from taishan.organisation import access, tokens
from taishan.reporting import actions
from taishan.reporting.models import Door
from taishan.reporting.submissions import Accepted, Rejected, Submission

router = Router(auth=django_auth)
MAX_ROWS = 5_000


class ReportIn(Schema):
    """``client`` is a number of the sender's: what comes again under it is the same report."""

    form: str = Field(max_length=60)
    subject: str = Field(max_length=40, description="staff number, or a unit's code")
    period: date
    answers: dict[str, Any]
    client: UUID | None = None
    version: int | None = None
    device_at: AwareDatetime | None = None


class ProblemOut(Schema):
    question: str
    row: int | None
    code: str
    message: str


class ResultOut(Schema):
    """``outcome``: new, changed, repeated, proposed or rejected, then with a ``code``."""

    subject: str
    period: date
    outcome: str
    is_late: bool | None = None
    code: str | None = None
    reason: str | None = None
    problems: list[ProblemOut] = []


@router.post("/reports", response=list[ResultOut])
def reports(request: HttpRequest, given: ReportIn | list[ReportIn]) -> list[dict[str, Any]]:
    """Take in one report or many, your own or your unit's; return what became of each in order."""
    account: Any = request.user
    rows = given if isinstance(given, list) else [given]
    if len(rows) > MAX_ROWS:
        raise HttpError(422, f"more than {MAX_ROWS} reports: send fewer at once")
    viewer = access.viewer_for(account, clock.today())
    found = actions.submit_reports(
        actor=viewer.actor,
        now=clock.now(),
        submissions=[_submission(row) for row in rows],
        viewer=viewer,
    )
    lang = "zh" if getattr(request, "LANGUAGE_CODE", "").startswith("zh") else "en"
    return [_result(one, lang) for one in found]


class TokenOut(Schema):
    """``token`` goes into the header ``Authorization: Bearer …`` of the door."""

    token: str
    expires_at: AwareDatetime


@router.post("/tokens", response=TokenOut)
def give_token(request: HttpRequest) -> dict[str, Any]:
    """Give a token for the door of reports, by which you report there as you may here."""
    account: Any = request.user
    now = clock.now()
    token, expires_at = tokens.give(access.viewer_for(account, clock.today(tokens.ZONE)), now)
    return {"token": token, "expires_at": datetime.fromtimestamp(expires_at, UTC)}


def _submission(row: ReportIn) -> Submission:
    return Submission(
        form=row.form, subject=row.subject, period=row.period, answers=row.answers,
        client=row.client or uuid4(), version=row.version, device_at=row.device_at, door=Door.API,
    )  # fmt: skip


def _result(one: Accepted | Rejected, lang: str) -> dict[str, Any]:
    told: dict[str, Any] = {"subject": one.submission.subject, "period": one.submission.period}
    if isinstance(one, Accepted):
        return told | {"outcome": one.outcome.value, "is_late": one.is_late}
    problems = [
        {"question": p.question, "row": p.row, "code": p.code, "message": say(p.message, lang)}
        for p in one.problems
    ]
    return told | {
        "outcome": "rejected", "code": one.code, "reason": one.reason, "problems": problems
    }  # fmt: skip
