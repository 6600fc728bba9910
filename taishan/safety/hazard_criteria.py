"""Recording libraries of criteria, and finding those by which a hazard is graded on a day."""

from __future__ import annotations

import hashlib
from datetime import date, datetime

from django.db import connection, transaction
from django.db.models import F, Max, QuerySet, Window
from django.utils.translation import gettext as _
from psycopg.types.range import DateRange

from taishan.core.hazards import Cause
from taishan.kit.actor import Actor
from taishan.ledger import actions as ledger
from taishan.safety.hazard_criteria_files import Entry, Library
from taishan.safety.hazard_criteria_models import CriteriaVersion, Criterion


class CriterionRefused(ValueError):
    """No hazard can be graded so; the message says why."""


@transaction.atomic
def import_library(*, actor: Actor, now: datetime, library: Library) -> CriteriaVersion | None:
    """Record a library as a version of its own; return it, None where nothing changed.

    What was graded by an earlier version stays graded by it.
    """
    _one_at_a_time()
    sha256 = hashlib.sha256(library.model_dump_json().encode()).hexdigest()
    versions = CriteriaVersion.objects.filter(from_library=library.code).order_by("-number")
    last = versions.first()
    if last is not None and last.sha256 == sha256:
        return None
    version = CriteriaVersion.objects.create(
        from_library=library.code, number=last.number + 1 if last else 1, title_en=library.title.en,
        title_zh=library.title.zh, sha256=sha256, recorded_at=now,
    )  # fmt: skip
    Criterion.objects.bulk_create(_row(version, entry) for entry in library.criteria)
    ledger.record(
        actor=actor, now=now, verb="criteria.imported", subject=("criteria", library.code),
        unit_id=None,
        data={"version": version.number, "criteria": len(library.criteria), "sha256": sha256},
    )  # fmt: skip
    return version


def _one_at_a_time() -> None:
    """Two at once would both take the same number, and one would fail."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('safety.hazard_criteria'))")


def _row(version: CriteriaVersion, entry: Entry) -> Criterion:
    return Criterion(
        version=version, code=entry.code, cause=entry.cause or "", grade=entry.grade,
        stops=entry.stops, words_en=entry.words.en, words_zh=entry.words.zh,
        source_en=entry.source.en, source_zh=entry.source.zh, source_url=entry.source.url,
        valid=DateRange(entry.since, entry.until),
    )  # fmt: skip


def find_versions() -> QuerySet[CriteriaVersion]:
    """Return the latest version of each library."""
    latest = Window(Max("number"), partition_by="from_library")
    return CriteriaVersion.objects.annotate(latest=latest).filter(number=F("latest"))


def find_in_force(on: date) -> QuerySet[Criterion]:
    """Return the criteria that hold on a day, by the latest versions."""
    rows = Criterion.objects.filter(version__in=find_versions().values("pk"), valid__contains=on)
    return rows.select_related("version").order_by("grade", "cause", "code")


def choose(code: str, cause: str, on: date) -> tuple[Criterion, Cause]:
    """Return a criterion that holds on a day, and the cause it leads to. Raises CriterionRefused.

    A criterion of one cause decides it; for any other the cause has to be said. The code of which
    several libraries have one is given with its library, as ``library/code``.
    """
    library, _slash, bare = code.rpartition("/")
    of_code = find_in_force(on).filter(code=bare)
    named = list(of_code.filter(version__from_library=library) if library else of_code)
    if not named:
        raise CriterionRefused(_("No criterion %s holds on this day.") % code)
    if len(named) > 1:
        ways = ", ".join(f"{one.version.from_library}/{one.code}" for one in named)
        raise CriterionRefused(_("Several libraries have this criterion: say which, %s.") % ways)
    [found] = named
    chosen = found.cause or cause
    if found.cause and cause and cause != found.cause:
        raise CriterionRefused(_("This criterion is about another cause: leave the cause open."))
    if chosen not in set(Cause):
        raise CriterionRefused(_("Say what kind of danger it is: this criterion fits any."))
    return found, Cause(chosen)
