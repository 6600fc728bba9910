"""What inspections are called, and how their numbers are written, in the language of the page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from taishan.core import recurrence
from taishan.core.inspections import Outcome, Score, Verdict
from taishan.core.recurrence import Often
from taishan.safety.inspection_models import Inspection

VERDICTS = {
    Verdict.CLEAN: (gettext_lazy("Everything passed"), "good"),
    Verdict.FINDINGS: (gettext_lazy("Something failed"), "warn"),
    Verdict.FAILED: (gettext_lazy("Failed: something critical is wrong"), "bad"),
    Verdict.EMPTY: (gettext_lazy("Nothing applies"), "note"),
}
SHORT = {
    Verdict.CLEAN: gettext_lazy("passed"),
    Verdict.FINDINGS: gettext_lazy("with findings"),
    Verdict.FAILED: pgettext_lazy("inspection", "failed"),
    Verdict.EMPTY: gettext_lazy("nothing applies"),
}
ICONS = {Verdict.FINDINGS: "alert-triangle", Verdict.FAILED: "x"}
OUTCOMES = {
    Outcome.PASSED: gettext_lazy("passed"),
    Outcome.FAILED: pgettext_lazy("inspection", "failed"),
    Outcome.EXCLUDED: gettext_lazy("not applicable"),
}


def percent(share: float | None) -> str:
    """Return a share as people write it; nothing short of everything is written as 100 %."""
    if share is None:
        return "—"
    hundredths = min(round(share * 100), 99) if share < 1 else 100
    return f"{hundredths} %"


def say_rule(rule: str, known: Mapping[str, Any]) -> str:
    """Return a recurrence in words: as one of those offered, else by its days; else as written."""
    found = recurrence.in_words(rule)
    if rule in known:
        return str(known[rule])
    if found.often is Often.WEEKLY:
        names = [
            str(WEEKDAYS[at]) for at, day in enumerate(recurrence.WEEKDAYS) if day in found.weekdays
        ]
        return _("every week: %s") % ", ".join(names)
    if found.often is Often.MONTHLY and found.month_day:
        return _("every month, on day %d") % found.month_day
    return rule


def banner(inspection: Inspection, open_items: int) -> dict[str, str]:
    """Return the banner of an inspection; ``open_items`` failed and are no hazard yet."""
    title, tone = VERDICTS[Verdict(inspection.verdict)]
    return {
        "title": str(title),
        "tone": tone,
        "text": score_text(inspection.score),
        "next": _next(inspection, open_items),
    }


def score_text(score: Score) -> str:
    """Return the score with what it is made of."""
    if score.share is None:
        return ""
    said = _("%(share)s of the weight passed (%(passed)d of %(counted)d).") % {
        "share": percent(score.share), "passed": score.passed_weight,
        "counted": score.counted_weight,
    }  # fmt: skip
    if score.failed_critical:
        critical = _("A critical item failed: that fails the whole, whatever the share.")
        return f"{said} {critical}"
    return said


def _next(inspection: Inspection, open_items: int) -> str:
    if open_items:
        return _("Whoever inspects the unit decides of what failed whether it becomes a hazard.")
    if inspection.failed:
        return _("What failed goes on as hazards: see each of them.")
    return ""
