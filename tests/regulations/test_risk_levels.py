"""Territories' risk levels: entered, corrected, imported, graded, and what binds by them."""

from datetime import UTC, date, datetime

import pytest

from taishan.core import gate
from taishan.core.gate import Permission
from taishan.core.regulations import Subject
from taishan.kit import tables
from taishan.ledger.models import Entry
from taishan.organisation import sheets
from taishan.regulations import actions, case_counts, queries, risk_levels, risk_sheet, schemas
from taishan.regulations.risk_levels import DatedLevel, RiskLevelRefused
from tests import people
from tests.regulations.test_library import GOOD

pytestmark = pytest.mark.usefixtures("cast")
LUCHENG = "CN-330302"
HEADING = "place,level,from,until,source\n"
COUNTS = "place,day,new_cases,cumulative,cluster\n"
LATER = datetime(2020, 2, 20, tzinfo=UTC)


def enter(level: str, starts: date, now: datetime = people.NOW, **more: object) -> None:
    given = DatedLevel(place=LUCHENG, level=level, starts=starts, **more)  # type: ignore[arg-type]
    risk_levels.enter(actor=people.ACTOR, now=now, level=given)


def imported(text: str, mode: sheets.Mode = "all_or_nothing") -> sheets.Outcome:
    content = (HEADING + text).encode("gb18030")
    return risk_sheet.import_levels(
        actor=people.ACTOR, now=people.NOW, content=content, mode=mode
    )  # fmt: skip


def graded(text: str, mode: sheets.Mode = "all_or_nothing") -> sheets.Outcome:
    content = (COUNTS + text).encode()
    return case_counts.grade_counties(
        actor=people.ACTOR, now=people.NOW, content=content, mode=mode
    )  # fmt: skip


def on_record() -> list[tuple[str, str, str, str]]:
    return [
        (row.place, row.level, str(row.starts), str(row.until or ""))
        for row in queries.find_risk_levels()
    ]


def level_on(day: date, as_known: datetime | None = None) -> str | None:
    chain = ("CN", "CN-ZJ", "CN-330300", LUCHENG)
    return queries.get_library(as_known).rulebook.risk_level(chain, day)


def test_a_level_holds_until_the_next_one() -> None:
    enter("high", date(2020, 2, 10))
    enter("medium", date(2020, 2, 20))

    assert on_record() == [
        (LUCHENG, "high", "2020-02-10", "2020-02-20"),
        (LUCHENG, "medium", "2020-02-20", ""),
    ]
    days = [date(2020, 2, 9), date(2020, 2, 19), date(2020, 2, 20)]
    assert [level_on(day) for day in days] == [None, "high", "medium"]


def test_a_level_with_an_end_holds_no_longer() -> None:
    enter("high", date(2020, 2, 10), ends=date(2020, 2, 15))

    assert (level_on(date(2020, 2, 14)), level_on(date(2020, 2, 15))) == ("high", None)


def test_a_corrected_level_is_still_what_had_been_known() -> None:
    enter("high", date(2020, 2, 10))
    enter("medium", date(2020, 2, 10), now=LATER)

    assert level_on(date(2020, 2, 11)) == "medium"
    assert level_on(date(2020, 2, 11), as_known=people.NOW) == "high"


def test_a_withdrawn_level_no_longer_holds() -> None:
    enter("high", date(2020, 2, 10))
    assert level_on(date(2020, 2, 11)) == "high"

    risk_levels.withdraw(
        actor=people.ACTOR, now=LATER, place=LUCHENG, starts=date(2020, 2, 10)
    )  # fmt: skip

    assert level_on(date(2020, 2, 11)) is None
    assert level_on(date(2020, 2, 11), as_known=people.NOW) == "high"
    with pytest.raises(RiskLevelRefused, match="No level"):
        risk_levels.withdraw(
            actor=people.ACTOR, now=LATER, place=LUCHENG, starts=date(2020, 2, 10)
        )  # fmt: skip


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"place": "CN-999999"}, "no place"),
        ({"level": "orange"}, "low, medium, high"),
        ({"ends": date(2020, 2, 10)}, "last day"),
    ],
)
def test_a_level_that_cannot_be_is_refused(given: dict[str, object], words: str) -> None:
    values = {"place": LUCHENG, "level": "high", "starts": date(2020, 2, 10)} | given
    with pytest.raises(RiskLevelRefused, match=words):
        risk_levels.enter(
            actor=people.ACTOR, now=people.NOW, level=DatedLevel(**values)  # type: ignore[arg-type]
        )  # fmt: skip

    assert on_record() == []


def test_entering_is_one_line_in_the_ledger_and_twice_the_same_is_none() -> None:
    enter("high", date(2020, 2, 10))
    enter("high", date(2020, 2, 10))

    assert Entry.objects.filter(verb="risk_level.entered").count() == 1


def test_a_file_comes_in_by_code_or_local_code_and_twice_is_once() -> None:
    text = "330302,中风险,2020/02/10,2020-02-20,公告\nCN-330303,low,2020-02-10,,\n"
    first, second = imported(text), imported(text)

    assert (first.created, first.is_applied) == (2, True)
    assert (second.created, second.changed, second.unchanged) == (0, 0, 2)
    assert (LUCHENG, "medium", "2020-02-10", "2020-02-20") in on_record()


def test_a_preview_of_levels_changes_nothing() -> None:
    outcome = imported("330302,high,2020-02-10,,\n", mode="preview")

    assert (outcome.created, outcome.is_applied, on_record()) == (1, False, [])


@pytest.mark.parametrize(
    ("row", "column", "expected"),
    [
        ("999999,low,2020-02-10,,", "place", "known place"),
        ("330302,orange,2020-02-10,,", "level", "low, medium or high"),
        ("330302,low,,,", "from", "a day of the years"),
        ("330302,low,10 Feb,,", "from", "a day of the years"),
        ("330302,low,2020-02-10,soon,", "until", "a day of the years"),
        ("330302,low,2020-02-10,2020-02-10,", "until", "a day after 2020-02-10"),
    ],
)
def test_a_wrong_cell_is_named_and_nothing_is_kept(row: str, column: str, expected: str) -> None:
    outcome = imported(f"330303,low,2020-02-01,,\n{row}\n")

    (error,) = outcome.errors
    assert (error.row, error.column) == (3, column)
    assert expected in error.expected
    assert on_record() == []


def test_two_levels_of_a_place_at_once_in_a_file_are_refused() -> None:
    outcome = imported(
        "330302,low,2020-02-10,2020-02-20,\n330302,high,2020-02-15,,\n330302,low,2020-02-15,,\n"
    )

    assert [(e.row, e.column) for e in outcome.errors] == [(2, "until"), (4, "from")]
    assert "row 3" in outcome.errors[0].expected


def test_the_good_rows_alone_can_be_kept() -> None:
    outcome = imported("330302,low,2020-02-10,,\n330303,orange,2020-02-10,,\n", mode="good_rows")

    assert outcome.is_applied
    assert [row[0] for row in on_record()] == [LUCHENG]


def test_an_export_comes_back_as_no_change() -> None:
    enter("high", date(2020, 2, 10), source="=1+1")
    enter("medium", date(2020, 2, 20))
    rows = risk_sheet.export_levels()
    content = tables.write_xlsx("levels", [c.key for c in risk_sheet.COLUMNS], rows)

    outcome = risk_sheet.import_levels(actor=people.ACTOR, now=LATER, content=content)

    assert (outcome.unchanged, outcome.created, outcome.changed, outcome.errors) == (2, 0, 0, [])


def test_counties_are_graded_and_only_the_days_on_which_a_level_begins_are_kept() -> None:
    quiet = "".join(f"330302,2020-02-{12 + n},0,60,no\n" for n in range(14))
    text = f"330302,2020-02-10,55,55,\n330302,2020-02-11,5,60,yes\n{quiet}"
    first, second = graded(text), graded(text)

    assert first.errors == []
    assert on_record() == [
        (LUCHENG, "medium", "2020-02-10", "2020-02-11"),
        (LUCHENG, "high", "2020-02-11", "2020-02-25"),
        (LUCHENG, "low", "2020-02-25", ""),
    ]
    assert (second.created, second.changed, second.unchanged, second.closed) == (0, 0, 3, 0)
    assert {row.source for row in queries.find_risk_levels()} == {case_counts.SOURCE}


def test_corrected_counts_withdraw_what_the_first_ones_graded() -> None:
    graded("330302,2020-02-10,55,55,\n330302,2020-02-11,5,60,yes\n")

    outcome = graded("330302,2020-02-10,55,55,\n330302,2020-02-11,5,60,no\n")

    assert (outcome.unchanged, outcome.closed) == (1, 1)
    assert on_record() == [(LUCHENG, "medium", "2020-02-10", "")]


@pytest.mark.parametrize(
    ("rows", "row", "column"),
    [
        ("999999,2020-02-10,1,1,no\n", 2, "place"),
        ("330302,tenth,1,1,no\n", 2, "day"),
        ("330302,2020-02-10,many,1,no\n", 2, "new_cases"),
        ("330302,2020-02-10,1,-1,no\n", 2, "cumulative"),
        ("330302,2020-02-10,1,1,maybe\n", 2, "cluster"),
        ("330302,2020-02-10,1,1,no\n330302,2020-02-11,0,1,yes\n", 3, "cluster"),
        ("330302,2020-02-10,1,1,no\n330302,2020-02-10,1,2,no\n", 3, "day"),
    ],
)
def test_a_wrong_count_is_named_and_nothing_is_graded(rows: str, row: int, column: str) -> None:
    (error,) = graded(rows).errors

    assert (error.row, error.column) == (row, column)
    assert on_record() == []


def test_a_county_with_a_spoilt_day_is_left_out_of_the_good_rows() -> None:
    text = "330302,2020-02-10,1,1,no\n330302,2020-02-11,x,1,no\n330303,2020-02-10,1,1,no\n"

    graded(text, mode="good_rows")

    assert [row[0] for row in on_record()] == ["CN-330303"]


@pytest.mark.parametrize(
    ("level", "permitted"), [("high", Permission.SHUT), ("low", Permission.OPEN)]
)
def test_a_clause_for_a_risk_level_binds_by_the_recorded_level(
    level: str, permitted: Permission
) -> None:
    content = GOOD.replace("    require:", "    covers: {risk_levels: [high]}\n    require:")
    actions.import_library(actor=people.ACTOR, now=people.NOW, library=schemas.parse(content))
    unit = Subject(code="W1", chain=("CN", "CN-ZJ", "CN-330300", LUCHENG), line=("HQ", "W1"))
    day = date(2020, 2, 5)
    before = gate.evaluate(queries.get_library().rulebook, unit, (), day)
    assert "risk_level" in {unknown.what for unknown in before.unknown}

    enter(level, date(2020, 2, 1))

    after = gate.evaluate(queries.get_library().rulebook, unit, (), day)
    assert after.permitted is permitted
    assert "risk_level" not in {unknown.what for unknown in after.unknown}
