"""Files that people hand in as proof: looked into, kept under a name of ours, given back as given.

A photo is kept without what its camera wrote beside it (``pictures``).

What a file is, its first bytes say and never its name; so nobody can hand in a page that a browser
would run.
"""

from __future__ import annotations

import hashlib
import io
import secrets
import zipfile
from dataclasses import dataclass
from pathlib import PurePath

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from taishan.kit import media, pictures

LIMIT_BYTES = 10 * 1024 * 1024
LIMIT_NAME = 100
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ENDINGS = {
    "image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp",
    "application/pdf": ".pdf", XLSX: ".xlsx",
}  # fmt: skip
"""The kinds that are taken, and how a file of each is named."""


class AttachmentRefused(ValueError):
    """The file is not taken; the message says why and what would be."""


class AttachmentLost(RuntimeError):
    """The file is gone from where it was kept, or is no longer what was handed in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file that is fit to be kept: ``kind`` is its media type, ``name`` what people call it."""

    name: str
    kind: str
    content: bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def take(file: UploadedFile[bytes]) -> Attachment:
    """Return an uploaded file as it may be kept, unread if too large. Raises AttachmentRefused."""
    if (file.size or 0) > LIMIT_BYTES:
        raise AttachmentRefused(too_large())
    return inspect(file.name or "", file.read())


def inspect(name: str, content: bytes) -> Attachment:
    """Return the file as it may be kept. Raises AttachmentRefused."""
    if len(content) > LIMIT_BYTES:
        raise AttachmentRefused(too_large())
    kind = _kind(content)
    if kind is None:
        raise AttachmentRefused(
            _("This is no photo (JPEG, PNG, WebP), no PDF and no xlsx workbook: %s") % name
        )
    try:
        stripped = pictures.strip(kind, content)
    except pictures.PictureRefused as refused:
        raise AttachmentRefused(f"{refused} ({name})") from None
    if not stripped:
        raise AttachmentRefused(_("There is no picture in this file: %s") % name)
    stem = "".join(c for c in PurePath(name).stem if c.isprintable())[:LIMIT_NAME]
    name = (stem or "file") + ENDINGS[kind]
    return Attachment(name=name, kind=kind, content=stripped)


def too_large() -> str:
    return _("The file is larger than %d MiB.") % (LIMIT_BYTES // 1024 // 1024)


def _kind(content: bytes) -> str | None:
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return "image/webp"
    if content.startswith(b"%PDF-"):
        return "application/pdf"
    return XLSX if content.startswith(b"PK") and _is_workbook(content) else None


def _is_workbook(content: bytes) -> bool:
    """Tell a workbook without macros from other archives, by the names in it alone."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return False
    return "xl/workbook.xml" in names and "xl/vbaProject.bin" not in names


def keep(attachment: Attachment) -> str:
    """Keep the file for good; return the random name under which it is found.

    Call it before the row that names it is committed: a file without its row only takes up room,
    a row without its file would be lost proof.
    """
    kept_as = secrets.token_hex(16)
    media.keep(_path(kept_as), attachment.content)
    return kept_as


def read(kept_as: str, *, name: str, kind: str, sha256: str) -> Attachment:
    """Return a kept file. Raises AttachmentLost where it is not what was handed in."""
    try:
        found = Attachment(name=name, kind=kind, content=media.read(_path(kept_as)))
    except FileNotFoundError:
        raise AttachmentLost(
            _("The file is missing from the media folder of this instance.")
        ) from None
    if found.sha256 != sha256:
        raise AttachmentLost(_("The file was altered after it was handed in; it is not shown."))
    return found


def discard(kept_as: str) -> None:
    """Erase a kept file for good, where it is there."""
    media.drop(_path(kept_as))


def respond(attachment: Attachment) -> HttpResponse:
    """Answer with a file: a picture is shown, anything else is saved and never opened here."""
    is_picture = attachment.kind.startswith("image/")
    disposition = content_disposition_header(not is_picture, attachment.name)
    headers = {
        "Content-Disposition": disposition or "inline",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(attachment.content, content_type=attachment.kind, headers=headers)


def _path(kept_as: str) -> str:
    return f"attachments/{kept_as[:2]}/{kept_as}"
