"""The sums beside the duties: kept by every act, and always what a recount says."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from taishan.duties import actions, counting
from taishan.duties.actions import DutyRefused
from taishan.duties.models import Count, Duty
from taishan.ledger.models import Entry
from taishan.organisation.models import Account, Person, Unit
from tests.duties.building import DAY, HOUR, assign, owed
from tests.people import ACTOR, NOW

pytestmark = pytest.mark.django_db

ACTS = st.lists(
    st.tuples(
        st.sampled_from(["assign", "discharge", "waive", "extend", "hand_over", "settle"]),
        st.integers(0, 40),
        st.sampled_from(["W1", "W2", "P1"]),
    ),
    min_size=1,
    max_size=25,
)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(acts=ACTS)
def test_whatever_is_done_in_whatever_order_the_sums_equal_a_recount(
    cast: dict[str, Account], acts: list[tuple[str, int, str]]
) -> None:
    with transaction.atomic():
        _do(acts)

        assert counting.find_differences() == []
        transaction.set_rollback(True)


def _do(acts: list[tuple[str, int, str]]) -> None:
    now, duties = NOW, []
    for number, (act, hours, unit) in enumerate(acts):
        now += hours * HOUR
        if act == "assign" or not duties:
            lapses_at = now + (hours + 20) * HOUR if hours % 2 else None
            duties.append(
                assign(unit, now, subject=("directive", str(number)), due_at=now + hours * HOUR,
                       lapses_at=lapses_at)
            )  # fmt: skip
            continue
        given = {"actor": ACTOR, "now": now}
        duty = duties[hours % len(duties)]
        try:
            if act == "discharge":
                actions.discharge(**given, duty=duty)
            elif act == "waive":
                actions.waive(**given, duty=duty, reason="over")
            elif act == "extend":
                later = now + 3 * hours * HOUR
                actions.extend(**given, duty=duty, due_at=later, reason="snow")
            elif act == "hand_over":
                officer = Person.objects.get(staff_no="D3")
                actions.hand_over(**given, duty=duty, person_id=officer.pk, reason="left")
            else:
                actions.settle(**given)
        except DutyRefused:
            continue


def test_a_duty_counts_on_the_units_own_day_in_its_five_days_its_month_and_its_year(
    cast: dict[str, Account],
) -> None:
    duty = assign("P1", due_at=NOW + 16.5 * HOUR)  # 23:30 in Phnom Penh, the next day in China

    assert duty.due_on == date(2020, 2, 12)
    sums = Count.objects.filter(unit__code="P1").order_by("span").values_list("day", "owed")
    assert dict(sums) == {
        date(2020, 2, 12): 1, date(2020, 2, 11): 1, date(2020, 2, 1): 1, date(2020, 1, 1): 1,
    }  # fmt: skip


def test_what_is_due_at_midnight_counts_on_the_day_that_ends(cast: dict[str, Account]) -> None:
    assert assign("W1", due_at=NOW + 16 * HOUR).due_on == date(2020, 2, 12)


def test_a_recount_finds_a_sum_that_was_altered_and_mends_it(cast: dict[str, Account]) -> None:
    assign("W1")
    Count.objects.filter(span=Count.Span.MONTH).update(owed=7)

    assert len(counting.find_differences()) == 1
    with transaction.atomic():
        counting.recount()
    assert counting.find_differences() == []


def test_two_thousand_duties_are_opened_by_as_many_statements_as_two(
    cast: dict[str, Account],
) -> None:
    def statements(number: int, named: str) -> int:
        many = [replace(one, subject=(named, str(n))) for n in range(number)]
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert len(actions.assign(actor=ACTOR, now=NOW, owed=many)) == number
        return len(queries)

    one = owed("W1")
    assert statements(2, "few") == statements(2000, "many") <= 6


def test_a_thousand_lapses_are_written_by_as_many_statements_as_two(
    cast: dict[str, Account],
) -> None:
    def statements(number: int, named: str) -> int:
        one = owed("W1", lapses_at=NOW + DAY)
        many = [replace(one, subject=(named, str(n))) for n in range(number)]
        actions.assign(actor=ACTOR, now=NOW, owed=many)
        with CaptureQueriesContext(connection) as queries:
            assert actions.settle(actor=ACTOR, now=NOW + 2 * DAY) == number
        return len(queries)

    assert statements(2, "few") == statements(1000, "many") <= 8


def test_duties_of_many_units_leave_one_line_of_the_ledger_for_each_unit(
    cast: dict[str, Account],
) -> None:
    before = Entry.objects.count()
    many = [owed(code) for code in ("W1", "W2", "P1")]

    actions.assign(actor=ACTOR, now=NOW, owed=[*many, replace(many[0], subject=("other", "2"))])

    entries = Entry.objects.filter(verb="duty.assigned")
    assert Entry.objects.count() - before == 3
    assert {one.unit_id: len(one.data["duties"]) for one in entries} == {
        Unit.objects.get(code="W1").pk: 2,
        Unit.objects.get(code="W2").pk: 1,
        Unit.objects.get(code="P1").pk: 1,
    }


def test_an_extension_moves_the_duty_to_its_new_month(cast: dict[str, Account]) -> None:
    duty = assign("W1")

    actions.extend(
        actor=ACTOR, now=NOW, duty=duty, due_at=NOW + timedelta(days=30), reason="roads are shut"
    )

    months = Count.objects.filter(span=Count.Span.MONTH)
    assert list(months.values_list("day", "owed")) == [(date(2020, 3, 1), 1)]
    assert Duty.objects.get(id=duty.id).due_on == date(2020, 3, 13)
