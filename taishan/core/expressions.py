"""Expressions of XLSForms: the subset of XPath that forms use, parsed once into closures.

Source: XLSForm reference (https://xlsform.org) and ODK XForms specification, section "Expressions"
(https://getodk.github.io/xforms-spec/#expressions). What is outside the subset is refused by name,
so that no form behaves otherwise here than in ODK Collect. Nothing that somebody answered is ever
parsed or evaluated: answers are only values.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from taishan.core import expression_values as values
from taishan.core.expression_functions import FUNCTIONS
from taishan.core.expression_patterns import PatternRefused, compile_pattern
from taishan.core.expression_values import number, text, truth

LIMIT_TOKENS = 400
LIMIT_DEPTH = 30

Node = tuple[Any, ...]
"""A parsed expression, ready for JSON: ("number", 1.0), ("text", "x"), ("ref", name), ("self",),
("column", name), ("call", name, argument, …), ("op", sign, left, right)."""


class ExpressionRefused(ValueError):
    """The expression is not XPath, or not of the subset.

    ``template`` says why, with ``parts`` in its places, so that it can be said in any language.
    """

    def __init__(self, template: str, **parts: object) -> None:
        super().__init__(template % parts)
        self.template = template
        self.parts = parts


class Scope:
    """What an expression may read: the values of the row it stands in, and of the form around."""

    __slots__ = ("columns", "now", "position", "row", "top", "value")

    def __init__(self, top: dict[str, Any], now: datetime | None) -> None:
        self.top = self.row = top
        self.now = now
        self.value: Any = None
        self.position = 0
        self.columns: dict[str, str] = {}


Closure = Callable[[Scope], Any]
Resolve = Callable[[str], Closure]


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str


_TOKENS = re.compile(
    r"""\s*(?:
      (?P<number>\d+(?:\.\d*)?|\.\d+)
    | (?P<text>"[^"]*"|'[^']*')
    | (?P<ref>\$\{\s*[^\s{}]+\s*\})
    | (?P<path>(?:current\(\)/)?(?:\.\./)+[\w.-]+|(?:/[A-Za-z_][\w.-]*)+)
    | (?P<parent>\.\.)
    | (?P<self>\.)
    | (?P<sign>!=|<=|>=|[=<>+\-*(),|])
    | (?P<name>[A-Za-z_][\w.-]*(?::[A-Za-z_][\w.-]*)?)
    )""",
    re.VERBOSE,
)
_LEVELS = {
    "or": 1, "and": 2, "=": 3, "!=": 3, "<": 4, "<=": 4, ">": 4, ">=": 4,
    "+": 5, "-": 5, "*": 6, "div": 6, "mod": 6,
}  # fmt: skip
_UNARY_LEVEL = 7


def parse(expression: str) -> Node:
    """Return the parsed expression. Raises ExpressionRefused."""
    parser = _Parser(list(_tokens(expression)))
    node = parser.operation(0)
    if parser.next is not None:
        raise ExpressionRefused("“%(part)s” is out of place", part=parser.next.text)
    return node


def _tokens(expression: str) -> Iterator[_Token]:
    at, count, end = 0, 0, len(expression.rstrip())
    while at < end:
        found = _TOKENS.match(expression, at)
        if found is None or found.lastgroup is None:
            raise ExpressionRefused(
                "“%(part)s” is not understood", part=expression[at : at + 20].strip()
            )
        count += 1
        if count > LIMIT_TOKENS:
            raise ExpressionRefused("longer than %(limit)s words and signs", limit=LIMIT_TOKENS)
        yield _Token(found.lastgroup, found[found.lastgroup])
        at = found.end()


class _Parser:
    """Precedence climbing over the tokens."""

    def __init__(self, tokens: list[_Token]) -> None:
        self.tokens = tokens
        self.at = 0
        self.depth = 0

    @property
    def next(self) -> _Token | None:
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def take(self) -> _Token:
        token = self.next
        if token is None:
            raise ExpressionRefused("it ends too early")
        self.at += 1
        return token

    def expect(self, text: str) -> None:
        token = self.take()
        if token.text != text:
            raise ExpressionRefused(
                "“%(missing)s” is missing before “%(part)s”", missing=text, part=token.text
            )

    def operation(self, level: int) -> Node:
        self.depth += 1
        if self.depth > LIMIT_DEPTH:
            raise ExpressionRefused("nested deeper than %(limit)s", limit=LIMIT_DEPTH)
        left = self.operand()
        while self.next is not None and _LEVELS.get(self.next.text, -1) > level:
            if self.next.kind not in {"sign", "name"}:
                break
            sign = self.take().text
            left = ("op", sign, left, self.operation(_LEVELS[sign]))
        self.depth -= 1
        return left

    def operand(self) -> Node:
        token = self.take()
        match token.kind:
            case "number":
                return ("number", float(token.text))
            case "text":
                return ("text", token.text[1:-1])
            case "ref":
                return ("ref", token.text[2:-1].strip())
            case "path":
                return ("ref", token.text.rpartition("/")[2])
            case "self":
                return ("self",)
            case "parent":
                return ("parent",)
            case "name":
                return self.named(token.text)
        if token.text == "-":
            return ("call", "-", self.operation(_UNARY_LEVEL))
        if token.text == "(":
            inside = self.operation(0)
            self.expect(")")
            return inside
        raise ExpressionRefused("“%(part)s” is out of place", part=token.text)

    def named(self, name: str) -> Node:
        if self.next is None or self.next.text != "(":
            return ("column", name)
        self.take()
        arguments: list[Node] = []
        while self.next is not None and self.next.text != ")":
            if arguments:
                self.expect(",")
            arguments.append(self.operation(0))
        self.expect(")")
        return ("call", name, *arguments)


def references(node: Node) -> set[str]:
    """Return the names of the questions that the expression reads."""
    if node[0] == "ref":
        return {node[1]}
    return {name for part in node[1:] if isinstance(part, tuple) for name in references(part)}


def calls(node: Node) -> set[str]:
    """Return the names of the functions that the expression uses."""
    own = {node[1]} if node[0] == "call" else set()
    return own.union(*(calls(part) for part in node[1:] if isinstance(part, tuple)))


def compile_node(node: Node, resolve: Resolve, *, has_columns: bool = False) -> Closure:
    """Return the expression as a function of a scope.

    ``resolve`` gives the reader of a question by name, and raises ExpressionRefused for an unknown
    one. ``has_columns``: bare names are columns of the choices sheet, as in a choice filter.
    """
    match node:
        case ("number" | "text", constant):
            return lambda _scope: constant
        case ("ref", name):
            return resolve(name)
        case ("self",):
            return lambda scope: scope.value
        case ("column", name):
            if not has_columns:
                raise ExpressionRefused("write ${%(part)s} or '%(part)s' for “%(part)s”", part=name)
            return lambda scope: scope.columns.get(name)
        case ("op", sign, left, right):
            return _operation(
                sign,
                compile_node(left, resolve, has_columns=has_columns),
                compile_node(right, resolve, has_columns=has_columns),
            )
        case ("call", "position", ("parent",)):
            return lambda scope: scope.position
        case ("call", name, *given):
            compiled = [compile_node(one, resolve, has_columns=has_columns) for one in given]
            return _call(name, given, compiled)
    raise ExpressionRefused("“%(part)s” is not understood", part="..")


_ARITHMETIC: dict[str, Callable[[float, float], float]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "div": values.divide,
    "mod": values.remainder,
}


def _operation(sign: str, left: Closure, right: Closure) -> Closure:
    if sign == "and":
        return lambda scope: truth(left(scope)) and truth(right(scope))
    if sign == "or":
        return lambda scope: truth(left(scope)) or truth(right(scope))
    if sign in _ARITHMETIC:
        compute = _ARITHMETIC[sign]
        return lambda scope: compute(number(left(scope)), number(right(scope)))
    compare = values.COMPARISONS[sign]
    return lambda scope: compare(left(scope), right(scope))


def _call(name: str, given: list[Node], arguments: list[Closure]) -> Closure:
    if name == "if" and len(arguments) == 3:
        condition, then, otherwise = arguments
        return lambda scope: then(scope) if truth(condition(scope)) else otherwise(scope)
    if name in {"today", "now"} and not arguments:
        return _today if name == "today" else _now
    if name == "regex" and len(arguments) == 2:
        return _regex(given[1], arguments[0])
    known = FUNCTIONS.get(name)
    if known is None:
        raise ExpressionRefused("the function %(part)s() is not supported", part=name)
    function, least, most = known
    if not least <= len(arguments) <= most:
        raise ExpressionRefused(
            "%(part)s() does not take %(count)s arguments", part=name, count=len(arguments)
        )
    if len(arguments) == 1:
        (first,) = arguments
        return lambda scope: function(first(scope))
    if len(arguments) == 2:
        first, second = arguments
        return lambda scope: function(first(scope), second(scope))
    return lambda scope: function(*[one(scope) for one in arguments])


def _regex(pattern: Node, subject: Closure) -> Closure:
    """A pattern is part of the form: one made up of answers would let answers be evaluated."""
    if pattern[0] != "text":
        raise ExpressionRefused("the pattern of regex() must be written out")
    try:
        matches = compile_pattern(pattern[1])
    except PatternRefused as refused:
        raise ExpressionRefused(refused.template, **refused.parts) from None
    return lambda scope: matches(text(subject(scope)))


def _now(scope: Scope) -> datetime:
    if scope.now is None:
        raise ValueError("this form asks what time it is: give check() the local instant")
    return scope.now


def _today(scope: Scope) -> Any:
    return _now(scope).date()
