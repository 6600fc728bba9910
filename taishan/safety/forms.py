"""What is asked of who stops work, and of who asks for it to go on."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from taishan.kit import clock
from taishan.kit.kept_files import AttachmentField
from taishan.organisation import history
from taishan.organisation.models import UnitVersion
from taishan.safety.models import StopWork


class UnitField(forms.CharField):
    """The code of a unit: cleaned, the unit as it is today."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=40, widget=forms.TextInput(attrs={"list": "units"}), **kwargs)

    def clean(self, value: Any) -> Any:
        code = super().clean(value)
        try:
            return history.get_version(code, clock.today())
        except history.OrganisationRefused as refused:
            raise forms.ValidationError(str(refused)) from None


class StopForm(forms.Form):
    """Where, why, a photo, and to whom one's name is shown: few fields, for a minute in danger.

    ``client`` is a number of the phone's, ``device_at`` when it says that this was said.
    """

    unit = forms.CharField(
        label=_("Unit"),
        max_length=40,
        help_text=_("Its code, such as on the board."),
        widget=forms.TextInput(attrs={"list": "units"}),
    )
    ground = forms.CharField(
        label=_("What is dangerous"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000
    )
    place = forms.CharField(label=_("Where exactly"), max_length=200, required=False)
    photo = AttachmentField(label=_("Photo"), photo=True)
    with_below = forms.BooleanField(label=_("For all units below it too"), required=False)
    shown_to = forms.ChoiceField(
        label=_("My name is shown to"), choices=StopWork.ShownTo.choices,
        help_text=_("Never to the unit's own head, unless to everybody."),
    )  # fmt: skip

    client = forms.UUIDField(required=False, widget=forms.HiddenInput)
    device_at = forms.DateTimeField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, day: Any, reaches_below: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._day = day
        if not reaches_below:
            del self.fields["with_below"]

    def clean_unit(self) -> UnitVersion:
        """Return the unit of the day: anybody may stop work at any, also where they are guests."""
        try:
            return history.get_version(self.cleaned_data["unit"].strip(), self._day)
        except history.OrganisationRefused as refused:
            raise forms.ValidationError(str(refused)) from None


class LiftingForm(forms.Form):
    """What was done, and what shows it."""

    evidence = forms.CharField(
        label=_("What was done, and what shows that it is safe now"), max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    file = AttachmentField(label=_("A file that shows it"))

    def __init__(self, *args: Any, needs_file: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].required = needs_file


class AnswerForm(forms.Form):
    """What the authority has seen."""

    reason = forms.CharField(
        label=_("What you have seen, or what is still missing"), max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
