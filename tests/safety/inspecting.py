"""A checklist and inspections by it, for tests, by the same actions as the pages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any
from uuid import UUID, uuid4

from taishan.duties.models import Duty
from taishan.forms import actions as forms
from taishan.forms.models import Form, FormVersion
from taishan.organisation import history
from taishan.organisation.models import Account
from taishan.safety import inspection_due, inspection_plans, inspection_routes, inspections
from taishan.safety.inspection_models import Inspection, InspectionPlan
from taishan.safety.inspection_plans import Terms
from taishan.safety.inspections import Filled
from tests.forms.building import xlsform
from tests.people import ACTOR, NOW
from tests.safety.building import viewer
from tests.safety.finding import photo

SURVEY = (
    ("type", "name", "label::English (en)", "label::中文 (zh)", "required", "fails_on",
     "not_applicable_on", "weight", "critical", "photo_on_fail", "cause", "source"),
    ("begin_group", "fire", "Fire", "消防", "", "", "", "", "", "", "", ""),
    ("select_one result", "extinguishers", "Extinguishers are charged", "灭火器压力正常", "yes",
     "no", "na", "2", "", "yes", "fire", "GB 50444"),
    ("select_one result", "exits", "Exits are clear", "出口畅通", "yes",
     "no", "na", "3", "yes", "", "fire", "Fire Protection Law"),
    ("end_group", "", "", "", "", "", "", "", "", "", "", ""),
    ("select_one result", "cables", "No cable is bare", "无裸露电缆", "",
     "no", "na", "1", "", "", "electrical", ""),
)  # fmt: skip
MORE = (
    ("text", "remarks", "General remarks", "总体意见", "", "", "", "", "", "", "", ""),
    ("begin_repeat", "more", "Also seen", "另见", "", "", "", "", "", "", "", ""),
    ("text", "seen", "What", "情况", "", "", "", "", "", "", "", ""),
    ("image", "shot", "Photo of it", "现场照片", "", "", "", "", "", "", "", ""),
    ("end_repeat", "", "", "", "", "", "", "", "", "", "", ""),
)  # fmt: skip
"""Questions of a checklist that are no items, some in rows."""
CHOICES = (
    ("list_name", "name", "label::English (en)", "label::中文 (zh)"),
    ("result", "yes", "Yes", "是"),
    ("result", "no", "No", "否"),
    ("result", "na", "Not applicable", "不适用"),
)
SETTINGS = (
    ("form_title", "form_title_zh", "form_id", "subject"),
    ("Round", "巡查", "round", "unit"),
)
GOOD = {"extinguishers": "yes", "exits": "yes", "cables": "yes"}
BARE = GOOD | {"cables": "no", "cables_comment": "Bay 3", "cables_hazard": "OK"}
DAILY = "FREQ=DAILY"


def checklist(more: Sequence[tuple[str, ...]] = ()) -> FormVersion:
    """The checklist of three items, in force, with more questions behind them."""
    return published(drafted((*SURVEY, *more)))


def drafted(survey: Sequence[tuple[str, ...]]) -> FormVersion:
    """A next version of the checklist, which is not in force yet."""
    content = xlsform(survey, CHOICES, SETTINGS)
    return forms.upload(actor=ACTOR, now=NOW, content=content, name="round.xlsx")


def published(version: FormVersion) -> FormVersion:
    forms.publish(actor=ACTOR, now=NOW, version=version)
    return FormVersion.objects.select_related("form").get(pk=version.pk)


def inspected(
    account: Account, version: FormVersion, answers: dict[str, Any] | None = None,
    unit: str = "W1", now: datetime = NOW, key: UUID | None = None, **more: Any,
) -> Inspection:  # fmt: skip
    """An inspection of a unit by an account, everything passed unless told otherwise."""
    return inspections.record(
        viewer=viewer(account, now), now=now, key=key or uuid4(),
        unit=history.get_version(unit, now.date()),
        filled=Filled(version=version, answers=GOOD if answers is None else answers, **more),
    )  # fmt: skip


def planned(
    form: Form, unit: str = "W1", by: str = "W1", now: datetime = NOW, **more: Any
) -> InspectionPlan:
    """A daily plan, due at 18:00 and missed a day later."""
    given = {
        "rule": DAILY, "starts": date(2020, 2, 1), "due_at": time(18), "lapses_after_days": 1,
    } | more  # fmt: skip
    terms = Terms(
        unit=history.get_version(unit, now.date()), by=history.get_version(by, now.date()),
        form=form, **given,
    )  # fmt: skip
    return inspection_plans.make(actor=ACTOR, now=now, terms=terms)


def opened(now: datetime) -> int:
    return inspection_due.open_occurrences(actor=ACTOR, now=now)


def marked(account: Account) -> dict[str, object]:
    """What stands in addresses: an inspection with a photo of what failed, a plan and a route."""
    version, unit = checklist(), history.get_version("W1", NOW.date())
    one = inspected(
        account, version, GOOD | {"extinguishers": "no", "extinguishers_photo": "p.png"},
        files={"p.png": photo()},
    )  # fmt: skip
    route = inspection_routes.make(actor=ACTOR, now=NOW, unit=unit, name="Night", points=["Gate"])
    return {
        "site_inspection": one.pk,
        "inspection_photo": one.photos.get().pk,
        "inspection_plan": planned(version.form).pk,
        "route": route.pk,
        "point": route.points.get().code,
    }


def owed() -> list[Duty]:
    return list(Duty.objects.filter(kind="inspection").order_by("due_at"))
