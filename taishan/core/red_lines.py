"""Red lines: for whom one holds, which unit alone may lift its breach, and who may lift it there.

Nothing here weighs what a stop costs: there is no way past the authority that a red line names.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum


class LiftedBy(StrEnum):
    """Whom a red line names as the one who may lift its breach."""

    UNIT_ABOVE = "unit_above"
    HEADQUARTERS = "headquarters"
    UNIT = "unit"
    """A unit named in the red line."""
    POST = "post"
    """A post named in the red line: whoever holds it on the day."""


class Bar(StrEnum):
    """Why somebody cannot lift a stop, or lift it so."""

    NOT_THE_AUTHORITY = "not_the_authority"
    HEADS_THE_UNIT = "heads_the_unit"
    ASKED_FOR_IT = "asked_for_it"
    """Who asked for the lifting does not lift: a second person does."""
    NO_REASON = "no_reason"
    NO_FILE = "no_file"
    """A breach of a red line is lifted on a file that shows the place to be safe."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Which kinds of unit and of work a red line holds for; an empty set is every kind."""

    unit_kinds: frozenset[str] = frozenset()
    kinds_of_work: frozenset[str] = frozenset()

    def holds(self, unit_kind: str, kinds_of_work: Collection[str]) -> bool:
        """Tell whether it holds for a unit of a kind that does some kinds of work."""
        of_kind = not self.unit_kinds or unit_kind in self.unit_kinds
        return of_kind and (not self.kinds_of_work or bool(self.kinds_of_work & {*kinds_of_work}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """How somebody stands to a stop: of its authority, head of the unit, who asked for lifting."""

    is_of_authority: bool = False
    heads_the_unit: bool = False
    asked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What is on record of the stop, and what whoever answers says."""

    breaks_red_line: bool = False
    has_file: bool = False
    reason: str = ""


def find_authority(
    lifted_by: LiftedBy, line: Sequence[int], *, above_may: bool, named: Sequence[int] = ()
) -> int:
    """Return the unit that alone may lift a stop at the last unit of a line, headquarters first.

    The unit above only where somebody there may, otherwise headquarters. ``named`` is the line of
    the unit that the red line names, or of the named post's: one at or below the stopped unit would
    judge its own case, so headquarters does.
    """
    top, stopped = line[0], line[-1]
    if lifted_by is LiftedBy.UNIT_ABOVE:
        return line[-2] if above_may and len(line) > 1 else top
    if lifted_by is LiftedBy.HEADQUARTERS or not named or stopped in named:
        return top
    return named[-1]


def find_bars_of_person(position: Position) -> tuple[Bar, ...]:
    """Return why somebody cannot answer a request to lift a stop; none where they can."""
    bars = {
        Bar.NOT_THE_AUTHORITY: not position.is_of_authority,
        Bar.HEADS_THE_UNIT: position.heads_the_unit,
        Bar.ASKED_FOR_IT: position.asked,
    }
    return tuple(bar for bar, holds in bars.items() if holds)


def find_bars(position: Position, case: Case, *, is_lifted: bool) -> tuple[Bar, ...]:
    """Return why a stop cannot be lifted, or left in force, so; none where it can.

    To leave a stop in force needs its reason, no file.
    """
    bars = {
        Bar.NO_REASON: not case.reason.strip(),
        Bar.NO_FILE: is_lifted and case.breaks_red_line and not case.has_file,
    }
    return (*find_bars_of_person(position), *(bar for bar, holds in bars.items() if holds))
