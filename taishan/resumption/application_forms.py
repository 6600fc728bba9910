"""What is asked of who applies, of who decides, and of headquarters for its rule."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.forms import formset_factory
from django.utils.translation import gettext_lazy as _

from taishan.kit import days
from taishan.kit.kept_files import AttachmentField
from taishan.organisation.models import KindOfWork
from taishan.resumption.applications import URGENT_KINDS, Planned
from taishan.resumption.models import Application, LocalDecision, Plan

MOST_PEOPLE = 10_000_000
"""More than any group has: a limit above it never binds."""


def _text(label: Any, rows: int = 2, limit: int = 2000) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=limit, widget=forms.Textarea(attrs={"rows": rows})
    )


class LaneForm(forms.Form):
    """Level by level, or urgent with its ground."""

    lane = forms.ChoiceField(label=_("Lane"), choices=Application.Lane.choices)
    kind_of_work = forms.ChoiceField(
        label=_("Kind of work, if urgent"), required=False,
        choices=[("", "—"), *(one for one in KindOfWork.choices if one[0] in URGENT_KINDS)],
    )  # fmt: skip
    ground = forms.CharField(
        label=_("Why it cannot wait, if urgent"), required=False, max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip


class PlanForm(forms.Form):
    """How the unit means to resume, apart from its phases."""

    edition = forms.IntegerField(widget=forms.HiddenInput, required=False)
    starts_on = days.DayField(label=_("Work is to begin on"))
    until = days.DayField(
        label=_("Until (exclusive)"), required=False,
        help_text=_("An urgent task ends within 30 days."),
    )  # fmt: skip
    principle = _text(_("Principle"), 3, 4000)
    pace = _text(_("Pace"))
    who_first = _text(_("Who first"))


class PhaseForm(forms.Form):
    """A phase: from which day how many are on site, and who."""

    day = days.DayField(label=_("From"))
    persons = forms.IntegerField(label=_("Persons on site"), min_value=0)
    who = forms.CharField(label=_("Who"), max_length=200)


PHASES = formset_factory(
    PhaseForm, extra=2, min_num=1, max_num=8, validate_min=True, can_delete=True,
    can_delete_extra=False,
)  # fmt: skip


def planned(form: PlanForm, phases: Any) -> Planned:
    """Return what a valid form says, without the rows left empty or taken out."""
    given = {name: value for name, value in form.cleaned_data.items() if name != "edition"}
    kept = [row for row in phases.cleaned_data if row and not row.get("DELETE")]
    rows = [{name: row[name] for name in ("day", "persons", "who")} for row in kept]
    return Planned(**given, phases=tuple(row | {"day": str(row["day"])} for row in rows))


def of_plan(plan: Plan) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return what the forms show of a plan."""
    names = ("starts_on", "until", "principle", "pace", "who_first")
    shown = {name: getattr(plan, name) for name in names} | {"edition": plan.number}
    return shown, [one | {"day": date.fromisoformat(one["day"])} for one in plan.phases]


class DecisionForm(forms.Form):
    """A level's decision on the step that was seen."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Reason, or what you looked at"), required=False, max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip


class FileForm(forms.Form):
    """One more file of the application."""

    file = AttachmentField(label=_("File"), required=True)


class LocalForm(forms.Form):
    """What the authority of the place has said."""

    kind = forms.ChoiceField(label=_("What it did"), choices=LocalDecision.Kind.choices)
    authority = forms.CharField(label=_("Authority"), max_length=200)
    number = forms.CharField(label=_("Number of its paper"), max_length=100)
    on = days.DayField(label=_("Date"))
    ends = days.DayField(label=_("Until (exclusive)"), required=False)
    shows = forms.ChoiceField(label=_("Condition that it meets"), required=False)
    file = AttachmentField(label=_("File"))

    def __init__(self, *args: Any, conditions: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        told = [one for one in conditions if one[0].startswith(("filing:", "outside:"))]
        self.fields["shows"].choices = [("", "—"), *told]  # type: ignore[attr-defined]


class RuleForm(forms.Form):
    """The group's rule, from a day on."""

    starts = days.DayField(label=_("From"))
    parent_up_to = forms.IntegerField(
        label=_("The unit above decides up to a head count of"), min_value=0,
        max_value=MOST_PEOPLE,
        help_text=_("Beyond it, or where the head count is unknown, headquarters decides."),
    )  # fmt: skip
    days = forms.IntegerField(label=_("Days for each level"), min_value=1, max_value=30)
