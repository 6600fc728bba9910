"""Reading stop-works: what holds over units, who may lift one, and whose name is shown to whom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from taishan.core import red_lines as core
from taishan.core.gate import STOP, Fact
from taishan.core.red_lines import LiftedBy, Position
from taishan.kit import arrays, clock
from taishan.organisation import access
from taishan.organisation import queries as organisation
from taishan.organisation.access import Capability, Viewer
from taishan.organisation.models import PostHolding, Role, UnitVersion
from taishan.safety.models import LiftingAnswer, LiftingRequest, StopWork
from taishan.safety.red_line_models import RedLine

_A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """A stop as the gate reads it; ``name`` is empty unless it is shown to everybody, ``red_line``
    is what was crossed.
    """

    pk: int
    unit_id: int
    with_below: bool
    ground: str
    place: str
    name: str
    red_line: RedLine | None
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
    """The stops over some units that hold on some days, in memory: mostly there are none."""

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


def find_stops(
    paths: Iterable[str], since: date, until: date, as_known: datetime | None = None
) -> Stops:
    """Return the stops over the units at ``paths`` that hold on any of ``since <= day < until``, by
    what was known at an instant (None: now).

    One query, however many the units, which reads no stop of a unit that is not in their lines, and
    none that was lifted before.
    """
    ids = {int(step) for path in paths for step in path.split(".")}
    # A unit's own day may begin half a day before or after that of UTC.
    begins, ends = (
        datetime.combine(day, time.min, UTC) for day in (since - _A_DAY, until + _A_DAY)
    )
    standing = Q(lifted_at=None) | Q(lifted_at__gte=begins)
    known = Q(stopped_at__lt=ends)
    if as_known is not None:
        standing |= Q(lifted_at__gt=as_known)
        known &= Q(stopped_at__lte=as_known)
    rows = StopWork.objects.filter(arrays.any_of("unit_id", ids), standing, known)
    rows = rows.select_related("by__person", "red_line").order_by("pk")
    return Stops([_stop(row, as_known) for row in rows])


def _stop(row: StopWork, as_known: datetime | None) -> Stop:
    is_known = row.lifted_at is not None and (as_known is None or row.lifted_at <= as_known)
    return Stop(
        pk=row.pk, unit_id=row.unit_id, with_below=row.with_below, ground=row.ground,
        place=row.place, name=name_of(row) if row.shown_to == StopWork.ShownTo.EVERYBODY else "",
        red_line=row.red_line, stopped_at=row.stopped_at,
        lifted_at=row.lifted_at if is_known else None,
    )  # fmt: skip


def name_of(done: StopWork | LiftingRequest | LiftingAnswer) -> str:
    """Return by whom it is, where that is kept; of a stop, ask ``may_see_name`` first."""
    return done.by.person.name if done.by and done.by.person else ""


def find_visible(viewer: Viewer, *, in_force: bool | None = None) -> QuerySet[StopWork]:
    """Return the stops of the units that the viewer may see, the viewer's own, and those that a
    post they hold or held is named to lift; latest first.

    Where asked for, only those in force or only those lifted.
    """
    seen = Q(unit_id__in=access.unit_ids_with(viewer, Capability.SEE)) | Q(by_id=viewer.account_id)
    held = PostHolding.objects.filter(person_id=viewer.person_id or 0).values("post_id")
    seen |= Q(red_line__lifter_post_id__in=held)
    rows = StopWork.objects.filter(seen)
    if in_force is not None:
        rows = rows.filter(Q(lifted_at__isnull=in_force))
    rows = rows.select_related("by__person", "unit", "authority", "red_line__lifter_post")
    return rows.order_by("-stopped_at", "-pk")


def find_authority(version: UnitVersion, now: datetime) -> int:
    """Return the id of the unit that alone may lift a stop at a unit.

    The unit above it, where somebody there may; otherwise headquarters: so never the unit itself,
    whose production suffers, except headquarters, which has nobody above it.
    """
    line = [int(step) for step in version.path.split(".")]
    above_may = has_lifters(line[-2] if len(line) > 1 else line[0], now)
    return core.find_authority(LiftedBy.UNIT_ABOVE, line, above_may=above_may)


def has_lifters(unit_id: int, now: datetime) -> bool:
    """Tell whether somebody holds, at a unit itself, a role by which stops are lifted."""
    return bool(_holders(unit_id, access.roles_with(Capability.LIFT_STOP), now))


def find_post(stop: StopWork) -> int | None:
    """Return the post whose holder alone lifts a stop; None where roles at the authority do."""
    post = stop.red_line.lifter_post if stop.red_line else None
    return post.pk if post and post.unit_id == stop.authority_id else None


def find_position(
    viewer: Viewer, stop: StopWork, on: date, request: LiftingRequest | None = None
) -> Position:
    """Return how the viewer stands to a stop on a day, and to a request to lift it."""
    post_id = find_post(stop)
    if post_id is None:
        authority = organisation.get_last_version(stop.authority_id)
        is_of_authority = viewer.may(Capability.LIFT_STOP, authority.path)
    else:
        held = PostHolding.objects.filter(post_id=post_id, valid__contains=on)
        is_of_authority = held.filter(person_id=viewer.person_id or 0).exists()
    return Position(
        is_of_authority=is_of_authority,
        heads_the_unit=_heads_what_is_stopped(viewer, stop),
        asked=request is not None and request.by_id == viewer.account_id,
    )


def _heads_what_is_stopped(viewer: Viewer, stop: StopWork) -> bool:
    stopped = str(stop.unit_id)
    for role, path in viewer.grants:
        *above, own = path.split(".")
        if role == Role.UNIT_HEAD and (own == stopped or (stop.with_below and stopped in above)):
            return True
    return False


def may_lift(viewer: Viewer, stop: StopWork, on: date) -> bool:
    """Tell whether the viewer is of the authority over a stop, and does not head its unit."""
    return not core.find_bars_of_person(find_position(viewer, stop, on))


def may_see_name(viewer: Viewer, stop: StopWork, on: date) -> bool:
    """Tell whether the viewer may know who stopped it: themselves, and those whom they chose."""
    if stop.shown_to == StopWork.ShownTo.EVERYBODY or stop.by_id == viewer.account_id:
        return True
    if stop.shown_to == StopWork.ShownTo.NOBODY:
        return False
    path = organisation.get_last_version(stop.unit_id).path
    return may_lift(viewer, stop, on) or viewer.may(Capability.HOLD_TO_ACCOUNT, path)


def find_lifters(stop: StopWork, now: datetime) -> set[int]:
    """Return the people who may lift it: by the post that is named, or a role at its authority."""
    post_id = find_post(stop)
    if post_id is not None:
        held = PostHolding.objects.filter(post_id=post_id, valid__contains=clock.day_at(now))
        return set(held.values_list("person_id", flat=True))
    roles = access.roles_with(Capability.LIFT_STOP)
    return _holders(stop.authority_id, roles, now) - _holders(stop.unit_id, [Role.UNIT_HEAD], now)


def find_leaders(unit_id: int, now: datetime) -> set[int]:
    """Return the people who answer for a unit: its head and its safety officers."""
    return _holders(unit_id, [Role.UNIT_HEAD, Role.SAFETY_OFFICER], now)


def _holders(unit_id: int, roles: Sequence[str], now: datetime) -> set[int]:
    # Roles begin and end with the group's day, as for who signs in.
    return organisation.find_holders([unit_id], roles, clock.day_at(now))
