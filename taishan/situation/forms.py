"""What somebody fills in to write a situation report."""

from __future__ import annotations

from django import forms

from taishan.situation.bulletin import SECTION_TITLES
from taishan.situation.situation_reports import Words

LIMIT = 20_000


def _section(name: str) -> forms.CharField:
    area = forms.Textarea(attrs={"rows": 6})
    return forms.CharField(
        label=SECTION_TITLES[name], max_length=LIMIT, required=False, widget=area
    )


class TextForm(forms.Form):
    """The words of a report by section, and the edition that they were written on."""

    edition = forms.IntegerField(widget=forms.HiddenInput)
    epidemic = _section("epidemic")
    resumption = _section("resumption")
    supplies = _section("supplies")
    difficulties = _section("difficulties")
    next_steps = _section("next_steps")

    def words(self) -> Words:
        given = {name: text for name, text in self.cleaned_data.items() if name != "edition"}
        return Words(**given)
