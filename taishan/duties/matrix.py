"""The duty matrix: what posts owe again and again, recorded for a unit and all below it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _
from psycopg.types.range import DateRange

from taishan.core import duty_matrix
from taishan.core.duty_matrix import Template
from taishan.duties.matrix_files import Entry, Library
from taishan.duties.matrix_models import DutyTemplate
from taishan.duties.models import Duty
from taishan.kit.actor import Actor
from taishan.ledger import actions as ledger
from taishan.organisation import history
from taishan.organisation.models import UnitVersion

POST_DUTY = "post_duty"
"""The kind of an occurrence, and of its subject."""


class MatrixRefused(ValueError):
    """The templates cannot be recorded; the message says why."""


@dataclass(slots=True, kw_only=True)
class Imported:
    """Codes of the templates, by what became of them."""

    created: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)


@transaction.atomic
def import_library(
    *, actor: Actor, now: datetime, on: date, unit: str, library: Library
) -> Imported:
    """Let the templates of a library bind a unit and all below it from a day on.

    What the library no longer has ends on that day. The same file twice changes nothing. Raises
    MatrixRefused where one asks less than the unit above, or changed on or after the day already;
    OrganisationRefused for an unknown unit.
    """
    at = history.get_version(unit, on)
    rows = DutyTemplate.objects.select_for_update().filter(unit_id=at.unit_id)
    kept = {row.code: row for row in rows.filter(valid__contains=on)}
    imported = Imported()
    line = [row for row in find_line(at.path, on) if row.unit_id != at.unit_id]
    above = {row.code: row.terms for row in binding(line, on)}
    for entry in library.templates:
        if entry.code in above:
            _refuse_looser(above[entry.code], on, entry)
        _record(at, now, on, library.code, entry, kept.get(entry.code), imported)
    codes = {entry.code for entry in library.templates}
    for row in kept.values():
        if row.from_library == library.code and row.code not in codes:
            _end(row, on)
            imported.ended.append(row.code)
    if imported.created or imported.changed or imported.ended:
        ledger.record(
            actor=actor, now=now, verb="matrix.imported", subject=("matrix", library.code),
            unit_id=at.unit_id,
            data={"on": str(on), "created": imported.created, "changed": imported.changed,
                  "ended": imported.ended},
        )  # fmt: skip
    return imported


def _record(
    at: UnitVersion, now: datetime, on: date, library: str, entry: Entry,
    before: DutyTemplate | None, imported: Imported,
) -> None:  # fmt: skip
    row = _row(at, now, on, library, entry)
    if before is not None and _content(before) == _content(row):
        imported.unchanged.append(entry.code)
        return
    if before is not None:
        _end(before, on)
    later = DutyTemplate.objects.filter(
        unit_id=at.unit_id, code=entry.code, valid__startswith__gt=on
    )
    if later.exists():
        raise MatrixRefused(_("%s: a later version is recorded already.") % entry.code)
    row.save(force_insert=True)
    (imported.changed if before else imported.created).append(entry.code)


def _row(at: UnitVersion, now: datetime, on: date, library: str, entry: Entry) -> DutyTemplate:
    return DutyTemplate(
        unit_id=at.unit_id, code=entry.code, post_kinds=sorted(kind.value for kind in entry.posts),
        what_en=entry.what.en, what_zh=entry.what.zh, rule=entry.rule,
        counted_from=entry.counted_from, days=entry.days, due_at=entry.due,
        lapses_after_days=entry.lapses_after_days, needs_evidence=entry.evidence,
        source_en=entry.source.en, source_zh=entry.source.zh, source_url=entry.source.url,
        done_by=entry.done_by or "",
        from_library=library, valid=DateRange(on, None), recorded_at=now,
    )  # fmt: skip


def _content(row: DutyTemplate) -> tuple[object, ...]:
    words = (row.what_en, row.what_zh, row.source_en, row.source_zh, row.source_url)
    return row.terms, row.from_library, *words


def _end(row: DutyTemplate, on: date) -> None:
    if row.valid.lower == on:
        raise MatrixRefused(_("%s changed on that day already: choose a later one.") % row.code)
    row.valid = DateRange(row.valid.lower, on)
    row.save(update_fields=["valid"])


def _refuse_looser(above: Template, on: date, entry: Entry) -> None:
    less = duty_matrix.looser(above, entry.terms, on)
    if less:
        words = {
            "posts": _("fewer kinds of post"), "evidence": _("no evidence"),
            "lapse": _("longer time to be late"), "often": _("less often, or later"),
            "act": _("done by saying so, or by another act"),
        }  # fmt: skip
        raise MatrixRefused(
            _("%(code)s asks less than the unit above: %(less)s.")
            % {"code": entry.code, "less": ", ".join(words[one] for one in less)}
        )


def find_line(path: str, on: date) -> list[DutyTemplate]:
    """Return the templates in force on a day of the units of a path, the highest unit's first."""
    order = {int(step): number for number, step in enumerate(path.split("."))}
    rows = DutyTemplate.objects.filter(unit_id__in=order, valid__contains=on).select_related("unit")
    return sorted(rows, key=lambda row: (order[row.unit_id], row.code))


def find_binding(path: str, on: date) -> list[DutyTemplate]:
    """Return those that bind the unit at the end of a path on a day."""
    return binding(find_line(path, on), on)


def find_template(duty: Duty) -> DutyTemplate | None:
    """Return the template that a duty is an occurrence of, if it is one."""
    if duty.subject_kind != POST_DUTY:
        return None
    return DutyTemplate.objects.get(pk=template_of(duty))


def template_of(duty: Duty) -> int:
    """Return the id of the template of an occurrence."""
    return int(duty.subject_id.partition(":")[0])


def binding(line: list[DutyTemplate], on: date) -> list[DutyTemplate]:
    """Return those of a line's templates that bind: see ``core.duty_matrix.effective``."""
    asked: list[tuple[int, str, Template]] = [(row.pk, row.code, row.terms) for row in line]
    chosen = set(duty_matrix.effective(asked, on))
    return [row for row in line if row.pk in chosen]
