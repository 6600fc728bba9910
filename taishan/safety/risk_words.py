"""Risk points as people read them: how they stand, gradings, how often a measure is checked."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from taishan.core import recurrence
from taishan.core.recurrence import Often
from taishan.safety.hazard_models import Hazard
from taishan.safety.risk_models import RiskGrading, RiskMeasure
from taishan.safety.risk_queries import Standing


def often(measure: RiskMeasure) -> str:
    """Say how often a measure is checked; a rule that no words fit as it is."""
    words = {
        Often.DAILY: _("every day"), Often.WORKING_DAYS: _("every working day"),
        Often.WEEKLY: _("every week"), Often.MONTHLY: _("every month"), Often.RULE: measure.rule,
    }  # fmt: skip
    return words[recurrence.in_words(measure.rule).often]


def product(grading: RiskGrading) -> str:
    """Write a grading out, such as L 6 × E 6 × C 15 = 540."""
    codes = [factor["code"] for factor in grading.method.factors]
    factors = [f"{code} {grading.scores[code]:g}" for code in codes]
    return f"{' × '.join(factors)} = {grading.value:g}"


def banner(one: Standing, day: date, *, may_manage: bool) -> dict[str, str]:
    """Return the callout of a risk point: how it stands, and who acts next."""
    if one.point.closed_at is not None:
        return {"tone": "note", "title": _("Closed"), "text": _("It is there no more."), "next": ""}
    if one.is_weakened:
        text = _("A measure is weakened by an open hazard: it stands worse than it was graded.")
        who = _("Whoever puts the hazard right; the grade holds again once it is closed.")
        return {"tone": "bad", "title": _("Weakened"), "text": text, "next": who}
    said = {"day": f"{one.point.reassess_on:%Y-%m-%d}"}
    if one.point.reassess_on <= day:
        text = _("It was to be assessed again by %(day)s.") % said
        return {"tone": "warn", "title": _("To be assessed again"), "text": text,
                "next": _your_turn(may_manage)}  # fmt: skip
    text = _("To be assessed again by %(day)s.") % said
    return {"tone": "good", "title": _("Under control"), "text": text, "next": ""}


def _your_turn(may_manage: bool) -> str:
    if may_manage:
        return _("Your turn: grade it anew.")
    return _("Who handles the hazards of the unit grades it anew.")


def measure(row: RiskMeasure, hazards: list[Hazard], day: date, *, may: bool) -> dict[str, Any]:
    """Return a measure for the page of its risk point."""
    return {
        "row": row, "often": often(row),
        "hazards": [(one, reverse("hazards:hazard", args=[one.pk])) for one in hazards],
        "has_ended": day not in row.valid, "may_check": may and day in row.valid,
    }  # fmt: skip
