"""The tree of units: a branch at a time, found by name, code or pinyin, however many there are."""

from __future__ import annotations

import pytest
from django.test import Client
from psycopg.types.range import DateRange

from taishan.kit import pinyin
from taishan.organisation.models import Account, Unit, UnitVersion
from tests import people

TREE = "/organisation/"
MANY = 2000


def _client(account: Account) -> Client:
    client = Client()
    client.force_login(account)
    return client


def _read(client: Client, path: str, **query: str) -> str:
    return str(client.get(path, query).content.decode())


def _many_units(count: int) -> None:
    """Hang ``count`` units below W1 in chains of two: every second one below the one before it."""
    above = UnitVersion.objects.get(unit__code="W1")
    units = Unit.objects.bulk_create(Unit(code=f"N{n:04}") for n in range(count))
    versions = []
    for n, unit in enumerate(units):
        line = [units[n - 1]] if n % 2 else []
        steps = [above.path, *(str(one.pk) for one in [*line, unit])]
        versions.append(
            UnitVersion(
                unit=unit, parent=line[0] if line else above.unit, path=".".join(steps),
                valid=DateRange(people.FOUNDED, None), name_en=f"Depot {n}", name_zh=f"仓库{n}",
                sort_zh=pinyin.sort_key(f"仓库{n}"), kind="site", place=above.place,
                time_zone="Asia/Shanghai",
            )
        )  # fmt: skip
    UnitVersion.objects.bulk_create(versions)


@pytest.fixture
def office(cast: dict[str, Account]) -> Client:
    return _client(cast["duty_office"])


def test_the_top_shows_the_units_directly_below_and_how_many_hang_there(office: Client) -> None:
    page = _read(office, TREE)
    assert "Unit W1" in page
    assert "Unit W2" not in page
    assert "6 units below" in page
    assert "1 unit below" in page


def test_a_branch_is_a_piece_of_the_page(office: Client) -> None:
    branch = _read(office, "/organisation/units/W1/branch/")
    assert "Unit W2" in branch
    assert "<html" not in branch


def test_without_a_script_a_link_leads_below(office: Client) -> None:
    page = _read(office, TREE)
    assert "within=W1" in page
    assert "Unit W2" in _read(office, TREE, within="W1")


@pytest.mark.parametrize("text", ["W2", "w2", "Unit W2", "单位W2", "dw", "DanWei"])
def test_a_unit_is_found_by_code_name_pinyin_or_initials(office: Client, text: str) -> None:
    assert "Unit W2" in _read(office, TREE, q=text)


@pytest.mark.parametrize("text", ["anwei", "%", "W_", "[", "zz"])
def test_what_is_no_part_of_a_name_finds_nothing(office: Client, text: str) -> None:
    assert "No unit matches" in _read(office, TREE, q=text)


def test_nobody_finds_or_opens_what_is_not_theirs_to_see(cast: dict[str, Account]) -> None:
    client = _client(cast["employee"])
    assert "No unit matches" in _read(client, TREE, q="W1")
    assert "Unit P1" in _read(client, TREE)
    assert client.get(TREE, {"within": "W1"}).status_code == 404
    assert client.get("/organisation/units/W1/branch/").status_code == 404
    assert "W1" not in _read(client, "/organisation/units/", parent="W")


def test_a_field_that_asks_for_a_unit_offers_those_that_match(office: Client) -> None:
    assert 'value="W2"' in _read(office, "/organisation/units/", parent="W2")
    assert _read(office, "/organisation/units/").strip() == ""


@pytest.mark.parametrize(
    ("path", "query"),
    [(TREE, {}), (TREE, {"within": "W1"}), (TREE, {"q": "depot"}),
     ("/organisation/units/W1/branch/", {"page": "2"})],
)  # fmt: skip
def test_a_page_costs_the_same_queries_at_two_thousand_units(
    office: Client, path: str, query: dict[str, str], django_assert_max_num_queries: object
) -> None:
    _many_units(MANY)
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        answer = office.get(path, query)
    assert answer.status_code == 200
    assert answer.content.count(b'class="node"') <= 52


def test_a_long_branch_comes_in_pieces(office: Client) -> None:
    _many_units(MANY)
    page = _read(office, TREE, within="W1")
    assert "50 of 1001 shown" in page
    assert "Unit W2" in _read(office, "/organisation/units/W1/branch/", page="21")
