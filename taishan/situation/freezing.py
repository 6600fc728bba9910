"""The numbers of a situation report: read once, then kept as they were at that instant.

What is kept is plain JSON in both languages, whole numbers as numbers and others as text, so that
its digest is the same wherever it is worked out.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import translation

from taishan.core import suppression
from taishan.core.concerns import Sign
from taishan.core.situation import Reporting
from taishan.forms.models import Form
from taishan.ledger import queries as ledger
from taishan.organisation.access import Viewer
from taishan.organisation.models import UnitVersion
from taishan.situation import presenting, queries, signs
from taishan.situation.queries import Figures, Overview, Row, Trend, Worry

KEPT_WORRIES = 12
LANGUAGES = {"en": "en", "zh": "zh-hans"}
Numbers = dict[str, Any]


def take(
    viewer: Viewer, unit: UnitVersion, day: date, now: datetime, verdicts: Sequence[Numbers]
) -> Numbers:
    """Return the figures of a unit and all below it: for each form, its latest period by the day.

    ``verdicts`` is how many units are in which state, as whoever asks has found: each a ``state``,
    its ``word`` by language and ``units``. The viewer must see the whole of the unit's subtree.
    """
    forms = [_form(viewer, form, unit.unit.code, day, now) for form in queries.find_forms()]
    return {
        "day": str(day),
        "as_of": now.isoformat(),
        "unit": _unit(unit.unit.code, unit.name_en, unit.name_zh) | {"time_zone": unit.time_zone},
        "verdicts": list(verdicts),
        "forms": [form for form in forms if _is_owed(form)],
        "seal": _seal(),
    }


def _seal() -> Numbers | None:
    """Return the head of the ledger by now: a printed report carries it where nobody alters it."""
    seal = ledger.find_seal()
    return {"code": seal.code, "sealed_at": seal.sealed_at.isoformat()} if seal else None


def _unit(code: str, name_en: str, name_zh: str) -> Numbers:
    return {"code": code, "name": {"en": name_en, "zh": name_zh}}


def _form(viewer: Viewer, form: Form, within: str, day: date, now: datetime) -> Numbers:
    found = queries.get_overview(viewer, form, day, within, now)
    trend = queries.get_trend(viewer, form, day, within, now)
    watched = signs.of(form.code)
    return {
        "code": form.code,
        "title": {"en": form.title_en, "zh": form.title_zh},
        "period": str(found.period),
        "before": str(found.before) if found.before else None,
        "reporting": _reporting(found.whole.reporting),
        "reporting_before": _reporting(found.whole_before.reporting),
        "signs": [_sign(sign, found) for sign in watched],
        "indicators": _indicators(found),
        "units": [_row(row, found, watched) for row in found.rows if _owes(row)],
        "worries": [_worry(one) for one in found.worries[:KEPT_WORRIES]],
        "worries_in_all": len(found.worries),
        "trend": _trend(form, trend),
    }


def _is_owed(form: Numbers) -> bool:
    return any(form["reporting"]) or any(form["reporting_before"])


def _reporting(part: Reporting) -> list[int]:
    return [part.expected, part.received, part.on_time]


def _sign(sign: Sign, found: Overview) -> Numbers:
    return {
        "key": sign.key,
        "now": sign.amount(found.whole.counts),
        "before": sign.amount(found.whole_before.counts) if found.before else None,
    }


def _indicators(found: Overview) -> list[Numbers]:
    definition = presenting.definition_of(found.form)
    kept = []
    for one in definition.indicators():
        words = {}
        for lang, code in LANGUAGES.items():
            with translation.override(code):
                words[lang] = presenting.indicator_word(definition, one, lang)
        kept.append(
            {
                "word": words,
                "now": _amount(found.whole, one.name),
                "before": _amount(found.whole_before, one.name) if found.before else None,
            }
        )
    return kept


def _amount(figures: Figures, name: str) -> int | str:
    amount = figures.counts.get(name, Decimal(0))
    return int(amount) if amount == int(amount) else f"{amount:f}"


def _owes(row: Row) -> bool:
    """Tell whether the unit has to do with the form at all: an office owes no site's report."""
    return bool(row.now.reporting.expected or row.now.reporting.received)


def _row(row: Row, found: Overview, watched: Sequence[Sign]) -> Numbers:
    unit = row.unit
    return _unit(unit.code, unit.name_en, unit.name_zh) | {
        "is_top": unit is found.top,
        "below": row.below,
        "reporting": _reporting(row.now.reporting),
        "signs": [sign.amount(row.now.counts) for sign in watched],
    }


def _worry(one: Worry) -> Numbers:
    return _unit(one.unit.code, one.unit.name_en, one.unit.name_zh) | {
        "concerns": [[why.kind, why.amount] for why in one.concerns]
    }


def _trend(form: Form, trend: Trend) -> list[Numbers]:
    grave = presenting.grave(form)
    return [
        {
            "day": str(day),
            "reporting": _reporting(figures.reporting),
            "signs": {sign.key: sign.amount(figures.counts) for sign in grave},
        }
        for day, figures in trend
    ]


def for_outside(numbers: Numbers) -> Numbers:
    """Return the numbers as they leave the organisation: None where one is hidden.

    Left out altogether is what would give hidden numbers away by another sum: the numbers of a form
    add up among themselves, a unit by itself and with those below it stand side by side among the
    worries, and the day before was hidden by the sums of its own day.
    """
    return numbers | {"forms": [_form_for_outside(form) for form in numbers["forms"]]}


def _form_for_outside(form: Numbers) -> Numbers:
    columns = [
        suppression.suppress([row["signs"][at] for row in form["units"]])
        for at in range(len(form["signs"]))
    ]
    return form | {
        "signs": [
            sign | {"now": column.total, "before": None}
            for sign, column in zip(form["signs"], columns, strict=True)
        ],
        "units": [
            row | {"signs": [column.parts[at] for column in columns]}
            for at, row in enumerate(form["units"])
        ],
        "indicators": [],
        "worries": [],
        "worries_in_all": 0,
        "trend": [one | {"signs": {}} for one in form["trend"]],
    }
