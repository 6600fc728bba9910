"""The next step of a follow-up, and the checks of somebody in quarantine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from taishan.core import followup
from taishan.core.followup import Act, Quarantine, Refusal, Rule, State
from taishan.kit import clock
from taishan.kit.actor import Actor
from taishan.ledger import actions as ledger
from taishan.organisation.models import Membership, UnitVersion
from taishan.reporting import follow_up_rules
from taishan.reporting.follow_up_models import Check, FollowUp, Step


class FollowUpRefused(ValueError):
    """The step or the check is not possible; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """What is said with a step; ``NEEDED`` says what must be.

    ``given_by`` is who ordered or told it, ``manner`` a Step.Manner, ``ends`` the first day on
    which the quarantine is over.
    """

    given_by: str = ""
    manner: str = ""
    text: str = ""
    starts: date | None = None
    ends: date | None = None
    place: str = ""


NEEDED: Mapping[Act, tuple[str, ...]] = {
    Act.INSTRUCT: ("text", "given_by", "manner"),
    Act.ORDER: ("starts", "ends", "place", "given_by", "manner"),
    Act.CONFIRM: ("text", "given_by"),
    Act.RECOVER: ("text", "given_by"),
    Act.RELEASE: ("text",),
    Act.RETURN: (),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Concerned:
    """The unit a follow-up concerns today, its local day, and the rule that holds there."""

    version: UnitVersion
    day: date
    rule: Rule


def get_concerned(follow_up: FollowUp, now: datetime) -> Concerned | None:
    """Return the unit on whose roster the person is; None: on none of the group's any more."""
    day = now.astimezone(ZoneInfo(clock.HOME)).date()
    membership = Membership.objects.filter(
        person_id=follow_up.person_id, valid__contains=day
    ).first()
    if membership is None:
        return None
    versions = UnitVersion.objects.filter(unit_id=membership.unit_id, valid__contains=day)
    version = versions.select_related("unit").first()
    if version is None:
        return None
    return Concerned(
        version=version,
        day=now.astimezone(ZoneInfo(version.time_zone)).date(),
        rule=follow_up_rules.load().find(version.path),
    )


@transaction.atomic
def take_step(
    *, actor: Actor, now: datetime, follow_up_id: int, act: Act, seen: int, details: Details
) -> Step:
    """Take the next step of a follow-up. ``seen``: how many steps the actor knew of.

    Raises FollowUpRefused where the table or the rule forbids it, where something needed is not
    said, and where somebody else took a step meanwhile.
    """
    follow_up = FollowUp.objects.get(pk=follow_up_id)
    concerned = get_concerned(follow_up, now)
    if concerned is None:
        raise FollowUpRefused(_("The person is on no roster of the group today."))
    _refuse_missing(act, details)
    last = Step.objects.get(follow_up=follow_up, until=None)
    after = _after(follow_up, act, concerned, details, last)
    moved = FollowUp.objects.filter(pk=follow_up.pk, steps_taken=seen, state=last.state)
    if not moved.update(state=after, steps_taken=F("steps_taken") + 1):
        raise FollowUpRefused(_("Somebody else took a step meanwhile. Look again."))
    day = max(concerned.day, last.since)
    Step.objects.filter(pk=last.pk).update(until=day)
    step = Step.objects.create(
        follow_up=follow_up, number=seen + 1, state=after, since=day, recorded_at=now,
        by_id=actor.account_id,
        checks_per_day=concerned.rule.checks_per_day if act is Act.ORDER else None,
        **asdict(details),
    )  # fmt: skip
    _note(actor, now, "follow_up.step_taken", step, concerned)
    return step


def _refuse_missing(act: Act, details: Details) -> None:
    if not all(getattr(details, name) for name in NEEDED[act]):
        raise FollowUpRefused(_("Something that belongs to this step is not said."))


def _after(
    follow_up: FollowUp, act: Act, concerned: Concerned, details: Details, last: Step
) -> State:
    lasting = quarantine_of(last)
    if act is Act.ORDER and details.starts and details.ends:
        lasting = Quarantine(
            starts=details.starts, ends=details.ends, checks_per_day=concerned.rule.checks_per_day
        )
    try:
        return followup.step(
            State(follow_up.state), act, day=concerned.day, rule=concerned.rule, quarantine=lasting
        )
    except followup.StepRefused as refused:
        raise FollowUpRefused(_refusal(Refusal(str(refused)), concerned.rule, lasting)) from None


def _refusal(refusal: Refusal, rule: Rule, quarantine: Quarantine | None) -> str:
    ends = quarantine.ends if quarantine else None
    return {
        Refusal.NOT_FROM_HERE: _("This is not possible in the state the follow-up is in."),
        Refusal.TOO_SHORT: _("Quarantine lasts at least %(n)d days here.")
        % {"n": rule.quarantine_days},
        Refusal.NOT_OVER: _("Quarantine lasts until %(day)s: nobody is released before.")
        % {"day": ends},
    }[refusal]


def quarantine_of(step: Step) -> Quarantine | None:
    """Return the quarantine that a step ordered."""
    if step.state != State.QUARANTINED or step.starts is None or step.ends is None:
        return None
    return Quarantine(starts=step.starts, ends=step.ends, checks_per_day=step.checks_per_day or 1)


@transaction.atomic
def record_check(
    *, actor: Actor, now: datetime, follow_up_id: int, temperature_c: Decimal | None, text: str
) -> Check:
    """Record that somebody in quarantine was looked after today.

    Raises FollowUpRefused for who is not in quarantine today, and where nothing is said.
    """
    follow_up = FollowUp.objects.get(pk=follow_up_id)
    concerned = get_concerned(follow_up, now)
    last = Step.objects.get(follow_up=follow_up, until=None)
    quarantine = quarantine_of(last)
    if concerned is None or quarantine is None or concerned.day < quarantine.starts:
        raise FollowUpRefused(_("The person is not in quarantine today."))
    if temperature_c is None and not text:
        raise FollowUpRefused(_("Say the temperature, or how the person is."))
    check = Check.objects.create(
        follow_up=follow_up, day=concerned.day, recorded_at=now, temperature_c=temperature_c,
        text=text, by_id=actor.account_id,
    )  # fmt: skip
    _note(actor, now, "follow_up.checked", last, concerned)
    return check


def _note(actor: Actor, now: datetime, verb: str, step: Step, concerned: Concerned) -> None:
    """Write that something was done, not what: the ledger keeps nothing about health."""
    ledger.record(
        actor=actor, now=now, verb=verb, subject=("follow_up", str(step.follow_up_id)),
        unit_id=concerned.version.unit_id, data={"step": step.number},
    )  # fmt: skip
