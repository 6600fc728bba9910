"""The days of an invented group: counters of all of them, and the reports of the last."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection

from taishan.cli import demo_reports
from taishan.cli.large_group import answers
from taishan.cli.large_group.answers import FATES, Desk, Said
from taishan.cli.large_group.people import People
from taishan.cli.large_group.plan import Plan, Progress
from taishan.organisation.models import UnitVersion
from taishan.reporting import tallies
from taishan.reporting.models import Door, Erasure
from taishan.reporting.tallies import RECEIVED_ID, RECEIVED_ON_TIME_ID

REPORTED, REPORTED_TODAY, ALL_SILENT = 0.95, 0.62, 0.01
LATE = 0.06
OPENS, LATE_FROM = time(6), time(10)
MORNING_S, LATE_S = 4 * 3600, 8 * 3600

_COUNTERS = """
COPY reporting_counter (unit_id, form_id, period, indicator_id, amount) FROM STDIN
"""
_REPORTS = """
COPY reporting_report (unit_id, form_id, period, subject_id, client, submitted_at, recorded_at,
  tally_id, account_id, version, door, is_late, answers) FROM STDIN
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Came:
    """Reports that say the same: of one unit, for one day. ``late`` of the ``number`` were."""

    said: Said
    number: int
    late: int


def record_days(plan: Plan, units: Sequence[UnitVersion], people: People, note: Progress) -> None:
    """Record what came on each day, and that the answers of the earlier days are erased."""
    desks = [Desk(form, plan) for form in plan.forms]
    told = {desk.form.code: _Sayings(desk) for desk in desks}
    erased: dict[str, int] = defaultdict(int)
    for ago in range(plan.days - 1, -1, -1):
        day = plan.today - timedelta(days=ago)
        people.move_on(day)
        for desk in desks:
            chosen = plan.chance((desk.form.code, day))
            came = [
                told[desk.form.code].of(chosen, len(people.of(unit)), day == plan.today)
                for unit in range(plan.units)
            ]
            _copy_counters(desk, units, day, came, note)
            if day >= plan.kept_since:
                _copy_reports(plan, desk, chosen, units, people, day, came, note)
            else:
                erased[desk.form.code] += sum(one.number for of_unit in came for one in of_unit)
    for desk in desks if plan.reports_days < plan.days else ():
        Erasure.objects.create(
            form=desk.form, until=plan.kept_since, erased_at=plan.now,
            reports=erased[desk.form.code],
        )  # fmt: skip


class _Sayings:
    """What a unit's reports of one form say, by chance."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._fates = (
            [(share, desk.read(said)) for share, said in FATES]
            if desk.form.code == "daily_health"
            else []
        )

    def of(self, chosen: random.Random, people: int, is_today: bool) -> list[Came]:
        rate = chosen.gauss(REPORTED_TODAY if is_today else REPORTED, 0.04)
        rate = 0.0 if chosen.random() < ALL_SILENT else min(max(rate, 0.0), 1.0)
        late = 0.0 if is_today else LATE
        if not self._fates:
            is_late = chosen.random() < late
            said = self._desk.read(_return(chosen, people))
            return [Came(said=said, number=1, late=int(is_late))] if chosen.random() < rate else []
        received = answers.draw(chosen, people, rate)
        numbers = answers.split(chosen, received, [share for share, _said in self._fates])
        return [
            Came(said=said, number=number, late=answers.draw(chosen, number, late))
            for (_share, said), number in zip(self._fates, numbers, strict=True)
            if number
        ]


def _copy_counters(
    desk: Desk, units: Sequence[UnitVersion], day: date, came: Sequence[Sequence[Came]],
    note: Progress,
) -> None:  # fmt: skip
    rows = 0
    with connection.cursor() as cursor, cursor.copy(_COUNTERS) as copy:
        for unit, of_unit in zip(units, came, strict=True):
            for indicator_id, amount in _sum(of_unit).items():
                copy.write_row((unit.unit_id, desk.form.pk, day, indicator_id, amount))
                rows += 1
    note(rows)


def _sum(came: Sequence[Came]) -> Mapping[int, Decimal | int]:
    """Return the counters that the reports come to, as the intake moves them."""
    if not came:
        return {}
    on_time = sum(one.number - one.late for one in came)
    sums: dict[int, Any] = {RECEIVED_ID: sum(one.number for one in came)}
    if on_time:
        sums[RECEIVED_ON_TIME_ID] = on_time
    for one in came:
        for indicator_id, amount in one.said.amounts.items():
            sums[indicator_id] = sums.get(indicator_id, 0) + amount * one.number
    return sums


def _copy_reports(
    plan: Plan, desk: Desk, chosen: random.Random, units: Sequence[UnitVersion], people: People,
    day: date, came: Sequence[Sequence[Came]], note: Progress,
) -> None:  # fmt: skip
    numbers = tallies.number(one.said.tally for of_unit in came for one in of_unit)
    with connection.cursor() as cursor, cursor.copy(_REPORTS) as copy:
        for place, (unit, of_unit) in enumerate(zip(units, came, strict=True)):
            clock = _Clock(plan, unit.time_zone, day)
            who = _subjects(desk, chosen, unit, people, place)
            for (subject_id, account_id), (said, is_late) in zip(who, _each(of_unit), strict=False):
                at = clock.at(chosen, is_late)
                door = Door.PHONE if account_id else Door.LINK
                copy.write_row(
                    (unit.unit_id, desk.form.pk, day, subject_id,
                     UUID(int=chosen.getrandbits(128)), at, at, numbers[said.tally], account_id,
                     desk.version, door.value, is_late, said.answers)
                )  # fmt: skip
            note(len(people.of(place)))


def _return(chosen: random.Random, people: int) -> dict[str, Any]:
    return demo_reports.invent_return(
        chosen,
        roster=people,
        on_site=round(people * chosen.uniform(0.1, 0.4)),
        in_quarantine=round(people * chosen.uniform(0, 0.08)),
        symptomatic=chosen.choice((0, 0, 0, 1)),
    )


def _subjects(
    desk: Desk, chosen: random.Random, unit: UnitVersion, people: People, place: int
) -> Sequence[tuple[int, int | None]]:
    """Return who reports, in a chance order, and with which account."""
    if desk.form.subject == desk.form.Subject.UNIT:
        return [(unit.unit_id, None)]
    numbers = people.of(place)
    ids = [people.ids[number] for number in chosen.sample(numbers, len(numbers))]
    return [(person_id, people.accounts.get(person_id)) for person_id in ids]


def _each(came: Sequence[Came]) -> Iterator[tuple[Said, bool]]:
    for one in came:
        for number in range(one.number):
            yield one.said, number < one.late


class _Clock:
    """When reports of a day come in, where the unit is."""

    def __init__(self, plan: Plan, zone: str, day: date) -> None:
        self._now = plan.now
        self._opens = datetime.combine(day, OPENS, ZoneInfo(zone))
        self._late = datetime.combine(day, LATE_FROM, ZoneInfo(zone))

    def at(self, chosen: random.Random, is_late: bool) -> datetime:
        """Return an instant of the morning, or of the hours after it; never one to come."""
        starts, seconds = (self._late, LATE_S) if is_late else (self._opens, MORNING_S)
        return min(starts + timedelta(seconds=int(chosen.random() * seconds)), self._now)
