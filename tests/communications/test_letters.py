"""E-mail: whose address it is, when letters go, and that none is lost or silently given up."""

from __future__ import annotations

import re
from datetime import time
from email import message_from_string, policy
from email.message import EmailMessage
from typing import Any

import pytest
from django.core.mail.backends import smtp
from django.test import Client

from taishan.communications import channels, hours, outbox, sealing, sending, tasks
from taishan.communications.hours import WAITS_MIN, Hours
from taishan.communications.models import Address, Delivery, Notice, Sending
from taishan.organisation.models import Account
from tests import jobs, people
from tests.communications.writing import (
    EVERYTHING,
    email,
    hire,
    later,
    mail_server,
    publish,
    tell,
)
from tests.ports import free_port

pytestmark = pytest.mark.usefixtures("cast", "_outbox")


@pytest.fixture
def _outbox(tmp_path: Any, settings: Any) -> None:
    settings.OUTBOX_ROOT = tmp_path / "outbox"
    settings.EMAIL_BACKEND = "taishan.communications.outbox.LettersAsFiles"


@pytest.fixture
def by_smtp(_outbox: None, settings: Any) -> int:
    """Send letters by a mail server on this port, where nobody listens yet."""
    port = free_port()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    return port


def parsed(letter: str) -> EmailMessage:
    found = message_from_string(letter, policy=policy.default)
    assert isinstance(found, EmailMessage)
    return found


def text_of(letter: EmailMessage) -> str:
    body = letter.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def test_a_letter_in_the_readers_language_leads_to_the_notice_and_back(
    cast: dict[str, Account],
) -> None:
    account = cast["unit_head"]
    assert account.person is not None
    client = Client()
    client.force_login(account)
    client.get("/?lang=zh")
    email(account.person)
    notice = tell(account.person)

    jobs.run()

    (name,) = outbox.find_names()
    letter = outbox.read(name)
    assert (letter.subject, letter.to) == ("口罩", "D2@example.org")
    address = re.search(r"http://localhost:8020(\S+)", letter.text)
    assert address is not None
    page = client.get(address[1])
    assert "请领取。" in page.content.decode()
    client.post(f"/notices/{notice.pk}/confirmation/", {"by": "email"})
    read = Delivery.objects.get()
    assert (read.opened_by, read.confirmed_by) == ("email", "email")


def test_nothing_goes_to_an_address_before_its_own_person_opened_its_letter(
    cast: dict[str, Account],
) -> None:
    client, stranger = Client(), Client()
    client.force_login(cast["unit_head"])
    stranger.force_login(cast["employee"])
    given = {"target": "lin@example.org", "wanted": ["notice"], "pace": "now"}
    assert client.post("/channels/emails/", given).status_code == 302
    tell(cast["unit_head"].person)  # type: ignore[arg-type]

    jobs.run()

    (name,) = outbox.find_names()
    link = re.search(r"http://localhost:8020(\S+)", outbox.read(name).text)
    assert link is not None
    assert stranger.post(link[1]).status_code == 404
    assert client.get(link[1]).status_code == 200
    assert Address.objects.get().verified_at is None
    assert client.post(link[1]).status_code == 302
    assert Address.objects.get().verified_at is not None


def test_a_target_is_neither_stored_nor_shown_as_it_is(cast: dict[str, Account]) -> None:
    client = Client()
    client.force_login(cast["unit_head"])
    given = {"target": "lin.jianguo@example.org", "wanted": ["notice"], "pace": "now"}
    client.post("/channels/emails/", given)

    stored = Address.objects.get()

    assert "jianguo" not in stored.target
    assert sealing.unseal(stored.target) == "lin.jianguo@example.org"
    assert "jianguo" not in client.get("/channels/").content.decode()


@pytest.mark.parametrize(
    ("given", "answer"),
    [
        ({"target": "lin"}, "Enter a valid email address."),
        ({"wanted": []}, "Choose one at least"),
        ({"quiet_from": "22:00"}, "Quiet hours have a beginning and an end."),
    ],
)
def test_an_address_that_cannot_be_is_refused_with_the_reason(
    cast: dict[str, Account], given: dict[str, Any], answer: str
) -> None:
    client = Client()
    client.force_login(cast["unit_head"])
    sent = {"target": "lin@example.org", "wanted": ["notice"], "pace": "now"} | given

    page = client.post("/channels/emails/", sent)

    assert page.status_code == 422
    assert answer in page.content.decode()
    assert not Address.objects.exists()


def test_a_mail_server_that_is_down_for_an_hour_gets_every_letter_once_afterwards(
    by_smtp: int,
) -> None:
    readers = [hire(str(number)) for number in range(5)]
    for one in readers:
        email(one)
    tell(*readers)

    for minute in range(60):
        sending.send_due(channel="email", now=later(minutes=minute))
    waiting = Sending.objects.filter(state="queued")
    assert waiting.count() == 5
    assert {one.error for one in waiting} == {"ConnectionRefusedError: Connection refused"}
    with mail_server(by_smtp) as server:
        for minute in range(60, 150):
            sending.send_due(channel="email", now=later(minutes=minute))
        letters = [parsed(letter) for letter in server.letters]

    assert sorted(str(one["To"]) for one in letters) == sorted(
        f"{one.staff_no}@example.org" for one in readers
    )
    assert not Sending.objects.exclude(state="sent").exists()
    assert not Address.objects.exclude(error="").exists()


def test_a_worker_killed_before_it_recorded_repeats_the_letter_under_the_same_id(
    by_smtp: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = hire("1")
    email(reader)
    tell(reader)

    class Killed(BaseException):
        pass

    real = smtp.EmailBackend.send_messages

    def killed(self: Any, messages: Any) -> int:
        real(self, messages)
        raise Killed

    with mail_server(by_smtp) as server:
        with monkeypatch.context() as patch:
            patch.setattr(smtp.EmailBackend, "send_messages", killed)
            with pytest.raises(Killed):
                sending.send_due(channel="email", now=people.NOW)
        assert sending.send_due(channel="email", now=later(minutes=29)) == 0
        sending.send_due(channel="email", now=later(minutes=31))
        first, second = (parsed(letter) for letter in server.letters)

    assert first["Message-ID"] == second["Message-ID"]
    assert first["Date"] == second["Date"]
    assert Sending.objects.get().state == "sent"


def test_a_mailbox_that_does_not_exist_holds_up_no_other_and_is_reported_to_its_owner(
    by_smtp: int,
) -> None:
    wrong, right = hire("1"), hire("2")
    email(wrong, "nobody@example.org")
    email(right)
    tell(wrong, right)

    with mail_server(by_smtp) as server:
        for hour in range(60):
            sending.send_due(channel="email", now=later(hours=hour))
        assert len(server.letters) == 1

    failed = Sending.objects.get(address__person=wrong)
    assert (failed.state, failed.error, failed.tries) == ("failed", "SMTP 550", len(WAITS_MIN) + 1)
    told = Notice.objects.get(about_kind="address")
    assert [one.person_id for one in told.deliveries.all()] == [wrong.pk]
    assert "550" in told.text_en
    assert not Sending.objects.filter(round__notice=told).exists()


@pytest.mark.usefixtures("by_smtp")
def test_a_mail_server_that_stays_down_is_reported_to_the_duty_office(
    cast: dict[str, Account],
) -> None:
    reader = hire("1")
    email(reader)
    tell(reader)

    for hour in range(60):
        sending.send_due(channel="email", now=later(hours=hour))

    assert Sending.objects.get().state == "failed"
    told = Notice.objects.get(about_kind="mail_server")
    assert [one.person_id for one in told.deliveries.all()] == [cast["duty_office"].person_id]


def test_only_the_news_that_somebody_wants_is_written_to_them() -> None:
    reader = hire("1")
    email(reader, wanted=["reminder"])

    tell(reader)
    tell(reader, news="reminder")

    assert [one.round.notice.news for one in Sending.objects.all() if one.round] == ["reminder"]


def test_news_of_a_day_comes_as_one_letter_in_the_morning() -> None:
    reader = hire("1")
    email(reader, pace="daily")
    tell(reader, now=later(hours=1))
    tell(reader, now=later(hours=2))

    sending.send_due(channel="email", now=later(hours=23))
    assert outbox.find_names() == []
    sending.send_due(channel="email", now=later(hours=24))

    (name,) = outbox.find_names()
    assert outbox.read(name).subject == "2 messages from Taishan"
    assert not Sending.objects.exclude(state="sent").exists()


def test_urgent_news_waits_for_neither_the_morning_nor_the_end_of_quiet_hours() -> None:
    reader = hire("1")
    email(reader, pace="daily", quiet_from=time(7), quiet_until=time(9))

    tell(reader, news="urgent")

    assert Sending.objects.get().next_try_at == people.NOW


SHANGHAI_8 = people.NOW
"""The cast's hour: 08:00 in Shanghai, 07:00 in Phnom Penh."""


@pytest.mark.parametrize(
    ("quiet", "zone", "hours_later", "awake_after_h"),
    [
        ((time(22), time(7)), "Asia/Shanghai", 0, 0),
        ((time(22), time(7)), "Asia/Shanghai", 14, 23),
        ((time(22), time(7)), "Asia/Phnom_Penh", 14, 14),
        ((time(22), time(7)), "Asia/Shanghai", 20, 23),
        ((time(12), time(14)), "Asia/Shanghai", 4, 6),
        ((time(12), time(14)), "Asia/Shanghai", 6, 6),
        ((time(9), time(9)), "Asia/Shanghai", 1, 1),
    ],
)
def test_quiet_hours_hold_news_until_they_end(
    quiet: tuple[time, time], zone: str, hours_later: int, awake_after_h: int
) -> None:
    own = Hours(time_zone=zone, quiet=quiet)

    assert own.awake(later(hours=hours_later)) == later(hours=awake_after_h)


def test_a_try_is_followed_by_another_for_more_than_a_day() -> None:
    own = Hours(time_zone="Asia/Shanghai")
    at, tries = people.NOW, 1

    while (following := own.again(at, tries, is_urgent=False)) is not None:
        at, tries = following, tries + 1

    assert (at - people.NOW).total_seconds() > 24 * 3600
    assert tries == len(hours.WAITS_MIN) + 1


def test_what_waits_for_an_address_that_is_removed_is_withdrawn_and_its_target_forgotten() -> None:
    reader = hire("1")
    address = email(reader)
    tell(reader)

    channels.remove(actor=people.ACTOR, now=people.NOW, address=address)
    sending.send_due(channel="email", now=people.NOW)

    assert Sending.objects.get().state == "withdrawn"
    assert Address.objects.get().target == ""
    assert outbox.find_names() == []


def test_every_minute_the_channels_by_which_something_is_due_are_set_off() -> None:
    reader = hire("1")
    email(reader)
    tell(reader)
    jobs.forget()

    tasks.send_due(0)

    assert jobs.waiting() == ["communications.send"]


def test_the_outbox_is_for_the_duty_office_and_shows_a_letter_as_it_went_out(
    cast: dict[str, Account],
) -> None:
    reader = hire("1")
    email(reader)
    publish()
    jobs.run()
    client = Client()
    client.force_login(cast["duty_office"])
    (name,) = outbox.find_names()

    assert "1@example.org" in client.get("/outbox/").content.decode()
    assert "Fetch them." in client.get(f"/outbox/{name}/").content.decode()
    assert b"Message-ID: <" in client.get(f"/outbox/{name}.eml").content
    assert client.get("/outbox/..%2Fsecret/").status_code == 404


def test_a_private_letter_is_kept_and_read_by_nobody_in_the_outbox(
    cast: dict[str, Account],
) -> None:
    reader = hire("1")
    email(reader)
    notice = tell(reader, is_private=True)
    jobs.run()
    client = Client()
    client.force_login(cast["duty_office"])
    (name,) = outbox.find_names()

    listed = client.get("/outbox/").content.decode()

    assert "Private: only whom it is for may read it" in listed
    assert notice.title_en not in listed
    assert "1@example.org" not in listed
    assert name not in listed
    assert [client.get(f"/outbox/{name}{end}").status_code for end in ("/", ".eml")] == [403, 403]


def test_nobody_has_strangers_written_to_without_end(cast: dict[str, Account]) -> None:
    person = cast["unit_head"].person
    assert person is not None
    given = {
        "actor": people.ACTOR, "now": people.NOW, "person": person, "time_zone": "Asia/Shanghai",
        "wishes": EVERYTHING,
    }  # fmt: skip
    for number in range(channels.GIVEN_A_DAY):
        address = channels.add_email(target=f"{number}@example.org", **given)
        channels.remove(actor=people.ACTOR, now=people.NOW, address=address)

    with pytest.raises(channels.ChannelRefused, match="tomorrow"):
        channels.add_email(target="11@example.org", **given)


def test_under_another_key_an_address_fails_and_is_reported_and_can_be_given_anew(
    settings: Any,
) -> None:
    reader = hire("1")
    email(reader)
    settings.SECRET_KEY = "another" * 9
    tell(reader)

    for hour in range(60):
        sending.send_due(channel="email", now=later(hours=hour))

    assert Sending.objects.get().state == "failed"
    assert Notice.objects.filter(about_kind="address").exists()
    channels.add_email(
        actor=people.ACTOR, now=later(days=3), person=reader, target="1@example.org",
        time_zone="Asia/Shanghai", wishes=EVERYTHING,
    )  # fmt: skip
