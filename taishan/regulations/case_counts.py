"""Counties graded from a table of their case counts, by the national rule of February 2020."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from itertools import groupby

from django.db import transaction
from django.utils.translation import gettext as _

from taishan.core import risk_levels as rule
from taishan.core.risk_levels import DayCount, UnclearCounts
from taishan.kit import days, tables
from taishan.kit.actor import Actor
from taishan.ledger import actions as ledger
from taishan.organisation import sheets
from taishan.organisation.sheets import Mode, Outcome
from taishan.regulations import risk_levels, risk_sheet
from taishan.regulations.models import TerritoryRisk
from taishan.regulations.risk_levels import DatedLevel

COLUMNS: tuple[tables.Column, ...] = (
    tables.Column(key="place", titles=("辖区代码", "辖区"), is_needed=True),
    tables.Column(key="day", titles=("日期",), is_needed=True),
    tables.Column(key="new_cases", titles=("新增确诊", "新增"), is_needed=True),
    tables.Column(key="cumulative", titles=("累计确诊", "累计"), is_needed=True),
    tables.Column(key="cluster", titles=("聚集性疫情",), is_needed=True),
)
SOURCE = "graded from case counts, http://gansulong.com/c/122422P0612023.html"
"""What a graded level names as its source: the page that states the rule."""

YES = frozenset({"yes", "true", "1", "是", "有"})
NO = frozenset({"", "no", "false", "0", "否", "无"})


def grade_counties(
    *, actor: Actor, now: datetime, content: bytes, mode: Mode = "all_or_nothing"
) -> Outcome:
    """Grade each county of a file on each of its days, and record the days on which levels begin.

    A day's counts are those of its end; its level holds from that day. Levels that an earlier file
    graded within the same days, and this one does not, are withdrawn. The same file twice changes
    nothing. Raises tables.TableError for a file that is not read.
    """
    sheet = tables.read(content, columns=COLUMNS)
    outcome = Outcome()
    found = list(_graded(sheet, outcome))
    with transaction.atomic():
        levels = [level for _days, of_place in found for level in of_place]
        risk_sheet.settle(outcome, risk_levels.record(levels, now))
        outcome.closed = sum(_withdraw_others(days, of_place, now) for days, of_place in found)
        if outcome.created or outcome.changed or outcome.closed:
            ledger.record(
                actor=actor, now=now, verb="risk_levels.graded", subject=("places", ""),
                data={"created": outcome.created, "changed": outcome.changed,
                      "closed": outcome.closed},
            )  # fmt: skip
        sheets.settle(outcome, mode)
    return outcome


def _graded(
    sheet: tables.Sheet, outcome: Outcome
) -> Iterator[tuple[tuple[date, date], list[DatedLevel]]]:
    """Yield for each county the first and the last day counted, and the levels that begin."""
    places = risk_sheet.find_places(row.values["place"] for row in sheet.rows)
    read = [(row, _count(sheet.name, row, places, outcome)) for row in sheet.rows]
    rows = [(places[row.values["place"]], row, count) for row, count in read if count]
    spoilt = {
        places.get(row.values["place"]) for row, count in read if count is None
    }  # with a day missing, a county's quiet days could not be told
    rows.sort(key=lambda r: (r[0], r[2].day, r[1].number))
    for place, group in groupby(rows, key=lambda r: r[0]):
        of_place = [(row, count) for _place, row, count in group]
        levels = _levels(sheet.name, place, of_place, outcome) if place not in spoilt else []
        if levels:
            yield (of_place[0][1].day, of_place[-1][1].day), levels
    outcome.errors.sort(key=lambda error: error.row)


def _count(
    sheet: str, row: tables.Row, places: Mapping[str, str], outcome: Outcome
) -> DayCount | None:
    cells, before = row.values, len(outcome.errors)
    if cells["place"] not in places:
        outcome.wrong(sheet, row, "place", risk_sheet.expected_place())
    day, new = _day(sheet, row, outcome), _number(sheet, row, "new_cases", outcome)
    cumulative = _number(sheet, row, "cumulative", outcome)
    if cumulative is not None and cumulative < 0:
        outcome.wrong(sheet, row, "cumulative", _("a whole number, 0 or more"))
    cluster = cells["cluster"].casefold()
    if cluster not in YES | NO:
        outcome.wrong(sheet, row, "cluster", _("yes or no"))
    if len(outcome.errors) > before or day is None or new is None or cumulative is None:
        return None
    return DayCount(day=day, new=new, cumulative=cumulative, is_cluster=cluster in YES)


def _day(sheet: str, row: tables.Row, outcome: Outcome) -> date | None:
    try:
        day = sheets.day(row.values["day"])
    except ValueError:
        day = None
    if day is None:
        outcome.wrong(sheet, row, "day", days.expected())
    return day


def _number(sheet: str, row: tables.Row, column: str, outcome: Outcome) -> int | None:
    try:
        return int(row.values[column])
    except ValueError:
        outcome.wrong(sheet, row, column, _("a whole number"))
        return None


def _levels(
    sheet: str, place: str, rows: list[tuple[tables.Row, DayCount]], outcome: Outcome
) -> list[DatedLevel]:
    """Return the levels that begin; none, and the row reported, where counts contradict."""
    try:
        graded = list(rule.grade_days(count for _row, count in rows))
    except UnclearCounts as unclear:
        row = next(row for row, count in reversed(rows) if count.day == unclear.day)
        if unclear.is_twice:
            outcome.wrong(sheet, row, "day", _("each day of a place once in the file"))
        else:
            outcome.wrong(sheet, row, "cluster", _("no: a cluster is of the new cases of its day"))
        return []
    return [
        DatedLevel(place=place, level=level, starts=next(days).day, source=SOURCE)
        for level, days in groupby(graded, key=lambda one: one.level)
    ]


def _withdraw_others(days: tuple[date, date], levels: list[DatedLevel], now: datetime) -> int:
    rows = TerritoryRisk.objects.filter(
        place__code=levels[0].place, source=SOURCE, starts__range=days, recorded_until=None
    )
    return rows.exclude(starts__in=[level.starts for level in levels]).update(recorded_until=now)
