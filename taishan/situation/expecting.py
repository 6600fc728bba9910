"""How many reports were owed: by the roster, the tree and the schedules of each day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import accumulate
from typing import NamedTuple

from taishan.core import schedules
from taishan.core.schedules import Stage
from taishan.forms.models import Form
from taishan.organisation import headcounts, shifts
from taishan.organisation.headcounts import Changes
from taishan.privacy import grounds
from taishan.privacy.grounds import Excused
from taishan.reporting import owing
from taishan.reporting.models import Schedule
from taishan.situation.branches import Stay

TREND_DAYS = 30
DUE = (Stage.DUE, Stage.LATE, Stage.CLOSED)

_Kind = tuple[str, bool, int | None]
"""What decides under which schedule people of a unit come: those of its ancestors that have one of
their own, as a path, whether it is a site, and which shift they work. Thousands of units share a
handful of these."""


class Owing:
    """The schedules of one form, and who comes under which."""

    def __init__(self, form: Form) -> None:
        rows = list(Schedule.objects.filter(form=form).order_by("pk"))
        self.form = form
        self._rules = [owing.as_rule(row) for row in rows]
        self._book = owing.Book(rows)
        self.shifts = self._book.shifts
        self._places = {str(row.unit_id) for row in rows}
        self._kinds: dict[tuple[str, str, int | None], _Kind] = {}
        self._found: dict[tuple[_Kind, date], schedules.Schedule | None] = {}

    def periods(self, day: date, days: int = TREND_DAYS) -> list[date]:
        """Return the periods that began in so many days up to the day, by any schedule."""
        since, until = day - timedelta(days=days - 1), day + timedelta(days=1)
        return sorted({found for rule in self._rules for found in rule.between(since, until)})

    def find(
        self, stay: Stay, period: date, shift_id: int | None = None
    ) -> schedules.Schedule | None:
        """Return the schedule by which the unit, or who there works the shift, owes the form for
        the period."""
        return self._find(self.kind_of(stay, shift_id), period)

    def stage(
        self, stay: Stay, period: date, now: datetime, shift_id: int | None = None
    ) -> Stage | None:
        """Return where the period stands at the instant; None: nothing is owed (``find``)."""
        rule = self.find(stay, period, shift_id)
        return rule.window(period, stay.time_zone).stage(now) if rule else None

    def kind_of(self, stay: Stay, shift_id: int | None = None) -> _Kind:
        return self.kind_at(stay.path, stay.kind, shift_id)

    def kind_at(self, path: str, kind: str, shift_id: int | None = None) -> _Kind:
        key = path, kind, shift_id
        if key not in self._kinds:
            steps = [step for step in path.split(".") if step in self._places]
            self._kinds[key] = ".".join(steps), kind == "site", shift_id
        return self._kinds[key]

    def _find(self, kind: _Kind, period: date) -> schedules.Schedule | None:
        if (kind, period) not in self._found:
            path, is_site, shift_id = kind
            given = path, "site" if is_site else "", period, shift_id
            self._found[kind, period] = self._book.find(self.form.pk, *given)
        return self._found[kind, period]

    def occurs(self, kind: _Kind, period: date) -> bool:
        return self._find(kind, period) is not None


class Expected:
    """The reports expected of units over ``since <= period < until``: of people those of the
    roster without whom withdrew their consent, by the shift they work. Two queries, one more where
    there are shifts, three more where somebody withdrew, and another where there are both.

    With ``group_of``, for sums of these groups over all these days alone: units of one group that
    are the same throughout are added up where their changes are read.
    """

    def __init__(
        self, owed: Owing, stays: Sequence[Stay], since: date, until: date,
        group_of: Callable[[Stay], int] | None = None,
    ) -> None:  # fmt: skip
        self._owed, self._stays = owed, stays
        self._changes: Mapping[int, Mapping[int | None, Changes]] | None = None
        if owed.form.subject == Form.Subject.PERSON:
            ids, together = {stay.unit_id for stay in stays}, None
            if group_of:
                together = self._together(since, until, group_of)
                self._stays = [one for one in stays if together[one.unit_id] == one.unit_id]
            people = _People(headcounts.find_changes(ids, since, until, together), together)
            people.put_on_shifts(owed.shifts, ids, since, until)
            people.leave_out(grounds.find_excused(owed.form, ids, since, until), owed.shifts)
            self._changes = people.by_shift()

    def _together(
        self, since: date, until: date, group_of: Callable[[Stay], int]
    ) -> dict[int, int]:
        """Return for each unit which one stands for it: the first of its like, or itself."""
        firsts: dict[tuple[int, _Kind], int] = {}
        found: dict[int, int] = {}
        for stay in self._stays:
            found[stay.unit_id] = stay.unit_id
            if (stay.starts, stay.ends) == (since, until):
                like = group_of(stay), self._owed.kind_of(stay)
                found[stay.unit_id] = firsts.setdefault(like, stay.unit_id)
        return found

    def sums(
        self, since: date, until: date, group_of: Callable[[Stay], int]
    ) -> dict[tuple[int, date], int]:
        """Return how many are expected by group of units and period; what expects none is left out.

        The cost grows with the units and with the changes of their numbers, not with their product
        with the days.
        """
        moved = self._moves(since, until, group_of)
        days = [since + timedelta(days=n) for n in range((until - since).days)]
        found: dict[tuple[int, date], int] = defaultdict(int)
        for (group, kind), changes in moved.items():
            for day, number in zip(days, accumulate(changes), strict=False):
                if number and self._owed.occurs(kind, day):
                    found[group, day] += number
        return dict(found)

    def count_due(self, stay: Stay, period: date, now: datetime) -> int:
        """Return how many of the unit's reports for the period are due by then."""
        return sum(
            number
            for shift_id, changes in self._numbers(stay, period)
            if self._owed.stage(stay, period, now, shift_id) in DUE
            for day, number in changes
            if day <= period
        )

    def _moves(
        self, since: date, until: date, group_of: Callable[[Stay], int]
    ) -> dict[tuple[int, _Kind], list[int]]:
        length = (until - since).days
        moved: dict[tuple[int, _Kind], list[int]] = defaultdict(lambda: [0] * (length + 1))
        for stay in self._stays:
            starts, ends = max(stay.starts, since), min(stay.ends, until)
            if starts < ends:
                for shift_id, numbers in self._numbers(stay, starts):
                    changes = moved[group_of(stay), self._owed.kind_of(stay, shift_id)]
                    for day, number in _cut(numbers, starts, ends):
                        changes[(day - since).days] += number
        return moved

    def _numbers(self, stay: Stay, starts: date) -> Iterator[tuple[int | None, Changes]]:
        """Yield how many owe by a shift, and, with None, how many others."""
        if self._changes is None:
            yield None, [(starts, 1)]
        else:
            yield from self._changes.get(stay.unit_id, {}).items()


class Off(NamedTuple):
    """Who of a unit owes no report on a day by the shift they work: so many, or, on a day on which
    nobody else owes one either, all ``but`` so many."""

    number: int = 0
    but: int | None = None


def find_off(
    form: Form, paths: Mapping[int, str], since: date, until: date
) -> dict[tuple[int, date], Off]:
    """Return by unit and day whose day off it is. ``paths``: where each unit hangs."""
    owed = Owing(form)
    days = [since + timedelta(days=n) for n in range((until - since).days)]
    found: dict[tuple[int, date], Off] = defaultdict(Off)
    changed = shifts.find_changes(paths, owed.shifts, since, until)
    for (unit_id, shift_id), changes in changed.items():
        everybody, these = (owed.kind_at(paths[unit_id], "", one) for one in (None, shift_id))
        for day in days:
            number, but = found[unit_id, day]
            works = sum(change for at, change in changes if at <= day)
            owes = owed.occurs(these, day)
            if not owed.occurs(everybody, day):
                found[unit_id, day] = Off(but=(but or 0) + works * owes)
            elif not owes:
                found[unit_id, day] = Off(number=number + works)
    return dict(found)


def _cut(changes: Changes, starts: date, ends: date) -> Iterator[tuple[date, int]]:
    """Yield the changes of a unit's number while it stays, and its end."""
    running = 0
    for day, number in changes:
        if day < ends:
            running += number
            yield max(day, starts), number
    yield ends, -running


class _People:
    """How many people of each unit work which shift, or none of those that have hours of their own.

    Everybody is in one of these numbers on a day: who is put on a shift is taken from the others.
    """

    def __init__(self, others: Mapping[int, Changes], together: Mapping[int, int] | None) -> None:
        self._found: dict[tuple[int, int | None], Changes] = defaultdict(list)
        self._together = together
        for stands, changes in others.items():
            self._found[stands, None] += changes

    def by_shift(self) -> dict[int, dict[int | None, Changes]]:
        """Return the changes by unit and shift; with None those of all others."""
        found: dict[int, dict[int | None, Changes]] = defaultdict(dict)
        for (unit_id, shift_id), changes in self._found.items():
            found[unit_id][shift_id] = sorted(changes)
        return dict(found)

    def put_on_shifts(
        self, shift_ids: Iterable[int], unit_ids: Iterable[int], since: date, until: date
    ) -> None:
        if not shift_ids:
            return
        found = shifts.find_changes(unit_ids, shift_ids, since, until)
        for (unit_id, shift_id), changes in found.items():
            self._add(unit_id, shift_id, changes)
            self._add(unit_id, None, _negative(changes))

    def leave_out(self, excused: Sequence[Excused], shift_ids: Iterable[int]) -> None:
        """Take away who owes nothing, from the shift that they work on each day."""
        for one in excused:
            self._add(one.unit_id, None, [(one.starts, -1), (one.ends, 1)])
        if not excused or not shift_ids:
            return
        since, until = min(one.starts for one in excused), max(one.ends for one in excused)
        worked: dict[tuple[int, int], list[shifts.Spell]] = defaultdict(list)
        for spell in shifts.find_spells({one.unit_id for one in excused}, shift_ids, since, until):
            worked[spell.unit_id, spell.person_id].append(spell)
        for one in excused:
            for spell in worked.get((one.unit_id, one.person_id), ()):
                starts, ends = max(one.starts, spell.starts), min(one.ends, spell.ends)
                if starts < ends:
                    changes = [(starts, -1), (ends, 1)]
                    self._add(one.unit_id, spell.shift_id, changes)
                    self._add(one.unit_id, None, _negative(changes))

    def _add(self, unit_id: int, shift_id: int | None, changes: Changes) -> None:
        stands = self._together[unit_id] if self._together else unit_id
        self._found[stands, shift_id] += changes


def _negative(changes: Changes) -> Changes:
    return [(day, -number) for day, number in changes]
