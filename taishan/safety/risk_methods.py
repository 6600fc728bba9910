"""Recording the ways of grading: editions with their sources, for the whole group."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from psycopg.types.range import DateRange

from taishan.kit.actor import Actor
from taishan.ledger import actions as ledger
from taishan.safety.risk_method_files import Entry, Library
from taishan.safety.risk_models import RiskMethod


class MethodsRefused(ValueError):
    """The library cannot be recorded; the message says why."""


def find_methods(on: date) -> QuerySet[RiskMethod]:
    """Return the methods by which risks may be graded on a day."""
    return RiskMethod.objects.filter(valid__contains=on).order_by("code")


@transaction.atomic
def import_library(*, actor: Actor, now: datetime, on: date, library: Library) -> list[str]:
    """Let the methods of a library hold from a day on; return the codes of new and changed ones.

    What the library no longer has ends on that day; gradings given by it stay. The same file twice
    changes nothing. Raises MethodsRefused where one changed on that day already.
    """
    rows = RiskMethod.objects.select_for_update().filter(valid__contains=on)
    kept = {row.code: row for row in rows}
    changed = []
    for entry in library.methods:
        row = _row(now, max(on, entry.holds_from), library.code, entry)
        before = kept.get(entry.code)
        if before is None or _content(before) != _content(row):
            _end(on, before)
            row.save(force_insert=True)
            changed.append(entry.code)
    codes = {entry.code for entry in library.methods}
    ended = [one for one in kept.values() if one.from_library == library.code]
    ended = [one for one in ended if one.code not in codes]
    for one in ended:
        _end(on, one)
    if changed or ended:
        ledger.record(
            actor=actor, now=now, verb="risk_methods.imported",
            subject=("risk_methods", library.code), unit_id=None,
            data={"on": str(on), "changed": changed, "ended": [one.code for one in ended]},
        )  # fmt: skip
    return changed


def _row(now: datetime, since: date, library: str, entry: Entry) -> RiskMethod:
    return RiskMethod(
        code=entry.code, title_en=entry.title.en, title_zh=entry.title.zh,
        source_en=entry.source.en, source_zh=entry.source.zh, source_url=entry.source.url,
        note_en=entry.note.en if entry.note else "", note_zh=entry.note.zh if entry.note else "",
        factors=[factor.model_dump(mode="json") for factor in entry.factors],
        levels=[[one.level, one.starts, one.edges.value] for one in entry.levels],
        from_library=library, valid=DateRange(since, None), recorded_at=now,
    )  # fmt: skip


def _content(row: RiskMethod) -> tuple[object, ...]:
    words = (row.title_en, row.title_zh, row.source_en, row.source_zh, row.source_url)
    return (*words, row.note_en, row.note_zh, row.factors, row.levels, row.from_library)


def _end(on: date, row: RiskMethod | None) -> None:
    if row is None:
        return
    if row.valid.lower == on:
        raise MethodsRefused(_("%s changed on that day already: choose a later one.") % row.code)
    row.valid = DateRange(row.valid.lower, on)
    row.save(update_fields=["valid"])
