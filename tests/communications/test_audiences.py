"""Whom a notice is for, who joins, who is reminded, and what the page of a notice shows."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from taishan.communications import actions, distribution, queries, tasks
from taishan.communications.actions import NoticeRefused
from taishan.communications.models import Delivery, LineList, Notice, Round, Sending
from taishan.kit.actor import Actor
from taishan.ledger.models import Entry
from taishan.organisation import posts, staffing
from taishan.organisation.models import Account, Person, Unit
from tests import jobs, people
from tests.communications.writing import WORDS, email, hire, later, publish, tell

pytestmark = pytest.mark.usefixtures("cast")
DAY = people.NOW.date()


def reading(person: Person) -> Actor:
    return Actor(label=person.name, person_id=person.pk)


def told() -> set[str]:
    return set(Delivery.objects.values_list("person__staff_no", flat=True))


def post(code: str, title: str, holder: Person, unit: str = "W2") -> None:
    opened = posts.open_post(
        actor=people.ACTOR, now=people.NOW, on=people.FOUNDED, code=code, unit=unit,
        title_en=title, title_zh=title,
    )  # fmt: skip
    posts.hold_post(
        actor=people.ACTOR, now=people.NOW, on=people.FOUNDED, person=holder, post=opened
    )


def test_holders_of_posts_are_found_by_what_their_post_is_called() -> None:
    head, other = hire("1", "W2"), hire("2", "W2")
    post("P1", "Workshop head", head)
    post("P2", "Storekeeper", other)

    everyone = publish(audience="posts")
    version_path = Unit.objects.get(code="W1").versions.get().path
    heads = actions.publish(
        actor=people.ACTOR, now=people.NOW, on=DAY, unit_id=everyone.unit_id, path=version_path,
        audience="posts", words=WORDS, terms=actions.Terms(), post_title="workshop",
    )  # fmt: skip

    assert everyone.deliveries.count() == 2
    assert [one.person_id for one in heads.deliveries.all()] == [head.pk]


def test_an_audience_of_nobody_is_refused() -> None:
    with pytest.raises(NoticeRefused):
        publish(audience="posts")

    assert not Notice.objects.exists()


def test_whoever_joins_while_a_notice_is_in_force_sees_it_at_once_and_no_earlier_one(
    cast: dict[str, Account],
) -> None:
    hire("1")
    publish()
    lasting = publish(valid_until=later(days=30))
    newcomer = cast["employee"].person
    assert newcomer is not None
    assert queries.count_unconfirmed(newcomer.pk) == 0

    staffing.hire(
        actor=people.ACTOR, now=people.NOW, on=people.FOUNDED, staff_no=newcomer.staff_no,
        name=newcomer.name, unit="W2",
    )  # fmt: skip

    assert queries.count_unconfirmed(newcomer.pk) == 1
    client = Client()
    client.force_login(cast["employee"])
    assert "Fetch them." in client.get("/notices/").content.decode()
    assert [one.notice_id for one in queries.find_mine(newcomer.pk)] == [lasting.pk]
    client.get("/notices/")
    assert queries.count_unconfirmed(newcomer.pk) == 1


def test_the_job_tells_whoever_joined_once_and_writes_to_them() -> None:
    hire("1")
    notice = publish(valid_until=later(days=30))
    newcomer = hire("2", "W2")
    email(newcomer)

    tasks.tell_joined(0)
    tasks.tell_joined(0)

    assert notice.deliveries.filter(person=newcomer).count() == 1
    joined = Sending.objects.get()
    assert joined.round is not None
    assert (joined.round.kind, joined.address.person) == ("joined", newcomer)


def test_nobody_is_told_of_a_notice_whose_time_is_over() -> None:
    hire("1")
    publish(valid_until=later(hours=1))
    newcomer = hire("2")

    number = actions.tell_joined(
        actor=people.ACTOR, now=later(hours=1), on=DAY, notice_id=Notice.objects.get().pk
    )

    assert number == 0
    assert not Delivery.objects.filter(person=newcomer).exists()


def test_a_new_officer_and_a_new_holder_of_a_post_are_told_what_is_for_them() -> None:
    first = hire("1", "W2")
    post("P1", "Workshop head", first)
    publish(audience="posts", valid_until=later(days=9))
    publish(audience="officers", valid_until=later(days=9))
    both = hire("2", "H1")
    assert queries.count_unconfirmed(both.pk) == 0
    from taishan.organisation import actions as organisation

    organisation.grant_role(
        actor=people.ACTOR, now=people.NOW, on=people.FOUNDED, staff_no="2", name=both.name,
        role="safety_officer", unit="W2",
    )  # fmt: skip
    assert queries.count_unconfirmed(both.pk) == 1
    post("P2", "Workshop deputy", both)

    assert queries.count_unconfirmed(both.pk) == 2


def test_a_large_audience_is_told_by_the_worker_in_parts_that_a_dead_one_need_not_repeat(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(distribution, "AT_ONCE", 2)
    monkeypatch.setattr(distribution, "PART", 3)
    readers = [hire(str(number), "W2") for number in range(7)]
    email(readers[0])
    email(readers[6])
    notice = publish("W2")
    round_ = Round.objects.get()
    assert (round_.people, round_.people_done, round_.ended_at) == (7, 0, None)

    class Dead(BaseException):
        pass

    def dies(*_part: Any) -> None:
        raise Dead

    real = distribution._tell
    parts = iter([real, dies])

    def tell_or_die(*part: Any) -> None:
        next(parts)(*part)

    monkeypatch.setattr(distribution, "_tell", tell_or_die)
    with pytest.raises(Dead):
        distribution.carry_out(now=people.NOW, round_id=round_.pk)
    round_.refresh_from_db()
    assert (round_.people_done, notice.deliveries.count()) == (3, 3)
    monkeypatch.setattr(distribution, "_tell", real)
    distribution.carry_out(now=people.NOW, round_id=round_.pk)
    distribution.carry_out(now=people.NOW, round_id=round_.pk)

    round_.refresh_from_db()
    assert (round_.people_done, round_.ended_at, round_.person_ids) == (7, people.NOW, [])
    assert notice.deliveries.count() == 7
    assert Sending.objects.count() == 2


def test_the_page_of_a_notice_follows_a_large_telling(
    cast: dict[str, Account], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(distribution, "AT_ONCE", 2)
    for number in range(5):
        hire(str(number))
    notice = publish()
    client = Client()
    client.force_login(cast["unit_head"])

    waiting = client.get(f"/notices/{notice.pk}/").content.decode()
    jobs.run()
    done = client.get(f"/notices/{notice.pk}/").content.decode()

    assert "Told so far" in waiting
    assert "Told so far" not in done
    assert notice.deliveries.count() == 5


def test_those_alone_who_have_not_confirmed_are_told_again_and_not_within_an_hour() -> None:
    read, opened, neither = hire("1"), hire("2"), hire("3")
    for one in (read, opened, neither):
        email(one)
    notice = tell(read, opened, neither)
    actions.confirm(actor=reading(read), now=people.NOW, notice_id=notice.pk)
    actions.open_(actor=reading(opened), now=people.NOW, notice_ids=[notice.pk])

    def again(hours: int, *, only_unopened: bool) -> set[int]:
        round_ = actions.send_again(
            actor=people.ACTOR, now=later(hours=hours), notice_id=notice.pk,
            only_unopened=only_unopened,
        )  # fmt: skip
        return {one.address.person_id or 0 for one in round_.sendings.all()}

    with pytest.raises(NoticeRefused):
        again(0, only_unopened=False)
    assert again(2, only_unopened=True) == {neither.pk}
    assert again(4, only_unopened=False) == {opened.pk, neither.pk}
    assert Delivery.objects.get(person=read).reminded_at is None
    assert Delivery.objects.get(person=opened).reminded_at == later(hours=4)


def test_reminders_go_by_themselves_until_the_hour_by_which_to_confirm_and_no_longer() -> None:
    reads, never = hire("1"), hire("2")
    notice = tell(
        reads, never, terms=actions.Terms(confirm_by=later(hours=20), remind_every_h=4)
    )  # fmt: skip

    def remind(hours: float) -> int:
        return actions.remind(actor=people.ACTOR, now=later(hours=hours), notice_id=notice.pk)

    assert remind(3.9) == 0
    assert remind(4) == 2
    assert remind(4) == 0
    actions.confirm(actor=reading(reads), now=later(hours=5), notice_id=notice.pk)
    assert remind(15) == 1  # the worker slept: once, not for each hour it missed
    assert remind(16) == 0
    assert remind(20) == 0
    assert queries.find_became([notice.pk])[notice.pk].confirmed == 1


def test_the_job_reminds_by_what_the_notice_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    hire("1")
    from taishan.kit import clock

    notice = publish(confirm_by=clock.now() + timedelta(days=2), remind_every_h=1)
    publish(confirm_by=clock.now() + timedelta(days=2))
    monkeypatch.setattr(clock, "now", lambda: later(hours=30))

    tasks.remind(0)

    assert [one.notice_id for one in Round.objects.filter(kind="reminder")] == [notice.pk]


def test_opening_is_recorded_once_by_the_way_it_came() -> None:
    reader = hire("1")
    notice = tell(reader)

    actions.open_(actor=reading(reader), now=people.NOW, notice_ids=[notice.pk], by="email")
    actions.open_(actor=reading(reader), now=later(hours=1), notice_ids=[notice.pk])

    one = Delivery.objects.get()
    assert (one.opened_at, one.opened_by, one.confirmed_at) == (people.NOW, "email", None)
    assert Entry.objects.filter(verb="notice.opened", subject_id=str(notice.pk)).count() == 1


def test_before_sending_one_sees_to_how_many_it_would_go_and_nothing_is_sent(
    cast: dict[str, Account],
) -> None:
    email(hire("1"))
    hire("2", "W2")
    client = Client()
    client.force_login(cast["unit_head"])
    written = {"to": "everybody", "title_en": "Masks", "text_en": "Fetch them."}

    page = client.post("/notices/units/W1/", written | {"preview": "1"}).content.decode()

    assert "It would go to 2 people" in page
    assert "of 2 units" in page
    assert "1 by e-mail too" in page
    assert 'value="Masks"' in page
    assert not Notice.objects.exists()


def test_hours_of_a_notice_are_those_of_its_unit_and_must_be_to_come(
    cast: dict[str, Account],
) -> None:
    hire("1", "P1")
    client = Client()
    client.force_login(cast["duty_office"])
    written = {"to": "everybody", "title_en": "Masks", "text_en": "Fetch them."}

    past = client.post("/notices/units/P1/", written | {"confirm_by": "2020-02-11T07:00"})
    endless = client.post("/notices/units/P1/", written | {"remind_every_h": "4"})
    sent = client.post(
        "/notices/units/P1/",
        written | {"confirm_by": "2020-02-19T07:00", "valid_until": "2020-02-29"},
    )

    assert (past.status_code, endless.status_code, sent.status_code) == (422, 422, 302)
    assert "Say until when to remind." in endless.content.decode()
    notice = Notice.objects.get()
    reader = Client()
    reader.force_login(cast["employee"])
    actions.send(
        actor=people.ACTOR, now=people.NOW, unit_id=notice.unit_id, words=WORDS,
        person_ids=[cast["employee"].person_id or 0], terms=actions.Terms(confirm_by=later(days=7)),
    )  # fmt: skip
    assert "Confirm this by 2020-02-19 07:00." in reader.get("/notices/").content.decode()
    assert notice.confirm_by is not None
    assert notice.confirm_by.isoformat() == "2020-02-19T00:00:00+00:00"
    assert notice.valid_until is not None
    assert notice.valid_until.isoformat() == "2020-02-29T17:00:00+00:00"


def test_a_list_handed_over_is_written_to_by_who_asked_for_it_alone(
    cast: dict[str, Account],
) -> None:
    listed, _beside = hire("1"), hire("2")
    actor = Actor(label="x", account_id=cast["unit_head"].pk)
    kept = actions.keep_list(
        actor=actor, now=people.NOW, title="Not reported", person_ids=[listed.pk]
    )
    head, officer = Client(), Client()
    head.force_login(cast["unit_head"])
    officer.force_login(cast["safety_officer"])
    address = f"/notices/units/W1/?list={kept.pk}"
    written = {"to": "people", "title_en": "Masks", "text_en": "Fetch them."}

    assert officer.post(address, written).status_code == 404
    assert "Not reported (1 people)" in head.get(address).content.decode()
    assert head.post(address, written).status_code == 302

    assert told() == {"1"}
    actions.drop_old_lists(now=later(days=4))
    assert not LineList.objects.exists()


@pytest.mark.parametrize(
    ("state", "shown"), [("unopened", "张1"), ("unconfirmed", "张2"), ("confirmed", "张3")]
)
def test_the_page_of_a_notice_names_who_is_in_each_state(
    cast: dict[str, Account], state: str, shown: str
) -> None:
    readers = [hire(str(number)) for number in (1, 2, 3)]
    notice = tell(*readers)
    actions.open_(actor=reading(readers[1]), now=people.NOW, notice_ids=[notice.pk])
    actions.confirm(actor=reading(readers[2]), now=people.NOW, notice_id=notice.pk)
    client = Client()
    client.force_login(cast["unit_head"])

    page = client.get(f"/notices/{notice.pk}/?state={state}").content.decode()

    assert [one.name for one in readers if one.name in page] == [shown]


def test_the_page_of_a_notice_asks_as_little_for_many_readers_as_for_few(
    cast: dict[str, Account], django_assert_max_num_queries: Any
) -> None:
    readers = [hire(str(number)) for number in range(30)]
    for one in readers:
        email(one)
    notice = tell(*readers)
    client = Client()
    client.force_login(cast["unit_head"])

    with django_assert_max_num_queries(20):
        assert client.get(f"/notices/{notice.pk}/").status_code == 200


def test_a_notice_is_opened_by_who_looks_and_not_by_a_phone_that_keeps_the_page(
    cast: dict[str, Account],
) -> None:
    person = cast["unit_head"].person
    assert person is not None
    tell(person)
    client = Client()
    client.force_login(cast["unit_head"])

    client.get("/notices/", headers={"X-Taishan-Kept": "1"})
    client.get("/notices/", headers={"Sec-Purpose": "prefetch"})
    assert Delivery.objects.get().opened_at is None
    client.get("/notices/")

    assert Delivery.objects.get().opened_at is not None
