"""Shifts of the cast's units, and who works them."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from taishan.core.schedules import Mark, Marks
from taishan.organisation import shifts
from taishan.organisation.models import Person, Shift
from tests import people
from tests.reporting import building

NIGHT = Marks(
    opens=Mark(at=time(18)),
    due=Mark(at=time(21)),
    late=Mark(at=time(22)),
    closes=Mark(day=1, at=time(6)),
)
"""Before a shift that begins at 22:00 and ends in the next day's morning."""
MORNING_ONLY = Marks(
    opens=Mark(at=time(6)), due=Mark(at=time(9)), late=Mark(at=time(10)), closes=Mark(at=time(12))
)


def add_shift(name: str = "Night", unit: str = "W1", **more: Any) -> Shift:
    """Let the daily report of a shift be owed by hours of its own, every day or as said."""
    given = {"marks": NIGHT, "shift": name} | more
    schedule = building.add_schedule("daily_health", "people", unit, **given)
    assert schedule.shift is not None
    return schedule.shift


def put_on(
    staff_no: str, shift: Shift, since: date = building.TODAY, until: date | None = None,
    now: datetime = people.NOW,
) -> bool:  # fmt: skip
    person = Person.objects.get(staff_no=staff_no)
    return shifts.put_on(
        actor=people.ACTOR, now=now, person=person, shift=shift, since=since, until=until
    )
