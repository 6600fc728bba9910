"""What is filled in in an accountability case."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy as _

from taishan.duties import case_words

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


def _text(label: _StrPromise) -> forms.CharField:
    return forms.CharField(label=label, max_length=4000, widget=forms.Textarea(attrs={"rows": 4}))


class ExplanationForm(forms.Form):
    text = _text(_("What happened, and why it was not done in time"))


class RemarkForm(forms.Form):
    text = _text(_("Remark"))


class FindingForm(forms.Form):
    finding = forms.ChoiceField(
        label=_("Finding"), choices=list(case_words.FINDINGS.items()), widget=forms.RadioSelect
    )
    text = _text(_("Reason"))


class MeasureForm(forms.Form):
    measure = forms.ChoiceField(label=_("Measure"), choices=list(case_words.MEASURES.items()))
    text = _text(_("Reason"))


class ClosureForm(forms.Form):
    text = _text(_("What was done about it"))
