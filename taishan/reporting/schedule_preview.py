"""What a schedule would ask for, before it is recorded: its next periods, and how many owe them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from taishan.core.schedules import Window
from taishan.organisation.models import UnitVersion
from taishan.reporting import owing, queries
from taishan.reporting.models import Schedule

SHOWN_PERIODS = 10
SHOWN_ZONES = 2
AHEAD = timedelta(days=2 * 366)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """A period's instants in the time zone of a unit."""

    zone: str
    window: Window


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """The next periods; ``places`` are a unit for each time zone shown.

    ``units`` owe it, and ``reports`` are what they owe together, both on the first day.
    """

    places: tuple[UnitVersion, ...]
    periods: tuple[tuple[date, tuple[Hours, ...]], ...]
    units: int
    reports: int


def look_ahead(
    draft: Schedule, version: UnitVersion, replaced: Schedule | None, now: datetime
) -> Preview:
    """Return what the unsaved schedule would ask for. Three queries, four with shifts."""
    rule = owing.as_rule(draft)
    days = list(islice(rule.between(draft.starts, draft.starts + AHEAD), SHOWN_PERIODS))
    book = _book(draft, replaced)
    owed_by = _owed_by(draft, version, book)
    places = _places(version, owed_by, now)
    return Preview(
        places=places,
        periods=tuple(
            (
                day,
                tuple(
                    Hours(zone=one.time_zone, window=rule.window(day, one.time_zone))
                    for one in places
                ),
            )
            for day in days
        ),
        units=len(owed_by),
        reports=_reports(draft, owed_by, book),
    )


def _book(draft: Schedule, replaced: Schedule | None) -> owing.Book:
    others = Schedule.objects.filter(form_id=draft.form_id)
    others = others.exclude(pk=replaced.pk) if replaced else others
    return owing.Book([*others, *([] if draft.shift else [draft])])


def _owed_by(draft: Schedule, version: UnitVersion, book: owing.Book) -> list[UnitVersion]:
    """Return the units that come under it on its first day: others have one of their own. Of a
    shift, those that are asked for the form at all."""
    units = UnitVersion.objects.filter(
        path__passes_through=version.unit_id, valid__contains=draft.starts
    )

    def comes_under(unit: UnitVersion) -> bool:
        rows = book.rows_holding(draft.form_id, unit.path, unit.kind, draft.starts)
        return bool(rows) if draft.shift else draft in rows

    return [unit for unit in units.order_by("path") if comes_under(unit)]


def _places(
    version: UnitVersion, owed_by: Sequence[UnitVersion], now: datetime
) -> tuple[UnitVersion, ...]:
    """Return a unit for each of the two time zones that most units keep, their clocks differing."""
    found: list[UnitVersion] = []
    for zone, _number in Counter(unit.time_zone for unit in owed_by).most_common():
        offsets = {now.astimezone(ZoneInfo(one.time_zone)).utcoffset() for one in found}
        if now.astimezone(ZoneInfo(zone)).utcoffset() not in offsets:
            found.append(next(unit for unit in owed_by if unit.time_zone == zone))
    return tuple(found[:SHOWN_ZONES]) or (version,)


def _reports(draft: Schedule, owed_by: Sequence[UnitVersion], book: owing.Book) -> int:
    """Return how many reports it asks for: of people those on the shift, or on none that has a
    schedule of its own."""
    if draft.owed_by != Schedule.OwedBy.PEOPLE:
        return len(owed_by)
    units = {unit.unit_id: unit for unit in owed_by}

    def owes(unit_id: int, shift_id: int | None) -> bool:
        if draft.shift:
            return shift_id is not None and shift_id == draft.shift.pk
        unit = units[unit_id]
        given = draft.form_id, unit.path, unit.kind, draft.starts, shift_id
        return draft in book.rows_holding(*given)

    known = {draft.shift.pk} if draft.shift and draft.shift.pk else set()
    return queries.find_owing(units, book.shifts | known, draft.starts, owes).count()
