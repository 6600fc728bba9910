"""Schedules as people say them: how often, by which hours, owed by whom."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from taishan.core import recurrence
from taishan.core.recurrence import Often
from taishan.core.schedules import Mark
from taishan.reporting.models import Schedule

MARKS = ("opens", "due", "late", "closes")
WEEKDAYS = {
    "MO": gettext_lazy("Monday"),
    "TU": gettext_lazy("Tuesday"),
    "WE": gettext_lazy("Wednesday"),
    "TH": gettext_lazy("Thursday"),
    "FR": gettext_lazy("Friday"),
    "SA": gettext_lazy("Saturday"),
    "SU": gettext_lazy("Sunday"),
}
OFTEN = {
    Often.DAILY: gettext_lazy("every day"),
    Often.WORKING_DAYS: gettext_lazy("on working days, Monday to Friday"),
    Often.WEEKLY: gettext_lazy("every week, on"),
    Often.MONTHLY: gettext_lazy("every month, on"),
    Often.TURNS: gettext_lazy("in turns, days on and days off"),
    Often.RULE: gettext_lazy("by a rule of its own"),
}


def mark(name: str) -> str:
    return {
        "opens": _("Opens"),
        "due": _("Is due"),
        "late": _("Is late from"),
        "closes": _("Closes"),
    }[name]


def mark_help(name: str) -> str:
    return {
        "opens": _("From then on it can be given."),
        "due": _("Who has not reported by then may be reminded; it is still on time."),
        "late": _("What comes from then on counts as late."),
        "closes": _("What has not come is missed; what comes now is a correction to accept."),
    }[name]


def offset(days: int) -> str:
    """Say on which day, counted from the first of the period, something happens."""
    if days in (-1, 0, 1):
        return {-1: _("the day before"), 0: _("the same day"), 1: _("the next day")}[days]
    if days < 0:
        return ngettext("%d day before", "%d days before", -days) % -days
    return ngettext("%d day later", "%d days later", days) % days


def month_day(day: int) -> str:
    return _("the last day") if day == recurrence.LAST_DAY else _("day %d") % day


def how_often(row: Schedule) -> str:
    """Say how often, as one would choose it; what no word fits, as the rule itself."""
    found = recurrence.in_words(row.rule, row.days_on)
    word = str(OFTEN[found.often])
    if found.often == Often.WEEKLY:
        days = [str(name) for key, name in WEEKDAYS.items() if key in found.weekdays]
        return f"{word} {_(', ').join(days)}"
    if found.often == Often.MONTHLY and found.month_day is not None:
        return f"{word} {month_day(found.month_day)}"
    if found.often == Often.TURNS:
        return _("%(on)d days on, %(off)d off") % {"on": found.days_on, "off": found.days_off}
    return row.rule if found.often == Often.RULE else word


def hours(row: Schedule) -> list[str]:
    """Return the local hours of a schedule, one after the other."""
    said = []
    for name in MARKS:
        at = Mark(day=getattr(row, f"{name}_day"), at=getattr(row, f"{name}_at"))
        day = f" ({offset(at.day)})" if at.day else ""
        said.append(f"{mark(name)} {at.at:%H:%M}{day}")
    return said
