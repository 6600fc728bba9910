"""Files that came with a report, such as photos: kept with its answers, seen and erased as these.

They are bound to the report's key and the number under which they came: a client sends them in
several requests, perhaps after other answers replaced the ones they belong to.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from taishan.core import merkle
from taishan.forms.models import Form
from taishan.kit import attachments
from taishan.kit.actor import Actor
from taishan.kit.arrays import any_of
from taishan.kit.attachments import Attachment
from taishan.ledger import actions as ledger
from taishan.organisation.access import Viewer
from taishan.privacy.models import Look
from taishan.reporting import reading
from taishan.reporting.models import ReportFile


class FileRefused(ValueError):
    """The file is not kept; the message says why."""


def add(
    *, actor: Actor, now: datetime, key: reading.Key, client: UUID, files: Mapping[str, Attachment]
) -> int:
    """Keep files by the names that the answers give them; return how many are new.

    A file that came before is left as it is. Raises FileRefused where another one came under its
    name, and keeps none then.
    """
    kept: list[ReportFile] = []
    try:
        with transaction.atomic():
            for name, file in files.items():
                kept += _keep(actor, now, key, client, name, file)
            _note(actor, now, key, kept)
    except BaseException:
        # Without its row nobody would find such a file again to erase it.
        _discard(kept)
        raise
    return len(kept)


def _keep(
    actor: Actor, now: datetime, key: reading.Key, client: UUID, name: str, file: Attachment
) -> list[ReportFile]:
    """Return the file's new row, none where it is there. Two requests may bring it at once."""
    unit_id, form_id, period, subject_id = key
    there = ReportFile.objects.filter(pk=(unit_id, form_id, period, subject_id, client, name))
    if not there.exists():
        row = ReportFile(
            unit_id=unit_id, form_id=form_id, period=period, subject_id=subject_id, client=client,
            name=name, kept_as=UUID(attachments.keep(file)), kind=file.kind, sha256=file.sha256,
            recorded_at=now, account_id=actor.account_id,
        )  # fmt: skip
        ReportFile.objects.bulk_create([row], ignore_conflicts=True)
        if there.get().kept_as == row.kept_as:
            return [row]
        _discard([row])
    if there.get().sha256 != file.sha256:
        raise FileRefused(_("Another file came under the name %s before.") % name)
    return []


def _note(actor: Actor, now: datetime, key: reading.Key, kept: Iterable[ReportFile]) -> None:
    """Bind the files in the ledger, salted by their random names, which go when they are erased."""
    leaves = [f"{row.client} {row.kept_as} {row.name} {row.sha256}".encode() for row in kept]
    if not leaves:
        return
    root = merkle.root(leaves).hex()
    ledger.record(
        actor=actor, now=now, verb="report.files_added", subject=("report_files", root),
        unit_id=key[0], data={"files": len(leaves)},
    )  # fmt: skip


def find(key: reading.Key) -> list[ReportFile]:
    """Return the files of a report, by name; who may see its answers may see them."""
    unit_id, form_id, period, subject_id = key
    found = ReportFile.objects.filter(
        unit_id=unit_id, form_id=form_id, period=period, subject_id=subject_id
    )
    return list(found.order_by("name", "recorded_at"))


def addresses(key: reading.Key) -> dict[str, str]:
    """Return where the files of a report are seen, by the names that its answers give them."""
    return {row.name: reverse("reporting:file", args=[row.kept_as]) for row in find(key)}


@transaction.atomic
def read(*, viewer: Viewer, now: datetime, kept_as: UUID) -> Attachment:
    """Return a file of a report. A look at somebody's health is recorded.

    Raises ReportFile.DoesNotExist, PermissionDenied, and attachments.AttachmentLost.
    """
    row = ReportFile.objects.get(kept_as=kept_as)
    form = Form.objects.get(pk=row.form_id)
    key = (row.unit_id, row.form_id, row.period, row.subject_id)
    reading.refuse(viewer, form, key)
    reading.note_look(viewer, now, form, key, Look.Door.FILE)
    return attachments.read(row.kept_as.hex, name=row.name, kind=row.kind, sha256=row.sha256)


def erase(form_id: int, until: date) -> None:
    """Erase the files of a form's reports for periods before the day, within a transaction.

    They go from the disk before it ends: should it fail, what is lost was to be erased, whereas
    what outlived its row would stay for ever.
    """
    rows = ReportFile.objects.filter(form_id=form_id, period__lt=until)
    _discard(rows)
    rows.delete()


def erase_of(form_id: int, subject_id: int, cells: Iterable[tuple[int, date]]) -> None:
    """Erase the files of somebody's reports in units on days; as ``erase``."""
    asked = set(cells)
    rows = ReportFile.objects.filter(
        any_of("unit_id", {unit for unit, _day in asked}), form_id=form_id, subject_id=subject_id
    )
    for row in rows:
        if (row.unit_id, row.period) in asked:
            _discard([row])
            row.delete()


def _discard(rows: Iterable[ReportFile]) -> None:
    for row in rows:
        attachments.discard(row.kept_as.hex)
