"""What somebody fills in to tell others something."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from taishan.communications.actions import Words

EVERYBODY, OFFICERS = "everybody", "officers"


class NoticeForm(forms.Form):
    """A notice in one language or both; where one is left empty, the other stands for it."""

    to = forms.ChoiceField(
        label=gettext_lazy("To"),
        choices=[
            (EVERYBODY, gettext_lazy("everybody in the unit and below it")),
            (OFFICERS, gettext_lazy("its heads and safety officers, and those below it")),
        ],
    )
    title_zh = forms.CharField(
        label=gettext_lazy("Title in Chinese"), max_length=120, required=False
    )
    text_zh = forms.CharField(
        label=gettext_lazy("Text in Chinese"), max_length=4000, required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip
    title_en = forms.CharField(
        label=gettext_lazy("Title in English"), max_length=120, required=False
    )
    text_en = forms.CharField(
        label=gettext_lazy("Text in English"), max_length=4000, required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Ask for a title and a text in one language at least."""
        given = super().clean() or {}
        for part, word in (
            ("title", gettext_lazy("Give a title in one language at least.")),
            ("text", gettext_lazy("Give a text in one language at least.")),
        ):
            if not (given.get(f"{part}_zh") or given.get(f"{part}_en")):
                self.add_error(f"{part}_zh", str(word))
        return given

    def words(self) -> Words:
        """Return what was written, each language standing in for the other."""
        given = self.cleaned_data
        return Words(
            title_en=given["title_en"] or given["title_zh"],
            title_zh=given["title_zh"] or given["title_en"],
            text_en=given["text_en"] or given["text_zh"],
            text_zh=given["text_zh"] or given["text_en"],
        )
