"""The schedules that concern a unit, its own and those above it: which of them holds, and who may
change them.

A unit's own schedule stands in place of those above. So that nobody can free their own unit from
what the units above ask for, only who may change the schedule above may put one in its place.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.db.models import F, Q
from django.utils.translation import gettext as _

from taishan.organisation import history
from taishan.organisation.access import Capability, Viewer
from taishan.organisation.models import UnitVersion
from taishan.reporting import owing
from taishan.reporting.models import Schedule
from taishan.reporting.scheduling import Details


class Standing(StrEnum):
    """What a schedule is to a unit on a day."""

    HOLDS = "holds"
    SITES = "sites"
    """It holds for the project sites in the unit's branch; the unit itself owes nothing by it."""
    REPLACED = "replaced"
    """A schedule of the unit, or of one nearer to it, stands in its place."""
    IDLE = "idle"
    """A shift's, while the form is asked of nobody here."""
    LATER = "later"
    ENDED = "ended"

    @property
    def word(self) -> str:
        return {
            Standing.HOLDS: _("holds"),
            Standing.SITES: _("holds for project sites"),
            Standing.REPLACED: _("replaced by a nearer one"),
            Standing.IDLE: _("the form is not asked for"),
            Standing.LATER: _("not yet"),
            Standing.ENDED: _("over"),
        }[self]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A schedule as a unit sees it; ``owner`` is whose it is."""

    schedule: Schedule
    owner: UnitVersion
    is_own: bool
    standing: Standing
    may_change: bool


def find_entries(viewer: Viewer, version: UnitVersion, day: date) -> list[Entry]:
    """Return the schedules of the unit and of those above it, by form, the nearest first, and
    behind everybody's those of shifts.

    Four queries, however many schedules.
    """
    steps = [int(step) for step in version.path.split(".")]
    owners = {
        row.unit_id: row
        for row in UnitVersion.objects.filter(unit_id__in=steps, valid__contains=day)
        .select_related("unit")
    }  # fmt: skip
    rows = list(
        Schedule.objects.filter(unit_id__in=owners)
        .exclude(until=F("starts"))
        .select_related("form", "unit", "shift")
        .order_by("form__code", "starts")
    )
    book = owing.Book(rows)
    rows.sort(
        key=lambda row: (
            row.form.code, row.shift is not None, -steps.index(row.unit_id),
            row.shift.name if row.shift else "",
        )
    )  # fmt: skip
    return [
        Entry(
            schedule=row, owner=owners[row.unit_id], is_own=row.unit_id == version.unit_id,
            standing=_standing(book, version, row, day),
            may_change=_may(viewer, owners[row.unit_id].path, _in_place(rows, steps, row)),
        )
        for row in rows
    ]  # fmt: skip


def _standing(book: owing.Book, version: UnitVersion, row: Schedule, day: date) -> Standing:
    if row.until is not None and row.until <= day:
        return Standing.ENDED
    if day < row.starts:
        return Standing.LATER
    if row in book.rows_holding(row.form_id, version.path, version.kind, day, row.shift_id):
        return Standing.HOLDS
    if row.shift_id is not None:
        return Standing.IDLE
    if row in book.rows_holding(row.form_id, version.path, "site", day):
        return Standing.SITES
    return Standing.REPLACED


def _in_place(rows: Iterable[Schedule], steps: Sequence[int], row: Schedule) -> list[Schedule]:
    """Return everybody's schedules of units further up in whose place the row stands at times."""
    above = steps[: steps.index(row.unit_id)]
    return [
        other
        for other in rows
        if other.form_id == row.form_id
        and other.unit_id in above
        and other.shift_id is None
        and (row.until is None or other.starts < row.until)
        and (other.until is None or row.starts < other.until)
    ]


def _may(viewer: Viewer, path: str, replaced: Iterable[Schedule]) -> bool:
    """Tell whether the viewer may act at ``path`` and over the owners of what is replaced."""
    mine = viewer.roots(Capability.MANAGE_SCHEDULES)
    steps = path.split(".")
    heads = [steps, *(steps[: steps.index(str(one.unit_id)) + 1] for one in replaced)]
    return all(not mine.isdisjoint(head) for head in heads)


def may_record(viewer: Viewer, version: UnitVersion, details: Details) -> bool:
    """Tell whether the viewer may let the schedule hold at the unit, in place of any above."""
    steps = [int(step) for step in version.path.split(".")]
    rows = Schedule.objects.filter(form__code=details.form, unit_id__in=steps[:-1], shift=None)
    span = Q(until=None) | Q(until__gt=details.starts)
    if details.until is not None:
        span &= Q(starts__lt=details.until)
    return _may(viewer, version.path, rows.filter(span))


def may_change(viewer: Viewer, schedule: Schedule, day: date) -> bool:
    """Tell whether the viewer may change or end the schedule."""
    version = history.get_version(schedule.unit.code, day)
    found = find_entries(viewer, version, day)
    return any(one.may_change for one in found if one.schedule.pk == schedule.pk)
