"""Where a unit's own return disagrees with the roster, or with what its people report themselves.

The return speaks of all the unit's people, their reports only of those who have reported. So a
number of the return agrees with any that the people who are still missing could make true; how far
it lies outside is the size of the disagreement.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from taishan.core.situation import Counts

ROSTER = "roster"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A number of the return, and what people report that bears on it.

    Who answered one of ``certain`` is in the number, unless they answered one of ``elsewhere`` too;
    who answered one of ``possible`` may be in it.
    """

    returned: str
    certain: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()
    possible: tuple[str, ...] = ()


APART = (
    "quarantine_status:home", "quarantine_status:designated_place",
    "quarantine_status:medical_observation",
)  # fmt: skip
RULES = (
    # Who can work on site need not have been there that day.
    Rule(returned="on_site", possible=("work_ability:on_site",)),
    # Who could have come may have been told to work from home; who is in quarantine counts there.
    Rule(
        returned="remote", certain=("work_ability:remote",), elsewhere=APART,
        possible=("work_ability:on_site",),
    ),
    Rule(returned="in_quarantine", certain=APART),
    Rule(returned="symptomatic", certain=("health_status:unwell",)),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """A number of the return beside the least and the most that it could be by the others."""

    name: str
    returned: int
    least: int
    most: int

    @property
    def size(self) -> int:
        """By how much they disagree, 0 where they do not; below 0: the return says too little."""
        return min(self.returned - self.least, 0) or max(self.returned - self.most, 0)


def compare(
    returned: Counts, roster: int, reported: Counts | None, missing: int
) -> tuple[Compared, ...]:
    """Return every number of a return that was received, beside what the others say.

    ``roster``: how many people the unit has on the day. ``reported``: what its people report, None
    where nobody owes such a report; ``missing``: how many of them have not reported yet.
    """
    found = [_compared(ROSTER, returned, roster, roster)]
    if reported is not None:
        for rule in RULES:
            certain = _sum(reported, rule.certain)
            least = max(certain - _sum(reported, rule.elsewhere), 0)
            most = certain + _sum(reported, rule.possible) + missing
            found.append(_compared(rule.returned, returned, least, most))
    return tuple(found)


def _compared(name: str, returned: Counts, least: int, most: int) -> Compared:
    return Compared(name=name, returned=_sum(returned, (name,)), least=least, most=most)


def _sum(counts: Counts, names: Iterable[str]) -> int:
    return int(sum(counts.get(name, 0) for name in names))
