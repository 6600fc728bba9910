"""Hazards as boards and lists show them: lines, bars, addresses, the words of filters."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import quote_plus, urlencode
from zoneinfo import ZoneInfo

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from taishan.core.hazards import ENDED, Cause, Grade, State
from taishan.duties import scorecards
from taishan.duties.scorecards import Branch
from taishan.organisation import access
from taishan.organisation import queries as organisation
from taishan.organisation.access import Capability
from taishan.organisation.scope import ScopedRequest
from taishan.safety import hazard_lists, hazard_thumbnails, hazard_words
from taishan.safety.hazard_models import Hazard
from taishan.safety.hazard_standing import TO_PUT_RIGHT

GRADES = (Grade.MAJOR.value, Grade.GENERAL.value, "")
TONES = {State.CLOSED: "good", State.DISMISSED: "note", State.MERGED: "note"}
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """The units that a page is about. ``others``: units that are closed, but whose hazards stay;
    ``is_narrowed``: not all that the viewer sees.
    """

    branch: Branch
    others: frozenset[int] = frozenset()
    is_narrowed: bool = False

    @property
    def unit_ids(self) -> list[int]:
        return [*self.branch.places, *self.others]


def find_scene(request: ScopedRequest, days: tuple[date, date] | None = None) -> Scene:
    """Return the units of a page's subtree: on its day, or, from a day to before another, as they
    were last. Raises Http404 for a unit not to be seen.
    """
    day, within = request.scope_.day, request.scope_.within
    since, until = days or (day, day + DAY)
    branch = scorecards.find_branch(request.viewer, within, since, until)
    if within and not branch.places:
        raise Http404(_("No such unit is recorded, or not for you to see."))
    others: frozenset[int] = frozenset()
    if not within and not days:
        seen = access.unit_ids_with(request.viewer, Capability.SEE)
        others = frozenset(seen.values_list("unit_id", flat=True)) - branch.places.keys()
    return Scene(branch=branch, others=others, is_narrowed=bool(within))


def tabs(request: ScopedRequest, here: str) -> list[dict[str, Any]]:
    """Return the pages about hazards, with the day and the subtree of this one."""
    found = [
        ("board", _("Board"), "layout-dashboard"),
        ("hazards", _("Hazards"), "list-check"),
        ("statistics", _("Statistics"), "trending-up"),
        ("repeated", _("Found again"), "history"),
        ("mine", _("My hazards"), "user"),
    ]
    return [
        {"word": word, "href": address(request, name), "icon": icon, "is_on": name == here}
        for name, word, icon in found
    ]


def address(request: ScopedRequest, name: str, **given: Any) -> str:
    """Return the address of a page, narrowed; ``within`` changes the subtree."""
    scope = {"within": given.pop("within")} if "within" in given else {}
    kept = {key: value for key, value in given.items() if value not in (None, "")}
    more = f"&{urlencode(kept)}" if kept else ""
    return f"{reverse(f'hazard_board:{name}')}?{request.scope_.query(**scope)}{more}"


def addresses(request: ScopedRequest, name: str, **given: Any) -> Callable[[str], str]:
    """Return what gives a page's address for the code of a unit: the rest is spelt once for all."""
    before, _within, after = address(request, name, within="", **given).partition("within=")
    return lambda code: f"{before}within={quote_plus(code)}{after}"


def crumbs(request: ScopedRequest, name: str, branch: Branch) -> list[tuple[str, str]]:
    """Return the units above and this one, each leading to the same page of it."""
    top = branch.top
    if top is None or not request.scope_.within:
        return []
    seen = access.units_visible(request.viewer, request.scope_.day).filter(
        unit_id__in=[int(step) for step in top.path.split(".")]
    )
    rows = sorted(seen.select_related("unit"), key=lambda row: len(row.path))
    return [
        (_("Safety"), address(request, name, within="")),
        *((row.name, address(request, name, within=row.unit.code)) for row in rows),
    ]


def grade_word(grade: str) -> str:
    return str(hazard_words.GRADES[Grade(grade)]) if grade else _("not graded yet")


def cause_word(cause: str) -> str:
    """Return a cause in words; one that no library of ours knows, as it is written."""
    known = cause in set(Cause)
    return str(hazard_words.CAUSES[Cause(cause)]) if known else cause or _("not graded yet")


def asked_cause(request: ScopedRequest) -> str:
    """Return the cause that an address names; ``""`` for all."""
    cause = request.GET.get("cause", "")
    return cause if cause in set(Cause) else ""


def cause_filter(cause: str) -> dict[str, Any]:
    """Return the choice of a cause."""
    options = [("", _("all causes")), *causes()]
    return {"name": "cause", "word": _("Cause"), "value": cause, "options": options}


def ages() -> list[tuple[str, str]]:
    """Return the ages of open hazards by their words."""
    words = [_("0–3 days"), _("4–7 days"), _("8–30 days"), _("more than 30 days")]
    return list(zip(hazard_lists.AGE_NAMES, words, strict=True))


def bar(numbers: Mapping[str, int], largest: int) -> list[dict[str, Any]]:
    """Return a bar's parts by grade: what share of the longest bar each takes, and from where."""
    parts, at = [], 0.0
    for grade in GRADES:
        width = numbers.get(grade, 0) / largest * 100 if largest else 0
        if width:
            name = grade or "ungraded"
            parts.append({"x": f"{at:.2f}", "width": f"{width:.2f}", "name": name})
            at += width
    return parts


def lines(request: ScopedRequest, hazards: Sequence[Hazard], now: datetime) -> list[dict[str, Any]]:
    """Return hazards as lines of a list, each by its own unit's clock. Two queries."""
    units = organisation.find_last_versions(one.unit_id for one in hazards)
    thumbnails = hazard_thumbnails.find_first(one.pk for one in hazards)
    found = []
    for one in hazards:
        unit, state = units[one.unit_id], State(one.state)
        is_overdue = state in TO_PUT_RIGHT and one.due_at is not None and one.due_at <= now
        due = one.due_at if state in TO_PUT_RIGHT else None
        found.append({
            "number": one.pk, "text": one.text, "area": one.area, "unit": unit.name,
            "href": f"{reverse('hazards:hazard', args=[one.pk])}?{request.scope_.query()}",
            "thumbnail": thumbnails.get(one.pk), "state": hazard_words.STATES[state],
            "tone": "bad" if is_overdue else TONES.get(state, "warn"), "is_overdue": is_overdue,
            "grade": one.grade or "", "grade_word": grade_word(one.grade) if one.grade else "",
            "cause": cause_word(one.cause) if one.cause else "", "found_on": one.found_on,
            "due": due and due.astimezone(ZoneInfo(unit.time_zone)), "age": _age(one, now),
        })  # fmt: skip
    return found


def _age(hazard: Hazard, now: datetime) -> str:
    """Say how long it has been open; nothing of what has ended."""
    if hazard.state in ENDED:
        return ""
    days = (now - hazard.found_at).days
    return ngettext("open for %d day", "open for %d days", days) % days if days else _("new today")


def states() -> list[tuple[str, str]]:
    """Return the states by which a list is narrowed."""
    special = {
        hazard_lists.OPEN: pgettext("hazards", "open"), hazard_lists.OVERDUE: _("overdue"),
        hazard_lists.LATE: _("closed, put right late"),
        hazard_lists.REAL: _("all but dismissed or merged"), hazard_lists.ALL: _("all"),
    }  # fmt: skip
    return [(one, special.get(one) or str(hazard_words.STATES[State(one)]))
            for one in hazard_lists.STATES]  # fmt: skip


def causes() -> list[tuple[str, str]]:
    return [(cause.value, str(hazard_words.CAUSES[cause])) for cause in Cause]


def origins(kinds: Iterable[str]) -> list[tuple[str, str]]:
    """Return of what hazards came, in words; a kind without words of ours as it is written."""
    words = {
        "report": _("reported by somebody"), "import": _("from an old list"),
        "inspection": _("inspection"), "risk_check": _("check of a control measure"),
        "incident": _("incident"), "campaign": _("campaign"), "stop": _("stop-work"),
    }  # fmt: skip
    return [(kind, words.get(kind, kind)) for kind in kinds]
