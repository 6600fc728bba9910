"""Inspections recorded, owed and missed, by the actions behind every door."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import ProgrammingError, connection, transaction

from taishan.core.duties import State
from taishan.core.inspections import Verdict
from taishan.duties.models import Duty
from taishan.forms import queries as forms
from taishan.forms.models import FormVersion
from taishan.kit import clock
from taishan.kit.editions import LibraryRefused
from taishan.ledger.models import Entry
from taishan.organisation import history, posts
from taishan.organisation.models import Account
from taishan.safety import (
    inspection_figures,
    inspection_plans,
    inspection_rights,
    inspection_routes,
    inspection_words,
    inspections,
)
from taishan.safety.hazard_models import Hazard, HazardPhoto
from taishan.safety.inspection_forms import RULES
from taishan.safety.inspection_models import Inspection, InspectionSum
from taishan.safety.inspection_plans import PlanRefused
from taishan.safety.inspection_routes import RouteRefused
from taishan.safety.inspections import InspectionRefused
from tests import jobs
from tests.duties import test_matrix
from tests.people import ACTOR, FOUNDED, NOW
from tests.safety.building import viewer
from tests.safety.finding import photo, post_of
from tests.safety.inspecting import BARE, GOOD, checklist, inspected, opened, planned

pytestmark = pytest.mark.django_db
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
Origin = Inspection.Origin


@pytest.fixture
def version(cast: dict[str, Account]) -> FormVersion:
    return checklist()


def owed() -> list[Duty]:
    return list(Duty.objects.filter(kind="inspection").order_by("due_at"))


def test_a_checklist_asks_for_photo_comment_and_hazard_behind_each_item(
    version: FormVersion,
) -> None:
    asked = {one.name: one for one, _path in forms.get_definition(version).walk()}

    assert version.form.is_checklist
    assert asked["cables_hazard"].relevant == "${cables} = 'no'"
    assert [asked[f"{name}_photo"].required for name in ("extinguishers", "exits")] == ["yes", ""]
    assert asked["exits_comment"].labels == {"en": "What is wrong", "zh": "存在的问题"}


def test_an_inspection_is_recorded_with_its_items_score_and_sums(
    cast: dict[str, Account], version: FormVersion
) -> None:
    officer = cast["safety_officer"]
    one = inspected(officer, version, GOOD | {"cables": "no"})
    inspected(officer, version, {"extinguishers": "na", "exits": "no"})

    assert (one.verdict, one.origin) == (Verdict.FINDINGS, Origin.OWN)
    assert (one.passed_weight, one.counted_weight, one.items.count()) == (5, 6, 3)
    sums = {row.code: row for row in InspectionSum.objects.all()}
    whole = sums[""]
    assert (whole.inspections, whole.failed_whole, whole.failed) == (2, 1, 2)
    assert (whole.passed_weight, whole.counted_weight) == (5, 9)
    assert (sums["exits"].passed, sums["exits"].failed) == (1, 1)
    assert sums["extinguishers"].excluded == 1


def test_the_sums_equal_a_recount_of_the_items(
    cast: dict[str, Account], version: FormVersion
) -> None:
    for answers in (GOOD, BARE, {"extinguishers": "na", "exits": "no"}, {"exits": "yes",
                    "extinguishers": "no", "extinguishers_photo": "p.png"}):  # fmt: skip
        inspected(cast["safety_officer"], version, answers)

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT code, sum((outcome = 1)::int), sum((outcome = 2)::int), "
            "sum((outcome = 3)::int), sum(weight * (outcome < 3)::int) "
            "FROM safety_inspectionitem GROUP BY code ORDER BY code"
        )
        recount = cursor.fetchall()
    kept = InspectionSum.objects.exclude(code="").order_by("code")
    names = ("code", "passed", "failed", "excluded", "counted_weight")
    assert recount == list(kept.values_list(*names))


def test_wrong_answers_go_back_and_leave_nothing(
    cast: dict[str, Account], version: FormVersion
) -> None:
    with pytest.raises(InspectionRefused) as refused:
        inspected(cast["safety_officer"], version, GOOD | {"extinguishers": "no"})

    assert [one.question for one in refused.value.problems] == ["extinguishers_photo"]
    assert not Inspection.objects.exists()
    assert not InspectionSum.objects.exists()


def test_a_photo_that_comes_in_later_reaches_the_hazard_made_of_its_item_once(
    cast: dict[str, Account], version: FormVersion
) -> None:
    key, officer = uuid4(), cast["safety_officer"]
    answers = GOOD | {
        "extinguishers": "no", "extinguishers_photo": "p.png", "extinguishers_hazard": "OK",
    }  # fmt: skip
    inspected(officer, version, answers, key=key)
    hazard = Hazard.objects.get()
    assert not HazardPhoto.objects.exists()

    for _time in range(2):
        inspected(officer, version, answers, key=key, files={"p.png": photo()})

    kept = HazardPhoto.objects.get()
    assert (kept.act.hazard_id, kept.act.act, kept.sha256) == (hazard.pk, "find", photo().sha256)
    assert Entry.objects.filter(verb="hazard.photos_added").count() == 1
    assert jobs.waiting().count("safety.make_thumbnails") == 1


def test_the_same_inspection_sent_twice_is_recorded_once_and_takes_its_later_photo(
    cast: dict[str, Account], version: FormVersion
) -> None:
    key, officer = uuid4(), cast["safety_officer"]
    answers = GOOD | {"extinguishers": "no", "extinguishers_photo": "p.png"}
    first = inspected(officer, version, answers, key=key)
    for _time in range(2):
        again = inspected(officer, version, answers, key=key, files={"p.png": photo()})

    assert again.pk == first.pk
    assert [one.code for one in first.photos.all()] == ["extinguishers"]
    assert InspectionSum.objects.get(code="").inspections == 1
    with pytest.raises(InspectionRefused):
        inspected(cast["unit_head"], version, key=key)


def test_a_failed_item_is_made_a_hazard_in_the_same_transaction_linked_both_ways(
    cast: dict[str, Account], version: FormVersion
) -> None:
    one = inspected(cast["safety_officer"], version, BARE, place="Hall 2")

    hazard = Hazard.objects.get()
    assert (hazard.origin_kind, hazard.origin_id) == ("inspection", f"{one.pk}:cables")
    assert hazard.text.splitlines() == [
        "Failed in an inspection: No cable is bare", "检查不合格：无裸露电缆", "Bay 3",
    ]  # fmt: skip
    assert hazard.area == "Hall 2"
    entry = Entry.objects.get(verb="inspection.hazard_made")
    assert (entry.subject_id, entry.data["hazard"]) == (str(one.pk), hazard.pk)


def test_a_failed_item_is_made_a_hazard_later_once_and_a_passed_one_never(
    cast: dict[str, Account], version: FormVersion
) -> None:
    one = inspected(cast["safety_officer"], version, GOOD | {"cables": "no"})
    given = {"viewer": viewer(cast["safety_officer"]), "now": NOW, "inspection": one}

    made = [inspections.make_hazard(**given, code="cables") for _time in range(2)]

    assert made[0].pk == made[1].pk
    assert Hazard.objects.count() == 1
    with pytest.raises(InspectionRefused):
        inspections.make_hazard(**given, code="exits")
    with pytest.raises(InspectionRefused):
        inspections.make_hazard(**given | {"viewer": viewer(cast["inspector"])}, code="cables")


def test_who_inspects_a_unit_is_of_it_or_of_one_above(
    cast: dict[str, Account], version: FormVersion
) -> None:
    assert inspected(cast["duty_office"], version).origin == Origin.UPPER
    assert inspected(cast["duty_office"], version, is_unannounced=True).origin == Origin.SURPRISE
    assert inspected(cast["safety_officer"], version, unit="W2").origin == Origin.UPPER
    for who, unit in (("safety_officer", "H1"), ("inspector", "W1"), ("employee", "P1")):
        with pytest.raises(InspectionRefused):
            inspected(cast[who], version, unit=unit)


def test_what_a_plan_makes_owed_is_discharged_by_the_inspection_itself(
    cast: dict[str, Account], version: FormVersion
) -> None:
    plan = planned(version.form)
    inspected(cast["duty_office"], version)

    one = inspected(cast["safety_officer"], version, now=NOW + HOUR)

    assert (one.plan, one.origin) == (plan, Origin.SCHEDULED)
    assert [duty.ended for duty in owed()] == [State.ON_TIME]


def test_what_was_missed_stays_missed(cast: dict[str, Account], version: FormVersion) -> None:
    planned(version.form)
    assert [duty.due_on.day for duty in owed()] == [12]

    later = NOW + 2 * DAY
    assert opened(later) == 2
    inspected(cast["safety_officer"], version, now=later)

    assert [duty.standing(later) for duty in owed()] == [
        State.MISSED, State.LATE, State.DUE_SOON,
    ]  # fmt: skip
    assert opened(later) == 0


def test_a_post_that_owes_an_inspection_does_it_and_nobody_else_of_the_unit(
    cast: dict[str, Account], version: FormVersion
) -> None:
    employee = cast["employee"]
    planned(version.form, unit="P1", by="P1", post=post_of(employee, "P1"))

    one = inspected(employee, version, unit="P1")

    assert [duty.ended for duty in owed()] == [State.ON_TIME]
    assert one.by_unit_id == one.unit_id


def test_a_post_inspects_from_the_first_hour_of_its_unit_s_own_day(
    cast: dict[str, Account], version: FormVersion
) -> None:
    tomorrow, employee = date(2020, 2, 13), cast["employee"]
    planned(version.form, unit="P1", by="P1", post=post_of(employee, "P1", on=tomorrow))

    with pytest.raises(InspectionRefused):
        inspected(employee, version, unit="P1", now=datetime(2020, 2, 12, 16, 59, tzinfo=UTC))

    assert inspected(employee, version, unit="P1", now=datetime(2020, 2, 12, 17, 1, tzinfo=UTC))


def test_nobody_of_a_unit_knows_of_a_surprise_before_it_happens(
    cast: dict[str, Account], version: FormVersion
) -> None:
    plan = planned(version.form, by="HQ", is_surprise=True)
    on = NOW.date()

    assert plan in inspection_rights.find_plans(viewer(cast["duty_office"]), on)
    for who in ("safety_officer", "unit_head", "inspector"):
        assert plan not in inspection_rights.find_plans(viewer(cast[who]), on)
    headquarters = history.get_version("HQ", on).unit_id
    assert {(duty.unit_id, duty.creditor_id) for duty in owed()} == {(headquarters, headquarters)}
    own = Entry.objects.filter(unit_id=history.get_version("W1", on).unit_id)
    assert not own.filter(verb__startswith="inspection.").exists()
    assert inspected(cast["duty_office"], version).origin == Origin.SURPRISE


@pytest.mark.parametrize(
    "wrong",
    [
        {"is_surprise": True},
        {"by": "W2"},
        {"rule": "FREQ=HOURLY"},
    ],
)
def test_a_plan_that_cannot_be_is_refused(
    cast: dict[str, Account], version: FormVersion, wrong: dict[str, object]
) -> None:
    with pytest.raises(PlanRefused):
        planned(version.form, **wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("FREQ=DAILY", "every day"),
        ("FREQ=WEEKLY;BYDAY=MO,WE", "every week: Monday, Wednesday"),
        ("FREQ=MONTHLY;BYMONTHDAY=12", "every month, on day 12"),
        ("FREQ=YEARLY", "FREQ=YEARLY"),
    ],
)
def test_a_rule_is_said_in_words_where_there_are_words_for_it(rule: str, said: str) -> None:
    assert inspection_words.say_rule(rule, dict(RULES)) == said


def test_a_plan_that_ended_asks_for_nothing_more(
    cast: dict[str, Account], version: FormVersion
) -> None:
    plan = planned(version.form)
    inspection_plans.end(actor=ACTOR, now=NOW + HOUR, plan=plan)

    assert opened(NOW + 3 * DAY) == 0
    assert [duty.ended for duty in owed()] == [State.WAIVED]


def test_a_route_is_proven_by_its_codes_typed_or_scanned(
    cast: dict[str, Account], version: FormVersion
) -> None:
    officer = cast["safety_officer"]
    unit = history.get_version("W1", NOW.date())
    route = inspection_routes.make(
        actor=ACTOR, now=NOW, unit=unit, name="Night", points=["Gate", "Boiler"]
    )
    planned(version.form, route=route)
    gate, boiler = route.points.order_by("number")

    first = inspected(officer, version, codes=[gate.code.lower(), "GUESSED1"])
    assert inspection_routes.find_missed(first, route) == [boiler]
    assert owed()[-1].ended is None

    inspection_routes.visit(viewer=viewer(officer), now=NOW + HOUR, point=gate)
    inspected(
        officer, version, now=NOW + 2 * HOUR, started_at=NOW + HOUR,
        codes=[f"https://x/safety/inspections/points/{boiler.code}/"],
    )  # fmt: skip
    assert owed()[-1].ended == State.ON_TIME
    with pytest.raises(RouteRefused):
        inspection_routes.end(actor=ACTOR, now=NOW, route=route)


def test_figures_add_up_over_months_and_units(
    cast: dict[str, Account], version: FormVersion
) -> None:
    officer = cast["safety_officer"]
    inspected(officer, version)
    inspected(officer, version, GOOD | {"cables": "no"}, unit="W2", now=NOW + 20 * DAY)
    ids = [history.get_version(code, NOW.date()).unit_id for code in ("W1", "W2")]
    months = inspection_figures.months_to((NOW + 20 * DAY).date(), 2)

    found = inspection_figures.find(ids, months)[""]
    by_item = inspection_figures.find(ids, months, "code", version.form_id)

    assert [found[month].passed_weight for month in months] == [6, 5]
    assert by_item["cables"][months[1]].failed == 1
    assert inspection_figures.find_by_row({ids[0]: 7}, months)[7][months[0]].share == 1


@pytest.mark.parametrize(
    "table", ["inspection", "inspectionitem", "inspectionphoto", "pointvisit", "routepoint"]
)
def test_what_was_inspected_is_never_altered(cast: dict[str, Account], table: str) -> None:
    for statement in (f"DELETE FROM safety_{table}", f"TRUNCATE safety_{table}"):  # noqa: S608
        with (
            pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor
        ):  # fmt: skip
            cursor.execute(statement)


def test_an_inspection_discharges_the_round_that_a_post_owes_and_the_post_gives_the_right_to_it(
    version: FormVersion, cast: dict[str, Account], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    employee = cast["employee"]
    with pytest.raises(InspectionRefused):
        inspected(employee, version)
    post = test_matrix.open_post("P-W1", "W1")
    assert employee.person is not None
    posts.hold_post(actor=ACTOR, now=NOW, on=FOUNDED, person=employee.person, post=post)
    test_matrix.bring_in(test_matrix.templates({"done_by": "inspection"}))
    test_matrix.open_until(NOW)

    inspected(employee, version)
    jobs.run()

    states = [(one.post_id, one.ended) for one in Duty.objects.filter(kind="post_duty")]
    assert states == [(post.pk, State.ON_TIME)]


def test_a_unit_may_not_let_its_posts_say_so_where_the_group_asks_for_the_act(
    cast: dict[str, Account],
) -> None:
    test_matrix.bring_in(test_matrix.templates({"done_by": "inspection"}))

    with pytest.raises(LibraryRefused, match="done by saying so"):
        test_matrix.bring_in(test_matrix.templates({}), unit="W1")
