"""A library as a workbook: the same library back, every wrong cell by its sheet, row and column."""

import io
from datetime import date
from pathlib import Path
from typing import get_args

import pytest
import python_calamine
from pydantic import BaseModel

from taishan.kit import tables
from taishan.regulations import library_files, schemas, workbook
from taishan.regulations.requirement_schemas import Require
from taishan.regulations.workbook_fields import SHEETS
from tests.regulations.test_library import GOOD, LIBRARIES

Rows = dict[str, list[list[tables.Cell]]]
EVERYTHING = """\
format: taishan-library/1
library: all-fields
title: {en: All, zh: 全}
regulations:
- id: old
  authority: CN-ZJ
  issuer: {en: A, zh: 甲}
  title: {en: "=1+1", zh: 旧}
  issued: 2020-01-27T18:30
  confidence: B
  clauses:
  - {id: a, require: {type: open}, bound: ceiling, text: {en: A, zh: 甲}}
  - {id: b, require: {type: staggered}, force: recommended, text: {en: B, zh: 乙}}
- id: new
  authority: CN-ZJ
  issuer: {en: A, zh: 甲}
  title: {en: New, zh: 新}
  document: No. 5
  issued: 2020-02-01
  source: https://example.cn/a?b=1
  confidence: C
  note: {en: "Two\\nlines", zh: 备注}
  replaces: [{regulation: old, clauses: [a, b], from: 2020-02-02}]
  withdraws: [{regulation: old}]
  clauses:
  - id: c
    article: art. 3
    place: CN-330300
    except_places: [CN-330302, CN-330303]
    from: 2020-02-03T06:00
    until: 2020-02-09T24:00
    covers: {kinds: [UTIL, EPI], risk_levels: [high], over_headcount: 500, facilities: [dormitory]}
    exempts: {kinds: [LIFE], risk_levels: [low, medium]}
    scope: targeted
    red_line: true
    require: {type: on_site_cap, share: 0.35}
    text: {en: C, zh: 丙}
  - {id: d, require: {type: on_site_cap, headcount: 0}, text: {en: D, zh: 丁}}
  - {id: e, require: {type: on_site_cap, area_m2_per_person: 2.5}, text: {en: D, zh: 丁}}
  - {id: f, require: {type: gathering_cap, persons: 50}, text: {en: D, zh: 丁}}
  - {id: g, require: {type: quarantine, days: 14, origin: abroad}, text: {en: D, zh: 丁}}
  - {id: h, require: {type: stock, item: mask, days: 14}, text: {en: D, zh: 丁}}
  - {id: i, require: {type: attest, condition: prevention_plan}, text: {en: D, zh: 丁}}
  - {id: j, require: {type: filing, mode: approval, to: "unit:HQ"}, text: {en: D, zh: 丁}}
  - {id: k, require: {type: report, what: temperature, times_per_day: 2}, text: {en: D, zh: 丁}}
  - {id: l, require: {type: dormitory, persons_per_room: 6}, text: {en: D, zh: 丁}}
  - {id: m, require: {type: remote}, text: {en: D, zh: 丁}}
  - {id: n, require: {type: holiday}, text: {en: D, zh: 丁}}
  unknown:
  - {about: {en: U, zh: 未}, place: CN-ZJ, from: 2020-02-10, until: 2020-03-01}
"""


@pytest.mark.parametrize("file", sorted(LIBRARIES.rglob("*.yaml")), ids=lambda file: file.stem)
@pytest.mark.parametrize("in_chinese", [False, True])
def test_every_shipped_library_comes_back_from_a_workbook_as_it_was(
    file: Path, in_chinese: bool
) -> None:
    library = schemas.parse(file.read_text(encoding="utf-8"))

    assert workbook.parse(workbook.write(library, in_chinese=in_chinese)) == library


def test_a_library_with_every_field_comes_back_from_a_workbook_and_from_yaml() -> None:
    library = schemas.parse(EVERYTHING)

    again = workbook.parse(workbook.write(library))

    assert again == library
    assert schemas.parse(schemas.dump(again)) == library


def _ways(model: type[BaseModel], before: tuple[str, ...] = ()) -> set[tuple[str, ...]]:
    """Return the way to every plain field of a model, its parts' fields among them."""
    found: set[tuple[str, ...]] = set()
    for name, field in model.model_fields.items():
        way = (*before, field.alias or name)
        types = [field.annotation, *get_args(field.annotation)]
        parts = [t for t in types if isinstance(t, type) and issubclass(t, BaseModel)]
        members = parts if len(parts) < 2 or name != "require" else []
        found |= {way} if not parts else set().union(*(_ways(part, way) for part in members))
    return found


def test_every_field_of_the_format_has_a_column() -> None:
    requirements = get_args(get_args(Require)[0])
    wanted = {
        "library": _ways(schemas.Library) - _ways(schemas.RegulationEntry, ("regulations",)),
        "regulations": {
            way
            for way in _ways(schemas.RegulationEntry)
            if way[0] not in {"replaces", "withdraws", "clauses", "unknown"}
        },
        "clauses": {way for way in _ways(schemas.ClauseEntry) if way[0] != "require"}.union(
            *(_ways(one, ("require",)) for one in requirements)
        ),
        "replacements": _ways(schemas.Reference),
        "gaps": _ways(schemas.GapEntry),
    }

    given = {name: {f.path for f in fields if f.path} for name, fields in SHEETS.items()}

    assert given == wanted


def rows_of(content: str) -> Rows:
    """Return a library's sheets as rows of cells, the headings first."""
    book = python_calamine.CalamineWorkbook.from_filelike(
        io.BytesIO(workbook.write(schemas.parse(content)))
    )
    return {name: book.get_sheet_by_name(name).to_python() for name in SHEETS}  # type: ignore[misc]


def book(rows: Rows) -> bytes:
    return tables.write_book(
        tables.NewSheet(name=name, headings=[str(cell) for cell in of[0]], rows=of[1:])
        for name, of in rows.items()
    )


WRONG = [
    ("regulations", "authority", None, "a value"),
    ("regulations", "issuer_zh", None, "a value"),
    ("regulations", "confidence", "D", "one of: A, B, C"),
    ("regulations", "issued", "27.1.2020", "a day such as"),
    ("regulations", "id", "My Rule", "small letters"),
    ("clauses", "regulation", "other", "an id that stands on the sheet"),
    ("clauses", "requires", "suspent", "one of: open, staggered"),
    ("clauses", "share", "1.5", "nothing under this name"),
    ("clauses", "covers_kinds", "UTIL, EPJ", "one of: ORD"),
    ("clauses", "until", "2020-01-02", "a time after 2020-01-27"),
    ("clauses", "except_places", "CN-ZJ", "left out whole"),
    ("clauses", "red_line", "perhaps", "true or false"),
    ("clauses", "over_headcount", "many", "a whole number"),
    ("library", "format", "x", "taishan-library/1"),
]


@pytest.mark.parametrize(("sheet", "column", "value", "expected"), WRONG)
def test_a_wrong_cell_is_named_by_sheet_row_column_and_value(
    sheet: str, column: str, value: str | None, expected: str
) -> None:
    rows = rows_of(GOOD)
    rows[sheet][1][rows[sheet][0].index(column)] = value

    with pytest.raises(workbook.WorkbookInvalid) as caught:
        workbook.parse(book(rows))

    found = [(e.sheet, e.row, e.column) for e in caught.value.errors]
    assert (sheet, 2, column) in found
    error = caught.value.errors[found.index((sheet, 2, column))]
    assert expected in error.expected
    assert value is None or error.value in value


def test_all_wrong_cells_are_named_at_once() -> None:
    rows = rows_of(GOOD)
    rows["clauses"].append(list(rows["clauses"][1]))
    rows["clauses"][1][0] = "other"
    rows["clauses"][2][rows["clauses"][0].index("requires")] = "suspent"
    rows["replacements"].append(["one", "renews", "one"])

    with pytest.raises(workbook.WorkbookInvalid) as caught:
        workbook.parse(book(rows))

    assert sorted((e.sheet, e.row, e.column) for e in caught.value.errors) == [
        ("clauses", 2, "regulation"),
        ("clauses", 3, "requires"),
        ("replacements", 2, "how"),
    ]


def test_the_second_row_of_an_id_is_the_wrong_one() -> None:
    rows = rows_of(GOOD)
    rows["clauses"].append(list(rows["clauses"][1]))

    with pytest.raises(workbook.WorkbookInvalid) as caught:
        workbook.parse(book(rows))

    (error,) = caught.value.errors
    assert (error.sheet, error.row, error.column, error.value) == ("clauses", 3, "clause", "1")


def test_a_misspelt_heading_is_named_and_its_column_not_silently_left_out() -> None:
    rows = rows_of(GOOD)
    rows["clauses"][0][rows["clauses"][0].index("until")] = "untill"

    with pytest.raises(workbook.WorkbookInvalid) as caught:
        workbook.parse(book(rows))

    (error,) = caught.value.errors
    assert (error.sheet, error.row, error.value) == ("clauses", 1, "untill")


@pytest.mark.parametrize(
    ("sheet", "column", "words"),
    [("library", "", "“library” is missing"), ("clauses", "requires", "clauses: .*requires")],
)
def test_a_workbook_without_what_it_needs_says_what(sheet: str, column: str, words: str) -> None:
    rows = rows_of(GOOD)
    if column:
        rows[sheet][0][rows[sheet][0].index(column)] = ""
    else:
        del rows[sheet]

    with pytest.raises(tables.TableError, match=words):
        workbook.parse(book(rows))


def test_a_date_typed_in_a_spreadsheet_is_read_as_that_day() -> None:
    import xlsxwriter

    rows, out = rows_of(GOOD), io.BytesIO()
    with xlsxwriter.Workbook(out, {"default_date_format": "yyyy-mm-dd"}) as new:
        for name, of in rows.items():
            sheet = new.add_worksheet(name)
            for n, row in enumerate(of):
                sheet.write_row(n, 0, row)
        at = rows["regulations"][0].index("issued")
        new.get_worksheet_by_name("regulations").write_datetime(1, at, date(2020, 1, 28))

    (entry,) = workbook.parse(out.getvalue()).regulations
    assert entry.issued.date() == date(2020, 1, 28)


@pytest.mark.parametrize("in_chinese", [False, True])
def test_the_template_explains_every_column_and_offers_the_choices(in_chinese: bool) -> None:
    content = workbook.template(in_chinese=in_chinese)
    found = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))

    explained = found.get_sheet_by_name("help").to_python()
    assert len(explained) == 1 + sum(len(fields) for fields in SHEETS.values())
    assert found.get_sheet_by_name("clauses").to_python()[0][1] == (
        "条款编号" if in_chinese else "clause"
    )
    with pytest.raises(workbook.WorkbookInvalid):
        workbook.parse(content)


@pytest.mark.usefixtures("cast")
def test_a_place_that_is_not_recorded_is_named_by_its_cell() -> None:
    content = workbook.write(schemas.parse(GOOD.replace("CN-ZJ", "CN-QQ")))

    with pytest.raises(workbook.WorkbookInvalid) as caught:
        library_files.check(content, "mine.xlsx")

    (error,) = caught.value.errors
    assert (error.sheet, error.row, error.column) == ("regulations", 2, "authority")
    assert error.value == "CN-QQ"
