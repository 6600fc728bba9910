"""A library by the browser: checked, tried, and recorded only when confirmed."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from taishan.ledger.models import Entry
from taishan.organisation.models import Account
from taishan.regulations import actions, schemas, workbook
from taishan.regulations.models import Revision
from tests import people
from tests.regulations.test_library import GOOD

UPLOAD = "/regulations/libraries/"


@pytest.fixture
def office(cast: dict[str, Account]) -> Client:
    client = Client()
    client.force_login(cast["duty_office"])
    return client


def upload(client: Client, content: bytes | str, name: str = "rules.yaml") -> tuple[int, str]:
    """Return the status and the page, or the address it leads to."""
    raw = content.encode() if isinstance(content, str) else content
    answer = client.post(f"{UPLOAD}?day=2020-02-12", {"file": SimpleUploadedFile(name, raw)})
    return answer.status_code, str(answer.headers.get("Location") or answer.content.decode())


def test_a_library_is_checked_tried_and_only_then_recorded(office: Client) -> None:
    status, address = upload(office, GOOD)
    assert status == 302
    page = office.get(address).content.decode()
    assert "2 of 7 units would change" in page
    assert re.search(r"2020-01-27 – 2020-02-09", page)
    assert not Revision.objects.exists()

    answer = office.post(address.replace("?", "confirmation/?"))

    assert answer.headers["Location"].startswith("/regulations/")
    assert Revision.objects.get().key == "one"
    assert Entry.objects.filter(verb="regulations.imported").count() == 1


def test_a_workbook_comes_in_by_the_same_door(office: Client) -> None:
    status, address = upload(office, workbook.write(schemas.parse(GOOD)), "rules.xlsx")

    assert status == 302
    assert "2 of 7 units would change" in office.get(address).content.decode()


def test_other_days_can_be_tried(office: Client) -> None:
    _status, address = upload(office, GOOD)

    page = office.get(f"{address}&first=2020-02-10&last=2020-02-20").content.decode()

    assert "0 of 7 units would change" in page


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ("first=2020-02-10&last=2020-02-09", "1 to 400 days can be tried"),
        ("first=2020-02-10&last=2022-02-09", "1 to 400 days can be tried"),
        ("first=soon&last=2020-02-09", "Enter a valid date"),
    ],
)
def test_days_that_cannot_be_tried_are_refused(office: Client, days: str, words: str) -> None:
    _status, address = upload(office, GOOD)

    page = office.get(f"{address}&{days}").content.decode()

    assert words in page
    assert "units would change" not in page


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (GOOD.replace("suspend", "suspent"), r">14</td>.*suspent"),
        (GOOD.replace("CN-ZJ", "CN-QQ"), r">6</td>.*CN-QQ.*the code of a known place"),
        (GOOD.encode("gb18030"), r">3</td>.*not UTF-8"),
        (b"PK\x03\x04rubbish", "not a readable xlsx file"),
        (
            workbook.write(schemas.parse(GOOD.replace("CN-ZJ", "CN-QQ"))),
            r"regulations</td>.*>2</td>.*authority</td>.*CN-QQ",
        ),
        ("x" * (schemas.MAX_BYTES + 1), "larger than 5 MB"),
    ],
    ids=["requirement", "place", "encoding", "rubbish", "place_in_a_workbook", "size"],
)
def test_a_wrong_file_is_refused_with_every_error_by_its_place(
    office: Client, content: bytes | str, words: str
) -> None:
    status, page = upload(office, content)

    assert status == 422
    assert re.search(words, page, re.DOTALL), page
    assert not Revision.objects.exists()


def test_a_kept_file_is_nobody_elses_to_read_or_to_confirm(
    office: Client, cast: dict[str, Account]
) -> None:
    _status, address = upload(office, GOOD)
    other = Client()
    other.force_login(cast["inspector"])

    assert other.get(address).status_code == 403
    assert other.post(address.replace("?", "confirmation/?")).status_code == 403
    assert not Revision.objects.exists()


@pytest.mark.parametrize("role", sorted(set(people.CAST) - {"duty_office"}))
def test_nobody_else_may_upload(cast: dict[str, Account], role: str) -> None:
    client = Client()
    client.force_login(cast[role])

    assert upload(client, GOOD)[0] == 403


def test_a_confirmed_file_cannot_be_confirmed_twice(office: Client) -> None:
    _status, address = upload(office, GOOD)
    confirm = address.replace("?", "confirmation/?")
    office.post(confirm)

    answer = office.post(confirm)

    assert answer.status_code == 422
    assert "no longer kept" in answer.content.decode()


def test_a_library_that_is_recorded_already_has_nothing_to_confirm(office: Client) -> None:
    actions.import_library(actor=people.ACTOR, now=people.NOW, library=schemas.parse(GOOD))
    _status, address = upload(office, GOOD)

    page = office.get(address).content.decode()

    assert "recorded already" in page
    assert "confirmation/" not in page


def test_the_pages_speak_chinese(office: Client) -> None:
    _status, address = upload(office, GOOD)

    page = office.get(address.replace("lang=en", "lang=zh")).content.decode()

    assert "哪些结论会改变" in page
    assert "7 个单位中有 2 个会改变" in page


@pytest.mark.usefixtures("library")
def test_both_pages_say_what_a_regulation_replaced_and_what_replaced_it(office: Client) -> None:
    replacing = GOOD.replace("id: one", "id: two").replace(
        "issued: 2020-01-27", "issued: 2020-02-01"
    )
    replacing = replacing.replace(
        "  confidence: A",
        '  confidence: A\n  replaces: [{regulation: one, clauses: ["1"], from: 2020-02-03}]',
    ).replace("title: {en: T,", "title: {en: Later,")
    for content in (GOOD, replacing):
        actions.import_library(
            actor=people.ACTOR, now=people.NOW, library=schemas.parse(content)
        )  # fmt: skip

    for address in ("/regulations/?day=2020-02-12&authority=CN-ZJ", "/regulations/one/"):
        page = re.sub(r"<[^>]+>|\s+", " ", office.get(address).content.decode())
        assert re.search(r"Replaced by: +Later +from 2020-02-03 · only clauses +1", page), page
    later = re.sub(r"<[^>]+>|\s+", " ", office.get("/regulations/two/").content.decode())
    assert re.search(r"Replaces: +T +from 2020-02-03", later)
    before = re.sub(
        r"<[^>]+>|\s+", " ", office.get("/regulations/?day=2020-01-31").content.decode()
    )
    assert "Later" not in before


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize("form", ["xlsx", "yaml"])
def test_the_librarys_file_can_be_uploaded_again_and_changes_nothing(
    office: Client, form: str
) -> None:
    content = office.get(f"/regulations/library.{form}").content

    status, address = upload(office, content, f"library.{form}")

    assert status == 302
    assert "recorded already" in office.get(address).content.decode()
