"""What one clause can require: a closed set of small types (DESIGN 5.1).

Every requirement is read as *demands*: a dimension, an amount, and which way is stricter.
Dimensions are plain strings, ``kind`` or ``kind:subject`` (``stock:mask``, ``quarantine:low``),
so that facts, attestations and forms can name the same thing without importing this module.
A requirement's ``family`` is the kind of its dimensions: it speaks of no other.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import ClassVar, Literal

MODE = "mode"
HOLIDAY = "holiday"
CAP = "cap"
GATHERING = "gathering"

LIMITS = frozenset({MODE, HOLIDAY, CAP, GATHERING})
"""Dimensions that limit work by themselves; all others are conditions that a fact must meet."""


class Mode(IntEnum):
    """How on-site work may be done, from the loosest to the strictest."""

    OPEN = 0
    STAGGERED = 1
    REMOTE = 2
    SUSPENDED = 3


class Origin(StrEnum):
    """Where somebody arrives from, as quarantine rules distinguish it."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    EPIDEMIC_AREA = "epidemic_area"
    ABROAD = "abroad"


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """One point on one ordered scale. ``at_most``: the smaller amount is the stricter."""

    dimension: str
    amount: float
    at_most: bool = False

    @property
    def strictness(self) -> float:
        """A number that grows with strictness, comparable within the dimension only."""
        return -self.amount if self.at_most else self.amount

    def is_met_by(self, amount: float) -> bool:
        return amount <= self.amount if self.at_most else amount >= self.amount

    @property
    def is_void(self) -> bool:
        """Whether there is nothing to show, as with a quarantine of no days."""
        return self.amount <= 0 and not self.at_most


@dataclass(frozen=True, slots=True, kw_only=True)
class Unrestricted:
    """Work on site may go on. Says something only as a ceiling: nobody below may ask for more."""

    family: ClassVar[str] = MODE

    def demands(self) -> tuple[Demand, ...]:
        return (Demand(dimension=MODE, amount=Mode.OPEN),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Staggered:
    """On-site work in staggered hours, without gathering."""

    family: ClassVar[str] = MODE

    def demands(self) -> tuple[Demand, ...]:
        return (Demand(dimension=MODE, amount=Mode.STAGGERED),)


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteOnly:
    """Work from home only."""

    family: ClassVar[str] = MODE

    def demands(self) -> tuple[Demand, ...]:
        return (Demand(dimension=MODE, amount=Mode.REMOTE),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspend:
    """No on-site work."""

    family: ClassVar[str] = MODE

    def demands(self) -> tuple[Demand, ...]:
        return (Demand(dimension=MODE, amount=Mode.SUSPENDED),)


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicHoliday:
    """A day of rest by law."""

    family: ClassVar[str] = HOLIDAY

    def demands(self) -> tuple[Demand, ...]:
        return (Demand(dimension=HOLIDAY, amount=1),)


@dataclass(frozen=True, slots=True, kw_only=True)
class OnSiteCap:
    """At most so many on site: exactly one of a share of the head count, persons, or m² each.

    The amount in persons depends on the unit: see ``persons``; ``demands`` is therefore empty.
    """

    family: ClassVar[str] = CAP

    share: float | None = None
    headcount: int | None = None
    area_m2_per_person: float | None = None

    def __post_init__(self) -> None:
        if sum(v is not None for v in (self.share, self.headcount, self.area_m2_per_person)) != 1:
            raise ValueError("an on-site cap needs exactly one of share, headcount, area")

    def demands(self) -> tuple[Demand, ...]:
        return ()

    def persons(self, *, head_count: int | None, floor_area_m2: float | None) -> int | str:
        """Return the cap in persons, or the name of the fact that is missing."""
        if self.headcount is not None:
            return self.headcount
        if self.share is not None:
            return "head_count" if head_count is None else int(self.share * head_count + 1e-9)
        if floor_area_m2 is None:
            return "floor_area_m2"
        return int(floor_area_m2 / (self.area_m2_per_person or 1) + 1e-9)


@dataclass(frozen=True, slots=True, kw_only=True)
class GatheringCap:
    """No gathering of more than so many persons."""

    family: ClassVar[str] = GATHERING

    persons: int

    def demands(self) -> tuple[Demand, ...]:
        return (Demand(dimension=GATHERING, amount=self.persons, at_most=True),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarantine:
    """So many days apart before work, for arrivals from one origin (None: from anywhere)."""

    family: ClassVar[str] = "quarantine"

    days: int
    origin: Origin | None = None

    def demands(self) -> tuple[Demand, ...]:
        origins = tuple(Origin) if self.origin is None else (self.origin,)
        return tuple(Demand(dimension=f"quarantine:{o}", amount=self.days) for o in origins)


@dataclass(frozen=True, slots=True, kw_only=True)
class StockCover:
    """Supplies of an item for at least so many days."""

    family: ClassVar[str] = "stock"

    item: str
    days: int

    def demands(self) -> tuple[Demand, ...]:
        return (Demand(dimension=f"stock:{self.item}", amount=self.days),)


@dataclass(frozen=True, slots=True, kw_only=True)
class AttestedCondition:
    """A condition the unit states that it meets, with evidence; in part, where a share is said.

    A reporting rate of 0.95 on the day before: ``condition`` reporting_rate, ``share`` 0.95.
    """

    family: ClassVar[str] = "attest"

    condition: str
    share: float = 1

    def demands(self) -> tuple[Demand, ...]:
        return (Demand(dimension=f"attest:{self.condition}", amount=self.share),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    """File with an authority (1) or obtain its approval (2) before work."""

    family: ClassVar[str] = "filing"

    mode: Literal["file", "approval"]
    to: str

    def demands(self) -> tuple[Demand, ...]:
        return (Demand(dimension=f"filing:{self.to}", amount=2 if self.mode == "approval" else 1),)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportingFrequency:
    """Measure or report something at least so many times a day."""

    family: ClassVar[str] = "report"

    what: str
    times_per_day: float

    def demands(self) -> tuple[Demand, ...]:
        return (Demand(dimension=f"report:{self.what}", amount=self.times_per_day),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dormitory:
    """At most so many persons a room and at least so many m² each; either may be left out."""

    family: ClassVar[str] = "dormitory"

    persons_per_room: int | None = None
    area_m2_per_person: float | None = None

    def demands(self) -> tuple[Demand, ...]:
        found = []
        if self.persons_per_room is not None:
            found.append(
                Demand(
                    dimension="dormitory:persons_per_room",
                    amount=self.persons_per_room,
                    at_most=True,
                )
            )
        if self.area_m2_per_person is not None:
            found.append(
                Demand(dimension="dormitory:area_m2_per_person", amount=self.area_m2_per_person)
            )
        return tuple(found)


Requirement = (
    Unrestricted
    | Staggered
    | RemoteOnly
    | Suspend
    | PublicHoliday
    | OnSiteCap
    | GatheringCap
    | Quarantine
    | StockCover
    | AttestedCondition
    | Filing
    | ReportingFrequency
    | Dormitory
)
