"""Reading stop-works: what holds over units, who may lift one, and whose name is shown to whom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from taishan.core.gate import STOP, Fact
from taishan.kit import clock
from taishan.organisation import access
from taishan.organisation import queries as organisation
from taishan.organisation.access import Capability, Viewer
from taishan.organisation.models import Role, UnitVersion
from taishan.safety.models import LiftingAnswer, LiftingRequest, StopWork

_A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """A stop as the gate reads it; ``name`` is empty unless it is shown to everybody."""

    pk: int
    unit_id: int
    with_below: bool
    ground: str
    place: str
    name: str
    stopped_at: datetime
    lifted_at: datetime | None

    def fact(self, time_zone: str) -> Fact:
        """Return it as a fact of a unit: it holds from its day on, until the day of its lifting.

        On that day work goes on again, at once: what was stopped and lifted on one day holds on
        none.
        """
        zone = ZoneInfo(time_zone)
        starts = self.stopped_at.astimezone(zone).date()
        ends = None if self.lifted_at is None else self.lifted_at.astimezone(zone).date()
        return Fact(condition=f"{STOP}{self.pk}", amount=1, starts=starts, ends=ends)


class Stops:
    """The stops of the whole group that hold on some days, in memory: mostly there are none."""

    def __init__(self, stops: Sequence[Stop]) -> None:
        self._of: dict[str, list[Stop]] = defaultdict(list)
        for stop in stops:
            self._of[str(stop.unit_id)].append(stop)

    def over(self, path: str) -> list[Stop]:
        """Return those that hold for the unit at ``path``: its own, and wider ones above it."""
        if not self._of:
            return []
        *above, own = path.split(".")
        wider = [one for step in above for one in self._of.get(step, ()) if one.with_below]
        return [*wider, *self._of.get(own, ())]


def find_stops(since: date, as_known: datetime | None = None) -> Stops:
    """Return the stops that hold on any day from ``since`` on, by what was known at an instant
    (None: now). One query, however many the units, which reads no stop that was lifted before.
    """
    # A unit's own day may begin half a day before or after that of UTC.
    begins = datetime.combine(since - _A_DAY, time.min, UTC)
    standing = Q(lifted_at=None) | Q(lifted_at__gte=begins)
    if as_known is not None:
        standing = Q(standing | Q(lifted_at__gt=as_known), stopped_at__lte=as_known)
    rows = StopWork.objects.filter(standing).select_related("by__person").order_by("pk")
    return Stops([_stop(row, as_known) for row in rows])


def _stop(row: StopWork, as_known: datetime | None) -> Stop:
    is_known = row.lifted_at is not None and (as_known is None or row.lifted_at <= as_known)
    return Stop(
        pk=row.pk, unit_id=row.unit_id, with_below=row.with_below, ground=row.ground,
        place=row.place, name=name_of(row) if row.shown_to == StopWork.ShownTo.EVERYBODY else "",
        stopped_at=row.stopped_at, lifted_at=row.lifted_at if is_known else None,
    )  # fmt: skip


def name_of(done: StopWork | LiftingRequest | LiftingAnswer) -> str:
    """Return by whom it is, where that is kept; of a stop, ask ``may_see_name`` first."""
    return done.by.person.name if done.by and done.by.person else ""


def find_visible(viewer: Viewer, *, in_force: bool | None = None) -> QuerySet[StopWork]:
    """Return the stops of the units that the viewer may see, and the viewer's own; latest first.

    Where asked for, only those in force or only those lifted.
    """
    seen = Q(unit_id__in=access.unit_ids_with(viewer, Capability.SEE)) | Q(by_id=viewer.account_id)
    rows = StopWork.objects.filter(seen)
    if in_force is not None:
        rows = rows.filter(Q(lifted_at__isnull=in_force))
    return rows.select_related("by__person", "unit", "authority").order_by("-stopped_at", "-pk")


def find_authority(version: UnitVersion, now: datetime) -> int:
    """Return the id of the unit that alone may lift a stop at a unit.

    The unit above it, where somebody there may; otherwise headquarters: so never the unit itself,
    whose production suffers, except headquarters, which has nobody above it.
    """
    steps = [int(step) for step in version.path.split(".")]
    above = steps[-2] if len(steps) > 1 else steps[0]
    there = _holders(above, access.roles_with(Capability.LIFT_STOP), now)
    return above if there else steps[0]


def may_lift(viewer: Viewer, stop: StopWork) -> bool:
    """Tell whether the viewer is of the authority over a stop, and heads no unit that it stops."""
    stopped = str(stop.unit_id)
    for role, path in viewer.grants:
        *above, own = path.split(".")
        if role == Role.UNIT_HEAD and (own == stopped or (stop.with_below and stopped in above)):
            return False
    authority = organisation.get_last_version(stop.authority_id)
    return viewer.may(Capability.LIFT_STOP, authority.path)


def may_see_name(viewer: Viewer, stop: StopWork) -> bool:
    """Tell whether the viewer may know who stopped it: themselves, and those whom they chose."""
    if stop.shown_to == StopWork.ShownTo.EVERYBODY or stop.by_id == viewer.account_id:
        return True
    if stop.shown_to == StopWork.ShownTo.NOBODY:
        return False
    path = organisation.get_last_version(stop.unit_id).path
    return may_lift(viewer, stop) or viewer.may(Capability.HOLD_TO_ACCOUNT, path)


def find_lifters(stop: StopWork, now: datetime) -> set[int]:
    """Return the people who hold a role by which they may lift it, at its authority itself."""
    roles = access.roles_with(Capability.LIFT_STOP)
    return _holders(stop.authority_id, roles, now) - _holders(stop.unit_id, [Role.UNIT_HEAD], now)


def find_leaders(unit_id: int, now: datetime) -> set[int]:
    """Return the people who answer for a unit: its head and its safety officers."""
    return _holders(unit_id, [Role.UNIT_HEAD, Role.SAFETY_OFFICER], now)


def _holders(unit_id: int, roles: Sequence[str], now: datetime) -> set[int]:
    # Roles begin and end with the group's day, as for who signs in.
    return organisation.find_holders([unit_id], roles, clock.day_at(now))
