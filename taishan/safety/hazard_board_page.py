"""What the board of a unit or of the group shows: numbers that lead to their lists."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from taishan.core.hazards import OPEN, Grade, State
from taishan.duties import listing
from taishan.duties import presenting as duties
from taishan.duties.scorecards import Place
from taishan.kit import sums
from taishan.organisation.scope import ScopedRequest
from taishan.safety import hazard_board_presenting as presenting
from taishan.safety import (
    hazard_lists,
    hazard_standing,
    hazard_statistics,
    hazard_words,
    incident_statistics,
    risk_queries,
)
from taishan.safety.hazard_board_presenting import GRADES, Scene
from taishan.safety.hazard_months import Months
from taishan.safety.hazard_standing import Standing
from taishan.safety.hazard_statistics import Totals

LATE_STEPS = 6
COLUMNS = ("open", "major", "overdue", "found", "closed")
OPEN_STATES = [state for state in State if state in OPEN]


def tiles(
    request: ScopedRequest, standing: Standing, totals: Mapping[int, Totals], month: Months
) -> list[dict[str, Any]]:
    """Return the numbers at the head: what is open now, and the month of the page's day."""
    whole = sums.total(totals.values(), hazard_statistics.NOTHING)
    found = {"state": hazard_lists.REAL, "since": month.since, "last": month.last_day}
    closed = {"state": State.CLOSED, "ended_since": month.since, "ended_last": month.last_day}
    major = standing.of_grade(Grade.MAJOR)
    rows: list[tuple[str, int, str, str, dict[str, Any]]] = [
        ("note", standing.total, pgettext("hazards", "open"), _("now"), {}),
        ("major" if major else "", major, _("major"), _("open now"), {"grade": Grade.MAJOR}),
        ("overdue" if standing.overdue else "", standing.overdue, _("overdue"),
         _("not handed in by their hour"), {"state": hazard_lists.OVERDUE}),
        ("", whole.found, _("found"), month.words, found),
        ("", whole.closed, pgettext("hazards", "closed"), share(whole, month.words), closed),
    ]  # fmt: skip
    return [
        {"kind": kind, "number": number, "word": word, "note": note,
         "href": presenting.address(request, "hazards", **given)}
        for kind, number, word, note, given in rows
    ]  # fmt: skip


def quiet_days(request: ScopedRequest, scene: Scene) -> dict[str, Any]:
    """Return the tile of the days since somebody last lost a day's work by an incident."""
    day = request.scope_.day
    last = incident_statistics.find_last_lost(scene.unit_ids, day)
    return {
        "kind": "", "number": "—" if last is None else (day - last).days,
        "word": _("days"), "note": _("since the last lost-time incident"),
        "href": f"{reverse('incidents:statistics')}?{request.scope_.query()}",
    }  # fmt: skip


def risks(request: ScopedRequest, scene: Scene) -> list[dict[str, Any]]:
    """Return how many risk points have each grade, the worst first, and the way to them."""
    register = f"{reverse('risks:register')}?{request.scope_.query()}"
    return [
        {"level": level.word, "number": number, "href": f"{register}&level={level.word}"}
        for level, number in risk_queries.count_levels(scene.unit_ids).items()
    ]


def share(totals: Totals, period: str = "") -> str:
    """Say how much of what was closed was put right in time."""
    if totals.share_in_time is None:
        return period
    return _("%(share).0f %% in time") % {"share": totals.share_in_time * 100}


def states(request: ScopedRequest, standing: Standing) -> list[dict[str, Any]]:
    """Return how many wait for what, by grade."""
    named = [(state.value, str(hazard_words.STATES[state])) for state in OPEN_STATES]
    return _rows(request, "state", named, standing.by_state)


def ages(request: ScopedRequest, standing: Standing) -> list[dict[str, Any]]:
    """Return how many are how old, by grade."""
    numbers = {(hazard_lists.AGE_NAMES[at], g): n for (at, g), n in standing.by_age.items()}
    return _rows(request, "age", presenting.ages(), numbers)


def causes(request: ScopedRequest, standing: Standing) -> list[dict[str, Any]]:
    """Return how many are of which cause, most first; causes of which there are none left out."""
    there = {cause for cause, _grade in standing.by_cause if cause}
    named = [(cause, presenting.cause_word(cause)) for cause in there]
    rows = _rows(request, "cause", named, standing.by_cause)
    return sorted(rows, key=lambda row: (-row["total"], row["word"]))


def _rows(
    request: ScopedRequest, field: str, named: list[tuple[str, str]],
    numbers: Mapping[tuple[str, str], int],
) -> list[dict[str, Any]]:  # fmt: skip
    by_value = {
        value: {grade: numbers.get((value, grade), 0) for grade in GRADES} for value, _word in named
    }
    largest = max((sum(one.values()) for one in by_value.values()), default=0)
    hazards = presenting.address(request, "hazards")
    words = {grade: presenting.grade_word(grade) for grade in GRADES}
    return [
        {
            "word": word, "total": sum(by_value[value].values()),
            "bar": presenting.bar(by_value[value], largest),
            "href": (href := f"{hazards}&{urlencode({field: value})}"),
            "grades": [
                {"number": number, "word": words[grade],
                 "href": f"{href}&grade={grade}" if grade else ""}
                for grade, number in by_value[value].items()
            ],
        }
        for value, word in named
    ]  # fmt: skip


def units(
    request: ScopedRequest, scene: Scene, standing: Standing, totals: Mapping[int, Totals]
) -> list[dict[str, Any]]:
    """Return a row for the unit by itself and for each right below it, with all below that."""
    places, top = scene.branch.places, scene.branch.top
    rows = _roll_up(scene.branch.row_of, standing, totals)
    closed = rows.pop(None)
    if len(rows) == 1 and top:
        return []
    below = presenting.addresses(request, "board")
    found = [_unit(below, places[pk], top, numbers) for pk, numbers in rows.items() if pk]
    found.sort(key=lambda row: (not row["is_top"], -row["overdue"], -row["open"], row["code"]))
    return found + ([{"name": _("units that are closed"), **closed}] if closed.total() else [])


def _roll_up(
    row_of: Mapping[int, int], standing: Standing, totals: Mapping[int, Totals]
) -> dict[int | None, Counter[str]]:
    """Return the numbers of each row; those of units in no row, which are closed, under None."""
    rows: dict[int | None, Counter[str]] = {
        row: Counter(dict.fromkeys(COLUMNS, 0)) for row in {*row_of.values(), None}
    }
    for (pk, grade), number in standing.by_unit.items():
        rows[row_of.get(pk)]["open"] += number
        if grade == Grade.MAJOR:
            rows[row_of.get(pk)]["major"] += number
    for pk, number in standing.overdue_by_unit.items():
        rows[row_of.get(pk)]["overdue"] += number
    for pk, one in totals.items():
        rows[row_of.get(pk)]["found"] += one.found
        rows[row_of.get(pk)]["closed"] += one.closed
    return rows


def quiet(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Mark the rows in which there is nothing, and return them: they are named below the others."""
    for row in rows:
        row["is_quiet"] = not any(row.get(name) for name in ("open", "found", "closed"))
    return [row for row in rows if row["is_quiet"]]


def _unit(
    below: Callable[[str], str], place: Place, top: Place | None, numbers: Mapping[str, int]
) -> dict[str, Any]:
    is_top = place == top
    href = "" if is_top else below(place.code)
    return {"name": place.name, "code": place.code, "is_top": is_top, "href": href, **numbers}


def late(scene: Scene, now: datetime, zone_day: Any) -> list[dict[str, Any]]:
    """Return the steps that are late longest, each with who holds it up."""
    rows = hazard_standing.find_late_steps(scene.unit_ids, now, LATE_STEPS)
    return duties.lines(rows, now, listing.owners(rows, zone_day))
