"""Attesting conditions, refuting attestations, and keeping the verdicts that followed."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _
from psycopg.types.range import DateRange

from taishan.core.approvals import APPROVED_BY
from taishan.core.gate import Verdict
from taishan.core.readings import Effect
from taishan.kit import outbox
from taishan.kit.actor import Actor
from taishan.kit.attachments import Attachment
from taishan.ledger import actions as ledger
from taishan.organisation import queries as organisation
from taishan.resumption import approvals, queries
from taishan.resumption.models import Attestation, EvidenceFile, RecordedVerdict, Refutation


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
    file: Attachment | None = None,
) -> Attestation:
    """Record that a unit meets a condition.

    Raises AttestationRefused without evidence or days, for an approval within the group, and where
    an approval rests on what was attested of those days, until that is unlocked.
    """
    _refuse(unit_id, condition, starts, ends, evidence)
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
        data={"condition": condition, "amount": amount} | _handed_in(attestation, file),
    )
    outbox.publish("condition.attested", unit_id=unit_id)
    return attestation


def _refuse(unit_id: int, condition: str, starts: date, ends: date | None, evidence: str) -> None:
    if condition.startswith(APPROVED_BY):
        raise AttestationRefused(_("An approval within the group is applied for, not attested."))
    if not evidence.strip():
        raise AttestationRefused(_("Say what shows it: an attestation needs its evidence."))
    if ends is not None and ends <= starts:
        raise AttestationRefused(_("The last day comes before the first."))
    if approvals.is_locked(unit_id, condition, starts, ends):
        raise AttestationRefused(
            _("An approval rests on what is attested of these days: have it unlocked first.")
        )


def _handed_in(attestation: Attestation, file: Attachment | None) -> dict[str, Any]:
    """Keep the file; return what the ledger says of it, by which it can be told from any other."""
    if file is None:
        return {}
    return {"file": EvidenceFile.keep(file, attestation=attestation).about()}


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
    outbox.publish("condition.refuted", unit_id=attestation.unit_id)
    return refutation


@transaction.atomic
def record_verdicts(
    *, actor: Actor, now: datetime, unit_ids: Sequence[int] | None = None
) -> list[RecordedVerdict]:
    """Keep each unit's verdict of its own today where it differs from its last; return those kept.

    All open units unless ``unit_ids`` names them. The same number of queries whatever the number
    of units, and no more work for a long history than for a short one.
    """
    _one_at_a_time()
    today = organisation.find_units_today(now, unit_ids)
    last = queries.find_last_verdicts(unit.id for units in today.values() for unit in units)
    changed = []
    for day, units in today.items():
        for found in queries.find_verdicts(units, day):
            number, before = last.get(found.unit.id, (0, None))
            content = content_of(found.verdict)
            if content != before:
                changed.append(
                    RecordedVerdict(
                        unit_id=found.unit.id, number=number + 1, day=day, computed_at=now,
                        **content,
                    )
                )  # fmt: skip
    if changed:
        RecordedVerdict.objects.bulk_create(changed)
        ledger.record(
            actor=actor, now=now, verb="verdicts.recorded", subject=("verdicts", now.isoformat()),
            unit_id=changed[0].unit_id if len(changed) == 1 else None,
            data={"units": {str(row.unit_id): row.number for row in changed}},
        )  # fmt: skip
    return changed


def _one_at_a_time() -> None:
    """Two passes at once would both find the last verdict and both follow it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('resumption.verdicts'))")


def content_of(verdict: Verdict) -> dict[str, Any]:
    """Return what is kept of a verdict."""
    holding = (Effect.BINDS, Effect.CEILING)
    return {
        "permitted": verdict.permitted.word,
        "state": verdict.state.word,
        "on_site_limit": verdict.on_site_limit,
        "reasons": [
            {"clause": reason.clause.key, "effect": reason.effect.value}
            for reason in verdict.reasons
            if reason.effect in holding
        ],
        "unmet": [
            {
                "condition": unmet.demand.dimension,
                "needed": unmet.demand.amount,
                "at_most": unmet.demand.at_most,
                "have": unmet.have,
                "clause": unmet.clause.key,
            }
            for unmet in verdict.unmet
        ],
        "stops": list(verdict.stops),
    }
