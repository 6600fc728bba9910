"""Counters equal a recount, whatever happened before (DESIGN 5.3)."""

from __future__ import annotations

from collections import Counter as Multiset
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from taishan.core import situation
from taishan.forms import queries as forms
from taishan.forms.models import Form
from taishan.organisation import staffing
from taishan.organisation.models import Account, Membership, Person
from taishan.reporting import actions, erasing, packing, recounting
from taishan.reporting.models import Correction, Counter, Earlier, Indicator, Report, Ruling
from taishan.reporting.submissions import Submission
from tests import people
from tests.reporting import building
from tests.reporting.building import FEVER, TODAY, WELL, report, submit

PEOPLE = ("A1", "A2", "A3")
UNITS = ("W1", "W2", "H1")
RETENTION_DAYS = 4
NUMBERS = [UUID(int=number) for number in range(6)]
"""Few, so that a sender's number comes twice: with the same answers and with others."""


@pytest.fixture
def group(cast: dict[str, Account]) -> None:
    building.add_schedules()
    building.hire(*PEOPLE)
    Form.objects.filter(code="daily_health").update(retention_days=RETENTION_DAYS)


class History(RuleBasedStateMachine):
    """Reports, repeats, corrections, moves and erasures over some days, in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.now = datetime(2020, 2, 10, tzinfo=UTC)
        self.sent: list[Submission] = []
        self.frozen: dict[tuple[Any, ...], Any] = {}
        self.form = Form.objects.get(code="daily_health")

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    @rule(hours=st.sampled_from([2, 5, 17, 24]))
    def time_passes(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @rule(
        rows=st.lists(
            st.tuples(
                st.sampled_from(PEOPLE), st.sampled_from([WELL, FEVER, WELL | {"remarks": "x"}]),
                st.integers(-2, 1), st.sampled_from(NUMBERS),
            ),
            min_size=1, max_size=5,
        )
    )  # fmt: skip
    def reports_come(self, rows: list[tuple[str, dict[str, Any], int, UUID]]) -> None:
        batch = [
            report(who, answers, period=self.now.date() + timedelta(days=ago), client=number)
            for who, answers, ago, number in rows
        ]
        submit(*batch, now=self.now)
        self.sent += batch

    @rule(which=st.integers(0, 100))
    def one_comes_again(self, which: int) -> None:
        if self.sent:
            submit(self.sent[which % len(self.sent)], now=self.now)

    @rule(outcome=st.sampled_from(Ruling.Outcome))
    def the_officer_rules(self, outcome: Ruling.Outcome) -> None:
        waiting = Correction.objects.filter(ruling=None).order_by("pk").first()
        if waiting is not None:
            try:
                building.rule(waiting, outcome, self.now, reason="seen")
            except actions.CorrectionRefused:
                assert waiting.period < self.now.date() - timedelta(days=RETENTION_DAYS)

    @rule(who=st.sampled_from(PEOPLE), unit=st.sampled_from(UNITS))
    def somebody_moves(self, who: str, unit: str) -> None:
        tomorrow = self.now.date() + timedelta(days=1)
        if not Membership.objects.filter(person__staff_no=who, valid__startswith__gte=tomorrow):
            staffing.transfer(
                actor=people.ACTOR, now=self.now, on=tomorrow, unit=unit,
                person=Person.objects.get(staff_no=who),
            )  # fmt: skip

    @rule()
    def answers_are_erased(self) -> None:
        form = Form.objects.get(code="daily_health")
        erasing.erase_answers(actor=people.ACTOR, now=self.now, form=form)
        erasure = form.erasures.order_by("-until").first()
        if erasure is not None:
            self.frozen |= {k: v for k, v in self._kept().items() if k[1] < erasure.until}

    @invariant()
    def counters_equal_a_recount(self) -> None:
        assert recounting.recount().differences == ()

    @invariant()
    def counters_are_what_the_answers_come_to(self) -> None:
        kept = self._kept()
        assert {key: amount for key, amount in kept.items() if key in self.frozen} == self.frozen
        live = {key: amount for key, amount in kept.items() if key not in self.frozen}
        assert live == self._counted()

    @invariant()
    def nothing_of_an_erased_period_is_left(self) -> None:
        days = {key[1] for key in self.frozen}
        for model in (Report, Earlier, Correction):
            assert not model.objects.filter(period__in=days).exists()

    def _kept(self) -> dict[tuple[Any, ...], Any]:
        names = dict(Indicator.objects.values_list("pk", "name"))
        return {
            (row.unit_id, row.period, names[row.indicator_id]): row.amount
            for row in Counter.objects.all()
            if row.amount
        }

    def _counted(self) -> dict[tuple[Any, ...], Any]:
        """Return the counters as the checker finds them in the stored answers, one by one."""
        version = forms.get_version("daily_health")
        checker = forms.get_checker(version)
        places = packing.names(checker.definition)
        found: Multiset[tuple[Any, ...]] = Multiset()
        for row in Report.objects.all():
            checked = checker.check(packing.unpack(places, row.answers), now=row.submitted_at)
            added = dict(checked.indicators) | {"received": 1}
            added |= {} if row.is_late else {"received_on_time": 1}
            for name, amount in added.items():
                found[row.unit_id, row.period, name] += situation.exact(amount)  # type: ignore[assignment]
        return dict(found)


@pytest.mark.usefixtures("group")
def test_counters_equal_a_recount_after_any_history() -> None:
    run_state_machine_as_test(
        History,
        settings=settings(
            max_examples=40,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.usefixtures("group")
def test_erased_answers_leave_their_totals_and_come_no_more() -> None:
    submit(report("A1"))
    submit(report("A1", FEVER))
    later = datetime(2020, 2, 18, tzinfo=UTC)

    assert erasing.erase_all(actor=people.ACTOR, now=later) == 1

    assert not Report.objects.exists()
    assert not Earlier.objects.exists()
    assert Counter.objects.filter(indicator_id=1).get().amount == 1
    assert building.told(submit(report("A2"), now=later)) == ["erased"]


@pytest.mark.usefixtures("group")
def test_answers_within_their_retention_are_not_erased() -> None:
    submit(report("A1"))
    last = datetime(2020, 2, 17, tzinfo=UTC)
    assert (last.date() - TODAY).days == RETENTION_DAYS + 1
    assert erasing.erase_all(actor=people.ACTOR, now=last) == 0
    assert Report.objects.exists()


@pytest.mark.usefixtures("group")
def test_no_replaced_answer_is_changed_or_goes_before_its_time() -> None:
    from django.db import ProgrammingError, connection

    submit(report("A1"))
    submit(report("A1", FEVER))
    for statement in (
        "DELETE FROM reporting_earlier",
        "UPDATE reporting_earlier SET is_late = true",
    ):
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT reporting_erase_earlier(%s)", [Form.objects.get(code="daily_health").pk]
        )
        assert cursor.fetchone() == (0,)
    assert Earlier.objects.count() == 1
