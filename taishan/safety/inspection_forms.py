"""What is asked of who plans inspections or makes a route."""

from __future__ import annotations

from datetime import time
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from taishan.core import recurrence
from taishan.core.recurrence import LAST_DAY
from taishan.forms import presenting
from taishan.forms.models import Form
from taishan.kit import clock, days
from taishan.organisation.models import Post, UnitVersion
from taishan.safety import inspection_pages
from taishan.safety.inspection_models import Route

OTHER = "other"
RULES = (
    (recurrence.as_rule(recurrence.daily()), _("every day")),
    (recurrence.as_rule(recurrence.on_working_days()), _("every working day")),
    (recurrence.as_rule(recurrence.weekly(["MO"])), _("every Monday")),
    (recurrence.as_rule(recurrence.weekly(["WE"])), _("every Wednesday")),
    (recurrence.as_rule(recurrence.weekly(["FR"])), _("every Friday")),
    (recurrence.as_rule(recurrence.monthly(1)), _("on the first of each month")),
    (recurrence.as_rule(recurrence.monthly(15)), _("on the 15th of each month")),
    (recurrence.as_rule(recurrence.monthly(LAST_DAY)), _("on the last day of each month")),
    ("FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=1", _("on the first of every third month")),
    (OTHER, _("by another rule")),
)


class PlanForm(forms.Form):
    """Which checklist, how often, by whom, along which route."""

    form = forms.ChoiceField(label=_("Checklist"))
    often = forms.ChoiceField(label=_("How often"), choices=RULES)
    rule = forms.CharField(
        label=_("Another rule"), max_length=200, required=False,
        help_text=_("As RFC 5545 has it, such as FREQ=WEEKLY;INTERVAL=2;BYDAY=TU."),
    )  # fmt: skip
    starts = days.DayField(label=_("From"))
    days = forms.IntegerField(label=_("Days to do it in"), min_value=1, max_value=90, initial=1)
    due_at = forms.TimeField(
        label=_("By, on the last of them"), initial=time(18),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )  # fmt: skip
    lapses_after_days = forms.IntegerField(
        label=_("Missed after so many days more"), min_value=0, max_value=90, initial=1
    )
    by = forms.ChoiceField(label=_("Inspected by"))
    route = forms.ChoiceField(label=_("Along the route"), required=False)
    is_surprise = forms.BooleanField(
        label=_("Unannounced"), required=False,
        help_text=_("Shown to the unit above that inspects, and to nobody in the unit."),
    )  # fmt: skip

    def __init__(
        self, *args: Any, unit: UnitVersion, inspecting: list[UnitVersion], lang: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        posts = Post.objects.filter(
            unit_id__in=[one.unit_id for one in inspecting], valid__contains=clock.today()
        )
        self.units = {str(one.unit_id): one for one in inspecting}
        self.posts = {f"post:{post.pk}": post for post in posts.order_by("unit_id", "code")}
        self.routes = {str(one.pk): one for one in Route.objects.filter(
            unit_id=unit.unit_id, ended_at=None
        ).order_by("name")}  # fmt: skip
        lists = inspection_pages.find_checklists()
        self._choose("form", [(v.form.code, presenting.title(v.form, lang)) for v in lists])
        self._choose("by", [
            *((key, one.name) for key, one in self.units.items()),
            *((key, f"{self.units[str(post.unit_id)].name} · {post.title}")
              for key, post in self.posts.items()),
        ])  # fmt: skip
        self._choose("route", [("", "—"), *((key, r.name) for key, r in self.routes.items())])

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Return the plan's terms: the rule chosen, the checklist, who inspects, the route."""
        given = super().clean() or {}
        if self.errors:
            return given
        post = self.posts.get(given["by"])
        return {
            "form": Form.objects.get(code=given["form"]),
            "rule": given["rule"].strip() if given["often"] == OTHER else given["often"],
            "by": self.units[str(post.unit_id) if post else given["by"]],
            "post": post,
            "route": self.routes.get(given["route"]),
        } | {
            name: given[name]
            for name in ("starts", "days", "due_at", "lapses_after_days", "is_surprise")
        }


class RouteForm(forms.Form):
    """A name, and the points in their order."""

    name = forms.CharField(label=_("Name of the route"), max_length=120)
    points = forms.CharField(
        label=_("Points, one a line, in their order"), max_length=8000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )  # fmt: skip

    def clean_points(self) -> list[str]:
        """Return the points."""
        return [line.strip() for line in self.cleaned_data["points"].splitlines() if line.strip()]
