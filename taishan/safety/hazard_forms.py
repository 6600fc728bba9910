"""What is asked of who reports a hazard, and of who takes a step with one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from taishan.core.hazards import Cause
from taishan.kit import days
from taishan.kit.kept_files import AttachmentField, PhotosField
from taishan.organisation import history
from taishan.organisation.models import Post, PostHolding, UnitVersion
from taishan.safety import hazard_words
from taishan.safety.hazard_criteria_models import Criterion
from taishan.safety.hazard_models import Hazard
from taishan.safety.hazard_supervision_models import Whom

A_WEEK = timedelta(days=7)


def _text(label: Any, *, rows: int = 3, **more: Any) -> forms.CharField:
    area = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=4000, widget=area, **more)


class ReportForm(forms.Form):
    """What was found: few fields, for a minute. ``client`` is a number of the phone's."""

    text = _text(_("What is dangerous"))
    photos = PhotosField(label=_("Photos"), taken_now=True)
    area = forms.CharField(
        label=_("Where exactly"), max_length=200, required=False,
        help_text=_("Building, floor, machine."),
    )  # fmt: skip
    looks = forms.TypedChoiceField(
        label=_("How bad it looks"), choices=Hazard.Looks.choices, coerce=int,
        widget=forms.RadioSelect,
    )  # fmt: skip
    unit = forms.CharField(
        label=_("Unit"), max_length=40, widget=forms.TextInput(attrs={"list": "units"})
    )
    anonymous = forms.BooleanField(label=_("Without my name"), required=False)
    latitude = forms.FloatField(
        min_value=-90, max_value=90, required=False, widget=forms.HiddenInput
    )
    longitude = forms.FloatField(
        min_value=-180, max_value=180, required=False, widget=forms.HiddenInput
    )
    client = forms.UUIDField(widget=forms.HiddenInput)
    code = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)
    device_at = forms.DateTimeField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, day: date, **more: Any) -> None:
        super().__init__(*args, **more)
        self._day = day

    def clean_unit(self) -> UnitVersion:
        """Return the unit of the day: anybody may report at any, also where they are guests."""
        try:
            return history.get_version(self.cleaned_data["unit"].strip(), self._day)
        except history.OrganisationRefused as refused:
            raise forms.ValidationError(str(refused)) from None


class ReceiptForm(forms.Form):
    """The code that was shown once."""

    code = forms.CharField(
        label=_("Receipt code"), max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )  # fmt: skip


class GradeForm(forms.Form):
    """A criterion that holds on the day; the kind of danger where the criterion fits any."""

    criterion = forms.ChoiceField(label=_("Criterion"))
    cause = forms.ChoiceField(
        label=_("Kind of danger"), required=False,
        help_text=_("Left open where the criterion is about one kind."),
    )  # fmt: skip
    reason = _text(_("Remarks"), rows=2, required=False)

    def __init__(self, *args: Any, criteria: Iterable[Criterion], **more: Any) -> None:
        super().__init__(*args, **more)
        groups: dict[str, list[tuple[str, str]]] = {}
        offered = list(criteria)
        times = Counter(one.code for one in offered)
        for one in offered:
            name = one.code if times[one.code] == 1 else f"{one.version.from_library}/{one.code}"
            kind = hazard_words.CAUSES[Cause(one.cause)] if one.cause else _("any kind of danger")
            marks = [str(hazard_words.GRADES[one.grade])]  # type: ignore[index]
            if one.stops:
                marks.append(str(_("stops work")))
            groups.setdefault(str(kind), []).append((name, f"{one.words} ({', '.join(marks)})"))
        _choices(self, "criterion", [("", "—"), *groups.items()])
        _choices(self, "cause", [("", "—"), *((one.value, w) for one, w in _causes())])


def _causes() -> list[tuple[Cause, Any]]:
    return list(hazard_words.CAUSES.items())


def _choices(form: forms.Form, name: str, choices: list[Any]) -> None:
    field: Any = form.fields[name]
    field.choices = choices


class ReasonForm(forms.Form):
    """A reason, or what somebody has seen."""

    reason = _text(_("Why, or what you have seen"))


class MergeForm(ReasonForm):
    """Into which other hazard of the unit."""

    into = forms.ModelChoiceField(label=_("The same as"), queryset=Hazard.objects.none())
    field_order = ["into", "reason"]

    def __init__(self, *args: Any, others: QuerySet[Hazard], **more: Any) -> None:
        super().__init__(*args, **more)
        field: Any = self.fields["into"]
        field.queryset = others
        field.label_from_instance = lambda one: f"{one.pk} · {one.text[:60]}"


class PlanForm(forms.Form):
    """The five parts of an assignment. What is missing, the action says."""

    post = forms.ModelChoiceField(label=_("Responsible post"), queryset=Post.objects.none())
    measures = _text(_("Measures"), rows=2)
    money_cny = forms.DecimalField(
        label=_("Money in yuan (0 is an answer)"), min_value=0, max_digits=14, decimal_places=2
    )
    due_at = days.HourField(label=_("To be put right by"))
    contingency = _text(_("If it goes wrong meanwhile"), rows=2)

    def __init__(
        self, *args: Any, posts: QuerySet[Post], day: date, now: datetime, **more: Any
    ) -> None:
        super().__init__(*args, **more)
        field: Any = self.fields["post"]
        field.queryset = posts
        held = {one.post_id: one.person.name for one in _holdings(posts, day)}
        vacant = str(_("vacant"))
        field.label_from_instance = lambda post: (
            f"{post.title} · {held.get(post.pk, vacant)} ({post.unit.code})"
        )
        self.fields["due_at"].initial = now + A_WEEK


def _holdings(posts: QuerySet[Post], day: date) -> Iterable[Any]:
    rows = PostHolding.objects.filter(post__in=posts, valid__contains=day)
    return rows.select_related("person")


class ExtensionForm(ReasonForm):
    due_at = days.HourField(label=_("New deadline"))
    field_order = ["due_at", "reason"]


class RectificationForm(forms.Form):
    """What was done, shown by photos."""

    evidence = _text(_("What was done"), required=False)
    photos = PhotosField(label=_("Photos after it was put right"), required=False)


class VerificationForm(ReasonForm):
    photos = PhotosField(label=_("Photos"), required=False)


class TellingForm(forms.Form):
    """Who was told of a major hazard, when, and what proves it."""

    whom = forms.ChoiceField(label=pgettext_lazy("hazard", "Told"), choices=Whom.choices)
    who = forms.CharField(label=_("Which office or meeting, and how"), max_length=300)
    told_at = days.HourField(label=_("When"))
    file = AttachmentField(label=_("Proof"), required=True)


class RemarkForm(forms.Form):
    text = _text(_("What is asked for, or was seen"))


class CriteriaForm(forms.Form):
    """A library of criteria as a YAML file."""

    file = forms.FileField(
        label=_("Library of criteria (YAML)"),
        widget=forms.FileInput(attrs={"accept": ".yaml,.yml"}),
    )
