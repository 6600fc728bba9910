"""The functions an expression of a form may call, by name, with their least and most arguments.

Source: ODK XForms specification (https://getodk.github.io/xforms-spec/#xpath-functions).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from taishan.core.expression_values import number, text, truth

_MANY = 60
_EPOCH = date(1970, 1, 1)


def _each(given: tuple[Any, ...]) -> list[Any]:
    """Return the answered values among the arguments; a repeat's rows count singly."""
    flat = [v for one in given for v in (one if isinstance(one, tuple) else (one,))]
    return [value for value in flat if value not in (None, "")]


def _selected(value: Any, choice: Any) -> bool:
    wanted = text(choice)
    return wanted in value if isinstance(value, list) else wanted in text(value).split()


def _selected_at(value: Any, at: Any) -> str:
    chosen, index = text(value).split(), _index(at)
    return chosen[index] if 0 <= index < len(chosen) else ""


def _round(value: Any, places: Any = 0) -> float:
    """Half goes up, as in XPath; Python's own rounding goes to the even side."""
    scale = 10.0 ** max(-15, min(15, _index(places)))
    scaled = number(value) * scale
    return math.floor(scaled + 0.5) / scale if math.isfinite(scaled) else scaled


def _whole(rounding: Callable[[float], int]) -> Callable[[Any], float]:
    def whole(value: Any) -> float:
        found = number(value)
        return rounding(found) if math.isfinite(found) else found

    return whole


def _power(base: Any, exponent: Any) -> float:
    try:
        return math.pow(number(base), number(exponent))
    except (OverflowError, ValueError):
        return math.nan


def _index(value: Any) -> int:
    found = number(value)
    return int(found) if math.isfinite(found) else 0


def _least(*given: Any) -> float:
    return min((number(one) for one in _each(given)), default=math.nan)


def _most(*given: Any) -> float:
    return max((number(one) for one in _each(given)), default=math.nan)


def _coalesce(*given: Any) -> Any:
    return next(iter(_each(given)), "")


def _join(separator: Any, *given: Any) -> str:
    return text(separator).join(text(one) for one in _each(given))


def _substr(value: Any, start: Any, end: Any = None) -> str:
    last = None if end is None else max(_index(end), 0)
    return text(value)[max(_index(start), 0) : last]


def _date(value: Any) -> date | str:
    if isinstance(value, date):
        return value
    days = number(value)
    try:
        return _EPOCH + timedelta(days=math.floor(days)) if math.isfinite(days) else ""
    except OverflowError:
        return ""


def _format_date(value: Any, pattern: Any) -> str:
    """Return the date by ODK's pattern, whose letters are those of strftime but for %n and %e."""
    day = _date(value)
    if isinstance(day, str):
        return ""
    at = value if isinstance(value, datetime) else datetime(day.year, day.month, day.day)
    plain = text(pattern).replace("%n", str(at.month)).replace("%e", str(at.day))
    return at.strftime(plain)


Known = tuple[Callable[..., Any], int, int]

FUNCTIONS: dict[str, Known] = {
    "-": (lambda value: -number(value), 1, 1),
    "true": (lambda: True, 0, 0),
    "false": (lambda: False, 0, 0),
    "not": (lambda value: not truth(value), 1, 1),
    "boolean": (truth, 1, 1),
    "boolean-from-string": (lambda value: text(value) in {"1", "true"}, 1, 1),
    "number": (number, 1, 1),
    "string": (text, 1, 1),
    "int": (_whole(math.trunc), 1, 1),
    "round": (_round, 1, 2),
    "floor": (_whole(math.floor), 1, 1),
    "ceiling": (_whole(math.ceil), 1, 1),
    "abs": (lambda value: abs(number(value)), 1, 1),
    "pow": (_power, 2, 2),
    "sum": (lambda *given: sum(number(one) for one in _each(given)), 1, 1),
    "min": (_least, 1, _MANY),
    "max": (_most, 1, _MANY),
    "count": (lambda rows: len(rows) if isinstance(rows, tuple) else int(truth(rows)), 1, 1),
    "count-non-empty": (lambda rows: len(_each((rows,))), 1, 1),
    "coalesce": (_coalesce, 2, 2),
    "selected": (_selected, 2, 2),
    "count-selected": (lambda value: len(text(value).split()), 1, 1),
    "selected-at": (_selected_at, 2, 2),
    "concat": (lambda *given: "".join(text(v) for v in _each(given)), 1, _MANY),
    "join": (_join, 2, _MANY),
    "contains": (lambda whole, part: text(part) in text(whole), 2, 2),
    "starts-with": (lambda whole, part: text(whole).startswith(text(part)), 2, 2),
    "ends-with": (lambda whole, part: text(whole).endswith(text(part)), 2, 2),
    "substr": (_substr, 2, 3),
    "string-length": (lambda value: len(text(value)), 1, 1),
    "normalize-space": (lambda value: " ".join(text(value).split()), 1, 1),
    "date": (_date, 1, 1),
    "decimal-date-time": (number, 1, 1),
    "decimal-time": (number, 1, 1),
    "format-date": (_format_date, 2, 2),
}
