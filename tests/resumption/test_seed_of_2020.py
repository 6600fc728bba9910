"""Every row of the collected orders of 2020 against the shipped library, where they are at hand."""

import csv
import re
from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import get_args

import pytest

from taishan.core import gate, risk_levels
from taishan.core.gate import Permission, Verdict
from taishan.core.regulations import Rulebook, Subject
from taishan.core.risk_levels import Level
from taishan.regulations import compile as compiling
from taishan.regulations import schemas
from tests.regulations.test_library import LIBRARIES

DATA = Path(__file__).parents[3] / "shared" / "data" / "resumption"
AFTER_HOLIDAY, END = date(2020, 2, 3), date(2020, 4, 30)
KINDS = get_args(schemas.Kind)
Row = dict[str, str]

pytestmark = pytest.mark.skipif(not DATA.exists(), reason=f"the real data is not here: {DATA}")


def rows(name: str) -> list[Row]:
    if not DATA.exists():
        return []
    with (DATA / name).open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


@cache
def entries() -> tuple[schemas.RegulationEntry, ...]:
    files = sorted(LIBRARIES.rglob("*.yaml"))
    return tuple(
        entry
        for file in files
        for entry in schemas.parse(file.read_text(encoding="utf-8"), file.name).regulations
    )


@cache
def issued_by(day: date) -> Rulebook:
    """The rules as they stood at the end of a day: what came later was not known."""
    then = [entry for entry in entries() if entry.issued.date() <= day]
    depths = {e.authority: rank(e.authority) for e in then}
    found = compiling.compile_all(then, depths)
    return Rulebook(found.clauses, found.replacements, found.gaps)


def rank(place: str) -> int:
    """Return 0 for a country, 1 for a province, 2 for what lies in one."""
    return 2 if place[3:].isdigit() else place.count("-")


def chain(row: Row) -> tuple[str, ...]:
    """Return the place of a row and what it lies in."""
    province = row.get("iso_3166_2") or row["iso_3166_2_province"]
    city = () if "iso_3166_2" in row else (f"CN-{row['gb2260']}",)
    return ("CN", *(() if province == "CN" else (province,)), *city)


def verdict(row: Row, day: date, known: date, kind: str = "ORD") -> Verdict:
    unit = Subject(code="U", chain=chain(row), line=(), kinds=frozenset({kind}))
    return gate.evaluate(issued_by(known), unit, [], day)


def days(first: date, end: date) -> Iterable[date]:
    return (first + timedelta(days=n) for n in range((end - first).days))


ORDERS = rows("province_resumption_2020_seed.csv") + rows("city_overrides_2020_seed.csv")
BEFORE = {
    "not_before": Permission.SHUT,
    "flexible_until": Permission.REMOTE,
    "indefinite": Permission.SHUT,
    "holiday_extension": Permission.HOLIDAY,
    "flexible_no_date": Permission.OPEN,
}
"""What ordinary work may do until the row's day."""


def before(row: Row) -> Permission:
    is_home = "home working" in row["note"].casefold() and row["kind"] == "not_before"
    return Permission.REMOTE if is_home else BEFORE[row["kind"]]


@pytest.mark.parametrize("row", ORDERS, ids=lambda row: f"{row['name_en']} {row['notice_date']}")
def test_an_order_holds_from_its_notice_until_its_day_as_was_known_then(row: Row) -> None:
    known = date.fromisoformat(row["notice_date"])
    resumes = date.fromisoformat(row["earliest_resumption_date"] or "2020-05-01")
    first = date(2020, 1, 31) if row["kind"] == "holiday_extension" else AFTER_HOLIDAY

    found = {day: verdict(row, day, known).permitted for day in days(max(first, known), resumes)}

    assert set(found.values()) <= {before(row)}, found
    assert found or row["kind"] == "flexible_no_date"
    if row["earliest_resumption_date"]:
        assert verdict(row, resumes, known).permitted is Permission.OPEN
    else:
        assert verdict(row, END, known).changes_on is None


@pytest.mark.parametrize("row", ORDERS, ids=lambda row: f"{row['name_en']} {row['notice_date']}")
def test_the_work_that_an_order_exempts_goes_on(row: Row) -> None:
    """What the source itself exempts; on-call staff during the holiday are not a kind of work."""
    known = date.fromisoformat(row["notice_date"])
    if row.get("exemptions_seen_in_source") == "0" or row["kind"] == "holiday_extension":
        codes = []
    else:
        codes = re.findall(r"(?:^|\|)([A-Z]+)", row["exempt_categories"])

    found = {code: verdict(row, max(AFTER_HOLIDAY, known), known, code).permitted for code in codes}

    assert set(found) <= set(KINDS)
    assert set(found.values()) <= {Permission.OPEN}, found


def test_every_exempt_kind_of_work_can_be_named_in_a_library() -> None:
    assert {row["code"] for row in rows("exemption_categories.csv")} <= set(KINDS)


def test_the_rule_for_counties_is_the_one_they_are_graded_by() -> None:
    rules = {
        row["level"]: row["rule_county_2020_02"] for row in rows("county_risk_level_rule_2020.csv")
    }
    limits = {int(n) for rule in rules.values() for n in re.findall(r"\d+", rule)}
    many, quiet = risk_levels.MANY_CASES, risk_levels.QUIET_DAYS
    examples = {
        "low": [(0, None, False), (many + 1, quiet, False)],
        "medium": [(many, 0, True), (many + 1, quiet - 1, False)],
        "high": [(many + 1, 0, True), (many + 1, quiet - 1, True)],
    }

    assert limits == {many, quiet}
    assert set(rules) == set(examples) == set(Level)
    for level, cases in examples.items():
        for cumulative, since, cluster in cases:
            graded = risk_levels.grade(
                cumulative=cumulative, days_without_new=since, has_cluster=cluster
            )
            assert graded == level
