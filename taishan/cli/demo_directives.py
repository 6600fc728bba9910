"""The demo's directive of 3 February 2020, the meeting it came from, and how far units are."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from taishan.cli import demo_sheets
from taishan.kit.actor import Actor

if TYPE_CHECKING:
    from taishan.communications.directive_content import Content
    from taishan.communications.models import Confirmation, Directive
    from taishan.duties.models import Duty
    from taishan.learning.models import Meeting
    from taishan.organisation.models import Account

MET = datetime(2020, 2, 2, 7, 0, tzinfo=UTC)
"""15:00 in Shanghai, as all hours here are written in UTC."""
ISSUED = datetime(2020, 2, 3, 1, 0, tzinfo=UTC)
FRIDAY, MONDAY = datetime(2020, 2, 7, 9, 0, tzinfo=UTC), datetime(2020, 2, 10, 9, 0, tzinfo=UTC)
NEXT_FRIDAY = datetime(2020, 2, 14, 9, 0, tzinfo=UTC)
SITE = "M27A"
SILENT = ("M19", "M33")
"""They have neither acknowledged it nor done anything."""
SHORT_OF_MASKS = ("M10", "M21")


def fill(officers: dict[str, Actor], office: Account, head: Account, now: datetime) -> None:
    """Record a site of M27, the meeting, its directive, and what units made of it by ``now``."""
    from taishan.organisation import access

    _open_site(now)
    duty_office, m27 = (access.viewer_for(one, now.date()).actor for one in (office, head))
    directive = _decide(duty_office)
    _acknowledge(directive, officers)
    _list_returnees(directive, officers, duty_office)
    _count_masks(directive, officers, duty_office)
    _take_apart(directive, m27, officers["M27"])


def _open_site(now: datetime) -> None:
    from taishan.organisation import actions, staffing
    from taishan.organisation.actions import UnitDetails

    actor, on = Actor(label="demo", door="import"), date(2020, 1, 1)
    site = UnitDetails(
        code=SITE, name_en="Jiaxing canal bridge site", name_zh="嘉兴运河大桥项目部",
        place="CN-330400", kind="site", time_zone="Asia/Shanghai", parent="M27",
        kinds_of_work=("ORD",), head_count=40, facilities=("dormitory",),
    )  # fmt: skip
    actions.open_units(actor=actor, now=now, on=on, details=[site])
    given: dict[str, Any] = {
        "actor": actor,
        "now": now,
        "on": on,
        "staff_no": "M27A-01",
        "name": "方海涛",
    }
    staffing.hire(**given, unit=SITE)
    actions.grant_role(**given, role="unit_head", unit=SITE)


def _decide(office: Actor) -> Directive:
    """Hold the leadership group's meeting, and issue what it decided."""
    from taishan.communications import directives
    from taishan.learning import decisions
    from taishan.organisation.models import Post

    called = _meet(office)
    given: dict[str, Any] = {
        "actor": office, "now": MET + timedelta(hours=1), "meeting": called,
    }  # fmt: skip
    ordered = decisions.decide(
        **given, what_en="Masks for ten days at every unit", what_zh="各单位备足十天口罩",
        due_at=MONDAY, debtor=None,
    )  # fmt: skip
    officer = Post.objects.get(code="HQ-P2")
    decisions.decide(
        **given, what_en="Keep a reserve of 20,000 masks", what_zh="建立两万只口罩应急储备",
        due_at=NEXT_FRIDAY,
        debtor=decisions.Debtor(unit_id=officer.unit_id, post_id=officer.pk),
    )  # fmt: skip
    _confirm_minutes(called, office)
    act: dict[str, Any] = {"actor": office, "now": ISSUED, "directive_id": ordered.directive_id}
    directives.revise(**act, edition=1, content=_content())
    return directives.issue(**act).directive


def _meet(office: Actor) -> Meeting:
    from taishan.learning import meetings
    from taishan.learning.meetings import Call
    from taishan.organisation.models import Person, Unit

    rows = Person.objects.filter(staff_no__in=("HQ-01", "HQ-02", "HQ-03")).order_by("staff_no")
    lead, *others = rows
    call = Call(
        kind="group", title_en="Epidemic control and return to work", title_zh="疫情防控与复工安排",
        starts_at=MET, place="总部三楼会议室 · Headquarters, third floor", chair_id=lead.pk,
        agenda=("各单位口罩等物资储备", "湖北及途经湖北返岗人员登记", "分批返岗方案"),
        person_ids=tuple(one.pk for one in others),
    )  # fmt: skip
    called = meetings.call(
        actor=office, now=MET - timedelta(hours=5), unit_id=Unit.objects.get(code="HQ").pk, to=call
    )
    for one in (lead, *others):
        meetings.sign_in(
            actor=Actor(label=one.name, person_id=one.pk), now=MET, meeting=called,
            code=meetings.code_of(called),
        )  # fmt: skip
    return called


def _confirm_minutes(called: Meeting, office: Actor) -> None:
    from taishan.learning import meetings

    later = MET + timedelta(hours=2)
    text = (
        "会议听取了各单位物资与人员情况。要求：一是各单位备足十天口罩；二是逐人登记湖北返岗人员；"
        "三是制定分批返岗方案，先报后返。\n\nThe group heard where units stand. Masks for ten days "
        "everywhere; a list of everybody who returns from Hubei; nobody returns before a plan."
    )
    meetings.write(actor=office, now=later, meeting=called, edition=0, text=text)
    lead = Actor(label=called.chair.name, person_id=called.chair_id)
    meetings.confirm(actor=lead, now=later, meeting=called, edition=1)


def _content() -> Content:
    from taishan.communications.directive_content import Content, MeasureWanted
    from taishan.organisation.models import UnitVersion

    below = UnitVersion.objects.filter(parent__code="HQ", valid__contains=ISSUED.date())
    asked = (
        ("List everybody who returns from or through Hubei", "逐人登记湖北及途经湖北返岗人员",
         FRIDAY, False),
        ("Hold masks for ten days, counted", "备足并盘点十天口罩", MONDAY, True),
        ("Hand in a plan of return in batches", "上报分批返岗方案", NEXT_FRIDAY, False),
    )  # fmt: skip
    return Content(
        title_en="Masks, and return to work in batches", title_zh="关于口罩储备和分批返岗的部署",
        text_en="Nobody returns to a site before the unit has masks for ten days, a list of those "
        "who were in Hubei, and a plan that its leadership group has agreed.\n\nReport what you "
        "lack at once; headquarters moves supplies between units.",
        text_zh="各单位在口罩储备满足十天、湖北返岗人员登记到人、返岗方案经领导小组同意之前，"
        "不得组织人员返岗。\n\n物资不足的立即报告，由总部统一调剂。",
        measures=tuple(
            MeasureWanted(what_en=en, what_zh=zh, due_at=due, needs_evidence=shown)
            for en, zh, due, shown in asked
        ),
        unit_ids=tuple(below.values_list("unit_id", flat=True)), acknowledgement="read",
        acknowledge_by=ISSUED + timedelta(hours=8),
    )  # fmt: skip


def _acknowledge(directive: Directive, officers: dict[str, Actor]) -> None:
    from taishan.communications import acknowledging
    from taishan.organisation.models import Unit

    ids = dict(Unit.objects.values_list("code", "pk"))
    addressed = set(directive.versions.get().units.values_list("code", flat=True))
    for number, code in enumerate(sorted(addressed & officers.keys() - set(SILENT))):
        at = ISSUED + timedelta(minutes=20 + number * 9)
        acknowledging.acknowledge(
            actor=officers[code], now=at, directive_id=directive.pk, version=1, unit_id=ids[code]
        )


def _owed(directive: Directive, number: int) -> dict[str, Duty]:
    """Return what each addressed unit owes of the measure of this place, by its code."""
    from taishan.communications import directive_duties

    measure = directive.measures.order_by("pk")[number]
    rows = directive_duties.find_of([measure.pk]).select_related("unit")
    return {one.unit.code: one for one in rows}


def _done(duty: Duty, by: Actor, at: datetime, text: str, sheet: bytes | None) -> Confirmation:
    from taishan.communications import cascading
    from taishan.kit import attachments

    files = [attachments.inspect("口罩盘点.xlsx", sheet)] if sheet else []
    return cascading.confirm(actor=by, now=at, duty=duty, text=text, files=files)


def _list_returnees(directive: Directive, officers: dict[str, Actor], office: Actor) -> None:
    """Most have listed them in time, a few late; one has to do it again."""
    from taishan.communications import cascading

    owed = _owed(directive, 0)
    for number, code in enumerate(sorted(owed.keys() & officers.keys() - set(SILENT))):
        at = FRIDAY + timedelta(hours=20) if number % 11 == 5 else FRIDAY - timedelta(hours=number)
        text = f"已登记 {number % 7} 人，均未返岗。{number % 7} listed, none has returned."
        said = _done(owed[code], officers[code], at, text, None)
        act: dict[str, Any] = {
            "actor": office,
            "now": at + timedelta(hours=2),
            "confirmation_id": said.pk,
        }
        if code == "M07":
            cascading.give_back(
                **act, reason="缺少途经湖北人员。Those who passed through are missing."
            )
        else:
            cascading.accept(**act)


def _count_masks(directive: Directive, officers: dict[str, Actor], office: Actor) -> None:
    from taishan.communications import cascading

    owed, not_yet = _owed(directive, 1), {*SILENT, *SHORT_OF_MASKS, "M27"}
    for number, code in enumerate(sorted(owed.keys() & officers.keys() - not_yet)):
        at = MONDAY - timedelta(hours=number % 30 + 1)
        sheet = demo_sheets.masks(120 + number * 7, 16)
        said = _done(owed[code], officers[code], at, "盘点完毕，见附表。Counted.", sheet)
        if number % 9:
            cascading.accept(actor=office, now=at + timedelta(hours=3), confirmation_id=said.pk)


def _take_apart(directive: Directive, head: Actor, officer: Actor) -> None:
    """M27 gives its masks on to its site and to its safety officer, who is done."""
    from taishan.communications import cascading
    from taishan.communications.cascading import PartWanted
    from taishan.organisation.models import Post, Unit

    top = _owed(directive, 1)["M27"]
    parts = cascading.decompose(
        actor=head, now=ISSUED + timedelta(hours=6), duty=top,
        parts=[
            PartWanted(
                unit_id=Unit.objects.get(code=SITE).pk, due_at=MONDAY - timedelta(days=1),
                what_en="Count the masks of the site and its dormitory",
                what_zh="盘点工地及宿舍口罩", needs_evidence=True,
            ),
            PartWanted(
                unit_id=top.unit_id, post_id=Post.objects.get(code="M27-P2").pk,
                due_at=MONDAY - timedelta(days=1), what_en="Count the masks of the office",
                what_zh="盘点机关口罩", needs_evidence=True,
            ),
        ],
    )  # fmt: skip
    of_post = next(one for one in parts if one.post_id)
    at = MONDAY - timedelta(days=2)
    said = _done(of_post, officer, at, "机关库房 900 只。", demo_sheets.masks(60, 15))
    cascading.accept(actor=head, now=at + timedelta(hours=1), confirmation_id=said.pk)
