"""What is filled in to let somebody read, to end it, and to say on what ground a form is asked."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from taishan.core.disclosure import country
from taishan.forms.models import Form
from taishan.kit import clock, days
from taishan.organisation.models import Place, UnitVersion
from taishan.privacy import grounds, rules, words
from taishan.privacy.models import READING, DisclosureRule, Ground

_TEXT = {"rows": 2}


class FormField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A form that asks about people's health."""

    def label_from_instance(self, obj: Any) -> str:
        return words.title(obj)


class RuleForm(forms.Form):
    """Who may read of a unit's people besides its own safety officer."""

    form = FormField(label=gettext_lazy("Form"), queryset=Form.objects.none(), empty_label=None)
    reader = forms.CharField(
        label=gettext_lazy("Code of the readers' unit"), max_length=40,
        help_text=gettext_lazy("Those who hold the role at this unit itself may read."),
    )  # fmt: skip
    role = forms.ChoiceField(
        label=gettext_lazy("Their role"), choices=[(role, role.label) for role in READING]
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Reach"), choices=DisclosureRule.Kind.choices,
        help_text=gettext_lazy(
            "Across the border: only where the law of the country that the answers leave allows it,"
            " such as PIPL articles 38 to 40 for China."
        ),
    )  # fmt: skip
    starts = days.DayField(label=gettext_lazy("From"))
    last_day = days.DayField(label=gettext_lazy("Last day"))
    ground = forms.CharField(
        label=gettext_lazy("Why, and by which article"), max_length=2000,
        widget=forms.Textarea(attrs=_TEXT),
    )  # fmt: skip
    decided_by = forms.CharField(label=gettext_lazy("Decided by"), max_length=120)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["form"]
        field.queryset = Form.objects.filter(is_personal_health=True).order_by("code")

    def details(self) -> rules.Details:
        """Return what was filled in. The last day is the last that counts."""
        given = dict(self.cleaned_data)
        until = given.pop("last_day") + timedelta(days=1)
        return rules.Details(until=until, **given)


class EndForm(forms.Form):
    """Why nobody is to read by a rule any more."""

    reason = forms.CharField(label=gettext_lazy("Why it ends"), max_length=500)


class GroundForm(forms.Form):
    """On what ground a form is asked in a country, in the words that the person reads."""

    form = FormField(label=gettext_lazy("Form"), queryset=Form.objects.none(), empty_label=None)
    country = forms.ChoiceField(label=gettext_lazy("Country"), required=False)
    basis = forms.ChoiceField(label=gettext_lazy("Ground"), choices=Ground.Basis.choices)
    article = forms.CharField(
        label=gettext_lazy("Law and article"),
        max_length=300,
        help_text=gettext_lazy("For China, PIPL articles 13 and 28 to 30, and the duty itself."),
    )
    why_en = forms.CharField(
        label=gettext_lazy("Why, in English"), max_length=2000,
        widget=forms.Textarea(attrs=_TEXT),
    )  # fmt: skip
    why_zh = forms.CharField(
        label=gettext_lazy("Why, in Chinese"), max_length=2000,
        widget=forms.Textarea(attrs=_TEXT),
    )  # fmt: skip
    starts = days.DayField(label=gettext_lazy("From"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["form"].queryset = Form.objects.filter(is_personal_health=True).order_by("code")
        fields["country"].choices = [("", _("everywhere else")), *_countries()]

    def details(self) -> grounds.Details:
        return grounds.Details(**self.cleaned_data)


def _countries() -> list[tuple[str, str]]:
    """Return the countries in which the group has units, by code."""
    places = UnitVersion.objects.filter(valid__contains=clock.today())
    codes = {country(code) for code in places.values_list("place__code", flat=True).distinct()}
    return [(row.code, row.name) for row in Place.objects.filter(code__in=codes).order_by("code")]
