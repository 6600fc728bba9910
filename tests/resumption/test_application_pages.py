"""Applications by their pages: forms, banners, the lists and what the board says."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from taishan.kit import clock
from taishan.organisation.models import Account
from taishan.resumption.models import Application
from tests.resumption import applying
from tests.safety.building import PNG

pytestmark = pytest.mark.usefixtures("library")
PLAN = {
    "lane": "ordinary", "starts_on": "2020-02-20", "principle": "Health first", "pace": "Slowly",
    "who_first": "Maintenance", "phase-TOTAL_FORMS": "2", "phase-INITIAL_FORMS": "0",
    "phase-0-day": "2020-02-20", "phase-0-persons": "20", "phase-0-who": "Maintenance",
}  # fmt: skip


def client(account: Account) -> Client:
    signed_in = Client()
    signed_in.force_login(account)
    return signed_in


def text(one: Client, path: str) -> str:
    return one.get(path).content.decode()


def test_a_plan_goes_from_its_form_over_each_step_to_the_approval(cast: dict[str, Account]) -> None:
    head, office = client(cast["unit_head"]), client(cast["duty_office"])
    made = head.post("/units/W1/applications/", PLAN)
    address = f"/applications/{Application.objects.get().pk}/"
    assert (made.status_code, made.headers["Location"].partition("?")[0]) == (302, address)
    assert "Draft" in text(head, address)
    head.post(f"{address}files/", {"file": SimpleUploadedFile("floors.png", PNG)})
    head.post(f"{address}submission/", {"seen": "0"})
    assert "Unit HQ decides. You hold no such role here." in text(head, address)

    office.post(f"{address}return/", {"seen": "1", "reason": "Too fast"})
    assert "Why: Too fast" in text(head, address)
    amended = {"edition": "1", "pace": "Very slowly", "phase-INITIAL_FORMS": "1"}
    assert head.post(f"{address}plan/", PLAN | amended).status_code == 302
    head.post(f"{address}submission/", {"seen": "2"})
    page = text(office, address)
    assert "<del>Slowly</del><br><ins>Very slowly</ins>" in page
    assert "floors.png" in page
    assert office.post(f"{address}approval/", {"seen": "3"}).status_code == 302

    assert Application.objects.get().steps.filter(act="approve").exists()


def test_an_incomplete_plan_comes_back_with_what_was_written(cast: dict[str, Account]) -> None:
    answer = client(cast["unit_head"]).post("/units/W1/applications/", PLAN | {"pace": ""})

    assert answer.status_code == 422
    assert "Health first" in answer.content.decode()
    assert not Application.objects.exists()


def test_the_page_tells_who_was_first_and_keeps_the_words(cast: dict[str, Account]) -> None:
    application = applying.draft(cast["safety_officer"])
    applying.submit(cast["safety_officer"], application)
    given = {"seen": "1", "reason": "Looked at the plan"}
    office = client(cast["duty_office"])
    office.post(f"/applications/{application.pk}/return/", given)

    answer = office.post(f"/applications/{application.pk}/approval/", given)
    assert answer.status_code == 422
    assert "周晓晨 was first" in answer.content.decode()


def test_urgent_ones_stand_first_and_are_marked(cast: dict[str, Account]) -> None:
    urgent = {
        "lane": "urgent", "kind_of_work": "EPI", "ground": "Masks for the hospital",
        "plan": applying.plan(until=applying.DAY.replace(day=20)),
    }  # fmt: skip
    first = applying.draft(cast["safety_officer"], **urgent)
    second = applying.draft(cast["safety_officer"])
    for one in (first, second):
        applying.submit(cast["safety_officer"], one)

    rows = client(cast["inspector"]).get("/applications/").context["rows"]
    assert [one.pk for one, _version, _word in rows] == [first.pk, second.pk]
    assert "Masks for the hospital" in text(client(cast["inspector"]), "/applications/")


def test_the_board_filters_by_where_the_application_stands(cast: dict[str, Account]) -> None:
    applying.submit(cast["safety_officer"], applying.draft(cast["safety_officer"]))
    office = client(cast["duty_office"])
    day = applying.DAY

    def codes(applied: str) -> set[str]:
        page = office.get(f"/board/?day={day}&applied={applied}")
        return {row["unit"].code for row in page.context["rows"]}

    assert codes("submitted") == {"W1"}
    assert "W1" not in codes("none")
    assert codes("approved") == set()
    assert "Applied" in text(office, f"/units/W1/?day={day}")


def test_headquarters_sets_the_rule_from_a_day_on(cast: dict[str, Account]) -> None:
    office = client(cast["duty_office"])
    sent = {"starts": clock.today(), "parent_up_to": "300", "days": "2"}
    assert office.post("/applications/rule/", sent).status_code == 302

    page = text(office, "/applications/rule/")
    assert "Up to 300 people the unit above decides, beyond that headquarters." in page
    assert "Each level has 2 days." in page


def test_the_list_asks_as_many_queries_for_many_as_for_few(
    cast: dict[str, Account], django_assert_max_num_queries: object
) -> None:
    for _ in range(6):
        applying.draft(cast["safety_officer"])
    office = client(cast["duty_office"])
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        assert len(office.get("/applications/?list=draft").context["rows"]) == 6
