"""Files that came with a report, such as photos: kept with its answers, seen and erased as these.

They are bound to the report's key and the number under which they came, since a client sends them
in several requests, some after the report itself was replaced.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from taishan.core import merkle
from taishan.forms.models import Form
from taishan.kit import attachments
from taishan.kit.actor import Actor
from taishan.kit.attachments import Attachment
from taishan.ledger import actions as ledger
from taishan.organisation.access import Viewer
from taishan.reporting import reading
from taishan.reporting.models import ReportFile


class FileRefused(ValueError):
    """The file is not kept; the message says why."""


def add(
    *, actor: Actor, now: datetime, key: reading.Key, client: UUID, files: Mapping[str, Attachment]
) -> int:
    """Keep files, by the names that the answers give them; return how many are new.

    A file that came before is left as it is. Raises FileRefused where another one came under its
    name.
    """
    kept: list[str] = []
    try:
        with transaction.atomic():
            for name, file in files.items():
                kept += _keep(actor, now, key, client, name, file)
            _note(actor, now, key, client, {name: files[name] for name in files} if kept else {})
    except BaseException:
        # Without its row nobody would ever find such a file to erase it.
        attachments.discard(kept)
        raise
    return len(kept)


def _keep(
    actor: Actor, now: datetime, key: reading.Key, client: UUID, name: str, file: Attachment
) -> list[str]:
    """Return the new file's name in the media folder; none where it was there."""
    unit_id, form_id, period, subject_id = key
    bound = {
        "unit_id": unit_id, "form_id": form_id, "period": period, "subject_id": subject_id,
        "client": client, "name": name,
    }  # fmt: skip
    there = ReportFile.objects.select_for_update().filter(**bound).first()
    if there is not None:
        if there.sha256 != file.sha256:
            raise FileRefused(_("Another file came under the name %s before.") % name)
        return []
    kept_as = attachments.keep(file)
    ReportFile.objects.create(
        **bound, kept_as=UUID(kept_as), kind=file.kind, sha256=file.sha256,
        recorded_at=now, account_id=actor.account_id,
    )  # fmt: skip
    return [kept_as]
