"""Checking a report's answers against a form's definition.

``compile`` parses the form's rules once; ``Checker.check`` then runs for every report. Order: a
question's rules may read any other question, so what is read is worked out first; what depends on
itself in a circle is refused when the form is compiled.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from taishan.core import form_plans
from taishan.core.answer_types import MESSAGES
from taishan.core.checking import Problem, Round
from taishan.core.definitions import (
    Choice,
    Definition,
    Indicator,
    Question,
    Words,
    from_json,
    say,
    to_json,
)
from taishan.core.expressions import Scope
from taishan.core.form_plans import DefinitionRefused, Refusal

__all__ = [
    "MESSAGES",
    "Checked",
    "Checker",
    "Choice",
    "Definition",
    "DefinitionRefused",
    "Indicator",
    "Problem",
    "Question",
    "Refusal",
    "Words",
    "compile",
    "from_json",
    "say",
    "to_json",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What a report comes to.

    ``values``: typed JSON of the relevant, answered questions by name, calculated ones filled in;
    a repeat is a list of such objects; groups leave no trace. ``indicators``: what the report adds
    to the counters, empty where there are problems.
    """

    values: dict[str, Any]
    problems: tuple[Problem, ...]
    indicators: dict[str, int | float]


class Checker:
    """A definition, ready to check reports. Safe to share between threads."""

    __slots__ = ("_names", "_places", "definition", "steps")

    def __init__(self, definition: Definition) -> None:
        self.definition = definition
        self.steps = form_plans.plan(definition)
        self._places = {question.name: at for at, (question, _) in enumerate(definition.walk())}
        self._names = frozenset(step.name for step in self.steps)

    def check(self, answers: Mapping[str, Any], *, now: datetime | None = None) -> Checked:
        """Return the values, problems and indicators of one report.

        ``answers`` are by question name; a repeat is a list of such mappings. ``now`` is the local
        instant of who answers: today() and now() read it, and raise ValueError without it.
        """
        values: dict[str, Any] = {}
        one = Round(Scope(values, now))
        one.fill(self.steps, answers)
        one.constrain()
        if not answers.keys() <= self._names:
            one.scope.position = 0
            one.refuse_unknown(answers, self._names)
        if not one.problems:
            return Checked(values=values, problems=(), indicators=one.count())
        last = len(self._places)
        one.problems.sort(key=lambda p: (self._places.get(p.question, last), p.row or 0))
        return Checked(values=values, problems=tuple(one.problems), indicators={})


def compile(definition: Definition) -> Checker:  # noqa: A001
    """Return the checker of a definition. Raises DefinitionRefused with every rule at fault."""
    return Checker(definition)
