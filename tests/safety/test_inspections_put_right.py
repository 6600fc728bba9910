"""What was inspected without a network, on one of two plans, or in another's place, counts."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, time, timedelta
from html import unescape

import pytest

from taishan.core.duties import State
from taishan.duties import actions as duties
from taishan.duties.models import Duty
from taishan.forms.models import FormVersion
from taishan.kit import clock
from taishan.organisation import actions as organisation
from taishan.organisation import history, posts
from taishan.organisation.models import Account, Post
from taishan.safety import inspection_plans, inspection_routes
from taishan.safety.inspection_models import Inspection, Route
from taishan.safety.inspections import InspectionRefused
from tests import jobs
from tests.duties import test_matrix
from tests.people import ACTOR, FOUNDED, NOW
from tests.safety.building import granted
from tests.safety.inspecting import BARE, GOOD, MORE, checklist, inspected, opened, owed, planned
from tests.safety.test_inspection_pages import FILL, answered, as_

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
SetClock = Callable[[datetime], None]


@pytest.fixture(autouse=True)
def at(monkeypatch: pytest.MonkeyPatch) -> SetClock:
    def put(instant: datetime) -> None:
        monkeypatch.setattr(clock, "now", lambda: instant)

    put(NOW)
    return put


@pytest.fixture
def version(cast: dict[str, Account]) -> FormVersion:
    return checklist()


@pytest.fixture
def colleague(cast: dict[str, Account]) -> Account:
    """Somebody of W1 whose role inspects nothing."""
    return granted("D9", "Li", role="employee", unit="W1")


def post_for(account: Account | None, code: str = "W1-x") -> Post:
    """A post of W1, held by somebody, or by nobody."""
    given = {"actor": ACTOR, "now": NOW, "on": FOUNDED}
    post = posts.open_post(**given, unit="W1", code=code, title_en=code, title_zh=code)
    if account is not None and account.person is not None:
        posts.hold_post(**given, person=account.person, post=post)
    return post


def route_of(*points: str) -> Route:
    unit = history.get_version("W1", NOW.date())
    return inspection_routes.make(
        actor=ACTOR, now=NOW - DAY, unit=unit, name=points[0], points=points
    )


def code_of(route: Route) -> str:
    return route.points.get().code


def ended_of(plan_id: int) -> list[str | None]:
    return [duty.ended for duty in owed() if duty.subject_id.startswith(f"{plan_id}:")]


def test_what_was_inspected_before_the_plan_ended_is_taken_in_after_it(
    cast: dict[str, Account], version: FormVersion, colleague: Account, at: SetClock
) -> None:
    plan = planned(version.form, post=post_for(colleague))
    client = as_(colleague)
    assert client.get(FILL).status_code == 200
    inspection_plans.end(actor=ACTOR, now=NOW + 2 * HOUR, plan=plan)
    at(NOW + 3 * HOUR)

    late = client.post(FILL, answered(BARE, device_at=(NOW + HOUR).isoformat(), plan=plan.pk))

    assert (late.status_code, Inspection.objects.get().plan) == (200, plan)
    assert [duty.ended for duty in owed()] == [State.WAIVED]
    assert client.get(FILL).status_code == 403


def test_what_was_inspected_while_a_post_was_held_is_taken_in_after_it(
    cast: dict[str, Account], version: FormVersion, colleague: Account, at: SetClock
) -> None:
    post, tomorrow = post_for(colleague), NOW + DAY
    planned(version.form, post=post, lapses_after_days=3)
    given = {"actor": ACTOR, "now": NOW, "on": tomorrow.date(), "post": post}
    posts.hold_post(**given, person=cast["unit_head"].person)
    at(tomorrow + HOUR)
    client = as_(colleague)

    late = client.post(FILL, answered(BARE, device_at=(NOW + HOUR).isoformat()))

    assert late.status_code == 200
    assert [duty.ended for duty in owed()] == [State.ON_TIME]
    assert client.post(FILL, answered(BARE)).status_code == 403


def test_a_plan_gives_no_right_to_a_unit_that_hangs_elsewhere_since(
    cast: dict[str, Account], version: FormVersion, colleague: Account, at: SetClock
) -> None:
    planned(version.form, unit="W2", by="W1", post=post_for(colleague))
    tomorrow, fill = NOW + DAY, FILL.replace("W1", "W2")
    given = {"actor": ACTOR, "now": NOW, "on": tomorrow.date()}
    organisation.move_unit(**given, code="W2", parent="H1")
    before = [as_(who).get(fill).status_code for who in (colleague, cast["safety_officer"])]
    at(tomorrow)

    after = [as_(who).get(fill).status_code for who in (colleague, cast["safety_officer"])]

    assert (before, after) == ([200, 200], [404, 404])


def test_each_of_two_plans_by_one_checklist_is_done_from_its_own_line(
    cast: dict[str, Account], version: FormVersion
) -> None:
    hall, yard = route_of("Hall"), route_of("Yard")
    planned(version.form, route=hall, due_at=time(17))
    second = planned(version.form, route=yard, due_at=time(18))
    client = as_(cast["safety_officer"])

    lines = [one["href"] for one in client.get("/safety/inspections/today/").context["owed"]]
    page = client.get(lines[1]).content.decode()
    sent = answered(GOOD, plan=second.pk, point=code_of(yard))

    assert len(set(lines)) == 2
    assert {duty.address for duty in owed()} == {line.partition("&")[0] for line in lines}
    assert ("Yard" in page, "Hall" in page) == (True, False)
    assert f'name="plan" value="{second.pk}"' in page
    assert client.post(FILL, sent).status_code == 200
    assert Inspection.objects.get().plan == second
    assert ended_of(second.pk) == [State.ON_TIME]


def test_of_two_plans_the_one_counts_whose_points_are_proven(
    cast: dict[str, Account], version: FormVersion
) -> None:
    hall, yard = route_of("Hall"), route_of("Yard")
    first = planned(version.form, route=hall, due_at=time(16))
    second = planned(version.form, route=yard, due_at=time(17))
    third = planned(version.form, due_at=time(18))
    officer = cast["safety_officer"]

    assert inspected(officer, version, codes=[code_of(yard)]).plan == second
    assert inspected(officer, version).plan == third
    assert inspected(officer, version).plan == first
    assert [ended_of(plan.pk) for plan in (first, second, third)] == [
        [None], [State.ON_TIME], [State.ON_TIME],
    ]  # fmt: skip


def test_a_plan_of_somebody_else_that_is_named_counts_for_nothing(
    cast: dict[str, Account], version: FormVersion
) -> None:
    own = planned(version.form)
    other = planned(version.form, by="HQ", post=None)
    client = as_(cast["safety_officer"])

    for named in (str(other.pk), "0", "x", "9" * 30):
        assert client.get(f"{FILL}?plan={named}").context["sheet"].plan == own
    client.post(FILL, answered(GOOD, plan=other.pk))

    assert Inspection.objects.get().plan == own
    assert ended_of(other.pk) == [None]


def test_a_plan_that_a_colleague_has_done_meanwhile_is_not_taken_for_another(
    cast: dict[str, Account], version: FormVersion
) -> None:
    first, second = planned(version.form, due_at=time(17)), planned(version.form)
    inspected(cast["unit_head"], version, plan_id=first.pk)

    one = inspected(cast["safety_officer"], version, plan_id=first.pk, now=NOW + HOUR)

    assert one.plan is None
    assert (ended_of(first.pk), ended_of(second.pk)) == ([State.ON_TIME], [None])


def test_a_point_that_the_form_shows_as_scanned_is_proven(
    cast: dict[str, Account], version: FormVersion, at: SetClock
) -> None:
    route = route_of("Gate")
    planned(version.form, route=route)
    client = as_(cast["safety_officer"])
    client.post(f"/safety/inspections/points/{code_of(route)}/")
    at(NOW + 2 * MINUTE)

    asked = client.get(FILL).content.decode()
    found = re.search(r'name="opened_at" value="([^"]+)"', asked)
    assert found is not None
    sent = answered(GOOD, opened_at=unescape(found[1]), device_at=clock.now().isoformat())
    client.post(FILL, sent)

    assert "✓" in asked
    assert [duty.ended for duty in owed()] == [State.ON_TIME]


def test_a_point_scanned_before_a_slow_phone_says_that_it_was_is_proven(
    cast: dict[str, Account], version: FormVersion, at: SetClock
) -> None:
    route, slow = route_of("Gate"), 3 * MINUTE
    planned(version.form, route=route)
    client = as_(cast["safety_officer"])
    at(NOW + 9 * MINUTE)
    client.post(f"/safety/inspections/points/{code_of(route)}/")
    at(NOW + 10 * MINUTE)

    client.post(FILL, answered(GOOD, device_at=(clock.now() - slow).isoformat()))

    assert [duty.ended for duty in owed()] == [State.ON_TIME]


def test_a_scan_of_another_round_proves_nothing(
    cast: dict[str, Account], version: FormVersion, at: SetClock
) -> None:
    route = route_of("Gate")
    plan = planned(version.form, route=route, lapses_after_days=3)
    client = as_(cast["safety_officer"])
    at(NOW + DAY)
    client.post(f"/safety/inspections/points/{code_of(route)}/")
    at(NOW + DAY + HOUR)

    client.post(FILL, answered(GOOD, plan=plan.pk, device_at=(NOW + HOUR).isoformat()))

    assert ended_of(plan.pk) == [None]


def test_a_form_that_comes_back_keeps_codes_tick_and_when_it_was_begun(
    cast: dict[str, Account],
) -> None:
    version, route = checklist(MORE), route_of("Gate")
    planned(version.form, route=route)
    begun = (NOW - HOUR).isoformat()
    given = {"point": code_of(route), "opened_at": begun, "place": "Hall 2"}
    officer, office = as_(cast["safety_officer"]), as_(cast["duty_office"])

    for answer in (
        officer.post(FILL, answered({"extinguishers": "yes"}, **given)),
        officer.post(FILL, answered(GOOD, row_add="more", **given)),
    ):
        page = unescape(answer.content.decode())
        assert f'value="{code_of(route)}"' in page
        assert f'name="opened_at" value="{begun}" data-kept' in page
        assert "Hall 2" in page
    again = office.post(FILL, answered({"extinguishers": "yes"}, is_unannounced="1"))
    assert 'name="is_unannounced" value="1" checked' in again.content.decode()
    assert "data-kept" not in officer.get(FILL).content.decode()


def test_a_question_for_the_code_of_a_point_proves_it_on_a_page_as_in_collect(
    cast: dict[str, Account],
) -> None:
    version = checklist((("text", "point_gate", "Code at the gate", "门口编码", *[""] * 8),))
    route = route_of("Gate")
    planned(version.form, route=route)

    as_(cast["safety_officer"]).post(FILL, answered(GOOD | {"point_gate": code_of(route)}))

    assert [duty.ended for duty in owed()] == [State.ON_TIME]


@pytest.mark.parametrize("to", ["person", "post"])
def test_an_inspection_that_was_handed_over_is_done_by_whoever_owes_it_now(
    cast: dict[str, Account], version: FormVersion, colleague: Account, at: SetClock, to: str
) -> None:
    planned(version.form, post=post_for(cast["unit_head"]))
    [duty] = owed()
    client = as_(colleague)
    assert client.get(duty.address).status_code == 403
    target = {"person_id": colleague.person_id}
    if to == "post":
        target = {"post_id": post_for(colleague, "W1-y").pk}

    duties.hand_over(actor=ACTOR, now=NOW, duty=duty, reason="ill", **target)

    assert len(client.get("/safety/inspections/today/").context["owed"]) == 1
    assert client.get(duty.address).status_code == 200
    sent = answered(GOOD, device_at=NOW.isoformat())
    for minutes in (1, 2):  # the second time its answer was lost on the way
        at(NOW + minutes * MINUTE)
        assert client.post(duty.address, sent).status_code == 200
    assert [one.ended for one in owed()] == [State.ON_TIME]
    assert client.get(duty.address).status_code == 403


def test_the_round_of_a_post_that_was_handed_over_is_done_by_whoever_owes_it_now(
    cast: dict[str, Account], version: FormVersion, colleague: Account
) -> None:
    post = test_matrix.open_post("P-W1", "W1")
    test_matrix.bring_in(test_matrix.templates({"done_by": "inspection"}))
    test_matrix.open_until(NOW)
    duty = Duty.objects.get(kind="post_duty", post=post)
    with pytest.raises(InspectionRefused):
        inspected(colleague, version)

    duties.hand_over(actor=ACTOR, now=NOW, duty=duty, reason="ill", person_id=colleague.person_id)
    inspected(colleague, version)
    jobs.run()

    assert Duty.objects.get(kind="post_duty", unit_id=post.unit_id).ended == State.ON_TIME


def test_of_two_days_of_a_plan_each_does_the_one_that_they_owe(
    cast: dict[str, Account], version: FormVersion, colleague: Account
) -> None:
    holder = cast["safety_officer"]
    planned(version.form, post=post_for(holder), lapses_after_days=3)
    tomorrow = NOW + DAY
    opened(tomorrow)
    first, second = owed()
    for duty, who in ((first, holder), (second, colleague)):
        duties.hand_over(actor=ACTOR, now=NOW, duty=duty, reason="ill", person_id=who.person_id)

    inspected(colleague, version, now=tomorrow)

    assert [duty.ended for duty in owed()] == [None, State.ON_TIME]


def test_what_a_plan_owes_is_read_without_what_others_owe(
    cast: dict[str, Account], version: FormVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    for unit in ("W1", "W2", "H1", "T1", "X1", "P1"):
        planned(version.form, unit=unit, by="HQ")
    read: list[str] = []
    real = Duty.from_db.__func__  # type: ignore[attr-defined]

    def counted(cls: type[Duty], *given: object) -> Duty:
        read.append("one")
        return real(cls, *given)  # type: ignore[no-any-return]

    monkeypatch.setattr(Duty, "from_db", classmethod(counted))
    inspected(cast["duty_office"], version)

    assert len(read) <= 4
