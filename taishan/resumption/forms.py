"""What a unit is asked when it attests a condition."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from taishan.core.approvals import APPROVED_BY
from taishan.core.gate import Verdict
from taishan.kit import days
from taishan.kit.kept_files import AttachmentField
from taishan.regulations import words


def conditions(verdict: Verdict) -> list[tuple[str, str]]:
    """Return what the unit can attest, in words: what is asked, or that a rule leaves it out."""
    found = {u.demand.dimension: words.demand(u.demand) for u in verdict.unmet}
    for reason in verdict.reasons:
        for demand in reason.clause.requirement.demands():
            if ":" in demand.dimension and reason.effect.value == "binds":
                found.setdefault(demand.dimension, words.demand(demand))
        if reason.clause.targeted:
            found[f"outside:{reason.clause.key}"] = words.condition(f"outside:{reason.clause.key}")
    return sorted(one for one in found.items() if not one[0].startswith(APPROVED_BY))


class AttestationForm(forms.Form):
    """What the unit states, from when, until when, and what shows it."""

    condition = forms.ChoiceField(label=gettext_lazy("Condition"))
    amount = forms.FloatField(label=gettext_lazy("Amount (1 for yes)"), initial=1, min_value=0)
    starts = days.DayField(
        label=gettext_lazy("From"),
    )
    ends = days.DayField(
        label=gettext_lazy("Until (exclusive)"),
        required=False,
    )
    evidence = forms.CharField(
        label=gettext_lazy("What shows it"), widget=forms.Textarea(attrs={"rows": 2})
    )
    file = AttachmentField(label=gettext_lazy("A file that shows it"))

    def __init__(self, *args: Any, conditions: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["condition"].choices = conditions  # type: ignore[attr-defined]
