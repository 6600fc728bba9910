"""Risk points: their grade by a published method, and how they stand while a measure is weakened.

A method multiplies scores: LEC, D = L × E × C (Graham and Kinney, "A Practical Safety Analysis
System for Hazards Control", 1980; Kinney and Wiruth, NWC TP 5865, 1976), or a matrix, R = L × S.
Editions disagree on where grades begin and whether the very number belongs above or below: so both
are data (``Bound``). The four levels and their colours are those of China's dual prevention.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from math import prod


class Level(IntEnum):
    """How bad a risk is; the greater the worse."""

    LOW = 1
    GENERAL = 2
    LARGER = 3
    MAJOR = 4

    @property
    def word(self) -> str:
        """The name by which pages and files know it."""
        return self.name.lower()


class Edge(StrEnum):
    """Where the very number of a bound belongs."""

    UPPER = "upper"
    """To the level that begins there: D ≥ 320."""
    LOWER = "lower"
    """To the level beneath: D > 320."""


class MethodRefused(ValueError):
    """A method, or scores, that cannot be; the argument is why: ``bounds``, ``factors``, ``score``.

    For a score the second argument is the factor's code.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """From which value on a level holds."""

    level: Level
    starts: float
    edge: Edge

    def is_reached(self, value: float) -> bool:
        return value > self.starts or (self.edge is Edge.UPPER and value == self.starts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """``factors``: the scores that may be given, by factor; ``bounds``: the worst level first.

    What reaches no bound is LOW.
    """

    factors: Mapping[str, frozenset[float]]
    bounds: Sequence[Bound]


@dataclass(frozen=True, slots=True, kw_only=True)
class Grading:
    value: float
    level: Level


def refuse(method: Method) -> None:
    """Raise MethodRefused for a method by which nothing can be graded, or a worse risk better."""
    if not method.factors or any(not values for values in method.factors.values()):
        raise MethodRefused("factors")
    if any(value <= 0 for values in method.factors.values() for value in values):
        raise MethodRefused("factors")
    levels = [bound.level for bound in method.bounds]
    starts = [bound.starts for bound in method.bounds]
    in_order = levels == sorted(set(levels), reverse=True) and Level.LOW not in levels
    if not levels or not in_order or starts != sorted(set(starts), reverse=True):
        raise MethodRefused("bounds")


def grade(method: Method, scores: Mapping[str, float]) -> Grading:
    """Return the value and the level of a risk. Raises MethodRefused for a score of no meaning."""
    for code, values in method.factors.items():
        if scores.get(code) not in values:
            raise MethodRefused("score", code)
    # Sums of decimals as people write them: 0.2 × 15 × 6 is 18, and not a hair more or less.
    value = round(prod(scores[code] for code in method.factors), 6)
    reached = (bound.level for bound in method.bounds if bound.is_reached(value))
    return Grading(value=value, level=next(reached, Level.LOW))


@dataclass(frozen=True, slots=True, kw_only=True)
class Weakness:
    """A measure of a risk point against which a hazard is open; major by its criteria or not."""

    is_major: bool = False


def find_current(level: Level, weaknesses: Iterable[Weakness]) -> Level:
    """Return how a risk point stands now: the grade holds as long as its measures do.

    Each weakened measure makes it one level worse, and a major hazard makes it major at once: the
    grade was given for a place where all the measures work.
    """
    open_ones = list(weaknesses)
    if any(one.is_major for one in open_ones):
        return Level.MAJOR
    return Level(min(Level.MAJOR, level + len(open_ones)))


def find_worst(levels: Iterable[Level]) -> Level | None:
    """Return the level by which an area is coloured: its worst; None where it has no risk point."""
    return max(levels, default=None)
