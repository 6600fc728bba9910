"""``/api/v1/hazards``: report hazards and take steps with them, by the actions of the pages."""

from __future__ import annotations

import base64
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema
from ninja.errors import HttpError
from ninja.security import django_auth
from pydantic import AwareDatetime, Field

from taishan.core import hazards as core
from taishan.core.hazards import Bar
from taishan.kit import attachments, clock, days, postgres
from taishan.kit.attachments import Attachment
from taishan.kit.kept_files import PHOTOS
from taishan.organisation import access, history
from taishan.organisation.access import Viewer
from taishan.safety import hazard_queries, hazard_reports, hazard_steps, hazard_words
from taishan.safety.hazard_criteria import CriterionRefused
from taishan.safety.hazard_models import Hazard
from taishan.safety.hazard_reports import Report, Seen
from taishan.safety.hazard_steps import STEPS
from taishan.safety.hazards import HazardRefused

router = Router(auth=django_auth)
SAYS = r"^[^\x00]*[^\s\x00][^\x00]*$"
"""What is more than blanks."""
TAKES: dict[str, tuple[str, ...]] = {
    "grading": ("criterion", "cause", "reason"),
    "assignment": ("post", "measures", "money_cny", "due_at", "contingency"),
    "acceptance": (),
    "rectification": ("evidence", "photos"),
    "verification": ("reason", "photos"),
    "extension": ("due_at", "reason"),
    "merger": ("into", "reason"),
}
"""What each step takes; any other takes a reason."""


class PhotoIn(Schema):
    name: str = Field(max_length=120, pattern=postgres.TEXT)
    content: str = Field(description="base64", max_length=14_000_000)


class HazardIn(Schema):
    """``key`` is a number of the sender's: what comes again under it is the same report."""

    key: UUID
    unit: str = Field(max_length=40, pattern=postgres.TEXT)
    text: str = Field(min_length=1, max_length=4000, pattern=SAYS)
    looks: Literal[1, 2, 3] = Field(description="1 hurt a little, 2 badly, 3 danger to life now")
    area: str = Field("", max_length=200, pattern=postgres.TEXT)
    latitude: float | None = Field(None, ge=-90, le=90)
    longitude: float | None = Field(None, ge=-180, le=180)
    found_at: AwareDatetime | None = None
    photos: list[PhotoIn] = Field([], max_length=PHOTOS)


class StepIn(Schema):
    """A step and what it takes: fields that it does not take are left out."""

    step: Literal[
        "grading", "assignment", "acceptance", "rectification", "verification", "closure",
        "return", "extension", "merger", "dismissal",
    ]  # fmt: skip
    reason: str = Field("", max_length=4000, pattern=postgres.TEXT)
    criterion: str = Field(
        "", max_length=130, pattern=postgres.TEXT,
        description="its code; library/code where several libraries have it",
    )  # fmt: skip
    cause: str = Field("", max_length=40, pattern=postgres.TEXT)
    post: str = Field(
        "", max_length=40, pattern=postgres.TEXT, description="code of the responsible post"
    )
    measures: str = Field("", max_length=4000, pattern=postgres.TEXT)
    money_cny: Decimal | None = Field(None, ge=0, max_digits=14, decimal_places=2)
    due_at: days.Instant | None = None
    contingency: str = Field("", max_length=4000, pattern=postgres.TEXT)
    evidence: str = Field("", max_length=4000, pattern=postgres.TEXT)
    into: int | None = Field(None, description="number of the hazard that goes on")
    photos: list[PhotoIn] = Field([], max_length=PHOTOS)


class HazardOut(Schema):
    number: int
    unit: str
    state: str
    grade: str | None
    cause: str
    criterion: str
    text: str
    area: str
    found_at: datetime
    post: str | None
    due_at: datetime | None
    merged_into: int | None


@router.post("/hazards", response=HazardOut)
def report_hazard(request: HttpRequest, given: HazardIn) -> dict[str, Any]:
    """Report a hazard in your own name. Without a name, the page of reports takes one."""
    try:
        version = history.get_version(given.unit, clock.today())
    except history.OrganisationRefused as refused:
        raise HttpError(422, str(refused)) from None
    now = clock.now()
    seen_at = hazard_reports.when_seen(given.found_at, now)
    made, _code = hazard_reports.report(Report(
        actor=_viewer(request).actor, now=now, version=version, key=given.key,
        seen=Seen(
            text=given.text, looks=given.looks, area=given.area, latitude=given.latitude,
            longitude=given.longitude, at=seen_at, photos=_photos(given.photos),
        ),
    ))  # fmt: skip
    return _out(made)


@router.get("/hazards/{number}", response=HazardOut)
def hazard(request: HttpRequest, number: int) -> dict[str, Any]:
    """Return one hazard that you may see."""
    return _out(_get(_viewer(request), number))


@router.post("/hazards/{number}/steps", response=HazardOut)
def take_step(request: HttpRequest, number: int, given: StepIn) -> dict[str, Any]:
    """Take a step with a hazard, as far as you may on its page; 403 or 422 says why not."""
    viewer, now = _viewer(request), clock.now()
    found, step = _get(viewer, number), STEPS[given.step]
    position = hazard_queries.find_position(viewer, found, now)
    bars = core.find_bars_of_person(step.act, hazard_queries.get_record(found), position)
    if bars and bars != (Bar.NOT_NOW,):
        raise HttpError(403, hazard_words.say_why(bars))
    try:
        values = _values(given, found, now)
        return _out(step.do(viewer=viewer, now=now, hazard=found, **values))
    except (HazardRefused, CriterionRefused) as refused:
        raise HttpError(422, str(refused)) from None


def _viewer(request: HttpRequest) -> Viewer:
    account: Any = request.user
    return access.viewer_for(account, clock.today())


def _get(viewer: Viewer, number: int) -> Hazard:
    found = hazard_queries.find_readable(viewer, clock.now()).filter(pk=number)
    hazard = found.select_related("unit", "post").first()
    if hazard is None:
        raise HttpError(404, "no such hazard, or not for you to see")
    return hazard


def _values(given: StepIn, found: Hazard, now: datetime) -> dict[str, Any]:
    values = {name: getattr(given, name) for name in TAKES.get(given.step, ("reason",))}
    if "photos" in values:
        values["photos"] = _photos(given.photos)
    if "post" in values:
        posts = hazard_steps.find_posts(found, now).filter(code=given.post)
        values["post"] = posts.first() if given.post else None
        if given.post and values["post"] is None:
            raise HttpError(422, f"no post {given.post} of the unit, or of one above it")
    if "into" in values:
        values["into"] = hazard_steps.find_others(found).filter(pk=given.into or 0).first()
        if values["into"] is None:
            raise HttpError(422, "into: an open hazard of the same unit")
    return values


def _photos(given: list[PhotoIn]) -> list[Attachment]:
    return [_photo(one) for one in given]


def _photo(given: PhotoIn) -> Attachment:
    try:
        found = attachments.inspect(given.name, base64.b64decode(given.content, validate=True))
    except (ValueError, attachments.AttachmentRefused) as refused:
        raise HttpError(422, f"photos: {refused}") from None
    if not found.kind.startswith("image/"):
        raise HttpError(422, "photos: only JPEG, PNG and WebP")
    return found


def _out(made: Hazard) -> dict[str, Any]:
    return {
        "number": made.pk, "unit": made.unit.code, "state": made.state, "grade": made.grade,
        "cause": made.cause, "criterion": made.criterion, "text": made.text, "area": made.area,
        "found_at": made.found_at, "post": made.post.code if made.post else None,
        "due_at": made.due_at, "merged_into": made.merged_into_id,
    }  # fmt: skip
