"""The people, the clocks and the tables around duties, read at once for many of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from psycopg.types.range import DateRange

from taishan.core import escalation
from taishan.core.escalation import Calendar, Hours, Step, To
from taishan.duties import holidays
from taishan.duties.escalation_models import AddedStep, CalendarDay
from taishan.duties.models import Duty
from taishan.organisation.models import PostHolding, Role, RoleGrant, Seat, UnitVersion

HEADS = (Role.UNIT_HEAD.value, Seat.Role.LEAD.value)
DEPUTIES = (Seat.Role.DEPUTY.value,)
OFFICERS = (Role.SAFETY_OFFICER.value,)
DUTY = (Role.DUTY_OFFICE.value,)
INSPECTORS = (Role.INSPECTOR.value,)
TOLD_ROLES = (*HEADS[:1], *OFFICERS, *DUTY, *INSPECTORS)
ABOUT_A_DAY = timedelta(days=1)


class Surroundings:
    """What there is around some duties at an instant. Seven queries, whatever their number."""

    def __init__(self, duties: Iterable[Duty], now: datetime) -> None:
        of = list(duties)
        self._now = now
        self._versions = _find_versions({i for d in of for i in (d.unit_id, d.creditor_id)}, now)
        above = {i for version in self._versions.values() for i in _line(version)}
        days = DateRange(now.date() - ABOUT_A_DAY, now.date() + 2 * ABOUT_A_DAY)
        self._roles: dict[tuple[int, str], set[int]] = defaultdict(set)
        grants = RoleGrant.objects.filter(unit_id__in=above, role__in=TOLD_ROLES)
        for grant in grants.filter(valid__overlap=days):
            self._add(grant.unit_id, grant.role, grant.person_id, grant.valid)
        for seat in Seat.objects.filter(unit_id__in=above, valid__overlap=days):
            self._add(seat.unit_id, seat.role, seat.person_id, seat.valid)
        self._holders: dict[int, list[PostHolding]] = defaultdict(list)
        posts = {duty.post_id for duty in of if duty.post_id}
        for holding in PostHolding.objects.filter(post_id__in=posts):
            self._holders[holding.post_id].append(holding)
        self._added, self._days = _find_added(above), _find_days(above)
        self._holidays = _find_holidays(self._versions.values())

    def line(self, unit_id: int) -> list[int]:
        """Return the ids of the units from the top down to this one."""
        return _line(self._versions[unit_id])

    def name(self, unit_id: int) -> tuple[str, str]:
        """Return the unit's English and Chinese name."""
        version = self._versions[unit_id]
        return version.name_en, version.name_zh

    def day(self, unit_id: int, at: datetime) -> date:
        """Return the unit's own day of an instant."""
        return at.astimezone(ZoneInfo(self._versions[unit_id].time_zone)).date()

    def calendar(self, unit_id: int) -> Calendar:
        return _calendar(self._versions[unit_id], self._days, self._holidays)

    def table(self, duty: Duty) -> list[Step]:
        """Return the steps of the core and those that the units above added, or its own."""
        steps = list(escalation.TABLE[duty.kind])
        for above in self.line(duty.unit_id):
            steps += self._added.get((above, duty.kind), [])
        return steps

    def find_holder(self, duty: Duty, at: datetime) -> int | None:
        """Return who owes or owed by name: the person, or who held the post on the day."""
        if duty.post_id is None:
            return duty.person_id
        day = self.day(duty.unit_id, at)
        held = self._holders[duty.post_id]
        return next((one.person_id for one in held if day in one.valid), None)

    def find_people(self, to: To, duty: Duty) -> set[int]:
        """Return whom a step tells today; nobody where there is nobody."""
        holder, line = self.find_holder(duty, self._now), self.line(duty.unit_id)
        debtors = {holder} if holder else self._nearest(line, set(), HEADS, OFFICERS, DUTY)
        match to:
            case To.DEBTOR:
                return debtors
            case To.DEPUTY:
                found = self._of(duty.unit_id, DEPUTIES) or self._of(duty.unit_id, OFFICERS)
                return found - debtors
            case To.SUPERIOR:
                return self._nearest(line if holder else line[:-1], debtors, HEADS, DUTY)
            case To.CREDITOR:
                theirs = self.line(duty.creditor_id)
                return self._nearest(theirs, debtors, HEADS + DUTY, OFFICERS)
            case To.INSPECTOR:
                return {person for above in line for person in self._of(above, INSPECTORS)}

    def _nearest(self, line: Sequence[int], but: set[int], *choices: tuple[str, ...]) -> set[int]:
        """Return the people of the lowest unit of a line that has any, by the first choice there.

        A unit without a head must not be one whose duties nobody hears of.
        """
        for unit_id in reversed(line):
            for roles in choices:
                if found := self._of(unit_id, roles) - but:
                    return found
        return set()

    def _of(self, unit_id: int, roles: tuple[str, ...]) -> set[int]:
        return {person for role in roles for person in self._roles.get((unit_id, role), ())}

    def _add(self, unit_id: int, role: str, person_id: int, valid: DateRange) -> None:
        version = self._versions.get(unit_id)
        zone = version.time_zone if version else "UTC"
        if self._now.astimezone(ZoneInfo(zone)).date() in valid:
            self._roles[unit_id, role].add(person_id)


def _find_versions(unit_ids: set[int], now: datetime) -> dict[int, UnitVersion]:
    """Return what each unit is today; of one that is closed, what it was last."""
    found: dict[int, UnitVersion] = {}
    rows = UnitVersion.objects.filter(unit_id__in=unit_ids).select_related("place")
    for row in rows.order_by("unit_id", "valid"):
        today = now.astimezone(ZoneInfo(row.time_zone)).date()
        if row.unit_id not in found or row.valid.lower <= today:
            found[row.unit_id] = row
    return found


def _line(version: UnitVersion) -> list[int]:
    return [int(step) for step in version.path.split(".")]


def _find_added(unit_ids: set[int]) -> dict[tuple[int, str], list[Step]]:
    found: dict[tuple[int, str], list[Step]] = defaultdict(list)
    rows = AddedStep.objects.filter(unit_id__in=unit_ids, withdrawn_at=None).order_by("pk")
    for row in rows:
        found[row.unit_id, row.kind].append(as_step(row))
    return found


def as_step(row: AddedStep) -> Step:
    """Return what a unit added as the core knows it."""
    return Step(
        code=f"added-{row.pk}", offset=timedelta(minutes=row.offset_min),
        to=frozenset(To(to) for to in row.to), hours=Hours(row.hours),
        every=None if row.every_min is None else timedelta(minutes=row.every_min), times=row.times,
    )  # fmt: skip


def _find_days(unit_ids: set[int]) -> dict[int, dict[date, bool]]:
    found: dict[int, dict[date, bool]] = defaultdict(dict)
    for row in CalendarDay.objects.filter(unit_id__in=unit_ids):
        found[row.unit_id][row.day] = row.works
    return found


def get_calendar(unit_id: int, now: datetime) -> Calendar:
    """Return the clock and the working days of one unit."""
    version = _find_versions({unit_id}, now)[unit_id]
    return _calendar(version, _find_days(set(_line(version))), _find_holidays([version]))


def _find_holidays(versions: Iterable[UnitVersion]) -> dict[str, dict[date, bool]]:
    return holidays.find_days({holidays.country_of(one.place.code) for one in versions})


def _calendar(
    version: UnitVersion,
    days: dict[int, dict[date, bool]],
    by_country: dict[str, dict[date, bool]],
) -> Calendar:
    works = dict(by_country.get(holidays.country_of(version.place.code), {}))
    for above in _line(version):
        works |= days.get(above, {})
    return Calendar(time_zone=version.time_zone, works=works)
