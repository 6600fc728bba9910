"""What the reports add up to: for a form, a period and a subtree (DESIGN 5.3).

The tree and the roster are those of each period's own day, so that whoever moved counts where they
were. Counters are summed on read, ancestors included; nothing here is stored.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from taishan.core import concerns, situation
from taishan.core.concerns import Concern, Sign
from taishan.core.schedules import Stage
from taishan.core.situation import NOTHING, RECEIVED, RECEIVED_ON_TIME, Counts, Reporting
from taishan.forms.models import Form
from taishan.organisation.access import Viewer
from taishan.situation import branches, counting, signs
from taishan.situation.branches import Stay
from taishan.situation.expecting import Expected, Owing

ALL = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What a group of units comes to for one period."""

    reporting: Reporting
    counts: Counts


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A unit with all below it; ``below`` is how many units those are, 0 for the top by itself."""

    unit: Stay
    below: int
    now: Figures
    before: Figures


@dataclass(frozen=True, slots=True, kw_only=True)
class Worry:
    """A unit by itself, without those below it, and why to worry about it, gravest first."""

    unit: Stay
    concerns: tuple[Concern, ...]
    reporting: Reporting


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """A form's situation for one period. ``top``: None where the viewer has several.

    ``before`` is the period before, None where there was none lately. ``stage`` is the top's own.
    """

    form: Form
    period: date
    before: date | None
    top: Stay | None
    stage: Stage | None
    whole: Figures
    whole_before: Figures
    rows: tuple[Row, ...]
    worries: tuple[Worry, ...]


Trend = list[tuple[date, Figures]]
"""The figures of each period, the earliest first."""


def find_forms() -> list[Form]:
    """Return the forms that anybody owes, by code."""
    return list(Form.objects.exclude(schedules=None).distinct().order_by("code"))


def get_overview(viewer: Viewer, form: Form, day: date, within: str, now: datetime) -> Overview:
    """Return the situation of a subtree for the form's latest period up to the day.

    At most eight queries, whatever the number of units, which read the units, the changes of their
    numbers of people, and the counters of two periods once and of one period again. ``within`` is a
    unit's code, or empty for all that the viewer sees.
    """
    owed = Owing(form)
    period, before = _last_two(owed.periods(day) or [day])
    found = _Found(viewer, owed, within, before or period, period)
    top = found.branch.top(period)
    rows = found.rows(top, before, period)
    return Overview(
        form=form,
        period=period,
        before=before,
        top=top,
        stage=owed.stage(top, period, now) if top else None,
        whole=found.whole(period),
        whole_before=found.whole(before) if before else _NONE,
        rows=tuple(sorted(rows, key=lambda row: _row_order(row, top))),
        worries=found.worries(period, now),
    )


def get_trend(viewer: Viewer, form: Form, day: date, within: str, now: datetime) -> Trend:
    """Return the figures of a subtree as a whole for the periods of the 30 days up to the day.

    Only what was received, and the signs that worry. At most a query a day and six, whatever the
    number of units, which read the counters of these periods: of a large group, only those that can
    have changed since this process read them last.
    """
    owed = Owing(form)
    periods = owed.periods(day) or [day]
    return _Found(viewer, owed, within, periods[0], periods[-1], _all).trend(periods, now)


def _all(_stay: Stay) -> int:
    """The group of a unit where all are one."""
    return ALL


def _last_two(periods: Sequence[date]) -> tuple[date, date | None]:
    return periods[-1], periods[-2] if len(periods) > 1 else None


class _Found:
    """What is known of a branch from a period to a period, read once."""

    def __init__(
        self, viewer: Viewer, owed: Owing, within: str, since: date, last: date,
        group_of: Callable[[Stay], int] | None = None,
    ) -> None:  # fmt: skip
        self.owed, self.since, self.until = owed, since, last + timedelta(days=1)
        self.branch = branches.find_branch(viewer, within, since, self.until)
        self.expected = Expected(owed, self.branch.stays, since, self.until, group_of)
        self.names = counting.names()
        self._by_row: dict[tuple[int, date], Figures] = {}

    def rows(self, top: Stay | None, before: date | None, period: date) -> list[Row]:
        days = (before or period, self.until)
        row_of = self.branch.row_of(top)
        self._by_row = self._figures(days, row_of)
        rows = [(stay, row_of(stay)) for stay in self.branch.on(period)]
        below = Counter(row for _stay, row in rows)
        return [
            Row(
                unit=stay,
                below=0 if stay is top else below[stay.unit_id] - 1,
                now=self._by_row.get((stay.unit_id, period), _NONE),
                before=self._by_row.get((stay.unit_id, before), _NONE) if before else _NONE,
            )
            for stay, row in rows
            if row == stay.unit_id
        ]

    def whole(self, period: date) -> Figures:
        """Return what all rows come to, and units too that had a row of their own only then."""
        return _together(figures for (_row, day), figures in self._by_row.items() if day == period)

    def worries(self, period: date, now: datetime) -> tuple[Worry, ...]:
        watched = [sign for sign in signs.of(self.owed.form.code) if sign.gravity]
        only = {RECEIVED, *(name for sign in watched for name in sign.indicators)}
        figures = self._figures((period, self.until), lambda stay: stay.unit_id, only)
        units = {stay.unit_id: stay for stay in self.branch.on(period)}
        found = [
            Worry(unit=units[pk], concerns=why, reporting=of_unit.reporting)
            for (pk, _day), of_unit in figures.items()
            if (why := self._concerns(units[pk], of_unit, watched, period, now))
        ]
        return tuple(sorted(found, key=lambda one: (concerns.order(one.concerns), one.unit.code)))

    def _concerns(
        self, unit: Stay, figures: Figures, watched: Sequence[Sign], period: date, now: datetime
    ) -> tuple[Concern, ...]:
        came = figures.reporting
        is_due = came.missing > 0 and self.expected.count_due(unit, period, now) > came.received
        return concerns.find(watched, figures.counts, came, is_due=is_due)

    def trend(self, periods: Sequence[date], now: datetime) -> Trend:
        watched = [sign for sign in signs.of(self.owed.form.code) if sign.gravity]
        only = {RECEIVED, RECEIVED_ON_TIME, *(name for one in watched for name in one.indicators)}
        figures = self._figures((self.since, self.until), _all, only, now)
        return [(day, figures.get((ALL, day), _NONE)) for day in periods]

    def _figures(
        self,
        days: tuple[date, date],
        group_of: Callable[[Stay], int],
        only: Iterable[str] | None = None,
        now: datetime | None = None,
    ) -> dict[tuple[int, date], Figures]:
        stays = self.branch.stays
        counts = counting.sums(self.owed.form.pk, stays, days, group_of, self.names, only, now)
        expected = self.expected.sums(*days, group_of)
        return {
            key: Figures(
                reporting=situation.reporting(expected.get(key, 0), counts.get(key, NOTHING)),
                counts=counts.get(key, NOTHING),
            )
            for key in counts.keys() | expected.keys()
        }


_NONE = Figures(reporting=Reporting(), counts=NOTHING)


def _together(parts: Iterable[Figures]) -> Figures:
    found = list(parts)
    return Figures(
        reporting=situation.sum_up(part.reporting for part in found),
        counts=situation.combine(*(part.counts for part in found)),
    )


def _row_order(row: Row, top: Stay | None) -> tuple[bool, float, str]:
    """Put the top itself first, then the lowest rates, which are what the reader looks for."""
    rate = row.now.reporting.rate
    return row.unit is not top, 2.0 if rate is None else rate, row.unit.code
