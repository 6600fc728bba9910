"""Who works which shift of a unit, in and out as xlsx and csv: a row a spell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from psycopg.types.range import DateRange

from taishan.kit import days, tables
from taishan.kit.actor import Actor
from taishan.organisation import sheets, shifts
from taishan.organisation.history import OrganisationRefused
from taishan.organisation.models import Person, Shift
from taishan.organisation.sheets import Mode, Outcome

COLUMNS: tuple[tables.Column, ...] = (
    tables.Column(key="staff_no", titles=("工号",), is_needed=True),
    tables.Column(key="shift", titles=("班次",), is_needed=True),
    tables.Column(key="from", titles=("开始日期",), is_needed=True),
    tables.Column(key="last_day", titles=("最后一天", "结束日期")),
)
MOST_ROWS = 5_000
ONE_DAY = shifts.ONE_DAY


def import_workers(
    *, actor: Actor, now: datetime, unit_id: int, content: bytes, mode: Mode = "all_or_nothing"
) -> Outcome:
    """Put people on the shifts of a unit as a file says, row by row (``shifts.put_on``).

    The same file twice changes nothing; nobody is taken off. Raises tables.TableError for a file
    that is not read.
    """
    sheet = tables.read(content, columns=COLUMNS)
    if len(sheet.rows) > MOST_ROWS:
        raise tables.TableError(_("More than %d rows. Split the file.") % MOST_ROWS)
    numbers = {row.values["staff_no"] for row in sheet.rows}
    named = {one.name: one for one in Shift.objects.filter(unit_id=unit_id)}
    outcome = Outcome()
    with transaction.atomic():
        known = _lock(numbers)
        for row in sheet.rows:
            try:
                since, until = _days(row)
                person, shift = _found(row, known, named)
                _put_on({"actor": actor, "now": now}, person, shift, since, until, outcome)
            except _Wrong as wrong:
                outcome.wrong(sheet.name, row, *wrong.args)
        sheets.settle(outcome, mode)
    return outcome


def _lock(numbers: Iterable[str]) -> dict[str, Person]:
    """Return people by number; locked by key, so that no two files wait for each other."""
    people = Person.objects.filter(staff_no__in=numbers).order_by("pk")
    return {one.staff_no: one for one in people.select_for_update(no_key=True)}


class _Wrong(ValueError):
    """A cell that cannot be; the arguments are its column and what is expected."""


def _days(row: tables.Row) -> tuple[date, date | None]:
    found = {}
    for column in ("from", "last_day"):
        try:
            found[column] = sheets.day_in(row.values, column)
        except ValueError:
            raise _Wrong(column, days.expected()) from None
    since, last = found["from"], found["last_day"]
    if since is None:
        raise _Wrong("from", days.expected())
    if last is not None and last < since:
        raise _Wrong("last_day", _("not before the first day"))
    return since, shifts.day_after(last)


def _found(
    row: tables.Row, known: dict[str, Person], named: dict[str, Shift]
) -> tuple[Person, Shift]:
    person, shift = known.get(row.values["staff_no"]), named.get(row.values["shift"])
    if person is None:
        raise _Wrong("staff_no", _("the staff number of somebody on the roster"))
    if shift is None:
        raise _Wrong("shift", _("a shift of this unit: %s") % ", ".join(sorted(named)))
    return person, shift


def _put_on(
    given: dict[str, Any], person: Person, shift: Shift, since: date, until: date | None,
    outcome: Outcome,
) -> None:  # fmt: skip
    try:
        with transaction.atomic():
            is_new = shifts.put_on(**given, person=person, shift=shift, since=since, until=until)
    except OrganisationRefused as refused:
        raise _Wrong("from", str(refused)) from None
    outcome.created += is_new
    outcome.unchanged += not is_new


def export_workers(unit_id: int, day: date) -> Iterator[list[tables.Cell]]:
    """Yield who works a shift of the unit on the day or will, in the columns of the import."""
    rows = shifts.find_here(DateRange(day, None)).filter(shift__unit_id=unit_id)
    rows = rows.select_related("person", "shift")
    for row in rows.order_by("shift__name", "person__staff_no", "valid"):
        last = (row.valid.upper - ONE_DAY).isoformat() if row.valid.upper else ""
        yield [row.person.staff_no, row.shift.name, row.valid.lower.isoformat(), last]
