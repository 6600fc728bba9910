"""Asking for a file, and what the worker says of it: begun, so far, written, interrupted.

A file is written once. Where its worker died, it is not tried again by itself, since a file that is
too large for its worker would end every worker in turn: its page says so, and whoever asked may ask
again.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from taishan.files import storage
from taishan.files.models import AskedFile
from taishan.kit import jobs
from taishan.kit.actor import Actor
from taishan.ledger import actions as ledger

WRITE = "files.write"
"""The name of the job that writes; it stands in ``web``, which knows what every kind is made of."""

LARGE_ROWS = 20_000
"""Some seconds of work; nobody should wait for more at a page."""
KEPT = timedelta(days=3)


class FileRefused(ValueError):
    """A file that cannot be asked for; the message says why."""


@transaction.atomic
def ask(
    *, actor: Actor, now: datetime, kind: str, asked: dict[str, Any], name: str, language: str
) -> AskedFile:
    """Have the worker write a file for the actor's account, its headings in the language."""
    if actor.account_id is None:
        raise FileRefused("a file is for an account")
    file = AskedFile.objects.create(
        account_id=actor.account_id, asked_by=actor.label, asked_at=now, kind=kind, asked=asked,
        name=name, language=language,
    )  # fmt: skip
    ledger.record(
        actor=actor, now=now, verb="file.asked", subject=("file", str(file.pk)),
        data={"kind": kind, "asked": asked},
    )  # fmt: skip
    jobs.defer(WRITE, file_id=file.pk)
    return file


def begin(*, now: datetime, file_id: int) -> AskedFile | None:
    """Return the file to write, None where there is nothing to do.

    What was begun and never ended is another worker's that died: it ends here, without a file.
    """
    waiting = AskedFile.objects.filter(pk=file_id, begun_at=None)
    if waiting.update(begun_at=now):
        return AskedFile.objects.get(pk=file_id)
    AskedFile.objects.filter(pk=file_id, ended_at=None).update(ended_at=now)
    return None


def note(file: AskedFile, done: int, total: int) -> None:
    """Keep how many rows are written, for the page that shows it."""
    AskedFile.objects.filter(pk=file.pk).update(rows_done=done, rows_total=total)


def finish(*, now: datetime, file: AskedFile, kept_as: str) -> None:
    """Offer what was written, unless it was given up meanwhile."""
    size = storage.size_bytes(kept_as)
    mine = AskedFile.objects.filter(pk=file.pk, ended_at=None)
    if not mine.update(ended_at=now, kept_as=kept_as, size_bytes=size):
        storage.drop(kept_as)


def interrupt(*, now: datetime, file: AskedFile) -> None:
    """Say that it was not written."""
    AskedFile.objects.filter(pk=file.pk, ended_at=None).update(ended_at=now)


def drop_old(*, now: datetime) -> int:
    """Delete the files asked for too long ago, and what is left of others; say how many."""
    old = AskedFile.objects.filter(asked_at__lte=now - KEPT)
    names = list(old.exclude(kept_as="").values_list("kept_as", flat=True))
    number, _by_model = old.delete()
    for kept_as in names:
        storage.drop(kept_as)
    storage.drop_older_than(KEPT)
    return number
