"""The tracker's csv, in the names of the shared data and in its own."""

import csv
import gzip
from datetime import date
from pathlib import Path

import pytest

from taishan.core import gate
from taishan.core.gate import Permission
from taishan.core.readings import Effect
from taishan.core.regulations import Rulebook, Subject
from taishan.interop import oxcgrt
from taishan.regulations import compile as compiling

DATA = Path(__file__).parents[3] / "shared" / "data" / "oxcgrt"
HEAD = "iso3,date,c2,c2_flag,c4,c4_flag,c6,c6_flag"
OWN = (
    "CountryCode,RegionCode,Date,C2_Workplace closing,C2_Flag,C4_Restrictions on gatherings,"
    "C4_Flag,C6_Stay at home requirements,C6_Flag"
)


def state(lines: list[str], day: date, kinds: frozenset[str] = frozenset()) -> gate.Verdict:
    found = compiling.compile_all(oxcgrt.read(lines).regulations, {})
    rules = Rulebook(found.clauses)
    return gate.evaluate(rules, Subject(code="P", chain=("KH",), line=(), kinds=kinds), [], day)


@pytest.mark.parametrize(
    ("row", "permitted", "effect"),
    [
        ("3,1,0,,0,", Permission.SHUT, Effect.BINDS),
        ("2,1,0,,0,", Permission.SHUT, Effect.BINDS),
        ("1,1,0,,0,", Permission.OPEN, Effect.RECOMMENDS),
        ("0,,0,,2,1", Permission.REMOTE, Effect.BINDS),
        ("0,,0,,1,1", Permission.OPEN, Effect.RECOMMENDS),
        ("0,,4,1,0,", Permission.OPEN, Effect.BINDS),
    ],
)
def test_each_level_does_what_the_codebook_says(
    row: str, permitted: Permission, effect: Effect
) -> None:
    verdict = state([HEAD, f"KHM,2020-03-17,{row}"], date(2020, 3, 17))

    assert verdict.permitted is permitted
    assert [r.effect for r in verdict.reasons] == [effect]


def test_essential_work_goes_on_when_all_but_essential_closes() -> None:
    lines = [HEAD, "KHM,2020-03-17,3,1,0,,0,"]

    assert state(lines, date(2020, 3, 17), frozenset({"LIFE"})).permitted is Permission.OPEN


def test_a_flag_of_0_reaches_a_part_only_and_the_verdict_says_so() -> None:
    verdict = state([HEAD, "KHM,2020-03-17,3,0,0,,0,"], date(2020, 3, 17))

    assert "scope" in {u.what for u in verdict.unknown}


def test_the_trackers_own_column_names_are_read() -> None:
    library = oxcgrt.read([OWN, "USA,US_AK,20200317,3,1,0,,0,", "USA,US_AK,20200318,0,,0,,0,"])

    (entry,) = library.regulations
    assert (entry.authority, entry.clauses[0].until.date()) == ("US-AK", date(2020, 3, 18))  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("KHM,17 March,3,1,0,,0,", "line 2, column date"),
        ("QQQ,2020-03-17,3,1,0,,0,", "'QQQ' is no ISO 3166 country"),
        ("KHM,2020-03-17,much,1,0,,0,", "'much' is not a level"),
    ],
)
def test_a_bad_line_is_named(line: str, words: str) -> None:
    with pytest.raises(oxcgrt.TrackerFileError, match=words):
        oxcgrt.read([HEAD, line])


def test_days_that_nobody_coded_are_unknown_and_not_without_a_measure() -> None:
    lines = [HEAD, "KHM,2020-03-17,3,1,0,,0,", "KHM,2020-03-18,,,,,,", "KHM,2020-03-19,0,,0,,0,"]
    library = oxcgrt.read(lines)
    found = compiling.compile_all(library.regulations, {})
    rules = Rulebook(found.clauses, found.replacements, found.gaps)
    place = Subject(code="P", chain=("KH",), line=())

    verdicts = [gate.evaluate(rules, place, [], date(2020, 3, n)) for n in (17, 18, 19)]

    assert [v.permitted for v in verdicts] == [Permission.SHUT, Permission.OPEN, Permission.OPEN]
    assert [sum(u.what == "rule" for u in v.unknown) for v in verdicts] == [0, 3, 0]


def _asked(row: dict[str, str]) -> tuple[Permission, int | None, set[str]]:
    """Return what a day's codes permit, the gatherings they allow, and the indicators uncoded."""
    c2, c4, c6 = (row[name] for name in ("c2", "c4", "c6"))
    permitted = Permission.OPEN
    if c6 in {"2", "3"}:
        permitted = Permission.REMOTE
    if c2 in {"2", "3"}:
        permitted = Permission.SHUT
    cap = {"2": 1000, "3": 100, "4": 10}.get(c4)
    return permitted, cap, {name for name in ("c2", "c4", "c6") if not row[name]}


@pytest.mark.skipif(not DATA.exists(), reason=f"the real data is not here: {DATA}")
@pytest.mark.parametrize(
    "file", ["national_2020.csv.gz", "us_states_2020.csv.gz", "uk_nations_2020.csv.gz"]
)
def test_every_row_of_the_tracker_is_replayed(file: str) -> None:
    with gzip.open(DATA / file, "rt", encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    with gzip.open(DATA / file, "rt", encoding="utf-8") as lines:
        library = oxcgrt.read(lines)
    found = compiling.compile_all(library.regulations, {})
    rules = Rulebook(found.clauses, found.replacements, found.gaps)

    wrong = []
    for row in rows:
        place, day = oxcgrt._place(row, 0), date.fromisoformat(row["date"])
        verdict = gate.evaluate(rules, Subject(code="P", chain=(place,), line=()), [], day)
        gatherings = [
            r.clause.requirement.persons  # type: ignore[union-attr]
            for r in verdict.reasons
            if r.effect is Effect.BINDS and "-c4-" in r.clause.regulation
        ]
        uncoded = {u.about.split("-")[-2] for u in verdict.unknown if u.what == "rule"}
        answer = (verdict.permitted, min(gatherings, default=None), uncoded)
        if answer != _asked(row):
            wrong.append((place, day, answer, _asked(row)))

    assert rows
    assert wrong == []
