"""The duty matrix: what posts owe again and again, recorded for a unit and all below it."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _
from psycopg.types.range import DateRange

from taishan.core import duty_matrix
from taishan.core.duty_matrix import Template
from taishan.duties.matrix_files import Entry, Library
from taishan.duties.matrix_models import DutyTemplate
from taishan.duties.models import Duty
from taishan.kit import editions
from taishan.kit.actor import Actor
from taishan.kit.editions import Imported, LibraryRefused
from taishan.ledger import actions as ledger
from taishan.organisation import history
from taishan.organisation.models import UnitVersion

POST_DUTY = "post_duty"
"""The kind of an occurrence, and of its subject."""


@transaction.atomic
def import_library(
    *, actor: Actor, now: datetime, on: date, unit: str, library: Library
) -> Imported:
    """Let the templates of a library bind a unit and all below it from a day on.

    What the library no longer has ends on that day. The same file twice changes nothing. Raises
    LibraryRefused where one asks less than the unit above, or changed on or after the day already;
    OrganisationRefused for an unknown unit.
    """
    at = history.get_version(unit, on)
    kept = editions.find_going_on(DutyTemplate.objects.filter(unit_id=at.unit_id), on)
    line = [row for row in find_line(at.path, on) if row.unit_id != at.unit_id]
    above = {row.code: row.terms for row in binding(line, on)}
    done = Imported()
    for entry in library.templates:
        if entry.code in above:
            _refuse_looser(above[entry.code], on, entry)
        new = [_row(at, now, on, library.code, entry)]
        editions.replace(done, on, kept.pop(entry.code, []), new)
    editions.end_others(done, on, library.code, kept)
    if about := done.about():
        ledger.record(
            actor=actor, now=now, verb="matrix.imported", subject=("matrix", library.code),
            unit_id=at.unit_id, data={"on": str(on)} | about,
        )  # fmt: skip
    return done


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


def _refuse_looser(above: Template, on: date, entry: Entry) -> None:
    less = duty_matrix.looser(above, entry.terms, on)
    if less:
        words = {
            "posts": _("fewer kinds of post"), "evidence": _("no evidence"),
            "lapse": _("longer time to be late"), "often": _("less often, or later"),
            "act": _("done by saying so, or by another act"),
        }  # fmt: skip
        raise LibraryRefused(
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
