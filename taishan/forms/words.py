"""A form's rules, and the answers to it, as people read them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from taishan.core import expressions
from taishan.core.answers import Definition, Question, say
from taishan.core.expressions import ExpressionRefused, Node

KINDS = {
    "text": gettext_lazy("text"),
    "integer": gettext_lazy("whole number"),
    "decimal": gettext_lazy("number"),
    "range": gettext_lazy("number within a range"),
    "select_one": gettext_lazy("one choice"),
    "select_multiple": gettext_lazy("several choices"),
    "rank": gettext_lazy("choices put in order"),
    "date": gettext_lazy("day"),
    "time": gettext_lazy("time of day"),
    "datetime": gettext_lazy("day and time"),
    "geopoint": gettext_lazy("place on the map"),
    "geotrace": gettext_lazy("line on the map"),
    "geoshape": gettext_lazy("area on the map"),
    "file": gettext_lazy("photo or file"),
    "acknowledge": gettext_lazy("to be confirmed"),
    "note": gettext_lazy("note"),
    "calculate": gettext_lazy("worked out"),
    "metadata": gettext_lazy("filled in by the device"),
    "group": gettext_lazy("group"),
    "repeat": gettext_lazy("repeated rows"),
}

REFUSALS = (
    gettext_noop("“%(part)s” is out of place"),
    gettext_noop("“%(part)s” is not understood"),
    gettext_noop("longer than %(limit)s words and signs"),
    gettext_noop("“%(missing)s” is missing before “%(part)s”"),
    gettext_noop("it ends too early"),
    gettext_noop("nested deeper than %(limit)s"),
    gettext_noop("write ${%(part)s} or '%(part)s' for “%(part)s”"),
    gettext_noop("the function %(part)s() is not supported"),
    gettext_noop("%(part)s() does not take %(count)s arguments"),
    gettext_noop("the pattern of regex() must be written out"),
    gettext_noop("the pattern of regex() is longer than %(limit)s characters"),
    gettext_noop("the pattern of regex() is too large"),
    gettext_noop("the pattern of regex() has “%(part)s”, which is not supported"),
    gettext_noop("the pattern of regex() looks around or back: “%(part)s” is not supported"),
    gettext_noop("“%(part)s” names two questions"),
    gettext_noop("an item of a checklist is a select_one outside of repeats"),
    gettext_noop("the name of an item has at most 60 characters"),
    gettext_noop("some of the choices of the question, not all"),
    gettext_noop("choices of the question on which it does not fail"),
    gettext_noop("a whole number from 1 to 100"),
    gettext_noop("at most 40 characters"),
    gettext_noop("yes or no"),
    gettext_noop("“%(part)s” names two indicators"),
    gettext_noop("an expression needs a name to count under"),
    gettext_noop("“%(part)s” does not fit this type of question"),
    gettext_noop("a repeat within a repeat is not supported"),
    gettext_noop("depends on itself, through %(part)s"),
    gettext_noop("the form has no question “%(part)s”"),
    gettext_noop("a fixed number of rows is not supported"),
    gettext_noop("this type of question is not supported"),
)
"""Why the core refuses a form: said there once, translated here."""

_SIGNS = {
    "=": gettext_lazy("%(left)s is %(right)s"),
    "!=": gettext_lazy("%(left)s is not %(right)s"),
    "<": gettext_lazy("%(left)s is below %(right)s"),
    "<=": gettext_lazy("%(left)s is at most %(right)s"),
    ">": gettext_lazy("%(left)s is above %(right)s"),
    ">=": gettext_lazy("%(left)s is at least %(right)s"),
    "and": gettext_lazy("%(left)s and %(right)s"),
    "or": gettext_lazy("%(left)s or %(right)s"),
}
_ARITHMETIC = {"div": "÷", "*": "×", "-": "−"}
_SELECTED = gettext_lazy("%(left)s includes %(right)s")


def by_name(definition: Definition) -> dict[str, Question]:
    """Return every question, group and repeat by its name, in order."""
    return {question.name: question for question, _path in definition.walk()}


def rule(written: str, questions: Mapping[str, Question], lang: str, own: str = "") -> str:
    """Return an expression in words; ``own`` is the question whose answer “.” means."""
    if not written:
        return ""
    try:
        return _Teller(questions, lang, own).say(expressions.parse(written))
    except ExpressionRefused:
        return written


def label(question: Question | None, lang: str) -> str:
    """Return what the question asks, without a mark at its end."""
    return say(question.labels, lang).rstrip("?？:： ") if question else ""


def answer(question: Question, value: Any, lang: str) -> str:
    """Return an answer as its sender reads it; of a repeat, its rows one after the other."""
    if question.kind == "repeat":
        rows = [_row(question, row, lang) for row in value or []]
        return "; ".join(rows) or "—"
    named = {choice.name: say(choice.labels, lang) for choice in question.choices}
    parts = value if isinstance(value, list) else [value]
    told = [named.get(str(one)) or str(one) for one in parts if one not in (None, "")]
    return ", ".join(told) or "—"


def _row(repeat: Question, row: Mapping[str, Any], lang: str) -> str:
    return ", ".join(answer(one, row.get(one.name), lang) for one in repeat.questions)


class _Teller:
    """Says a parsed expression in the words of a form."""

    def __init__(self, questions: Mapping[str, Question], lang: str, own: str) -> None:
        self.questions = questions
        self.lang = lang
        self.own = own

    def say(self, node: Node) -> str:
        match node:
            case ("number", amount):
                return f"{amount:g}"
            case ("text", text):
                return f"“{text}”"
            case ("self",):
                return _("the answer")
            case ("ref", name):
                return f"“{label(self.questions.get(name), self.lang) or name}”"
            case ("op", sign, left, right):
                return self.operation(sign, left, right)
            case ("call", name, *arguments):
                return self.call(name, arguments)
        return str(node[-1])

    def operation(self, sign: str, left: Node, right: Node) -> str:
        template = _SIGNS.get(sign)
        if template is not None:
            return self.pair(str(template), left, right)
        return f"{self.say(left)} {_ARITHMETIC.get(sign, sign)} {self.say(right)}"

    def call(self, name: str, arguments: list[Node]) -> str:
        if name == "selected":
            return self.pair(str(_SELECTED), *arguments)
        if name == "not":
            return _("not (%s)") % self.say(arguments[0])
        if name == "today":
            return _("today")
        return f"{name}({', '.join(self.say(one) for one in arguments)})"

    def pair(self, template: str, left: Node, right: Node) -> str:
        """Say both sides; a literal beside a question with choices is the choice's own words."""
        return template % {"left": self.side(left, right), "right": self.side(right, left)}

    def side(self, side: Node, other: Node) -> str:
        asked = self.questions.get(other[1] if other[0] == "ref" else self.own)
        choices = asked.choices if asked else ()
        word = next((say(c.labels, self.lang) for c in choices if side == ("text", c.name)), "")
        return f"“{word}”" if word else self.say(side)
