"""Hazards of an old list, and verifications of many at once, from a table.

Each row goes through the same action as the page: whoever put a hazard right verifies it by a table
as little as by hand. The same row twice, in whichever file, reports nothing twice.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from taishan.core import hazards as core
from taishan.core.hazards import Act
from taishan.kit import clock, tables
from taishan.kit.tables import CellError, Column, Row
from taishan.organisation import access, sheets
from taishan.organisation.access import Capability, Viewer
from taishan.organisation.models import UnitVersion
from taishan.safety import hazard_queries, hazard_reports, hazard_words, hazards
from taishan.safety.hazard_models import Hazard
from taishan.safety.hazard_reports import Seen
from taishan.safety.hazards import HazardRefused

ORIGIN = "import"
LIMIT_ROWS = 500
"""Each row is a report like any other, with its duty and its line of the ledger."""
COLUMNS = (
    Column(key="number", titles=("编号", "Number", "期号")),
    Column(key="unit", titles=("单位代码", "Unit code", "单位编码")),
    Column(key="found_on", titles=("发现日期", "Found", "发现时间")),
    Column(key="area", titles=("具体位置", "Where exactly")),
    Column(key="text", titles=("隐患描述", "What was found", "发现情况")),
    Column(key="looks", titles=("严重程度", "How bad it looks", "看起来有多严重")),
    Column(key="verification", titles=("验收意见", "Verification")),
)
"""By the headings of the template, and by those of the list as a file, in both languages: what came
out in one is read in the other."""
NOON = time(12)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A row that reports a hazard."""

    row: Row
    version: UnitVersion
    seen: Seen


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """A row that verifies one."""

    row: Row
    hazard: Hazard
    reason: str


@dataclass(slots=True, kw_only=True)
class Outcome:
    """What a table would do, or has done; ``errors`` by row and column."""

    reports: list[Report] = field(default_factory=list)
    verifications: list[Verification] = field(default_factory=list)
    errors: list[CellError] = field(default_factory=list)

    @property
    def good(self) -> int:
        return len(self.reports) + len(self.verifications)


class _Wrong(ValueError):
    def __init__(self, column: str, expected: str) -> None:
        super().__init__(expected)
        self.column, self.expected = column, expected


def template(*, in_chinese: bool) -> bytes:
    """Return an empty table to fill in."""
    at = 0 if in_chinese else 1
    headings = [column.titles[at] for column in COLUMNS]
    looks = {5: [str(one.label) for one in Hazard.Looks]}
    sheet = tables.NewSheet(name="hazards", headings=headings, rows=[], choices=looks)
    return tables.write_book([sheet])


def preview(viewer: Viewer, now: datetime, content: bytes) -> Outcome:
    """Return what a table would do. Raises TableError for what is none, or has too many rows."""
    sheet = tables.read(content, columns=COLUMNS)
    if len(sheet.rows) > LIMIT_ROWS:
        raise tables.TableError(_("At most %d rows at once. Split the table.") % LIMIT_ROWS)
    units = _units(viewer, now)
    outcome = Outcome()
    for row in sheet.rows:
        try:
            if row.values.get("number"):
                outcome.verifications.append(_verification(viewer, now, row))
            else:
                outcome.reports.append(_report(row, units, now))
        except _Wrong as wrong:
            outcome.errors.append(_error(sheet.name, row, wrong.column, wrong.expected))
    return outcome


def perform(*, viewer: Viewer, now: datetime, content: bytes) -> Outcome:
    """Report and verify by the good rows of a table; what is refused at last is among the errors.

    All reports are stored together; of verifications every row stands by itself. Raises TableError.
    """
    wanted = preview(viewer, now, content)
    done = Outcome(errors=wanted.errors)
    done.reports = _report_new(viewer, now, wanted.reports, hashlib.sha256(content).hexdigest())
    for one in wanted.verifications:
        try:
            with transaction.atomic():
                hazards.verify(viewer=viewer, now=now, hazard=one.hazard, reason=one.reason)
            done.verifications.append(one)
        except HazardRefused as refused:
            done.errors.append(_error("", one.row, "number", str(refused)))
    return done


def _report_new(viewer: Viewer, now: datetime, rows: list[Report], name: str) -> list[Report]:
    """Report what is not reported yet, and return that."""
    keys = _keys(rows)
    known = set(Hazard.objects.filter(key__in=keys).values_list("key", flat=True))
    new = [(key, one) for key, one in zip(keys, rows, strict=True) if key not in known]
    hazard_reports.report_all(
        hazard_reports.Report(
            actor=viewer.actor, now=now, version=one.version, seen=one.seen, key=key,
            origin=(ORIGIN, f"{name[:16]}:{one.row.number}"),
        )
        for key, one in new
    )  # fmt: skip
    return [one for _key, one in new]


def _keys(rows: list[Report]) -> list[UUID]:
    """Return the key of each report by what it says: a table that was mended says it again.

    Rows that say the same are told apart by which of them each is.
    """
    times: Counter[tuple[str, ...]] = Counter()
    keys = []
    for one in rows:
        day = str(sheets.day(one.row.values["found_on"]))
        said = (str(one.version.unit_id), day, one.seen.area.strip(), one.seen.text.strip())
        keys.append(uuid5(NAMESPACE_URL, json.dumps([*said, times[said]])))
        times[said] += 1
    return keys


def _units(viewer: Viewer, now: datetime) -> dict[str, UnitVersion]:
    """Return, by code, the units whose hazards the viewer handles."""
    seen = access.units_visible(viewer, clock.day_at(now)).select_related("unit")
    return {
        one.unit.code: one for one in seen if viewer.may(Capability.HANDLE_HAZARDS, one.path)
    }  # fmt: skip


def _report(row: Row, units: dict[str, UnitVersion], now: datetime) -> Report:
    values = row.values
    version = units.get(values.get("unit", ""))
    if version is None:
        raise _Wrong("unit", _("the code of a unit whose hazards you handle"))
    text, area = values.get("text", ""), values.get("area", "")
    if not text or len(text) > _length("text"):
        raise _Wrong("text", _("what was found, at most %d characters") % _length("text"))
    if len(area) > _length("area"):
        raise _Wrong("area", _("at most %d characters") % _length("area"))
    seen = Seen(text=text, area=area, looks=_looks(values), at=_found_at(values, version, now))
    return Report(row=row, version=version, seen=seen)


def _length(name: str) -> int:
    return int(getattr(Hazard._meta.get_field(name), "max_length", 0) or 0)  # noqa: SLF001


def _looks(values: dict[str, str]) -> int:
    given = values.get("looks", "")
    for one in Hazard.Looks:
        if given in (str(one.value), *_labels(one)):
            return one.value
    words = ", ".join(f"{one.value} = {one.label}" for one in Hazard.Looks)
    raise _Wrong("looks", words)


def _labels(one: Hazard.Looks) -> Iterator[str]:
    """Yield how bad it looks in each language: the template came in one, the page in another."""
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            yield str(one.label)


def _found_at(values: dict[str, str], version: UnitVersion, now: datetime) -> datetime:
    """Return noon of the day by the unit's clock: the hour of an old list is not known."""
    try:
        day: date | None = sheets.day(values.get("found_on", ""))
    except ValueError:
        day = None
    zone = ZoneInfo(version.time_zone)
    if day is None or day > now.astimezone(zone).date():
        raise _Wrong("found_on", _("a day that is past, such as 2020-02-12"))
    return min(datetime.combine(day, NOON, zone), now)


def _verification(viewer: Viewer, now: datetime, row: Row) -> Verification:
    number, reason = row.values["number"], row.values.get("verification", "")
    is_number = number.isascii() and number.isdecimal() and len(number) < 19
    found = hazard_queries.find_visible(viewer).filter(pk=int(number) if is_number else 0).first()
    if found is None:
        raise _Wrong("number", _("the number of a hazard that you see, or nothing for a new one"))
    if not reason:
        raise _Wrong("verification", _("what you have seen"))
    position = hazard_queries.find_position(viewer, found, now)
    bars = core.find_bars_of_person(Act.VERIFY, found.record, position)
    if bars:
        raise _Wrong("number", hazard_words.say_why(bars))
    return Verification(row=row, hazard=found, reason=reason)


def _error(sheet: str, row: Row, column: str, expected: str) -> CellError:
    value = row.values.get(column, "")
    return CellError(sheet=sheet, row=row.number, column=column, value=value, expected=expected)


def describe(outcome: Outcome) -> Iterator[dict[str, Any]]:
    """Yield what the good rows say, for the preview."""
    for report in outcome.reports:
        seen, version = report.seen, report.version
        yield {"row": report.row.number, "what": seen.text, "where": version.name,
               "area": seen.area, "act": _("reported")}  # fmt: skip
    for one in outcome.verifications:
        yield {"row": one.row.number, "what": one.hazard.text, "where": f"{one.hazard.pk}",
               "area": one.reason, "act": _("verified")}  # fmt: skip
