"""Going through a report with a form's plan: first every value, then what must hold of them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from taishan.core.answer_types import MESSAGES, Reader, Unreadable
from taishan.core.definitions import Question, Words
from taishan.core.expression_values import number, text, truth
from taishan.core.expressions import Closure, Scope

LIMIT_ROWS = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Why an answer is not accepted. ``row`` of a repeat counts from 1."""

    question: str
    code: str
    message: Words
    row: int | None = None


@dataclass(slots=True, kw_only=True)
class Step:
    """One question's rules, compiled. ``rows`` are the steps within a repeat."""

    name: str
    question: Question
    relevant: Closure | None = None
    required: Closure | None = None
    is_required: bool = False
    calculate: Closure | None = None
    read: Reader | None = None
    constraint: Closure | None = None
    choice_filter: Closure | None = None
    columns: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    indicator: Closure | None = None
    rows: tuple[Step, ...] | None = None

    is_quiet: bool = field(init=False)
    """Whether nothing is left to do once the value is known."""

    def __post_init__(self) -> None:
        rules = (self.constraint, self.choice_filter)
        self.is_quiet = rules == (None, None) and not self.question.indicator


@dataclass(slots=True)
class Frame:
    """The form itself or one row of a repeat: its values, its number, and who was asked in it."""

    values: dict[str, Any]
    position: int
    asked: list[Step]


class Round:
    """One report on its way through the plan."""

    __slots__ = ("frames", "problems", "scope")

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.frames: list[Frame] = []
        self.problems: list[Problem] = []

    def fill(self, steps: Iterable[Step], answers: Mapping[str, Any], position: int = 0) -> None:
        """Write the typed values of the relevant questions into the scope's row."""
        scope, values = self.scope, self.scope.row
        frame = Frame(values, position, [])
        self.frames.append(frame)
        for step in steps:
            if step.relevant is not None and not truth(step.relevant(scope)):
                continue
            if step.calculate is not None:
                value = _plain(step.calculate(scope))
            elif step.rows is not None:
                value = self._fill_rows(step, step.rows, answers.get(step.name))
            else:
                value = self._read(step, answers.get(step.name))
            if value is not None:
                values[step.name] = value
            elif step.is_required or (step.required is not None and truth(step.required(scope))):
                self._require(step)
            if not step.is_quiet:
                frame.asked.append(step)

    def _read(self, step: Step, raw: Any) -> Any:
        if raw is None or raw == "" or step.read is None:
            return None
        try:
            return step.read(raw)
        except Unreadable as unreadable:
            self.complain(step.name, str(unreadable))
            return None

    def _require(self, step: Step) -> None:
        """An answer that could not be read has its problem already."""
        row = self.scope.position or None
        if not any(p.question == step.name and p.row == row for p in self.problems):
            self.complain(step.name, "required", step.question.required_messages)

    def complain(self, name: str, code: str, message: Words | None = None) -> None:
        """Note a problem at the row in hand; ``message`` is the form's own, where it has one."""
        said, row = message or MESSAGES[code], self.scope.position or None
        self.problems.append(Problem(question=name, code=code, message=said, row=row))

    def _fill_rows(
        self, step: Step, steps: tuple[Step, ...], raw: Any
    ) -> list[dict[str, Any]] | None:
        given = [] if raw is None or raw == "" else raw
        if not isinstance(given, list) or not all(isinstance(one, Mapping) for one in given):
            self.complain(step.name, "rows")
            return None
        if len(given) > LIMIT_ROWS:
            self.complain(step.name, "many_rows")
            return None
        scope, rows = self.scope, []
        for position, answers in enumerate(given, start=1):
            scope.row, scope.position = {}, position
            rows.append(scope.row)
            self.fill(steps, answers, position)
            self.refuse_unknown(answers, {one.name for one in steps})
        scope.row, scope.position = scope.top, 0
        return rows or None

    def refuse_unknown(self, answers: Mapping[str, Any], names: Iterable[str]) -> None:
        """Complain of every answer to a question that is not there."""
        for name in answers.keys() - names:
            self.complain(str(name), "unknown")

    def constrain(self) -> None:
        """Find the answers that break a constraint or are not among the choices filtered."""
        for frame, step in self._asked():
            value = frame.values.get(step.name)
            if value is None:
                continue
            if step.constraint is not None:
                self.scope.value = value
                if not truth(step.constraint(self.scope)):
                    self.complain(step.name, "constraint", step.question.constraint_messages)
            if step.choice_filter is not None and not self._is_offered(step, value):
                self.complain(step.name, "choice")

    def _is_offered(self, step: Step, value: Any) -> bool:
        chosen = value if isinstance(value, list) else [value]
        return all(is_offered(step, name, self.scope) for name in chosen)

    def count(self) -> dict[str, int | float]:
        """Return what the report adds to the counters."""
        counted: dict[str, int | float] = {}
        for frame, step in self._asked():
            self.scope.value = value = frame.values.get(step.name)
            kind = step.question.indicator
            if step.indicator is not None:
                if truth(step.indicator(self.scope)):
                    name = step.question.indicator_name
                    counted[name] = counted.get(name, 0) + 1
            elif value is not None and kind == "count":
                for choice in value if isinstance(value, list) else (value,):
                    name = f"{step.name}:{choice}"
                    counted[name] = counted.get(name, 0) + 1
            elif value is not None and kind == "sum":
                amount = _plain_number(number(value))
                counted[step.name] = counted.get(step.name, 0) + (amount or 0)
        return counted

    def _asked(self) -> Iterable[tuple[Frame, Step]]:
        for frame in self.frames:
            self.scope.row, self.scope.position = frame.values, frame.position
            for step in frame.asked:
                yield frame, step


def is_offered(step: Step, name: str, scope: Scope) -> bool:
    """Tell whether the choice passes the filter of its question, given the other answers."""
    if step.choice_filter is None:
        return True
    for columns in step.columns[name]:
        scope.columns = columns
        if truth(step.choice_filter(scope)):
            return True
    return False


def _plain(value: Any) -> Any:
    """Return a calculated value as JSON, None where it comes to nothing."""
    if isinstance(value, bool):
        return text(value)
    if isinstance(value, int | float):
        return _plain_number(value)
    if isinstance(value, date):
        return value.isoformat()
    return text(value) or None


def _plain_number(value: float) -> int | float | None:
    if not math.isfinite(value):
        return None
    return int(value) if float(value).is_integer() else value
