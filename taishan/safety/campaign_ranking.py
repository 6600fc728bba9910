"""Units of a campaign beside each other: their numbers, how they stand, and their places."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from taishan.core import campaigns as core
from taishan.core.campaigns import Numbers, Score, Standing
from taishan.organisation.models import UnitVersion
from taishan.safety.campaign_models import Campaign, CampaignTarget
from taishan.safety.campaign_queries import Branch, Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A unit with all below it. ``stalled``: how many of these are, ``below``: how many there are
    beneath it; ``place`` in the ranking is None for who is not ranked. ``is_top``: by itself.
    """

    unit: Place
    numbers: Numbers
    standing: Standing
    stalled: int
    below: int
    score: Score
    place: int | None
    is_top: bool


def rank(
    campaign: Campaign, branch: Branch, day: date, found: Mapping[Standing, Collection[Place]]
) -> list[Row]:
    """Return the rows of a branch by their place, and then who has most overdue. ``found``: its
    units by how they stand, as ``standings`` returns them.
    """
    stalled = Counter(branch.row_of(place) for place in found[Standing.STALLED])
    formula = core.FORMULAS[campaign.formula]
    of_rows = branch.rows()
    numbers = {pk: branch.sum_of(places) for pk, places in of_rows.items()}
    scores = {pk: core.score(numbers[pk], formula) for pk in of_rows}
    places = dict(zip(scores, core.rank(list(scores.values())), strict=True))
    rows = [
        Row(
            unit=branch.places[pk], numbers=numbers[pk], score=scores[pk], place=places[pk],
            standing=stand(campaign, numbers[pk], min(one.since for one in inside), day),
            stalled=stalled[pk],
            below=len(inside) - 1, is_top=branch.top is not None and pk == branch.top.unit_id,
        )
        for pk, inside in of_rows.items()
    ]  # fmt: skip
    return sorted(
        rows, key=lambda row: (row.place or len(rows) + 1, -row.numbers.overdue, row.unit.code)
    )


def stand(campaign: Campaign, numbers: Numbers, since: date, day: date) -> Standing:
    """Return how a unit or a branch stands on a day."""
    return core.standing(
        numbers, since=since, day=day, stalled_after=campaign.stalled_after_days
    )  # fmt: skip


def standings(campaign: Campaign, branch: Branch, day: date) -> dict[Standing, list[Place]]:
    """Return the units of a branch, each by itself, by how they stand."""
    found: dict[Standing, list[Place]] = {one: [] for one in Standing}
    for place in branch.places.values():
        numbers = branch.numbers[place.unit_id]
        found[stand(campaign, numbers, place.since, day)].append(place)
    return found


def days_still(branch: Branch, place: Place, day: date) -> int:
    """Return for how many days a unit's lists have not moved."""
    moved_on = branch.numbers[place.unit_id].moved_on
    return (day - (place.since if moved_on is None else max(moved_on, place.since))).days


def targets(
    campaign: Campaign, branch: Branch, day: date, whole: UnitVersion | None
) -> list[dict[str, Any]]:
    """Return the targets of units of a branch with how far these are, the nearest day first.

    ``whole``: the unit that runs the campaign, where the branch is all of it: it may have targets
    of its own without taking part by itself.
    """
    named: dict[int, Place | UnitVersion] = dict(branch.places)
    if whole is not None:
        named.setdefault(whole.unit_id, whole)
    rows = campaign.targets.order_by("by_day", "pk")
    return [
        _target(branch, one, named[one.unit_id], day) for one in rows if one.unit_id in named
    ]  # fmt: skip


def _target(
    branch: Branch, target: CampaignTarget, unit: Place | UnitVersion, day: date
) -> dict[str, Any]:
    step = str(target.unit_id)
    inside = [one for one in branch.places.values() if step in one.steps]
    reached = core.reached(branch.sum_of(inside), core.Measure(target.measure))
    return {
        "target": target,
        "name_en": unit.name_en,
        "name_zh": unit.name_zh,
        "unit": unit.name,
        "reached": reached,
        "is_reached": reached is not None and reached >= target.amount,
        "is_over": day > target.by_day,
        "is_percent": core.Measure(target.measure) in core.PERCENT,
    }
