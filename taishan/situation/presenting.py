"""The situation as people read it: numbers with their change, and the way to their names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from taishan.core.answers import Definition, Indicator, say
from taishan.core.concerns import Sign
from taishan.core.schedules import Stage
from taishan.core.situation import NOTHING, Counts
from taishan.forms import queries as forms
from taishan.forms.models import Form, FormVersion
from taishan.kit import tables
from taishan.organisation.access import Capability, Viewer
from taishan.organisation.models import is_chinese
from taishan.organisation.scope import Scope
from taishan.situation import signs
from taishan.situation.queries import Figures, Overview, Row, Trend, Worry

SHOWN_WORRIES = 8


def percent(rate: float | None) -> str:
    """Return a rate in percent, cut and not rounded: 99.96 % is not all."""
    if rate is None:
        return "—"
    return f"{int(rate * 1000) / 10:g} %"


def change(now: int, before: int) -> str:
    """Return a change with its sign, empty where there is none."""
    return f"{now - before:+,}".replace("-", "−") if now != before else ""


def title(form: Form) -> str:
    return form.title_zh if is_chinese() else form.title_en


def stage_word(stage: Stage) -> str:
    return {
        Stage.NOT_OPEN: _("not open yet"),
        Stage.OPEN: _("open, not due yet"),
        Stage.DUE: _("due now"),
        Stage.LATE: _("late from now on"),
        Stage.CLOSED: _("closed"),
    }[stage]


def list_address(scope: Scope, form: Form, kind: str, within: str, *, is_own: bool = False) -> str:
    """Return the address of the names behind a number, of a unit alone or of all below it too."""
    query = urlencode({"list": kind, "form": form.code} | ({"own": "1"} if is_own else {}))
    return f"{reverse('situation:people')}?{scope.query(within=within)}&{query}"


def may_see_health(viewer: Viewer, overview: Overview) -> bool:
    """Tell whether the viewer may see what the whole adds up to of people's health.

    Whoever sees a unit only as its employee would know of whom a small number speaks.
    """
    return all(is_for(viewer, overview.form, row.unit.path) for row in overview.rows)


def is_for(viewer: Viewer, form: Form, path: str) -> bool:
    return not form.is_personal_health or viewer.may(Capability.SEE_PEOPLE, path)


def tiles(scope: Scope, viewer: Viewer, found: Overview) -> list[dict[str, Any]]:
    """Return the numbers of the whole: what came, then each sign."""
    within = found.top.code if found.top else ""
    now, was = found.whole.reporting, found.whole_before.reporting
    shown = [
        {
            "label": _("Reporting rate"),
            "number": percent(now.rate),
            "word": "",
            "note": _("the time before: %s") % percent(was.rate) if found.before else "",
        },
        _tile(scope, found, "not_reported", (now.missing, was.missing), within),
        _tile(
            scope, found, "late", (now.received - now.on_time, was.received - was.on_time), within
        ),
    ]
    if may_see_health(viewer, found):
        shown += [
            _tile(scope, found, sign.key, _amounts(sign, found.whole, found.whole_before), within)
            for sign in signs.of(found.form.code)
        ]
    return shown


def _tile(
    scope: Scope, found: Overview, kind: str, amounts: tuple[int, int], within: str
) -> dict[str, Any]:
    moved = change(*amounts)
    return {
        "label": signs.word(kind),
        "number": f"{amounts[0]:,}",
        "word": moved if found.before else "",
        "href": list_address(scope, found.form, kind, within),
    }


def _amounts(sign: Sign, now: Figures, before: Figures) -> tuple[int, int]:
    return sign.amount(now.counts), sign.amount(before.counts)


def grave(form: Form) -> list[Sign]:
    """Return the signs that have a column in the table of units."""
    return [sign for sign in signs.of(form.code) if sign.gravity]


def rows(
    scope: Scope, viewer: Viewer, found: Overview, shown: Sequence[Row]
) -> list[dict[str, Any]]:
    """Return a page of the table's rows: each unit with all below it, the top by itself."""
    return [_row(scope, viewer, found, row) for row in shown]


def _row(scope: Scope, viewer: Viewer, found: Overview, row: Row) -> dict[str, Any]:
    now, unit = row.now.reporting, row.unit
    is_top = unit is found.top
    cells = []
    for sign in grave(found.form):
        amounts = _amounts(sign, row.now, row.before)
        cells.append(
            {
                "word": signs.word(sign.key),
                "number": f"{amounts[0]:,}",
                "change": change(*amounts) if found.before else "",
                "href": list_address(scope, found.form, sign.key, unit.code, is_own=is_top),
                "is_shown": is_for(viewer, found.form, unit.path),
            }
        )
    return {
        "unit": unit,
        "below": row.below,
        "is_top": is_top,
        "reporting": now,
        "rate": percent(now.rate),
        "rate_on_time": percent(now.rate_on_time),
        "missing_href": list_address(scope, found.form, "not_reported", unit.code, is_own=is_top),
        "signs": cells,
    }


def worries(scope: Scope, viewer: Viewer, found: Overview) -> list[dict[str, Any]]:
    """Return the first units to worry about, each with its reasons in words and their names."""
    mine = [one for one in found.worries if is_for(viewer, found.form, one.unit.path)]
    return [_worry(scope, found.form, one) for one in mine[:SHOWN_WORRIES]]


def _worry(scope: Scope, form: Form, one: Worry) -> dict[str, Any]:
    lists = {"silent": "not_reported"}
    return {
        "unit": one.unit,
        "reasons": [
            {
                "word": signs.word(why.kind),
                "number": f"{why.amount:,}",
                "href": list_address(
                    scope, form, lists.get(why.kind, why.kind), one.unit.code, is_own=True
                ),
            }
            for why in one.concerns
        ],
    }


def rate_chart(trend: Trend) -> dict[str, Any]:
    """Return the trend of the reporting rate, in percent."""
    parts = [figures.reporting for _day, figures in trend]
    return {
        "kind": "line",
        "days": [date_format(day, "m-d") for day, _figures in trend],
        "series": [
            {"word": _("reported, %"), "values": [percents(part.rate) for part in parts]},
            {"word": _("on time, %"), "values": [percents(part.rate_on_time) for part in parts]},
        ],
    }


def percents(rate: float | None) -> float | None:
    """Return a rate in percent as a number, cut as ``percent`` cuts it."""
    return None if rate is None else int(rate * 1000) / 10


def sign_chart(form: Form, trend: Trend) -> dict[str, Any]:
    """Return the trend of the signs that worry."""
    return {
        "kind": "line",
        "days": [date_format(day, "m-d") for day, _figures in trend],
        "series": [
            {
                "word": signs.word(sign.key),
                "values": [sign.amount(figures.counts) for _day, figures in trend],
            }
            for sign in grave(form)
        ],
    }


def definition_of(form: Form) -> Definition:
    """Return what the form asks by its version in force, or by its last one."""
    latest = forms.find_versions(form.code).exclude(state=FormVersion.State.DRAFT)
    in_force = latest.filter(state=FormVersion.State.PUBLISHED).first()
    return forms.get_definition(in_force or latest[0])


def numbers(scope: Scope, found: Overview, definition: Definition) -> list[dict[str, Any]]:
    """Return every number of the form for the whole, with its change and the way to its list."""
    within = found.top.code if found.top else ""
    return [
        {
            "word": indicator_word(definition, one, scope.lang),
            "number": plain(found.whole.counts, one.name),
            "before": plain(found.whole_before.counts, one.name) if found.before else "—",
            "href": list_address(scope, found.form, one.name, within),
        }
        for one in definition.indicators()
    ]


def plain(counts: Counts, name: str) -> str:
    """Return an amount as people write it."""
    amount = counts.get(name, 0)
    return f"{int(amount):,}" if amount == int(amount) else f"{amount:,f}"


def indicator_word(definition: Definition, indicator: Indicator, lang: str) -> str:
    """Return the words of a number: of its question, and of the choice it counts."""
    question = next(one for one, _path in definition.walk() if one.name == indicator.question)
    if not indicator.choice and indicator.name != question.name:
        return signs.word_of(definition.code, indicator.name)
    words = say(question.labels, lang) or question.name
    choice = next((one for one in question.choices if one.name == indicator.choice), None)
    return f"{words} {say(choice.labels, lang) or choice.name}" if choice else words


def sheet(found: Overview, viewer: Viewer) -> bytes:
    """Return the page's table as an xlsx file: the same numbers, the whole first."""
    watched = signs.of(found.form.code)
    heads = [
        _("unit"), _("name"), _("units below"), _("expected"), _("received"), _("on time"),
        _("reporting rate"), _("rate on time"), *(signs.word(sign.key) for sign in watched),
    ]  # fmt: skip
    all_seen = may_see_health(viewer, found)
    lines = [_line("", _("all together"), None, found.whole, watched if all_seen else ())]
    for row in found.rows:
        seen = watched if is_for(viewer, found.form, row.unit.path) else ()
        lines.append(_line(row.unit.code, row.unit.name, row.below, row.now, seen))
    return tables.write_xlsx("situation", heads, lines)


def _line(
    code: str, name: str, below: int | None, now: Figures, shown: Iterable[Sign]
) -> Sequence[tables.Cell]:
    part = now.reporting
    rates = [None if rate is None else round(rate, 4) for rate in (part.rate, part.rate_on_time)]
    amounts = [sign.amount(now.counts or NOTHING) for sign in shown]
    return [code, name, below, part.expected, part.received, part.on_time, *rates, *amounts]
