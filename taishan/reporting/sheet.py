"""Reports of one form in a file: xlsx or csv with a column a question, or NDJSON."""

from __future__ import annotations

import hashlib
import json
import operator
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid5

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from taishan.core.answers import Definition, say
from taishan.forms import queries as forms
from taishan.forms.models import Form
from taishan.kit import days, tables
from taishan.kit.actor import Actor
from taishan.organisation import sheets, whereabouts
from taishan.organisation.access import Viewer
from taishan.reporting import actions, intake, packing
from taishan.reporting.models import Door
from taishan.reporting.submissions import Accepted, Outcome, Rejected, Submission

BATCH = 10_000
SUBJECT = tables.Column(
    key="subject", titles=("staff_no", "unit", "工号", "单位编码"), is_needed=True
)
PERIOD = tables.Column(key="period", titles=("日期", "报告期"))

Progress = Callable[[int, int], None]
"""Called with rows done and rows in all."""

_Cells = tuple[str, int, dict[str, Any]]
"""The sheet, the row's number in it, and its values by column."""


@dataclass(slots=True, kw_only=True)
class Import:
    """How many rows came to what, and each cell that kept a row out."""

    outcomes: dict[Outcome, int] = field(default_factory=lambda: dict.fromkeys(Outcome, 0))
    rejected: int = 0
    errors: list[tables.CellError] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    number: int
    sheet: str
    submission: Submission


def import_reports(
    *, actor: Actor, now: datetime, content: bytes, form: str, period: date,
    viewer: Viewer | None = None, progress: Progress | None = None,
) -> Import:  # fmt: skip
    """Take in the reports of a file by the path of all reports, in batches, unit by unit.

    ``period`` is that of rows without their own. A row's number is made of the file and its place,
    so that the same file again changes nothing, whatever came in between. Raises tables.TableError
    for a file that is not read, and FormVersion.DoesNotExist.
    """
    result = Import()
    lines = _by_unit(form, list(_lines(content, form, period, result)))
    batches = [lines[start : start + BATCH] for start in range(0, len(lines), BATCH)]
    became = actions.submit_each(
        actor=actor, now=now, viewer=viewer,
        batches=([line.submission for line in batch] for batch in batches),
    )  # fmt: skip
    done = 0
    for batch, found in zip(batches, became, strict=True):
        _count(result, batch, found)
        done += len(batch)
        if progress:
            progress(done, len(lines))
    result.errors.sort(key=operator.attrgetter("row"))
    return result


def _count(result: Import, batch: Iterable[_Line], became: Iterable[Accepted | Rejected]) -> None:
    for line, one in zip(batch, became, strict=True):
        if isinstance(one, Rejected):
            _reject(result, line, one)
        else:
            result.outcomes[one.outcome] += 1


def _by_unit(form: str, lines: list[_Line]) -> list[_Line]:
    """Put what is of one unit together: a batch then holds few units while it is stored, and moves
    the counters of each of them once."""
    if forms.get_version(form).form.subject == Form.Subject.UNIT:
        return lines
    asked = [(intake.storable(one.submission.subject), one.submission.period) for one in lines]
    found = whereabouts.find_people(asked, with_shifts=False)
    units = [one.unit_id or 0 for one in found]
    return [lines[place] for place in sorted(range(len(lines)), key=units.__getitem__)]


def template(form: str, *, lang: str) -> bytes:
    """Return an empty workbook with a column a question; cells of one choice offer theirs."""
    definition = forms.get_definition(forms.get_version(form))
    names = packing.names(definition)
    asked = {question.name: question for question, _path in definition.walk()}
    headings = [SUBJECT.key, PERIOD.key, *names]
    choices = {
        place: [choice.name for choice in asked[name].choices]
        for place, name in enumerate(names, start=2)
        if asked[name].kind == "select_one" and asked[name].choices
    }
    words = [[name, say(asked[name].labels, lang)] for name in names]
    return tables.write_book(
        [
            tables.NewSheet(name=form, headings=headings, rows=[], choices=choices),
            tables.NewSheet(name="questions", headings=["name", "question"], rows=words),
        ]
    )


def _lines(content: bytes, form: str, period: date, result: Import) -> Iterator[_Line]:
    definition = forms.get_definition(forms.get_version(form))
    namespace = UUID(bytes=hashlib.sha256(content).digest()[:16])
    is_json = content.lstrip()[:1] == b"{"
    rows = _from_json(content, result) if is_json else _from_table(content, definition)
    for sheet, number, values in rows:
        subject, said = str(values.pop("subject", "")), values.pop("period", "")
        try:
            day = sheets.day(str(said)) or period
        except ValueError:
            _wrong(result, sheet, number, "period", str(said), days.expected())
            continue
        yield _Line(
            number=number,
            sheet=sheet,
            submission=Submission(
                form=form, subject=subject, period=day, answers=values, door=Door.FILE,
                client=uuid5(namespace, str(number)),
            ),
        )  # fmt: skip


def _from_table(
    content: bytes, definition: Definition
) -> Iterator[tuple[str, int, dict[str, Any]]]:
    asked = {question.name: question for question, _path in definition.walk()}
    columns = [
        tables.Column(key=name, titles=tuple(asked[name].labels.values()))
        for name in packing.names(definition)
    ]
    sheet = tables.read(content, columns=[SUBJECT, PERIOD, *columns])
    for row in sheet.rows:
        yield sheet.name, row.number, {key: cell for key, cell in row.values.items() if cell}


def _from_json(content: bytes, result: Import) -> Iterator[_Cells]:
    """Each line an object with ``subject``, perhaps ``period``, and the answers by name."""
    for number, line in enumerate(tables.decode(content).splitlines(), start=1):
        if not line.strip():
            continue
        try:
            values = json.loads(line)
        except (ValueError, RecursionError):
            values = None
        if isinstance(values, dict):
            yield "ndjson", number, values
        else:
            _wrong(result, "ndjson", number, "", line[:40], _("an object of JSON"))


def _reject(result: Import, line: _Line, rejected: Rejected) -> None:
    lang = "zh" if (get_language() or "").startswith("zh") else "en"
    one = line.submission
    result.rejected += 1
    for problem in rejected.problems:
        value = one.answers.get(problem.question, "")
        expected = say(problem.message, lang)
        result.errors.append(_error(line.sheet, line.number, problem.question, value, expected))
    if not rejected.problems:
        is_of_period = rejected.code in ("not_owed", "not_open", "erased")
        column, value = ("period", one.period) if is_of_period else ("subject", one.subject)
        result.errors.append(_error(line.sheet, line.number, column, value, rejected.reason))


def _wrong(
    result: Import, sheet: str, number: int, column: str, value: object, expected: str
) -> None:
    result.rejected += 1
    result.errors.append(_error(sheet, number, column, value, expected))


def _error(sheet: str, number: int, column: str, value: object, expected: str) -> tables.CellError:
    return tables.CellError(
        sheet=sheet, row=number, column=column, value=str(value), expected=expected
    )
