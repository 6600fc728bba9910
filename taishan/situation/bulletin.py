"""A situation report in the language of the page: the same numbers on screen and in files.

What is hidden from outsiders is shown as a star, which ``STAR_NOTE`` explains.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from taishan.core.situation import Reporting
from taishan.organisation.models import is_chinese
from taishan.situation import freezing, presenting, signs
from taishan.situation.freezing import Numbers
from taishan.situation.models import Edition, Publication, SituationReport
from taishan.situation.situation_reports import SECTIONS

STAR = "*"
STAR_NOTE = gettext_lazy(
    "* stands for 1 to 4 people, or for a number that would give such a number away."
)
SECTION_TITLES = {
    "epidemic": gettext_lazy("Epidemic situation"),
    "resumption": gettext_lazy("Return to work"),
    "supplies": gettext_lazy("Supplies"),
    "difficulties": gettext_lazy("Difficulties"),
    "next_steps": gettext_lazy("Next steps"),
}


def compose(report: SituationReport, edition: Edition) -> dict[str, Any]:
    """Return what the edition of the report says, ready to be shown or written to a file."""
    numbers = edition.numbers
    if report.for_outside:
        numbers = freezing.for_outside(numbers)
    zone = ZoneInfo(numbers["unit"]["time_zone"])
    return {
        "unit": _say(numbers["unit"]["name"]),
        "day": report.day,
        "as_of": local(edition.as_of, zone.key),
        "zone": zone.key,
        "is_outside": report.for_outside,
        "note": str(STAR_NOTE) if report.for_outside else "",
        "forms": [_form(form) for form in numbers["forms"]],
        "verdicts": [_verdict(one) for one in numbers["verdicts"]],
        "seal": _seal(numbers, zone.key),
        "sections": [(str(SECTION_TITLES[name]), getattr(edition, name)) for name in SECTIONS],
    }


def _seal(numbers: Numbers, zone: str) -> str:
    """Return the line of the ledger's seal; none in a report of before there were seals."""
    seal = numbers.get("seal")
    if not seal:
        return ""
    at = local(datetime.fromisoformat(seal["sealed_at"]), zone)
    return _("Seal of the ledger at %(instant)s: %(code)s") % {"instant": at, "code": seal["code"]}


def local(instant: datetime, zone: str) -> str:
    """Return an instant as a clock shows it there."""
    return date_format(instant.astimezone(ZoneInfo(zone)), "Y-m-d H:i")


def number_word(published: Publication) -> str:
    """Return the number as people cite it."""
    return _("No. %(number)d of %(year)d") % {"number": published.number, "year": published.year}


def _say(words: dict[str, str]) -> str:
    return words["zh" if is_chinese() else "en"]


def _verdict(one: Numbers) -> dict[str, Any]:
    return {"state": one["state"], "word": _say(one["word"]), "units": one["units"]}


def _form(form: Numbers) -> dict[str, Any]:
    now, before = _part(form["reporting"]), _part(form["reporting_before"])
    watched = [sign["key"] for sign in form["signs"]]
    return {
        "code": form["code"],
        "title": _say(form["title"]),
        "period": form["period"],
        "before": form["before"] or "",
        "reporting": now,
        "rate": presenting.percent(now.rate),
        "rate_on_time": presenting.percent(now.rate_on_time),
        "rate_before": presenting.percent(before.rate) if form["before"] else "—",
        "figures": [_figure(signs.word(one["key"]), one) for one in form["signs"]],
        "heads": [signs.word(key) for key in watched],
        "rows": [_row(row) for row in form["units"]],
        "worries": [_worry(one) for one in form["worries"]],
        "more_worries": form["worries_in_all"] - len(form["worries"]),
        "indicators": [_figure(_say(one["word"]), one) for one in form["indicators"]],
        "rate_chart": _chart(form, {_("reported, %"): _rate, _("on time, %"): _rate_on_time}),
        "sign_chart": _sign_chart(form),
    }


def _part(three: list[int]) -> Reporting:
    expected, received, on_time = three
    return Reporting(expected=expected, received=received, on_time=on_time)


def _figure(word: str, one: Numbers) -> dict[str, Any]:
    now, before = one["now"], one["before"]
    is_whole = isinstance(now, int) and isinstance(before, int)
    return {
        "word": word,
        "now": shown(now),
        "before": "—" if before is None else shown(before),
        "change": presenting.change(now, before) if is_whole else "",
    }


def shown(number: int | str | None) -> str:
    """Return a number as people write it; None is one that is hidden."""
    if number is None:
        return STAR
    return f"{number:,}" if isinstance(number, int) else number


def _row(row: Numbers) -> dict[str, Any]:
    part = _part(row["reporting"])
    return {
        "code": row["code"],
        "name": _say(row["name"]),
        "is_top": row["is_top"],
        "below": row["below"],
        "reporting": part,
        "rate": presenting.percent(part.rate),
        "signs": [shown(number) for number in row["signs"]],
    }


def _worry(one: Numbers) -> dict[str, Any]:
    return {
        "code": one["code"],
        "name": _say(one["name"]),
        "reasons": [(signs.word(kind), shown(amount)) for kind, amount in one["concerns"]],
    }


def _chart(form: Numbers, series: dict[str, Any]) -> dict[str, Any]:
    return {
        "kind": "line",
        "days": [date_format(date.fromisoformat(one["day"]), "m-d") for one in form["trend"]],
        "series": [
            {"word": word, "values": [value_of(one) for one in form["trend"]]}
            for word, value_of in series.items()
        ],
    }


def _rate(one: Numbers) -> float | None:
    return presenting.percents(_part(one["reporting"]).rate)


def _rate_on_time(one: Numbers) -> float | None:
    return presenting.percents(_part(one["reporting"]).rate_on_time)


def _sign_chart(form: Numbers) -> dict[str, Any] | None:
    keys = list(form["trend"][-1]["signs"]) if form["trend"] else []
    if not keys:
        return None

    def amounts(key: str) -> Any:
        return lambda one: one["signs"].get(key)

    return _chart(form, {signs.word(key): amounts(key) for key in keys})
