"""Reading campaigns: which there are, which units take part, and what these have done."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncDate

from taishan.core import campaigns as core
from taishan.core.campaigns import Numbers, Stand
from taishan.duties.models import Duty
from taishan.kit import arrays, clock
from taishan.organisation import history
from taishan.organisation import queries as organisation
from taishan.organisation.access import Capability, Viewer
from taishan.organisation.models import UnitVersion, is_chinese
from taishan.safety.campaign_counting import AMOUNTS
from taishan.safety.campaign_models import Campaign, CampaignEntry, CampaignScope, CampaignSum

RETURN = "campaign_return"
LATEST_MONTHS = 6
"""Months of which a return may still have time."""
_SUMMED = tuple(name for name in AMOUNTS if name != "returns_owed")


def find_visible(viewer: Viewer) -> QuerySet[Campaign]:
    """Return the campaigns for units of which the viewer sees one at least, the latest first."""
    scopes = list(CampaignScope.objects.values_list("campaign_id", "unit_id"))
    versions = organisation.find_last_versions(unit for _pk, unit in scopes)
    seen = viewer.roots(Capability.SEE)
    steps = {step for path in viewer.paths(Capability.SEE) for step in path.split(".")}
    ids = {
        pk for pk, unit in scopes
        if str(unit) in steps or not seen.isdisjoint(versions[unit].path.split("."))
    }  # fmt: skip
    rows = Campaign.objects.filter(pk__in=ids).select_related("unit", "closing")
    return rows.order_by("-starts", "-pk")


def find_units(campaign: Campaign, day: date) -> QuerySet[UnitVersion]:
    """Return the units that take part on a day: those named, and all that hang below them then."""
    return UnitVersion.objects.filter(_inside(campaign), valid__contains=day)


def _inside(campaign: Campaign) -> Q:
    inside = Q(pk__in=[])
    for unit_id in campaign.scope.values_list("unit_id", flat=True):
        inside |= Q(path__passes_through=unit_id)
    return inside


def is_in_scope(campaign: Campaign, unit_id: int, now: datetime) -> bool:
    """Tell whether a unit takes part on its own day of an instant."""
    zone = history.zone_of(unit_id, now)
    return find_units(campaign, clock.day_at(now, zone.key)).filter(unit_id=unit_id).exists()


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A unit that takes part, as it is on a day. ``since``: from which day on it is counted, its
    first in the campaign without a break."""

    unit_id: int
    code: str
    name_en: str
    name_zh: str
    path: str
    heads: int
    since: date

    @property
    def name(self) -> str:
        """The name in the language of the page."""
        return self.name_zh if is_chinese() else self.name_en

    @property
    def steps(self) -> list[str]:
        return self.path.split(".")

    def is_below(self, top: Place) -> bool:
        """Tell whether it hangs below another, or is it."""
        return f"{self.path}.".startswith(f"{top.path}.")


def find_places(viewer: Viewer, campaign: Campaign, day: date) -> list[Place]:
    """Return the units of a day that take part and that the viewer sees, each after those above."""
    seen = Q(pk__in=[])
    for root in viewer.roots(Capability.SEE):
        seen |= Q(path__passes_through=root)
    rows = find_units(campaign, day).filter(seen).values_list(
        "unit_id", "unit__code", "name_en", "name_zh", "path", "head_count", "valid__startswith"
    )  # fmt: skip
    changed = [row[0] for row in rows if row[-1] > campaign.starts]
    firsts = _find_firsts(campaign, changed, day)
    places = [
        Place(
            unit_id=pk, code=code, name_en=en, name_zh=zh, path=path, heads=heads or 0,
            since=max(campaign.starts, firsts.get(pk, since)),
        )
        for pk, code, en, zh, path, heads, since in rows
    ]  # fmt: skip
    return sorted(places, key=lambda place: (place.path.count("."), place.code))


def _find_firsts(campaign: Campaign, unit_ids: Collection[int], day: date) -> dict[int, date]:
    """Return since when units that changed take part without a break: a new name or head count is
    a new version of a unit, and no beginning. No query for none."""
    if not unit_ids:
        return {}
    found: dict[int, date] = {}
    spans = UnitVersion.objects.filter(
        _inside(campaign), arrays.any_of("unit_id", unit_ids), valid__startswith__lte=day
    )
    for unit_id, valid in spans.order_by("-valid").values_list("unit_id", "valid"):
        if found.setdefault(unit_id, valid.lower) == valid.upper:
            found[unit_id] = valid.lower
    return found


def find_numbers(
    campaign: Campaign, places: Collection[Place], now: datetime
) -> dict[int, Numbers]:
    """Return what each of the units has done by itself. Three queries: the sums, what is open past
    its deadline, and the returns that are not due yet; however long the campaign has run.
    """
    rows = campaign.sums.values_list(
        "unit_id", TruncDate("moved_at", tzinfo=UTC), "returns_owed", *_SUMMED
    )
    sums = {
        unit_id: (moved_on, owed, dict(zip(_SUMMED, amounts, strict=True)))
        for unit_id, moved_on, owed, *amounts in rows
    }
    overdue, early = find_overdue(campaign, now), find_not_due(campaign, now)
    found = {}
    for place in places:
        pk, heads = place.unit_id, place.heads
        moved_on, owed, amounts = sums.get(pk, (None, 0, {}))
        found[pk] = Numbers(
            units=1, heads=heads, overdue=overdue.get(pk, 0), moved_on=moved_on,
            returns_due=owed - early.get(pk, 0), **amounts,
        )  # fmt: skip
    return found


def find_overdue(campaign: Campaign, now: datetime) -> dict[int, int]:
    """Return how many entries of each unit are open past their deadline. Reads only those."""
    late = CampaignEntry.objects.filter(campaign=campaign, stand=Stand.OPEN, due_at__lte=now)
    # Of their numbers the index of open entries knows nothing: to count them it would be left.
    return dict(late.values_list("unit_id").annotate(number=Count("*")))


def find_not_due(campaign: Campaign, now: datetime) -> dict[int, int]:
    """Return how many returns each unit still has time for. Only the last months can be such, the
    few that were given a later hour among them.
    """
    months = list(core.months_owed(campaign.starts, campaign.ends, now.date() + core.DAY))
    subjects = [return_subject(campaign.pk, month) for month in months[-LATEST_MONTHS:]]
    rows = Duty.objects.filter(
        subject_kind=RETURN, subject_id__in=subjects, ended=None, due_at__gt=now
    )
    return dict(rows.values_list("unit_id").annotate(number=Count("id")))


def return_subject(campaign_id: int, month: date) -> str:
    """Return what the duty to return on a month is about."""
    return f"{campaign_id}:{month:%Y-%m}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """The units beneath a page's top, each with its own numbers. ``top``: the one unit at the top;
    None where there are several.
    """

    places: Mapping[int, Place]
    numbers: Mapping[int, Numbers]
    top: Place | None

    def row_of(self, place: Place) -> int:
        """Return the unit in whose row a unit's numbers stand: one right below the top or the top
        itself; where there is no one top, the highest that is there.
        """
        if self.top is not None:
            below = place.path[len(self.top.path) + 1 :]
            return int(below.partition(".")[0]) if below else place.unit_id
        return next(pk for step in place.steps if (pk := int(step)) in self.places)

    def rows(self) -> dict[int, list[Place]]:
        """Return the units of each row."""
        found: dict[int, list[Place]] = defaultdict(list)
        for place in self.places.values():
            found[self.row_of(place)].append(place)
        return dict(found)

    def sum_of(self, places: Collection[Place]) -> Numbers:
        """Return the numbers of some of the units together."""
        return core.total(self.numbers[place.unit_id] for place in places)


def get_branch(viewer: Viewer, campaign: Campaign, now: datetime, within: str = "") -> Branch:
    """Return what the viewer sees of a campaign, or of the part of it below the unit ``within``.

    Raises UnitVersion.DoesNotExist for a unit that takes no part or is not to be seen.
    """
    zone = organisation.get_last_version(campaign.unit_id).time_zone
    places = find_places(viewer, campaign, clock.day_at(now, zone))
    if within:
        top = next((place for place in places if place.code == within), None)
        if top is None:
            raise UnitVersion.DoesNotExist
        places = [place for place in places if place.is_below(top)]
    else:
        highest = next(iter(places), None)
        top = highest if highest and all(place.is_below(highest) for place in places) else None
    return Branch(
        places={place.unit_id: place for place in places},
        numbers=find_numbers(campaign, places, now), top=top,
    )  # fmt: skip


def find_gone(campaign: Campaign, branch: Branch) -> list[CampaignSum]:
    """Return the sums of units that have lists but take part no longer (for who sees the whole)."""
    rows = campaign.sums.exclude(arrays.any_of("unit_id", branch.places)).filter(
        Q(problems__gt=0) | Q(measures__gt=0)
    )
    return list(rows.select_related("unit").order_by("unit__code"))
