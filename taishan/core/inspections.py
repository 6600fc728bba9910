"""What a checklist's answers come to: which items failed, the share that passed, the verdict.

An item is a ``select_one`` question that says on which of its choices it fails. Its score is a
weighted share: of the items answered, those not applicable left out, the weight of those that
passed. One critical item that failed fails the whole, whatever the share.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import Any

from taishan.core.definitions import Definition, Question, Words, say
from taishan.core.form_plans import DefinitionRefused, Refusal

FAILS_ON, EXCLUDED_ON = "fails_on", "not_applicable_on"
WEIGHT, CRITICAL, PHOTO, CAUSE = "weight", "critical", "photo_on_fail", "cause"
SOURCE_EN, SOURCE_ZH = "source", "source_zh"
COLUMNS = (FAILS_ON, EXCLUDED_ON, WEIGHT, CRITICAL, PHOTO, CAUSE, SOURCE_EN, SOURCE_ZH)
"""The columns of the sheet ``survey`` that make a question an item."""
PHOTO_OF, COMMENT_OF, HAZARD_OF = "{}_photo", "{}_comment", "{}_hazard"
"""The questions that stand behind an item and are asked once it fails."""
POINT = "point"
"""Questions of a checklist whose names begin so take the code of a point of a route."""
LIMIT_CODE = 60
LIMIT_CAUSE = 40
HEAVIEST = 100
_YES, _NO = frozenset({"yes", "true", "1"}), frozenset({"", "no", "false", "0"})


class Outcome(IntEnum):
    """What became of an item."""

    PASSED = 1
    FAILED = 2
    EXCLUDED = 3
    """Not applicable here: it counts neither way."""


class Verdict(StrEnum):
    """What an inspection comes to."""

    CLEAN = "clean"
    """Every item that was answered passed."""
    FINDINGS = "findings"
    """Something failed, nothing critical."""
    FAILED = "failed"
    """A critical item failed: that outweighs all that passed."""
    EMPTY = "empty"
    """No item was answered, or none applies."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing to be looked at. ``area`` names the group it stands in, empty for none; ``cause``
    is of the same list as a hazard's; ``sources`` say by language where it is from."""

    code: str
    labels: Words
    area: str
    fails_on: frozenset[str]
    excluded_on: frozenset[str] = frozenset()
    weight: int = 1
    is_critical: bool = False
    needs_photo: bool = False
    cause: str = ""
    sources: Words = field(default_factory=dict)

    def judge(self, choice: Any) -> Outcome | None:
        """Return what the choice taken makes of the item; None where it was not answered."""
        if choice in (None, ""):
            return None
        if choice in self.fails_on:
            return Outcome.FAILED
        return Outcome.EXCLUDED if choice in self.excluded_on else Outcome.PASSED


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """Weights of the items that passed and of those that count, and how many failed."""

    passed_weight: int
    counted_weight: int
    failed: int
    failed_critical: int

    @property
    def share(self) -> float | None:
        """The weighted share that passed, from 0 to 1; None where nothing counts."""
        return self.passed_weight / self.counted_weight if self.counted_weight else None

    @property
    def verdict(self) -> Verdict:
        if not self.counted_weight:
            return Verdict.EMPTY
        if self.failed_critical:
            return Verdict.FAILED
        return Verdict.FINDINGS if self.failed else Verdict.CLEAN


def say_source(item: Item, lang: str) -> str:
    """Return where an item is from, in the language, else in the other one."""
    return say(item.sources, lang)


def judge(items: Iterable[Item], values: Mapping[str, Any]) -> dict[str, Outcome]:
    """Return what became of each item answered, by code."""
    found = ((item.code, item.judge(values.get(item.code))) for item in items)
    return {code: outcome for code, outcome in found if outcome is not None}


def find_codes(values: Mapping[str, Any]) -> list[str]:
    """Return the codes of points that answers give."""
    return [str(value) for name, value in values.items() if name.startswith(POINT) and value]


def score(items: Iterable[Item], outcomes: Mapping[str, Outcome]) -> Score:
    """Return what the outcomes of items add up to."""
    asked = [(item, outcomes[item.code]) for item in items if item.code in outcomes]
    passed = sum(item.weight for item, outcome in asked if outcome is Outcome.PASSED)
    failed = [item for item, outcome in asked if outcome is Outcome.FAILED]
    return Score(
        passed_weight=passed,
        counted_weight=passed + sum(item.weight for item in failed),
        failed=len(failed),
        failed_critical=sum(item.is_critical for item in failed),
    )


def find_items(definition: Definition) -> tuple[Item, ...]:
    """Return the items of a checklist in order; none for any other form."""
    return tuple(
        _item(question, path[-1] if path else "")
        for question, path in definition.walk()
        if question.check
    )


def _item(question: Question, area: str) -> Item:
    said = question.check
    sources = {"en": said.get(SOURCE_EN, ""), "zh": said.get(SOURCE_ZH, "")}
    return Item(
        code=question.name,
        labels=question.labels,
        area=area,
        fails_on=_choices(said, FAILS_ON),
        excluded_on=_choices(said, EXCLUDED_ON),
        weight=int(said.get(WEIGHT) or 1),
        is_critical=_is_yes(said, CRITICAL),
        needs_photo=_is_yes(said, PHOTO),
        cause=said.get(CAUSE, ""),
        sources={lang: text for lang, text in sources.items() if text},
    )


def _choices(said: Words, column: str) -> frozenset[str]:
    return frozenset(said.get(column, "").split())


def _is_yes(said: Words, column: str) -> bool:
    return said.get(column, "").lower() in _YES


def refuse_wrong(definition: Definition) -> None:
    """Raise DefinitionRefused with everything that makes an item no item."""
    refusals = [
        Refusal(row=question.row, column=column, value=value, template=template)
        for question, path in definition.walk()
        if question.check
        for column, value, template in _wrong(question, path, definition)
    ]
    if refusals:
        raise DefinitionRefused(refusals)


def _wrong(
    question: Question, path: tuple[str, ...], definition: Definition
) -> Iterable[tuple[str, str, str]]:
    said, names = question.check, {choice.name for choice in question.choices}
    repeats = {one.name for one, _path in definition.walk() if one.kind == "repeat"}
    if question.kind != "select_one" or not repeats.isdisjoint(path):
        yield "type", question.kind, "an item of a checklist is a select_one outside of repeats"
    if len(question.name) > LIMIT_CODE:
        yield "name", question.name, "the name of an item has at most 60 characters"
    fails, excluded = _choices(said, FAILS_ON), _choices(said, EXCLUDED_ON)
    if not fails or not fails < names:
        yield FAILS_ON, said.get(FAILS_ON, ""), "some of the choices of the question, not all"
    if not excluded <= names - fails:
        yield EXCLUDED_ON, said[EXCLUDED_ON], "choices of the question on which it does not fail"
    weight = said.get(WEIGHT, "1")
    if not (weight.isascii() and weight.isdigit() and 1 <= int(weight) <= HEAVIEST):
        yield WEIGHT, weight, "a whole number from 1 to 100"
    if len(said.get(CAUSE, "")) > LIMIT_CAUSE:
        yield CAUSE, said[CAUSE], "at most 40 characters"
    for column in (CRITICAL, PHOTO):
        if said.get(column, "").lower() not in _YES | _NO:
            yield column, said[column], "yes or no"
