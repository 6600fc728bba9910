"""Recording risk levels of territories: dated facts, by hand or by the thousand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection, transaction
from django.utils.translation import gettext as _

from taishan.kit.actor import Actor
from taishan.ledger import actions as ledger
from taishan.organisation.models import Place
from taishan.regulations import queries
from taishan.regulations.models import TerritoryRisk


class RiskLevelRefused(ValueError):
    """A level that cannot be recorded or withdrawn; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedLevel:
    """A territory's level over ``starts <= day < ends`` (None: until the next one)."""

    place: str
    level: str
    starts: date
    ends: date | None = None
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """How many levels were new, corrected, or on record as they are."""

    created: int
    changed: int
    unchanged: int


@transaction.atomic
def enter(*, actor: Actor, now: datetime, level: DatedLevel) -> Recorded:
    """Record one territory's level from a day; one recorded for the same day is corrected.

    Raises RiskLevelRefused for an unknown place or level, or an end that is not after the start.
    """
    if not Place.objects.filter(code=level.place).exists():
        raise RiskLevelRefused(_("There is no place %s.") % level.place)
    if level.level not in TerritoryRisk.Level.values:
        raise RiskLevelRefused(_("A level is one of: %s.") % ", ".join(TerritoryRisk.Level.values))
    if level.ends is not None and level.ends <= level.starts:
        raise RiskLevelRefused(_("The last day comes before the first."))
    done = record([level], now)
    if done.created or done.changed:
        ledger.record(
            actor=actor, now=now, verb="risk_level.entered", subject=("place", level.place),
            data={"level": level.level, "from": str(level.starts), "source": level.source},
        )  # fmt: skip
    return done


@transaction.atomic
def withdraw(*, actor: Actor, now: datetime, place: str, starts: date) -> None:
    """Take back a level that should not have been recorded; what was known stays on record.

    Raises RiskLevelRefused where no level of the place begins on that day.
    """
    rows = TerritoryRisk.objects.filter(place__code=place, starts=starts, recorded_until=None)
    if not rows.update(recorded_until=now):
        raise RiskLevelRefused(
            _("No level of %(place)s begins on %(day)s.") % {"place": place, "day": starts}
        )
    ledger.record(
        actor=actor, now=now, verb="risk_level.withdrawn", subject=("place", place),
        data={"from": str(starts)},
    )  # fmt: skip


def record(levels: Sequence[DatedLevel], now: datetime) -> Recorded:
    """Record levels of known places in the transaction of an action, in a handful of queries."""
    with connection.cursor() as cursor:
        # Two imports at once would both find a day without a level, and one would fail on it.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('regulations.risk_levels'))")
    codes = {level.place for level in levels}
    places = dict(Place.objects.filter(code__in=codes).values_list("code", "pk"))
    rows = queries.find_risk_levels(places=codes) if codes else []
    current = {(row.place, row.starts): row for row in rows}
    corrected: list[int] = []
    fresh: list[TerritoryRisk] = []
    for level in levels:
        before = current.get((level.place, level.starts))
        if before is not None and _says(before, level):
            continue
        if before is not None:
            corrected.append(before.pk)
        fresh.append(_row(level, places[level.place], now))
    TerritoryRisk.objects.filter(pk__in=corrected).update(recorded_until=now)
    TerritoryRisk.objects.bulk_create(fresh, batch_size=2000)
    created, changed = len(fresh) - len(corrected), len(corrected)
    return Recorded(created=created, changed=changed, unchanged=len(levels) - len(fresh))


def _says(row: queries.LevelOnRecord, level: DatedLevel) -> bool:
    """Tell whether a row says the level already; an export writes the end that holds."""
    is_same_end = level.ends in {row.ends, row.until}
    return is_same_end and (row.level, row.source) == (level.level, level.source)


def _row(level: DatedLevel, place_id: int, now: datetime) -> TerritoryRisk:
    return TerritoryRisk(
        place_id=place_id,
        level=level.level,
        starts=level.starts,
        ends=level.ends,
        source=level.source,
        recorded_at=now,
    )
