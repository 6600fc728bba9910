"""Duties in the words of their pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from taishan.core.duties import State
from taishan.duties import words
from taishan.duties.models import Duty
from taishan.duties.scorecards import Totals
from taishan.kit.tables import Cell
from taishan.organisation import access
from taishan.organisation import queries as organisation
from taishan.organisation.scope import ScopedRequest

MINUTES_A_DAY = 24 * 60
TONES = {
    State.PENDING: "note", State.DUE_SOON: "warn", State.OVERDUE: "bad", State.ON_TIME: "good",
    State.LATE: "warn", State.WAIVED: "note", State.MISSED: "bad",
}  # fmt: skip
ICONS = {
    State.PENDING: "clock-hour-4", State.DUE_SOON: "clock-hour-4", State.OVERDUE: "alert-triangle",
    State.ON_TIME: "circle-check", State.LATE: "check", State.WAIVED: "x", State.MISSED: "x",
}  # fmt: skip


def heads() -> list[str]:
    """Return the headings of a scorecard's numbers."""
    return [
        _("Owed"), _("On time"), _("Late"), _("Missed"), _("Waived"), _("Open"),
        _("Share on time"),
    ]  # fmt: skip


def cells(totals: Totals) -> list[Cell]:
    """Return a scorecard's numbers under these headings; the share in percent."""
    one = totals
    share = "" if one.share_on_time is None else round(one.share_on_time * 100, 1)
    return [one.owed, one.on_time, one.late, one.missed, one.waived, one.open, share]


def numbers(totals: Totals) -> dict[str, Any]:
    """Return the same for a page; ``share`` in words, ``share_pct`` as a number or None."""
    share = totals.share_on_time
    return {
        "totals": totals,
        "share": "—" if share is None else f"{share * 100:.1f} %",
        "share_pct": None if share is None else round(share * 100),
    }


def tabs(request: ScopedRequest, here: str, code: str) -> list[dict[str, Any]]:
    """Return the pages about duties: of the unit, where one is chosen."""
    query = request.scope_.query(within=code)
    found = [
        ("scorecards", _("Scorecards"), f"{reverse('duties:scorecards')}?{query}", "trending-up")
    ]
    if code:
        listed, matrix = (reverse(f"duties:{name}", args=[code]) for name in ("of_unit", "matrix"))
        found.append(("of_unit", _("List"), f"{listed}?{query}", "list-check"))
        found.append(("matrix", _("Duty matrix"), f"{matrix}?{query}", "layout-dashboard"))
    found.append(("feed", _("Calendar"), f"{reverse('duties:feed')}?{query}", "calendar-event"))
    return [
        {"word": word, "href": href, "icon": icon, "is_on": name == here}
        for name, word, href, icon in found
    ]


def crumbs(request: ScopedRequest, path: str) -> list[tuple[str, str]]:
    """Return the units above and this one, each leading to its scorecard."""
    base = reverse("duties:scorecards")
    found = [(_("Duties"), f"{base}?{request.scope_.query(within='')}")]
    if not path:
        return found
    seen = access.units_visible(request.viewer, request.scope_.day).filter(
        unit_id__in=[int(step) for step in path.split(".")]
    )
    rows = sorted(seen.select_related("unit"), key=lambda row: len(row.path))
    return found + [
        (row.name, f"{base}?{request.scope_.query(within=row.unit.code)}") for row in rows
    ]


def stem(code: str) -> str:
    """Return how the addresses of a unit's duties begin; an id and a slash end them.

    Django takes as long to find one as all else of a line takes.
    """
    return reverse("duties:one", args=[code, _ANY]).removesuffix(f"{_ANY}/")


_ANY = UUID(int=0)


def line(duty: Duty, stem: str, now: datetime, zone: ZoneInfo, owner: str = "") -> dict[str, Any]:
    """Return a duty as a line of a list. ``due`` is by the unit's clock."""
    state = duty.standing(now)
    return {
        "what": duty.what,
        "owner": owner,
        "href": f"{stem}{duty.id}/",
        "kind": words.KINDS.get(duty.kind, duty.kind),
        "state": state.value,
        "state_word": words.STATES[state],
        "tone": TONES[state],
        "icon": ICONS[state],
        "due": f"{duty.due_at.astimezone(zone):%Y-%m-%d %H:%M}",
        "iso": duty.due_at.isoformat(),
        "when": when(duty, state, now),
    }


def lines(
    rows: Sequence[Duty], now: datetime, owners: Mapping[str, str] | None = None
) -> list[dict[str, Any]]:
    """Return duties of any units as lines, each by its own unit's clock. One query.

    ``owners``: who owes it within the unit, by the duty's id; empty for the unit, which is named.
    """
    units = organisation.find_last_versions(duty.unit_id for duty in rows)
    stems = {pk: stem(unit.unit.code) for pk, unit in units.items()}
    found = []
    for duty in rows:
        unit = units[duty.unit_id]
        owner = (owners or {}).get(str(duty.id)) or unit.name
        found.append(line(duty, stems[duty.unit_id], now, ZoneInfo(unit.time_zone), owner))
    return found


def when(duty: Duty, state: State, now: datetime) -> str:
    """Say how far off its hour is, or how long past."""
    if state not in (State.PENDING, State.DUE_SOON, State.OVERDUE):
        return ""
    minutes = int(abs(duty.due_at - now).total_seconds() // 60)
    if not minutes:
        return _("due this minute")
    return _late(minutes) if state is State.OVERDUE else _left(minutes)


def _late(minutes: int) -> str:
    if days := minutes // MINUTES_A_DAY:
        return ngettext("%d day late", "%d days late", days) % days
    if hours := minutes // 60:
        return ngettext("%d hour late", "%d hours late", hours) % hours
    return ngettext("%d minute late", "%d minutes late", minutes) % minutes


def _left(minutes: int) -> str:
    if days := minutes // MINUTES_A_DAY:
        return ngettext("%d day left", "%d days left", days) % days
    if hours := minutes // 60:
        return ngettext("%d hour left", "%d hours left", hours) % hours
    return ngettext("%d minute left", "%d minutes left", minutes) % minutes
