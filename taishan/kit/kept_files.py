"""Rows of files that people hand in, and the field by which they do; ``attachments`` keeps them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Self

from django import forms
from django.db import models
from django.http import Http404, HttpResponse
from django.utils.translation import gettext_lazy as _

from taishan.kit import attachments
from taishan.kit.attachments import Attachment


class KeptFile(models.Model):
    """A photo, PDF or workbook handed in with a record (kept by ``kit/attachments.py``)."""

    kept_as = models.CharField(max_length=32)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=80)
    size_bytes = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        abstract = True

    @classmethod
    def keep(cls, file: Attachment, **of: Any) -> Self:
        """Keep a file with the record that ``of`` names; return its row."""
        return cls.keep_all([file], **of)[0]

    @classmethod
    def keep_all(cls, files: Iterable[Attachment], **of: Any) -> list[Self]:
        """Keep files with the record that ``of`` names; return their rows, stored at once."""
        return cls._default_manager.bulk_create(cls.put_down(files, **of))

    @classmethod
    def put_down(cls, files: Iterable[Attachment], **of: Any) -> list[Self]:
        """Keep files, and return their rows, which are still to be stored."""
        return [
            cls(
                kept_as=attachments.keep(file), name=file.name, kind=file.kind,
                size_bytes=len(file.content), sha256=file.sha256, **of,
            )
            for file in files
        ]  # fmt: skip

    def about(self) -> dict[str, Any]:
        """Return what the ledger says of it, by which it can be told from any other."""
        return {"sha256": self.sha256, "bytes": self.size_bytes, "kind": self.kind}

    def respond(self) -> HttpResponse:
        """Answer with the file. Raises Http404 where it is lost or was altered."""
        try:
            found = attachments.read(
                self.kept_as, name=self.name, kind=self.kind, sha256=self.sha256
            )
        except attachments.AttachmentLost as lost:
            raise Http404(str(lost)) from None
        return attachments.respond(found)


class OldKeptFile(KeptFile):
    """The same, of a table that has rows from before sizes were written down: those have none."""

    size_bytes = models.PositiveIntegerField(null=True)  # type: ignore[assignment]

    class Meta:
        abstract = True


class AttachmentField(forms.FileField):
    """A file that is taken by what it holds: it cleans to an Attachment, or to None for none."""

    def __init__(self, *, photo: bool = False, **kwargs: Any) -> None:
        endings = [end for kind, end in attachments.ENDINGS.items() if not photo or _is(kind)]
        given = {
            "required": False,
            "help_text": ""
            if photo
            else _("A photo, a PDF or an xlsx workbook of at most 10 MiB."),
            "widget": forms.FileInput(attrs={"accept": ",".join(endings)}),
        }
        super().__init__(**(given | kwargs))

    def clean(self, data: Any, initial: Any = None) -> Attachment | None:
        """Return the file as it may be kept, by what it holds."""
        given = super().clean(data, initial)
        if not given:
            return None
        try:
            return attachments.take(given)
        except attachments.AttachmentRefused as refused:
            raise forms.ValidationError(str(refused)) from None


def _is(kind: str) -> bool:
    return kind.startswith("image/")


PHOTOS = 6
"""How many photos come with one step at most."""


class _PhotosInput(forms.FileInput):
    allow_multiple_selected = True


class PhotosField(AttachmentField):
    """Some photos at once: it cleans to a list of Attachments, empty for none.

    ``taken_now``: a phone opens its camera at once, instead of asking where the photo is.
    """

    def __init__(self, *, taken_now: bool = False, **kwargs: Any) -> None:
        attrs = {"accept": "image/jpeg,image/png,image/webp", "data-behaviour": "shrinks-photos"}
        if taken_now:
            attrs["capture"] = "environment"
        super().__init__(photo=True, **({"widget": _PhotosInput(attrs=attrs)} | kwargs))

    def clean(self, data: Any, initial: Any = None) -> list[Attachment]:  # type: ignore[override]
        """Return the photos as they may be kept."""
        given = [one for one in data or [] if one]
        if self.required and not given:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        if len(given) > PHOTOS:
            raise forms.ValidationError(_("At most %d photos at once.") % PHOTOS)
        found = [super(PhotosField, self).clean(one, initial) for one in given]
        if any(one is not None and not _is(one.kind) for one in found):
            raise forms.ValidationError(_("Only photos are taken here: JPEG, PNG or WebP."))
        return [one for one in found if one is not None]
