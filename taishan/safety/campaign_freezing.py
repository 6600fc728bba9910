"""The numbers of a closing report: read once, then kept as they were at that instant.

What is kept is plain JSON in both languages, whole numbers as numbers and others as text, so that
its digest is the same wherever it is worked out.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from taishan.core.campaigns import Numbers
from taishan.kit import clock
from taishan.organisation.access import Viewer
from taishan.organisation.models import UnitVersion
from taishan.safety import campaign_queries as queries
from taishan.safety import campaign_ranking as ranking
from taishan.safety.campaign_models import Campaign, CampaignMilestone
from taishan.safety.campaign_ranking import Row

KEPT = (
    "units", "heads", "problems", "problems_waiting", "problems_closed", "problems_on_time",
    "measures", "measures_waiting", "measures_closed", "measures_on_time", "overdue",
    "returns_due", "returns_on_time", "returns_late",
)  # fmt: skip


def take(viewer: Viewer, campaign: Campaign, top: UnitVersion, now: datetime) -> dict[str, Any]:
    """Return the numbers of a campaign at an instant. The viewer must see the whole of its scope.

    ``top`` is the unit that runs it.
    """
    day = clock.day_at(now, top.time_zone)
    branch = queries.get_branch(viewer, campaign, now)
    standings = ranking.standings(campaign, branch, day)
    rows = ranking.rank(campaign, branch, day, standings)
    return {
        "as_of": now.isoformat(),
        "day": str(day),
        "time_zone": top.time_zone,
        "unit": {"en": top.name_en, "zh": top.name_zh},
        "title": {"en": campaign.title_en, "zh": campaign.title_zh},
        "goal": {"en": campaign.goal_en, "zh": campaign.goal_zh},
        "starts": str(campaign.starts),
        "ends": str(campaign.ends),
        "formula": campaign.formula,
        "whole": _numbers(branch.sum_of(branch.places.values())),
        "standings": {str(one): len(units) for one, units in standings.items()},
        "phases": _phases(campaign),
        "targets": [_target(one) for one in ranking.targets(campaign, branch, day, top)],
        "rows": [as_row(row) for row in rows],
    }


def _target(one: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "unit": {"en": one["name_en"], "zh": one["name_zh"]},
        "measure": one["target"].measure,
        "amount": one["target"].amount,
        "by_day": str(one["target"].by_day),
        "reached": one["reached"],
    }


def _numbers(numbers: Numbers) -> dict[str, int]:
    return {name: getattr(numbers, name) for name in KEPT}


def as_row(row: Row) -> dict[str, Any]:
    """Return a unit's line as it is kept."""
    return {
        "code": row.unit.code,
        "name": {"en": row.unit.name_en, "zh": row.unit.name_zh},
        "is_top": row.is_top,
        "below": row.below,
        "place": row.place,
        "points": None if row.score.points is None else str(row.score.points),
        "is_small": row.score.is_small,
        "standing": str(row.standing),
        "stalled": row.stalled,
        "numbers": _numbers(row.numbers),
    }


def _phases(campaign: Campaign) -> list[dict[str, Any]]:
    found = CampaignMilestone.objects.filter(phase__campaign=campaign).select_related("reached")
    milestones = list(found.order_by("due_on", "pk"))
    return [
        {
            "title": {"en": phase.title_en, "zh": phase.title_zh},
            "starts": str(phase.starts),
            "ends": str(phase.ends),
            "milestones": [
                _milestone(one) for one in milestones if one.phase_id == phase.pk
            ],
        }
        for phase in campaign.phases.order_by("number")
    ]  # fmt: skip


def _milestone(one: CampaignMilestone) -> dict[str, Any]:
    reached = getattr(one, "reached", None)
    return {
        "title": {"en": one.title_en, "zh": one.title_zh},
        "due_on": str(one.due_on),
        "reached_at": reached.recorded_at.isoformat() if reached else None,
        "text": reached.text if reached else "",
    }
