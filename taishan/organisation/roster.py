"""People in and out as xlsx and csv: hundreds of thousands of rows, compared inside the database.

Rows are copied into a staging table of the transaction; what is new, what differs and what cannot
be is found there by a handful of statements. A crash leaves all of an import or nothing of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from taishan.kit import arrays, days, pinyin, tables
from taishan.kit.actor import Actor
from taishan.ledger import actions as ledger
from taishan.organisation import roster_sql, sheets
from taishan.organisation.models import Membership
from taishan.organisation.sheets import Mode, Outcome

COLUMNS: tuple[tables.Column, ...] = (
    tables.Column(key="staff_no", titles=("工号",), is_needed=True),
    tables.Column(key="name", titles=("姓名",), is_needed=True),
    tables.Column(key="unit", titles=("单位编码", "单位"), is_needed=True),
    tables.Column(key="from", titles=("开始日期",)),
    tables.Column(key="until", titles=("结束日期",)),
)
LIMITS = {"staff_no": 40, "name": 120, "unit": 40}
Progress = Callable[[int, int], None]
"""Called with rows done and rows in all."""

_STEP = 5000


def import_people(
    *,
    actor: Actor,
    now: datetime,
    on: date,
    content: bytes,
    mode: Mode = "all_or_nothing",
    progress: Progress | None = None,
) -> Outcome:
    """Record people and their units as a file says; rows without ``from`` hold from ``on``.

    The same file twice changes nothing. Raises tables.TableError for a file that is not read.
    """
    sheet = tables.read(content, columns=COLUMNS)
    outcome = Outcome()
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(roster_sql.STAGE)
            _copy(cursor, sheet, outcome, progress)
            cursor.execute("ANALYZE roster_staging")
            cursor.execute(roster_sql.RESOLVE, {"on": on})
            _find_errors(cursor, sheet, outcome)
            cursor.execute(roster_sql.DROP_WRONG)
            _change(cursor, outcome)
        if outcome.created or outcome.changed or outcome.closed:
            data = {"on": str(on), "created": outcome.created, "changed": outcome.changed}
            ledger.record(
                actor=actor, now=now, verb="people.imported", subject=("people", ""), unit_id=None,
                data=data | {"closed": outcome.closed},
            )  # fmt: skip
        sheets.settle(outcome, mode)
    return outcome


def _copy(cursor: Any, sheet: tables.Sheet, outcome: Outcome, progress: Progress | None) -> None:
    with cursor.copy(roster_sql.COPY) as copy:
        for done, row in enumerate(sheet.rows):
            if progress and done % _STEP == 0:
                progress(done, len(sheet.rows))
            staged = _staged(sheet.name, row, outcome)
            if staged:
                copy.write_row(staged)
    if progress:
        progress(len(sheet.rows), len(sheet.rows))


def _staged(sheet: str, row: tables.Row, outcome: Outcome) -> tuple[Any, ...] | None:
    cells, before = row.values, len(outcome.errors)
    for column, limit in LIMITS.items():
        if not 0 < len(cells[column]) <= limit:
            outcome.wrong(sheet, row, column, _("1 to %d characters") % limit)
    span: list[date | None] = []
    for column in ("from", "until"):
        try:
            span.append(sheets.day_in(cells, column))
        except ValueError:
            outcome.wrong(sheet, row, column, days.expected())
            span.append(None)
    starts, ends = span
    if starts and ends and ends <= starts:
        outcome.wrong(sheet, row, "until", _("a day after %s") % starts)
    if len(outcome.errors) > before:
        return None
    name = cells["name"]
    return (row.number, cells["staff_no"], name, pinyin.sort_key(name), cells["unit"], starts, ends)


def _find_errors(cursor: Any, sheet: tables.Sheet, outcome: Outcome) -> None:
    meaning = {
        "unknown_unit": ("unit", _("the code of a unit that is open on the first day")),
        "twice": ("unit", _("one unit at a time; in the file also in %s")),
        "elsewhere": ("unit", _("one unit at a time; on record already in %s")),
        "period": ("until", _("a day after the first one")),
    }
    cursor.execute(roster_sql.FIND_ERRORS)
    for number, kind, value, other in cursor.fetchall():
        column, expected = meaning[kind]
        outcome.errors.append(
            tables.CellError(
                sheet=sheet.name, row=number, column=column, value=value,
                expected=expected % other if other else expected,
            )
        )  # fmt: skip
    outcome.errors.sort(key=lambda error: error.row)


def _change(cursor: Any, outcome: Outcome) -> None:
    cursor.execute(roster_sql.COUNT)
    outcome.created, outcome.changed, outcome.closed, outcome.unchanged = cursor.fetchone()
    for statement in roster_sql.CHANGES:
        cursor.execute(statement)


def find_people(*, on: date, unit_ids: set[int] | None = None) -> QuerySet[Membership]:
    """Return who works where on the day; ``unit_ids`` limits them."""
    rows = Membership.objects.filter(valid__contains=on)
    return rows if unit_ids is None else rows.filter(arrays.any_of("unit_id", unit_ids))


def export_people(*, on: date, unit_ids: set[int] | None = None) -> Iterator[list[tables.Cell]]:
    """Yield the people of the day in the columns of the import, a few thousand in memory at once;
    ``unit_ids`` limits them."""
    units = None if unit_ids is None else list(unit_ids)
    with connection.chunked_cursor() as cursor:
        cursor.execute(roster_sql.EXPORT, {"on": on, "units": units})
        while rows := cursor.fetchmany(_STEP):
            for staff_no, name, unit, starts, until in rows:
                yield [staff_no, name, unit, starts.isoformat(), until.isoformat() if until else ""]
