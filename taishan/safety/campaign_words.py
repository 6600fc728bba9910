"""Campaigns as people read them: the words of states and parts, banners, stories, the formula."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from taishan.core import campaigns as core
from taishan.core.campaigns import Formula, Part, Stand, Standing
from taishan.organisation.access import Capability, Viewer
from taishan.safety import campaign_entries
from taishan.safety.campaign_models import ACTS, Campaign, CampaignAct, CampaignEntry
from taishan.safety.words import local

STANDINGS = {
    Standing.NOT_BEGUN: gettext_lazy("nothing listed yet"),
    Standing.STALLED: gettext_lazy("stalled"),
    Standing.OVERDUE: gettext_lazy("overdue"),
    Standing.MOVING: gettext_lazy("moving"),
    Standing.WORKED_OFF: gettext_lazy("worked off"),
}
TONES = {
    Standing.NOT_BEGUN: "note",
    Standing.STALLED: "bad",
    Standing.OVERDUE: "warn",
    Standing.MOVING: "note",
    Standing.WORKED_OFF: "good",
}
ICONS = {
    Standing.NOT_BEGUN: "clock-hour-4",
    Standing.STALLED: "alert-triangle",
    Standing.OVERDUE: "bell",
    Standing.MOVING: "activity",
    Standing.WORKED_OFF: "circle-check",
}
STAND_TONES = {
    Stand.OPEN: "note",
    Stand.DONE: "warn",
    Stand.CLOSED: "good",
    Stand.WITHDRAWN: "note",
}
PARTS = {
    Part.CLOSED_ON_TIME: gettext_lazy("closed on time"),
    Part.RETURNS_ON_TIME: gettext_lazy("returns on time"),
    Part.FOUND: gettext_lazy("problems found"),
}


def explain(formula: Formula) -> list[str]:
    """Return the formula of a ranking in sentences."""
    weights = formula.weights
    return [
        _("%d points: entries closed on time, of those closed or overdue.")
        % weights[Part.CLOSED_ON_TIME],
        _("%d points: monthly returns given on time, of those whose hour has come.")
        % weights[Part.RETURNS_ON_TIME],
        _("%(points)d points: problems found per 100 people; %(full)d earn all, more earn no more.")
        % {"points": weights[Part.FOUND], "full": formula.found_per_100},
        _("What there is no ground to judge yet counts for nobody: the rest makes up 100 points."),
        _("Equal points share a place. Units of fewer than %d people are shown, not ranked.")
        % formula.least_heads,
    ]


def banner(campaign: Campaign, top: str, viewer: Viewer, path: str) -> dict[str, str]:
    """Return the callout of a campaign: whether it runs, who may act next, and why not you."""
    closing = getattr(campaign, "closing", None)
    if closing is not None:
        return {
            "tone": "good", "title": _("Ended"), "next": "",
            "text": _("Its report stands; what is still open in the lists stays owed."),
        }  # fmt: skip
    who = _("%(unit)s sets milestones and targets, and closes it with a report.") % {"unit": top}
    if not viewer.may(Capability.DIRECT, path):
        who = f"{who} {_('Units keep their two lists and return each month.')}"
    return {"tone": "note", "title": _("Running"), "text": "", "next": who}


def entry_banner(entry: CampaignEntry, viewer: Viewer, path: str, now: datetime) -> dict[str, str]:
    """Return the callout of a line: where it stands, who acts next, and if not you, why not."""
    stand = Stand(entry.stand)
    is_late = stand is Stand.OPEN and entry.due_at <= now
    title = _("Overdue") if is_late else entry.get_stand_display()
    tone = "bad" if is_late else STAND_TONES[stand]
    given = {"tone": tone, "title": title, "text": "", "next": ""}
    if entry.hazard_id is not None:
        text = _("It follows its hazard: whatever is done is done there.")
        return given | {"text": text}
    if stand is Stand.OPEN:
        return given | {"next": _("%s does it and says so.") % campaign_entries.name_owner(entry)}
    if stand is Stand.DONE:
        return given | {"next": _who_verifies(entry, viewer, path, now)}
    return given


def _who_verifies(entry: CampaignEntry, viewer: Viewer, path: str, now: datetime) -> str:
    who = _("The unit's head or a safety officer verifies it, or returns it with a reason.")
    if not viewer.may(Capability.ATTEST, path):
        return f"{who} {_('You hold no such role here.')}"
    if viewer.person_id in campaign_entries.find_doers(entry, now):
        return f"{who} {campaign_entries.say_why(core.Refusal.SAME_PERSON)}"
    return who


def story(entry: CampaignEntry, acts: list[CampaignAct], time_zone: str) -> list[dict[str, Any]]:
    """Return what happened to a line, the latest first, for a timeline."""
    titles = {str(act): str(word) for act, word in ACTS.items()}
    events = [(entry.recorded_at, _("Listed"), entry.how, entry.by_label)]
    events += [(one.recorded_at, titles[one.act], one.text, one.by_label) for one in acts]
    return [
        {
            "when": local(at, time_zone), "iso": at.isoformat(), "title": title, "text": text,
            "who": who,
        }
        for at, title, text, who in reversed(events)
    ]  # fmt: skip
