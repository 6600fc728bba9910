"""The return of a unit is a duty: opened with its period, discharged by the report alone."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from taishan.core.duties import State
from taishan.core.schedules import Mark, Marks
from taishan.duties import actions as duties
from taishan.duties.models import Duty
from taishan.organisation.models import Account, Unit
from taishan.reporting import returning
from tests.people import ACTOR, NOW
from tests.reporting import building
from tests.reporting.building import MORNING, RETURN, TODAY

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def open_at(now: datetime) -> int:
    return returning.open_returns(actor=ACTOR, now=now)


def send(unit: str, now: datetime = MORNING, period: date = TODAY) -> None:
    told = building.submit(building.report(unit, RETURN, form="unit_daily", period=period), now=now)
    assert told[0].outcome != "rejected"


def states(now: datetime) -> dict[str, State]:
    rows = Duty.objects.filter(kind="unit_return").select_related("unit")
    return {duty.unit.code: duty.standing(now) for duty in rows}


def test_every_unit_owes_its_return_by_its_own_clock(cast: dict[str, Account]) -> None:
    building.add_schedule("unit_daily", "units")

    assert open_at(MORNING) == 7
    assert open_at(MORNING) == 0

    due = {duty.unit.code: duty.due_at for duty in Duty.objects.select_related("unit")}
    assert due["W1"] == datetime(2020, 2, 12, 2, tzinfo=UTC)
    assert due["P1"] == datetime(2020, 2, 12, 3, tzinfo=UTC)
    assert Duty.objects.get(unit__code="W1").address == "/reports/unit_daily/2020-02-12/W1/"


def test_a_schedule_of_people_opens_no_duty(cast: dict[str, Account]) -> None:
    building.add_schedule("daily_health", "people")

    assert open_at(MORNING) == 0


def test_a_report_discharges_the_duty_on_time_or_late(cast: dict[str, Account]) -> None:
    building.add_schedule("unit_daily", "units")
    open_at(MORNING)

    send("W1")
    send("W2", now=MORNING + 5 * HOUR)

    found = states(MORNING + 6 * HOUR)
    assert (found["W1"], found["W2"], found["H1"]) == (State.ON_TIME, State.LATE, State.OVERDUE)


def test_a_return_that_came_before_its_duty_was_opened_discharges_it(
    cast: dict[str, Account],
) -> None:
    building.add_schedule("unit_daily", "units")
    send("W1")

    open_at(MORNING + 5 * HOUR)

    assert states(MORNING + 5 * HOUR)["W1"] is State.ON_TIME


def test_a_worker_that_slept_opens_the_returns_that_were_missed_meanwhile(
    cast: dict[str, Account],
) -> None:
    building.add_schedule("unit_daily", "units")
    open_at(MORNING)
    send("W1", now=MORNING + DAY, period=TODAY + DAY)

    later = MORNING + 3 * DAY
    assert open_at(later) == 21
    duties.settle(actor=ACTOR, now=later)

    own = Duty.objects.filter(unit__code="W1").order_by("due_at")
    assert [duty.standing(later) for duty in own] == [
        State.MISSED, State.ON_TIME, State.MISSED, State.DUE_SOON,
    ]  # fmt: skip


def test_a_units_own_schedule_takes_the_place_of_the_groups(cast: dict[str, Account]) -> None:
    building.add_schedule("unit_daily", "units")
    marks = Marks(
        opens=Mark(at=time(6)), due=Mark(at=time(7)), late=Mark(at=time(8, 30)),
        closes=Mark(day=1, at=time(0)),
    )  # fmt: skip
    building.add_schedule("unit_daily", "units", unit="W1", marks=marks)

    assert open_at(MORNING) == 7

    (own,) = Duty.objects.filter(unit__code="W2")
    assert own.due_at == NOW + HOUR / 2
    assert own.creditor_id == Unit.objects.get(code="W1").pk


def test_peoples_reports_cost_no_query_more_for_units_owing_returns(
    cast: dict[str, Account],
) -> None:
    building.add_schedules()
    building.hire("A1", "A2", "A3")
    building.submit(building.report("A1"))

    def queries(subject: str) -> int:
        with CaptureQueriesContext(connection) as found:
            building.submit(building.report(subject))
        return len(found)

    before = queries("A2")
    open_at(MORNING)
    assert queries("A3") == before
