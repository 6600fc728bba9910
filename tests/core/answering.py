"""Forms of a few questions, and answers checked against them."""

from datetime import UTC, datetime
from typing import Any

from taishan.core import answers
from taishan.core.answers import Choice, Definition, Question

SYMPTOMS = tuple(Choice(name=name) for name in ("fever", "cough", "none"))


def form(*questions: Question) -> Definition:
    return Definition(code="f", version=1, questions=questions)


def check(given: dict[str, Any], *questions: Question) -> answers.Checked:
    now = datetime(2020, 2, 12, 8, 30, tzinfo=UTC)
    return answers.compile(form(*questions)).check(given, now=now)


def codes(checked: answers.Checked) -> list[tuple[str, int | None, str]]:
    return [(p.question, p.row, p.code) for p in checked.problems]
