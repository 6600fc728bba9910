"""The months over which hazards are counted: kept in the address of a page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils.translation import gettext as _

from taishan.kit import days

DAY = timedelta(days=1)
YEAR = 12
FIRST, LAST = date(1990, 1, 1), date(2100, 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Months:
    """Whole months: the first day of the first one, and of the one after the last."""

    since: date
    until: date

    @property
    def last_day(self) -> date:
        return self.until - DAY

    @property
    def query(self) -> str:
        return urlencode(self.given)

    @property
    def given(self) -> dict[str, str]:
        """The months as an address gives them."""
        return {"since": f"{self.since:%Y-%m}", "last": f"{self.last_day:%Y-%m}"}

    @property
    def words(self) -> str:
        first, last = f"{self.since:%Y-%m}", f"{self.last_day:%Y-%m}"
        return first if first == last else f"{first} – {last}"

    def years(self) -> list[date]:
        """Return the first days of the years of which most months are in it."""
        months = Counter(day.year for day in self)
        return [date(year, 1, 1) for year, number in months.items() if number > YEAR // 2]

    def months(self) -> list[date]:
        """Return the first days of its months that are in none of those years."""
        years = {day.year for day in self.years()}
        return [day for day in self if day.year not in years]

    def others(self) -> list[date]:
        """Return the first days of the months of those years that are not in it."""
        whole = (add(year, number) for year in self.years() for number in range(YEAR))
        return [day for day in whole if not self.since <= day < self.until]

    def __iter__(self) -> Iterator[date]:
        day = self.since
        while day < self.until:
            yield day
            day = add(day, 1)


def add(first: date, number: int) -> date:
    """Return the first day of the month that is so many months on, or back."""
    at = first.year * YEAR + first.month - 1 + number
    return date(at // YEAR, at % YEAR + 1, 1)


def of(day: date, number: int = 1) -> Months:
    """Return so many months, of which the month of the day is the last."""
    until = add(min(max(day, FIRST), LAST - DAY).replace(day=1), 1)
    return Months(since=add(until, -number), until=until)


def offered(day: date) -> list[tuple[str, Months]]:
    """Return the periods that are one tap away, by their words."""
    first = of(day).since
    quarter = first.replace(month=(day.month - 1) // 3 * 3 + 1)
    return [
        (_("this month"), of(day)),
        (_("last month"), of(first - DAY)),
        (_("this quarter"), Months(since=quarter, until=add(quarter, 3))),
        (_("this year"), Months(since=first.replace(month=1), until=date(first.year + 1, 1, 1))),
        (_("12 months"), of(day, YEAR)),
    ]


def asked(request: HttpRequest, day: date) -> Months:
    """Return the months that an address names; that of the day where it names none."""
    try:
        since = days.read(f"{request.GET.get('since', '')}-01")
        last = days.read(f"{request.GET.get('last', '')}-01")
    except ValueError:
        return of(day)
    if not FIRST <= since <= last < LAST:
        return of(day)
    return Months(since=since, until=add(last, 1))
