"""Expressions of forms: what they mean, and which are refused."""

import pytest

from taishan.core import answers
from taishan.core.answers import DefinitionRefused, Question
from tests.core.answering import SYMPTOMS, check, form

CALCULATED = [
    ("1 + 2 * 3", 7),
    ("(1 + 2) * 3 - -1", 10),
    ("7 div 2", 3.5),
    ("-7 mod 3", -1),
    ("1 div 0", None),
    ("if(${n} > 3, 'many', 'few')", "many"),
    ("${n} > 3 and not(${t} = 'b')", "true"),
    ("${nothing} = ''", "true"),
    ("${nothing} > 0 or ${nothing} <= 0", "false"),
    ("coalesce(${nothing}, ${t})", "a"),
    ("concat(${t}, '-', ${n})", "a-5"),
    ("selected(${several}, 'cough')", "true"),
    ("selected(${several}, 'fev')", "false"),
    ("count-selected(${several})", 2),
    ("selected-at(${several}, 1)", "cough"),
    ("regex(${t}, '[a-c]+')", "true"),
    ("string-length(${t})", 1),
    ("round(2.5)", 3),
    ("round(2.345, 2)", 2.35),
    ("int(-2.5)", -2),
    ("floor(-2.5)", -3),
    ("min(3, ${n}, 4)", 3),
    ("max(3, ${n}, 4)", 5),
    ("today()", "2020-02-12"),
    ("date(today() - 14)", "2020-01-29"),
    ("${day} >= today() - 14", "true"),
    ("${day} < '2020-02-01'", "false"),
    ("format-date(${day}, '%Y/%n/%e')", "2020/2/10"),
    ("decimal-time('06:00')", 0.25),
    ("../n + /data/n", 10),
    ("substr('abcdef', 1, 3)", "bc"),
    ("contains('abc', 'b') and starts-with('abc', 'a') and ends-with('abc', 'c')", "true"),
    ("1 < 2 = true()", "true"),
    ("pow(10, 400)", None),
    ("floor('x')", None),
    ("number('1e5')", 100000),
]


@pytest.mark.parametrize(("expression", "expected"), CALCULATED)
def test_an_expression_means_what_it_means_in_odk(expression: str, expected: object) -> None:
    questions = (
        Question(name="n", kind="integer"),
        Question(name="t", kind="text"),
        Question(name="day", kind="date"),
        Question(name="several", kind="select_multiple", choices=SYMPTOMS),
        Question(name="nothing", kind="text"),
        Question(name="result", kind="calculate", calculate=expression),
    )
    given = {"n": 5, "t": "a", "day": "2020-02-10", "several": ["cough", "fever"]}

    assert check(given, *questions).values.get("result") == expected


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("${n} >", "ends too early"),
        ("(${n} > 3", "ends too early"),
        ("${n} > 3)", "out of place"),
        ("${m} > 3", "no question “m”"),
        ("n > 3", "write ${n} or 'n'"),
        ("pulldata('a', 'b', 'c', 'd')", "pulldata() is not supported"),
        ("instance('a')/root/item", "out of place"),
        ("selected(${n})", "does not take 1 arguments"),
        ("regex(${n}, ${n})", "must be written out"),
        ("regex(${n}, '(')", "not understood"),
        ("${n} # 3", "not understood"),
        ("__import__('os')", "not supported"),
        ("(" * 40 + "1" + ")" * 40, "nested deeper"),
        ("1" + "+1" * 300, "longer than"),
    ],
)
def test_a_rule_that_cannot_be_compiled_is_refused_with_its_row_and_reason(
    expression: str, words: str
) -> None:
    questions = (
        Question(name="n", kind="integer", row=2),
        Question(name="q", kind="text", row=3, relevant=expression),
    )

    with pytest.raises(DefinitionRefused) as refused:
        answers.compile(form(*questions))

    (refusal,) = refused.value.refusals
    assert (refusal.row, refusal.column) == (3, "relevant")
    assert words in refusal.template % refusal.parts
