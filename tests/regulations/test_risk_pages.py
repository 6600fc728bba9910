"""Risk levels by the browser: read, entered, withdrawn, imported, graded, exported."""

import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from taishan.kit import tables
from taishan.organisation.models import Account
from taishan.regulations import queries, risk_levels, risk_sheet
from taishan.regulations.risk_levels import DatedLevel
from tests import people

PAGE = "/regulations/risk-levels/"
LUCHENG = "CN-330302"
LEVELS = "place,level,from\n330302,high,2020-02-10\n330303,orange,2020-02-10\n"
COUNTS = "place,day,new_cases,cumulative,cluster\n330302,2020-02-10,60,60,yes\n"
ENTRY = {"place": "330302", "level": "high", "starts": "2020-02-10", "source": "公告"}


@pytest.fixture
def office(cast: dict[str, Account]) -> Client:
    client = Client()
    client.force_login(cast["duty_office"])
    return client


def record(place: str, level: str, starts: date) -> None:
    given = DatedLevel(place=place, level=level, starts=starts)
    risk_levels.enter(actor=people.ACTOR, now=people.NOW, level=given)


def on_record() -> list[tuple[str, str, str]]:
    return [(row.place, row.level, str(row.starts)) for row in queries.find_risk_levels()]


def preview(client: Client, content: str, what: str = "levels") -> str:
    file = SimpleUploadedFile("file.csv", content.encode("gb18030"))
    answer = client.post(f"{PAGE}import/", {"what": what, "file": file})
    return str(answer.content.decode())


def confirm(client: Client, page: str, what: str, mode: str) -> int:
    (token,) = re.findall(rf"{PAGE}import/([\w-]+)/", page)
    return client.post(f"{PAGE}import/{token}/", {"what": what, "mode": mode}).status_code


def test_the_page_shows_the_levels_of_its_day_or_of_all_days(office: Client) -> None:
    record(LUCHENG, "high", date(2020, 2, 10))
    record(LUCHENG, "medium", date(2020, 2, 20))

    day = office.get(f"{PAGE}?day=2020-02-12").content.decode()
    every = office.get(f"{PAGE}?day=2020-02-12&days=all").content.decode()

    assert re.findall(r"risk risk-(\w+)", day) == ["major"]
    assert re.findall(r"risk risk-(\w+)", every) == ["major", "general"]


@pytest.mark.parametrize(
    ("query", "found"),
    [("q=lucheng", [LUCHENG]), ("q=3303", [LUCHENG, "CN-330303"]), ("level=low", ["CN-330303"])],
)
def test_levels_are_found_by_place_and_by_level(
    office: Client, query: str, found: list[str]
) -> None:
    record(LUCHENG, "high", date(2020, 2, 10))
    record("CN-330303", "low", date(2020, 2, 10))

    page = office.get(f"{PAGE}?day=2020-02-12&{query}").content.decode()
    content = office.get(f"/regulations/risk-levels.csv?day=2020-02-12&{query}").content

    assert re.findall(r"<small>(CN-\d+)</small>", page) == found
    sheet = tables.read(content, columns=risk_sheet.COLUMNS)
    assert [row.values["place"] for row in sheet.rows] == found


def test_the_duty_office_enters_and_withdraws_a_level(office: Client) -> None:
    assert office.post(PAGE, ENTRY).status_code == 302
    assert on_record() == [(LUCHENG, "high", "2020-02-10")]

    office.post(f"{PAGE}{LUCHENG}/2020-02-10/withdrawal/")

    assert on_record() == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"place": "999999"}, "There is no place 999999"),
        ({"level": "orange"}, "orange"),
        ({"starts": "soon"}, "Enter a valid date"),
        ({"ends": "2020-02-10"}, "last day comes before the first"),
    ],
)
def test_a_level_that_cannot_be_is_refused_with_the_reason(
    office: Client, change: dict[str, str], words: str
) -> None:
    answer = office.post(PAGE, ENTRY | change)

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert on_record() == []


@pytest.mark.parametrize("role", sorted(set(people.CAST) - {"duty_office"}))
def test_nobody_else_changes_levels(cast: dict[str, Account], role: str) -> None:
    record(LUCHENG, "high", date(2020, 2, 10))
    client = Client()
    client.force_login(cast[role])
    page = client.get(f"{PAGE}?day=2020-02-12").content.decode()

    assert "Enter a level" not in page
    assert client.post(PAGE, ENTRY | {"level": "low"}).status_code == 403
    assert client.post(f"{PAGE}{LUCHENG}/2020-02-10/withdrawal/").status_code == 403
    assert client.post(f"{PAGE}import/", {"what": "levels"}).status_code == 403
    assert client.post(f"{PAGE}import/x/", {"what": "levels"}).status_code == 403
    assert on_record() == [(LUCHENG, "high", "2020-02-10")]


def test_a_file_of_levels_is_previewed_with_its_errors_then_recorded(office: Client) -> None:
    page = preview(office, LEVELS)
    assert "orange" in page
    assert on_record() == []

    assert confirm(office, page, "levels", "all") == 200
    assert on_record() == []
    assert confirm(office, page, "levels", "good_rows") == 302
    assert on_record() == [(LUCHENG, "high", "2020-02-10")]


def test_case_counts_are_graded_by_the_rule_of_2020(office: Client) -> None:
    page = preview(office, COUNTS, "counts")
    assert on_record() == []

    assert confirm(office, page, "counts", "all") == 302

    assert on_record() == [(LUCHENG, "high", "2020-02-10")]


@pytest.mark.parametrize(
    ("content", "what", "words"),
    [
        ("\x00\x01", "levels", "neither an xlsx nor a csv"),
        (LEVELS, "counts", "“day” is missing"),
        (LEVELS, "rumours", "Choose what the file holds"),
    ],
)
def test_a_file_that_is_not_read_is_refused_with_the_reason(
    office: Client, content: str, what: str, words: str
) -> None:
    assert words in preview(office, content, what)


def test_a_withdrawal_of_what_is_not_there_says_so(office: Client) -> None:
    answer = office.post(f"{PAGE}{LUCHENG}/2020-02-10/withdrawal/", follow=True)

    assert "No level of CN-330302 begins on 2020-02-10" in answer.content.decode()
    assert office.post(f"{PAGE}{LUCHENG}/soon/withdrawal/").status_code == 404


def test_a_page_of_levels_costs_the_same_queries_however_many(
    office: Client, django_assert_max_num_queries: object
) -> None:
    from taishan.organisation.models import Place

    codes = Place.objects.filter(code__startswith="CN-33").values_list("code", flat=True)
    for code in sorted(codes)[:80]:
        record(code, "low", date(2020, 2, 10))

    with django_assert_max_num_queries(8):  # type: ignore[operator]
        page = office.get(f"{PAGE}?day=2020-02-12").content.decode()

    assert page.count("risk risk-low") == 80
