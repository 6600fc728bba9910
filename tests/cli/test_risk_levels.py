"""``taishan regulations risk-levels``."""

from pathlib import Path

import pytest

from taishan.regulations import queries
from tests.cli.conftest import Run

pytestmark = pytest.mark.usefixtures("cast")
LEVELS = "place,level,from,until,source\n330302,medium,2020-02-10,,http://example.cn\n"


def test_levels_go_in_come_out_and_go_in_again_unchanged(taishan: Run, tmp_path: Path) -> None:
    file, out = tmp_path / "levels.csv", tmp_path / "out.xlsx"
    file.write_text(LEVELS, encoding="utf-8")

    assert "1 created" in taishan("regulations", "risk-levels", "import", file).output
    assert taishan("regulations", "risk-levels", "export", out).exit_code == 0
    again = taishan("regulations", "risk-levels", "import", out)

    assert "0 created, 0 changed, 0 withdrawn, 1 as they were" in again.output


def test_an_export_of_a_day_holds_only_what_holds_then(taishan: Run, tmp_path: Path) -> None:
    file, out = tmp_path / "levels.csv", tmp_path / "out.csv"
    file.write_text(LEVELS + "330303,high,2020-02-20,,\n", encoding="utf-8")
    taishan("regulations", "risk-levels", "import", file)

    taishan("regulations", "risk-levels", "export", out, "--on", "2020-02-15")

    text = out.read_text(encoding="utf-8-sig")
    assert "CN-330302" in text
    assert "CN-330303" not in text


def test_an_import_with_an_error_names_the_cell_fails_and_keeps_nothing(
    taishan: Run, tmp_path: Path
) -> None:
    file = tmp_path / "levels.csv"
    file.write_text(LEVELS.replace("medium", "orange"), encoding="utf-8")

    done = taishan("regulations", "risk-levels", "import", file)

    assert done.exit_code == 1
    assert "row 2, column level: “orange”" in done.output
    assert "nothing was recorded" in done.output
    assert queries.find_risk_levels() == []


def test_counties_are_graded_from_a_file_of_case_counts(taishan: Run, tmp_path: Path) -> None:
    file = tmp_path / "counts.csv"
    file.write_text(
        "place,day,new_cases,cumulative,cluster\n330302,2020-02-10,60,60,yes\n", encoding="utf-8"
    )

    preview = taishan("regulations", "risk-levels", "grade", file, "--preview")
    assert "nothing was recorded" in preview.output
    taishan("regulations", "risk-levels", "grade", file)

    assert [(row.place, row.level) for row in queries.find_risk_levels()] == [("CN-330302", "high")]


@pytest.mark.parametrize(
    ("options", "heading"), [([], "level"), (["--counts"], "cumulative"), (["--chinese"], "来源")]
)
def test_an_empty_table_can_be_had(
    taishan: Run, tmp_path: Path, options: list[str], heading: str
) -> None:
    import python_calamine

    file = tmp_path / "empty.xlsx"
    taishan("regulations", "risk-levels", "template", file, *options)

    sheet = python_calamine.CalamineWorkbook.from_path(str(file)).get_sheet_by_index(0)
    assert heading in sheet.to_python()[0]
