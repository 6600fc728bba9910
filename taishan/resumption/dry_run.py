"""What would change if a library were issued: which units' verdicts, on which days."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from taishan.core.gate import Permission, Span, Verdict
from taishan.organisation.queries import UnitOnDay
from taishan.regulations import queries as regulations
from taishan.regulations import schemas
from taishan.resumption import queries

Answer = tuple[Permission, Permission, int | None]
"""Permitted, state and on-site limit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One unit's verdict on ``first <= day <= last`` as it is and as it would be."""

    unit: str
    first: date
    last: date
    before: Answer
    after: Answer


def compare(
    library: schemas.Library, units: Sequence[UnitOnDay], starts: date, ends: date
) -> list[Change]:
    """Return the changes of ``starts <= day < ends`` were the library recorded; saves nothing."""
    now, then = regulations.get_library().rulebook, regulations.get_library_with(library).rulebook
    known = queries.Known(units, starts, ends, rulebook=now)
    changes: list[Change] = []
    for unit in units:
        before = _by_day(known.spans(unit, starts, ends))
        after = _by_day(known.spans(unit, starts, ends, then))
        changes += _runs(unit.code, before, after)
    return changes


def _by_day(spans: Iterable[Span]) -> dict[date, Answer]:
    return {
        span.starts + timedelta(days=n): _answer(span.verdict)
        for span in spans
        for n in range((span.ends - span.starts).days)
    }


def _answer(verdict: Verdict) -> Answer:
    return verdict.permitted, verdict.state, verdict.on_site_limit


def _runs(unit: str, before: dict[date, Answer], after: dict[date, Answer]) -> list[Change]:
    runs: list[Change] = []
    for day in sorted(before):
        if before[day] == after[day]:
            continue
        last = runs[-1] if runs else None
        follows = last is not None and last.last + timedelta(days=1) == day
        if last and follows and (last.before, last.after) == (before[day], after[day]):
            runs[-1] = replace(last, last=day)
        else:
            runs.append(
                Change(unit=unit, first=day, last=day, before=before[day], after=after[day])
            )
    return runs
