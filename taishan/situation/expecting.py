"""How many reports were owed: by the roster, the tree and the schedules of each day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import accumulate

from taishan.core import schedules
from taishan.core.schedules import Stage
from taishan.forms.models import Form
from taishan.organisation import headcounts
from taishan.organisation.headcounts import Changes
from taishan.privacy import grounds
from taishan.reporting import owing
from taishan.reporting.models import Schedule
from taishan.situation.branches import Stay

TREND_DAYS = 30

_Kind = tuple[str, bool]
"""What decides under which schedule a unit comes: those of its ancestors that have one of their
own, as a path, and whether it is a site. Thousands of units share a handful of these."""


class Owing:
    """The schedules of one form, and who comes under which."""

    def __init__(self, form: Form) -> None:
        rows = list(Schedule.objects.filter(form=form).order_by("pk"))
        self.form = form
        self._rules = [owing.as_rule(row) for row in rows]
        self._book = owing.Book(rows)
        self._places = {str(row.unit_id) for row in rows}
        self._kinds: dict[tuple[str, str], _Kind] = {}
        self._found: dict[tuple[_Kind, date], schedules.Schedule | None] = {}

    def periods(self, day: date, days: int = TREND_DAYS) -> list[date]:
        """Return the periods that began in so many days up to the day, by any schedule."""
        since, until = day - timedelta(days=days - 1), day + timedelta(days=1)
        return sorted({found for rule in self._rules for found in rule.between(since, until)})

    def find(self, stay: Stay, period: date) -> schedules.Schedule | None:
        """Return the schedule by which the unit owes the form for the period."""
        return self._find(self.kind_of(stay), period)

    def stage(self, stay: Stay, period: date, now: datetime) -> Stage | None:
        """Return where the period stands for the unit at the instant; None: it owes nothing."""
        rule = self.find(stay, period)
        return rule.window(period, stay.time_zone).stage(now) if rule else None

    def kind_of(self, stay: Stay) -> _Kind:
        key = stay.path, stay.kind
        if key not in self._kinds:
            path = ".".join([step for step in stay.path.split(".") if step in self._places])
            self._kinds[key] = path, stay.kind == "site"
        return self._kinds[key]

    def _find(self, kind: _Kind, period: date) -> schedules.Schedule | None:
        if (kind, period) not in self._found:
            path, is_site = kind
            named = "site" if is_site else ""
            self._found[kind, period] = self._book.find(self.form.pk, path, named, period)
        return self._found[kind, period]

    def occurs(self, kind: _Kind, period: date) -> bool:
        return self._find(kind, period) is not None


class Expected:
    """The reports expected of units over ``since <= period < until``: of people those of the
    roster without whom withdrew their consent. Two queries.

    With ``group_of``, for sums of these groups over all these days alone: units of one group that
    are the same throughout are added up where their changes are read.
    """

    def __init__(
        self, owed: Owing, stays: Sequence[Stay], since: date, until: date,
        group_of: Callable[[Stay], int] | None = None,
    ) -> None:  # fmt: skip
        self._owed, self._stays = owed, stays
        self._changes: Mapping[int, Changes] | None = None
        if owed.form.subject == Form.Subject.PERSON:
            ids, together = {stay.unit_id for stay in stays}, None
            if group_of:
                together = self._together(since, until, group_of)
                self._stays = [one for one in stays if together[one.unit_id] == one.unit_id]
            changes = headcounts.find_changes(ids, since, until, together)
            excused = grounds.find_excused(owed.form, ids, since, until)
            self._changes = _without(changes, excused, together)

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

    def _moves(
        self, since: date, until: date, group_of: Callable[[Stay], int]
    ) -> dict[tuple[int, _Kind], list[int]]:
        length = (until - since).days
        moved: dict[tuple[int, _Kind], list[int]] = defaultdict(lambda: [0] * (length + 1))
        for stay in self._stays:
            starts, ends = max(stay.starts, since), min(stay.ends, until)
            if starts < ends:
                changes = moved[group_of(stay), self._owed.kind_of(stay)]
                for day, number in self._of(stay, starts, ends):
                    changes[(day - since).days] += number
        return moved

    def _of(self, stay: Stay, starts: date, ends: date) -> Iterator[tuple[date, int]]:
        """Yield the changes of a unit's number while it stays, and its end."""
        running = 0
        all_changes = (
            [(starts, 1)] if self._changes is None else self._changes.get(stay.unit_id, [])
        )
        for day, number in all_changes:
            if day < ends:
                running += number
                yield max(day, starts), number
        yield ends, -running


def _without(
    changes: Mapping[int, Changes],
    excused: Mapping[int, Changes],
    together: Mapping[int, int] | None,
) -> dict[int, Changes]:
    left = dict(changes)
    for unit_id, found in excused.items():
        stands = together[unit_id] if together else unit_id
        less = [(day, -number) for day, number in found]
        left[stands] = sorted([*left.get(stands, ()), *less])
    return left
