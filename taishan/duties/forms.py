"""What the acts on a duty ask for."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from taishan.duties.models import Duty
from taishan.kit import days
from taishan.kit.kept_files import AttachmentField
from taishan.organisation.models import Membership, Person, Post


def _reason() -> forms.CharField:
    return forms.CharField(
        label=gettext_lazy("Reason"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )


class DischargeForm(forms.Form):
    """What shows that it was done."""

    evidence = forms.CharField(
        label=gettext_lazy("What was done, and what shows it"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    file = AttachmentField(label=gettext_lazy("A file that shows it"))


class WaiverForm(forms.Form):
    reason = _reason()


class ExtensionForm(forms.Form):
    """A later hour, by the clock of the unit that owes it."""

    due_at = days.HourField(
        label=gettext_lazy("New hour, by the unit's clock"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
    )
    reason = _reason()

    def instant(self, zone: ZoneInfo) -> datetime:
        """Return the new hour as an instant."""
        due_at: datetime = self.cleaned_data["due_at"]
        return due_at.replace(tzinfo=zone)


class HandoverForm(forms.Form):
    """Who is to owe it: the unit itself, one of its posts, or somebody who works in it."""

    post = forms.ChoiceField(label=gettext_lazy("Post"), required=False)
    staff_no = forms.CharField(
        label=gettext_lazy("or a person, by staff number"), required=False, max_length=40
    )
    reason = _reason()

    def __init__(self, *args: Any, duty: Duty, on: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._unit_id, self._on = duty.unit_id, on
        posts = Post.objects.filter(unit_id=duty.unit_id, valid__contains=on).order_by("code")
        choices = [("", _("the unit itself")), *((str(one.pk), one.title) for one in posts)]
        self.fields["post"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Return ``post_id``, ``person_id`` (either or neither) and the reason."""
        given = super().clean() or {}
        staff_no, post = given.get("staff_no", ""), given.get("post", "")
        if staff_no and post:
            raise forms.ValidationError(_("A post or a person, not both."))
        works_here = Membership.objects.filter(unit_id=self._unit_id, valid__contains=self._on)
        person = Person.objects.filter(
            staff_no=staff_no, pk__in=works_here.values("person_id")
        ).first()
        if staff_no and person is None:
            self.add_error("staff_no", _("Nobody with this number works in the unit today."))
        return {
            "post_id": int(post) if post else None,
            "person_id": person.pk if person else None,
            "reason": given.get("reason", ""),
        }
