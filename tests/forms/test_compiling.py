"""XLSForms as they come: converted, or refused with the place and the reason."""

import contextlib
import io
import random
import time
from pathlib import Path

import pytest
import xlsxwriter
from django.utils import translation

from taishan.core import answers
from taishan.forms import compiling, library
from taishan.forms.compiling import FormRefused
from tests.forms import building
from tests.forms.building import CHOICES, SURVEY, xlsform

EXAMPLES = Path(__file__).parents[3] / "shared/data/xforms/xlsform"
REFUSED = {
    "loop.xlsx": (4, "name", "two questions"),
    "repeat_date_test.xls": (4, "repeat_count", "fixed number of rows"),
    "unknown_question_type.xls": (1, "bind:relevant", "Rename or remove"),
}
SHEET = "xl/worksheets/sheet1.xml"
STRINGS = "xl/sharedStrings.xml"


def refusal(content: bytes) -> tuple[str, int, str, str]:
    with pytest.raises(FormRefused) as refused:
        compiling.compile_form(content, name="form.xlsx")
    error = refused.value.errors[0]
    return error.sheet, error.row, error.column, error.expected


def test_a_form_becomes_its_questions_in_both_languages_and_an_xform() -> None:
    compiled = compiling.compile_form(xlsform(), number=3)

    well, temperature = compiled.definition.questions
    assert (well.kind, well.required, well.row) == ("select_one", "yes", 2)
    assert well.labels == {"en": "Are you well?", "zh": "身体好吗？"}
    assert [choice.labels["zh"] for choice in well.choices] == ["是", "否"]
    assert (temperature.kind, temperature.relevant) == ("decimal", "${well} = 'no'")
    assert compiled.definition.languages == ("en", "zh")
    assert compiled.settings.code == "check"
    assert '<data id="check" version="3">' in compiled.xform


@pytest.mark.skipif(not EXAMPLES.is_dir(), reason="the example forms lie beside the repository")
def test_every_example_form_converts_or_fails_with_its_reason() -> None:
    converted = 0
    for path in sorted(EXAMPLES.glob("*.xls*")):
        if path.name in REFUSED:
            row, column, words = REFUSED[path.name]
            sheet, *place, expected = refusal(path.read_bytes())
            assert (sheet, *place) == ("survey", row, column), path.name
            assert words in expected, path.name
        else:
            compiled = compiling.compile_form(path.read_bytes(), name=path.name)
            answers.compile(compiled.definition)
            converted += 1

    assert converted == 9


@pytest.mark.parametrize("code", library.shipped())
def test_a_shipped_form_is_complete_in_both_languages(code: str) -> None:
    compiled = compiling.compile_form(library.workbook_of(code))

    assert compiled.settings.code == code
    assert compiled.warnings == ()
    for question, _path in compiled.definition.walk():
        asked = [question, *question.choices] if question.kind != "calculate" else []
        for one in asked:
            assert set(one.labels) == {"en", "zh"}, one.name
        for words in (question.hints, question.constraint_messages):
            assert set(words) in (set(), {"en", "zh"}), question.name


def test_a_shipped_form_is_the_same_workbook_every_time() -> None:
    assert library.workbook_of("unit_daily") == library.workbook_of("unit_daily")


def row(*cells: object) -> tuple[object, ...]:
    return cells


@pytest.mark.parametrize(
    ("wrong", "place", "words"),
    [
        (row("decimall", "x", "X", "X"), (4, "type"), "Unknown question type"),
        (
            row("select_one maybe", "x", "X", "X"),
            (4, "type"),
            "no list “maybe”",
        ),
        (row("text", "x", "X", "X", "", "${nobody} = 1"), (4, "relevant"), "nobody"),
        (row("text", "x", "X", "X", "", "${well} = ("), (4, "relevant"), "ends too early"),
        (row("text", "x", "X", "X", "", "pulldata('a')"), (4, "relevant"), "not supported"),
        (row("text", "well", "X", "X"), (4, "name"), "well"),
        (row("xml-external", "x", "X", "X"), (4, "type"), "not supported"),
        (row("end_group", "", "", ""), (4, "type"), "ends nothing"),
    ],
)
def test_a_wrong_row_is_named_with_its_column(
    wrong: tuple[object, ...], place: tuple[int, str], words: str
) -> None:
    sheet, line, column, expected = refusal(xlsform(survey=(*SURVEY, wrong)))

    assert (sheet, line, column) == ("survey", *place), expected
    assert words in expected


CHOICE = ("list_name", "name", "label::English (en)", "label::中文 (zh)")


@pytest.mark.parametrize(
    ("survey", "choices", "place", "words"),
    [
        ([("decimall", "x", "X", "X")], [], ("survey", 4, "type"), "题型“decimall”不存在。"),
        ([("", "x", "X", "X")], [], ("survey", 4, "name"), "该题没有题型（type）。"),
        ([("text", "", "X", "X")], [], ("survey", 4, ""), "该题或题组没有名称（name）。"),
        ([("text", "9x", "X", "X")], [], ("survey", 4, "name"), "名称须以字母或下划线开头"),
        ([("text", "well", "X", "X")], [], ("survey", 4, "name"), "同一题组中名称“well”重复。"),
        ([("calculate", "x", "X", "X")], [], ("survey", 4, ""), "缺少计算公式"),
        (
            [("select_one maybe", "x", "X", "X")], [], ("survey", 4, "type"),
            "“choices”工作表中没有选项列表“maybe”。",
        ),
        (
            [("text", "x", "X", "X", "", "${nobody} = 1")], [], ("survey", 4, "relevant"),
            "没有名为“nobody”的题目。",
        ),
        (
            [("text", "x", "X", "X", "", "${well = 1")], [], ("survey", 4, "relevant"),
            "引用其他题目须写作",
        ),
        (
            [("begin_group", "g", "G", "G")], [], ("survey", 4, "type"),
            "“begin_group”没有结束：其后缺少“end_group”。",
        ),
        (
            [("end_group", "", "", "")], [], ("survey", 4, "type"),
            "“end_group”没有对应的开始：其前缺少“begin_group”。",
        ),
        ([], [("yes_no", "yes", "Y", "Y")], ("choices", 4, "name"), "同一选项列表中名称重复。"),
        ([], [("yes_no", "", "Y", "Y")], ("choices", 4, "name"), "该选项没有名称（name）。"),
        (
            [("select_multiple yes_no", "x", "X", "X")],
            [("yes_no", "a b", "Y", "Y")],
            ("survey", 0, ""),
            "选项列表“yes_no”中选项“a b”的名称含有空格",
        ),
        (
            [("audit", "log", "", "")],
            [],
            ("survey", 4, "type"),
            "无法转换该表单。转换程序提示：Audits must always be named",
        ),
    ],
)  # fmt: skip
def test_the_commonest_errors_are_said_in_chinese_with_their_row_and_column(
    survey: list[tuple[str, ...]],
    choices: list[tuple[str, ...]],
    place: tuple[str, int, str],
    words: str,
) -> None:
    with translation.override("zh-hans"):
        *at, said = refusal(xlsform(survey=(*SURVEY, *survey), choices=(*CHOICES, *choices)))

    assert (tuple(at), words in said) == (place, True), said


@pytest.mark.parametrize(
    ("given", "column"),
    [
        ({"form_id": "9 lives"}, "form_id"),
        ({"subject": "animal"}, "subject"),
        ({"personal_health": "perhaps"}, "personal_health"),
        ({"personal_health": "yes"}, "ground"),
        ({"retention_days": "soon"}, "retention_days"),
        ({"retention_days": "²"}, "retention_days"),
    ],
)
def test_a_wrong_setting_is_named(given: dict[str, str], column: str) -> None:
    sheet, line, at, _expected = refusal(building.with_setting(**given))

    assert (sheet, line, at) == ("settings", 2, column)


def test_health_answers_are_kept_90_days_unless_the_form_says_otherwise() -> None:
    health = {"personal_health": "yes", "ground": "law"}
    assert compiling.compile_form(xlsform()).settings.retention_days is None
    kept = compiling.compile_form(building.with_setting(**health)).settings.retention_days
    assert kept == 90
    own = building.with_setting(**health, retention_days="30")
    assert compiling.compile_form(own).settings.retention_days == 30


def test_an_indicator_is_read_from_its_own_columns() -> None:
    survey = (
        (*SURVEY[0], "indicator", "indicator_name"),
        (*SURVEY[1], "count", ""),
        (*SURVEY[2], "${temperature} >= 37.3", "fever"),
    )

    checker = answers.compile(compiling.compile_form(xlsform(survey=survey)).definition)

    assert checker.check({"well": "no", "temperature": 38}).indicators == {
        "well:no": 1,
        "fever": 1,
    }


BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    b'<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;">]>'
    b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>&d;</t></si></sst>'
)
OUTSIDE = (
    b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>&a;</t></si></sst>'
)


@pytest.mark.parametrize("attack", [BOMB, OUTSIDE], ids=["entity expansion", "external entity"])
@pytest.mark.parametrize("part", [SHEET, STRINGS, "xl/workbook.xml", "[Content_Types].xml"])
def test_entities_in_the_parts_of_a_workbook_are_refused(part: str, attack: bytes) -> None:
    sheet, line, _column, expected = refusal(building.with_parts(xlsform(), {part: attack}))

    assert (sheet, line) == ("", 0)
    assert "not a readable xlsx file" in expected
    assert "root:" not in expected


def test_xml_of_a_huge_depth_is_refused_or_read_without_harm() -> None:
    deep = b"<a>" * 200_000 + b"</a>" * 200_000
    began = time.process_time()

    refusal(building.with_parts(xlsform(), {SHEET: deep}))

    assert time.process_time() - began < 10


def test_a_zip_bomb_is_refused() -> None:
    bomb = building.with_parts(xlsform(), {SHEET: b" " * 500 * 1024 * 1024})

    assert "zip bomb" in refusal(bomb)[3]


def test_a_lone_cell_in_the_last_corner_costs_nothing() -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        survey, choices = book.add_worksheet("survey"), book.add_worksheet("choices")
        for number, cells in enumerate(SURVEY):
            survey.write_row(number, 0, cells)
        for number, cells in enumerate(CHOICES):
            choices.write_row(number, 0, cells)
        survey.write(1_048_575, 16_383, "x")
    began = time.process_time()

    compiled = compiling.compile_form(out.getvalue(), name="check.xlsx")

    assert len(compiled.definition.questions) == 2
    assert time.process_time() - began < 10


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"hello", "not an XLSForm"),
        (b"PK hello", "not a readable xlsx"),
        (b"\xd0\xcf\x11\xe0 hello", "not a readable xlsx"),
        (b"PK" + b"x" * 5 * 1024 * 1024, "larger than"),
    ],
)
def test_what_is_no_workbook_is_refused(content: bytes, words: str) -> None:
    assert words in refusal(content)[3]


def test_a_heading_that_is_no_text_is_refused() -> None:
    assert "not a readable xlsx" in refusal(xlsform(survey=((1, 2), *SURVEY)))[3]


def test_broken_workbooks_are_refused_and_nothing_else() -> None:
    random.seed(7)
    whole = xlsform()
    for _ in range(150):
        broken = bytearray(whole)
        for _ in range(6):
            broken[random.randrange(2, len(broken))] = random.randrange(256)
        with contextlib.suppress(FormRefused):
            compiling.compile_form(bytes(broken))


@pytest.mark.skipif(not EXAMPLES.is_dir(), reason="the example forms lie beside the repository")
def test_broken_workbooks_of_the_old_format_are_refused_and_nothing_else() -> None:
    random.seed(7)
    whole = (EXAMPLES / "table-list.xls").read_bytes()
    for _ in range(300):
        broken = bytearray(whole)
        for _ in range(12):
            broken[random.randrange(4, len(broken))] = random.randrange(256)
        with contextlib.suppress(FormRefused):
            compiling.compile_form(bytes(broken))


def test_a_workbook_without_questions_is_refused() -> None:
    assert "no sheet “survey”" in refusal(xlsform(survey=(SURVEY[0],)))[3]


def test_a_sheet_or_cell_beyond_measure_is_refused() -> None:
    many = (SURVEY[0], *[("note", f"n{n}", "N", "N") for n in range(3_001)])
    assert "more than 3000 rows" in refusal(xlsform(survey=many))[3]
    long = (*SURVEY, ("note", "n", "N" * 10_001, "N"))
    assert "more than 10000 characters" in refusal(xlsform(survey=long))[3]


def test_groups_nested_without_end_are_refused() -> None:
    begun = [("begin_group", f"g{n}", "G", "G") for n in range(800)]
    ended = [("end_group", "", "", "")] * 800

    assert "nested deeper" in refusal(xlsform(survey=(*SURVEY, *begun, *ended)))[3]


def test_a_long_chain_of_questions_that_need_later_ones_is_worked_out() -> None:
    chain = [
        ("text", f"q{n}", "Q", "问", "", f"${{q{n + 1}}} != ''" if n < 1499 else "")
        for n in range(1500)
    ]
    began = time.process_time()

    checker = answers.compile(compiling.compile_form(xlsform(survey=(*SURVEY, *chain))).definition)

    assert checker.check({"well": "yes", "q0": "x"}).values == {"well": "yes"}
    assert time.process_time() - began < 20


def test_markup_in_a_label_stays_text() -> None:
    hostile = '<!DOCTYPE a [<!ENTITY x "y">]><script>alert(1)</script>&x;'
    compiled = compiling.compile_form(
        xlsform(survey=(*SURVEY, ("note", "n", hostile, "${well} &x;")))
    )

    assert compiled.definition.questions[2].labels["en"] == hostile
    assert "<script>" not in compiled.xform
