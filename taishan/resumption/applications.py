"""Applying to resume work: the plan, what it rests on, and what the place's authorities say."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from taishan.core import approvals as core
from taishan.core.approvals import APPROVED_BY, WRITTEN_IN, Act, State
from taishan.core.gate import Verdict
from taishan.core.readings import Effect
from taishan.duties import actions as duties
from taishan.duties import queries as owed
from taishan.kit import clock, outbox
from taishan.kit.actor import Actor
from taishan.kit.attachments import Attachment
from taishan.organisation.models import KindOfWork, Unit
from taishan.organisation.queries import UnitOnDay
from taishan.resumption import actions, application_steps, approval_rules, queries
from taishan.resumption.application_steps import ApplicationRefused
from taishan.resumption.approval_rules import Rule
from taishan.resumption.models import (
    Application,
    ApplicationFile,
    Attestation,
    LocalDecision,
    LocalFile,
    Plan,
    Step,
    Submission,
)

URGENT_DAYS = 1
LONGEST_URGENT = timedelta(days=30)
URGENT_KINDS = frozenset(KindOfWork) - {KindOfWork.ORD}
"""An urgent task is some kind of work that exemptions speak of; ordinary work can wait."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """What a plan says. ``until`` as in Plan; ``phases``: dicts of day, persons and who."""

    starts_on: date
    until: date | None = None
    principle: str
    phases: tuple[dict[str, Any], ...]
    pace: str
    who_first: str


@transaction.atomic
def draft(
    *,
    actor: Actor,
    now: datetime,
    unit_id: int,
    plan: Planned,
    lane: str = Application.Lane.ORDINARY,
    kind_of_work: str = "",
    ground: str = "",
) -> Application:
    """Begin an application. Raises ApplicationRefused, as for an urgent one without its ground."""
    if lane == Application.Lane.URGENT:
        _refuse_urgent(kind_of_work, ground, plan)
    application = Application.objects.create(
        unit_id=unit_id, lane=lane, kind_of_work=kind_of_work, ground=ground.strip(), opened_at=now
    )
    _write(actor, now, application, 1, plan)
    application_steps.record(actor, now, application, "drafted", {"lane": lane})
    return application


def _refuse_urgent(kind_of_work: str, ground: str, plan: Planned) -> None:
    if kind_of_work not in URGENT_KINDS or not ground.strip():
        raise ApplicationRefused(
            _("An urgent task needs its kind of work and its ground: why it cannot wait.")
        )
    if plan.until is None or not timedelta(0) < plan.until - plan.starts_on <= LONGEST_URGENT:
        raise ApplicationRefused(
            _("An urgent task ends within %d days: say when.") % LONGEST_URGENT.days
        )


@transaction.atomic
def revise(
    *, actor: Actor, now: datetime, application: Application, edition: int, plan: Planned
) -> Plan:
    """Keep a new edition of the plan. Raises ApplicationRefused while it is locked or decided on.

    ``edition`` is the number of the one that was read: what somebody else wrote since is not lost.
    """
    state = application_steps.state_of(application_steps.lock(application))
    if state not in WRITTEN_IN:
        raise ApplicationRefused(_locked(state))
    if application.plans.latest("number").number != edition:
        raise ApplicationRefused(_("Somebody has written in it meanwhile: look at it again."))
    if application.lane == Application.Lane.URGENT:
        _refuse_urgent(application.kind_of_work, application.ground, plan)
    written = _write(actor, now, application, edition + 1, plan)
    application_steps.record(actor, now, application, "revised", {"edition": edition + 1})
    return written


def _locked(state: State) -> str:
    if state is State.APPROVED:
        return _("It is approved and locked: whoever approved unlocks it, for a reason.")
    return _("It lies with a level above: have it returned first.")


def _write(
    actor: Actor, now: datetime, application: Application, number: int, plan: Planned
) -> Plan:
    given = asdict(plan) | {"phases": list(plan.phases)}
    return Plan.objects.create(
        application=application, number=number, by_id=actor.account_id, written_at=now, **given
    )


@transaction.atomic
def submit(
    *, actor: Actor, now: datetime, application: Application, unit: UnitOnDay, seen: int
) -> Submission:
    """Hand in the latest plan, with the verdict of this moment. Raises ApplicationRefused.

    ``unit``: the applicant of the day. The first level above owes the decision from now on.
    """
    last = application_steps.lock_for(application, seen, Act.SUBMIT)
    plan = application.plans.latest("number")
    rule = approval_rules.find_rule(clock.day_at(now, unit.time_zone))
    submission = _freeze(application, plan, unit, now, last.round + 1 if last else 1, rule)
    step = application_steps.add(
        actor, now, application, last, Act.SUBMIT, level=0, of_round=submission.round
    )
    if last is not None and last.act == Act.SUSPEND:
        _release(actor, now, last)
    application_steps.owe(actor, now, submission, step)
    data = {"round": submission.round, "plan": plan.number}
    application_steps.record(actor, now, application, "submitted", data)
    outbox.publish("application.changed", unit_id=application.unit_id)
    return submission


def _release(actor: Actor, now: datetime, suspended: Step) -> None:
    """Ask no new look at a suspended approval that a new submission takes the place of."""
    subject = application_steps.duty_of(suspended)
    for duty in owed.find_of_subject(*subject).filter(ended=None):
        duties.waive(actor=actor, now=now, duty=duty, reason=_("Submitted anew."))


def _freeze(
    application: Application, plan: Plan, unit: UnitOnDay, now: datetime, number: int, rule: Rule
) -> Submission:
    day = max(clock.day_at(now, unit.time_zone), plan.starts_on)
    verdict = queries.find_verdicts([unit], day)[0].verdict
    is_urgent = application.lane == Application.Lane.URGENT
    line, last = core.levels(
        unit.line, head_count=unit.head_count, parent_up_to=rule.parent_up_to,
        required=_required(verdict), is_urgent=is_urgent,
    )  # fmt: skip
    ids = dict(Unit.objects.filter(code__in=line).values_list("code", "pk"))
    submission = Submission.objects.create(
        application=application, round=number, plan=plan, line=[ids[code] for code in line],
        verdict=actions.content_of(verdict) | {"day": str(day)}, last=last,
        days=URGENT_DAYS if is_urgent else rule.days,
    )  # fmt: skip
    standing = queries.find_attestations([unit.id]).filter(valid__contains=day)
    submission.rests_on.set(standing.order_by("pk"))
    return submission


def _required(verdict: Verdict) -> frozenset[str]:
    """Return the units of the group whose approval the rules ask for."""
    asked = (
        demand.dimension
        for reason in verdict.reasons
        if reason.effect is Effect.BINDS
        for demand in reason.clause.requirement.demands()
    )
    return frozenset(
        name.removeprefix(APPROVED_BY) for name in asked if name.startswith(APPROVED_BY)
    )


@transaction.atomic
def add_file(
    *, actor: Actor, now: datetime, application: Application, file: Attachment
) -> ApplicationFile:
    """Keep a file with an application that may be written in. Raises ApplicationRefused."""
    state = application_steps.state_of(application_steps.lock(application))
    if state not in WRITTEN_IN:
        raise ApplicationRefused(_locked(state))
    kept = ApplicationFile.keep(file, application=application, added_at=now)
    application_steps.record(actor, now, application, "file_added", kept.about())
    return kept


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalPaper:
    """What an authority of the place has said; ``shows``: the condition of the unit that it meets.

    ``ends``: the day from which it holds no more; None for an open end.
    """

    kind: str
    authority: str
    number: str
    on: date
    ends: date | None = None
    shows: str = ""
    file: Attachment | None = None


@transaction.atomic
def record_local(
    *, actor: Actor, now: datetime, application: Application, paper: LocalPaper
) -> LocalDecision:
    """Record that the authorities of the place filed or approved it, and what that shows.

    Raises ApplicationRefused without authority and number; AttestationRefused as ``attest`` does.
    """
    if not paper.authority.strip() or not paper.number.strip():
        raise ApplicationRefused(_("Say which authority it is, and the number of its paper."))
    shown = _attest(actor, now, application, paper) if paper.shows else None
    decision = LocalDecision.objects.create(
        application=application, kind=paper.kind, authority=paper.authority.strip(),
        number=paper.number.strip(), on=paper.on, attestation=shown, by_id=actor.account_id,
        recorded_at=now,
    )  # fmt: skip
    kept = {"file": LocalFile.keep(paper.file, decision=decision).about()} if paper.file else {}
    data = {"kind": paper.kind, "number": decision.number, "on": str(paper.on)} | kept
    application_steps.record(actor, now, application, "local_decision_recorded", data)
    return decision


def _attest(
    actor: Actor, now: datetime, application: Application, paper: LocalPaper
) -> Attestation:
    is_approval = paper.kind == LocalDecision.Kind.APPROVED
    return actions.attest(
        actor=actor, now=now, unit_id=application.unit_id, condition=paper.shows,
        amount=2 if is_approval and paper.shows.startswith("filing:") else 1, starts=paper.on,
        ends=paper.ends, evidence=f"{paper.authority.strip()} {paper.number.strip()}",
    )  # fmt: skip
