"""The demo's directive that some units did not carry out: who was told, and who answers for it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from taishan.kit.actor import Actor

if TYPE_CHECKING:
    from taishan.organisation.models import Account

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
JOB = Actor(label="Taishan", door="job")
LATE, JUDGED, SOON = "M27", "M05", "M15"
REST = {
    date(2020, 1, 31): "春节假期（延长）", date(2020, 2, 1): "春节假期（延长）",
    date(2020, 2, 2): "春节假期（延长）",
}  # fmt: skip


def fill(office: Account, actor: Actor, now: datetime) -> None:
    """Have three units owe a plan: one is late, one was judged, one still has time."""
    from taishan.duties import actions, steps
    from taishan.organisation.models import Unit

    now = now.replace(hour=0, minute=0, second=0, microsecond=0)
    ids = dict(Unit.objects.values_list("code", "pk"))
    for rest, name in REST.items():
        steps.say_of_day(actor=actor, now=now, unit_id=ids["HQ"], day=rest, works=False, name=name)
    began = now - 9 * DAY
    actions.assign(
        actor=actor, now=began,
        owed=[
            actions.Owed(
                unit_id=ids[code], creditor_id=ids["HQ"], kind="directive",
                subject=("demo_plan", code), opened_at=began, due_at=due + 9 * HOUR,
                what_en="Hand in the plan for returning to work, with masks for ten days",
                what_zh="报送复工方案，并落实十天口罩储备",
            )
            for code, due in (
                (LATE, now - 4 * DAY), (JUDGED, now - 8 * DAY), (SOON, now + DAY)
            )
        ],
    )  # fmt: skip
    for day in range(9):
        _work(began + day * DAY + 9 * HOUR + HOUR)
        if day == 5:
            _judge(office, ids[JUDGED], began + day * DAY + 11 * HOUR)


def _work(at: datetime) -> None:
    """Do what the worker did at an instant: tell of what is owed, and of cases."""
    from taishan.communications import case_notices, escalations
    from taishan.duties import escalating
    from taishan.duties.case_models import Case
    from taishan.duties.escalation_models import Escalation

    escalating.look(actor=JOB, now=at)
    rounds = Escalation.objects.filter(recorded_at=at).values_list("round", flat=True)
    for round_id in set(rounds):
        escalations.tell(actor=JOB, now=at, round_id=str(round_id))
    for case in Case.objects.filter(opened_at=at):
        case_notices.tell(actor=JOB, now=at, case_id=case.pk, what=case_notices.OPENED)


def _judge(office: Account, unit_id: int, at: datetime) -> None:
    """Have the unit's head explain, and the discipline office find, measure and close."""
    from taishan.core.accountability import Finding, Measure
    from taishan.duties import actions, cases
    from taishan.duties.case_models import Case
    from taishan.duties.models import Duty
    from taishan.organisation import access
    from taishan.organisation.models import Seat

    case = Case.objects.get(unit_id=unit_id)
    head = Seat.objects.get(unit_id=unit_id, role=Seat.Role.LEAD).person
    answers = Actor(label=head.name, person_id=head.pk)
    viewer = access.viewer_for(office, at.date())
    cases.explain(
        actor=answers, now=at, case=case, text="春节值班人员未及时转办通知，方案延误，现已补报。"
    )
    for duty in Duty.objects.filter(unit_id=unit_id, kind="directive", ended=None):
        actions.discharge(actor=answers, now=at, duty=duty, evidence="复工方案已报送")
    cases.find(
        actor=viewer.actor, now=at + HOUR, case=case, viewer=viewer, finding=Finding.NEGLIGENT,
        text="值班制度未落实，经多次提醒仍未报送。",
    )  # fmt: skip
    cases.measure(
        actor=viewer.actor, now=at + 2 * HOUR, case=case, viewer=viewer, measure=Measure.TALK,
        text="首次发生，已补报，予以谈话提醒。",
    )  # fmt: skip
    cases.close(
        actor=viewer.actor, now=at + 3 * HOUR, case=case, viewer=viewer,
        text="谈话已完成，值班表已更新。",
    )  # fmt: skip
