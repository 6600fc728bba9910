"""Deciding on applications level by level, and what becomes of an approval when the facts turn."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from taishan.core.approvals import HOLDS, Act, Breach, State
from taishan.duties import actions as duties
from taishan.kit import outbox
from taishan.kit.actor import Actor
from taishan.organisation import queries as organisation
from taishan.organisation.queries import UnitOnDay
from taishan.resumption import (
    application_steps,
    application_words,
    informing,
    queries,
)
from taishan.resumption.application_steps import ApplicationRefused
from taishan.resumption.approvals import Approval
from taishan.resumption.models import Application, Step, Submission

SYSTEM = "Taishan"


@transaction.atomic
def decide(
    *,
    actor: Actor, now: datetime, application: Application, act: Act, seen: int, reason: str = "",
) -> Step:  # fmt: skip
    """Approve, return with a reason, or forward to the level above. Raises ApplicationRefused.

    An approval is looked at again in the same moment: given while the facts turn, it is suspended
    with what turned. Whoever submitted does not decide.
    """
    last = application_steps.lock_for(application, seen, act)
    if last is None:
        raise ApplicationRefused(_("Nothing was submitted."))
    submission = application.submissions.get(round=last.round)
    _refuse_decision(actor, application, submission, last, act, reason)
    level = last.level + 1 if act is Act.FORWARD else last.level
    step = application_steps.add(
        actor, now, application, last, act, level=level, reason=reason,
        unit_id=submission.line[last.level],
    )  # fmt: skip
    _discharge(actor, now, last)
    if act is Act.FORWARD:
        application_steps.owe(actor, now, submission, step)
    data = {"round": last.round, "level": last.level}
    application_steps.record(actor, now, application, _DECIDED[act], data)
    informing.tell(actor, now, submission, step)
    if act is Act.APPROVE:
        follow(actor=actor, now=now, unit_ids=[application.unit_id])
    outbox.publish("application.changed", unit_id=application.unit_id)
    return step


def _discharge(actor: Actor, now: datetime, step: Step) -> None:
    """End the duty that a step had opened: its decision has been made."""
    owed = application_steps.duty_of(step)
    duties.discharge_subject(actor=actor, now=now, kind="approval", subject=owed)


_DECIDED = {Act.APPROVE: "approved", Act.RETURN: "returned", Act.FORWARD: "forwarded"}


def _refuse_decision(
    actor: Actor,
    application: Application,
    submission: Submission,
    last: Step,
    act: Act,
    reason: str,
) -> None:
    _refuse_own(actor, application, last)
    if act is Act.RETURN and not reason.strip():
        raise ApplicationRefused(_("Say what is missing."))
    if act is Act.APPROVE and last.level < submission.last:
        raise ApplicationRefused(_("This level cannot approve it alone: forward or return it."))
    if act is Act.FORWARD and last.level + 1 >= len(submission.line):
        raise ApplicationRefused(_("There is nobody above to forward it to."))


def _refuse_own(actor: Actor, application: Application, last: Step) -> None:
    handed_in = application.steps.get(round=last.round, act=Act.SUBMIT)
    if actor.account_id is not None and handed_in.by_id == actor.account_id:
        raise ApplicationRefused(_("Who submitted it does not decide on it: somebody else does."))


@transaction.atomic
def unlock(
    *, actor: Actor, now: datetime, application: Application, seen: int, reason: str
) -> Step:
    """Let the plan and what an approval rests on be changed, for a reason. It holds meanwhile."""
    return _again(actor, now, application, Act.UNLOCK, seen, reason)


@transaction.atomic
def confirm(
    *, actor: Actor, now: datetime, application: Application, seen: int, reason: str
) -> Step:
    """Let an approval hold again, or lock it again, after a new look.

    Raises ApplicationRefused while what suspended it lasts, and where the plan was changed: what
    is confirmed is what was approved.
    """
    found = find_breaches(application, now)
    if found:
        raise ApplicationRefused(
            _("What suspended it lasts: %s") % application_words.breaches(found)
        )
    return _again(actor, now, application, Act.CONFIRM, seen, reason)


def _again(
    actor: Actor, now: datetime, application: Application, act: Act, seen: int, reason: str
) -> Step:
    """What the level that approved does later."""
    last = application_steps.lock_for(application, seen, act)
    if last is None or not reason.strip():
        raise ApplicationRefused(_("Say why."))
    _refuse_own(actor, application, last)
    submission = application.submissions.get(round=last.round)
    if act is Act.CONFIRM and submission.plan != application.plans.latest("number"):
        raise ApplicationRefused(_("The plan was changed since: the unit submits it anew."))
    step = application_steps.add(
        actor, now, application, last, act, level=last.level, reason=reason,
        unit_id=submission.line[last.level],
    )  # fmt: skip
    if last.act == Act.SUSPEND:
        _discharge(actor, now, last)
    application_steps.record(actor, now, application, f"{act}ed", {"round": last.round})
    informing.tell(actor, now, submission, step)
    outbox.publish("application.changed", unit_id=application.unit_id)
    return step


def find_breaches(application: Application, now: datetime) -> tuple[Breach, ...]:
    """Return why an application that was approved, and is not over, holds no more."""
    for today, units in organisation.find_units_today(now, [application.unit_id]).items():
        for one, breaches in queries.find_breaches(units, today):
            if one.application_id == application.pk:
                return breaches
    return ()


@transaction.atomic
def follow(*, actor: Actor, now: datetime, unit_ids: Sequence[int] | None = None) -> int:
    """Record which approvals the facts have suspended, and ask for a new look where they turned
    back. Return how many were suspended.

    Nothing depends on when this runs: an approval whose facts hold no more counts no more from that
    instant. What is suspended stays so, even where the facts turn back, until whoever approved has
    looked again: they answer for it, and otherwise it would come and go with each count of masks.
    """
    rows = Application.objects.filter(pk__in=Step.objects.values("application_id"))
    if unit_ids is not None:
        rows = rows.filter(unit_id__in=unit_ids)
    concerned = set(rows.values_list("unit_id", flat=True))
    today = organisation.find_units_today(now, concerned) if concerned else {}
    return sum(_follow_day(actor, now, day, units) for day, units in today.items() if units)


def _follow_day(actor: Actor, now: datetime, today: date, units: Sequence[UnitOnDay]) -> int:
    suspended = 0
    for one, breaches in queries.find_breaches(units, today):
        if one.state is not State.SUSPENDED and breaches:
            suspended += _suspend(actor, now, one, breaches)
        elif one.state is State.SUSPENDED and not breaches:
            _ask_again(actor, now, one)
    return suspended


def _suspend(actor: Actor, now: datetime, found: Approval, broken: Sequence[Breach]) -> int:
    application = Application.objects.get(pk=found.application_id)
    last = application_steps.lock(application)
    if last is None or application_steps.state_of(last) not in HOLDS:
        return 0
    submission = application.submissions.get(round=last.round)
    why = [[breach.cause.value, breach.about] for breach in broken]
    system = Actor(label=SYSTEM, door=actor.door)
    step = application_steps.add(
        system, now, application, last, Act.SUSPEND, level=last.level, breaches=why
    )
    application_steps.record(system, now, application, "suspended", {"breaches": why})
    informing.tell(system, now, submission, step)
    outbox.publish("application.changed", unit_id=application.unit_id)
    return 1


def _ask_again(actor: Actor, now: datetime, found: Approval) -> None:
    """Let whoever approved owe a new look; the same is owed once, however often this runs."""
    application = Application.objects.get(pk=found.application_id)
    last = application_steps.find_last(application)
    if last is not None and last.act == Act.SUSPEND:
        submission = application.submissions.get(round=last.round)
        application_steps.owe(Actor(label=SYSTEM, door=actor.door), now, submission, last)
