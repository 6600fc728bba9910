"""What an officer fills in: a step, a check, and what their unit asks of itself."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from taishan.core.followup import Act, Ask, Cause, Rule
from taishan.kit import days
from taishan.reporting import follow_up_rules, following
from taishan.reporting.follow_up_models import FollowUpRule, Step
from taishan.reporting.following import Details


class StepForm(forms.Form):
    """The fields that belong to an act, and no others."""

    starts = days.DayField(label=gettext_lazy("From"))
    last_day = days.DayField(label=gettext_lazy("Last day"))
    place = forms.CharField(label=gettext_lazy("Place"), max_length=200)
    text = forms.CharField(max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))
    given_by = forms.CharField(label=gettext_lazy("Said by"), max_length=120)
    manner = forms.ChoiceField(label=gettext_lazy("How"), choices=Step.Manner.choices)

    def __init__(self, data: QueryDict | None = None, *, act: Act, **kwargs: Any) -> None:
        super().__init__(data, prefix=act.value, **kwargs)
        needed = {"last_day" if name == "ends" else name for name in following.NEEDED[act]}
        for name in set(self.fields) - needed:
            del self.fields[name]
        if "text" in self.fields:
            self.fields["text"].label = _text_label(act)

    def details(self) -> Details:
        """Return what was said. The last day is the last that counts."""
        given = dict(self.cleaned_data)
        last: date | None = given.pop("last_day", None)
        return Details(ends=last + timedelta(days=1) if last else None, **given)


def _text_label(act: Act) -> str:
    return {
        Act.INSTRUCT: _("What the person is to do"),
        Act.CONFIRM: _("What shows it"),
        Act.RECOVER: _("What shows it"),
        Act.RELEASE: _("Why"),
    }[act]


def offered(act: Act, day: date, rule: Rule, said_by: str) -> StepForm:
    """Return the empty form of an act, with the shortest quarantine that the rule allows."""
    initial = {
        "starts": day,
        "last_day": day + timedelta(days=rule.quarantine_days - 1),
        "given_by": said_by,
    }
    return StepForm(act=act, initial=initial)


class CheckForm(forms.Form):
    """One look after somebody in quarantine."""

    temperature_c = forms.DecimalField(
        label=gettext_lazy("Temperature, °C"), min_value=34, max_value=43, max_digits=3,
        decimal_places=1, required=False,
    )  # fmt: skip
    text = forms.CharField(label=gettext_lazy("How they are"), max_length=500, required=False)


class RuleForm(forms.Form):
    """What a unit asks of itself and below; empty: what holds above it."""

    temperature_c = forms.DecimalField(
        label=gettext_lazy("A follow-up from so many °C on"), min_value=36, max_value=43,
        max_digits=3, decimal_places=1, required=False,
    )  # fmt: skip
    quarantine_days = forms.IntegerField(
        label=gettext_lazy("Days of quarantine at least"), min_value=1, max_value=90, required=False
    )
    checks_per_day = forms.IntegerField(
        label=gettext_lazy("Checks a day"), min_value=1, max_value=24, required=False
    )
    causes = forms.MultipleChoiceField(
        label=gettext_lazy("A follow-up is opened by"), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip

    def __init__(
        self, data: QueryDict | None = None, *, own: FollowUpRule | None, above: Rule
    ) -> None:
        initial = {name: getattr(own, name) for name in self.base_fields} if own else {}
        initial["causes"] = sorted(above.causes | set(initial.get("causes") or ()))
        super().__init__(data, initial=initial)
        field: Any = self.fields["causes"]
        field.choices = [(one.value, follow_up_rules.cause_word(one)) for one in Cause]
        said = follow_up_rules.in_words(above)
        for name in self.fields:
            self.fields[name].help_text = _("Above: %s.") % said[name]

    def ask(self, above: Rule) -> Ask:
        """Return what is asked; the causes of the units above need not be said again."""
        given = dict(self.cleaned_data)
        causes = frozenset(Cause(one) for one in given.pop("causes"))
        return Ask(causes=None if causes in (frozenset(), above.causes) else causes, **given)
