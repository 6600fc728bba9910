"""What is filled in to open a campaign, to set and reach what it asks, and to keep its lists."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from taishan.core import campaigns as core
from taishan.core.campaigns import Measure
from taishan.kit import clock, days
from taishan.kit.kept_files import AttachmentField
from taishan.organisation import access, history
from taishan.organisation.access import Capability, Viewer
from taishan.organisation.models import Post, UnitVersion
from taishan.safety.campaign_entries import EntryWanted
from taishan.safety.campaign_models import MEASURES, CampaignEntry, CampaignPhase
from taishan.safety.campaign_sheet import find_posts
from taishan.safety.campaigns import Order, PhaseWanted

MOST_PHASES = 6


class _Words(forms.CharField):
    """Lines of words. A browser counts the end of a line as one character, and sends two."""

    def to_python(self, value: Any) -> Any:
        return (super().to_python(value) or "").replace("\r\n", "\n")


def _words(label: Any, rows: int, limit: int, **more: Any) -> forms.CharField:
    return _Words(
        label=label, max_length=limit, widget=forms.Textarea(attrs={"rows": rows}), **more
    )


class CampaignForm(forms.Form):
    """A campaign but for its phases; where one language is left empty the other stands for it."""

    unit = forms.CharField(label=gettext_lazy("Unit that runs it"), max_length=40)
    scope = forms.CharField(
        label=gettext_lazy("For these units and all below them"), required=False, max_length=4000,
        help_text=gettext_lazy(
            "Codes with spaces between; empty: the unit itself and all below it."
        ),
    )  # fmt: skip
    title_zh = forms.CharField(
        label=gettext_lazy("Title in Chinese"), max_length=200, required=False
    )
    title_en = forms.CharField(
        label=gettext_lazy("Title in English"), max_length=200, required=False
    )
    goal_zh = _words(gettext_lazy("Goal in Chinese"), 3, 4000, required=False)
    goal_en = _words(gettext_lazy("Goal in English"), 3, 4000, required=False)
    return_day = forms.IntegerField(
        label=gettext_lazy("Monthly returns are due on this day of the next month"), min_value=1,
        max_value=28, initial=5,
    )  # fmt: skip
    stalled_after_days = forms.IntegerField(
        label=gettext_lazy("Days without movement after which a unit counts as stalled"),
        min_value=1, max_value=366, initial=30,
    )  # fmt: skip
    template = forms.CharField(widget=forms.HiddenInput, required=False, max_length=60)

    def __init__(self, *args: Any, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._viewer = viewer

    def clean_unit(self) -> UnitVersion:
        found = self._find(self.cleaned_data["unit"].strip())
        if not self._viewer.may(Capability.DIRECT, found.path):
            raise ValidationError(access.refusal())
        return found

    def clean_scope(self) -> list[UnitVersion]:
        codes = [one for one in re.split(r"[\s,，、;；]+", self.cleaned_data["scope"]) if one]
        return [self._find(code) for code in codes]

    def _find(self, code: str) -> UnitVersion:
        """Return a unit of today: of one that is out of sight nothing is said, nor its name."""
        seen = access.units_visible(self._viewer, clock.today()).filter(unit__code=code)
        found = seen.select_related("unit").first()
        if found is None:
            raise ValidationError(_("There is no unit %s, or not for you to see.") % code)
        return found

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        for name, word in (("title", _("a title")), ("goal", _("a goal"))):
            english, chinese = given.get(f"{name}_en"), given.get(f"{name}_zh")
            if not (english or chinese):
                self.add_error(f"{name}_zh", _("Give %s in one language at least.") % word)
            given[f"{name}_en"], given[f"{name}_zh"] = english or chinese, chinese or english
        return given

    def order(self, phases: tuple[PhaseWanted, ...], source: tuple[str, str]) -> Order:
        """Return what was filled in as an order."""
        given = self.cleaned_data
        scope = given["scope"] or [given["unit"]]
        return Order(
            unit_id=given["unit"].unit_id, scope_ids=tuple(one.unit_id for one in scope),
            phases=phases, source=source[0], source_url=source[1],
            **{name: given[name] for name in (
                "title_en", "title_zh", "goal_en", "goal_zh", "return_day", "stalled_after_days",
                "template",
            )},
        )  # fmt: skip


class PhaseForm(forms.Form):
    """A phase from a day to its last day; an empty one is none."""

    title_zh = forms.CharField(
        label=gettext_lazy("Title in Chinese"), max_length=200, required=False
    )
    title_en = forms.CharField(
        label=gettext_lazy("Title in English"), max_length=200, required=False
    )
    starts = days.DayField(label=gettext_lazy("First day"), required=False)
    last = days.DayField(label=gettext_lazy("Last day"), required=False)
    milestones = _words(
        gettext_lazy("Milestones to be reached by the last day, one a line: Chinese | English"),
        2, 2000, required=False,
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if any(given.values()):
            if not (given.get("title_zh") or given.get("title_en")):
                self.add_error("title_zh", _("Give a title in one language at least."))
            for name in ("starts", "last"):
                if not given.get(name) and name not in self.errors:
                    self.add_error(name, _("Say the day."))
        return given

    def phase(self) -> PhaseWanted | None:
        """Return the phase; None where nothing was filled in."""
        given = self.cleaned_data
        if not any(given.values()):
            return None
        return PhaseWanted(
            title_en=given["title_en"] or given["title_zh"],
            title_zh=given["title_zh"] or given["title_en"], starts=given["starts"],
            ends=given["last"] + core.DAY, milestones=_milestones(given["milestones"]),
        )  # fmt: skip


def _milestones(text: str) -> tuple[tuple[str, str], ...]:
    lines = [line.partition("|") for line in text.splitlines() if line.strip(" |")]
    pairs = [(english.strip(), chinese.strip()) for chinese, _bar, english in lines]
    return tuple((en[:200] or zh[:200], zh[:200] or en[:200]) for en, zh in pairs)


PhaseForms = forms.formset_factory(PhaseForm, extra=0, max_num=MOST_PHASES, validate_max=True)


class MilestoneForm(forms.Form):
    """One more milestone of a phase."""

    phase = forms.ModelChoiceField(
        label=gettext_lazy("Phase"), queryset=CampaignPhase.objects.none()
    )
    title_zh = forms.CharField(
        label=gettext_lazy("Title in Chinese"), max_length=200, required=False
    )
    title_en = forms.CharField(
        label=gettext_lazy("Title in English"), max_length=200, required=False
    )
    due_on = days.DayField(label=gettext_lazy("To be reached by"))

    def __init__(self, *args: Any, phases: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["phase"]
        field.queryset, field.label_from_instance = phases, lambda phase: phase.title

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        english, chinese = given.get("title_en"), given.get("title_zh")
        if not (english or chinese):
            self.add_error("title_zh", _("Give a title in one language at least."))
        return given | {"title_en": english or chinese, "title_zh": chinese or english}


class TargetForm(forms.Form):
    """A number that a unit and all below it are to reach."""

    unit = forms.CharField(label=gettext_lazy("Unit, with all below it"), max_length=40)
    measure = forms.ChoiceField(label=gettext_lazy("Of what"), choices=list(MEASURES.items()))
    amount = forms.IntegerField(label=gettext_lazy("Amount"), min_value=1, max_value=1_000_000)
    by_day = days.DayField(label=gettext_lazy("By the end of"))

    def __init__(self, *args: Any, day: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._day = day

    def clean_measure(self) -> Measure:
        return Measure(self.cleaned_data["measure"])

    def clean_unit(self) -> UnitVersion:
        try:
            return history.get_version(self.cleaned_data["unit"].strip(), self._day)
        except history.OrganisationRefused as refused:
            raise ValidationError(str(refused)) from None


class TextForm(forms.Form):
    """Words alone."""

    text = _words(gettext_lazy("Text"), 3, 2000)

    def __init__(self, *args: Any, label: Any = "", **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["text"].label = label or self.fields["text"].label


class ReturnForm(forms.Form):
    """What a unit returns on a month."""

    text = _words(gettext_lazy("What was done in the month, what is hard, what is next"), 6, 4000)


class ClosingForm(forms.Form):
    """The words of a closing report."""

    text = _words(gettext_lazy("What was reached, what was not, and what stays"), 12, 20_000)


class DoneForm(TextForm):
    """What was done, and what shows it."""

    file = AttachmentField(label=gettext_lazy("A photo or file that shows it"))


class EntryForm(forms.Form):
    """A line of a list."""

    of = forms.ChoiceField(widget=forms.HiddenInput, choices=CampaignEntry.Of.choices)
    what = forms.CharField(
        label=gettext_lazy("What is listed"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    place = forms.CharField(label=gettext_lazy("Where"), max_length=200, required=False)
    how = forms.CharField(label=gettext_lazy("What is to be done"), max_length=500, required=False)
    post = forms.ModelChoiceField(
        label=gettext_lazy("Responsible post"), queryset=Post.objects.none()
    )
    due_on = days.DayField(label=gettext_lazy("Deadline"))

    def __init__(self, *args: Any, unit_id: int, day: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["post"]
        field.queryset = find_posts(unit_id, day)
        field.label_from_instance = lambda post: post.title

    def wanted(self) -> EntryWanted:
        return EntryWanted(**self.cleaned_data)
