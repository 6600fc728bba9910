"""The stages of a case, and who may judge it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taishan.core import accountability
from taishan.core.accountability import Act, Bar, Finding, Measure, Parties, Record, Stage

NOW = datetime(2020, 2, 12, tzinfo=UTC)
EARLY, LATE = NOW - timedelta(hours=1), NOW + timedelta(hours=1)
GUILTY, INNOCENT = Finding.NEGLIGENT, Finding.NOT_NEGLIGENT


@pytest.mark.parametrize(
    ("record", "stage", "acts"),
    [
        (Record(hear_until=LATE), Stage.EXPLANATION, {Act.EXPLAINED, Act.REMARKED}),
        (Record(hear_until=NOW), Stage.FINDING, {Act.EXPLAINED, Act.REMARKED, Act.FOUND}),
        (
            Record(hear_until=LATE, is_explained=True), Stage.FINDING, {Act.REMARKED, Act.FOUND},
        ),
        (Record(hear_until=EARLY, finding=GUILTY), Stage.MEASURE, {Act.REMARKED, Act.MEASURED}),
        (Record(hear_until=EARLY, finding=INNOCENT), Stage.CLOSURE, {Act.REMARKED, Act.CLOSED}),
        (
            Record(hear_until=EARLY, finding=GUILTY, measure=Measure.NONE), Stage.CLOSURE,
            {Act.REMARKED, Act.CLOSED},
        ),
        (Record(hear_until=EARLY, finding=INNOCENT, is_closed=True), Stage.CLOSED, set()),
    ],
)  # fmt: skip
def test_what_may_be_done_in_a_case_follows_from_what_was(
    record: Record, stage: Stage, acts: set[Act]
) -> None:
    assert accountability.find_stage(record, NOW) is stage
    assert {act for act in Act if accountability.may(act, record, NOW)} == acts


@given(st.lists(st.tuples(st.sampled_from(Act), st.sampled_from(Finding), st.integers(0, 200))))
def test_nobody_is_judged_unheard_nor_measured_without_negligence_nor_twice(
    story: list[tuple[Act, Finding, int]],
) -> None:
    record, now, done = Record(hear_until=NOW + timedelta(hours=72)), NOW, []
    for act, finding, hours in story:
        now += timedelta(hours=hours)
        if not accountability.may(act, record, now):
            continue
        if act is Act.FOUND:
            assert record.is_explained or now >= record.hear_until
        if act is Act.MEASURED:
            assert record.finding is GUILTY
        record = {
            Act.EXPLAINED: replace(record, is_explained=True),
            Act.REMARKED: record,
            Act.FOUND: replace(record, finding=finding),
            Act.MEASURED: replace(record, measure=Measure.TALK),
            Act.CLOSED: replace(record, is_closed=True),
        }[act]
        done += [act] if act is not Act.REMARKED else []

    assert len(set(done)) == len(done)
    assert Act.CLOSED not in done or (done[-1] is Act.CLOSED and Act.FOUND in done)


PARTIES = Parties(debtors=frozenset({7}), debtor_line=(1, 2, 3), creditor_line=(1, 2))


@pytest.mark.parametrize(
    ("person", "works_in", "directs", "bars"),
    [
        (9, (1,), (), []),
        (9, (1, 5), (5,), []),
        (9, (1, 2), (), []),
        (None, (1,), (), [Bar.IS_DEBTOR]),
        (7, (1,), (), [Bar.IS_DEBTOR]),
        (9, (1, 2, 3), (), [Bar.IN_UNIT]),
        (9, (1, 2, 3, 4), (), [Bar.IN_UNIT]),
        (9, (1,), (3,), [Bar.DIRECTS_DEBTOR]),
        (9, (1,), (1,), [Bar.DIRECTS_DEBTOR, Bar.DIRECTS_CREDITOR]),
    ],
)
def test_a_case_is_judged_from_another_line_of_command(
    person: int | None, works_in: tuple[int, ...], directs: tuple[int, ...], bars: list[Bar]
) -> None:
    found = accountability.find_bars(PARTIES, person, works_in=works_in, directs=directs)

    assert found == bars


def test_a_case_of_the_unit_at_the_top_can_be_judged_by_somebody_of_the_group() -> None:
    top = Parties(debtors=frozenset({7}), debtor_line=(1,), creditor_line=(1,))

    assert accountability.find_bars(top, 9, works_in=(1,), directs=()) == []
