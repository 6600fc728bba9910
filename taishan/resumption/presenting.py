"""Verdicts as people read them: shared by the pages, the API, the files and the command line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from taishan.core.approvals import APPROVED_BY
from taishan.core.bounds import Conflict
from taishan.core.gate import Permission, Span, Verdict
from taishan.core.measuring import Measured, Source
from taishan.core.readings import Effect, Reason, Unknown, Unmet
from taishan.organisation.queries import UnitOnDay
from taishan.regulations import words
from taishan.regulations.queries import Library
from taishan.resumption.queries import UnitVerdict
from taishan.safety import words as stopping


def as_row(found: UnitVerdict, library: Library) -> dict[str, Any]:
    """Return a verdict with the field names of the API and of ``taishan verdicts``."""
    verdict = found.verdict
    return {
        "unit": found.unit.code,
        "day": verdict.day,
        "permitted": verdict.permitted.word,
        "state": verdict.state.word,
        "unknown": [f"{u.what}: {u.about}" for u in verdict.unknown],
        "on_site_limit": verdict.on_site_limit,
        "reasons": [_reason(reason, library) for reason in verdict.reasons],
        "unmet": [
            {
                "condition": unmet.demand.dimension,
                "needed": unmet.demand.amount,
                "at_most": unmet.demand.at_most,
                "have": unmet.have,
                "clause": unmet.clause.key,
            }
            for unmet in verdict.unmet
        ],
        "conflicts": [
            {
                "dimension": c.dimension,
                "stricter": c.stricter.key,
                "looser": c.looser.key,
                "holds": c.holds.key,
            }
            for c in verdict.conflicts
        ],
        "stops": [
            {
                "number": stop.pk,
                "since": stop.stopped_at,
                "ground": stop.ground,
                "red_line": stop.red_line.code if stop.red_line else None,
            }
            for stop in found.stops
        ],
        "changes_on": verdict.changes_on,
    }


def _reason(reason: Reason, library: Library) -> dict[str, str]:
    entry = library.entries[reason.clause.regulation]
    return {
        "clause": reason.clause.key,
        "citation": f"{entry.title.en} {entry.document}".strip(),
        "authority": reason.clause.authority.code,
        "effect": reason.effect.value,
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonInWords:
    """One clause on a unit's page."""

    key: str
    regulation: str
    effect: str
    effect_word: str
    title: str
    issuer: str
    document: str
    issued: date
    source: str
    confidence: str
    asks: str
    text: str
    starts: date
    last_day: date | None
    exempt: Sequence[str]


def reasons_in_words(verdict: Verdict, library: Library, lang: str) -> list[ReasonInWords]:
    """Return the clauses of a verdict, those that bind first."""
    order = [Effect.BINDS, Effect.CEILING, Effect.EXEMPT, Effect.OUTSIDE, Effect.RECOMMENDS]
    ranked = sorted(
        verdict.reasons,
        key=lambda r: (order.index(r.effect), r.clause.authority.rank, r.clause.key),
    )
    return [_in_words(reason, library, lang) for reason in ranked]


def _in_words(reason: Reason, library: Library, lang: str) -> ReasonInWords:
    clause = reason.clause
    entry = library.entries[clause.regulation]
    return ReasonInWords(
        key=clause.key,
        regulation=clause.regulation,
        effect=reason.effect.value,
        effect_word=effect_word(reason.effect),
        title=words.in_language(entry.title, lang),
        issuer=words.in_language(entry.issuer, lang),
        document=entry.document,
        issued=clause.issued,
        source=entry.source,
        confidence=words.confidence(entry.confidence),
        asks=words.requirement(clause.requirement),
        text=words.in_language(library.clause(clause.key).text, lang),
        starts=clause.starts,
        last_day=clause.ends - timedelta(days=1) if clause.ends else None,
        exempt=[words.kind_of_work(k) for k in sorted(clause.exempt_kinds)],
    )


def unmet_in_words(unmet: Unmet, library: Library, lang: str) -> dict[str, Any]:
    """Say what a condition needs, what is shown so far, and who asks for it."""
    entry = library.entries[unmet.clause.regulation]
    return {
        "condition": unmet.demand.dimension,
        "amount": unmet.demand.amount,
        "needs": words.demand(unmet.demand),
        "is_applied_for": unmet.demand.dimension.startswith(APPROVED_BY),
        "have": None if unmet.have is None else f"{unmet.have:g}",
        "issuer": words.in_language(entry.issuer, lang),
        "title": words.in_language(entry.title, lang),
        "regulation": entry.id,
    }


def measured_in_words(one: Measured, day: date) -> dict[str, str]:
    """Say what a unit's own numbers show, and where that is from."""
    age = (day - one.day).days
    of_day = {"day": date_format(one.day, pgettext("how a day is written", "j F"))}
    source = {
        Source.RETURN: _("from the unit's return of %(day)s"),
        Source.REPORTS: _("from its people's reports of %(day)s"),
    }[one.source] % of_day
    old = ngettext("%d day old", "%d days old", age) % age if age else _("of this day")
    return {
        "condition": one.fact.condition,
        "words": words.shown(one.fact.condition, round(one.fact.amount, 3)),
        "source": source,
        "age": old,
    }


def asked_for(verdict: Verdict) -> frozenset[str]:
    """Return the conditions that binding clauses ask for, and the general ones that serve them."""
    asked = [
        demand.dimension
        for reason in verdict.reasons
        if reason.effect is Effect.BINDS
        for demand in reason.clause.requirement.demands()
    ]
    return frozenset([*asked, *(f"{name.partition(':')[0]}:any" for name in asked)])


def sources(found: UnitVerdict) -> list[dict[str, str]]:
    """Return on which of the unit's own numbers the answer rests, of what is asked of it."""
    asked = asked_for(found.verdict)
    return [
        measured_in_words(one, found.verdict.day)
        for one in found.relied
        if one.fact.condition in asked
    ]


def conflict_in_words(conflict: Conflict, library: Library, lang: str) -> dict[str, str]:
    """Name the stricter and the looser regulation of a conflict, and the one that holds."""
    named = {
        "stricter": conflict.stricter,
        "looser": conflict.looser,
        "holds": conflict.holds,
    }
    titles = {
        role: words.in_language(library.entries[clause.regulation].title, lang)
        for role, clause in named.items()
    }
    return {**titles, "about": words.dimension(conflict.dimension)}


def effect_word(effect: Effect) -> str:
    """Say what a clause does to the unit."""
    return {
        Effect.BINDS: _("binds"),
        Effect.CEILING: _("ceiling: nobody below may ask for more"),
        Effect.EXEMPT: _("exempt"),
        Effect.OUTSIDE: _("does not reach this unit"),
        Effect.RECOMMENDS: _("recommended"),
    }[effect]


def unknown_in_words(unknown: Unknown, library: Library, lang: str) -> str:
    """Say what nobody has recorded."""
    if unknown.what == "rule":
        regulation, _sep, number = unknown.about.partition("#")
        return words.in_language(library.entries[regulation].unknown[int(number)].about, lang)
    if unknown.what == "fact":
        return _("not recorded: %(about)s") % {"about": words.condition(unknown.about)}
    if unknown.what == "scope":
        regulation, _sep, number = unknown.about.rpartition("/")
        about = f"{words.in_language(library.entries[regulation].title, lang)} ({number})"
        return _("whether “%(about)s”, which covers only a part, reaches this unit") % {
            "about": about
        }
    templates = {
        "rules": _("no rule of %(about)s is recorded"),
        "risk_level": _("the risk level of the unit's place (%(about)s) is not recorded"),
        "head_count": _("the head count of %(about)s is not recorded"),
    }
    return templates[unknown.what] % {"about": unknown.about}


def why(found: UnitVerdict, library: Library, lang: str) -> str:
    """Return one line: what decides the state, a stop-work before all else."""
    if not found.stops:
        return short_reason(found.verdict, library, lang)
    more = len(found.stops) - 1
    return stopping.line(found.stops[0], found.unit.time_zone) + (f" (+{more})" if more else "")


def short_reason(verdict: Verdict, library: Library, lang: str) -> str:
    """Return one line: what decides the state, stop-works apart."""
    is_shut_by_unit = verdict.state is Permission.SHUT and verdict.permitted < Permission.HOLIDAY
    if verdict.permitted > Permission.OPEN and not is_shut_by_unit:
        deciding = _deciding(verdict)
        if deciding is not None:
            entry = library.entries[deciding.clause.regulation]
            return f"{words.requirement(deciding.clause.requirement)} — " + (
                words.in_language(entry.issuer, lang)
            )
    if verdict.unmet:
        more = len(verdict.unmet) - 1
        first = words.demand(verdict.unmet[0].demand)
        return _("to show: %(first)s") % {"first": first} + (f" (+{more})" if more else "")
    return _("nothing recorded forbids it")


def _deciding(verdict: Verdict) -> Reason | None:
    wanted = {
        Permission.SHUT: "Suspend",
        Permission.HOLIDAY: "PublicHoliday",
        Permission.REMOTE: "RemoteOnly",
        Permission.STAGGERED: "Staggered",
        Permission.CAPPED: "OnSiteCap",
    }.get(verdict.permitted)
    binding = [r for r in verdict.reasons if r.effect is Effect.BINDS]
    found = [r for r in binding if type(r.clause.requirement).__name__ == wanted]
    return max(found, key=lambda r: (r.clause.ends or date.max, r.clause.key), default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A run of days of one state on a calendar strip, in days from its start."""

    x: int
    width: int
    state: str
    label: str


def strip(spans: Sequence[Span], starts: date) -> list[Bar]:
    """Return a unit's spans as bars, neighbours of one shade in one."""
    bars = []
    for state, run in groupby(spans, key=lambda span: shade(span.verdict)):
        same = list(run)
        first, end = same[0].starts, same[-1].ends
        bars.append(
            Bar(
                x=(first - starts).days,
                width=(end - first).days,
                state=state,
                label=f"{first} – {end - timedelta(days=1)}",
            )
        )
    return bars


def shade(verdict: Verdict) -> str:
    """Return the state to draw: a holiday is drawn as one, though nobody works on it."""
    holiday = verdict.permitted is Permission.HOLIDAY
    return Permission.HOLIDAY.word if holiday else verdict.state.word


def totals(found: Sequence[UnitVerdict]) -> Mapping[str, tuple[int, int]]:
    """Return units and people by state; people of unknown number are not counted."""
    result = {p.word: (0, 0) for p in Permission if p is not Permission.HOLIDAY}
    for one in found:
        units, people = result[one.verdict.state.word]
        result[one.verdict.state.word] = (units + 1, people + (one.unit.head_count or 0))
    return result


def unit_name(unit: UnitOnDay, lang: str) -> str:
    return unit.name_zh if lang == "zh" else unit.name_en


def place_name(unit: UnitOnDay, lang: str) -> str:
    return unit.place_zh if lang == "zh" else unit.place_en
