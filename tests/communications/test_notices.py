"""Telling people: whom, how often, and their confirming it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import ProgrammingError, connection, transaction
from django.test import Client

from taishan.communications import actions, audiences, queries
from taishan.communications.actions import NoticeRefused, Words
from taishan.communications.models import Delivery, Notice
from taishan.kit.actor import Actor
from taishan.ledger.models import Entry
from taishan.organisation import staffing
from taishan.organisation.models import Account, Person, Unit
from tests import people

WORDS = Words(title_en="Masks", title_zh="口罩", text_en="Fetch them.", text_zh="请领取。")
REPORT = ("report", "daily/2020-02-12")


def hire(staff_no: str, unit: str) -> Person:
    return staffing.hire(
        actor=people.ACTOR, now=people.NOW, on=people.FOUNDED, staff_no=staff_no,
        name=f"张{staff_no}", unit=unit,
    )  # fmt: skip


def tell(*told: Person, about: tuple[str, str] = ("", ""), later_min: int = 0) -> Notice:
    return actions.send(
        actor=people.ACTOR, now=people.NOW + timedelta(minutes=later_min), words=WORDS,
        unit_id=Unit.objects.get(code="W1").pk, person_ids=[p.pk for p in told], about=about,
    )  # fmt: skip


def test_a_notice_of_a_unit_reaches_all_below_it_and_nobody_beside(
    cast: dict[str, Account],
) -> None:
    inside, below, _beside = hire("1", "W1"), hire("2", "W2"), hire("3", "H1")
    client = Client()
    client.force_login(cast["safety_officer"])
    sent = {
        "to": "everybody",
        "title_zh": "口罩",
        "text_zh": "请领取。",
        "title_en": "",
        "text_en": "",
    }

    answer = client.post("/notices/units/W1/", sent)

    assert answer.status_code == 302
    told = set(Delivery.objects.values_list("person_id", flat=True))
    assert {inside.pk, below.pk} <= told
    assert told == audiences.find(_path("W1"), people.NOW.date(), "everybody")
    assert Notice.objects.get().title_en == "口罩"


def test_officers_alone_are_told_where_that_is_asked(cast: dict[str, Account]) -> None:
    hire("1", "W1")

    found = audiences.find(_path("W1"), people.NOW.date(), "officers")

    assert found == {cast["unit_head"].person_id, cast["safety_officer"].person_id}


def _path(code: str) -> str:
    from taishan.organisation import history

    return history.get_version(code, people.NOW.date()).path


@pytest.mark.usefixtures("cast")
def test_nobody_is_told_of_the_same_thing_twice_within_an_hour() -> None:
    one, other = hire("1", "W1"), hire("2", "W1")
    tell(one, about=REPORT)

    again = tell(one, other, about=REPORT, later_min=59)
    with pytest.raises(NoticeRefused):
        tell(one, about=REPORT, later_min=59)
    next_time = tell(one, other, about=REPORT, later_min=120)

    assert [d.person_id for d in again.deliveries.all()] == [other.pk]
    assert next_time.deliveries.count() == 2


def test_only_who_was_told_confirms_and_only_once(cast: dict[str, Account]) -> None:
    told = cast["unit_head"].person
    assert told is not None
    notice = tell(told)
    stranger, reader = Client(), Client()
    stranger.force_login(cast["employee"])
    reader.force_login(cast["unit_head"])
    address = f"/notices/{notice.pk}/confirmation/"

    assert stranger.post(address).status_code == 404
    assert queries.count_unconfirmed(told.pk) == 1
    assert reader.post(address).status_code == 302
    assert reader.post(address).status_code == 302

    assert queries.count_unconfirmed(told.pk) == 0
    assert Entry.objects.filter(verb="notice.confirmed").count() == 1


@pytest.mark.usefixtures("cast")
def test_a_notice_says_who_has_not_confirmed() -> None:
    one, other = hire("1", "W1"), hire("2", "W1")
    notice = tell(one, other)
    actions.confirm(
        actor=Actor(label=one.name, person_id=one.pk), now=people.NOW, notice_id=notice.pk
    )

    assert list(queries.find_waiting(notice)) == [other]
    became = queries.find_became([notice.pk])[notice.pk]
    assert (became.told, became.opened, became.confirmed) == (2, 1, 1)


@pytest.mark.usefixtures("cast")
@pytest.mark.parametrize("change", ["UPDATE {} SET title_en = 'x'", "DELETE FROM {}"])
def test_what_was_told_cannot_be_changed(change: str) -> None:
    tell(hire("1", "W1"))

    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(change.format("communications_notice"))


def test_what_waits_stands_first_and_on_the_first_page(cast: dict[str, Account]) -> None:
    told = cast["unit_head"].person
    assert told is not None
    old = tell(told)
    tell(told)
    actions.confirm(
        actor=Actor(label=told.name, person_id=told.pk), now=people.NOW, notice_id=old.pk + 1
    )
    client = Client()
    client.force_login(cast["unit_head"])

    assert [d.notice_id for d in queries.find_mine(told.pk)] == [old.pk, old.pk + 1]
    assert "Told to you, not confirmed" in client.get("/").content.decode()


def test_an_empty_notice_is_refused_and_says_what_is_missing(cast: dict[str, Account]) -> None:
    client = Client()
    client.force_login(cast["safety_officer"])

    answer = client.post("/notices/units/W1/", {"to": "everybody"})

    assert answer.status_code == 422
    assert "Give a title in one language at least." in answer.content.decode()
    assert not Notice.objects.exists()


@pytest.mark.usefixtures("cast")
def test_a_notice_to_many_costs_as_few_queries_as_to_one(
    django_assert_max_num_queries: object,
) -> None:
    told = [hire(str(n), "W1") for n in range(40)]

    with django_assert_max_num_queries(8):  # type: ignore[operator]
        tell(*told)
