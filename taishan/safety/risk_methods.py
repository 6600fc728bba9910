"""Recording the ways of grading: editions with their sources, for the whole group."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet
from psycopg.types.range import DateRange

from taishan.kit import editions
from taishan.kit.actor import Actor
from taishan.kit.editions import Imported
from taishan.ledger import actions as ledger
from taishan.safety.risk_method_files import Entry, Library
from taishan.safety.risk_models import RiskMethod


def find_methods(on: date) -> QuerySet[RiskMethod]:
    """Return the methods by which risks may be graded on a day."""
    return RiskMethod.objects.filter(valid__contains=on).order_by("code")


@transaction.atomic
def import_library(*, actor: Actor, now: datetime, on: date, library: Library) -> Imported:
    """Let the methods of a library hold from a day on, each not before its own; until then what
    held goes on.

    What the library no longer has ends on that day; gradings given by it stay. The same file twice
    changes nothing. Raises LibraryRefused where one changed on or after the day already.
    """
    kept = editions.find_going_on(RiskMethod.objects.all(), on)
    done = Imported()
    for entry in library.methods:
        since = max(on, entry.holds_from)
        new = [_row(now, since, library.code, entry)]
        editions.replace(done, since, kept.pop(entry.code, []), new)
    editions.end_others(done, on, library.code, kept)
    if about := done.about():
        ledger.record(
            actor=actor, now=now, verb="risk_methods.imported",
            subject=("risk_methods", library.code), unit_id=None, data={"on": str(on)} | about,
        )  # fmt: skip
    return done


def _row(now: datetime, since: date, library: str, entry: Entry) -> RiskMethod:
    return RiskMethod(
        code=entry.code, title_en=entry.title.en, title_zh=entry.title.zh,
        source_en=entry.source.en, source_zh=entry.source.zh, source_url=entry.source.url,
        note_en=entry.note.en if entry.note else "", note_zh=entry.note.zh if entry.note else "",
        factors=[factor.model_dump(mode="json") for factor in entry.factors],
        levels=[[one.level, one.starts, one.edges.value] for one in entry.levels],
        from_library=library, valid=DateRange(since, None), recorded_at=now,
    )  # fmt: skip
