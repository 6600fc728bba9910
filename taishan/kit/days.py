"""The days and instants that are reckoned with, however they are given.

Python and PostgreSQL know years 1 to 9999 and beyond, but a day of the last of them cannot be
carried into another time zone, nor be added to. Whoever types 9999-12-31 means *no end*: they are
told where they type it, and nothing that reckons with days later has to ask.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated

from django import forms
from django.utils.translation import gettext as _
from pydantic import AfterValidator, AwareDatetime

FIRST, LAST = date(1900, 1, 1), date(2199, 12, 31)
_BEGINS, _ENDS = datetime(1900, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


def read(text: str) -> date:
    """Return the day of a text such as 2020-02-12. Raises ValueError for anything else."""
    day = date.fromisoformat(text)
    if not FIRST <= day <= LAST:
        raise ValueError(expected())
    return day


def expected() -> str:
    """Say what a day looks like."""
    return _("a day of the years 1900 to 2199, such as 2020-02-12")


def is_reckoned(at: datetime) -> bool:
    """Tell whether the instant lies within those years."""
    return _BEGINS <= at < _ENDS


def _refuse_day(day: date) -> date:
    if not FIRST <= day <= LAST:
        raise ValueError("a day of the years 1900 to 2199")
    return day


def _refuse_instant(at: datetime) -> datetime:
    if not is_reckoned(at):
        raise ValueError("an instant of the years 1900 to 2199")
    return at


Day = Annotated[date, AfterValidator(_refuse_day)]
Instant = Annotated[AwareDatetime, AfterValidator(_refuse_instant)]
"""A day and an instant in what another system sends."""


def _refuse_years(value: date) -> None:
    """Refuse a day, or an instant on the clock it was given by."""
    if value.year < FIRST.year:
        raise forms.ValidationError(_("This lies before the year 1900."), code="min_value")
    if value.year > LAST.year:
        raise forms.ValidationError(
            _("This lies after the year 2199. Where there is no end, leave it empty."),
            code="max_value",
        )


class DayField(forms.DateField):
    """A day in a form, by the browser's own calendar.

    Its input takes ISO dates alone, whatever the language of the page.
    """

    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    default_validators = [_refuse_years]


class HourField(forms.DateTimeField):
    """A day and hour in a form, in the time zone of the page."""

    widget = forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"})
    default_validators = [_refuse_years]
