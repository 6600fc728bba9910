"""``taishan regulations``: libraries of rules in and out."""

from pathlib import Path

import pytest
import python_calamine

from taishan.kit import tables
from taishan.regulations import queries, schemas
from taishan.regulations.models import Revision
from tests.cli.conftest import Run
from tests.regulations.test_library import GOOD

pytestmark = pytest.mark.usefixtures("cast")
TRACKER = "iso3,date,c2,c2_flag,c4,c4_flag,c6,c6_flag\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "rules.yaml"
    path.write_text(GOOD, encoding="utf-8")
    return path


@pytest.mark.parametrize("name", ["out.xlsx", "out.yaml"])
def test_an_export_can_be_imported_again_and_changes_nothing(
    taishan: Run, file: Path, tmp_path: Path, name: str
) -> None:
    assert "1 new" in taishan("regulations", "import", file).output
    assert taishan("regulations", "export", tmp_path / name).exit_code == 0

    again = taishan("regulations", "import", tmp_path / name)

    assert "0 new, 0 changed, 1 as they were" in again.output


def test_an_export_without_a_file_prints_yaml_of_one_library(taishan: Run, file: Path) -> None:
    taishan("regulations", "import", file)

    printed = taishan("regulations", "export", "--library", "mine").output

    assert [entry.id for entry in schemas.parse(printed).regulations] == ["one"]
    assert (
        schemas.parse(taishan("regulations", "export", "--library", "no").output).regulations == []
    )


def test_a_workbook_with_a_wrong_cell_is_refused_whole_by_check_and_by_import(
    taishan: Run, file: Path, tmp_path: Path
) -> None:
    out = tmp_path / "rules.xlsx"
    taishan("regulations", "import", file)
    taishan("regulations", "export", out)
    Revision.objects.all().delete()
    content = _spoilt(out)
    out.write_bytes(content)

    for command in ("check", "import"):
        done = taishan("regulations", command, out)
        assert done.exit_code == 1
        assert "clauses, row 2, column requires: “suspent”; expected: one of: open" in done.output
    assert not Revision.objects.exists()


def _spoilt(file: Path) -> bytes:
    book = python_calamine.CalamineWorkbook.from_path(str(file))
    sheets = {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}
    texts = {
        name: [[str(cell).replace("suspend", "suspent") for cell in row] for row in rows]
        for name, rows in sheets.items()
    }
    return tables.write_book(
        tables.NewSheet(name=name, headings=rows[0], rows=rows[1:]) for name, rows in texts.items()
    )


@pytest.mark.parametrize(
    ("options", "heading"), [([], "issuer_en"), (["--chinese"], "发布机关代码")]
)
def test_an_empty_workbook_can_be_had(
    taishan: Run, tmp_path: Path, options: list[str], heading: str
) -> None:
    out = tmp_path / "template.xlsx"
    taishan("regulations", "template", out, *options)

    book = python_calamine.CalamineWorkbook.from_path(str(out))
    assert heading in book.get_sheet_by_name("regulations").to_python()[0]


def test_of_several_files_one_that_is_wrong_keeps_all_out(
    taishan: Run, file: Path, tmp_path: Path
) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text(GOOD.replace("suspend", "suspent"), encoding="utf-8")

    done = taishan("regulations", "import", file, bad)

    assert done.exit_code == 1
    assert f"{bad}:14:" in done.output
    assert not Revision.objects.exists()


def test_a_dry_run_says_whose_verdicts_would_change_and_saves_nothing(
    taishan: Run, file: Path
) -> None:
    days = ("--on", "2020-02-05", "--until", "2020-02-12")
    done = taishan("regulations", "diff", file, *days)

    assert "W1  2020-02-05 – 2020-02-09  open (law: open) → shut (law: shut)" in done.output
    assert not Revision.objects.exists()


def test_the_trackers_csv_becomes_regulations(taishan: Run, tmp_path: Path) -> None:
    csv = tmp_path / "tracker.csv"
    csv.write_text(TRACKER + "KHM,2020-03-17,3,1,0,,0,\n", encoding="utf-8")

    assert "1 new" in taishan("regulations", "import-oxcgrt", csv).output

    (entry,) = queries.find_recorded("oxcgrt").regulations
    assert (entry.authority, entry.clauses[0].require.type) == ("KH", "suspend")


def test_a_place_of_the_tracker_that_is_not_on_record_is_left_out_and_named(
    taishan: Run, tmp_path: Path
) -> None:
    csv = tmp_path / "tracker.csv"
    csv.write_text(TRACKER + "KHM,2020-03-17,3,1,0,,0,\nRKS,2020-03-17,3,1,0,,0,\n")

    done = taishan("regulations", "import-oxcgrt", csv)

    assert "not on record: XK" in done.output
    assert [entry.authority for entry in queries.find_recorded().regulations] == ["KH"]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("KHM,17 March,3,1,0,,0,", "line 2, column date"),
        ("USA,2020-03-17,3,9x,0,,0,", "is not a level"),
    ],
)
def test_a_wrong_line_of_the_trackers_csv_is_named_and_nothing_is_recorded(
    taishan: Run, tmp_path: Path, line: str, words: str
) -> None:
    csv = tmp_path / "tracker.csv"
    csv.write_text(f"{TRACKER}{line}\n", encoding="utf-8")

    done = taishan("regulations", "import-oxcgrt", csv)

    assert done.exit_code == 1
    assert words in done.output
    assert not Revision.objects.exists()
