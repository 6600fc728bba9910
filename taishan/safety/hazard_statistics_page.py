"""What the statistics of hazards show: found, closed, in time; where it is found again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from taishan.core.hazards import Grade, State
from taishan.duties import scorecards
from taishan.kit import sums
from taishan.kit.tables import Cell, NewSheet
from taishan.organisation import access
from taishan.organisation import queries as organisation
from taishan.organisation.access import Capability
from taishan.organisation.scope import ScopedRequest
from taishan.safety import hazard_board_presenting as presenting
from taishan.safety import hazard_lists, hazard_months, hazard_statistics
from taishan.safety.hazard_board_presenting import Scene
from taishan.safety.hazard_months import Months
from taishan.safety.hazard_statistics import NOTHING, Again, Totals

TREND_MONTHS = 12
AGAIN = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """The statistics that an address asks for. ``by_row``: the totals of the rows of the branch;
    ``lists``: by measure, its word and the query of a list of what it counts.
    """

    scene: Scene
    months: Months
    cause: str
    grade: str
    by_row: dict[int, Totals]
    by_cause: dict[str, Totals]
    by_month: dict[date, Totals]
    lists: dict[str, tuple[str, str]]

    @property
    def whole(self) -> Totals:
        return sums.total(self.by_row.values(), NOTHING)


def read(request: ScopedRequest) -> Card:
    """Return the statistics that an address asks for. Three readings of the sums."""
    months = hazard_months.asked(request, request.scope_.day)
    scene = presenting.find_scene(request, (months.since, months.until))
    cause, grade = presenting.asked_cause(request), request.GET.get("grade", "")
    grade = grade if grade in set(Grade) else ""
    ids, before = scene.unit_ids, hazard_months.of(months.last_day, TREND_MONTHS)
    by_cause = hazard_statistics.find_by_cause(ids, months, grade)
    return Card(
        scene=scene, months=months, cause=cause, grade=grade,
        by_row=scorecards.roll_up(
            scene.branch, hazard_statistics.find_by_unit(ids, months, cause, grade), NOTHING
        ),
        by_cause={one: n for one, n in by_cause.items() if not cause or one == cause},
        by_month=hazard_statistics.find_by_month(ids, before, cause, grade), lists=_lists(months),
    )  # fmt: skip


def filters(card: Card) -> list[dict[str, Any]]:
    """Return the choices of the page."""
    grades = [(g.value, presenting.grade_word(g)) for g in (Grade.MAJOR, Grade.GENERAL)]
    return [
        {"name": "grade", "word": _("Grade"), "value": card.grade,
         "options": [("", _("all grades")), *grades]},
        presenting.cause_filter(card.cause),
    ]  # fmt: skip


def periods(request: ScopedRequest, card: Card) -> list[dict[str, Any]]:
    """Return the periods that are one tap away."""
    kept = {"cause": card.cause, "grade": card.grade}
    base = presenting.address(request, "statistics", **kept)
    return [
        {"word": word, "href": f"{base}&{one.query}", "is_on": one == card.months}
        for word, one in hazard_months.offered(request.scope_.day)
    ]


def _lists(months: Months) -> dict[str, tuple[str, str]]:
    """Return the word of each total, and by what a list is narrowed to what it counts."""
    found = {"state": hazard_lists.REAL, "since": months.since, "last": months.last_day}
    ended = {"ended_since": months.since, "ended_last": months.last_day}
    return {
        "found": (pgettext("hazards", "Found"), urlencode(found)),
        "closed": (pgettext("hazards", "Closed"), urlencode({"state": State.CLOSED, **ended})),
        "late": (_("Put right late"), urlencode({"state": hazard_lists.LATE, **ended})),
    }


def numbers(card: Card, totals: Totals, hazards: str) -> dict[str, Any]:
    """Return some totals, each as its word, number and list, which narrows the list ``hazards``
    further; where that is empty, or nothing is counted, there is none.
    """
    share = totals.share_in_time
    counted = {"found": totals.found, "closed": totals.closed, "late": totals.late}
    return counted | {
        "cells": [
            (word, counted[name], f"{hazards}&{query}" if hazards and counted[name] else "")
            for name, (word, query) in card.lists.items()
        ],
        "share": "—" if share is None else f"{share * 100:.1f} %",
        "share_pct": None if share is None else round(share * 100),
    }  # fmt: skip


def whole(request: ScopedRequest, card: Card) -> dict[str, Any]:
    """Return the row of all together."""
    hazards = presenting.address(request, "hazards", cause=card.cause, grade=card.grade)
    return {"name": _("whole"), "is_whole": True, **numbers(card, card.whole, hazards)}


def units(request: ScopedRequest, card: Card) -> list[dict[str, Any]]:
    """Return a row for the unit by itself and for each right below it, with all below that."""
    kept = {"cause": card.cause, "grade": card.grade}
    below = presenting.addresses(request, "statistics", **kept, **card.months.given)
    hazards = presenting.addresses(request, "hazards", **kept)
    return [
        {
            "name": name, "note": _("by itself") if is_top else code,
            "href": "" if is_top else below(code),
            **numbers(card, totals, hazards(code) + ("&itself=1" if is_top else "")),
        }
        for name, code, is_top, totals in _units(card)
    ]  # fmt: skip


def _units(card: Card) -> list[tuple[str, str, bool, Totals]]:
    branch, top = card.scene.branch, card.scene.branch.top
    places = sorted(
        (branch.places[pk] for pk in card.by_row), key=lambda one: (one.path.count("."), one.code)
    )
    return [
        (one.name, one.code, one == top, card.by_row[one.unit_id])
        for one in places
    ]  # fmt: skip


def causes(request: ScopedRequest, card: Card) -> list[dict[str, Any]]:
    """Return a row for each cause of which there was one, most found first."""
    of = {"grade": card.grade} | card.months.given
    return [
        {
            "name": presenting.cause_word(cause), "cause": cause,
            "href": presenting.address(request, "statistics", cause=cause, **of) if cause else "",
            # A list is narrowed to no hazards without a cause.
            **numbers(card, totals, presenting.address(
                request, "hazards", cause=cause, grade=card.grade
            ) if cause else ""),
        }
        for cause, totals in _causes(card)
    ]  # fmt: skip


def _causes(card: Card) -> list[tuple[str, Totals]]:
    there = [(cause, one) for cause, one in card.by_cause.items() if one != NOTHING]
    return sorted(there, key=lambda row: (-row[1].found, row[0]))


def trend(card: Card) -> dict[str, Any]:
    """Return what was found and closed, month by month, for a chart."""
    return {
        "kind": "line",
        "days": [f"{day:%Y-%m}" for day in card.by_month],
        "series": [
            {"word": word, "values": [getattr(one, name) for one in card.by_month.values()],
             "state": state}
            for name, word, state in (
                ("found", _("found"), "remote"), ("closed", pgettext("hazards", "closed"), "open"),
                ("late", _("put right late"), "shut"),
            )
        ],
    }  # fmt: skip


def again(request: ScopedRequest, scene: Scene, cause: str) -> list[dict[str, Any]]:
    """Return what was found again in the 90 days up to the page's day."""
    is_whole = not scene.is_narrowed and access.is_group_wide(request.viewer, Capability.SEE)
    ids, day = None if is_whole else scene.unit_ids, request.scope_.day
    rows = hazard_statistics.find_again(ids, day, AGAIN, cause)
    units = organisation.find_last_versions(one.unit_id for one in rows)
    hazards = presenting.addresses(request, "hazards", itself="1", state=hazard_lists.REAL)
    return [
        {
            "unit": units[one.unit_id].name, "area": one.area, "number": one.number,
            "cause": presenting.cause_word(one.cause), "first": one.first, "last": one.last,
            "href": f"{hazards(units[one.unit_id].unit.code)}&{_only(one)}",
        }
        for one in rows
    ]  # fmt: skip


def _only(one: Again) -> str:
    return urlencode({"cause": one.cause, "area": one.area, "since": one.first, "last": one.last})


def sheets(card: Card) -> list[NewSheet]:
    """Return the numbers of the page as sheets."""
    heads = [_("Found"), _("Closed"), _("Put right late"), _("In time, %")]
    return [
        NewSheet(
            name=_("By unit"), headings=[_("Unit"), _("Code"), *heads],
            rows=[[_("whole"), "", *_cells(card.whole)],
                  *([name, code, *_cells(one)] for name, code, _is_top, one in _units(card))],
        ),
        NewSheet(
            name=_("By cause"), headings=[_("Cause"), *heads],
            rows=[[presenting.cause_word(cause), *_cells(one)] for cause, one in _causes(card)],
        ),
        NewSheet(
            name=_("By month"), headings=[_("Month"), *heads],
            rows=[[f"{day:%Y-%m}", *_cells(one)] for day, one in card.by_month.items()],
        ),
    ]  # fmt: skip


def _cells(one: Totals) -> list[Cell]:
    share = "" if one.share_in_time is None else round(one.share_in_time * 100, 1)
    return [one.found, one.closed, one.late, share]
