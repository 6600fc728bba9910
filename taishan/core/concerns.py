"""Which units to worry about first, and why: from what their reports add up to on a day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from taishan.core.situation import Counts, Reporting

SILENT_GRAVITY = 4
MISSING_GRAVITY = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """A number that is watched: the sum of its indicators. ``gravity`` 0: it worries nobody."""

    key: str
    indicators: tuple[str, ...]
    gravity: int = 0

    def amount(self, counts: Counts) -> int:
        """Return the number in the counts; a part of a whole counts as nothing."""
        return int(sum(counts.get(name, 0) for name in self.indicators))


@dataclass(frozen=True, slots=True, kw_only=True)
class Concern:
    """One reason to worry: ``kind`` is a sign's key, ``silent`` or ``not_reported``."""

    kind: str
    amount: int
    gravity: int


def find(
    signs: Iterable[Sign], counts: Counts, reporting: Reporting, *, is_due: bool
) -> tuple[Concern, ...]:
    """Return the reasons to worry about a unit, the gravest first.

    What has not come is a reason only once it is due. A unit of which nothing at all has come is
    ``silent``: nobody knows how it is, which is graver than symptoms that are known.
    """
    found = [
        Concern(kind=sign.key, amount=amount, gravity=sign.gravity)
        for sign in signs
        if sign.gravity and (amount := sign.amount(counts)) > 0
    ]
    if is_due and reporting.missing:
        is_silent = not reporting.received
        found.append(
            Concern(
                kind="silent" if is_silent else "not_reported",
                amount=reporting.missing,
                gravity=SILENT_GRAVITY if is_silent else MISSING_GRAVITY,
            )
        )
    return tuple(sorted(found, key=_order))


def order(concerns: Sequence[Concern]) -> tuple[tuple[int, int], ...]:
    """Return the key by which units sort, the one to worry about most first.

    The gravest concern decides, then its amount, then the next gravest. No concern comes last.
    """
    return (*(_order(concern) for concern in concerns), (0, 0))


def _order(concern: Concern) -> tuple[int, int]:
    return -concern.gravity, -concern.amount
