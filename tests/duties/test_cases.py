"""Accountability cases: from a lapse to a closed case."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import transaction
from django.db.models import Model
from django.db.utils import ProgrammingError

from taishan.communications import case_notices
from taishan.communications.models import Notice
from taishan.core.accountability import Bar, Finding, Measure, Stage
from taishan.core.duties import State
from taishan.duties import actions, case_queries, cases
from taishan.duties.case_models import Case, CaseAct, CaseLapse
from taishan.duties.cases import CaseRefused
from taishan.duties.models import Duty
from taishan.kit.actor import Actor
from taishan.ledger.models import Entry
from taishan.organisation import access, staffing
from taishan.organisation import actions as organisation
from taishan.organisation.access import Viewer
from taishan.organisation.models import Account, Membership, Person, Unit
from tests.duties.building import assign
from tests.duties.escalating import work
from tests.people import ACTOR, FOUNDED, NOW, signed_in

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
DUE = NOW + 9 * HOUR
GRACE = 3 * DAY
"""A directive's."""


def viewer(account: Account) -> Viewer:
    return access.viewer_for(account, NOW.date())


def actor(account: Account) -> Actor:
    return viewer(account).actor


def lapsed(now: datetime = DUE + GRACE, **more: object) -> Case:
    """Return the case of a directive that W1 does not carry out."""
    assign("W1", **more)
    work(now)
    return Case.objects.get()


def judge(case: Case, account: Account, now: datetime, finding: Finding) -> None:
    cases.find(
        actor=actor(account), now=now, case=case, viewer=viewer(account), finding=finding,
        text="because",
    )  # fmt: skip


def test_a_duty_late_over_its_grace_opens_a_case_while_it_is_still_open(
    cast: dict[str, Account],
) -> None:
    assign("W1")

    work(DUE + GRACE - HOUR)
    assert not Case.objects.exists()
    work(DUE + GRACE)

    case = Case.objects.get()
    lapse = case.lapses.get()
    assert (case.unit.code, case.office.code, lapse.state, lapse.at) == (
        "W1", "HQ", State.OVERDUE, DUE + GRACE,
    )  # fmt: skip
    assert cases.find_stage(case, DUE + GRACE) is Stage.EXPLANATION
    assert work(DUE + GRACE) == 0
    assert CaseLapse.objects.count() == 1


def test_what_is_missed_opens_a_case_at_its_own_instant_however_long_the_worker_slept(
    cast: dict[str, Account],
) -> None:
    case = lapsed(DUE + 9 * DAY, kind="acknowledgement", lapses_at=DUE + DAY)

    lapse = case.lapses.get()
    assert (lapse.state, lapse.at) == (State.MISSED, DUE + DAY)


def test_a_worker_that_slept_forgives_nobody_who_was_late_over_the_grace(
    cast: dict[str, Account],
) -> None:
    late, soon = assign("W1"), assign("W1", subject=("directive", "2"))
    actions.discharge(actor=ACTOR, now=DUE + GRACE + HOUR, duty=late)
    actions.discharge(actor=ACTOR, now=DUE + HOUR, duty=soon)

    work(DUE + 9 * DAY)

    assert [lapse.duty_id for lapse in CaseLapse.objects.all()] == [late.id]
    assert not Duty.objects.filter(kind="directive", escalates_at__isnull=False).exists()


@pytest.mark.parametrize(("days", "cases"), [(2, 0), (4, 1)])
def test_a_waiver_after_the_grace_does_not_undo_that_somebody_answers(
    cast: dict[str, Account], days: int, cases: int
) -> None:
    duty = assign("W1")
    waived_at = duty.due_at + days * DAY

    actions.waive(actor=ACTOR, now=waived_at, duty=duty, reason="overtaken")
    work(waived_at + DAY)

    assert Case.objects.count() == cases
    duty.refresh_from_db()
    assert duty.escalates_at is None


def test_a_late_duty_without_grace_opens_no_case(cast: dict[str, Account]) -> None:
    assign("W1", kind="acknowledgement")

    work(DUE + 30 * DAY)

    assert not Case.objects.exists()


def test_an_explanation_is_asked_from_whoever_held_the_post_then(
    cast: dict[str, Account],
) -> None:
    from tests.duties.test_escalating import _post

    then, later = (Person.objects.get(staff_no=no) for no in ("D2", "D3"))
    turn = (DUE + 2 * DAY).date()
    post = _post("W1", [(then, FOUNDED, turn), (later, turn, None)])
    case = lapsed(
        DUE + 5 * DAY, kind="acknowledgement", post_id=post, lapses_at=DUE + DAY,
        subject=("directive", "9"),
    )  # fmt: skip

    owed = Duty.objects.get(kind="explanation")
    assert (case.person, owed.person_id, owed.creditor_id) == (then, then.pk, case.office_id)
    # Asked on Monday the 17th: until 18:00 of the third working day after.
    assert owed.due_at == case.hear_until == datetime(2020, 2, 20, 10, tzinfo=UTC)


def test_one_who_fails_every_day_answers_for_it_in_one_case(cast: dict[str, Account]) -> None:
    for day in range(3):
        assign(
            "W1", kind="unit_return", subject=("return", str(day)), opened_at=NOW,
            due_at=DUE + day * DAY,
        )  # fmt: skip
        work(DUE + day * DAY)

    case = Case.objects.get()
    assert case.lapses.count() == 3
    assert Duty.objects.filter(kind="explanation").count() == 1


@pytest.mark.parametrize(("before_the_end", "number"), [(25, 1), (23, 2)])
def test_a_lapse_shortly_before_the_hearing_ends_is_heard_in_a_case_of_its_own(
    cast: dict[str, Account], before_the_end: int, number: int
) -> None:
    at = lapsed().hear_until - timedelta(hours=before_the_end)
    assign("W1", kind="unit_return", subject=("return", "2"), opened_at=NOW, due_at=at)

    work(at)

    assert Case.objects.count() == number
    assert Duty.objects.filter(kind="explanation").count() == number


def test_what_comes_after_the_explanation_is_a_case_of_its_own(cast: dict[str, Account]) -> None:
    first = lapsed()
    cases.explain(
        actor=actor(cast["unit_head"]), now=DUE + GRACE, case=first, text="The road was shut"
    )
    assign("W1", subject=("directive", "2"), due_at=DUE + DAY)
    work(DUE + GRACE + DAY)

    assert Case.objects.count() == 2


def test_units_answer_each_for_themselves(cast: dict[str, Account]) -> None:
    assign("W1")
    assign("W2")

    work(DUE + GRACE)

    assert sorted(Case.objects.values_list("unit__code", flat=True)) == ["W1", "W2"]


def test_an_explanation_ends_what_is_owed_of_it(cast: dict[str, Account]) -> None:
    case = lapsed()

    cases.explain(actor=actor(cast["unit_head"]), now=DUE + 4 * DAY, case=case, text="Roads shut")

    assert Duty.objects.get(kind="explanation").ended == State.ON_TIME
    with pytest.raises(CaseRefused, match="once"):
        cases.explain(actor=actor(cast["unit_head"]), now=DUE + 4 * DAY, case=case, text="Again")


def test_nobody_is_judged_before_they_were_heard_or_let_the_time_pass(
    cast: dict[str, Account],
) -> None:
    case, office = lapsed(), cast["discipline_office"]

    with pytest.raises(CaseRefused, match="unheard"):
        judge(case, office, DUE + GRACE + HOUR, Finding.NEGLIGENT)
    judge(case, office, case.hear_until, Finding.NEGLIGENT)

    assert cases.find_stage(case, case.hear_until) is Stage.MEASURE


def test_who_was_judged_without_explaining_owes_no_explanation_any_more(
    cast: dict[str, Account],
) -> None:
    case, office = lapsed(), cast["discipline_office"]

    judge(case, office, case.hear_until, Finding.NEGLIGENT)

    owed = Duty.objects.get(kind="explanation")
    assert (owed.ended, owed.ended_at) == (State.WAIVED, case.hear_until)


def test_a_case_goes_from_its_lapse_to_its_closure_and_no_further(
    cast: dict[str, Account],
) -> None:
    case, office, now = lapsed(), cast["discipline_office"], DUE + 4 * DAY
    who, sees = actor(office), viewer(office)
    cases.explain(actor=actor(cast["unit_head"]), now=now, case=case, text="Roads shut")
    judge(case, office, now, Finding.NEGLIGENT)
    with pytest.raises(CaseRefused, match="measure is due"):
        cases.close(actor=who, now=now, case=case, viewer=sees, text="done")
    cases.measure(
        actor=who, now=now, case=case, viewer=sees, measure=Measure.WARNING, text="repeated"
    )
    cases.close(actor=who, now=now, case=case, viewer=sees, text="letter of 16 February")

    assert cases.find_stage(case, now) is Stage.CLOSED
    with pytest.raises(CaseRefused, match="stays so"):
        cases.remark(actor=who, now=now, case=case, text="more")
    verbs = Entry.objects.filter(subject_kind="case").order_by("recorded_at", "pk")
    assert {entry.verb for entry in verbs} == {
        "case.lapse_attached", "case.explained", "case.found", "case.measured", "case.closed",
    }  # fmt: skip


def test_where_there_was_no_negligence_there_is_no_measure(cast: dict[str, Account]) -> None:
    case, office = lapsed(), cast["discipline_office"]
    judge(case, office, case.hear_until, Finding.NOT_NEGLIGENT)

    with pytest.raises(CaseRefused, match="closed"):
        cases.measure(
            actor=actor(office), now=case.hear_until, case=case, viewer=viewer(office),
            measure=Measure.TALK, text="anyway",
        )  # fmt: skip


def test_of_two_who_judge_the_second_is_told(cast: dict[str, Account]) -> None:
    case, office = lapsed(), cast["discipline_office"]
    judge(case, office, case.hear_until, Finding.NOT_NEGLIGENT)

    with pytest.raises(CaseRefused, match="decided this already"):
        judge(case, office, case.hear_until, Finding.NEGLIGENT)


@pytest.mark.parametrize(
    ("given", "bar"),
    [
        (None, None),
        (("duty_office", "HQ"), Bar.DIRECTS_DEBTOR),
        (("unit_head", "W1"), Bar.IS_DEBTOR),
        (("unit_head", "H1"), None),
    ],
)
def test_a_case_is_judged_by_another_line_of_command(
    cast: dict[str, Account], given: tuple[str, str] | None, bar: Bar | None
) -> None:
    case, office = lapsed(), cast["discipline_office"]
    if given:
        organisation.grant_role(
            actor=ACTOR, now=NOW, on=FOUNDED, staff_no="D5", name="郑岚", role=given[0],
            unit=given[1],
        )  # fmt: skip

    bars = cases.find_bars(viewer(office), case, case.hear_until)
    assert bars[:1] == ([bar] if bar else [])
    if bar:
        with pytest.raises(CaseRefused):
            judge(case, office, case.hear_until, Finding.NEGLIGENT)
    else:
        judge(case, office, case.hear_until, Finding.NEGLIGENT)


def test_a_head_judges_no_case_from_the_first_hour_of_the_units_own_day(
    cast: dict[str, Account],
) -> None:
    case, office = lapsed(), cast["discipline_office"]
    organisation.grant_role(
        actor=ACTOR, now=NOW, on=date(2020, 2, 21), staff_no="D5", name="郑岚", role="unit_head",
        unit="W1",
    )  # fmt: skip

    eve, morning = (datetime(2020, 2, 20, hour, tzinfo=UTC) for hour in (15, 17))
    assert Bar.IS_DEBTOR not in cases.find_bars(viewer(office), case, eve)
    assert Bar.IS_DEBTOR in cases.find_bars(viewer(office), case, morning)


def test_who_works_below_the_debtor_does_not_judge(cast: dict[str, Account]) -> None:
    case, office = lapsed(), cast["discipline_office"]
    Membership.objects.filter(person=office.person).delete()
    staffing._join(office.person, Unit.objects.get(code="W2").pk, FOUNDED)  # type: ignore[arg-type]

    assert Bar.IN_UNIT in cases.find_bars(viewer(office), case, case.hear_until)


def test_the_facts_of_a_lapse_are_attached_by_themselves(cast: dict[str, Account]) -> None:
    head = cast["unit_head"].person_id
    duty = assign("W1")
    actions.extend(actor=ACTOR, now=NOW, duty=duty, due_at=DUE + DAY, reason="roads")
    actions.hand_over(actor=ACTOR, now=NOW, duty=duty, person_id=head, reason="named")
    for day in range(5):
        work(DUE + day * DAY)

    (facts,) = case_queries.find_facts(Case.objects.get())
    assert [row.due_after for row in facts.extensions] == [DUE + DAY]
    assert [row.to_person_id for row in facts.handovers] == [head]
    assert {row.person.staff_no for row in facts.told} >= {"D1", "D2"}
    assert facts.ending is None


def test_what_is_told_of_a_case_is_seen_by_those_alone_who_are_told(
    cast: dict[str, Account],
) -> None:
    case = lapsed()
    case_notices.tell(actor=ACTOR, now=DUE + GRACE, case_id=case.pk, what="opened")
    to_debtor = Notice.objects.get(about_kind="case", about_id=f"{case.pk}:opened:debtor")
    others, debtor = signed_in(cast["duty_office"]), signed_in(cast["unit_head"])

    listed = others.get(f"/notices/units/{to_debtor.unit.code}/").content.decode()

    assert others.get(f"/cases/{case.pk}/").status_code == 404
    assert others.get(f"/notices/{to_debtor.pk}/").status_code == 404
    assert "You are asked to explain" not in listed
    assert "Accountability case opened" not in listed
    assert debtor.get(f"/notices/{to_debtor.pk}/mine/").status_code == 200
    opened = Entry.objects.get(verb="notice.opened", subject_id=str(to_debtor.pk))
    assert (opened.person_id, opened.account_id) == (None, None)


@pytest.mark.parametrize(
    ("rows", "change"),
    [(Case, {"hear_until": NOW}), (CaseLapse, {"state": ""}), (CaseAct, {"text": ""})],
)
def test_what_was_done_in_a_case_cannot_be_changed(
    cast: dict[str, Account], rows: type[Model], change: dict[str, object]
) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        rows._default_manager.update(**change)


def test_who_directs_the_debtor_today_judges_no_case_though_a_move_is_planned(
    cast: dict[str, Account],
) -> None:
    office = cast["discipline_office"]
    organisation.grant_role(
        actor=ACTOR, now=NOW, on=FOUNDED, staff_no="D5", name="郑岚", role="unit_head", unit="W1"
    )
    organisation.move_unit(actor=ACTOR, now=NOW, on=date(2020, 6, 1), code="W2", parent="H1")
    duty = assign("W2")
    work(duty.due_at + timedelta(days=3))

    case = Case.objects.get(lapses__duty_id=duty.id)
    assert Bar.DIRECTS_DEBTOR in cases.find_bars(viewer(office), case, case.hear_until)


def test_who_directs_any_of_those_to_whom_it_was_owed_does_not_judge(
    cast: dict[str, Account],
) -> None:
    office, later = cast["discipline_office"], NOW + 11 * HOUR + 3 * DAY
    organisation.grant_role(
        actor=ACTOR, now=NOW, on=FOUNDED, staff_no="D5", name="郑岚", role="unit_head", unit="H1"
    )
    assign("W1", creditor_id=Unit.objects.get(code="T1").pk)
    assign(
        "W1", subject=("directive", "2"), creditor_id=Unit.objects.get(code="H1").pk,
        due_at=NOW + 10 * HOUR,
    )  # fmt: skip
    work(later - 2 * HOUR)
    work(later)

    case = Case.objects.get()
    assert case.lapses.count() == 2
    assert Bar.DIRECTS_CREDITOR in cases.find_bars(viewer(office), case, later)
