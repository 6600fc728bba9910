"""Where an order stands that was taken apart level by level, and who holds it up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from taishan.core.duties import OPEN, State


class Reply(StrEnum):
    """What the last word on an open part was."""

    CONFIRMED = "confirmed"
    """Its debtor says that it is done; whoever it is owed to has not answered."""
    RETURNED = "returned"
    """Whoever it is owed to did not find it done, and said why."""


class Stage(StrEnum):
    """Where a part stands, as a picture shows it."""

    PENDING = "pending"
    DUE_SOON = "due_soon"
    OVERDUE = "overdue"
    CONFIRMED = "confirmed"
    RETURNED = "returned"
    ON_TIME = "on_time"
    LATE = "late"
    WAIVED = "waived"
    MISSED = "missed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What one unit or post owes of an order; ``parent_id`` None: straight to who gave it."""

    id: UUID
    parent_id: UUID | None
    due_at: datetime
    state: State
    reply: Reply | None = None

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def stage(self) -> Stage:
        """A reply matters while the part is open, an overdue hour only while nothing is said.

        What waits for an answer is not late by its debtor's fault.
        """
        if self.is_open and self.reply is Reply.CONFIRMED:
            return Stage.CONFIRMED
        if self.is_open and self.reply is Reply.RETURNED and self.state is not State.OVERDUE:
            return Stage.RETURNED
        return Stage(self.state.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """A part with all beneath it; ``counts`` is of the stages of both, ``depth`` 0 at the top."""

    part: Part
    depth: int
    counts: Mapping[Stage, int]
    branches: tuple[Branch, ...]

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def ended(self) -> int:
        return sum(n for stage, n in self.counts.items() if stage in ENDED)

    def walk(self) -> Iterator[Branch]:
        """Yield this branch and all beneath it, each before what is beneath it."""
        yield self
        for branch in self.branches:
            yield from branch.walk()


ENDED = frozenset({Stage.ON_TIME, Stage.LATE, Stage.WAIVED, Stage.MISSED})


def grow(parts: Iterable[Part]) -> tuple[Branch, ...]:
    """Return the trees of the parts, siblings in the order given.

    A part whose parent is not among them is a top: it is shown to who may not see above it.
    """
    rows = list(parts)
    known = {one.id for one in rows}
    beneath: dict[UUID | None, list[Part]] = {}
    for one in rows:
        above = one.parent_id if one.parent_id in known else None
        beneath.setdefault(above, []).append(one)
    return tuple(_branch(one, 0, beneath) for one in beneath.get(None, ()))


def _branch(part: Part, depth: int, beneath: Mapping[UUID | None, list[Part]]) -> Branch:
    branches = tuple(_branch(one, depth + 1, beneath) for one in beneath.get(part.id, ()))
    counts = Counter({part.stage: 1})
    for branch in branches:
        counts.update(branch.counts)
    return Branch(part=part, depth=depth, counts=counts, branches=branches)


def find_holding_up(tops: Iterable[Branch]) -> list[Branch]:
    """Return the open parts over nothing open: on them alone all above waits.

    Overdue ones first, among them the deepest, then by their hour.
    """
    holding = [
        branch
        for top in tops
        for branch in top.walk()
        if branch.part.is_open and not any(b.total > b.ended for b in branch.branches)
    ]
    return sorted(
        holding,
        key=lambda b: (b.part.state is not State.OVERDUE, -b.depth, b.part.due_at),
    )
