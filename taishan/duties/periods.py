"""The period of a scorecard: kept in the address of its page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils.translation import gettext as _

from taishan.kit import days

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """The days ``since <= day < until``."""

    since: date
    until: date

    @property
    def last(self) -> date:
        return self.until - DAY

    @property
    def query(self) -> str:
        return urlencode({"since": self.since, "last": self.last})


def month(day: date) -> Period:
    """Return the month of a day."""
    return _months(day.replace(day=1), 1)


def offered(day: date) -> list[tuple[str, Period]]:
    """Return the periods that are one tap away, by their words."""
    first = day.replace(day=1)
    quarter = first.replace(month=(day.month - 1) // 3 * 3 + 1)
    return [
        (_("this month"), month(day)),
        (_("last month"), month(first - DAY)),
        (_("this quarter"), _months(quarter, 3)),
        (_("this year"), _months(first.replace(month=1), 12)),
    ]


def _months(since: date, number: int) -> Period:
    end = since
    for _month in range(number):
        end = (end + timedelta(days=32)).replace(day=1)
    return Period(since=since, until=end)


def asked(request: HttpRequest, day: date) -> Period:
    """Return the period that an address names; the month of the day where it names none."""
    try:
        since = days.read(request.GET.get("since", ""))
        last = days.read(request.GET.get("last", ""))
    except ValueError:
        return month(day)
    if not since <= last:
        return month(day)
    return Period(since=since, until=last + DAY)
