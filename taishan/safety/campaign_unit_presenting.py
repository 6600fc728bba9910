"""A unit's lists and returns, as templates take them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from taishan.core.campaigns import Stand
from taishan.core.duties import OPEN, State
from taishan.duties import words as duty_words
from taishan.duties.models import Duty
from taishan.kit import clock
from taishan.organisation import access
from taishan.organisation.models import UnitVersion
from taishan.organisation.scope import ScopedRequest
from taishan.safety import campaign_presenting as presenting
from taishan.safety import campaign_queries as queries
from taishan.safety import campaign_words as words
from taishan.safety.campaign_models import STANDS, Campaign, CampaignEntry, CampaignReturn

LATE = "late"
RETURN_TONES = {
    State.ON_TIME: "good",
    State.LATE: "warn",
    State.MISSED: "bad",
    State.OVERDUE: "bad",
    State.DUE_SOON: "warn",
}


def narrow(
    lines: QuerySet[CampaignEntry], stand: str, text: str, now: datetime
) -> QuerySet[CampaignEntry]:
    """Return the lines of a state (``late``: open past the deadline) that hold a text, the next
    deadline first and what is over last.
    """
    if stand == LATE:
        lines = lines.filter(stand=Stand.OPEN, due_at__lte=now)
    elif stand in STANDS:
        lines = lines.filter(stand=stand)
    wanted = text.strip()[:80]
    if wanted:
        lines = lines.filter(
            Q(what__icontains=wanted) | Q(place__icontains=wanted) | Q(how__icontains=wanted)
        )
    over = Q(stand__in=[Stand.CLOSED, Stand.WITHDRAWN])
    is_over = ExpressionWrapper(over, output_field=BooleanField())
    return lines.select_related("post").order_by(is_over, "due_at", "number")


def line(entry: CampaignEntry, now: datetime) -> dict[str, Any]:
    """Return a line of a list."""
    stand = Stand(entry.stand)
    is_late = stand is Stand.OPEN and entry.due_at <= now
    return {
        "entry": entry, "is_late": is_late,
        "word": _("overdue") if is_late else entry.get_stand_display(),
        "tone": "bad" if is_late else words.STAND_TONES[stand],
    }  # fmt: skip


def around(
    request: ScopedRequest, campaign: Campaign, version: UnitVersion, chosen: str, stand: str
) -> dict[str, Any]:
    """Return what stands around a list: its tabs, filters and where it is."""
    sums = campaign.sums.filter(unit_id=version.unit_id).first()
    counts = {of: getattr(sums, of, 0) for of in CampaignEntry.Of.values}
    return {
        "sums": sums,
        "tabs": [
            {"word": label, "href": _href(request, value), "is_on": value == chosen,
             "count": counts[value]}
            for value, label in CampaignEntry.Of.choices
        ],
        "filters": [
            {"name": "stand", "word": _("State"), "value": stand,
             "options": [("", _("all")), (LATE, _("overdue")), *STANDS.items()]},
            {"name": "q", "word": _("Words"), "value": request.GET.get("q", "")},
        ],
        "kept": [{"name": "list", "value": chosen}],
        "crumbs": crumbs(request, campaign, version),
    }  # fmt: skip


def _href(request: ScopedRequest, chosen: str) -> str:
    return f"?{request.scope_.query()}&{urlencode({'list': chosen})}"


def crumbs(
    request: ScopedRequest, campaign: Campaign, version: UnitVersion
) -> list[tuple[str, str]]:
    """Return the way to a unit's lists."""
    steps = [int(step) for step in version.path.split(".")[:-1]]
    seen = access.units_visible(request.viewer, clock.today()).filter(unit_id__in=steps)
    above = sorted(seen.select_related("unit"), key=lambda one: len(one.path))
    scope = request.scope_
    return [
        (_("Campaigns"), f"{reverse('campaigns:campaigns')}?{scope.query(within='')}"),
        (campaign.title, presenting.campaign_address(scope, campaign)),
        *(
            (one.name, presenting.campaign_address(scope, campaign, one.unit.code))
            for one in above if one.unit_id != campaign.unit_id
        ),
        (version.name, presenting.unit_address(scope, campaign, version.unit.code)),
    ]  # fmt: skip


def returns(campaign: Campaign, unit_id: int, now: datetime) -> list[dict[str, Any]]:
    """Return the months of a unit, the latest first: what became of what it owed on each."""
    given = {f"{one.month:%Y-%m}": one for one in campaign.returns.filter(unit_id=unit_id)}
    rows = Duty.objects.filter(
        unit_id=unit_id, subject_kind=queries.RETURN, subject_id__startswith=f"{campaign.pk}:"
    )
    return [_month(duty, given, now) for duty in rows.order_by("-subject_id")]


def _month(duty: Duty, given: dict[str, CampaignReturn], now: datetime) -> dict[str, Any]:
    month, state = duty.subject_id.partition(":")[2], duty.standing(now)
    return {
        "month": month, "word": duty_words.STATES[state], "tone": RETURN_TONES.get(state, "note"),
        "is_open": state in OPEN, "given": given.get(month), "due_at": duty.due_at,
    }  # fmt: skip


def return_banner(
    duty: Duty,
    given: CampaignReturn | None,
    now: datetime,
    version: UnitVersion,
    *,
    may_give: bool,
) -> dict[str, str]:
    """Return the callout of a monthly return: where it stands, who acts next, and why not you."""
    state, zone = duty.standing(now), ZoneInfo(version.time_zone)
    text = _("due %s") % f"{duty.due_at.astimezone(zone):%Y-%m-%d %H:%M}"
    who = _("The unit's head or a safety officer returns it.") if state in OPEN else ""
    if who and not may_give:
        who = f"{who} {_('You hold no such role here.')}"
    said = f"{given.by_label}, {given.recorded_at.astimezone(zone):%Y-%m-%d %H:%M}" if given else ""
    return {
        "title": str(duty_words.STATES[state]), "tone": RETURN_TONES.get(state, "note"),
        "text": f"{text} · {said}" if said else text, "next": who,
    }  # fmt: skip
