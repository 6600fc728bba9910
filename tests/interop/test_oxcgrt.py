"""The tracker's csv, in the names of the shared data and in its own."""

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


@pytest.mark.skipif(not DATA.exists(), reason="the shared data is not here")
def test_the_whole_file_of_the_tracker_is_replayed() -> None:
    with gzip.open(DATA / "national_2020.csv.gz", "rt", encoding="utf-8") as lines:
        library = oxcgrt.read(lines)

    assert len({entry.authority for entry in library.regulations}) > 150
    found = compiling.compile_all(library.regulations, {})
    rules = Rulebook(found.clauses)
    spain = Subject(code="S", chain=("ES",), line=())
    assert gate.evaluate(rules, spain, [], date(2020, 4, 1)).permitted is Permission.SHUT
