"""A campaign's page: its phases along time, its tiles, rows and filters, as templates take them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any

from django.forms import Form
from django.urls import reverse
from django.utils.translation import gettext as _

from taishan.core import campaigns as core
from taishan.core.campaigns import Numbers, Phase, Standing
from taishan.core.duties import State
from taishan.duties import words as duty_words
from taishan.duties.models import Duty
from taishan.organisation.access import Capability
from taishan.organisation.scope import Scope, ScopedRequest
from taishan.safety import campaign_ranking as ranking
from taishan.safety import campaign_words as words
from taishan.safety.campaign_models import Campaign, CampaignMilestone
from taishan.safety.campaign_queries import Branch, Place
from taishan.safety.campaign_ranking import Row
from taishan.safety.campaigns import MILESTONE


def picture(
    campaign: Campaign, day: date, form_of: Callable[[CampaignMilestone], Form | None]
) -> dict[str, Any]:
    """Return the phases as parts of a bar, in percent of its width, with today and milestones, each
    with the form in which it is recorded as reached, if any.
    """
    whole = (campaign.ends - campaign.starts).days
    phases = list(campaign.phases.order_by("number"))
    spans = [Phase(starts=one.starts, ends=one.ends) for one in phases]
    now_in, found = (
        core.find_phase(spans, day),
        CampaignMilestone.objects.filter(phase__campaign=campaign),
    )
    milestones = list(found.select_related("reached").order_by("due_on", "pk"))
    duties = _find_duties(milestones)
    return {
        "phases": [
            {
                "phase": phase, "last": phase.ends - core.DAY, "is_now": at == now_in,
                "is_over": phase.ends <= day,
                "x": _percent((phase.starts - campaign.starts).days, whole),
                "width": _percent((phase.ends - phase.starts).days, whole),
                "milestones": [
                    _milestone(one, duties.get(one.pk), day) | {"form": form_of(one)}
                    for one in milestones if one.phase_id == phase.pk
                ],
            }
            for at, phase in enumerate(phases)
        ],
        "marks": [
            _milestone(one, duties.get(one.pk), day)
            | {"x": _percent((one.due_on - campaign.starts).days + 1, whole)}
            for one in milestones
        ],
        "today": _percent((day - campaign.starts).days, whole)
        if campaign.starts <= day < campaign.ends else None,
        "spoken": "; ".join(
            f"{one.title}: {one.starts} – {one.ends - core.DAY}" for one in phases
        ),
    }  # fmt: skip


def _percent(part: int, whole: int) -> str:
    return f"{part / whole * 100:.3f}%"


def _find_duties(milestones: Iterable[CampaignMilestone]) -> dict[int, Duty]:
    """Return what is or was owed of milestones, by their numbers: it may have been given more time,
    or waived.
    """
    subjects = [str(one.pk) for one in milestones]
    rows = Duty.objects.filter(subject_kind=MILESTONE, subject_id__in=subjects)
    return {int(duty.subject_id): duty for duty in rows}


def _milestone(one: CampaignMilestone, duty: Duty | None, day: date) -> dict[str, Any]:
    reached = getattr(one, "reached", None)
    if reached is not None:
        state, word = "reached", _("reached")
    elif duty and duty.ended == State.WAIVED:
        state, word = "ahead", str(duty_words.STATES[State.WAIVED])
    elif (duty.due_on if duty else one.due_on) < day:
        state, word = "late", _("not reached")
    else:
        state, word = "ahead", _("ahead")
    return {"milestone": one, "reached": reached, "state": state, "word": word}


def tiles(numbers: Numbers, units_href: str) -> list[dict[str, Any]]:
    """Return the sums of a branch, each with its word."""
    returns = numbers.returns_on_time + numbers.returns_late
    return [
        {
            "label": _("problems and hazards"), "number": f"{numbers.problems:,}",
            "word": _("found"), "note": _("%d put right") % numbers.problems_closed,
        },
        {
            "label": _("rules and measures"), "number": f"{numbers.measures:,}",
            "word": _("listed"), "note": _("%d in force") % numbers.measures_closed,
        },
        {
            "label": _("overdue"), "number": f"{numbers.overdue:,}", "word": _("of both lists"),
            "href": units_href,
        },
        {
            "label": _("to be verified"),
            "number": f"{numbers.problems_waiting + numbers.measures_waiting:,}",
            "word": _("of both lists"),
        },
        {
            "label": _("monthly returns"), "number": f"{returns:,}",
            "word": _("of %d due") % numbers.returns_due,
            "note": _("%d on time") % numbers.returns_on_time,
        },
    ]  # fmt: skip


def chips(
    request: ScopedRequest, found: dict[Standing, list[Place]], chosen: str
) -> list[dict[str, Any]]:
    """Return how many units stand how, each leading to those units."""
    return [
        {
            "standing": standing, "word": words.STANDINGS[standing], "number": len(units),
            "tone": words.TONES[standing], "icon": words.ICONS[standing],
            "is_on": chosen == standing,
            "href": _same(request, "" if chosen == standing else str(standing)),
        }
        for standing, units in found.items()
    ]  # fmt: skip


def _same(request: ScopedRequest, standing: str) -> str:
    query = request.GET.copy()
    query.pop("page", None)
    query["state"] = standing
    return f"?{query.urlencode()}"


def row(request: ScopedRequest, campaign: Campaign, one: Row) -> dict[str, Any]:
    """Return a unit's row: it leads further down, or to its own lists where nothing is beneath."""
    numbers = one.numbers
    scope, is_leaf = request.scope_, one.below == 0 or one.is_top
    return {
        "row": one, "numbers": numbers, "standing": badge(one.standing),
        "href": unit_address(scope, campaign, one.unit.code) if is_leaf
        else campaign_address(scope, campaign, one.unit.code),
        "points": "—" if one.score.points is None else str(one.score.points),
        "why": _why(one, campaign), "closed": numbers.closed, "entries": numbers.entries,
        "parts": [
            (words.PARTS[part], "—" if share is None else f"{float(share):.0%}")
            for part, share in one.score.shares.items()
        ],
    }  # fmt: skip


def _why(one: Row, campaign: Campaign) -> str:
    if one.score.is_small:
        least = core.FORMULAS[campaign.formula].least_heads
        return _("fewer than %d people") % least
    return "" if one.score.points is not None else _("nothing to judge yet")


def badge(standing: Standing) -> dict[str, Any]:
    """Return a unit's state as its word, tone and icon."""
    return {
        "word": words.STANDINGS[standing], "tone": words.TONES[standing],
        "icon": words.ICONS[standing],
    }  # fmt: skip


def units_of(
    request: ScopedRequest, campaign: Campaign, branch: Branch, places: list[Place], day: date
) -> list[dict[str, Any]]:
    """Return units of one state, each by itself, the longest without movement first."""
    lines = [
        {
            "name": place.name, "code": place.code, "numbers": branch.numbers[place.unit_id],
            "days": ranking.days_still(branch, place, day),
            "href": unit_address(request.scope_, campaign, place.code),
        }
        for place in places
    ]  # fmt: skip
    return sorted(lines, key=lambda line: (-line["days"], line["code"]))


def campaign_address(scope: Scope, campaign: Campaign, within: str = "") -> str:
    page = reverse("campaigns:campaign", args=[campaign.pk])
    return f"{page}?{scope.query(within=within)}"


def unit_address(scope: Scope, campaign: Campaign, code: str) -> str:
    return f"{reverse('campaigns:unit', args=[campaign.pk, code])}?{scope.query()}"


def crumbs(
    request: ScopedRequest, campaign: Campaign, top: Place | None, seen: dict[int, Place]
) -> list[tuple[str, str]]:
    """Return the way down to a unit: the campaigns, this one, the units above as far as seen."""
    scope = request.scope_
    found = [
        (_("Campaigns"), f"{reverse('campaigns:campaigns')}?{scope.query(within='')}"),
        (campaign.title, campaign_address(scope, campaign)),
    ]
    for step in top.steps if top else []:
        place = seen.get(int(step))
        if place is not None and place.unit_id != campaign.unit_id:
            found.append((place.name, campaign_address(scope, campaign, place.code)))
    return found


def may_direct(request: ScopedRequest, path: str) -> bool:
    return request.viewer.may(Capability.DIRECT, path)


def when(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d}" if at else ""
