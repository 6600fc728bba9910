"""What a leaver or a closed unit owes does not vanish: it passes on, and says so."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from taishan.core.duties import State
from taishan.duties import case_queries, cases, leaving
from taishan.duties.case_models import Case
from taishan.duties.models import Duty, Handover
from taishan.organisation import access, staffing
from taishan.organisation import actions as organisation
from taishan.organisation.models import Account, Person
from tests import jobs
from tests.duties.building import DAY, assign
from tests.duties.escalating import work
from tests.people import ACTOR, FOUNDED, NOW

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


@pytest.fixture
def worker(cast: dict[str, Account]) -> Person:
    person = staffing.hire(actor=ACTOR, now=NOW, on=FOUNDED, staff_no="A1", name="王芳", unit="W1")
    jobs.forget()
    return person


def test_a_leavers_duty_passes_to_the_unit_and_says_why(worker: Person) -> None:
    duty = assign("W1", person_id=worker.pk, due_at=NOW + 30 * DAY)

    staffing.leave(actor=ACTOR, now=NOW, on=TODAY, person=worker)
    jobs.run()

    handed = Handover.objects.get(duty_id=duty.id)
    assert (handed.from_person_id, handed.to_person_id, handed.to_post_id) == (
        worker.pk, None, None,
    )  # fmt: skip
    assert str(TODAY) in handed.reason
    assert Duty.objects.get(id=duty.id).person_id is None


def test_who_changes_unit_leaves_behind_what_they_owed_in_the_old_one_alone(
    worker: Person,
) -> None:
    here = assign("W1", person_id=worker.pk, due_at=NOW + 30 * DAY)
    there = assign("H1", person_id=worker.pk, due_at=NOW + 30 * DAY)

    staffing.transfer(actor=ACTOR, now=NOW, on=TODAY, person=worker, unit="X1")
    jobs.run()

    assert Duty.objects.get(id=here.id).person_id is None
    assert Duty.objects.get(id=there.id).person_id == worker.pk


def test_who_leaves_next_month_owes_until_then(worker: Person) -> None:
    duty = assign("W1", person_id=worker.pk, due_at=NOW + 90 * DAY)

    staffing.leave(actor=ACTOR, now=NOW, on=date(2020, 3, 1), person=worker)
    jobs.run()

    assert Duty.objects.get(id=duty.id).person_id == worker.pk
    later = NOW + timedelta(days=18)
    assert leaving.pass_on(actor=ACTOR, now=later, on=date(2020, 3, 1)) == 1


def test_what_was_missed_stays_with_whoever_missed_it(worker: Person) -> None:
    duty = assign("W1", person_id=worker.pk, lapses_at=NOW + DAY)

    staffing.leave(actor=ACTOR, now=NOW, on=TODAY, person=worker)
    leaving.pass_on(actor=ACTOR, now=NOW + 2 * DAY, on=TODAY + 2 * DAY)

    assert Duty.objects.get(id=duty.id).person_id == worker.pk


def test_who_owes_by_a_role_without_working_there_keeps_it(cast: dict[str, Account]) -> None:
    duty = assign("W1", person_id=cast["unit_head"].person_id, due_at=NOW + 30 * DAY)

    assert leaving.pass_on(actor=ACTOR, now=NOW, on=TODAY) == 0
    assert Duty.objects.get(id=duty.id).person_id is not None


def first_screen(account: Account) -> list[str]:
    client = Client()
    client.force_login(account)
    return [line["what"] for line in client.get("/").context["due"]]


def test_what_a_unit_owes_is_the_unit_aboves_from_the_day_it_closes(
    cast: dict[str, Account],
) -> None:
    soon = assign("W2", kind="decision", what_en="Of today", due_at=NOW + 30 * DAY)
    assign("X1", what_en="Of next week", due_at=NOW + 30 * DAY)
    head, office = cast["unit_head"], cast["duty_office"]
    assert "Of today" not in first_screen(head)

    organisation.close_unit(actor=ACTOR, now=NOW, on=TODAY, code="W2")
    organisation.close_unit(actor=ACTOR, now=NOW, on=TODAY + 7 * DAY, code="X1")

    assert "Of today" in first_screen(head)
    assert not {"Of today", "Of next week"} & set(first_screen(office))
    address, client = reverse("duties:one", args=["W2", soon.id]), Client()
    client.force_login(head)
    page = client.get(address).content.decode()
    assert "closed: Unit W1 owes it" in page
    assert "The unit closed: Unit W1 owes it" in page
    assert client.post(f"{address}discharge/", {"evidence": "done"}).status_code == 302
    assert Duty.objects.get(id=soon.id).ended == State.ON_TIME


def test_what_units_closed_one_after_the_other_owe_is_the_next_open_ones(
    cast: dict[str, Account],
) -> None:
    assign("W2", what_en="Handed up", due_at=NOW + 30 * DAY)

    organisation.close_unit(actor=ACTOR, now=NOW, on=TODAY - DAY, code="W2")
    organisation.close_unit(actor=ACTOR, now=NOW, on=TODAY, code="W1")

    assert "Handed up" in first_screen(cast["duty_office"])


def test_who_heads_the_unit_above_answers_for_a_closed_one(cast: dict[str, Account]) -> None:
    late = assign("W2")
    organisation.close_unit(actor=ACTOR, now=NOW, on=TODAY, code="W2")
    work(late.due_at + 3 * DAY)

    case = Case.objects.get()
    heads = access.viewer_for(cast["unit_head"], TODAY)
    assert case.unit.code == "W2"
    assert cases.is_debtor(heads, case)
    assert case in case_queries.find_mine(heads)
    assert not cases.is_debtor(access.viewer_for(cast["duty_office"], TODAY), case)
