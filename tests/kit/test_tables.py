"""Tables in and out: what people really send, and what nobody should."""

import io
import zipfile

import pytest

from taishan.kit import tables

COLUMNS = (
    tables.Column(key="code", titles=("编码",), is_needed=True),
    tables.Column(key="name", titles=("名称",)),
)
ROWS = [("M01", "平台"), ("M02", "成员单位二")]
CSV = "编码,名称\nM01,平台\nM02,成员单位二\n"


def _values(sheet: tables.Sheet) -> list[tuple[str, ...]]:
    return [tuple(row.values.values()) for row in sheet.rows]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_csv_is_read_in_the_encodings_that_people_use(encoding: str) -> None:
    assert _values(tables.read(CSV.encode(encoding), columns=COLUMNS)) == ROWS


def test_gb_18030_that_happens_to_be_valid_utf_8_is_still_read_as_chinese() -> None:
    assert "平台".encode("gb18030").decode("utf-8") == "ƽ̨"
    sheet = tables.read("code,name\nM01,平台\n".encode("gb18030"), columns=COLUMNS)
    assert _values(sheet) == [("M01", "平台")]


@pytest.mark.parametrize("name", ["Café", "Москва", "ČSOB Žižkov"])
def test_other_languages_in_utf_8_are_not_taken_for_chinese(name: str) -> None:
    sheet = tables.read(f"code,name\nM01,{name}\n".encode(), columns=COLUMNS)
    assert _values(sheet) == [("M01", name)]


@pytest.mark.parametrize(
    "spoilt", [CSV.encode("gb18030").decode("utf-8", "replace"), "code,name\nM01,锟斤拷\n"]
)
def test_text_spoilt_by_a_wrong_encoding_before_is_refused(spoilt: str) -> None:
    with pytest.raises(tables.TableError, match="wrong encoding"):
        tables.read(spoilt.encode(), columns=COLUMNS)


def test_an_xlsx_comes_back_as_it_was_written() -> None:
    content = tables.write_xlsx("units", ["code", "name"], ROWS)
    sheet = tables.read(content, columns=COLUMNS)
    assert sheet.name == "units"
    assert _values(sheet) == ROWS
    assert [row.number for row in sheet.rows] == [2, 3]


def test_a_number_in_a_cell_is_read_as_people_see_it() -> None:
    content = tables.write_xlsx("units", ["code", "name"], [(1001, 2.5)])
    assert _values(tables.read(content, columns=COLUMNS)) == [("1001", "2.5")]


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", '=HYPERLINK("x")'])
def test_a_cell_that_looks_like_a_formula_is_escaped_in_csv_and_comes_back(name: str) -> None:
    content = tables.write_csv(["code", "name"], [("M01", name)])
    assert f"'{name[:1]}" in content.decode("utf-8-sig")
    assert _values(tables.read(content, columns=COLUMNS))[0][1].strip() == name.strip()


def test_a_cell_that_looks_like_a_formula_is_text_in_xlsx() -> None:
    content = tables.write_xlsx("units", ["code", "name"], [("M01", "=1+1")])
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")
    assert _values(tables.read(content, columns=COLUMNS)) == [("M01", "=1+1")]


def test_a_file_over_the_limit_is_refused_before_it_is_opened() -> None:
    with pytest.raises(tables.TableError, match=r"at most 40\.0 MiB"):
        tables.read(b"PK" + bytes(50 * 1024 * 1024), columns=COLUMNS)


def _bomb(declared_bytes: int | None) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", bytes(60 * 1024 * 1024))
    content = out.getvalue()
    if declared_bytes is not None:
        real = (60 * 1024 * 1024).to_bytes(4, "little")
        content = content.replace(real, declared_bytes.to_bytes(4, "little"))
    return content


@pytest.mark.parametrize("declared_bytes", [None, 100])
def test_a_zip_bomb_is_refused_even_when_its_directory_lies(declared_bytes: int | None) -> None:
    with pytest.raises(tables.TableError, match="zip bomb"):
        tables.read(_bomb(declared_bytes), columns=COLUMNS)


@pytest.mark.parametrize("place", ['<c r="XFD1048576">', "<row r='1048576'><c r='ZZ2'>"])
def test_a_lone_cell_in_the_last_corner_is_refused_by_its_place(place: str) -> None:
    content = tables.write_xlsx("units", ["code"], [["M01"]])
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as given, zipfile.ZipFile(out, "w") as made:
        for name in given.namelist():
            part = given.read(name)
            if name == "xl/worksheets/sheet1.xml":
                part = part.replace(b"</sheetData>", f"{place}</c></row></sheetData>".encode())
            made.writestr(name, part)

    with pytest.raises(tables.TableError, match="row 1048576"):
        tables.read(out.getvalue(), columns=COLUMNS)


@pytest.mark.parametrize("content", [b"PK\x03\x04rubbish", b"\x00\x01\x02", b"\xff" * 9])
def test_a_file_that_is_no_table_is_refused(content: bytes) -> None:
    with pytest.raises(tables.TableError):
        tables.read(content, columns=COLUMNS)


def test_a_missing_column_is_named() -> None:
    with pytest.raises(tables.TableError, match="code"):
        tables.read(b"name\nx\n", columns=COLUMNS)


def test_an_error_names_sheet_row_column_value_and_what_was_expected() -> None:
    error = tables.CellError(sheet="units", row=7, column="place", value="XX", expected="a place")
    assert str(error) == "units, row 7, column place: “XX”; expected: a place"


def test_a_quotation_mark_left_open_is_said_with_its_line() -> None:
    with pytest.raises(tables.TableError, match=r"Line \d+ cannot be read"):
        tables.read(b'code,name\nM01,"' + b"x" * 200_000, columns=COLUMNS)


def test_a_zero_byte_that_xlsx_can_hold_is_left_out() -> None:
    book = tables.write_xlsx("units", ["code"], [["M_x0000_01"]])
    plain = _rewritten(book, b"M_x005F_x0000_01", b"M_x0000_01")

    assert [row.values["code"] for row in tables.read(plain, columns=COLUMNS).rows] == ["M01"]


def _rewritten(book: bytes, old: bytes, new: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            target.writestr(name, source.read(name).replace(old, new))
    return out.getvalue()
