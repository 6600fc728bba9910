"""The demo's inspections: some weeks of rounds, what failed, what is planned, and a route."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from taishan.cli import demo_hazards
from taishan.cli.demo_hazards import Crew
from taishan.kit.actor import Actor

if TYPE_CHECKING:
    from taishan.forms.models import FormVersion
    from taishan.organisation.access import Viewer
    from taishan.organisation.models import Account
    from taishan.safety.inspection_models import Inspection

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
SITE, OFFICE = "PP1", "HQ"
DONE = (
    (33, SITE, "check_site", "3号楼", ("briefing", "site_hygiene"), ()),
    (26, SITE, "check_site", "3号楼", ("permits_people",), ("permits_people",)),
    (12, SITE, "check_site", "塔吊区", ("under_load", "pit_watched"), ("under_load",)),
    (5, SITE, "check_site", "生活区", ("pit_watched",), ()),
    (2, SITE, "check_site", "3号楼", (), ()),
    (30, SITE, "check_dormitory", "民工宿舍", ("list_d", "boiled"), ()),
    (6, SITE, "check_dormitory", "隔离房间", ("health_q", "supplies_q"), ("health_q",)),
    (28, OFFICE, "check_office", "A座", ("drill", "fire_checks"), ()),
    (4, OFFICE, "check_office", "A座", ("airing",), ()),
    (3, OFFICE, "check_canteen", "职工食堂", ("staggered", "morning_check"), ("staggered",)),
    (9, "M27", "check_laboratory", "化学楼2层", ("nobody_alone", "spill_kit"), ("spill_kit",)),
    (8, "M15", "check_warehouse", "防疫物资库", ("smoking", "patrol_w"), ("smoking",)),
    (1, "M15", "check_warehouse", "防疫物资库", (), ()),
)
"""How many days ago, the unit, the checklist, where, what failed, and what was made a hazard."""
WORKED = {
    "permits_people": (
        "closed",
        "无证人员停岗 Certified people took over",
        "0",
        "3",
    ),
    "under_load": ("closed", "吊装区拉警戒线，专人指挥 Cordon and a banksman", "800", "2"),
    "spill_kit": ("closed", "补齐吸附棉和中和剂 Refill the spill kit", "650", "3"),
    "smoking": ("closed", "设禁烟标识，门口收火种 Signs, lighters left at the door", "120", "2"),
    "health_q": ("rectifying", "每日两次测温，专人登记 Twice a day, by a named person", "0", "8"),
}
"""How far the hazard of a failed item has come; its measures, money in yuan, and days to do them.
Whatever is not here is new enough to wait for its grade.
"""
PLANS: tuple[tuple[str, str, str, str, dict[str, Any]], ...] = (
    (SITE, SITE, "check_site", "FREQ=WEEKLY;BYDAY=MO,WE", {}),
    (SITE, SITE, "check_dormitory", "FREQ=WEEKLY;BYDAY=WE", {"days": 2}),
    (OFFICE, OFFICE, "check_office", "FREQ=WEEKLY;BYDAY=WE", {"days": 3}),
    ("M15", "M15", "check_warehouse", "FREQ=WEEKLY;BYDAY=WE", {}),
    ("M27", OFFICE, "check_laboratory", "FREQ=WEEKLY;BYDAY=WE", {"days": 3, "is_surprise": True}),
)
POINTS = ("大门", "防疫物资库", "配电间", "消防水泵房")


def fill(
    office: Account, officers: dict[str, Actor], crews: Mapping[str, Crew], now: datetime
) -> None:
    """Have headquarters and units inspect, and plan what is owed today."""
    from taishan.forms.models import FormVersion
    from taishan.organisation import access
    from taishan.organisation.models import Account

    viewer, today = access.viewer_for(office, now.date()), now.date()
    versions = {
        one.form.code: one
        for one in FormVersion.objects.filter(
            form__is_checklist=True, state=FormVersion.State.PUBLISHED
        ).select_related("form")
    }
    own = {
        unit: access.viewer_for(Account.objects.get(pk=officer.account_id or 0), today)
        for unit, officer in officers.items() if unit in {SITE, OFFICE, "M15", "M27"}
    }  # fmt: skip
    planned = now - 3 * DAY
    for days, unit, code, place, failed, wanted in sorted(DONE, reverse=True):
        at = now - days * DAY + 2 * HOUR
        if at > planned:
            _plan(viewer, planned, at)
        who = own.get(unit, viewer) if days % 3 else viewer
        made = _inspect(who, at, unit, versions[code], place, failed, wanted)
        for item in WORKED.keys() & set(wanted):
            _work(made, item, crews[unit], viewer)
    _plan(viewer, planned, now)


def _plan(viewer: Viewer, made_at: datetime, now: datetime) -> None:
    """Have the plans made, unless they are, and what is owed by an instant opened."""
    from taishan.forms.models import Form
    from taishan.organisation import history
    from taishan.safety import inspection_due, inspection_plans, inspection_routes
    from taishan.safety.inspection_models import InspectionPlan
    from taishan.safety.inspection_plans import Terms

    job, day = Actor(label="Taishan", door="job"), made_at.date()
    if not InspectionPlan.objects.exists():
        route = inspection_routes.make(
            actor=viewer.actor, now=made_at, unit=history.get_version("M15", day),
            name="仓库夜间巡查", points=POINTS,
        )  # fmt: skip
        for unit, by, code, rule, more in PLANS:
            terms = Terms(
                unit=history.get_version(unit, day), by=history.get_version(by, day),
                form=Form.objects.get(code=code), rule=rule, starts=date(2020, 2, 1),
                due_at=time(18), lapses_after_days=1, route=route if unit == "M15" else None,
                **more,
            )  # fmt: skip
            inspection_plans.make(actor=viewer.actor, now=made_at, terms=terms)
    inspection_due.open_occurrences(actor=job, now=now)


def _inspect(
    viewer: Viewer, at: datetime, unit: str, version: FormVersion, place: str,
    failed: tuple[str, ...], wanted: tuple[str, ...],
) -> Inspection:  # fmt: skip
    from taishan.core import inspections as core
    from taishan.forms import queries
    from taishan.organisation import history
    from taishan.safety import inspections
    from taishan.safety.inspections import Filled

    items = core.find_items(queries.get_definition(version))
    answers = {item.code: "fail" if item.code in failed else "pass" for item in items}
    answers |= {core.HAZARD_OF.format(code): inspections.DONE for code in wanted}
    answers |= {core.COMMENT_OF.format(code): "现场已告知负责人，限期整改。" for code in wanted}
    return inspections.record(
        viewer=viewer, now=at, key=uuid4(), unit=history.get_version(unit, at.date()),
        filled=Filled(version=version, answers=answers, place=place, started_at=at - HOUR / 2),
    )  # fmt: skip


def _work(inspection: Inspection, code: str, crew: Crew, office: Viewer) -> None:
    """Take the hazard of an item as far as ``WORKED`` says."""
    from taishan.safety import inspection_pages

    state, measures, money, days = WORKED[code]
    row = {
        "state": state, "criterion": "general", "measures": measures, "money": money, "days": days,
        "cause": inspection.items.get(code=code).cause, "picture": "",
        "contingency": "现场专人看守 Somebody keeps watch",
    }  # fmt: skip
    found = inspection_pages.find_hazards(inspection)[code]
    demo_hazards.work(row, crew, office, found, inspection.recorded_at)
