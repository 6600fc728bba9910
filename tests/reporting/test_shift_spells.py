"""From which day to which somebody works a shift: said, extended and ended."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from taishan.ledger.models import Entry
from taishan.organisation import shifts, staffing
from taishan.organisation.history import OrganisationRefused
from taishan.organisation.models import Account, Person, Shift, ShiftWorker
from tests import people
from tests.reporting import building, shifting
from tests.reporting.building import TODAY
from tests.reporting.shifting import put_on

DAY = timedelta(days=1)


@pytest.fixture
def night(cast: dict[str, Account]) -> Shift:
    building.hire("A1")
    return shifting.add_shift()


def test_what_was_asked_for_before_stays_as_it_was(night: Shift) -> None:
    with pytest.raises(OrganisationRefused, match="2020-02-12"):
        put_on("A1", night, TODAY - DAY)
    put_on("A1", night)
    later = people.NOW + 2 * DAY

    assert not put_on("A1", night, TODAY, now=later), "that is on record"
    assert put_on("A1", night, TODAY, TODAY + 5 * DAY, now=later), "its end is new"
    with pytest.raises(OrganisationRefused, match="at the earliest"):
        put_on("A1", night, TODAY, TODAY + DAY, now=later)
    spell = ShiftWorker.objects.get()
    given: dict[str, Any] = {"actor": people.ACTOR, "now": later, "spell": spell}
    with pytest.raises(OrganisationRefused, match="2020-02-14"):
        shifts.take_off(**given, on=TODAY)
    shifts.take_off(**given, on=TODAY + 3 * DAY)
    with pytest.raises(OrganisationRefused, match="A1 is not on this shift"):
        shifts.take_off(**given, on=TODAY + 3 * DAY)

    spell.refresh_from_db()
    assert (spell.valid.lower, spell.valid.upper) == (TODAY, TODAY + 3 * DAY)
    assert Entry.objects.filter(verb="shift.left").count() == 1


def test_spells_that_follow_each_other_are_extended_from_the_first_day(night: Shift) -> None:
    put_on("A1", night, TODAY, TODAY + DAY)
    put_on("A1", night, TODAY + DAY, TODAY + 3 * DAY)
    later = people.NOW + 2 * DAY

    assert put_on("A1", night, TODAY, None, now=later)
    assert not put_on("A1", night, TODAY, None, now=later)

    rows = ShiftWorker.objects.order_by("valid").values_list("valid", flat=True)
    assert [(one.lower, one.upper) for one in rows] == [
        (TODAY, TODAY + DAY), (TODAY + DAY, None)
    ]  # fmt: skip


def test_who_leaves_works_no_shift_any_more(night: Shift) -> None:
    put_on("A1", night)
    person = Person.objects.get(staff_no="A1")

    staffing.leave(actor=people.ACTOR, now=people.NOW, on=TODAY + DAY, person=person)

    assert ShiftWorker.objects.get().valid.upper == TODAY + DAY


def test_a_shift_that_ends_waits_for_whoever_is_put_on_it(night: Shift) -> None:
    put_on("A1", night)

    with CaptureQueriesContext(connection) as found:
        shifts.clear(actor=people.ACTOR, now=people.NOW, shift=night, on=TODAY + DAY)

    [locked] = [one["sql"] for one in found.captured_queries if "FOR NO KEY UPDATE" in one["sql"]]
    assert f"IN ({Person.objects.get(staff_no='A1').pk})" in locked
