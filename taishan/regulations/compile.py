"""Library entries → the clauses, replacements and gaps of the core."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from taishan.core.clauses import Authority, Clause, Gap, Replacement, days_touched
from taishan.regulations import schemas

UNIT_RANK = 100
"""The group's own rules rank below every government."""


@dataclass(slots=True)
class Compiled:
    """What a set of regulations says, in the core's terms."""

    clauses: list[Clause] = field(default_factory=list)
    replacements: list[Replacement] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)


def compile_all(entries: Iterable[schemas.RegulationEntry], depths: Mapping[str, int]) -> Compiled:
    """Return the core's view of the entries; ``depths`` gives a place's rank, countries 0."""
    found = list(entries)
    ids = {entry.id: [clause.id for clause in entry.clauses] for entry in found}
    result = Compiled()
    for entry in found:
        result.clauses += [_clause(entry, clause, depths) for clause in entry.clauses]
        for reference in (*entry.replaces, *entry.withdraws):
            result.replacements.append(_replacement(entry, reference, ids))
        result.gaps += [_gap(entry, number, gap) for number, gap in enumerate(entry.unknown)]
    return result


def clause_key(regulation: str, clause: str) -> str:
    return f"{regulation}/{clause}"


def _clause(
    entry: schemas.RegulationEntry, clause: schemas.ClauseEntry, depths: Mapping[str, int]
) -> Clause:
    unit = entry.authority.removeprefix("unit:") if entry.authority.startswith("unit:") else None
    rank = UNIT_RANK if unit else depths.get(entry.authority, 0)
    starts, ends = days_touched(clause.starts or entry.issued, clause.until)
    place = clause.place or (None if unit else entry.authority)
    return Clause(
        key=clause_key(entry.id, clause.id),
        regulation=entry.id,
        authority=Authority(code=entry.authority, rank=rank),
        requirement=clause.require.requirement(),
        issued=entry.issued.date(),
        starts=starts,
        ends=ends,
        place=place,
        unit=None if place else unit,
        except_places=frozenset(clause.except_places),
        kinds=frozenset(clause.covers.kinds),
        exempt_kinds=frozenset(clause.exempts.kinds),
        risk_levels=frozenset(clause.covers.risk_levels),
        exempt_risk_levels=frozenset(clause.exempts.risk_levels),
        over_headcount=clause.covers.over_headcount,
        facilities=frozenset(clause.covers.facilities),
        ceiling=clause.bound == "ceiling",
        recommended=clause.force == "recommended",
        targeted=clause.scope == "targeted",
        red_line=clause.red_line,
    )


def _replacement(
    entry: schemas.RegulationEntry, reference: schemas.Reference, ids: Mapping[str, list[str]]
) -> Replacement:
    named = ids.get(reference.regulation, []) if reference.clauses is None else reference.clauses
    starts: date = (reference.starts or entry.issued).date()
    return Replacement(
        clauses=frozenset(clause_key(reference.regulation, clause) for clause in named),
        issued=entry.issued.date(),
        starts=starts,
    )


def _gap(entry: schemas.RegulationEntry, number: int, gap: schemas.GapEntry) -> Gap:
    starts, ends = days_touched(gap.starts, gap.until)
    return Gap(key=f"{entry.id}#{number}", place=gap.place, starts=starts, ends=ends)
