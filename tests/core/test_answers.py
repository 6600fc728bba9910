"""Answers checked against a form: what is kept, what is refused and why, what is counted."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taishan.core import answers
from taishan.core.answers import Choice, DefinitionRefused, Question
from tests.core.answering import SYMPTOMS, check, codes, form

YES_NO = (Choice(name="yes"), Choice(name="no"))


WELL = Question(name="well", kind="select_one", choices=YES_NO, required="yes")


TEMPERATURE = Question(
    name="temperature",
    kind="decimal",
    relevant="${well} = 'no'",
    required="yes",
    constraint=". >= 34 and . <= 43",
    indicator="${temperature} >= 37.3",
    indicator_name="fever",
)


def test_typed_values_of_the_relevant_questions_are_kept() -> None:
    checked = check({"well": "no", "temperature": "37.5"}, WELL, TEMPERATURE)

    assert checked.values == {"well": "no", "temperature": 37.5}
    assert checked.problems == ()
    assert checked.indicators == {"fever": 1}


def test_an_answer_to_a_question_that_is_not_relevant_is_not_kept() -> None:
    checked = check({"well": "yes", "temperature": "99"}, WELL, TEMPERATURE)

    assert (checked.values, checked.problems) == ({"well": "yes"}, ())


def test_a_needed_answer_that_is_missing_is_asked_for() -> None:
    assert codes(check({}, WELL)) == [("well", None, "required")]
    assert codes(check({"well": "no"}, WELL, TEMPERATURE)) == [("temperature", None, "required")]


def test_an_answer_outside_its_constraint_is_refused_in_the_words_of_the_form() -> None:
    worded = Question(
        name="temperature", kind="decimal", constraint=". < 43", constraint_messages={"zh": "太高"}
    )

    (problem,) = check({"temperature": 50}, worded).problems

    assert (problem.code, problem.message) == ("constraint", {"zh": "太高"})


@pytest.mark.parametrize(
    ("kind", "raw", "kept"),
    [
        ("integer", "12", 12),
        ("integer", 12.0, 12),
        ("decimal", "36.6", 36.6),
        ("decimal", 37, 37.0),
        ("date", "2020-02-12", "2020-02-12"),
        ("time", "08:30", "08:30"),
        ("datetime", "2020-02-12T08:30:00+08:00", "2020-02-12T08:30:00+08:00"),
        ("text", "  a\x00b ", "ab"),
        ("text", 3, "3"),
        ("geopoint", "30.5 114.3 0 10", "30.5 114.3 0 10"),
        ("geotrace", "30.5 114.3; 30.6 114.4", "30.5 114.3;30.6 114.4"),
        ("acknowledge", "OK", "OK"),
        ("file", "photo.jpg", "photo.jpg"),
    ],
)
def test_an_answer_is_kept_by_its_type(kind: str, raw: object, kept: object) -> None:
    assert check({"q": raw}, Question(name="q", kind=kind)).values == {"q": kept}


@pytest.mark.parametrize(
    ("kind", "raw", "code"),
    [
        ("integer", "12.5", "integer"),
        ("integer", True, "integer"),
        ("integer", "1_000", "integer"),
        ("integer", 10**16, "integer"),
        ("decimal", "nan", "decimal"),
        ("decimal", float("inf"), "decimal"),
        ("decimal", "1e9", "decimal"),
        ("decimal", [1], "decimal"),
        ("date", "2020-02-30", "date"),
        ("date", "20200212", "date"),
        ("time", "25:00", "time"),
        ("datetime", "today", "datetime"),
        ("text", {"a": 1}, "text"),
        ("text", "x" * 10_001, "long"),
        ("geopoint", "91 0", "place"),
        ("geopoint", "here", "place"),
        ("repeat", "many", "rows"),
        ("repeat", [1], "rows"),
    ],
)
def test_an_answer_of_another_type_is_refused(kind: str, raw: object, code: str) -> None:
    assert codes(check({"q": raw}, Question(name="q", kind=kind))) == [("q", None, code)]


def test_an_unreadable_answer_is_complained_of_once_even_where_one_is_needed() -> None:
    assert codes(check({"q": "x"}, Question(name="q", kind="integer", required="yes"))) == [
        ("q", None, "integer")
    ]


def test_choices_are_those_offered_in_the_order_of_the_form() -> None:
    several = Question(name="q", kind="select_multiple", choices=SYMPTOMS)
    ranked = Question(name="q", kind="rank", choices=SYMPTOMS)

    assert check({"q": "cough fever"}, several).values == {"q": ["fever", "cough"]}
    assert check({"q": ["none", "fever", "cough"]}, ranked).values == {
        "q": ["none", "fever", "cough"]
    }
    assert codes(check({"q": ["plague"]}, several)) == [("q", None, "choice")]
    assert codes(check({"q": ["fever"]}, ranked)) == [("q", None, "choice")]
    assert codes(check({"q": [["fever"]]}, several)) == [("q", None, "choice")]


def test_a_choice_filter_holds_on_the_server_too() -> None:
    country = Question(name="country", kind="select_one", choices=YES_NO)
    city = Question(
        name="city",
        kind="select_one",
        choices=(Choice(name="a", columns={"of": "yes"}), Choice(name="b", columns={"of": "no"})),
        choice_filter="of = ${country}",
    )

    assert check({"country": "yes", "city": "a"}, country, city).problems == ()
    assert codes(check({"country": "yes", "city": "b"}, country, city)) == [
        ("city", None, "choice")
    ]


def test_an_answer_to_no_question_is_refused() -> None:
    assert codes(check({"wel": "yes", "well": "yes"}, WELL)) == [("wel", None, "unknown")]


def test_a_group_that_is_not_relevant_hides_all_its_questions() -> None:
    inner = Question(name="cough", kind="text", required="yes")
    group = Question(name="g", kind="group", relevant="${well} = 'no'", questions=(inner,))

    assert check({"well": "yes", "cough": "x"}, WELL, group).values == {"well": "yes"}
    assert codes(check({"well": "no"}, WELL, group)) == [("cough", None, "required")]


def test_a_rule_may_read_a_question_that_comes_later() -> None:
    early = Question(name="early", kind="text", relevant="${late} > 3", required="yes")
    late = Question(name="late", kind="integer")

    assert check({"late": 2}, early, late).problems == ()
    assert codes(check({"late": 4}, early, late)) == [("early", None, "required")]


TRIPS = Question(
    name="trips",
    kind="repeat",
    questions=(
        Question(name="place", kind="text", required="yes"),
        Question(name="nights", kind="integer", constraint=". < ${limit}", indicator="sum"),
        Question(name="number", kind="calculate", calculate="position(..)"),
    ),
)


LIMIT = Question(name="limit", kind="integer")


NIGHTS = Question(name="all_nights", kind="calculate", calculate="sum(${nights})")


COUNT = Question(name="trip_count", kind="calculate", calculate="count(${trips})")


def test_rows_of_a_repeat_read_themselves_and_the_form_and_are_summed_from_outside() -> None:
    rows = [{"place": "A", "nights": 2}, {"place": "B", "nights": "3"}]

    checked = check({"trips": rows, "limit": 9}, NIGHTS, COUNT, TRIPS, LIMIT)

    assert checked.problems == ()
    assert checked.values["trips"][1] == {"place": "B", "nights": 3, "number": 2}
    assert (checked.values["all_nights"], checked.values["trip_count"]) == (5, 2)
    assert checked.indicators == {"nights": 5}


def test_a_problem_in_a_row_names_the_row() -> None:
    rows = [{"place": "A", "nights": 2}, {"nights": 12, "nigths": 1}]

    assert codes(check({"trips": rows, "limit": 9}, TRIPS, LIMIT)) == [
        ("place", 2, "required"),
        ("nights", 2, "constraint"),
        ("nigths", 2, "unknown"),
    ]


def test_too_many_rows_are_refused() -> None:
    assert codes(check({"trips": [{}] * 1001}, TRIPS, LIMIT)) == [("trips", None, "many_rows")]


def test_choices_are_counted_one_counter_a_choice() -> None:
    one = Question(name="well", kind="select_one", choices=YES_NO, indicator="count")
    several = Question(name="has", kind="select_multiple", choices=SYMPTOMS, indicator="count")

    checked = check({"well": "no", "has": ["fever", "cough"]}, one, several)

    assert checked.indicators == {"well:no": 1, "has:fever": 1, "has:cough": 1}
    assert [i.name for i in form(one, several).indicators()] == [
        "well:yes", "well:no", "has:fever", "has:cough", "has:none",
    ]  # fmt: skip


def test_a_report_with_problems_counts_nothing() -> None:
    one = Question(name="well", kind="select_one", choices=YES_NO, indicator="count")
    other = Question(name="must", kind="text", required="yes")

    assert check({"well": "no"}, one, other).indicators == {}


@pytest.mark.parametrize(
    ("questions", "column", "words"),
    [
        ((WELL, WELL), "name", "names two questions"),
        (
            (
                Question(name="a", kind="text", relevant="${b} = 1"),
                Question(name="b", kind="text", relevant="${a} = 1"),
            ),
            "relevant",
            "depends on itself",
        ),
        ((Question(name="a", kind="text", indicator="sum"),), "indicator", "does not fit"),
        (
            (Question(name="a", kind="text", indicator="${a} = 1"),),
            "indicator_name",
            "needs a name",
        ),
        (
            (
                Question(
                    name="a",
                    kind="repeat",
                    questions=(Question(name="b", kind="repeat"),),
                ),
            ),
            "type",
            "repeat within a repeat",
        ),
    ],
)
def test_a_form_that_cannot_work_is_refused(
    questions: tuple[Question, ...], column: str, words: str
) -> None:
    with pytest.raises(DefinitionRefused, match=words) as refused:
        answers.compile(form(*questions))

    assert {refusal.column for refusal in refused.value.refusals} == {column}


def test_a_form_that_asks_the_time_is_not_checked_without_it() -> None:
    day = Question(name="day", kind="date", constraint=". <= today()")
    with pytest.raises(ValueError, match="local instant"):
        answers.compile(form(day)).check({"day": "2020-02-10"})


def test_a_definition_comes_back_from_json_as_it_was() -> None:
    definition = form(WELL, TEMPERATURE, TRIPS, LIMIT)

    plain = json.loads(json.dumps(answers.to_json(definition)))

    assert answers.from_json(plain) == definition


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=12,
)


HOSTILE = answers.compile(
    form(
        WELL, TEMPERATURE, TRIPS, LIMIT, NIGHTS,
        Question(name="has", kind="select_multiple", choices=SYMPTOMS, indicator="count"),
        Question(name="day", kind="date", constraint=". <= today() and . > ''"),
        Question(name="at", kind="geotrace"),
        Question(name="scale", kind="range", parameters={"start": "1", "end": "5"}),
    )
)  # fmt: skip


NAMES = st.sampled_from(["well", "temperature", "trips", "limit", "has", "day", "at", "scale"])


@given(st.dictionaries(NAMES | st.text(max_size=4), JSON, max_size=9))
def test_whatever_comes_in_is_checked_without_failing_and_kept_values_pass_again(
    hostile: dict[str, Any],
) -> None:
    now = datetime(2020, 2, 12, tzinfo=UTC)
    checked = HOSTILE.check(hostile, now=now)

    assert json.loads(json.dumps(checked.values, allow_nan=False)) == checked.values
    if not checked.problems:
        kept = {name: v for name, v in checked.values.items() if name != "all_nights"}
        for row in kept.get("trips", ()):
            row.pop("number")
        again = HOSTILE.check(kept, now=now)
        assert again.problems == ()
        assert again.indicators == checked.indicators
