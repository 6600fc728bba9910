"""Reading an answer by the type of its question: what comes in, from whatever door, what is kept.

A reader takes a value as JSON, a web form or a table gives it and returns the typed JSON value.
It raises Unreadable with a code of ``MESSAGES`` for what is none.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

LIMIT_TEXT = 10_000
LIMIT_NUMBER = 1e15

Reader = Callable[[Any], Any]

MESSAGES: dict[str, dict[str, str]] = {
    "required": {"en": "This must be answered.", "zh": "此项必填。"},
    "constraint": {"en": "This answer is not allowed here.", "zh": "此处不允许这样填写。"},
    "choice": {"en": "Choose from the answers offered.", "zh": "请从所列选项中选择。"},
    "text": {"en": "Write text.", "zh": "请填写文字。"},
    "long": {"en": "At most 10,000 characters.", "zh": "最多10000字。"},
    "integer": {"en": "Write a whole number, such as 12.", "zh": "请填写整数，例如12。"},
    "decimal": {"en": "Write a number, such as 36.6.", "zh": "请填写数字，例如36.6。"},
    "range": {"en": "The number is outside the range offered.", "zh": "数字超出所给范围。"},
    "date": {"en": "Write a day, such as 2020-02-12.", "zh": "请填写日期，例如2020-02-12。"},
    "time": {"en": "Write a time, such as 08:30.", "zh": "请填写时间，例如08:30。"},
    "datetime": {
        "en": "Write a day and time, such as 2020-02-12T08:30.",
        "zh": "请填写日期和时间，例如2020-02-12T08:30。",
    },
    "place": {"en": "Give latitude and longitude.", "zh": "请填写纬度和经度。"},
    "rows": {"en": "Give a list of rows.", "zh": "请填写若干行。"},
    "many_rows": {"en": "At most 1,000 rows.", "zh": "最多1000行。"},
    "unknown": {"en": "The form has no such question.", "zh": "表单中没有这个问题。"},
}


class Unreadable(ValueError):
    """The answer is not of its question's type; the message is a code of ``MESSAGES``."""


def read_text(raw: Any) -> str | None:
    if not isinstance(raw, str):
        if isinstance(raw, bool) or not isinstance(raw, int | float):
            raise Unreadable("text")
        return str(raw)
    if len(raw) > LIMIT_TEXT:
        raise Unreadable("long")
    # PostgreSQL stores no zero byte.
    return raw.replace("\x00", "").strip() or None


_INTEGER = re.compile(r"[+-]?\d{1,15}(?:\.0+)?", re.ASCII)
_DECIMAL = re.compile(r"[+-]?(?:\d{1,15}(?:\.\d{0,15})?|\.\d{1,15})", re.ASCII)


def read_integer(raw: Any) -> int:
    if type(raw) is int:
        whole = raw
    elif type(raw) is float and raw.is_integer():
        whole = int(raw)
    elif isinstance(raw, str) and _INTEGER.fullmatch(raw.strip()):
        whole = int(raw.partition(".")[0])
    else:
        raise Unreadable("integer")
    if abs(whole) > LIMIT_NUMBER:
        raise Unreadable("integer")
    return whole


def read_decimal(raw: Any) -> float:
    if type(raw) is float or type(raw) is int:
        found = float(raw) if abs(raw) <= LIMIT_NUMBER else math.nan
    elif isinstance(raw, str) and _DECIMAL.fullmatch(raw.strip()):
        found = float(raw)
    else:
        raise Unreadable("decimal")
    if not math.isfinite(found):
        raise Unreadable("decimal")
    return found


def _read_when(code: str, parse: Callable[[str], date | time]) -> Reader:
    def read(raw: Any) -> str:
        if not isinstance(raw, str) or len(raw) > 40:
            raise Unreadable(code)
        given = raw.strip()
        try:
            parse(given)
        except ValueError:
            raise Unreadable(code) from None
        return given

    return read


def _iso_day(given: str) -> date:
    if len(given) != 10:
        raise ValueError(given)
    return date.fromisoformat(given)


def _read_point(raw: Any) -> str:
    """Latitude, longitude and, where given, altitude and accuracy, as OpenRosa writes them."""
    try:
        parts = [float(part) for part in str(raw).split()]
    except ValueError:
        raise Unreadable("place") from None
    if not 2 <= len(parts) <= 4 or not (abs(parts[0]) <= 90 and abs(parts[1]) <= 180):
        raise Unreadable("place")
    return " ".join(str(raw).split())


def _read_points(raw: Any) -> str:
    if not isinstance(raw, str) or len(raw) > LIMIT_TEXT:
        raise Unreadable("place")
    return ";".join(_read_point(point) for point in raw.strip(" ;").split(";"))


def read_choice(names: frozenset[str]) -> Reader:
    def read(raw: Any) -> str:
        if type(raw) is not str:
            raw = str(raw)
        if raw in names:
            return str(raw)
        raise Unreadable("choice")

    return read


def read_choices(names: Sequence[str], *, is_ranking: bool = False) -> Reader:
    """Several choices, as a list or separated by spaces; in the order of the form but in a rank."""
    order = {name: place for place, name in enumerate(names)}

    def read(raw: Any) -> list[str] | None:
        given = raw.split() if isinstance(raw, str) else raw
        if not isinstance(given, list) or not all(str(one) in order for one in given):
            raise Unreadable("choice")
        chosen = list(dict.fromkeys(str(one) for one in given))
        if is_ranking:
            if chosen and len(chosen) != len(order):
                raise Unreadable("choice")
            return chosen or None
        return sorted(chosen, key=order.__getitem__) or None

    return read


def read_range(parameters: Mapping[str, str]) -> Reader:
    start, end = float(parameters.get("start", 1)), float(parameters.get("end", 10))
    step = float(parameters.get("step", 1))
    read_number = (
        read_integer if start.is_integer() and step.is_integer() else read_decimal
    )  # the steps of whole numbers are whole
    low, high = min(start, end), max(start, end)

    def read(raw: Any) -> float:
        found = read_number(raw)
        if not low <= found <= high:
            raise Unreadable("range")
        return found

    return read


READERS: dict[str, Reader] = {
    "text": read_text,
    "integer": read_integer,
    "decimal": read_decimal,
    "date": _read_when("date", _iso_day),
    "time": _read_when("time", time.fromisoformat),
    "datetime": _read_when("datetime", datetime.fromisoformat),
    "geopoint": _read_point,
    "geotrace": _read_points,
    "geoshape": _read_points,
    "file": read_text,
    "acknowledge": read_choice(frozenset({"OK"})),
    "metadata": read_text,
}
"""Types whose reading does not depend on the question."""
