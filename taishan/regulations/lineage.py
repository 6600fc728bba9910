"""What each regulation replaced or withdrew, and what replaced or withdrew it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from taishan.regulations import schemas

Entries = Mapping[str, schemas.RegulationEntry]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One regulation takes the place of another, or of some of its clauses, from a day."""

    later: schemas.RegulationEntry
    earlier: schemas.RegulationEntry
    clauses: tuple[str, ...] | None
    starts: date
    is_withdrawal: bool

    def reaches(self, clause: str) -> bool:
        """Tell whether the step ends a clause of the earlier regulation."""
        return self.clauses is None or clause in self.clauses


@dataclass(frozen=True, slots=True, kw_only=True)
class Lineage:
    """The steps that a regulation made (``before``), and those that were made upon it."""

    before: list[Step] = field(default_factory=list)
    after: list[Step] = field(default_factory=list)


def trace(entries: Entries) -> Mapping[str, Lineage]:
    """Return the lineage of each regulation among the entries, by its id."""
    found: dict[str, Lineage] = defaultdict(Lineage)
    for later in sorted(entries.values(), key=lambda e: (e.issued, e.id)):
        for is_withdrawal, references in ((False, later.replaces), (True, later.withdraws)):
            for reference in references:
                earlier = entries.get(reference.regulation)
                if earlier is not None:
                    step = _step(later, earlier, reference, is_withdrawal=is_withdrawal)
                    found[later.id].before.append(step)
                    found[earlier.id].after.append(step)
    return found


def _step(
    later: schemas.RegulationEntry,
    earlier: schemas.RegulationEntry,
    reference: schemas.Reference,
    *,
    is_withdrawal: bool,
) -> Step:
    clauses = None if reference.clauses is None else tuple(reference.clauses)
    starts = (reference.starts or later.issued).date()
    return Step(
        later=later, earlier=earlier, clauses=clauses, starts=starts, is_withdrawal=is_withdrawal
    )
