"""The pictures and other files that a version's questions show, by the names it gives them."""

from __future__ import annotations

import hashlib
import re
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from taishan.forms.models import FormFile, FormVersion
from taishan.kit import attachments
from taishan.kit.actor import Actor
from taishan.kit.attachments import Attachment
from taishan.ledger import actions as ledger

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


class FileRefused(ValueError):
    """The file is not added; the message says why."""


@transaction.atomic
def add(*, actor: Actor, now: datetime, version: FormVersion, name: str, content: bytes) -> None:
    """Add a file to a draft, in the place of one of the same name.

    Raises FileRefused, and attachments.AttachmentRefused for what is no picture, PDF or workbook.
    """
    if not _NAME.fullmatch(name):
        raise FileRefused(
            _("A file of a question is named by letters, digits, dots, - and _, such as masks.png.")
        )
    locked = FormVersion.objects.select_for_update().get(pk=version.pk)
    if locked.state != FormVersion.State.DRAFT:
        said = _("Files are added to a draft: what people have downloaded stays as it is.")
        raise FileRefused(said)
    file = attachments.inspect(name, content)
    FormFile.objects.update_or_create(
        version=locked,
        name=name,
        defaults={
            "kind": file.kind,
            "sha256": file.sha256,
            "md5": hashlib.md5(content, usedforsecurity=False).hexdigest(),
            "kept_as": attachments.keep(file),
        },
    )
    ledger.record(
        actor=actor, now=now, verb="form.file_added", subject=("form", version.form.code),
        data={"number": version.number, "name": name, "sha256": file.sha256},
    )  # fmt: skip


def carry(files: list[FormFile], version: FormVersion) -> None:
    """Give the files of the version before to a new one, as long as its text still names them."""
    FormFile.objects.bulk_create(
        FormFile(
            version=version, name=one.name, kind=one.kind, sha256=one.sha256, md5=one.md5,
            kept_as=one.kept_as,
        )
        for one in files
        if f"/{one.name}<" in version.xform
    )  # fmt: skip


def get(version: FormVersion, name: str) -> Attachment:
    """Return a file of the version. Raises FormFile.DoesNotExist and AttachmentLost."""
    row = version.files.get(name=name)
    return attachments.read(row.kept_as, name=row.name, kind=row.kind, sha256=row.sha256)
