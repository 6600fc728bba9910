"""Photos that come in with a page of answers."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from taishan.forms import actions as forms
from taishan.kit import attachments, clock
from taishan.ledger.models import Entry
from taishan.organisation.models import Account, Person
from taishan.reporting import erasing
from taishan.reporting.models import Report, ReportFile
from tests import people
from tests.forms.building import CHOICES, Rows, xlsform
from tests.pictures import png
from tests.reporting import building
from tests.reporting.building import MORNING, TODAY

ADDRESS = f"/reports/sighting/{TODAY}/?lang=en"
SURVEY: Rows = (
    ("type", "name", "label::English (en)", "label::中文 (zh)", "required"),
    ("text", "what", "What?", "何事？", "yes"),
    ("image", "photo", "Photo of it", "照片", "yes"),
    ("begin repeat", "others", "Others", "其他", ""),
    ("image", "closer", "Closer", "近照", ""),
    ("end repeat", "", "", "", ""),
    ("audio", "sound", "Sound of it", "声音", ""),
)
SETTINGS: Rows = (
    ("form_title", "form_title_zh", "form_id", "subject", "retention_days"),
    ("Sighting", "所见", "sighting", "person", "30"),
)

pytestmark = pytest.mark.usefixtures("form")


@pytest.fixture
def form(cast: dict[str, Account], media: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: MORNING)
    draft = forms.upload(
        actor=people.ACTOR, now=people.NOW, content=xlsform(SURVEY, CHOICES, SETTINGS)
    )
    forms.publish(actor=people.ACTOR, now=people.NOW, version=draft)
    building.add_schedule("sighting", "people")
    building.hire("A1", "A2")
    for staff_no in ("A1", "A2"):
        person = Person.objects.get(staff_no=staff_no)
        Account.objects.create(username=staff_no, person=person)


@pytest.fixture
def phone() -> Client:
    return signed_in("A1")


def signed_in(username: str) -> Client:
    client = Client()
    client.force_login(Account.objects.get(username=username))
    return client


def photo(content: bytes = b"one", name: str = "IMG 1.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, png(content))


def send(phone: Client, /, **given: Any) -> Any:
    return phone.post(ADDRESS, {"q.what": "A cracked beam"} | given)


def kept(media: Path) -> list[Path]:
    return [path for path in media.rglob("*") if path.is_file()]


def test_a_photo_is_kept_with_its_report_and_seen_by_its_sender(phone: Client) -> None:
    page = phone.get(ADDRESS).content.decode()
    assert 'enctype="multipart/form-data"' in page
    assert "Sound and film are not taken." in page
    assert 'accept="image/jpeg,image/png,image/webp" capture="environment"' in page

    assert send(phone, **{"q.photo": photo()}).status_code == 200

    row = ReportFile.objects.get()
    assert row.client == Report.objects.get().client
    assert row.name in str(Report.objects.get().answers)
    address = f"/reports/files/{row.kept_as}/"
    assert address in phone.get(ADDRESS).content.decode()
    assert phone.get(address).content == png(b"one")
    assert signed_in("A2").get(address).status_code == 403


def test_a_photo_that_must_be_there_cannot_be_typed(phone: Client) -> None:
    answer = send(phone, **{"q.photo": "photo-0123456789ab.png"})

    assert answer.status_code == 422
    assert not Report.objects.exists()


def test_of_a_report_sent_twice_the_photo_is_kept_once(phone: Client, media: Path) -> None:
    client = str(uuid4())
    for _time in range(2):
        send(phone, client=client, **{"q.photo": photo()})

    assert ReportFile.objects.count() == len(kept(media)) == 1


def test_what_was_recorded_before_its_photo_was_lost_gets_it_when_sent_again(
    phone: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = {"client": str(uuid4()), "q.photo": photo()}
    phone.raise_request_exception = False
    with monkeypatch.context() as broken:
        broken.setattr(attachments, "keep", _fail)
        assert send(phone, **given).status_code == 500
    assert Report.objects.exists()
    assert not ReportFile.objects.exists()

    assert send(phone, **given | {"q.photo": photo()}).status_code == 200

    assert ReportFile.objects.get().client == Report.objects.get().client


def _fail(*_given: object) -> str:
    raise OSError("no space left on device")


def test_a_correction_keeps_the_photo_without_sending_it_again(phone: Client) -> None:
    send(phone, **{"q.photo": photo()})
    row = ReportFile.objects.get()

    answer = send(phone, seen=str(row.client), **{"q.what": "Two beams", "q.photo": row.name})

    assert answer.status_code == 200
    assert row.name in str(Report.objects.get().answers)
    assert ReportFile.objects.count() == 1


def test_another_photo_takes_its_place_and_both_are_kept(phone: Client) -> None:
    send(phone, **{"q.photo": photo()})
    first = ReportFile.objects.get()

    send(phone, seen=str(first.client), **{"q.photo": photo(b"two")})

    names = set(ReportFile.objects.values_list("name", flat=True))
    assert len(names) == 2
    assert first.name not in str(Report.objects.get().answers)


def test_a_photo_is_left_out_only_where_none_must_be_there(phone: Client) -> None:
    send(phone, **{"q.photo": photo()})
    row = ReportFile.objects.get()

    answer = send(phone, without="q.photo", seen=str(row.client), **{"q.photo": row.name})

    assert answer.status_code == 422


def test_photos_of_rows_stand_in_their_rows(phone: Client) -> None:
    rows = {"q.others[1]": "1", "q.others[2]": "1"}
    closer = {"q.others[1].closer": photo(b"1"), "q.others[2].closer": photo(b"2")}

    send(phone, **{"q.photo": photo()}, **rows, **closer)

    assert ReportFile.objects.filter(name__startswith="closer-").count() == 2


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"<html><script>alert(1)</script>", "This is no photo"),
        (png() + b"x" * attachments.LIMIT_BYTES, "larger than 10 MiB"),
        (png()[:8], "There is no picture in this file"),
    ],
)
def test_what_is_no_photo_or_too_large_is_refused_beside_its_question(
    phone: Client, media: Path, content: bytes, said: str
) -> None:
    answer = send(phone, **{"q.photo": SimpleUploadedFile("photo.png", content)})

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Report.objects.exists()
    assert kept(media) == []


def test_a_page_that_comes_back_says_that_it_holds_no_photo_any_more(phone: Client) -> None:
    answer = send(phone, **{"q.what": "", "q.photo": photo()})

    assert answer.status_code == 422
    assert "data-lost-files" in answer.content.decode()


def test_two_different_answers_are_shown_before_the_photo_is_sent(
    phone: Client, media: Path
) -> None:
    send(phone, **{"q.photo": photo()})

    answer = send(phone, client=str(uuid4()), **{"q.photo": photo(b"two")})

    assert answer.status_code == 409
    assert len(kept(media)) == 1


def test_a_photo_of_an_earlier_period_is_not_filled_in(phone: Client) -> None:
    send(phone, **{"q.photo": photo()})
    name = ReportFile.objects.get().name
    tomorrow = phone.get(f"/reports/sighting/{TODAY + timedelta(days=1)}/?lang=en")

    page = tomorrow.content.decode()
    assert "A cracked beam" in page
    assert name not in page


def test_photos_are_erased_with_the_answers(phone: Client, media: Path) -> None:
    send(phone, **{"q.photo": photo()})

    erasing.erase_all(actor=people.ACTOR, now=MORNING + timedelta(days=40))

    assert kept(media) == []
    assert not ReportFile.objects.exists()
    assert Entry.objects.filter(verb="report.files_added").count() == 1
