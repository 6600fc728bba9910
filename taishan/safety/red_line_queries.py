"""Reading red lines: which hold where, and who is named to lift a breach."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import QuerySet

from taishan.core import red_lines as core
from taishan.core.red_lines import LiftedBy
from taishan.kit import clock
from taishan.organisation import queries as organisation
from taishan.organisation.models import PostHolding, UnitVersion
from taishan.safety import queries
from taishan.safety.models import StopWork
from taishan.safety.red_line_models import RedLine


def find_all(on: date) -> QuerySet[RedLine]:
    """Return the red lines in force somewhere on a day: everybody may know them."""
    rows = RedLine.objects.filter(valid__contains=on)
    return rows.select_related("unit", "lifter_unit", "lifter_post").order_by("code", "pk")


def find_holding(version: UnitVersion, on: date) -> list[RedLine]:
    """Return those that hold for a unit on a day: of all units of its line, by its kinds."""
    rows = find_all(on).filter(unit_id__in=[int(step) for step in version.path.split(".")])
    return [row for row in rows if row.scope.holds(version.kind, version.kinds_of_work)]


def find_holding_now(version: UnitVersion, now: datetime) -> list[RedLine]:
    """Return those that hold for a unit at an instant: on its own local day."""
    return find_holding(version, clock.day_at(now, version.time_zone))


def find_authority(red_line: RedLine, version: UnitVersion, now: datetime) -> int:
    """Return the id of the unit that alone may lift a breach at a unit."""
    named: list[int] = []
    if red_line.lifter_unit_id or red_line.lifter_post:
        unit_id = red_line.lifter_unit_id or red_line.lifter_post.unit_id  # type: ignore[union-attr]
        named = [int(step) for step in organisation.get_last_version(unit_id).path.split(".")]
    line = [int(step) for step in version.path.split(".")]
    above_may = queries.has_lifters(line[-2] if len(line) > 1 else line[0], now)
    return core.find_authority(LiftedBy(red_line.lifted_by), line, above_may=above_may, named=named)


def find_holder_name(red_line: RedLine, on: date) -> str:
    """Return who holds the named post on a day; an empty text for a vacant one, or no post."""
    if red_line.lifter_post_id is None:
        return ""
    held = PostHolding.objects.filter(post_id=red_line.lifter_post_id, valid__contains=on)
    return held.values_list("person__name", flat=True).first() or ""


def find_breaches(red_line: RedLine) -> QuerySet[StopWork]:
    """Return the stops by any version of a red line."""
    return StopWork.objects.filter(red_line__code=red_line.code, red_line__unit_id=red_line.unit_id)
