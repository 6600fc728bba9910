"""Attesting conditions, and refuting attestations."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _
from psycopg.types.range import DateRange

from taishan.kit.actor import Actor
from taishan.ledger import actions as ledger
from taishan.resumption.models import Attestation, Refutation


class AttestationRefused(ValueError):
    """The attestation or refutation cannot be recorded; the message says why."""


@transaction.atomic
def attest(
    *,
    actor: Actor,
    now: datetime,
    unit_id: int,
    condition: str,
    amount: float,
    starts: date,
    ends: date | None,
    evidence: str,
) -> Attestation:
    """Record that a unit meets a condition. Raises AttestationRefused without evidence or days."""
    if not evidence.strip():
        raise AttestationRefused(_("Say what shows it: an attestation needs its evidence."))
    if ends is not None and ends <= starts:
        raise AttestationRefused(_("The last day comes before the first."))
    attestation = Attestation.objects.create(
        unit_id=unit_id,
        condition=condition,
        amount=amount,
        valid=DateRange(starts, ends),
        evidence=evidence.strip(),
        by_id=actor.account_id,
        recorded_at=now,
    )
    ledger.record(
        actor=actor,
        now=now,
        verb="condition.attested",
        subject=("attestation", str(attestation.pk)),
        unit_id=unit_id,
        data={"condition": condition, "amount": amount},
    )
    return attestation


@transaction.atomic
def refute(*, actor: Actor, now: datetime, attestation_id: int, reason: str) -> Refutation:
    """Record that an attestation is untrue. Raises AttestationRefused without a reason or twice."""
    if not reason.strip():
        raise AttestationRefused(_("A refutation needs its reason."))
    attestation = Attestation.objects.select_for_update().get(pk=attestation_id)
    if Refutation.objects.filter(attestation=attestation).exists():
        raise AttestationRefused(_("This attestation is refuted already."))
    refutation = Refutation.objects.create(
        attestation=attestation, reason=reason.strip(), by_id=actor.account_id, recorded_at=now
    )
    ledger.record(
        actor=actor,
        now=now,
        verb="condition.refuted",
        subject=("attestation", str(attestation.pk)),
        unit_id=attestation.unit_id,
    )
    return refutation
