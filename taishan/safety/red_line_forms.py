"""What is asked of who reports a crossed red line, and of who records a library of red lines."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from taishan.kit import clock, days
from taishan.kit.kept_files import AttachmentField
from taishan.organisation import history
from taishan.organisation.models import UnitVersion
from taishan.safety import red_line_queries
from taishan.safety.forms import StopForm
from taishan.safety.red_line_models import RedLine


class _RedLineField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: RedLine) -> str:
        return obj.what


class BreachForm(StopForm):
    """Where, which red line, what was seen, a photo: the red lines offered are the unit's."""

    red_line = _RedLineField(
        label=_("Red line"), queryset=RedLine.objects.none(), empty_label=None,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Choose one of the red lines that hold there.")},
    )  # fmt: skip
    ground = forms.CharField(
        label=_("What you saw"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000
    )
    photo = AttachmentField(label=_("Photo"), photo=True)
    field_order = ("unit", "red_line", "ground", "place", "photo", "shown_to")

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        day = clock.day_at(now)
        super().__init__(*args, day=day, reaches_below=False, **kwargs)
        # Which red lines are offered follows from the unit, which is chosen before.
        self.fields["unit"].widget = forms.HiddenInput()
        code = self.data.get("unit") or self.initial.get("unit") or ""
        self.at = _find_version(code.strip(), day)
        field = self.fields["red_line"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - narrows the type
        held = red_line_queries.find_holding_now(self.at, now) if self.at else []
        rows = RedLine.objects.filter(pk__in=[row.pk for row in held])
        field.queryset = rows.order_by("code", "pk")


def _find_version(code: str, day: date) -> UnitVersion | None:
    try:
        return history.get_version(code, day)
    except history.OrganisationRefused:
        return None


class LibraryForm(forms.Form):
    """A library, as a file or as its text, the unit that it holds for, and from which day."""

    unit = forms.CharField(
        label=_("Unit"), max_length=40, help_text=_("It holds there and in all units below.")
    )
    on = days.DayField(label=_("From"))
    file = forms.FileField(
        label=_("Library file (YAML)"), required=False,
        widget=forms.FileInput(attrs={"accept": ".yaml,.yml"}),
    )  # fmt: skip
    text = forms.CharField(
        label=_("or its text"), required=False, max_length=400_000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        file = given.pop("file", None)
        text = given.pop("text", "").encode()
        given["content"] = file.read() if file else text
        if not given["content"]:
            raise forms.ValidationError(_("Choose a file."))
        return given

    def clean_unit(self) -> str:
        return str(self.cleaned_data["unit"]).strip()
