"""The score of a checklist, by table."""

from __future__ import annotations

import pytest

from taishan.core import inspections
from taishan.core.answers import Definition, DefinitionRefused
from taishan.core.definitions import Choice, Question
from taishan.core.inspections import Item, Outcome, Score, Verdict

ITEMS = (
    Item(code="light", labels={}, area="", fails_on=frozenset({"no"})),
    Item(code="heavy", labels={}, area="", fails_on=frozenset({"no"}), weight=3),
    Item(code="vital", labels={}, area="", fails_on=frozenset({"no"}), weight=2, is_critical=True,
         excluded_on=frozenset({"na"})),
)  # fmt: skip


@pytest.mark.parametrize(
    ("answers", "share", "verdict"),
    [
        ({"light": "yes", "heavy": "yes", "vital": "yes"}, 1.0, Verdict.CLEAN),
        ({"light": "no", "heavy": "yes", "vital": "yes"}, 5 / 6, Verdict.FINDINGS),
        ({"light": "yes", "heavy": "no", "vital": "yes"}, 3 / 6, Verdict.FINDINGS),
        ({"light": "yes", "heavy": "yes", "vital": "no"}, 4 / 6, Verdict.FAILED),
        ({"light": "no", "heavy": "no", "vital": "no"}, 0.0, Verdict.FAILED),
        ({"light": "yes", "heavy": "no", "vital": "na"}, 1 / 4, Verdict.FINDINGS),
        ({"heavy": "yes"}, 1.0, Verdict.CLEAN),
        ({"vital": "na"}, None, Verdict.EMPTY),
        ({}, None, Verdict.EMPTY),
        ({"light": "", "heavy": None}, None, Verdict.EMPTY),
    ],
)
def test_a_score_is_the_weight_that_passed_of_what_counts(
    answers: dict[str, str], share: float | None, verdict: Verdict
) -> None:
    score = inspections.score(ITEMS, inspections.judge(ITEMS, answers))

    assert (score.share, score.verdict) == (pytest.approx(share) if share else share, verdict)


def test_one_critical_item_fails_a_whole_of_which_nearly_everything_passed() -> None:
    score = Score(passed_weight=999, counted_weight=1000, failed=1, failed_critical=1)

    assert score.verdict is Verdict.FAILED


def test_what_does_not_apply_is_told_from_what_was_not_answered() -> None:
    outcomes = inspections.judge(ITEMS, {"vital": "na", "light": ""})

    assert outcomes == {"vital": Outcome.EXCLUDED}


def question(kind: str = "select_one", **check: str) -> Question:
    choices = tuple(Choice(name=name) for name in ("yes", "no", "na"))
    return Question(name="guard", kind=kind, row=4, choices=choices, check=check)


@pytest.mark.parametrize(
    ("check", "column"),
    [
        ({"fails_on": ""}, "fails_on"),
        ({"fails_on": "maybe"}, "fails_on"),
        ({"fails_on": "yes no na"}, "fails_on"),
        ({"fails_on": "no", "not_applicable_on": "no"}, "not_applicable_on"),
        ({"fails_on": "no", "weight": "0"}, "weight"),
        ({"fails_on": "no", "weight": "101"}, "weight"),
        ({"fails_on": "no", "weight": "2.5"}, "weight"),
        ({"fails_on": "no", "critical": "very"}, "critical"),
        ({"fails_on": "no", "photo_on_fail": "2"}, "photo_on_fail"),
        ({"fails_on": "no", "cause": "x" * 41}, "cause"),
    ],
)
def test_what_makes_no_item_is_refused_with_its_row_and_column(
    check: dict[str, str], column: str
) -> None:
    with pytest.raises(DefinitionRefused) as refused:
        inspections.refuse_wrong(_form(question(**check | {"source": "law"})))

    assert [(one.row, one.column) for one in refused.value.refusals] == [(4, column)]


def test_only_a_single_choice_outside_of_repeats_is_an_item() -> None:
    in_repeat = Question(name="rooms", kind="repeat", questions=(question(fails_on="no"),))
    for wrong in (question("select_multiple", fails_on="no"), in_repeat):
        with pytest.raises(DefinitionRefused, match="select_one"):
            inspections.refuse_wrong(_form(wrong))


def _form(*questions: Question) -> Definition:
    return Definition(code="list", version=1, questions=questions)
