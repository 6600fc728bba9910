"""What is wrong with one value of a library, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

_WHOLE_NUMBER = gettext_lazy("a whole number")
_NUMBER = gettext_lazy("a number")
_YES_OR_NO = gettext_lazy("true or false")
_TEXT = gettext_lazy("text")
_FIELDS = gettext_lazy("fields, each with its name")
_INSTANT = gettext_lazy("a day such as 2020-02-12, or an instant such as 2020-02-09T24:00")

_PHRASES = {
    "missing": gettext_lazy("a value"),
    "extra_forbidden": gettext_lazy("nothing under this name"),
    "union_tag_not_found": gettext_lazy("a type of requirement"),
    "list_type": gettext_lazy("a list"),
    "too_short": gettext_lazy("at least one, or nothing under this name"),
    "int_type": _WHOLE_NUMBER,
    "int_parsing": _WHOLE_NUMBER,
    "int_from_float": _WHOLE_NUMBER,
    "float_type": _NUMBER,
    "float_parsing": _NUMBER,
    "bool_type": _YES_OR_NO,
    "bool_parsing": _YES_OR_NO,
    "string_type": _TEXT,
    "datetime_type": _INSTANT,
    "datetime_parsing": _INSTANT,
    "datetime_from_date_parsing": _INSTANT,
    "dict_type": _FIELDS,
    "model_type": _FIELDS,
    "model_attributes_type": _FIELDS,
}
_PATTERNS = {
    "^[a-z0-9][a-z0-9-]*$": gettext_lazy("small letters, digits and hyphens: cn-zj-20200127"),
    "^[a-z0-9_]+$": gettext_lazy("small letters, digits and underscores: prevention_plan"),
    "^[^\\s,，、;；/]+$": gettext_lazy("one word, without spaces, commas or slashes"),
}
_WITH_BOUNDS: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "literal_error": lambda given: _one_of(given["expected"]),
    "union_tag_invalid": lambda given: _one_of(given["expected_tags"]),
    "string_pattern_mismatch": lambda given: str(_PATTERNS[given["pattern"]]),
    "string_too_long": lambda given: _("at most %d characters") % given["max_length"],
    "string_too_short": lambda given: _("at least %d characters") % given["min_length"],
    "greater_than_equal": lambda given: _("%s or more") % given["ge"],
    "less_than_equal": lambda given: _("%s or less") % given["le"],
    "greater_than": lambda given: _("more than %s") % given["gt"],
    "value_error": lambda given: str(given["error"]),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One wrong value: the way to it through the library's fields, the value, what it should be."""

    loc: tuple[int | str, ...]
    value: str
    expected: str


def of(error: Mapping[str, Any]) -> Problem:
    """Return a pydantic error as a problem."""
    return Problem(loc=error["loc"], value=value(error), expected=expected(error))


def expected(error: Mapping[str, Any]) -> str:
    """Return what a pydantic error expected: a phrase that can follow “expected:”."""
    if error["type"] in _PHRASES:
        return str(_PHRASES[error["type"]])
    say = _WITH_BOUNDS.get(error["type"])
    return say(error["ctx"]) if say else str(error["msg"])


def value(error: Mapping[str, Any]) -> str:
    """Return the value that is wrong, empty where it is missing or no plain value."""
    given = error.get("ctx", {}).get("tag", error["input"])
    is_plain = isinstance(given, str | int | float) and error["type"] != "missing"
    return str(given) if is_plain else ""


def _one_of(words: str) -> str:
    return _("one of: %s") % words.replace("'", "").replace(" or ", ", ")
