"""What is filled in about who is told when."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from taishan.core.escalation import Hours, To
from taishan.duties import case_words, words
from taishan.duties.steps import Details
from taishan.kit import days

BEFORE, AFTER = "before", "after"
HOUR_MIN = 60
MOST_HOURS, MOST_TIMES = 24 * 90, 30


class StepForm(forms.Form):
    """A step that a unit adds."""

    unit = forms.CharField(
        label=_("Code of the unit it holds for, and for all below"), max_length=40
    )
    kind = forms.ChoiceField(label=_("Kind of duty"), choices=list(words.KINDS.items()))
    hours = forms.IntegerField(label=_("Hours"), min_value=0, max_value=MOST_HOURS)
    side = forms.ChoiceField(
        label=_("Before or after its hour"),
        choices=[(BEFORE, _("before its hour")), (AFTER, _("after its hour"))],
    )
    to = forms.MultipleChoiceField(
        label=_("Whom to tell"), choices=list(case_words.TO.items()),
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    at = forms.ChoiceField(label=_("At which hours"), choices=list(case_words.HOURS.items()))
    times = forms.IntegerField(
        label=_("How often in all"), initial=1, min_value=1, max_value=MOST_TIMES
    )
    every = forms.IntegerField(
        label=_("Hours until telling again"), required=False, min_value=1, max_value=MOST_HOURS
    )

    def details(self) -> Details:
        """Return the step that was asked for."""
        given = self.cleaned_data
        sign = -1 if given["side"] == BEFORE else 1
        return Details(
            kind=given["kind"], offset_min=sign * given["hours"] * HOUR_MIN,
            to=[To(to) for to in given["to"]], hours=Hours(given["at"]), times=given["times"],
            every_min=given["every"] * HOUR_MIN if given["every"] else None,
        )  # fmt: skip


class DayForm(forms.Form):
    """A holiday, or a worked day of a weekend."""

    unit = forms.CharField(
        label=_("Code of the unit it holds for, and for all below"), max_length=40
    )
    day = days.DayField(label=_("Day"))
    works = forms.ChoiceField(
        label=_("What it is"), choices=[("rests", _("day of rest")), ("works", _("working day"))]
    )
    name = forms.CharField(label=_("Name"), max_length=80, required=False)
