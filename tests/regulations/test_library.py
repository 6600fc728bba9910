"""The library format and its errors; the shipped library's rules on real days."""

from datetime import date
from pathlib import Path

import pytest

from taishan.regulations import actions, library_files, schemas
from taishan.regulations.models import Revision
from tests import people

LIBRARIES = Path(schemas.__file__).parent / "libraries"
GOOD = """\
format: taishan-library/1
library: mine
title: {en: Mine, zh: 我的}
regulations:
- id: one
  authority: CN-ZJ
  issuer: {en: A, zh: 甲}
  title: {en: T, zh: 题}
  issued: 2020-01-27
  confidence: A
  clauses:
  - id: "1"
    until: 2020-02-09T24:00
    require: {type: suspend}
    text: {en: Shut., zh: 停工。}
"""
REPLACES_NONE = "{regulation: one, clauses: []}"
GAP = "{about: {en: U, zh: 未}, place: CN-ZJ, from: 2020-02-10, until: 2020-02-10}"


def test_24_00_is_the_first_instant_of_the_next_day() -> None:
    clause = schemas.parse(GOOD).regulations[0].clauses[0]

    assert clause.until is not None
    assert (clause.until.date(), clause.until.hour) == (date(2020, 2, 10), 0)


@pytest.mark.parametrize(
    ("change", "line", "words"),
    [
        (("authority: CN-ZJ", "autority: CN-ZJ"), 5, "authority: expected: a value"),
        (("issued: 2020-01-27", "issued: 27.1.2020"), 9, "issued"),
        (("until: 2020-02-09T24:00", "until: 2020-01-02"), 13, "a time after 2020-01-27"),
        (("{type: suspend}", "{type: suspent}"), 14, "suspent"),
        (('id: "1"', 'id: "1"\n    except_places: [CN-ZJ]'), 13, "left out whole"),
        (("{type: suspend}", "{type: on_site_cap}"), 14, "exactly one"),
        (("title: {en: T, zh: 题}", "title: {en: T, zh: 题"), 9, "not YAML"),
        (("format: taishan-library/1", "format: x"), 1, "taishan-library/1"),
        (("title: {en: Mine, zh: 我的}", "title: &a {en: M, zh: 我}\nx: *a"), 4, "aliases"),
        (("  confidence: A", "  confidence: A\n  confidence: B"), 11, "confidence is given twice"),
        (("library: mine", "library: my\x00ne"), 2, "not YAML"),
        (("library: mine", "library: Mine!"), 2, "small letters"),
        (("confidence: A", "confidence: D"), 10, "“D”; expected: one of: A, B, C"),
        (("    text:", "    red: yes\n    text:"), 15, "nothing under this name"),
        (("  clauses:", f"  unknown: [{GAP}]\n  clauses:"), 11, "a time after 2020-02-10"),
        (('id: "1"', 'id: "1 a"'), 12, "one word"),
        (("{en: Shut., zh: 停工。}", "{en: Shut., zh: ' '}"), 15, "at least 1"),
        (
            ("  confidence: A", f"  confidence: A\n  replaces: [{REPLACES_NONE}]"),
            11,
            "at least one",
        ),
    ],
)
def test_an_error_is_explained_by_its_line(change: tuple[str, str], line: int, words: str) -> None:
    with pytest.raises(schemas.LibraryInvalid) as caught:
        schemas.parse(GOOD.replace(*change))

    assert any(found == line and words in message for found, message in caught.value.problems), (
        caught.value.problems
    )


@pytest.mark.parametrize("file", sorted(LIBRARIES.rglob("*.yaml")), ids=lambda file: file.stem)
def test_every_shipped_file_is_well_formed_and_cites_or_says_unknown(file: Path) -> None:
    for entry in schemas.parse(file.read_text(encoding="utf-8")).regulations:
        assert entry.source.startswith("http") or (entry.unknown and not entry.clauses)


def test_all_31_mainland_provinces_are_in_the_library() -> None:
    authorities = {
        entry.authority
        for file in LIBRARIES.rglob("*.yaml")
        for entry in schemas.parse(file.read_text(encoding="utf-8")).regulations
    }

    assert len([a for a in authorities if a.startswith("CN-") and len(a) == 5]) == 31


def test_the_same_library_twice_changes_nothing(library: None) -> None:
    before = Revision.objects.count()
    for file in LIBRARIES.rglob("*.yaml"):
        done = actions.import_library(
            actor=people.ACTOR,
            now=people.NOW,
            library=schemas.parse(file.read_text(encoding="utf-8")),
        )
        assert (done.created, done.changed) == ((), ())

    assert Revision.objects.count() == before


def test_a_changed_regulation_keeps_its_history(cast: object) -> None:
    for content in (GOOD, GOOD.replace("02-09", "02-16")):
        actions.import_library(actor=people.ACTOR, now=people.NOW, library=schemas.parse(content))

    first, second = Revision.objects.filter(key="one").order_by("number")
    assert first.recorded_until == people.NOW
    assert second.recorded_until is None


def replacing(reference: str) -> tuple[str, str]:
    return "  confidence: A", f"  confidence: A\n  replaces: [{reference}]"


WRONG_HERE = [
    (("authority: CN-ZJ", "authority: CN-QQ"), 6, "“CN-QQ”; expected: the code of a known place"),
    (("authority: CN-ZJ", "authority: unit:NO"), 6, "“unit:NO”; expected: unit: and the code"),
    (('id: "1"', 'id: "1"\n    except_places: [CN-QQ]'), 13, "the code of a known place"),
    (("{type: suspend}", "{type: filing, mode: file, to: CN-QQ}"), 14, "“CN-QQ”"),
    (replacing("{regulation: gone}"), 11, "“gone”; expected: the id of a regulation of CN-ZJ"),
    (replacing('{regulation: one, clauses: ["9"]}'), 11, "“9”; expected: a clause of one"),
    (
        (
            "  clauses:",
            f"  unknown: [{GAP.replace('-10}', '-11}').replace('ZJ', 'QQ')}]\n  clauses:",
        ),
        11,
        "“CN-QQ”",
    ),
]


@pytest.mark.parametrize(("change", "line", "words"), WRONG_HERE)
def test_a_library_that_names_what_is_not_there_is_refused_whole(
    cast: object, change: tuple[str, str], line: int, words: str
) -> None:
    content = GOOD.replace(*change)
    with pytest.raises(actions.LibraryRefused, match=words):
        actions.import_library(
            actor=people.ACTOR, now=people.NOW, library=schemas.parse(content)
        )  # fmt: skip
    with pytest.raises(schemas.LibraryInvalid, match=words) as caught:
        library_files.check(content.encode(), "mine.yaml")

    assert [found for found, _message in caught.value.problems] == [line]
    assert not Revision.objects.exists()


def test_a_regulation_replaces_only_those_of_its_own_authority(cast: object) -> None:
    actions.import_library(actor=people.ACTOR, now=people.NOW, library=schemas.parse(GOOD))
    other = GOOD.replace("id: one", "id: two").replace("CN-ZJ", "CN-HB")

    with pytest.raises(actions.LibraryRefused, match="of CN-HB itself; this one is of CN-ZJ"):
        actions.import_library(
            actor=people.ACTOR,
            now=people.NOW,
            library=schemas.parse(other.replace(*replacing("{regulation: one}"))),
        )


def test_a_file_in_another_encoding_is_named_with_its_line() -> None:
    with pytest.raises(schemas.LibraryInvalid, match=r"mine\.yaml:3: not UTF-8"):
        library_files.read(GOOD.encode("gb18030"), "mine.yaml")


def test_comparing_tells_what_an_import_would_do_and_saves_nothing(cast: object) -> None:
    assert actions.compare_library(schemas.parse(GOOD)).created == ("one",)
    assert not Revision.objects.exists()
    actions.import_library(actor=people.ACTOR, now=people.NOW, library=schemas.parse(GOOD))

    assert actions.compare_library(schemas.parse(GOOD)).unchanged == ("one",)
    changed = schemas.parse(GOOD.replace("02-09", "02-16"))
    assert actions.compare_library(changed).changed == ("one",)
