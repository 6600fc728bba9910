"""Risk levels of territories in and out as xlsx and csv."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from itertools import groupby, pairwise

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from taishan.kit import days, tables
from taishan.kit.actor import Actor
from taishan.ledger import actions as ledger
from taishan.organisation import sheets
from taishan.organisation.models import Place
from taishan.organisation.sheets import Mode, Outcome
from taishan.regulations import queries, risk_levels
from taishan.regulations.risk_levels import DatedLevel

COLUMNS: tuple[tables.Column, ...] = (
    tables.Column(key="place", titles=("辖区代码", "辖区"), is_needed=True),
    tables.Column(key="level", titles=("风险等级", "等级"), is_needed=True),
    tables.Column(key="from", titles=("开始日期",), is_needed=True),
    tables.Column(key="until", titles=("截止日期（不含）", "截止日期")),
    tables.Column(key="source", titles=("来源",)),
)
LEVELS = {
    word: level
    for level, zh in (("low", "低"), ("medium", "中"), ("high", "高"))
    for word in (level, zh, f"{zh}风险", f"{zh}风险地区")
}


def import_levels(
    *, actor: Actor, now: datetime, content: bytes, mode: Mode = "all_or_nothing"
) -> Outcome:
    """Record territories' levels as a file says; the same file twice changes nothing.

    A level holds until its ``until`` or the next level of the place, whichever comes first.
    Raises tables.TableError for a file that is not read.
    """
    sheet = tables.read(content, columns=COLUMNS)
    outcome = Outcome()
    places = find_places(row.values["place"] for row in sheet.rows)
    read = [(row, _level(sheet.name, row, places, outcome)) for row in sheet.rows]
    found = _apart(sheet.name, [(row, level) for row, level in read if level], outcome)
    with transaction.atomic():
        done = risk_levels.record(found, now)
        settle(outcome, done)
        if outcome.created or outcome.changed:
            ledger.record(
                actor=actor, now=now, verb="risk_levels.imported", subject=("places", ""),
                data={"created": outcome.created, "changed": outcome.changed},
            )  # fmt: skip
        sheets.settle(outcome, mode)
    return outcome


def settle(outcome: Outcome, done: risk_levels.Recorded) -> None:
    """Write what was recorded into an import's outcome."""
    outcome.created, outcome.changed = done.created, done.changed
    outcome.unchanged = done.unchanged


def find_places(texts: Iterable[str]) -> Mapping[str, str]:
    """Return the place code that each text means: a code, or a local code such as 330302."""
    wanted = set(texts) - {""}
    rows = Place.objects.filter(Q(code__in=wanted) | Q(local_code__in=wanted))
    pairs = list(rows.values_list("code", "local_code"))
    return {local: code for code, local in pairs if local} | {code: code for code, _local in pairs}


def expected_place() -> str:
    return _("the code of a known place, such as CN-SH or 330300")


def _level(
    sheet: str, row: tables.Row, places: Mapping[str, str], outcome: Outcome
) -> DatedLevel | None:
    cells, before = row.values, len(outcome.errors)
    place, level = places.get(cells["place"]), LEVELS.get(cells["level"].casefold())
    if place is None:
        outcome.wrong(sheet, row, "place", expected_place())
    if level is None:
        outcome.wrong(sheet, row, "level", _("low, medium or high"))
    starts, ends = _day(sheet, row, "from", outcome), _day(sheet, row, "until", outcome)
    if starts is None and not cells["from"]:
        outcome.wrong(sheet, row, "from", days.expected())
    if starts and ends and ends <= starts:
        outcome.wrong(sheet, row, "until", _("a day after %s") % starts)
    if len(outcome.errors) > before or not (place and level and starts):
        return None
    source = cells.get("source", "")
    return DatedLevel(place=place, level=level, starts=starts, ends=ends, source=source)


def _day(sheet: str, row: tables.Row, column: str, outcome: Outcome) -> date | None:
    try:
        return sheets.day(row.values.get(column, ""))
    except ValueError:
        outcome.wrong(sheet, row, column, days.expected())
        return None


def _apart(
    sheet: str, found: list[tuple[tables.Row, DatedLevel]], outcome: Outcome
) -> list[DatedLevel]:
    """Return the levels that do not overlap within the file; report the others."""
    ordered = sorted(found, key=lambda pair: (pair[1].place, pair[1].starts, pair[0].number))
    wrong: set[int] = set()
    for _place, group in groupby(ordered, key=lambda pair: pair[1].place):
        for (first_row, first), (row, level) in pairwise(group):
            if level.starts == first.starts:
                where = _("one level a place and day; another is in row %d") % first_row.number
                outcome.wrong(sheet, row, "from", where)
                wrong.add(row.number)
            elif first.ends and first.ends > level.starts:
                end = _("no later than %(day)s, where row %(row)d goes on")
                values = {"day": level.starts, "row": row.number}
                outcome.wrong(sheet, first_row, "until", end % values)
                wrong.add(first_row.number)
    outcome.errors.sort(key=lambda error: error.row)
    return [level for row, level in ordered if row.number not in wrong]


def export_levels(*, on: date | None = None) -> Iterator[list[tables.Cell]]:
    """Yield the recorded levels, or those that hold on a day, in the columns of the import."""
    yield from map(as_cells, queries.find_risk_levels(on=on))


def as_cells(row: queries.LevelOnRecord) -> list[tables.Cell]:
    """Return a level in the columns of the import."""
    until = row.until.isoformat() if row.until else ""
    return [row.place, row.level, row.starts.isoformat(), until, row.source]
