"""What somebody fills in to tell others something."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from taishan.communications.actions import Terms, Words
from taishan.communications.models import LineList, Notice
from taishan.kit import days

Audience = Notice.Audience


class NoticeForm(forms.Form):
    """A notice in one language or both; where one is left empty, the other stands for it.

    Days and hours are of the unit's ``time_zone``. ``line_list``: the people that a page handed
    over, who are then the audience.
    """

    to = forms.ChoiceField(label=gettext_lazy("To"))
    post_title = forms.CharField(
        label=gettext_lazy("Only posts with this in their title"), max_length=60, required=False,
        help_text=gettext_lazy("For holders of posts; empty: all of them."),
    )  # fmt: skip
    title_zh = forms.CharField(
        label=gettext_lazy("Title in Chinese"), max_length=120, required=False
    )
    text_zh = forms.CharField(
        label=gettext_lazy("Text in Chinese"), max_length=4000, required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip
    title_en = forms.CharField(
        label=gettext_lazy("Title in English"), max_length=120, required=False
    )
    text_en = forms.CharField(
        label=gettext_lazy("Text in English"), max_length=4000, required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip
    valid_until = days.DayField(
        label=gettext_lazy("In force to the end of"), required=False,
        help_text=gettext_lazy("Whoever joins until then is told too. Empty: nobody later."),
    )  # fmt: skip
    confirm_by = days.HourField(
        label=gettext_lazy("To be confirmed by"), required=False,
    )  # fmt: skip
    remind_every_h = forms.IntegerField(
        label=gettext_lazy("Remind until then, every so many hours"), required=False, min_value=1,
        max_value=168,
    )  # fmt: skip

    def __init__(
        self, *args: Any, now: datetime, time_zone: str, line_list: LineList | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.now, self.zone = now, ZoneInfo(time_zone)
        offered = [
            (str(one), str(word)) for one, word in Audience.choices if one != Audience.PEOPLE
        ]
        if line_list is not None:
            words = _("%(title)s (%(number)d people)")
            number = len(line_list.person_ids)
            offered = [(str(Audience.PEOPLE), words % {"title": line_list.title, "number": number})]
            del self.fields["post_title"], self.fields["valid_until"]
        field = self.fields["to"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = offered

    def clean(self) -> dict[str, Any]:
        """Ask for a title and a text in one language at least, and for instants to come."""
        given = super().clean() or {}
        for part, word in (
            ("title", gettext_lazy("Give a title in one language at least.")),
            ("text", gettext_lazy("Give a text in one language at least.")),
        ):
            if not (given.get(f"{part}_zh") or given.get(f"{part}_en")):
                self.add_error(f"{part}_zh", str(word))
        self._check_instants(given)
        return given

    def _check_instants(self, given: dict[str, Any]) -> None:
        day, at = given.get("valid_until"), given.get("confirm_by")
        if day:
            after = datetime.combine(day + timedelta(days=1), time(), self.zone)
            given["valid_until"] = after
        if at:
            given["confirm_by"] = at.replace(tzinfo=self.zone)
        for name in ("valid_until", "confirm_by"):
            if given.get(name) and given[name] <= self.now:
                self.add_error(name, _("This is past."))
        if given.get("remind_every_h") and not at:
            self.add_error("confirm_by", _("Say until when to remind."))

    def words(self) -> Words:
        """Return what was written, each language standing in for the other."""
        given = self.cleaned_data
        return Words(
            title_en=given["title_en"] or given["title_zh"],
            title_zh=given["title_zh"] or given["title_en"],
            text_en=given["text_en"] or given["text_zh"],
            text_zh=given["text_zh"] or given["text_en"],
        )

    def terms(self) -> Terms:
        """Return what is asked of the readers."""
        given = self.cleaned_data
        return Terms(
            valid_until=given.get("valid_until"), confirm_by=given["confirm_by"],
            remind_every_h=given["remind_every_h"],
        )  # fmt: skip
