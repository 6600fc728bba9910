"""The Oxford COVID-19 Government Response Tracker's csv → a library of regulations.

Codes: Hale et al. 2021, Nature Human Behaviour, doi 10.1038/s41562-021-01079-8 (CC BY 4.0).
Read are C2 workplaces, C4 gatherings and C6 stay at home; the other indicators ask nothing of
on-site work in a way that the tracker's codes could tell. A run of days with the same code and
flag is one regulation. Level 1 is a recommendation; a flag of 0, and C2 level 2 (some sectors),
reach only a part of the territory. Days that nobody coded are unknown, and not without a measure.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any

import pycountry

from taishan.regulations import schemas

SOURCE = "https://doi.org/10.1038/s41562-021-01079-8"
ESSENTIAL = ["UTIL", "TRANSIT", "MUNI", "EPI", "LIFE", "MARKET", "LOGI"]
"""Kinds of work taken as essential: the tracker gives only examples (shops, doctors)."""

COLUMNS = {
    "c2": ("c2", "C2_Workplace closing", "C2M_Workplace closing"),
    "c4": ("c4", "C4_Restrictions on gatherings", "C4M_Restrictions on gatherings"),
    "c6": ("c6", "C6_Stay at home requirements", "C6M_Stay at home requirements"),
}
GATHERING_CAPS = {2: 1000, 3: 100, 4: 10}


class TrackerFileError(ValueError):
    """The csv is not the tracker's; the message names the line and the column."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One indicator at one level and flag over ``starts <= day < ends`` (None: to the last day).

    ``level`` None: nobody coded these days.
    """

    place: str
    indicator: str
    level: int | None
    is_general: bool
    starts: date
    ends: date | None


def read(lines: Iterable[str], key: str = "oxcgrt") -> schemas.Library:
    """Return the library in the tracker's csv. Raises TrackerFileError, returning nothing."""
    runs = list(_runs(csv.DictReader(lines)))
    return schemas.Library.model_validate(
        {
            "format": "taishan-library/1",
            "library": key,
            "title": {"en": "Oxford tracker", "zh": "牛津政府应对追踪"},
            "regulations": [_regulation(run) for run in runs],
        }
    )


def _runs(rows: csv.DictReader[str]) -> Iterator[Run]:
    found = [(_place(row, rows.line_num), _day(row, rows.line_num), row) for row in rows]
    for place, of_place in groupby(sorted(found, key=lambda f: f[:2]), key=lambda f: f[0]):
        days = list(of_place)
        for indicator in COLUMNS:
            yield from _runs_of(place, indicator, [(day, row) for _, day, row in days])


def _runs_of(
    place: str, indicator: str, days: list[tuple[date, Mapping[str, str]]]
) -> Iterator[Run]:
    codes = [(day, *_code(row, indicator, day)) for day, row in days]
    last = codes[-1][0]
    for (level, general), run in groupby(codes, key=lambda code: code[1:]):
        dated = [code[0] for code in run]
        if level != 0:
            ends = None if dated[-1] == last else dated[-1] + timedelta(days=1)
            yield Run(
                place=place,
                indicator=indicator,
                level=level,
                is_general=general,
                starts=dated[0],
                ends=ends,
            )


def _code(row: Mapping[str, str], indicator: str, day: date) -> tuple[int | None, bool]:
    value = next((row[name] for name in COLUMNS[indicator] if name in row), None)
    if value is None:
        raise TrackerFileError(f"no column for {indicator}: one of {COLUMNS[indicator]} expected")
    if not value:
        return None, True
    flag = row.get(f"{indicator}_flag", row.get(f"{indicator.upper()}_Flag")) or "1"
    try:
        return int(float(value)), float(flag) >= 1
    except ValueError:
        raise TrackerFileError(f"{day}, {indicator}: {value!r} is not a level 0 to 4") from None


def _day(row: Mapping[str, str], line: int) -> date:
    given = row.get("date") or row.get("Date") or ""
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise TrackerFileError(
            f"line {line}, column date: {given!r} is not a day such as 2020-03-17 or 20200317"
        ) from None


def _place(row: Mapping[str, str], line: int) -> str:
    region = (row.get("iso_3166_2") or row.get("RegionCode") or "").replace("_", "-")
    if region:
        return region
    code = row.get("iso3") or row.get("CountryCode") or ""
    country = pycountry.countries.get(alpha_3=code)
    if country is not None:
        return str(country.alpha_2)
    if code == "RKS":
        return "XK"
    raise TrackerFileError(f"line {line}, column iso3: {code!r} is no ISO 3166 country")


def _regulation(run: Run) -> dict[str, Any]:
    return {
        "id": f"ox-{run.place.lower()}-{run.indicator}-{run.starts:%Y%m%d}",
        "authority": run.place,
        "issuer": {
            "en": f"{run.place}, as coded by the tracker",
            "zh": f"{run.place}（据追踪数据）",
        },
        "issued": run.starts,
        "source": SOURCE,
        "confidence": "B",
        **(_uncoded(run) if run.level is None else _coded(run, run.level)),
    }


def _uncoded(run: Run) -> dict[str, Any]:
    about = {
        "en": f"{run.indicator.upper()} was not coded on these days",
        "zh": f"{run.indicator.upper()} 在这些日子没有编码",
    }
    gap = {"about": about, "place": run.place, "from": run.starts, "until": run.ends}
    return {"title": about, "unknown": [gap]}


def _coded(run: Run, level: int) -> dict[str, Any]:
    name = f"{run.indicator.upper()} level {level}"
    zh = f"{run.indicator.upper()} {level}级"
    clause = _clause(run, level) | {
        "id": "1",
        "from": run.starts,
        "until": run.ends,
        "force": "recommended" if level == 1 else "required",
        "text": {"en": f"{name} of the tracker's codebook.", "zh": f"追踪数据编码：{zh}。"},
    }
    return {"title": {"en": name, "zh": zh}, "clauses": [clause]}


def _clause(run: Run, level: int) -> dict[str, Any]:
    in_part = not run.is_general or (run.indicator == "c2" and level == 2)
    scope = "targeted" if in_part else "general"
    if run.indicator == "c4":
        cap = GATHERING_CAPS.get(level, 1000)
        return {"scope": scope, "require": {"type": "gathering_cap", "persons": cap}}
    if run.indicator == "c6":
        exempts = {"kinds": ESSENTIAL}
        return {"scope": scope, "exempts": exempts, "require": {"type": "remote"}}
    exempts = {"kinds": ESSENTIAL if level >= 3 else []}
    kind = "staggered" if level == 1 else "suspend"
    return {"scope": scope, "exempts": exempts, "require": {"type": kind}}
