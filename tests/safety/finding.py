"""Hazards for tests, by the same actions as the pages."""

from __future__ import annotations

import io
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

from PIL import Image

from taishan.core.hazards import Grade, Plan
from taishan.kit import attachments
from taishan.kit.attachments import Attachment
from taishan.organisation import history, posts
from taishan.organisation.models import Account, Post
from taishan.safety import (
    hazard_criteria,
    hazard_criteria_files,
    hazard_reports,
    hazard_thumbnails,
    hazards,
)
from taishan.safety.hazard_board_models import HazardThumbnail
from taishan.safety.hazard_models import Hazard
from taishan.safety.hazard_reports import Report, Seen
from tests.people import ACTOR, FOUNDED, NOW
from tests.safety.building import PNG, viewer

DAY = timedelta(days=1)
DEADLINE = NOW + 5 * DAY


def photo(name: str = "seen.png") -> Attachment:
    return attachments.inspect(name, PNG)


def found(account: Account | None, unit: str = "W1", now: datetime = NOW, **seen: Any) -> Hazard:
    """A hazard that somebody, or nobody by name, reports at a unit."""
    return found_with_code(account, unit, now, **seen)[0]


def found_with_code(
    account: Account | None, unit: str = "W1", now: datetime = NOW, **seen: Any
) -> tuple[Hazard, str]:
    values: dict[str, Any] = {"text": "A bare cable 电缆裸露", "looks": 2, "area": "Bay 3"} | seen
    return hazard_reports.report(Report(
        actor=viewer(account).actor if account else None, now=now,
        version=history.get_version(unit, now.date()), key=uuid4(), seen=Seen(**values),
    ))  # fmt: skip


def post_of(account: Account, unit: str = "W1", on: date = FOUNDED) -> Post:
    """The post of a fitter, held by the account's person."""
    assert account.person is not None
    post = posts.open_post(
        actor=ACTOR, now=NOW, on=on, unit=unit, code=f"fitter-{account.person.staff_no}",
        title_en="Fitter", title_zh="钳工",
    )  # fmt: skip
    posts.hold_post(actor=ACTOR, now=NOW, on=on, person=account.person, post=post)
    return post


def record_criteria() -> None:
    """The shipped criteria, recorded: nothing changes where they are already."""
    hazard_criteria.import_library(
        actor=ACTOR, now=NOW, library=hazard_criteria_files.parse_shipped()
    )


def graded(
    account: Account, hazard: Hazard, grade: Grade = Grade.GENERAL, reason: str = ""
) -> Hazard:
    """A hazard graded without a stop: general, or major since it comes from outside."""
    criterion = "general" if grade is Grade.GENERAL else "major-outside"
    return graded_by(account, hazard, criterion, reason=reason)


def graded_by(
    account: Account, hazard: Hazard, criterion: str, cause: str = "electrical", reason: str = ""
) -> Hazard:
    record_criteria()
    return hazards.grade(
        viewer=viewer(account), now=NOW, hazard=hazard, criterion=criterion, cause=cause,
        reason=reason,
    )  # fmt: skip


def assigned(account: Account, hazard: Hazard, post: Post) -> Hazard:
    plan = Plan(
        post_id=post.pk, measures="Replace the cable", money_cny=Decimal(300), due_at=DEADLINE,
        contingency="Power off the bay",
    )  # fmt: skip
    return hazards.assign(viewer=viewer(account), now=NOW, hazard=hazard, plan=plan)


def submitted(account: Account, hazard: Hazard, now: datetime = NOW) -> Hazard:
    return hazards.submit(
        viewer=viewer(account), now=now, hazard=hazard, evidence="Replaced",
        photos=[photo("after.png")],
    )  # fmt: skip


def thumbnail_of_w1() -> HazardThumbnail:
    """The small picture of a photo that came with a report without a name at W1."""
    out = io.BytesIO()
    Image.new("RGB", (40, 30)).save(out, "JPEG")
    hazard = found(None, photos=[attachments.inspect("seen.jpg", out.getvalue())])
    hazard_thumbnails.make(hazard.acts.get().pk)
    return HazardThumbnail.objects.get(hazard_id=hazard.pk)
