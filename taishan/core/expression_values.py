"""What values are worth in an expression of a form: as text, as a number, as true or false.

After XPath 1.0, with the dates of ODK XForms: a day is a number, of days since 1970-01-01. The
answer to a select of several is a list; what a reference finds in all rows of a repeat is a tuple.
"""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

_EPOCH = date(1970, 1, 1).toordinal()
_DAY_S = 86_400
_NAN = math.nan
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_TIME = re.compile(r"\d{2}:\d{2}")


def text(value: Any) -> str:
    """Return the value as XPath's string()."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return _number_text(value)
    if isinstance(value, list):
        return " ".join(value)
    if isinstance(value, tuple):
        return text(value[0]) if value else ""
    return value.isoformat() if isinstance(value, date) else str(value)


def _number_text(value: float) -> str:
    if math.isnan(value):
        return "NaN"
    return str(int(value)) if value.is_integer() else repr(value)


def number(value: Any) -> float:
    """Return the value as XPath's number(): NaN where it is none."""
    if isinstance(value, int | float):
        return value
    if value is None:
        return _NAN
    if isinstance(value, datetime):
        seconds = value.hour * 3600 + value.minute * 60 + value.second
        return value.toordinal() - _EPOCH + seconds / _DAY_S
    if isinstance(value, date):
        return value.toordinal() - _EPOCH
    return _text_number(text(value).strip())


def _text_number(given: str) -> float:
    try:
        return float(given) if given[-1:].isdigit() and "_" not in given else _dated(given)
    except ValueError:
        return _dated(given)


def _dated(given: str) -> float:
    try:
        if _DATE.match(given):
            day: date = datetime.fromisoformat(given) if len(given) > 10 else _day(given)
            return number(day)
        if _TIME.match(given):
            at = time.fromisoformat(given)
            return (at.hour * 3600 + at.minute * 60 + at.second) / _DAY_S
    except ValueError:
        pass
    return _NAN


def _day(given: str) -> date:
    return date.fromisoformat(given)


def truth(value: Any) -> bool:
    """Return the value as XPath's boolean()."""
    if value is True or value is False:
        return value
    if isinstance(value, int | float):
        return value != 0 and not math.isnan(value)
    return bool(value)


def divide(left: float, right: float) -> float:
    """Return XPath's ``div``: NaN or infinity by zero."""
    if right:
        return left / right
    return _NAN if not left or math.isnan(left) else math.copysign(math.inf, left)


def remainder(left: float, right: float) -> float:
    """Return XPath's ``mod``: the sign of the left side."""
    return math.fmod(left, right) if right and math.isfinite(left) else _NAN


def equal(left: Any, right: Any) -> bool:
    """Return XPath's ``=``; for rows of a repeat, whether any is equal."""
    if type(left) is str and type(right) is str:
        return left == right
    if isinstance(left, tuple):
        return any(equal(one, right) for one in left)
    if isinstance(right, tuple):
        return any(equal(left, one) for one in right)
    if isinstance(left, bool) or isinstance(right, bool):
        return truth(left) == truth(right)
    if isinstance(left, int | float | date) or isinstance(right, int | float | date):
        return number(left) == number(right)
    return text(left) == text(right)


def unequal(left: Any, right: Any) -> bool:
    """Return XPath's ``!=``; for rows of a repeat, whether any differs."""
    if isinstance(left, tuple):
        return any(unequal(one, right) for one in left)
    if isinstance(right, tuple):
        return any(unequal(left, one) for one in right)
    return not equal(left, right)


def _ordered(compare: Callable[[float, float], bool]) -> Callable[[Any, Any], bool]:
    def ordered(left: Any, right: Any) -> bool:
        if isinstance(left, tuple):
            return any(ordered(one, right) for one in left)
        if isinstance(right, tuple):
            return any(ordered(left, one) for one in right)
        return compare(number(left), number(right))

    return ordered


COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "=": equal,
    "!=": unequal,
    "<": _ordered(operator.lt),
    "<=": _ordered(operator.le),
    ">": _ordered(operator.gt),
    ">=": _ordered(operator.ge),
}
