"""Units in and out as xlsx and csv."""

from __future__ import annotations

import zoneinfo
from collections.abc import Iterator
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from taishan.kit import days, tables
from taishan.kit.actor import Actor
from taishan.ledger import actions as ledger
from taishan.organisation import actions, history, places, restructuring, sheets
from taishan.organisation.actions import UnitDetails
from taishan.organisation.models import KindOfWork, Place, Unit, UnitVersion
from taishan.organisation.sheets import Mode, Outcome

COLUMNS: tuple[tables.Column, ...] = (
    tables.Column(key="code", titles=("编码", "单位编码"), is_needed=True),
    tables.Column(key="name_en", titles=("英文名称",)),
    tables.Column(key="name_zh", titles=("中文名称", "名称")),
    tables.Column(key="kind", titles=("单位类型",)),
    tables.Column(key="place", titles=("辖区代码",), is_needed=True),
    tables.Column(key="parent", titles=("上级单位",)),
    tables.Column(key="time_zone", titles=("时区",)),
    tables.Column(key="kinds_of_work", titles=("工作类别",)),
    tables.Column(key="head_count", titles=("人数",)),
    tables.Column(key="floor_area_m2", titles=("建筑面积（平方米）",)),
    tables.Column(key="facilities", titles=("设施",)),
    tables.Column(key="opened", titles=("开办日期",)),
    tables.Column(key="closed", titles=("关闭日期",)),
)


def import_units(
    *, actor: Actor, now: datetime, on: date, content: bytes, mode: Mode = "all_or_nothing"
) -> Outcome:
    """Open, change and close units as a file says; changes hold from ``on``.

    The same file twice changes nothing. Raises tables.TableError for a file that is not read.
    """
    sheet = tables.read(content, columns=COLUMNS)
    outcome = Outcome()
    with transaction.atomic():
        history.lock_tree()
        known = places.resolve(row.values["place"] for row in sheet.rows)
        for row in _parents_first(sheet, outcome):
            details = _details(sheet.name, row, known, outcome)
            if details is not None:
                _apply(actor, now, on, details, sheet.name, row, outcome)
        if outcome.created or outcome.changed or outcome.closed:
            data = {"on": str(on), "created": outcome.created, "changed": outcome.changed}
            ledger.record(
                actor=actor, now=now, verb="units.imported", subject=("units", ""), unit_id=None,
                data=data | {"closed": outcome.closed},
            )  # fmt: skip
        sheets.settle(outcome, mode)
    return outcome


def _parents_first(sheet: tables.Sheet, outcome: Outcome) -> list[tables.Row]:
    """Return the rows, each after the row of its parent; report double codes and cycles."""
    waiting: dict[str, tables.Row] = {}
    for row in sheet.rows:
        if row.values["code"] in waiting:
            outcome.wrong(sheet.name, row, "code", _("each unit once in the file"))
        else:
            waiting[row.values["code"]] = row
    ordered: list[tables.Row] = []
    while waiting:
        ready = [r for r in waiting.values() if r.values.get("parent", "") not in waiting]
        if not ready:
            _report_cycle(sheet.name, waiting, outcome)
            break
        ordered += ready
        for row in ready:
            del waiting[row.values["code"]]
    return ordered


def _report_cycle(name: str, waiting: dict[str, tables.Row], outcome: Outcome) -> None:
    for row in waiting.values():
        trail, code = [row.values["code"]], row.values["parent"]
        while code not in trail:
            trail.append(code)
            code = waiting[code].values["parent"]
        cycle = " → ".join([*trail, code])
        outcome.wrong(
            name, row, "parent", _("a parent that is no part of the unit; here: %s") % cycle
        )


def _details(
    name: str, row: tables.Row, known: dict[str, Place], outcome: Outcome
) -> UnitDetails | None:
    cells = row.values
    before = len(outcome.errors)
    for column, expected in _complaints(cells, known):
        outcome.wrong(name, row, column, expected)
    if len(outcome.errors) > before:
        return None
    return UnitDetails(
        code=cells["code"],
        name_en=cells.get("name_en") or cells["name_zh"],
        name_zh=cells.get("name_zh") or cells["name_en"],
        kind=cells.get("kind") or UnitVersion.Kind.COMPANY,
        place=known[cells["place"]].code,
        time_zone=cells.get("time_zone") or "Asia/Shanghai",
        parent=cells.get("parent", ""),
        kinds_of_work=tuple(cells.get("kinds_of_work", "").replace(",", " ").split()),
        head_count=int(cells["head_count"]) if cells.get("head_count") else None,
        floor_area_m2=float(cells["floor_area_m2"]) if cells.get("floor_area_m2") else None,
        facilities=tuple(cells.get("facilities", "").replace(",", " ").split()),
    )


def _complaints(cells: dict[str, str], known: dict[str, Place]) -> Iterator[tuple[str, str]]:
    longest = Unit._meta.get_field("code").max_length or 0  # noqa: SLF001 - documented API
    if not 0 < len(cells["code"]) <= longest:
        yield "code", _("a code of at most %d characters") % longest
    if not (cells.get("name_en") or cells.get("name_zh")):
        yield "name_zh", _("a name in one language at least")
    if cells.get("kind") and cells["kind"] not in UnitVersion.Kind.values:
        yield "kind", ", ".join(UnitVersion.Kind.values)
    if cells["place"] not in known:
        yield "place", _("the code of a known place, such as CN-SH or 330300")
    if cells.get("time_zone") and cells["time_zone"] not in zoneinfo.available_timezones():
        yield "time_zone", _("a time zone such as Asia/Shanghai")
    if set(cells.get("kinds_of_work", "").replace(",", " ").split()) - set(KindOfWork.values):
        yield "kinds_of_work", " ".join(KindOfWork.values)
    yield from _numbers_and_days(cells)


def _numbers_and_days(cells: dict[str, str]) -> Iterator[tuple[str, str]]:
    if not (cells.get("head_count") or "0").isdecimal():
        yield "head_count", _("a whole number")
    if not (cells.get("floor_area_m2") or "0").replace(".", "", 1).isdecimal():
        yield "floor_area_m2", _("a number of square metres")
    for column in ("opened", "closed"):
        try:
            sheets.day_in(cells, column)
        except ValueError:
            yield column, days.expected()


def _apply(
    actor: Actor, now: datetime, on: date, details: UnitDetails, sheet: str, row: tables.Row,
    outcome: Outcome,
) -> None:  # fmt: skip
    opened = sheets.day_in(row.values, "opened") or on
    closed = sheets.day_in(row.values, "closed")
    versions = UnitVersion.objects.filter(unit__code=details.code).order_by("-valid")
    last = versions.first()
    try:
        with transaction.atomic():
            if last is None:
                actions.open_unit(actor=actor, now=now, on=opened, details=details)
                outcome.created += 1
            elif last.valid.upper is not None:
                outcome.unchanged += 1  # closed already: an old file does not open it again
                return
            elif restructuring.change_unit(actor=actor, now=now, on=on, details=details):
                outcome.changed += 1
            elif closed is None:
                outcome.unchanged += 1
            if closed is not None:
                actions.close_unit(actor=actor, now=now, on=closed, code=details.code)
                outcome.closed += 1
    except history.OrganisationRefused as refused:
        outcome.wrong(sheet, row, "parent", str(refused))


def export_units(*, on: date, unit_ids: set[int] | None = None) -> Iterator[list[tables.Cell]]:
    """Yield the units of the day in the columns of the import; ``unit_ids`` limits them."""
    versions = UnitVersion.objects.filter(valid__contains=on).order_by("path")
    for v in versions.select_related("unit", "parent", "place"):
        if unit_ids is None or v.unit_id in unit_ids:
            yield [
                v.unit.code, v.name_en, v.name_zh, v.kind, v.place.code,
                v.parent.code if v.parent else "", v.time_zone, " ".join(v.kinds_of_work),
                v.head_count, v.floor_area_m2, " ".join(v.facilities), v.valid.lower.isoformat(),
                v.valid.upper.isoformat() if v.valid.upper else "",
            ]  # fmt: skip
