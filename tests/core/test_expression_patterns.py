"""Patterns of regex(): what they match, in what time, and which are refused."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from taishan.core import answers
from taishan.core.answers import DefinitionRefused, Question
from taishan.core.expression_patterns import LIMIT_PATTERN, PatternRefused, compile_pattern
from tests.core.answering import check, codes, form

MATCHES = [
    (r"\d{17}[0-9Xx]", "11010519491231002X", True),
    (r"\d{17}[0-9Xx]", "11010519491231002X ", False),
    ("b", "abc", False),
    ("a|ab", "ab", True),
    ("a", "a\n", False),
    (r"^[\w.-]+@[\w-]+(\.\w+)+$", "zhang.san@mail.example", True),
    (r"\w+", "张三", True),
    (r"\d+", "１２", True),
    (r"a\sb", "a　b", True),
    (r"[\u4e00-\u9fff]{2,4}", "张三", True),
    (r"[\u4e00-\u9fff]{2,4}", "Zhang", False),
    ("[一-龥]+", "张三丰", True),
    (r"\p{L}+", "张Ünal", True),
    (r"\p{Han}+", "张三", True),
    (r"\p{IsHan}+", "张a", False),
    ("(?i)abc", "aBC", True),
    ("(?i)é", "É", True),
    ("[a-z&&[^b]]", "b", False),
    (r"[*+]+\++", "*+++", True),
    (r"[\]?+]{2}", "?+", True),
    ("(?<year>[0-9]{4})(?:-[0-9]{2})?", "2020-02", True),
    ("", "", True),
    ("a*", "", True),
    ("a+", "", False),
    (".{1,200}", "a" * 200, True),
    (r"\{\}+\p{Lu}+", "{}}Ü", True),
    (".", "\ud800", False),
]


@pytest.mark.parametrize(("pattern", "text", "does"), MATCHES)
def test_a_pattern_matches_the_whole_answer_as_in_odk_collect(
    pattern: str, text: str, does: bool
) -> None:
    assert compile_pattern(pattern)(text) is does


def test_a_constraint_by_pattern_holds_for_an_answer_and_not_for_none() -> None:
    asked = Question(name="id", kind="text", constraint=r"regex(., '\d{4}')")

    assert codes(check({"id": "1234"}, asked)) == []
    assert codes(check({"id": ""}, asked)) == []
    assert codes(check({"id": "12345"}, asked)) == [("id", None, "constraint")]


CRAFTED = """
from taishan.core.expression_patterns import compile_pattern
for length in (40, 10_000):
    for pattern in (r"(a+)+$", r"(a|aa)+", r"(.*a){20}", r"a*a*a*a*b", r"([a-z]+)*\\d"):
        assert not compile_pattern(pattern)("a" * length + "!")
"""


def test_no_answer_made_for_it_holds_a_pattern_up() -> None:
    # Apart, where it can be stopped: backtracking would take longer than anybody waits.
    code = "from tests.core.test_expression_patterns import CRAFTED; exec(CRAFTED)"

    subprocess.run([sys.executable, "-c", code], check=True, timeout=20)


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("(?=.*[0-9]).+", "looks around or back: “(?=”"),
        ("(?!0).+", "looks around or back: “(?!”"),
        ("(?<=a)b", "looks around or back: “(?<=”"),
        ("(?<!a)b", "looks around or back: “(?<!”"),
        (r"(a)\1", r"looks around or back: “\1”"),
        (r"(?<n>a)\k<n>", r"looks around or back: “\k”"),
        ("a++a", "has “++”, which is not supported"),
        ("a{2}+a", "has “{2}+”, which is not supported"),
        ("(?>a|ab)c", "has “(?>”, which is not supported"),
        (r"a\Z", r"has “\Z”, which is not supported"),
        (r"\<a", r"has “\<”, which is not supported"),
        ("a)|(b", "“a)|(b” is not understood"),
        ("[a", "is not understood"),
        ("a**{", "is not understood"),
        ("(?x)a # b", "is not understood"),
        (r"\p{InGreek}", "is not understood"),
        ("a{2,1}", "is not understood"),
        ("\\", "is not understood"),
        ("a" * 20_000, "longer than 2000 characters"),
        ("(" * (LIMIT_PATTERN // 2) + ")" * (LIMIT_PATTERN // 2), "is not understood"),
        (r"((\w{1,1000}){1,1000}){1,1000}", "is too large"),
        (".{1,100000}", "is too large"),
    ],
    ids=lambda given: given[:30],
)
def test_a_pattern_that_cannot_be_used_is_refused_and_said_why(pattern: str, words: str) -> None:
    with pytest.raises(PatternRefused) as refused:
        compile_pattern(pattern)

    assert words in str(refused.value)


def test_a_form_whose_pattern_looks_around_is_refused_with_its_row() -> None:
    asked = Question(name="id", kind="text", row=7, constraint="regex(., '(?!0)[0-9]+')")

    with pytest.raises(DefinitionRefused) as refused:
        answers.compile(form(asked))

    (refusal,) = refused.value.refusals
    assert (refusal.row, refusal.column, refusal.parts) == (7, "constraint", {"part": "(?!"})


def test_threads_share_a_pattern() -> None:
    matches = compile_pattern(r"(\w+ ?)*")

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(matches, ["a b c " * 300, "a b c !" * 300] * 200))

    assert found == [True, False] * 200
