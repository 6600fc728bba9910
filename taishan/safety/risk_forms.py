"""What is asked of who enters, grades, controls and checks a risk."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from taishan.core import recurrence
from taishan.kit import days
from taishan.kit.kept_files import AttachmentField
from taishan.organisation.models import Post, is_chinese
from taishan.safety.forms import UnitField
from taishan.safety.hazard_models import Hazard
from taishan.safety.risk_models import RiskMeasure, RiskMethod, RiskPoint
from taishan.safety.risks import Control, Found, Scored

A_YEAR = timedelta(days=365)
OFTEN = (
    (recurrence.as_rule(recurrence.daily()), gettext_lazy("every day")),
    (recurrence.as_rule(recurrence.on_working_days()), gettext_lazy("every working day")),
    (recurrence.as_rule(recurrence.weekly(["MO"])), gettext_lazy("every week, from Monday")),
    (recurrence.as_rule(recurrence.monthly(1)), gettext_lazy("every month, from the 1st")),
)


class ScoresForm(forms.Form):
    """The scores of one method, each with its meaning, and when to look again."""

    reassess_on = days.DayField(label=gettext_lazy("Assess again on"))
    reason = forms.CharField(
        label=gettext_lazy("What it rests on"), max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip

    def __init__(
        self, *args: Any, method: RiskMethod, day: date, needs_reason: bool = True, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.method = method
        self.fields["reassess_on"].initial = day + A_YEAR
        self.fields["reason"].required = needs_reason
        for factor in method.factors:
            self.fields[factor["code"]] = _scores(factor)
        self.order_fields([*(one["code"] for one in method.factors)])

    @property
    def scored(self) -> Scored:
        """What was given, as the action takes it."""
        given = self.cleaned_data
        return Scored(
            method=self.method, reassess_on=given["reassess_on"], reason=given["reason"],
            scores={code: float(given[code]) for code in self.method.method.factors},
        )  # fmt: skip


def _scores(factor: dict[str, Any]) -> forms.ChoiceField:
    lang = "zh" if is_chinese() else "en"
    offered = [(f"{one['value']:g}", f"{one['value']:g} · {one[lang]}") for one in factor["scores"]]
    label = f"{factor['code']} · {factor[lang]}"
    return forms.ChoiceField(label=label, choices=[("", "—"), *offered])


class PointForm(ScoresForm):
    """A risk point and its first grading."""

    unit = UnitField(label=gettext_lazy("Unit"))
    code = forms.CharField(
        label=gettext_lazy("Code"), max_length=40,
        help_text=gettext_lazy("Short, once in the unit, such as R-07."),
    )  # fmt: skip
    name = forms.CharField(label=gettext_lazy("Activity, place or equipment"), max_length=200)
    kind = forms.ChoiceField(label=gettext_lazy("What it is"), choices=RiskPoint.Kind.choices)
    area = forms.CharField(
        label=gettext_lazy("Area"), max_length=200,
        help_text=gettext_lazy("Areas are coloured by the worst of their risk points."),
    )  # fmt: skip
    harm = forms.CharField(label=gettext_lazy("What may happen, to whom"), max_length=300)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, needs_reason=False, **kwargs)
        self.order_fields(["unit", "code", "name", "kind", "area", "harm"])

    @property
    def found(self) -> Found:
        given = self.cleaned_data
        return Found(**{name: given[name] for name in ("code", "name", "kind", "area", "harm")})


class MeasureForm(forms.Form):
    """A control measure and its check."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Kind of measure"), choices=RiskMeasure.Kind.choices
    )
    text = forms.CharField(label=pgettext_lazy("risk", "Measure"), max_length=500)
    post = forms.ModelChoiceField(
        label=gettext_lazy("Checked by (post)"), queryset=Post.objects.none()
    )
    rule = forms.ChoiceField(label=gettext_lazy("How often"), choices=OFTEN)
    days = forms.IntegerField(
        label=gettext_lazy("Within how many days"), min_value=1, max_value=366, initial=1
    )
    items = forms.CharField(
        label=gettext_lazy("What is looked at, a line each"), required=False, max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip

    def __init__(self, *args: Any, unit_id: int, day: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["post"]
        field.queryset = Post.objects.filter(unit_id=unit_id, valid__contains=day).order_by("code")
        field.label_from_instance = lambda post: f"{post.title} ({post.code})"

    @property
    def control(self) -> Control:
        given = dict(self.cleaned_data)
        return Control(items=given.pop("items").splitlines(), **given)


class CheckForm(forms.Form):
    """Which items do not hold; what was seen; a photo."""

    failed = forms.MultipleChoiceField(
        label=gettext_lazy("Tick what does NOT hold"), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    note = forms.CharField(
        label=gettext_lazy("What you saw"), required=False, max_length=2000,
        help_text=gettext_lazy("Needed where something does not hold: it becomes a hazard."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    looks = forms.ChoiceField(
        label=gettext_lazy("How bad it looks"), choices=Hazard.Looks.choices,
        initial=Hazard.Looks.SERIOUS,
    )  # fmt: skip
    photo = AttachmentField(label=gettext_lazy("Photo"), photo=True)

    def __init__(self, *args: Any, measure: RiskMeasure, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["failed"]
        field.choices = [(one, one) for one in measure.items]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if given.get("failed") and not given.get("note", "").strip():
            self.add_error("note", _("Say what you have seen."))
        return given

    def clean_looks(self) -> int:
        return int(self.cleaned_data["looks"])


class ReasonForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("Why"), max_length=1000)
