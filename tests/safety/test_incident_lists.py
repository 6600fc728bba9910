"""The list of incidents: what words find however old it is, its pages, and its file."""

from __future__ import annotations

import io

import pytest
import python_calamine
from django.test import Client

from taishan.files import actions as files
from taishan.files.models import AskedFile
from taishan.kit import clock, searching
from taishan.organisation.models import Account
from taishan.safety import incident_lists
from tests import jobs
from tests.people import NOW, signed_in
from tests.safety.incident_building import HOUR, report

pytestmark = pytest.mark.django_db
LIST = "/safety/incidents/"


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


def listed(client: Client, query: str) -> list[int]:
    return [row["incident"].pk for row in client.get(f"{LIST}?{query}").context["rows"]]


def rows_of(content: bytes) -> list[list[object]]:
    book = python_calamine.load_workbook(io.BytesIO(content))
    return [list(row) for row in book.get_sheet_by_index(0).to_python()]


@pytest.mark.parametrize("looked_through", [2, 100])
def test_words_find_what_lies_beyond_the_latest_page_by_page(
    cast: dict[str, Account], monkeypatch: pytest.MonkeyPatch, looked_through: int
) -> None:
    monkeypatch.setattr(searching, "LOOKED_THROUGH", looked_through)
    monkeypatch.setattr(incident_lists, "PAGE", 2)
    numbers = [
        report(ago=n * HOUR, what="脚手架坍塌" if n > 3 else "手指划伤").pk for n in range(1, 9)
    ]
    office = signed_in(cast["duty_office"])

    pages = [listed(office, f"text=坍塌&page={page}") for page in (1, 2, 3)]

    assert pages == [numbers[3:5], numbers[5:7], numbers[7:]]
    assert listed(office, "text=划伤") == numbers[:2]
    assert listed(office, "text=划伤&kind=fire") == listed(office, "text=没有") == []


def test_a_unit_reads_its_own_and_what_its_people_reported(cast: dict[str, Account]) -> None:
    own = report("W1")
    reported = report("H1", by=cast["safety_officer"])
    other = report("H1")

    assert set(listed(signed_in(cast["safety_officer"]), "")) == {own.pk, reported.pk}
    assert set(listed(signed_in(cast["inspector"]), "")) == {own.pk, reported.pk, other.pk}


def test_a_long_list_is_written_by_the_worker_and_is_the_one_of_the_page(
    cast: dict[str, Account], media: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    for hours in range(1, 4):
        report(ago=hours * HOUR, what="脚手架坍塌")
    report("H1", what="Another unit's")
    office = signed_in(cast["duty_office"])
    address = "/safety/incidents/incidents.xlsx?within=W1&text=坍塌"
    at_once = rows_of(office.get(address).content)
    monkeypatch.setattr(files, "LARGE_ROWS", 2)
    jobs.forget()

    answer = office.get(address)

    assert (answer.status_code, answer.headers["Location"][:7]) == (302, "/files/")
    assert jobs.run() == ["files.write"]
    written = b"".join(office.get(f"/files/{AskedFile.objects.get().pk}/"))
    assert rows_of(written) == at_once
    assert len(at_once) == 4
