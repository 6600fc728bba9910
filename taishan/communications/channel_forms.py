"""What somebody fills in about an address."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from taishan.communications.channels import Wishes
from taishan.communications.models import Address, Channel, News

LANGUAGES = (("zh", "简体中文"), ("en", "English"))


class WishesForm(forms.Form):
    """Which news, and when."""

    wanted = forms.MultipleChoiceField(
        label=gettext_lazy("Which news"), choices=News.choices, initial=list(News.values),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose one at least, or remove the address.")},
    )  # fmt: skip
    pace = forms.ChoiceField(
        label=gettext_lazy("How soon"), choices=Address.Pace.choices, initial=Address.Pace.NOW,
        help_text=gettext_lazy("Urgent news goes at once, at any hour."),
    )  # fmt: skip
    quiet_from = forms.TimeField(
        label=gettext_lazy("Nothing from"), required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )  # fmt: skip
    quiet_until = forms.TimeField(
        label=gettext_lazy("until"), required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Ask for both ends of the quiet hours, or for neither."""
        given = super().clean() or {}
        if (given.get("quiet_from") is None) != (given.get("quiet_until") is None):
            self.add_error("quiet_until", _("Quiet hours have a beginning and an end."))
        return given

    def wishes(self) -> Wishes:
        given = self.cleaned_data
        return Wishes(
            wanted=tuple(given["wanted"]), pace=given["pace"], quiet_from=given["quiet_from"],
            quiet_until=given["quiet_until"],
        )  # fmt: skip


class EmailForm(WishesForm):
    """An e-mail address of one's own."""

    target = forms.EmailField(label=gettext_lazy("E-mail address"), max_length=254)
    field_order = ["target"]


class GroupForm(WishesForm):
    """A robot of a chat group, or a webhook."""

    channel = forms.ChoiceField(
        label=gettext_lazy("What"), choices=[c for c in Channel.choices if c[0] != Channel.EMAIL]
    )
    name = forms.CharField(
        label=gettext_lazy("Name"), max_length=60,
        help_text=gettext_lazy("To tell it apart, such as the name of the chat group."),
    )  # fmt: skip
    target = forms.CharField(
        label=gettext_lazy("Address"), max_length=2000,
        help_text=gettext_lazy(
            "As the group shows it when a robot is added; of a webhook, the https address. It is "
            "not shown again."
        ),
    )  # fmt: skip
    secret = forms.CharField(
        label=gettext_lazy("Signing secret of the robot"), max_length=200, required=False,
        help_text=gettext_lazy(
            "Where DingTalk or Feishu shows one. A webhook gets its secret from here."
        ),
    )  # fmt: skip
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=LANGUAGES)
    field_order = ["channel", "name", "target", "secret", "language"]


def of(address: Address) -> WishesForm:
    """Return the form of what an address wants now."""
    return WishesForm(
        initial={
            "wanted": address.wanted,
            "pace": address.pace,
            "quiet_from": address.quiet_from,
            "quiet_until": address.quiet_until,
        },
        prefix=f"a{address.pk}",
    )
