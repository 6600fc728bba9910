"""The organisation's pages: a unit, a person, a leadership group, files in and out."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from taishan.kit import tables
from taishan.organisation import posts, roster, staffing
from taishan.organisation.models import Account, Seat, Unit
from tests import people

OFFICES = set(people.CAST) - {"employee"}
UNITS = "code,name_zh,name_en,place,parent\nN1,新单位,New unit,CN-330300,W1\n"


def _client(account: Account) -> Client:
    client = Client()
    client.force_login(account)
    return client


def _upload(client: Client, content: bytes, what: str = "units") -> str:
    file = SimpleUploadedFile("file.csv", content)
    answer = client.post("/organisation/import/", {"what": what, "file": file})
    return str(answer.content.decode())


def test_a_file_is_previewed_then_recorded(cast: dict[str, Account]) -> None:
    client = _client(cast["duty_office"])
    page = _upload(client, UNITS.encode("gb18030"))
    assert not Unit.objects.filter(code="N1").exists()
    token = re.findall(r"/organisation/import/([\w-]+)/", page)[0]

    client.post(f"/organisation/import/{token}/", {"what": "units", "mode": "all"})

    assert Unit.objects.filter(code="N1").exists()


def test_a_preview_is_nobody_elses_to_confirm(cast: dict[str, Account]) -> None:
    page = _upload(_client(cast["duty_office"]), UNITS.encode())
    token = re.findall(r"/organisation/import/([\w-]+)/", page)[0]
    other = _client(cast["inspector"])

    answer = other.post(f"/organisation/import/{token}/", {"what": "units", "mode": "all"})

    assert answer.status_code == 403
    assert not Unit.objects.filter(code="N1").exists()


def test_a_wrong_cell_is_shown_with_its_place(cast: dict[str, Account]) -> None:
    page = _upload(_client(cast["duty_office"]), UNITS.replace("CN-330300", "NOWHERE").encode())
    assert "NOWHERE" in page
    assert "place" in page


def test_a_file_that_is_no_table_is_refused_with_a_reason(cast: dict[str, Account]) -> None:
    assert "neither an xlsx nor a csv" in _upload(_client(cast["duty_office"]), b"\x00\x01")


def test_the_duty_office_names_a_leadership_group(cast: dict[str, Account]) -> None:
    client = _client(cast["duty_office"])
    client.post("/organisation/units/W1/group/", {"staff_no": "D2", "role": "lead"})
    assert Seat.objects.get(unit__code="W1").person.staff_no == "D2"
    assert "林建国" in client.get("/organisation/units/W1/").content.decode()

    client.post("/organisation/units/W1/group/", {"staff_no": "D2"})
    assert not Seat.objects.exists()


@pytest.mark.parametrize("role", sorted(OFFICES - {"duty_office"}))
def test_nobody_else_changes_a_leadership_group(cast: dict[str, Account], role: str) -> None:
    answer = _client(cast[role]).post(
        "/organisation/units/W1/group/", {"staff_no": "D2", "role": "lead"}
    )
    assert answer.status_code == 403
    assert not Seat.objects.exists()


@pytest.mark.parametrize(("role", "kind"), [("duty_office", "unit_head"), ("inspector", "")])
def test_the_duty_office_says_in_the_browser_what_kind_a_post_is(
    cast: dict[str, Account], role: str, kind: str
) -> None:
    post = posts.open_post(
        actor=people.ACTOR, now=people.NOW, on=people.FOUNDED, code="W1-H", unit="W1",
        title_en="Head", title_zh="负责人",
    )  # fmt: skip
    client = _client(cast[role])

    client.post("/organisation/units/W1/posts/W1-H/kind/", {"kind": "unit_head"})
    client.post("/organisation/units/W1/posts/W1-H/kind/", {"kind": "emperor"})

    post.refresh_from_db()
    assert post.kind == kind
    offered = "posts/W1-H/kind/" in client.get("/organisation/units/W1/").content.decode()
    assert offered == bool(kind)


def test_an_employee_takes_no_people_along_in_an_export(cast: dict[str, Account]) -> None:
    person = cast["employee"].person
    assert person is not None
    staffing.transfer(
        actor=people.ACTOR, now=people.NOW, on=people.FOUNDED, person=person, unit="P1"
    )
    for role, expected in (("employee", 0), ("duty_office", 1)):
        content = _client(cast[role]).get("/organisation/people.csv").content
        assert len(tables.read(content, columns=roster.COLUMNS).rows) == expected


def test_a_page_of_people_costs_the_same_queries_however_many(
    cast: dict[str, Account], django_assert_max_num_queries: object
) -> None:
    rows = "".join(f"E{n},Name {n},W1,2020-01-05,\n" for n in range(60))
    content = f"staff_no,name,unit,from,until\n{rows}".encode()
    roster.import_people(actor=people.ACTOR, now=people.NOW, on=people.FOUNDED, content=content)
    client = _client(cast["duty_office"])
    with django_assert_max_num_queries(19):  # type: ignore[operator]
        page = client.get("/organisation/units/W1/").content.decode()
    assert "1 / 2" in page
