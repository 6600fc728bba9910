"""What may be done with red lines: record a library of them, report that one was crossed."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from psycopg.types.range import DateRange

from taishan.kit import editions
from taishan.kit.actor import Actor
from taishan.kit.attachments import Attachment
from taishan.kit.editions import Imported, LibraryRefused
from taishan.ledger import actions as ledger
from taishan.organisation import history
from taishan.organisation.models import Post, Unit, UnitVersion
from taishan.safety import actions, red_line_queries
from taishan.safety.actions import StopRefused
from taishan.safety.models import StopWork
from taishan.safety.red_line_files import Entry, Library
from taishan.safety.red_line_models import RedLine


@transaction.atomic
def report_breach(
    *,
    actor: Actor,
    now: datetime,
    version: UnitVersion,
    red_line: RedLine,
    ground: str,
    place: str = "",
    shown_to: str = StopWork.ShownTo.AUTHORITY,
    photo: Attachment | None = None,
    key: UUID | None = None,
    said_at: datetime | None = None,
) -> StopWork:
    """Stop work at a unit, since a red line was crossed there. Raises StopRefused."""
    if red_line not in red_line_queries.find_holding_now(version, now):
        raise StopRefused(_("This red line does not hold there today: stop the work without it."))
    return actions.stop_work(
        actor=actor, now=now, version=version, ground=ground, place=place, shown_to=shown_to,
        photo=photo, red_line=red_line, key=key, said_at=said_at,
    )  # fmt: skip


def compare_library(*, now: datetime, on: date, unit: str, library: Library) -> Imported:
    """Return what recording a library from a day on would do. Raises as ``import_library``."""
    with transaction.atomic():
        done = _write(now, on, history.get_version(unit, on).unit, library)
        transaction.set_rollback(True)
    return done


@transaction.atomic
def import_library(
    *, actor: Actor, now: datetime, on: date, unit: str, library: Library
) -> Imported:
    """Let the red lines of a library hold in a unit and all below it, from a day on.

    What the library no longer has ends on that day. The same file twice changes nothing. Raises
    LibraryRefused where one changed on or after the day already, or names an unknown post;
    OrganisationRefused for an unknown unit.
    """
    at = history.get_version(unit, on)
    done = _write(now, on, at.unit, library)
    if about := done.about():
        ledger.record(
            actor=actor, now=now, verb="red_lines.imported", subject=("red_lines", library.code),
            unit_id=at.unit_id, data={"on": str(on)} | about,
        )  # fmt: skip
    return done


def _write(now: datetime, on: date, unit: Unit, library: Library) -> Imported:
    kept = editions.find_going_on(RedLine.objects.filter(unit=unit), on)
    wanted: dict[str, list[RedLine]] = {}
    for entry in sorted(library.red_lines, key=lambda one: one.holds_from):
        if entry.holds_until is None or entry.holds_until > on:
            wanted.setdefault(entry.code, []).append(_row(now, on, unit, library.code, entry))
    done = Imported()
    for code, new in wanted.items():
        editions.replace(done, on, kept.pop(code, []), new)
    editions.end_others(done, on, library.code, kept)
    return done


def _row(now: datetime, on: date, unit: Unit, library: str, entry: Entry) -> RedLine:
    lifter = entry.lifted_by
    return RedLine(
        unit=unit, code=entry.code, what_en=entry.what.en, what_zh=entry.what.zh,
        basis=entry.basis, source_en=entry.source.en, source_zh=entry.source.zh,
        source_url=entry.source.url, unit_kinds=sorted(kind.value for kind in entry.unit_kinds),
        kinds_of_work=sorted(entry.kinds_of_work), lifted_by=lifter.by.value,
        lifter_unit=history.get_version(lifter.unit, on).unit if lifter.unit else None,
        lifter_post=_post(lifter.post, on) if lifter.post else None, from_library=library,
        valid=DateRange(max(on, entry.holds_from), entry.holds_until), recorded_at=now,
    )  # fmt: skip


def _post(code: str, on: date) -> Post:
    found = Post.objects.filter(code=code, valid__contains=on).first()
    if found is None:
        raise LibraryRefused(_("No post %s is there on that day.") % code)
    return found
