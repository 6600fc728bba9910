"""What a person is told about a form that asks after their health: why, who reads it, how long."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from taishan.forms.models import Form
from taishan.kit import clock
from taishan.kit.actor import Actor
from taishan.organisation.models import Membership, UnitVersion
from taishan.privacy import grounds, readers, rules, words
from taishan.privacy.models import Consent, DisclosureRule, Ground
from taishan.reporting.models import Report


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """``ground`` None: only what the form itself states is recorded. ``erased_on`` None: kept.

    ``said`` is a Consent.State, empty where the person said nothing or is not asked.
    """

    form: Form
    title: str
    ground: Ground | None
    why: str
    officers: tuple[str, ...]
    rules: tuple[DisclosureRule, ...]
    erased_on: date | None
    said: str

    @property
    def is_by_consent(self) -> bool:
        return self.ground is not None and self.ground.basis == Ground.Basis.CONSENT

    @property
    def lacks_consent(self) -> bool:
        return self.is_by_consent and self.said != Consent.State.GIVEN


def tell(form: Form, *, unit_id: int, person_id: int, period: date) -> Told | None:
    """Return what the person is told of a report for the period; None where it asks no health."""
    if not form.is_personal_health:
        return None
    ground = grounds.find_ground(form, unit_id, period)
    is_by_consent = ground is not None and ground.basis == Ground.Basis.CONSENT
    asked = [(form.pk, person_id)] if is_by_consent else []
    said = grounds.find_said(asked).get((form.pk, person_id))
    kept = None if form.retention_days is None else timedelta(days=form.retention_days + 1)
    return Told(
        form=form,
        title=words.title(form),
        ground=ground,
        why=words.why(ground) if ground else "",
        officers=tuple(readers.find_officers(unit_id)),
        rules=tuple(_holding(form, unit_id)),
        erased_on=period + kept if kept else None,
        said=said.state if said else "",
    )


def _holding(form: Form, unit_id: int) -> list[DisclosureRule]:
    today = clock.today()
    version = UnitVersion.objects.filter(unit_id=unit_id, valid__contains=today).first()
    found = rules.find_about(version) if version else []
    return [
        one
        for one in found
        if one.form_id == form.pk and one.starts <= today <= rules.last_day(one)
    ]


def agree_with_report(
    *, actor: Actor, now: datetime, told: Told | None, person_id: int, unit_id: int, period: date
) -> None:
    """Keep the consent that came with a report; nothing where none is lacking."""
    if told and told.lacks_consent:
        grounds.say(
            actor=actor, now=now, form=told.form, person_id=person_id, unit_id=unit_id,
            state=Consent.State.GIVEN, from_day=period,
        )  # fmt: skip


@transaction.atomic
def agree(*, actor: Actor, now: datetime, form: Form, person_id: int) -> None:
    """Keep that the person agrees to being asked the form, from today on.

    Raises grounds.ConsentRefused where it is not asked by consent.
    """
    unit_id, today = _here(person_id, now)
    grounds.say(
        actor=actor, now=now, form=form, person_id=person_id, unit_id=unit_id,
        state=Consent.State.GIVEN, from_day=today,
    )  # fmt: skip


@transaction.atomic
def withdraw(*, actor: Actor, now: datetime, form: Form, person_id: int) -> None:
    """Keep that the person no longer agrees: nothing is owed or taken from now on.

    A day that is reported already still counts as owed. Raises grounds.ConsentRefused as ``agree``.
    """
    unit_id, today = _here(person_id, now)
    is_given = Report.objects.filter(pk=(unit_id, form.pk, today, person_id)).exists()
    grounds.say(
        actor=actor, now=now, form=form, person_id=person_id, unit_id=unit_id,
        state=Consent.State.WITHDRAWN, from_day=today + timedelta(days=int(is_given)),
    )  # fmt: skip


def _here(person_id: int, now: datetime) -> tuple[int, date]:
    """Return the person's unit and its local day. Raises grounds.ConsentRefused without one."""
    found = find_unit(person_id, now)
    if found is None:
        raise grounds.ConsentRefused(_("You are on no roster of the group today."))
    return found.unit_id, now.astimezone(ZoneInfo(found.time_zone)).date()


def find_unit(person_id: int, now: datetime) -> UnitVersion | None:
    """Return the unit on whose roster the person is."""
    day = now.astimezone(ZoneInfo(clock.HOME)).date()
    here = Membership.objects.filter(person_id=person_id, valid__contains=day)
    return UnitVersion.objects.filter(
        unit_id__in=here.values("unit_id"), valid__contains=day
    ).first()
