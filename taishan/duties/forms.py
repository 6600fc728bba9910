"""What the acts on a duty ask for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from taishan.duties.models import Duty
from taishan.kit import days
from taishan.kit.kept_files import AttachmentField
from taishan.organisation import access
from taishan.organisation.access import Capability
from taishan.organisation.models import (
    Account,
    Membership,
    Person,
    Post,
    PostHolding,
    UnitVersion,
)

NEEDED: Mapping[str, Capability] = {
    "acknowledgement": Capability.ATTEST, "directive": Capability.ATTEST,
    "unit_return": Capability.REPORT, "campaign_return": Capability.REPORT,
    "campaign_milestone": Capability.DIRECT, "telling": Capability.HANDLE_INCIDENTS,
    "risk_review": Capability.HANDLE_HAZARDS,
}  # fmt: skip
"""By which right in the unit some kinds are done: whoever takes one over needs it."""


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
        self._needed = NEEDED.get(duty.kind)
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
        elif (person or post) and not self._may(person or self._find_holder(post)):
            field = "staff_no" if person else "post"
            self.add_error(field, _("They hold no role in the unit by which this is done."))
        return {
            "post_id": int(post) if post else None,
            "person_id": person.pk if person else None,
            "reason": given.get("reason", ""),
        }

    def _find_holder(self, post: str) -> Person | None:
        held = PostHolding.objects.filter(post_id=int(post), valid__contains=self._on)
        found = held.select_related("person").first()
        return found.person if found else None

    def _may(self, person: Person | None) -> bool:
        """Tell whether somebody could do it: not everything is done by whoever owes it."""
        if self._needed is None:
            return True
        account = Account.objects.filter(person=person).first() if person else None
        version = UnitVersion.objects.filter(
            unit_id=self._unit_id, valid__contains=self._on
        ).first()
        if account is None or version is None:
            return False
        return access.viewer_for(account, self._on).may(self._needed, version.path)
