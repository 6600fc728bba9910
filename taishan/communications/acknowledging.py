"""Taking note of a directive in the name of a unit, and reminding those that have not."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from taishan.communications import actions as notices
from taishan.communications import directive_duties, directive_notices, directives
from taishan.communications.directives import DirectiveRefused
from taishan.communications.models import Acknowledgement, DirectiveVersion
from taishan.duties import actions as duties
from taishan.duties.models import Duty
from taishan.kit.actor import Actor
from taishan.ledger import actions as ledger
from taishan.organisation.models import Person


@transaction.atomic
def acknowledge(
    *,
    actor: Actor,
    now: datetime,
    directive_id: int,
    version: int,
    unit_id: int,
    typed_name: str = "",
    proof: str = "",
) -> Acknowledgement:
    """Record that a unit took note of the version that was read; its duty is done by that.

    Where a signature is asked, ``typed_name`` is the person's own name and ``proof`` says by what
    they proved just now who they are. Raises DirectiveRefused.
    """
    last = _lock_version(directive_id, version)
    duty = _get_duty(last, unit_id)
    if last.acknowledgement == DirectiveVersion.Way.SIGN:
        _refuse_unsigned(actor, typed_name, proof)
    noted = Acknowledgement.objects.create(
        version=last, unit_id=unit_id, person_id=_person(actor), way=last.acknowledgement,
        proof=proof if last.acknowledgement == DirectiveVersion.Way.SIGN else "", at=now,
    )  # fmt: skip
    duties.discharge(actor=actor, now=now, duty=duty, evidence=f"acknowledgement:{noted.pk}")
    ledger.record(
        actor=actor, now=now, verb="directive.acknowledged", unit_id=unit_id,
        subject=("directive", str(directive_id)),
        data={"version": last.number, "way": noted.way, "proof": noted.proof},
    )  # fmt: skip
    return noted


def _lock_version(directive_id: int, number: int) -> DirectiveVersion:
    """Return the version that was read, where it is the last one."""
    last = directives.lock(directive_id).versions.order_by("-number").first()
    if last is None or last.number != number:
        raise DirectiveRefused(_("There is a newer version by now: read that one."))
    return last


def _get_duty(version: DirectiveVersion, unit_id: int) -> Duty:
    owed = Duty.objects.filter(
        subject_kind=directive_duties.VERSION, subject_id=str(version.pk), unit_id=unit_id
    ).first()
    if owed is None:
        raise DirectiveRefused(_("This unit is not asked to acknowledge it."))
    if owed.ended is not None:
        raise DirectiveRefused(_("Somebody has acknowledged it for this unit already."))
    return owed


def _person(actor: Actor) -> int:
    if actor.person_id is None:
        raise DirectiveRefused(_("Only a person acknowledges a directive."))
    return actor.person_id


def _refuse_unsigned(actor: Actor, typed_name: str, proof: str) -> None:
    name = Person.objects.get(pk=_person(actor)).name
    if " ".join(typed_name.split()) != " ".join(name.split()):
        raise DirectiveRefused(_("Type your own name as it is recorded: %s") % name)
    if not proof:
        raise DirectiveRefused(_("Enter your password again, or use a passkey: that is the seal."))


@transaction.atomic
def remind(*, actor: Actor, now: datetime, directive_id: int) -> int:
    """Tell the heads and safety officers of only those units that have not acknowledged it.

    Returns how many units are waited for. Raises DirectiveRefused or NoticeRefused where there is
    nobody to tell.
    """
    directive = directives.lock(directive_id)
    last = directive.versions.order_by("-number").first()
    if last is None:
        raise DirectiveRefused(_("It has not been issued yet."))
    waiting = find_waiting(last)
    notices.send(
        actor=actor, now=now, unit_id=directive.unit_id,
        person_ids=directive_notices.find_officers(waiting, now),
        words=directive_notices.reminder(last), about=("directive", str(directive.pk)),
        address=reverse("directives:directive", args=[directive.pk]),
    )  # fmt: skip
    return len(waiting)


def find_waiting(version: DirectiveVersion) -> list[int]:
    """Return the ids of the units that are still to acknowledge a version."""
    rows = Duty.objects.filter(
        subject_kind=directive_duties.VERSION, subject_id=str(version.pk), ended=None
    )
    return list(rows.values_list("unit_id", flat=True))
