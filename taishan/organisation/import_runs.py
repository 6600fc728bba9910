"""Large imports of people: handed to the worker, watched from a page, each performed once."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, datetime
from typing import Any, cast

from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.models import QuerySet
from django.utils import translation

from taishan.kit import jobs, tables
from taishan.kit.actor import Actor
from taishan.ledger import actions as ledger
from taishan.organisation import roster
from taishan.organisation.models import ImportRun
from taishan.organisation.sheets import Mode

TASK = "organisation.import_people"
LARGE_BYTES = 256 * 1024
"""Some five thousand people, which take a few seconds; nobody should wait for more at a page."""
KEPT_ERRORS = 200
RECENT = 5


@transaction.atomic
def begin(
    *, actor: Actor, now: datetime, on: date, content: bytes, mode: Mode, language: str
) -> ImportRun:
    """Have the worker import the file; its messages will be in the language."""
    run = ImportRun.objects.create(
        asked_by=actor.label,
        account_id=actor.account_id,
        asked_at=now,
        on=on,
        mode=mode,
        language=language,
        content=content,
    )
    ledger.record(
        actor=actor, now=now, verb="people.import_asked", subject=("import_run", str(run.pk)),
        data={"on": str(on), "mode": mode, "bytes": len(content)},
    )  # fmt: skip
    jobs.defer(TASK, run_id=run.pk)
    return run


def perform(*, now: datetime, run_id: int) -> None:
    """Import the run's file in the name of who asked, and keep its outcome, in one transaction.

    Does nothing where the run has ended: a job may come twice.
    """
    runs = ImportRun.objects.filter(pk=run_id, ended_at=None)
    run = runs.select_related("account").first()
    if run is None:
        return
    with translation.override(run.language), _progress(run) as progress, transaction.atomic():
        ended = _import(run, now, progress)
        if not runs.update(ended_at=now, content=b"", **ended):
            transaction.set_rollback(True)  # another worker held the same job and was quicker


def _import(run: ImportRun, now: datetime, progress: roster.Progress) -> dict[str, Any]:
    person_id = run.account.person_id if run.account else None
    actor = Actor(
        label=run.asked_by, account_id=run.account_id, person_id=person_id, door="job"
    )  # fmt: skip
    try:
        outcome = roster.import_people(
            actor=actor, now=now, on=run.on, content=bytes(run.content), mode=cast(Mode, run.mode),
            progress=progress,
        )  # fmt: skip
    except tables.TableError as error:
        return {"refusal": str(error)}
    told = asdict(outcome)
    kept = {"errors": told["errors"][:KEPT_ERRORS], "error_count": len(outcome.errors)}
    return {"outcome": told | kept}


@contextlib.contextmanager
def _progress(run: ImportRun) -> Iterator[roster.Progress]:
    """Write the rows done where the page sees them: outside the transaction of the import."""
    aside = connections.create_connection(DEFAULT_DB_ALIAS)

    def note(done: int, total: int) -> None:
        with aside.cursor() as cursor:
            cursor.execute(
                "UPDATE organisation_importrun SET rows_done = %s, rows_total = %s WHERE id = %s",
                [done, total, run.pk],
            )

    try:
        yield note
    finally:
        aside.close()


def find_recent() -> QuerySet[ImportRun]:
    """Return the latest runs, without their files."""
    return ImportRun.objects.defer("content").order_by("-pk")[:RECENT]
