"""The risk register in and out as xlsx: a row a measure, its risk point's cells repeated."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from taishan.kit import days, tables
from taishan.kit.tables import Cell, Column, NewSheet, Row
from taishan.organisation import history, sheets
from taishan.organisation.access import Capability, Viewer
from taishan.organisation.history import OrganisationRefused
from taishan.organisation.models import Post, UnitVersion
from taishan.organisation.sheets import Mode, Outcome
from taishan.safety import risk_methods, risks
from taishan.safety.risk_models import Levels, RiskGrading, RiskMeasure, RiskMethod, RiskPoint
from taishan.safety.risks import Control, Found, RiskRefused, Scored

SHEET = "risks"
FACTORS = ("L", "E", "C", "S")
OF_POINT = ("name", "kind", "area", "harm", "method", *FACTORS, "reassess_on")
COLUMNS: tuple[Column, ...] = (
    Column(key="unit", titles=("单位编码", "单位"), is_needed=True),
    Column(key="code", titles=("风险点编码", "编码"), is_needed=True),
    Column(key="name", titles=("风险点", "名称"), is_needed=True),
    Column(key="kind", titles=("类型",), is_needed=True),
    Column(key="area", titles=("区域",), is_needed=True),
    Column(key="harm", titles=("可能后果",), is_needed=True),
    Column(key="method", titles=("分级方法",), is_needed=True),
    *(Column(key=factor) for factor in FACTORS),
    Column(key="reassess_on", titles=("复评日期",), is_needed=True),
    Column(key="measure_kind", titles=("措施类型",)),
    Column(key="measure", titles=("管控措施",)),
    Column(key="post", titles=("检查岗位编码",)),
    Column(key="rule", titles=("检查频次",)),
    Column(key="days", titles=("期限天数",)),
    Column(key="items", titles=("检查项目",)),
)
HEADINGS = [column.key for column in COLUMNS]
WHERE = {"text": "measure", "kind": "kind"}
LIMITS = {"code": 40, "name": 200, "area": 200, "harm": 300, "measure": 500}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """What a file is read with."""

    viewer: Viewer
    now: datetime
    on: date
    methods: dict[str, RiskMethod]
    outcome: Outcome
    firsts: dict[tuple[str, str], Row] = field(default_factory=dict)
    """By unit and code, the first good row of each risk point."""


class _Wrong(ValueError):
    """A cell that cannot be; the arguments are its column and what is expected."""


def import_register(
    *, viewer: Viewer, now: datetime, on: date, content: bytes, mode: Mode = "all_or_nothing"
) -> Outcome:
    """Enter the risk points and measures of a file that are not there yet; grade anew what differs.

    Nothing is removed; the same file twice changes nothing. Raises tables.TableError for a file
    that is not read.
    """
    sheet = tables.read(content, columns=COLUMNS)
    methods = {one.code: one for one in risk_methods.find_methods(on)}
    reading = _Reading(viewer=viewer, now=now, on=on, methods=methods, outcome=Outcome())
    with transaction.atomic():
        for row in sheet.rows:
            _take(reading, row)
        sheets.settle(reading.outcome, mode)
    return reading.outcome


def _take(reading: _Reading, row: Row) -> None:
    try:
        with transaction.atomic():
            _refuse_other_cells(reading, row)
            point, change = _point(reading, row)
            has_new = _measure(reading, row, point)
    except RiskRefused as refused:
        column = WHERE.get(refused.where, refused.where) or "code"
        reading.outcome.wrong(SHEET, row, column, str(refused))
        return
    except _Wrong as wrong:
        reading.outcome.wrong(SHEET, row, wrong.args[0], wrong.args[1])
        return
    reading.firsts.setdefault((row.values["unit"], row.values["code"]), row)
    reading.outcome.created += change == "created"
    reading.outcome.changed += change == "changed" or (change != "created" and has_new)
    reading.outcome.unchanged += change == "same" and not has_new


def _refuse_other_cells(reading: _Reading, row: Row) -> None:
    """Raise _Wrong for what contradicts an earlier row of the same risk point.

    It would be graded to and fro, once a row, and anew with every import.
    """
    first = reading.firsts.get((row.values["unit"], row.values["code"]))
    if first is None:
        return
    for column in OF_POINT:
        if row.values.get(column, "") != first.values.get(column, ""):
            raise _Wrong(column, _("the same as in row %d, of the same risk point") % first.number)


def _point(reading: _Reading, row: Row) -> tuple[RiskPoint, str]:
    version = _version(reading, row)
    scored = _scored(reading, row)
    cells = {name: row.values[name] for name in ("code", "name", "area", "harm")}
    for name, cell in cells.items():
        if len(cell) > LIMITS[name]:
            raise _Wrong(name, _("at most %d characters") % LIMITS[name])
    kind = _choice(row, "kind", RiskPoint.Kind.values)
    given: dict[str, Any] = {"actor": reading.viewer.actor, "now": reading.now}
    known = RiskPoint.objects.filter(unit_id=version.unit_id, code=cells["code"]).first()
    if known is None:
        found = Found(kind=kind, **cells)
        return risks.enter(**given, version=version, found=found, scored=scored), "created"
    last = known.gradings.order_by("-number")[0]
    if (last.method_id, last.scores, last.reassess_on) == (
        scored.method.pk, dict(scored.scores), scored.reassess_on,
    ):  # fmt: skip
        return known, "same"
    risks.regrade(**given, point=known, scored=scored)
    return known, "changed"


def _version(reading: _Reading, row: Row) -> UnitVersion:
    try:
        version = history.get_version(row.values["unit"], reading.on)
    except OrganisationRefused as refused:
        raise _Wrong("unit", str(refused)) from None
    if not reading.viewer.may(Capability.HANDLE_HAZARDS, version.path):
        raise _Wrong("unit", _("a unit whose hazards you handle"))
    return version


def _scored(reading: _Reading, row: Row) -> Scored:
    code = row.values["method"]
    if code not in reading.methods:
        raise _Wrong("method", ", ".join(reading.methods) or _("a recorded method"))
    method = reading.methods[code]
    scores = {}
    for factor in method.factors:
        offered = [one["value"] for one in factor["scores"]]
        cell = row.values.get(factor["code"], "")
        match = [value for value in offered if f"{value:g}" == cell]
        if not match:
            raise _Wrong(factor["code"], ", ".join(f"{value:g}" for value in offered))
        scores[factor["code"]] = float(match[0])
    try:
        day = days.read(row.values["reassess_on"])
    except ValueError:
        raise _Wrong("reassess_on", days.expected()) from None
    return Scored(
        method=method, scores=scores, reassess_on=day, reason=_("as the register's file says")
    )


def _measure(reading: _Reading, row: Row, point: RiskPoint) -> bool:
    """Add the row's measure where it is not there; return whether it was new."""
    text = row.values.get("measure", "")
    if not text or point.measures.filter(text=text, valid__contains=reading.on).exists():
        return False
    if len(text) > LIMITS["measure"]:
        raise _Wrong("measure", _("at most %d characters") % LIMITS["measure"])
    kind = _choice(row, "measure_kind", RiskMeasure.Kind.values)
    every = row.values.get("days", "") or "1"
    if not every.isdecimal() or len(every) > len("366") or not 1 <= int(every) <= 366:
        raise _Wrong("days", "1–366")
    code = row.values.get("post", "")
    post = Post.objects.filter(code=code, valid__contains=reading.on).first()
    if post is None:
        raise _Wrong("post", _("the code of a post of that day"))
    items = row.values.get("items", "").replace("；", ";").split(";")
    control = Control(
        kind=kind, text=text, post=post, rule=row.values.get("rule", ""), days=int(every),
        items=[item[:200] for item in items],
    )  # fmt: skip
    risks.add_measure(
        actor=reading.viewer.actor, now=reading.now, point=point, control=control, on=reading.on
    )
    return True


def _choice(row: Row, column: str, offered: list[str]) -> str:
    value = row.values.get(column, "")
    if value not in offered:
        raise _Wrong(column, ", ".join(offered))
    return value


def export(points: Iterable[RiskPoint], on: date) -> bytes:
    """Return the register as a workbook in the columns of the import, with the grade of each."""
    return tables.write_book([_sheet([*HEADINGS, "value", "grade"], _rows(points, on))])


def template() -> bytes:
    """Return an empty workbook with the columns, and what each may hold to choose from."""
    return tables.write_book([_sheet(HEADINGS, [])])


def _sheet(headings: list[str], rows: Iterable[list[Cell]]) -> NewSheet:
    choices = {
        HEADINGS.index("kind"): RiskPoint.Kind.values,
        HEADINGS.index("measure_kind"): RiskMeasure.Kind.values,
    }
    return NewSheet(name=SHEET, headings=headings, rows=rows, choices=choices)


def _rows(points: Iterable[RiskPoint], on: date) -> Iterator[list[Cell]]:
    listed = list(points)
    ids = [point.pk for point in listed]
    gradings = RiskGrading.objects.filter(point__in=ids).select_related("method")
    latest = gradings.order_by("point_id", "-number").distinct("point_id")
    last = {grading.point_id: grading for grading in latest}
    measures: dict[int, list[RiskMeasure]] = {}
    rows = RiskMeasure.objects.filter(point__in=ids, valid__contains=on).select_related("post")
    for measure in rows.order_by("number"):
        measures.setdefault(measure.point_id, []).append(measure)
    for point in listed:
        for one in measures.get(point.pk) or [None]:  # type: ignore[list-item]
            yield _row(point, last[point.pk], one)


def _row(point: RiskPoint, grading: RiskGrading, measure: RiskMeasure | None) -> list[Cell]:
    of_measure: list[Cell] = [""] * 6
    if measure is not None:
        of_measure = [measure.kind, measure.text, measure.post.code, measure.rule, measure.days,
                      "; ".join(measure.items)]  # fmt: skip
    return [
        point.unit.code, point.code, point.name, point.kind, point.area, point.harm,
        grading.method.code, *(grading.scores.get(factor) for factor in FACTORS),
        point.reassess_on.isoformat(), *of_measure, grading.value, str(Levels(point.level).label),
    ]  # fmt: skip
