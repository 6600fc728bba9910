"""What is filled in to order something, to give parts of it on, and to confirm it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from taishan.communications.directive_content import Content, MeasureWanted
from taishan.communications.models import DirectiveVersion
from taishan.kit import attachments, days
from taishan.kit.attachments import Attachment, AttachmentRefused

CHOSEN, DIRECT, ALL = "chosen", "direct", "all"
MOST_FILES = 10
EMPTY_ROWS = 3


def _text(label: Any, length: int, rows: int = 0) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows}) if rows else None
    return forms.CharField(label=label, max_length=length, required=False, widget=widget)


class DirectiveForm(forms.Form):
    """What a directive says; where one language is left empty, the other stands for it."""

    title_zh = _text(gettext_lazy("Title in Chinese"), 120)
    text_zh = _text(gettext_lazy("Text in Chinese"), 8000, 6)
    title_en = _text(gettext_lazy("Title in English"), 120)
    text_en = _text(gettext_lazy("Text in English"), 8000, 6)
    to = forms.ChoiceField(
        label=gettext_lazy("To"),
        choices=[
            (DIRECT, gettext_lazy("the units directly below")),
            (ALL, gettext_lazy("all units below, at every level")),
            (CHOSEN, gettext_lazy("those chosen here:")),
        ],
    )
    units = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Units"), coerce=int, required=False,
        widget=forms.SelectMultiple(attrs={"size": 8}),
    )  # fmt: skip
    acknowledgement = forms.ChoiceField(
        label=gettext_lazy("Who must acknowledge it"), choices=DirectiveVersion.Way.choices,
        required=False,
    )  # fmt: skip
    acknowledge_by = days.HourField(label=gettext_lazy("Acknowledge by"), required=False)
    edition = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, below: list[tuple[int, str, bool]], **more: Any) -> None:
        """``below``: id, name and whether it is directly below, of each unit it may go to."""
        super().__init__(*args, **more)
        self.below = below
        self.fields["units"].choices = [(pk, name) for pk, name, _is_direct in below]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("acknowledgement") and not given.get("acknowledge_by"):
            self.add_error("acknowledge_by", _("Say by when it is to be acknowledged."))
        return given

    def content(self, measures: Iterable[MeasureWanted]) -> Content:
        """Return what was written, each language standing in for the other."""
        given = self.cleaned_data
        way = given["acknowledgement"]
        return Content(
            title_en=given["title_en"] or given["title_zh"],
            title_zh=given["title_zh"] or given["title_en"],
            text_en=given["text_en"] or given["text_zh"],
            text_zh=given["text_zh"] or given["text_en"],
            measures=tuple(measures), unit_ids=self._units(), acknowledgement=way,
            acknowledge_by=given["acknowledge_by"] if way else None,
        )  # fmt: skip

    def _units(self) -> tuple[int, ...]:
        to = self.cleaned_data["to"]
        if to == CHOSEN:
            return tuple(self.cleaned_data["units"])
        return tuple(pk for pk, _name, is_direct in self.below if is_direct or to == ALL)


class MeasureForm(forms.Form):
    """One thing to do. Left empty, it is no measure."""

    what_zh = _text(gettext_lazy("What, in Chinese"), 300)
    what_en = _text(gettext_lazy("What, in English"), 300)
    due_at = days.HourField(label=gettext_lazy("Due"), required=False)
    needs_evidence = forms.BooleanField(
        label=gettext_lazy("a photo or a document has to show it"), required=False
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if self.is_said() and not given.get("due_at"):
            self.add_error("due_at", _("Say by when it is to be done."))
        return given

    def is_said(self) -> bool:
        given = getattr(self, "cleaned_data", {})
        return bool(given.get("what_zh") or given.get("what_en"))

    def wanted(self) -> MeasureWanted:
        given = self.cleaned_data
        return MeasureWanted(
            what_en=given["what_en"] or given["what_zh"],
            what_zh=given["what_zh"] or given["what_en"],
            due_at=given["due_at"], needs_evidence=given["needs_evidence"],
        )  # fmt: skip


MeasureForms = forms.formset_factory(MeasureForm, extra=EMPTY_ROWS, max_num=40)


class PartForm(forms.Form):
    """The same part for one or several units below, or posts of the unit."""

    to = forms.MultipleChoiceField(
        label=gettext_lazy("To"), widget=forms.SelectMultiple(attrs={"size": 6})
    )
    what_zh = _text(gettext_lazy("What, in Chinese"), 300)
    what_en = _text(gettext_lazy("What, in English"), 300)
    due_at = days.HourField(label=gettext_lazy("Due"))
    needs_evidence = forms.BooleanField(
        label=gettext_lazy("a photo or a document has to show it"), required=False
    )

    def __init__(self, *args: Any, debtors: list[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["to"].choices = debtors  # type: ignore[attr-defined]
        self.fields["what_zh"].help_text = _("Left empty, the words of the whole are kept.")


class ConfirmForm(forms.Form):
    """What was done. Its files are chosen anew where it is refused: no page keeps them."""

    text = _text(gettext_lazy("What was done"), 4000, 3)


class ReasonForm(forms.Form):
    """Why something is returned, waived, recalled, cancelled or put right."""

    reason = forms.CharField(max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, given: Any = None, *, act: str, of: int | None = None) -> None:
        """``act``: one of those; a page may show more than one, and one act ``of`` many."""
        super().__init__(given, auto_id=f"{act}-{of}-%s" if of else f"{act}-%s")
        self.fields["reason"].label = {
            "return": _("What is wanting"), "waive": _("Why"),
            "recall": _("Why nobody has to do it any more"), "correct": _("Why"),
            "cancel": _("Why it is not held"),
        }[act]  # fmt: skip


class SignatureForm(forms.Form):
    """A signature: one's own name, typed."""

    unit = forms.TypedChoiceField(label=gettext_lazy("For the unit"), coerce=int)
    version = forms.IntegerField(widget=forms.HiddenInput)
    name = forms.CharField(
        label=gettext_lazy("Type your name to sign"), max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip

    def __init__(self, *args: Any, units: list[tuple[int, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["unit"].choices = units  # type: ignore[attr-defined]


def take_files(uploaded: Iterable[UploadedFile[bytes]]) -> list[Attachment]:
    """Return files that are fit to be kept. Raises AttachmentRefused."""
    given = list(uploaded)
    if len(given) > MOST_FILES:
        raise AttachmentRefused(_("At most %d files at a time.") % MOST_FILES)
    return [attachments.take(file) for file in given]
