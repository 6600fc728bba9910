"""Which schedule a report of a period comes under: the nearest above its unit, or the unit's own,
and for who works a shift that of the shift.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from taishan.core import schedules
from taishan.core.schedules import Mark, Marks, Window
from taishan.reporting.models import Schedule

KINDS = {
    Schedule.OwedBy.PEOPLE: None,
    Schedule.OwedBy.UNITS: None,
    Schedule.OwedBy.SITES: "site",
}
"""The kind of unit that owes, where not every kind does."""


_KEPT = 100_000

_Rows = list[tuple[Schedule, schedules.Schedule]]


class Book:
    """The schedules of some forms, in memory: what a batch of reports is held against."""

    def __init__(self, rows: Iterable[Schedule]) -> None:
        self._windows: dict[tuple[int, str, str, date, str, int | None], Window | None] = {}
        self._by_place: dict[tuple[int, str], _Rows] = defaultdict(list)
        self._by_shift: dict[tuple[int, int], _Rows] = defaultdict(list)
        for row in rows:
            if row.shift_id is None:
                self._by_place[row.form_id, str(row.unit_id)].append((row, as_rule(row)))
            else:
                self._by_shift[row.form_id, row.shift_id].append((row, as_rule(row)))
        self.shifts = frozenset(shift_id for _form, shift_id in self._by_shift)
        """Those that have hours of their own for some form."""

    def find(
        self, form_id: int, path: str, kind: str, period: date, shift_id: int | None = None
    ) -> schedules.Schedule | None:
        """Return the schedule by which a unit at ``path``, or who there works the shift, owes the
        form for the period.

        A unit's own schedule replaces those above it from its first day to its last.
        """
        rules = self.holding(form_id, path, kind, period, shift_id)
        return next((rule for rule in rules if rule.occurs(period)), None)

    def window(
        self, form_id: int, path: str, kind: str, period: date, zone: str,
        shift_id: int | None = None,
    ) -> Window | None:  # fmt: skip
        """Return when it may be reported for the period, None where nothing is owed (``find``)."""
        key = (form_id, path, kind, period, zone, shift_id)
        try:
            return self._windows[key]  # once: another thread may clear between two looks
        except KeyError:
            pass
        if len(self._windows) >= _KEPT:
            self._windows.clear()
        schedule = self.find(form_id, path, kind, period, shift_id)
        window = None if schedule is None else schedule.window(period, zone)
        self._windows[key] = window
        return window

    def holding(
        self, form_id: int, path: str, kind: str, day: date, shift_id: int | None = None
    ) -> Iterator[schedules.Schedule]:
        """Yield the schedules that hold on the day, occurring or not: those of the shift, where it
        has any, else the nearest of the unit."""
        yield from (rule for _row, rule in self._holding(form_id, path, kind, day, shift_id))

    def rows_holding(
        self, form_id: int, path: str, kind: str, day: date, shift_id: int | None = None
    ) -> list[Schedule]:
        """Return the same schedules as they are recorded."""
        return [row for row, _rule in self._holding(form_id, path, kind, day, shift_id)]

    def _holding(
        self, form_id: int, path: str, kind: str, day: date, shift_id: int | None
    ) -> _Rows:
        """A shift says when, not whether: where the unit is asked for nothing, nobody is."""
        nearest = self._nearest(form_id, path, kind, day)
        if shift_id is None or not nearest:
            return nearest
        steps = path.split(".")
        of_shift = [
            (row, rule)
            for row, rule in self._by_shift.get((form_id, shift_id), ())
            if _holds(row, day) and str(row.unit_id) in steps
        ]
        return of_shift or nearest

    def _nearest(self, form_id: int, path: str, kind: str, day: date) -> _Rows:
        for unit_id in reversed(path.split(".")):
            found = [
                (row, rule)
                for row, rule in self._by_place.get((form_id, unit_id), ())
                if _holds(row, day) and KINDS[Schedule.OwedBy(row.owed_by)] in (None, kind)
            ]
            if found:
                return found
        return []


def load(form_ids: Iterable[int]) -> Book:
    """Return the schedules of the forms. What was found in a book is kept while they are the same.

    They are read each time, so that a schedule holds from the moment it is committed.
    """
    forms = frozenset(form_ids)
    rows = list(Schedule.objects.filter(form_id__in=forms).order_by("pk").values_list())
    before, book = _books.get(forms, (None, None))
    if book is None or rows != before:
        book = Book([Schedule.from_db("default", _COLUMNS, row) for row in rows])
        if len(_books) >= _BOOKS_KEPT:
            _books.clear()
        _books[forms] = rows, book
    return book


_COLUMNS = [field.attname for field in Schedule._meta.concrete_fields]  # noqa: SLF001
_BOOKS_KEPT = 64
_books: dict[frozenset[int], tuple[list[tuple[Any, ...]], Book]] = {}


def _holds(row: Schedule, day: date) -> bool:
    return row.starts <= day and (row.until is None or day < row.until)


def as_rule(row: Schedule) -> schedules.Schedule:
    """Return a recorded schedule as the core thinks of it."""
    return schedules.Schedule(
        rule=row.rule,
        starts=row.starts,
        until=row.until,
        days_on=row.days_on,
        skipped=frozenset(row.skipped),
        marks=Marks(
            opens=Mark(day=row.opens_day, at=row.opens_at),
            due=Mark(day=row.due_day, at=row.due_at),
            late=Mark(day=row.late_day, at=row.late_at),
            closes=Mark(day=row.closes_day, at=row.closes_at),
        ),
    )
