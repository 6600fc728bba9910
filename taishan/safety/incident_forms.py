"""What is asked of who reports an incident, and of who deals with it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from taishan.core.incidents import MEASURES, Numbers
from taishan.kit import clock, days
from taishan.kit.kept_files import AttachmentField
from taishan.organisation import access
from taishan.organisation.access import Capability, Viewer
from taishan.organisation.models import KindOfWork, Post, UnitVersion
from taishan.safety import incident_words as words
from taishan.safety import lost_days
from taishan.safety.forms import UnitField
from taishan.safety.incident_models import InjuredPerson, Injury, Kind
from taishan.safety.investigation_models import Barrier, Condition

LINES = {"rows": 3}


def _lines(label: Any, most: int = 2000, **more: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=most, widget=forms.Textarea(attrs=LINES), **more
    )  # fmt: skip


class LocalInstant(days.HourField):
    """An instant said by the clock of the unit."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"], **kwargs)

    def to_python(self, value: Any) -> Any:
        """Return it without a clock, which the form adds."""
        found = super().to_python(value)
        return found.replace(tzinfo=None) if found else found


def at(local: datetime, zone: ZoneInfo) -> datetime:
    """Return the instant of a local time, in UTC.

    In the hour that a clock shows twice it is the later one, unless that is yet to come: so nobody
    was told before it happened, nor in time by the clock alone.
    """
    first, second = (local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    return second if first < second <= clock.now() else first


def _number(name: str, most: int = 100_000) -> forms.IntegerField:
    return forms.IntegerField(
        label=words.capitalised(str(words.MEASURES[name])), min_value=0, max_value=most,
        required=False, widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )  # fmt: skip


def _road_traffic() -> forms.BooleanField:
    return forms.BooleanField(
        label=_("Road traffic"), required=False, help_text=_("Outside construction work zones.")
    )


class NumbersForm(forms.Form):
    """How many are dead, hurt and missing, as known now; an empty field is none."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        numbers = {
            name: _number(name, 10**12 if name == "loss_yuan" else 100_000) for name in MEASURES
        }
        numbers["serious"].help_text = _("Acute poisoning at work counts among them.")
        self.fields = {**numbers, **self.fields}

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        given = {name: cleaned.pop(name, None) or 0 for name in MEASURES}
        cleaned["numbers"] = Numbers(**given)
        return cleaned


class RevisionForm(NumbersForm):
    """What it is and the numbers as they stand now, and why they are others."""

    kind = forms.ChoiceField(label=_("What is it"), choices=Kind.choices, required=False)
    is_road_traffic = _road_traffic()
    note = _lines(_("What has changed, and who says so"))
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)


class ReportForm(NumbersForm):
    """The first report: few fields, for a phone in a bad minute. ``client`` is a number of the
    page's own, so that what is sent twice is reported once.
    """

    unit = UnitField(label=_("Unit"), help_text=_("Its code, such as on the board."))
    kind = forms.ChoiceField(label=_("What is it"), choices=[("", _("choose")), *Kind.choices])
    what = _lines(_("What happened"), help_text=_("Without names: those come later, apart."))
    place = forms.CharField(label=_("Where exactly"), max_length=200, required=False)
    occurred_at = LocalInstant(label=_("When"), help_text=_("By the clock of the unit."))
    first_measures = _lines(_("First measures taken"), required=False)
    is_road_traffic = _road_traffic()
    photo = AttachmentField(label=_("Photo"), photo=True)
    client = forms.UUIDField(required=False, widget=forms.HiddenInput)

    @property
    def first_fields(self) -> list[Any]:
        return [self[name] for name in ("unit", "kind", "what", "place", "occurred_at")]

    @property
    def people_fields(self) -> list[Any]:
        return [self[name] for name in MEASURES[:4]]

    @property
    def then_fields(self) -> list[Any]:
        return [self[name] for name in ("first_measures", "photo")]

    @property
    def more_fields(self) -> list[Any]:
        """Those that fold away."""
        return [self[name] for name in ("is_road_traffic", *MEASURES[4:])]


class ProofForm(forms.Form):
    """Who was told, when, by what, and what shows it."""

    whom = forms.CharField(label=_("Who was told"), max_length=200)
    told_at = LocalInstant(label=_("When"), help_text=_("By the clock of the unit."))
    how = forms.CharField(
        label=_("By what"), max_length=100,
        help_text=_("Such as a telephone number, a system, a letter."),
    )  # fmt: skip
    receipt = forms.CharField(label=_("Number of the receipt"), max_length=120, required=False)
    file = AttachmentField(label=_("The receipt"))


class WaiverForm(forms.Form):
    """Why nobody is to be told any longer."""

    reason = _lines(_("Why nobody is to be told any longer, and who says so"))


class TeamForm(forms.Form):
    staff_no = forms.CharField(label=_("Staff number"), max_length=40)
    leads = forms.BooleanField(label=_("Leads the team"), required=False)


class MomentForm(forms.Form):
    happened_at = LocalInstant(label=_("When"), help_text=_("By the clock of the unit."))
    text = _lines(_("What happened then"), 1000)


class WhyForm(forms.Form):
    chain = forms.TypedChoiceField(
        label=_("Asked of"), required=False, coerce=int, empty_value=None, choices=()
    )
    text = _lines(_("Because"), 1000)
    is_root = forms.BooleanField(label=_("This is the root cause"), required=False)

    def __init__(self, *args: Any, chains: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["chain"].choices = [("", _("what happened: a new chain")), *chains]  # type: ignore[attr-defined]


class BarrierForm(forms.Form):
    name = forms.CharField(label=_("What should have stopped it"), max_length=200)
    state = forms.ChoiceField(label=_("Did it"), choices=Barrier.State.choices)
    text = _lines(_("How"), 1000, required=False)


class MeasureForm(forms.Form):
    """A measure of a unit, or of a post in it by its code."""

    unit = UnitField(label=_("Unit"))
    post = forms.CharField(label=_("Code of the post"), max_length=40, required=False)
    text = forms.CharField(label=_("What is to be done"), max_length=280)
    due_at = LocalInstant(label=_("By when"), help_text=_("By the clock of that unit."))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        unit, post = cleaned.pop("unit", None), cleaned.pop("post", "")
        if unit is None:
            return cleaned
        found = Post.objects.filter(code=post, unit_id=unit.unit_id).first()
        if post and found is None:
            self.add_error("post", _("There is no such post in the unit today."))
        return cleaned | {"unit_id": unit.unit_id, "post_id": found.pk if found else None}


class ConditionForm(forms.Form):
    condition = forms.ChoiceField(label=_("Condition"), choices=Condition.choices)
    text = _lines(_("How it is met, and what shows it"))


class LessonForm(forms.Form):
    within = UnitField(label=_("Units below"))
    kind_of_work = forms.ChoiceField(
        label=_("Kind of work"), required=False, choices=[("", _("all")), *KindOfWork.choices]
    )
    text = _lines(_("What to learn, and what to look for"), help_text=_("Without names."))

    def __init__(self, *args: Any, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._viewer = viewer

    def clean_within(self) -> UnitVersion:
        """Return the top of the units: only where the viewer may send notices at all."""
        within: UnitVersion = self.cleaned_data["within"]
        if not self._viewer.may(Capability.NOTIFY, within.path):
            raise forms.ValidationError(access.refusal())
        return within


class ClosingForm(forms.Form):
    text = _lines(_("What was found, in short"))


class HoursForm(forms.Form):
    """The hours of one month of a unit."""

    month = forms.CharField(label=_("Month"), widget=forms.DateInput(attrs={"type": "month"}))
    hours = forms.IntegerField(label=_("Hours worked"), min_value=0)
    workers = forms.IntegerField(label=_("People on average"), min_value=0)

    def clean_month(self) -> Any:
        try:
            return datetime.strptime(self.cleaned_data["month"], "%Y-%m").date()  # noqa: DTZ007
        except ValueError:
            raise forms.ValidationError(_("a month such as 2020-02")) from None


class GroupedBoxes(forms.CheckboxSelectMultiple):
    """Boxes to tick, folded away by group."""

    template_name = "safety/widgets/grouped_boxes.html"

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)
        context["widget"]["groups"] = [
            (group, options, sum(one["selected"] for one in options))
            for group, options, _index in context["widget"]["optgroups"]
        ]
        return context


class CourseForm(forms.ModelForm):  # type: ignore[type-arg]
    """What became of one person hurt: what counts, and for which parts of the body days are
    charged (``charged_for``), which is kept with the person.
    """

    charged_for = forms.MultipleChoiceField(
        label=_("Days charged by the tables of GB 6441-86, appendix B"), required=False,
        choices=lost_days.find_choices, widget=GroupedBoxes,
        help_text=_(
            "They count whatever the days away and add up, to 6,000 at most. 105 days and more is "
            "a serious injury (重伤), GB 6441-86, 4.2. Of a finger, toe or limb tick only the "
            "highest part lost; the same part of the other side goes into the days besides."
        ),
    )  # fmt: skip
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)
    field_order = ("outcome", "ailment", "days_away", "days_restricted", "charged_for")

    class Meta:
        model = Injury
        fields = ("outcome", "ailment", "days_away", "days_restricted", "charged_days",
                  "is_privacy_case")  # fmt: skip
        labels = {
            "outcome": pgettext_lazy("somebody hurt", "What became of it"),
            "ailment": _("Injury or illness"),
            "days_away": _("Days away from work"),
            "days_restricted": _("Days on other or restricted work"),
            "charged_days": _("Days charged besides"),
            "is_privacy_case": _("The name stays out of the log"),
        }
        help_texts = {
            "days_away": _("Days of the calendar, the day itself left out."),
            "charged_days": _(
                "For what neither table lists, such as eyes or ears: by table B3 of the standard, "
                "which is not here. A death is 6,000 anyway."
            ),
            "is_privacy_case": _(
                "Intimate parts, assault, mental illness, HIV, hepatitis, tuberculosis, needle "
                "pricks, or on request: 29 CFR 1904.29(b)(7)."
            ),
        }

    def __init__(self, *args: Any, is_erased: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_erased:
            del self.fields["charged_for"]
            self.fields["charged_days"].label = _("Days charged by a table")
            self.fields["charged_days"].help_text = _("All of them: the parts are erased.")


class PersonForm(forms.ModelForm):  # type: ignore[type-arg]
    """Who was hurt and how: the fields of OSHA's form 301."""

    class Meta:
        model = InjuredPerson
        fields = (
            "name", "job_title", "sex", "born_on", "address", "hired_on", "began_work",
            "was_doing", "injury", "by_what", "doctor", "was_in_emergency_room", "was_in_patient",
            "died_on",
        )  # fmt: skip
        labels = {
            "name": pgettext_lazy("somebody hurt", "Name"), "job_title": _("Job title"),
            "address": _("Address"),
            "born_on": _("Date of birth"), "hired_on": _("Hired on"), "sex": _("Sex"),
            "doctor": _("Doctor or hospital"),
            "was_in_emergency_room": _("Treated in an emergency room"),
            "was_in_patient": _("In hospital overnight"), "began_work": _("Began work at"),
            "was_doing": _("Was doing just before"), "injury": _("Injury or illness, and where"),
            "by_what": _("What harmed directly"), "died_on": _("Died on"),
        }  # fmt: skip
        field_classes = dict.fromkeys(("born_on", "hired_on", "died_on"), days.DayField)
        widgets = {
            **dict.fromkeys(("born_on", "hired_on", "died_on"), days.DayField.widget),
            "began_work": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
            "was_doing": forms.Textarea(attrs={"rows": 2}),
            "injury": forms.Textarea(attrs={"rows": 2}),
        }  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.required = name == "name"
