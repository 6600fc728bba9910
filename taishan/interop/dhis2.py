"""Units' returns as DHIS2 data value sets: values by unit, period and question.

Source: https://docs.dhis2.org/en/develop/using-the-api/dhis-core-version-master/data.html
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4, uuid5

from dateutil.relativedelta import relativedelta
from django.db import transaction
from django.utils.translation import gettext as _

from taishan.core.answers import say
from taishan.forms import queries as forms
from taishan.forms.models import Form, FormVersion
from taishan.kit.actor import Actor
from taishan.organisation import whereabouts
from taishan.organisation.access import Viewer
from taishan.organisation.models import is_chinese
from taishan.organisation.whereabouts import Whereabouts
from taishan.reporting import actions, owing, reading
from taishan.reporting.models import Door
from taishan.reporting.submissions import Accepted, Outcome, Rejected, Submission


class PeriodRefused(ValueError):
    """The text names no period; the message says what would."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """One cell: ``unit`` a unit's code, ``period`` as DHIS2 writes it. None takes it away.

    ``index`` is its place in what was sent, from 0.
    """

    question: str
    unit: str
    period: str
    value: Any
    index: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """``what`` is at fault: the code of a form, a unit or a question, or a period. ``indexes`` are
    the places of the values it is about, from 0."""

    what: str
    why: str
    indexes: Sequence[int]


@dataclass(slots=True, kw_only=True)
class Summary:
    """How many values came to what. ``ignored`` are those in conflict and those that said what was
    on record; ``conflicts`` say what is at fault, and why."""

    imported: int = 0
    updated: int = 0
    ignored: int = 0
    deleted: int = 0
    conflicts: list[Conflict] = field(default_factory=list)

    def add(self, what: str, why: str, cells: Iterable[Value]) -> None:
        indexes = [cell.index for cell in cells]
        self.conflicts.append(Conflict(what=what, why=why, indexes=indexes))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Return:
    """The values of one unit for one period, and where they go."""

    values: Sequence[Value]
    where: Whereabouts
    period: date

    @property
    def key(self) -> tuple[int, date]:
        return self.where.unit_id or 0, self.period


@transaction.atomic
def import_values(
    *,
    actor: Actor,
    now: datetime,
    form: str,
    values: Sequence[Value],
    viewer: Viewer | None = None,
    file: UUID | None = None,
    is_dry_run: bool = False,
) -> Summary:
    """Complete the returns of units by the values given; return what came of them.

    ``viewer`` limits for which units; ``file`` is a number made of the file that the values came
    in, so that the same file again changes nothing.

    A unit's return for a period is taken whole or not at all: a value at fault keeps out those of
    the same return, and of no other. A dry run changes nothing and tells the same.
    """
    summary = Summary()
    version = _get_version(form, values, summary)
    if version is None:
        summary.ignored = len(values)
        return summary
    # One at a time: each completes what is on record, and must not undo the other.
    Form.objects.select_for_update(no_key=True).get(pk=version.form_id)
    returns = list(_returns(version.form, values, summary))
    before = _on_record(version.form, returns)
    submissions = [_submission(version, one, before.get(one.key, {}), file) for one in returns]
    results = actions.submit_reports(actor=actor, now=now, submissions=submissions, viewer=viewer)
    after = _on_record(version.form, returns)
    for one, result in zip(returns, results, strict=True):
        _tell(summary, one, result, before.get(one.key, {}), after.get(one.key, {}))
    if is_dry_run:
        transaction.set_rollback(True)
    return summary


def _get_version(form: str, values: Sequence[Value], summary: Summary) -> FormVersion | None:
    try:
        version = forms.get_version(form)
    except FormVersion.DoesNotExist:
        summary.add(form, _("No form %s is in force.") % form, values)
        return None
    if version.form.subject != Form.Subject.UNIT:
        about = version.form.get_subject_display()
        summary.add(form, _("The form is about %s.") % about, values)
        return None
    return version


def _returns(form: Form, values: Sequence[Value], summary: Summary) -> Iterator[_Return]:
    """Yield the returns that the values make; note those that make none. Four queries."""
    grouped: dict[tuple[str, str], list[Value]] = defaultdict(list)
    for value in values:
        grouped[value.unit, value.period].append(value)
    book, seen = owing.load([form.pk]), set()
    found = _owed(form, book, _dated(grouped.values(), summary), summary)
    places = whereabouts.find_units([(cells[0].unit, day) for cells, day in found])
    for (cells, day), where in zip(found, places, strict=True):
        one = _Return(values=cells, where=where, period=day)
        unit = cells[0].unit
        if (unit, day) in seen or len({cell.question for cell in cells}) < len(cells):
            said = _("The same value, or the same return, is given twice.")
            _refuse(summary, cells, said)
        else:
            seen.add((unit, day))
            yield one


def _dated(
    groups: Iterable[Sequence[Value]], summary: Summary
) -> Iterator[tuple[Sequence[Value], date, date]]:
    """Yield the groups with the first day of their period and the first after it."""
    for cells in groups:
        try:
            yield cells, *days_of(cells[0].period)
        except PeriodRefused as refused:
            _refuse(summary, cells, str(refused))


def _owed(
    form: Form,
    book: owing.Book,
    groups: Iterable[tuple[Sequence[Value], date, date]],
    summary: Summary,
) -> list[tuple[Sequence[Value], date]]:
    """Return the groups with the one period of their unit's schedule that the DHIS2 period holds.

    A month given for a daily return would else be taken for its first day. Of a unit that owes
    nothing the first day is returned: the path of all reports says why it is refused.
    """
    dated = list(groups)
    places = whereabouts.find_units([(cells[0].unit, since) for cells, since, _until in dated])
    found = []
    for (cells, since, until), where in zip(dated, places, strict=True):
        rules = list(book.holding(form.pk, where.path, where.kind, since)) if where.path else []
        periods = {day for rule in rules for day in rule.between(since, until)}
        if rules and len(periods) != 1:
            said = _("The return is not owed for periods such as %s.") % cells[0].period
            _refuse(summary, cells, said)
        else:
            found.append((cells, next(iter(periods), since)))
    return found


def _refuse(summary: Summary, cells: Sequence[Value], reason: str) -> None:
    summary.add(cells[0].period, reason, cells)
    summary.ignored += len(cells)


def _on_record(form: Form, returns: Sequence[_Return]) -> dict[tuple[int, date], dict[str, Any]]:
    units = {one.where.unit_id for one in returns if one.where.unit_id is not None}
    return reading.find_unit_answers(form, units, {one.period for one in returns})


def _submission(
    version: FormVersion, one: _Return, recorded: Mapping[str, Any], file: UUID | None
) -> Submission:
    unit = one.values[0].unit
    given = {cell.question: cell.value for cell in one.values}
    asked = {question.name: question for question, _path in forms.get_definition(version).walk()}
    kept = {name: value for name, value in recorded.items() if name in asked}
    answers = {name: value for name, value in (kept | given).items() if value is not None}
    return Submission(
        form=version.form.code, subject=unit, period=one.period, answers=answers,
        client=uuid5(file, f"{unit} {one.period}") if file else uuid4(),
        door=Door.FILE if file else Door.API, version=version.number,
    )  # fmt: skip


def _tell(
    summary: Summary, one: _Return, result: Accepted | Rejected, before: Mapping[str, Any],
    after: Mapping[str, Any],
) -> None:  # fmt: skip
    if isinstance(result, Rejected):
        summary.ignored += len(one.values)
        _tell_rejected(summary, one, result)
        return
    if result.outcome == Outcome.PROPOSED:
        said = _("The period is closed: your unit's officer decides.")
        summary.add(one.values[0].period, said, one.values)
    for cell in one.values:
        was, is_ = before.get(cell.question), after.get(cell.question)
        if was == is_:
            summary.ignored += 1
        elif was is None:
            summary.imported += 1
        elif is_ is None:
            summary.deleted += 1
        else:
            summary.updated += 1


def _tell_rejected(summary: Summary, one: _Return, rejected: Rejected) -> None:
    lang = "zh" if is_chinese() else "en"
    for problem in rejected.problems:
        said = say(problem.message, lang)
        cells = [cell for cell in one.values if cell.question == problem.question]
        summary.add(problem.question, said, cells)
    if not rejected.problems:
        is_of_period = rejected.code in ("not_owed", "not_open", "erased")
        cell = one.values[0]
        what = cell.period if is_of_period else cell.unit
        summary.add(what, rejected.reason, one.values)


_DAY = re.compile(r"(\d{4})(\d\d)(\d\d)", re.ASCII)
_WEEK = re.compile(r"(\d{4})W(\d{1,2})", re.ASCII)
_MONTH = re.compile(r"(\d{4})(\d\d)", re.ASCII)
_QUARTER = re.compile(r"(\d{4})Q([1-4])", re.ASCII)
_YEAR = re.compile(r"(\d{4})", re.ASCII)


def days_of(period: str) -> tuple[date, date]:
    """Return the first day of a DHIS2 period and the first after it. Raises PeriodRefused."""
    try:
        if found := _DAY.fullmatch(period):
            day = date(*map(int, found.groups()))
            return day, day + timedelta(days=1)
        if found := _WEEK.fullmatch(period):
            day = date.fromisocalendar(int(found[1]), int(found[2]), 1)
            return day, day + timedelta(days=7)
        if found := _MONTH.fullmatch(period):
            return _months(int(found[1]), int(found[2]), 1)
        if found := _QUARTER.fullmatch(period):
            return _months(int(found[1]), int(found[2]) * 3 - 2, 3)
        if found := _YEAR.fullmatch(period):
            return _months(int(found[1]), 1, 12)
    except (ValueError, OverflowError):
        pass
    raise PeriodRefused(_("This is no period such as 20200212, 2020W7, 202002, 2020Q1 or 2020."))


def _months(year: int, month: int, number: int) -> tuple[date, date]:
    first = date(year, month, 1)
    return first, first + relativedelta(months=number)
