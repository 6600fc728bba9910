"""``/api/v1/red-lines``: which red lines hold at a unit, and reporting that one was crossed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import File, Form, Router, Schema
from ninja.errors import HttpError
from ninja.files import UploadedFile
from ninja.security import django_auth
from pydantic import Field

from taishan.kit import attachments, clock, postgres
from taishan.kit.attachments import Attachment, AttachmentRefused
from taishan.organisation import access, history
from taishan.organisation.history import OrganisationRefused
from taishan.organisation.models import UnitVersion
from taishan.safety import red_line_queries, red_lines
from taishan.safety.actions import StopRefused
from taishan.safety.models import StopWork
from taishan.safety.red_line_models import RedLine

router = Router(auth=django_auth)


class RedLineOut(Schema):
    code: str
    what_en: str
    what_zh: str
    basis: str
    source_en: str
    source_zh: str
    source_url: str
    lifted_by: str


class BreachIn(Schema):
    """``shown_to``: to whom the sender's name is shown, as on the page."""

    unit: str = Field(max_length=40, pattern=postgres.TEXT)
    red_line: str = Field(max_length=60, pattern=postgres.TEXT)
    ground: str = Field(max_length=2000, pattern=postgres.TEXT)
    place: str = Field(default="", max_length=200, pattern=postgres.TEXT)
    shown_to: StopWork.ShownTo = StopWork.ShownTo.AUTHORITY


class StoppedOut(Schema):
    stop: int
    unit: str
    red_line: str
    authority: str
    stopped_at: datetime


@router.get("/red-lines", response=list[RedLineOut])
def lines(request: HttpRequest, unit: str) -> list[RedLine]:  # noqa: ARG001 - ninja hands it in
    """Return the red lines that hold at a unit today, by its own day."""
    return red_line_queries.find_holding_now(_version(unit), clock.now())


@router.post("/red-lines/breaches", response=StoppedOut)
def breaches(
    request: HttpRequest,
    given: Form[BreachIn],
    photo: UploadedFile | None = File(None),  # type: ignore[type-arg]  # noqa: B008
) -> dict[str, Any]:
    """Stop work at a unit, since a red line was crossed there: it counts at once."""
    account: Any = request.user
    version = _version(given.unit)
    held = red_line_queries.find_holding_now(version, clock.now())
    found = next((row for row in held if row.code == given.red_line), None)
    if found is None:
        raise HttpError(422, f"no red line {given.red_line!r} holds there today")
    try:
        stop = red_lines.report_breach(
            actor=access.viewer_for(account, clock.today()).actor, now=clock.now(),
            version=version, red_line=found, ground=given.ground, place=given.place,
            shown_to=given.shown_to, photo=_photo(photo),
        )  # fmt: skip
    except StopRefused as refused:
        raise HttpError(422, str(refused)) from None
    return {
        "stop": stop.pk, "unit": given.unit, "red_line": found.code,
        "authority": stop.authority.code, "stopped_at": stop.stopped_at,
    }  # fmt: skip


def _version(code: str) -> UnitVersion:
    try:
        return history.get_version(code, clock.today())
    except OrganisationRefused as refused:
        raise HttpError(422, str(refused)) from None


def _photo(file: UploadedFile | None) -> Attachment | None:
    if file is None:
        return None
    try:
        return attachments.take(file)
    except AttachmentRefused as refused:
        raise HttpError(422, str(refused)) from None
