"""Patterns of regex() in forms, matched in time that grows no faster than the answer.

A backtracking engine takes exponential time for “(a+)+$” and an answer made for it. The engine here
(the crate regex, through pydantic-core) keeps no way back to try. So it has neither look-around nor
backreferences, and a form that uses them is refused. ODK Collect matches with Java's
Pattern.matches: the whole answer, with \\d, \\w and \\s of Unicode, since Android knows no others.
What Java reads otherwise than the engine is refused too.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from pydantic_core import SchemaError, SchemaValidator, core_schema

LIMIT_PATTERN = 2_000

Matches = Callable[[str], bool]

# In this order: what looks around or back, what else is refused, and what is passed over whole: an
# escaped sign, and a class, in which the signs above mean themselves.
_SIGNS = re.compile(
    r"""(?P<back>\(\?<?[=!] | \\[1-9] | \\k)
      | (?P<other>\(\?> | (?:[*+?]|\{\d+(?:,\d*)?\})\+ | \\[0EGHQRXZcehv<>])
      | \\. | \[\^?\]?(?:\\.|[^\\\]])*\] | .""",
    re.VERBOSE | re.DOTALL,
)


class PatternRefused(ValueError):
    """The pattern cannot be used: ``template`` and ``parts`` as in ExpressionRefused."""

    def __init__(self, template: str, **parts: object) -> None:
        super().__init__(template % parts)
        self.template = template
        self.parts = parts


def compile_pattern(pattern: str) -> Matches:
    """Return whether a text matches the pattern from its first character to its last, as a function
    that threads may share. Raises PatternRefused."""
    if len(pattern) > LIMIT_PATTERN:
        raise PatternRefused(
            "the pattern of regex() is longer than %(limit)s characters", limit=LIMIT_PATTERN
        )
    for sign in _SIGNS.finditer(pattern):
        if sign["back"]:
            raise PatternRefused(
                "the pattern of regex() looks around or back: “%(part)s” is not supported",
                part=sign["back"],
            )
        if sign["other"]:
            raise PatternRefused(
                "the pattern of regex() has “%(part)s”, which is not supported", part=sign["other"]
            )
    try:
        _compile(pattern)  # by itself first: “a)|(b” would be whole between the brackets below
        return _compile(rf"\A(?:{pattern})\z")
    except SchemaError as error:
        if "size limit" in str(error):
            raise PatternRefused("the pattern of regex() is too large") from None
        raise PatternRefused("“%(part)s” is not understood", part=pattern) from None


def _compile(pattern: str) -> Matches:
    schema = core_schema.str_schema(pattern=pattern, regex_engine="rust-regex", strict=True)
    return SchemaValidator(schema).isinstance_python
