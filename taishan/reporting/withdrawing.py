"""Erasing what somebody answered by a consent that they withdrew (PIPL article 47)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta, timezone
from itertools import product
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet, Sum

from taishan.kit.actor import Actor
from taishan.kit.arrays import any_of
from taishan.ledger import actions as ledger
from taishan.organisation.models import Membership
from taishan.privacy import grounds
from taishan.privacy.models import Consent
from taishan.reporting import files, noticing, queries
from taishan.reporting.follow_up_models import ENDED, FollowUp
from taishan.reporting.models import Correction, Frozen, Withdrawal

_LAST_ZONE = timezone(timedelta(hours=-12))
"""Where a day ends last."""
Cell = tuple[int, date]


def erase_all(*, actor: Actor, now: datetime) -> int:
    """Erase what withdrawn consents covered; return how many reports that were."""
    return sum(erase(actor=actor, now=now, consent=one) for one in _due(now))


def _due(now: datetime) -> QuerySet[Consent]:
    """Return the withdrawals that hold by now everywhere, and were not taken back or done.

    A day on which the person had reported before they withdrew counts to its end.
    """
    later = Consent.objects.filter(
        form=OuterRef("form"), person=OuterRef("person"), pk__gt=OuterRef("pk")
    )
    done = Withdrawal.objects.filter(consent=OuterRef("pk"))
    rows = Consent.objects.filter(
        state=Consent.State.WITHDRAWN, from_day__lte=now.astimezone(_LAST_ZONE).date()
    )
    return rows.exclude(Exists(later)).exclude(Exists(done)).select_related("form").order_by("pk")


@transaction.atomic
def erase(*, actor: Actor, now: datetime, consent: Consent) -> int:
    """Erase the person's answers of before, where consent was their only ground.

    Counters stay, and are not held against a recount any more (DESIGN 5.3). A follow-up that goes
    on stays: it protects others, and ends like any other. Returns how many reports there were.
    """
    cells = _cells(consent, now)
    erased = _erase_reports(consent, cells)
    files.erase_of(consent.form_id, consent.person_id, cells)
    if consent.form.code == noticing.FORM:
        FollowUp.objects.filter(person_id=consent.person_id, state__in=ENDED).delete()
    Withdrawal.objects.create(consent=consent, erased_at=now, reports=len(erased))
    ledger.record(
        actor=actor, now=now, verb="answers.erased", subject=("form", consent.form.code),
        data={"withdrawn": True, "reports": len(erased)},
    )  # fmt: skip
    return len(erased)


def _cells(consent: Consent, now: datetime) -> list[Cell]:
    """Return the units and days of which the person may have answers by consent alone."""
    member = Membership.objects.filter(person_id=consent.person_id)
    units = set(member.values_list("unit_id", flat=True))
    first = consent.form.grounds.order_by("starts").values_list("starts", flat=True)[0]
    since = max(first, queries.erased_until(consent.form, now))
    days = [since + timedelta(days=n) for n in range(max((consent.from_day - since).days, 0))]
    return grounds.find_by_consent(consent.form, product(sorted(units), days))


def _erase_reports(consent: Consent, cells: Sequence[Cell]) -> list[Cell]:
    """Return of which cells there was a report."""
    units, periods = [unit for unit, _day in cells], [day for _unit, day in cells]
    of: dict[str, Any] = {
        "units": units, "periods": periods, "form": consent.form_id, "subject": consent.person_id
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(CORRECTIONS, of)
        Correction.objects.filter(pk__in=[pk for (pk,) in cursor.fetchall()]).delete()
        cursor.execute(EARLIER, [consent.pk, units, periods])
        cursor.execute(ERASE, of)
        return [(unit_id, period) for unit_id, period in cursor.fetchall()]


EARLIER = "SELECT reporting_erase_withdrawn(%s, %s, %s)"
_HERE = """
r.unit_id = at.unit_id AND r.period = at.period
  AND r.form_id = %(form)s AND r.subject_id = %(subject)s
"""

CORRECTIONS = f"""
SELECT r.id FROM reporting_correction r, unnest(%(units)s::int[], %(periods)s::date[])
  AS at (unit_id, period) WHERE {_HERE}
"""  # noqa: S608 - of texts written here

ERASE = f"""
WITH gone AS (
  DELETE FROM reporting_report r USING unnest(%(units)s::int[], %(periods)s::date[])
    AS at (unit_id, period) WHERE {_HERE}
  RETURNING r.unit_id, r.period
), frozen AS (
  INSERT INTO reporting_frozen AS f (unit_id, form_id, period, reports)
  SELECT unit_id, %(form)s, period, 1 FROM gone ORDER BY unit_id, period
  ON CONFLICT (unit_id, form_id, period) DO UPDATE SET reports = f.reports + 1
)
SELECT unit_id, period FROM gone
"""  # noqa: S608 - as above


def count_erased(form_id: int, unit_ids: Iterable[int], period: date) -> int:
    """Return how many reports of the units for the period are counted and can be named no more."""
    rows = Frozen.objects.filter(any_of("unit_id", unit_ids), form_id=form_id, period=period)
    return rows.aggregate(number=Sum("reports"))["number"] or 0


def find_erased(form_id: int, period: date) -> set[int]:
    """Return whose answers of before some later day are erased, so that they are not missing."""
    rows = Withdrawal.objects.filter(consent__form_id=form_id, consent__from_day__gt=period)
    return set(rows.values_list("consent__person_id", flat=True))
