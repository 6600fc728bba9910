"""From a form's definition to its plan: rules parsed, references resolved, a workable order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from typing import Any

from taishan.core import answer_types, expressions
from taishan.core.answer_types import Reader
from taishan.core.checking import Step
from taishan.core.definitions import SILENT, Definition, Question
from taishan.core.expression_values import truth
from taishan.core.expressions import Closure, ExpressionRefused, Node, Resolve, Scope

ALWAYS = frozenset({"yes", "true", "true()"})
NEVER = frozenset({"", "no", "false", "false()"})
_RULES = ("relevant", "required", "calculate", "constraint", "choice_filter", "indicator")
_ORDERING = ("relevant", "required", "calculate")
_PLAIN_INDICATORS = {
    "count": frozenset({"select_one", "select_multiple"}),
    "sum": frozenset({"integer", "decimal", "range", "calculate"}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """What is wrong with a form: the row of its ``survey`` sheet, the column, the value, and why
    (``template`` and ``parts`` as in ExpressionRefused)."""

    row: int
    column: str
    value: str
    template: str
    parts: Mapping[str, object] = field(default_factory=dict)


class DefinitionRefused(ValueError):
    """The form asks for what cannot be done; ``refusals`` names every place."""

    def __init__(self, refusals: Sequence[Refusal]) -> None:
        said = (f"row {r.row}, {r.column}: {r.template % r.parts}" for r in refusals)
        super().__init__("\n".join(said))
        self.refusals = tuple(refusals)


@dataclass(slots=True)
class _Placed:
    """A question where it stands: in which repeat, under which groups."""

    question: Question
    repeat: str | None
    groups: list[Question]
    nodes: dict[str, Node] = field(default_factory=dict)


def plan(definition: Definition) -> tuple[Step, ...]:
    """Return the steps in the order in which they can be worked out. Raises DefinitionRefused."""
    planner = _Planner(definition)
    steps = planner.steps(None)
    if planner.refusals:
        raise DefinitionRefused(planner.refusals)
    return steps


class _Planner:
    def __init__(self, definition: Definition) -> None:
        self.refusals: list[Refusal] = []
        self.placed: dict[str, _Placed] = {}
        for placed in _place(definition.questions, None, []):
            name = placed.question.name
            if name in self.placed:
                self.refuse(placed.question, "name", "“%(part)s” names two questions", part=name)
            self.placed.setdefault(name, placed)
        for placed in self.placed.values():
            self.parse(placed)
        self.check_indicators()

    def refuse(self, question: Question, column: str, template: str, **parts: object) -> None:
        value = getattr(question, column, "")
        self.refusals.append(
            Refusal(
                row=question.row, column=column, value=str(value), template=template, parts=parts
            )
        )

    def parse(self, placed: _Placed) -> None:
        question = placed.question
        if question.kind == "repeat" and placed.repeat is not None:
            self.refuse(question, "type", "a repeat within a repeat is not supported")
        for rule in _RULES:
            written = getattr(question, rule)
            if not written or (rule == "required" and written.lower() in ALWAYS | NEVER):
                continue
            if rule == "indicator" and written in _PLAIN_INDICATORS:
                continue
            try:
                placed.nodes[rule] = expressions.parse(written)
            except ExpressionRefused as refused:
                self.refuse(question, rule, refused.template, **refused.parts)

    def check_indicators(self) -> None:
        seen: set[str] = set()
        for placed in self.placed.values():
            question = placed.question
            if not question.indicator:
                continue
            name = question.name
            if question.indicator not in _PLAIN_INDICATORS:
                name = question.indicator_name
            if not name:
                self.refuse(question, "indicator_name", "an expression needs a name to count under")
            kinds = _PLAIN_INDICATORS.get(question.indicator)
            if kinds and question.kind not in kinds:
                template = "“%(part)s” does not fit this type of question"
                self.refuse(question, "indicator", template, part=question.indicator)
            if name in seen:
                self.refuse(
                    question, "indicator_name", "“%(part)s” names two indicators", part=name
                )
            seen.add(name)

    def steps(self, repeat: str | None) -> tuple[Step, ...]:
        """Return the steps of one level: the form itself, or the inside of a repeat."""
        level = {
            name: placed
            for name, placed in self.placed.items()
            if placed.repeat == repeat and placed.question.kind != "group"
        }
        return tuple(self.step(level[name]) for name in self.order(level, repeat))

    def order(self, level: dict[str, _Placed], repeat: str | None) -> list[str]:
        needs = {name: self.needs(placed, level, repeat) for name, placed in level.items()}
        try:
            return list(TopologicalSorter(needs).static_order())
        except CycleError as error:
            circle: list[str] = error.args[1]
            template = "depends on itself, through %(part)s"
            self.refuse(level[circle[0]].question, "relevant", template, part=", ".join(circle))
            return list(level)

    def needs(self, placed: _Placed, level: dict[str, _Placed], repeat: str | None) -> set[str]:
        """Return whom of the level the step reads before its value is known."""
        own = [placed, *(self.placed[group.name] for group in placed.groups)]
        if placed.question.kind == "repeat" and repeat is None:
            name = placed.question.name
            own += [inner for inner in self.placed.values() if inner.repeat == name]
        found: set[str] = set()
        for one in own:
            for rule in _ORDERING:
                if rule in one.nodes:
                    found |= expressions.references(one.nodes[rule])
        at = (self.placed[name] for name in found if name in self.placed)
        names = {p.question.name if p.repeat == repeat else p.repeat for p in at}
        if placed.question.kind == "repeat":
            names.discard(placed.question.name)
        return {name for name in names if name in level}

    def step(self, placed: _Placed) -> Step:
        question = placed.question
        required = question.required.lower()
        is_repeat = question.kind == "repeat"
        return Step(
            name=question.name,
            question=question,
            relevant=self.relevant(placed),
            required=self.closure(placed, "required"),
            is_required=required in ALWAYS and question.kind not in {*SILENT, "metadata"},
            calculate=self.closure(placed, "calculate"),
            read=None if question.kind in SILENT else self.reader(question),
            constraint=self.closure(placed, "constraint"),
            choice_filter=self.closure(placed, "choice_filter"),
            columns=_columns(question),
            indicator=self.closure(placed, "indicator"),
            rows=self.steps(question.name) if is_repeat else None,
        )

    def reader(self, question: Question) -> Reader | None:
        names = [choice.name for choice in question.choices]
        match question.kind:
            case "select_one":
                return answer_types.read_choice(frozenset(names))
            case "select_multiple" | "rank":
                return answer_types.read_choices(names, is_ranking=question.kind == "rank")
            case "range":
                return answer_types.read_range(question.parameters)
            case "calculate":
                return None
        return answer_types.READERS[question.kind]

    def relevant(self, placed: _Placed) -> Closure | None:
        """Return the question's own condition and those of the groups around it, as one."""
        around = [self.placed[group.name] for group in placed.groups]
        found = [self.closure(one, "relevant") for one in (*around, placed)]
        rules = [rule for rule in found if rule is not None]
        if len(rules) < 2:
            return rules[0] if rules else None
        return lambda scope: all(truth(rule(scope)) for rule in rules)

    def closure(self, placed: _Placed, rule: str) -> Closure | None:
        node = placed.nodes.get(rule)
        if node is None:
            return None
        try:
            return expressions.compile_node(
                node, self.resolver(placed), has_columns=rule == "choice_filter"
            )
        except ExpressionRefused as refused:
            self.refuse(placed.question, rule, refused.template, **refused.parts)
            return None

    def resolver(self, reading: _Placed) -> Resolve:
        here = reading.question.name if reading.question.kind == "repeat" else reading.repeat

        def resolve(name: str) -> Closure:
            placed = self.placed.get(name)
            if placed is None or placed.question.kind in {"group", "note"}:
                raise ExpressionRefused("the form has no question “%(part)s”", part=name)
            return _reader_of(name, placed, here)

        return resolve


def _columns(question: Question) -> dict[str, list[dict[str, str]]]:
    """Return the columns of each choice; a name may stand in several rows, for several filters."""
    found: dict[str, list[dict[str, str]]] = {}
    for choice in question.choices:
        found.setdefault(choice.name, []).append({"name": choice.name, **choice.columns})
    return found


def _reader_of(name: str, placed: _Placed, here: str | None) -> Closure:
    if placed.question.kind == "repeat":
        return lambda scope: tuple(scope.top.get(name) or ())
    if placed.repeat is None:
        return lambda scope: scope.top.get(name)
    if placed.repeat == here:
        return lambda scope: scope.row.get(name)
    repeat = placed.repeat
    return lambda scope: _in_rows(scope, repeat, name)


def _in_rows(scope: Scope, repeat: str, name: str) -> tuple[Any, ...]:
    return tuple(row.get(name) for row in scope.top.get(repeat) or ())


def _place(
    questions: Sequence[Question], repeat: str | None, groups: list[Question]
) -> Iterator[_Placed]:
    for question in questions:
        yield _Placed(question, repeat, groups)
        if question.kind == "group":
            yield from _place(question.questions, repeat, [*groups, question])
        elif question.kind == "repeat":
            yield from _place(question.questions, question.name, [])
