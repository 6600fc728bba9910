"""Places: one by many names, and local codes from files."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from taishan.kit import tables
from taishan.organisation import place_sheet, places, queries, sheets, unit_sheet
from taishan.organisation.models import Account, Place
from tests.organisation import building
from tests.organisation.building import DUTY, NOW, TODAY

pytestmark = pytest.mark.django_db
HEAD = "code,name_zh,name_en,parent\n"


def _places(text: str, mode: sheets.Mode = "all_or_nothing") -> sheets.Outcome:
    content = (HEAD + text).encode()
    return place_sheet.import_places(actor=DUTY, now=NOW, on=TODAY, content=content, mode=mode)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("330300", "CN-330300"),
        ("CN-330300", "CN-330300"),
        (" cn-3303 ", "CN-330300"),
        ("330000", "CN-ZJ"),
        ("33", "CN-ZJ"),
        ("110100", "CN-BJ"),
        ("kh-12", "KH-12"),
    ],
)
def test_a_place_goes_by_each_way_of_writing_its_code(text: str, code: str) -> None:
    assert places.resolve([text])[text].code == code


@pytest.mark.parametrize("text", ["", "999999", "33030", "３３０３００x", "ZZ-1"])
def test_what_is_no_code_means_no_place(text: str) -> None:
    assert places.resolve([text]) == {}


def test_many_codes_are_resolved_by_one_query(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        found = places.resolve(["330300", "CN-330300", "CN-SH", "NOWHERE", "KH-12"])
    assert len(found) == 4


def test_units_go_by_either_code_of_their_place() -> None:
    building.a_group()
    rows = "C1,甲,330300,HQ\nC2,乙,CN-330300,HQ\nC3,丙,330302001,HQ\n"
    _places("330302001,五马街道,Wuma,\n")
    content = ("code,name_zh,place,parent\n" + rows).encode()
    outcome = unit_sheet.import_units(actor=DUTY, now=NOW, on=TODAY, content=content)
    assert outcome.errors == []
    exported = {str(row[0]): row[4] for row in unit_sheet.export_units(on=TODAY)}
    assert [exported[c] for c in ("C1", "C2", "C3")] == [
        "CN-330300", "CN-330300", "CN-330302001",
    ]  # fmt: skip


def test_local_codes_come_in_whatever_their_order_and_twice_is_once() -> None:
    text = "KH-1201-01,甲坊,Sangkat A,KH-1201\nKH-1201,金边一区,Chamkar Mon,KH-12\n"
    text += "330302001,五马街道,Wuma,\n"
    first, second = _places(text), _places(text)
    assert (first.created, first.errors) == (3, [])
    assert (second.created, second.changed, second.unchanged) == (0, 0, 3)
    assert queries.get_chain("KH-1201-01") == ("KH", "KH-12", "KH-1201", "KH-1201-01")
    assert queries.get_chain("CN-330302001") == (
        "CN", "CN-ZJ", "CN-330300", "CN-330302", "CN-330302001",
    )  # fmt: skip


def test_an_import_of_places_costs_the_same_queries_however_many(
    django_assert_max_num_queries: Any,
) -> None:
    rows = "".join(f"3303021{n:02},街道{n},Street {n},\n" for n in range(100))
    with django_assert_max_num_queries(6):
        assert _places(rows).created == 100


def test_a_place_gets_a_better_name_and_nothing_else() -> None:
    assert _places("CN-330300,温州市,Wenzhou City,\n").changed == 1
    assert Place.objects.get(code="CN-330300").name_en == "Wenzhou City"


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("KH-1201,名,,", "parent"),
        ("KH-1201,名,,KH-99", "parent"),
        ("KH-1201,名,,CN-ZJ", "parent"),
        ("KH-1201,名,,KH-1201", "parent"),
        ("CN-330300,温州市,,CN-BJ", "parent"),
        ("KH-1201,,,KH-12", "name_zh"),
        ("kh 12,名,,KH-12", "code"),
        ("KH-12-0123456789012,名,,KH-12", "code"),
        ("KH-1200,又,,KH-12", "code"),
    ],
)
def test_a_wrong_cell_is_named_and_nothing_is_kept(row: str, column: str) -> None:
    outcome = _places("KH-1200,名,,KH-12\n" + row + "\n")
    assert [(error.row, error.column) for error in outcome.errors] == [(3, column)]
    assert not Place.objects.filter(code__startswith="KH-1200").exists()


def test_places_in_a_circle_are_refused() -> None:
    outcome = _places("KH-A,甲,,KH-B\nKH-B,乙,,KH-A\n")
    assert {error.row for error in outcome.errors} == {2, 3}
    assert not outcome.is_applied


def test_an_export_of_places_comes_back_as_no_change() -> None:
    rows = list(place_sheet.export_places())
    content = tables.write_csv([c.key for c in place_sheet.COLUMNS], rows)
    outcome = place_sheet.import_places(actor=DUTY, now=NOW, on=TODAY, content=content)
    assert (outcome.created, outcome.changed, outcome.errors) == (0, 0, [])
    assert outcome.unchanged == Place.objects.count()


def _read(account: Account, path: str, **query: str) -> str:
    client = Client()
    client.force_login(account)
    return str(client.get(path, query).content.decode())


@pytest.mark.parametrize("text", ["330300", "CN-330300", "温州", "wenzhou", "3303"])
def test_a_place_is_looked_up_by_code_name_or_pinyin(cast: dict[str, Account], text: str) -> None:
    page = _read(cast["employee"], "/organisation/places/", q=text)
    assert "CN-330300" in page
    assert "China › Zhejiang" in page


def test_a_places_page_shows_what_lies_there_and_only_the_readers_units(
    cast: dict[str, Account],
) -> None:
    assert "Unit W2" in _read(cast["duty_office"], "/organisation/places/330000/")
    employee = _read(cast["employee"], "/organisation/places/CN-ZJ/")
    assert "Unit W2" not in employee
    assert "CN-330300" in employee
    assert "Phnom Penh" in _read(cast["employee"], "/organisation/places/")
