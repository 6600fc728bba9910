"""The list of hazards as a file: at once where it is short, by the worker where it is not."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from taishan.core.hazards import State
from taishan.duties import scorecards
from taishan.files import actions as files
from taishan.files.content import Content
from taishan.kit import clock
from taishan.kit.tables import Cell
from taishan.organisation import queries as organisation
from taishan.organisation.access import Capability, Viewer
from taishan.organisation.models import UnitVersion
from taishan.organisation.scope import Scope
from taishan.safety import hazard_board_presenting as presenting
from taishan.safety import hazard_lists, hazard_words
from taishan.safety.hazard_lists import Asked
from taishan.safety.hazard_models import Hazard

KIND = "hazards"


def headings() -> list[str]:
    return [
        pgettext("hazard", "Number"), _("Unit code"), _("Unit"), _("Where exactly"),
        _("What was found"), _("How bad it looks"), _("Found"), _("State"), _("Grade"), _("Cause"),
        _("Responsible post"), _("Measures"), _("Money in yuan"), _("To be put right by"),
        _("If it goes wrong meanwhile"), _("Handed in"), _("Ended"), _("Came of"),
    ]  # fmt: skip


def content_of(
    viewer: Viewer, asked: Asked, now: datetime, unit_ids: Collection[int] | None
) -> Content:
    """Return the hazards of a list; who reported them is nobody's business but the record's."""
    found = hazard_lists.find(viewer, asked, now, unit_ids)
    found = hazard_lists.find_all(found, asked).select_related("post")
    rows = (_row(one, unit) for one, unit in organisation.each_with_unit(found))
    return Content(headings=headings(), total=found.count(), rows=rows)


def is_large(content: Content) -> bool:
    """Tell whether it is too long to wait for."""
    return content.total > files.LARGE_ROWS


def _row(one: Hazard, unit: UnitVersion) -> Sequence[Cell]:
    zone = ZoneInfo(unit.time_zone)

    def at(instant: datetime | None) -> str:
        return f"{instant.astimezone(zone):%Y-%m-%d %H:%M}" if instant else ""

    money = None if one.money_cny is None else float(one.money_cny)
    [(_kind, origin)] = presenting.origins([one.origin_kind])
    return [
        one.pk, unit.unit.code, unit.name, one.area, one.text,
        str(Hazard.Looks(one.looks).label), at(one.found_at),
        str(hazard_words.STATES[State(one.state)]),
        presenting.grade_word(one.grade) if one.grade else "",
        presenting.cause_word(one.cause) if one.cause else "",
        one.post.title if one.post else "", one.measures, money, at(one.due_at), one.contingency,
        at(one.put_right_at), at(one.ended_at), origin,
    ]  # fmt: skip


def ask(viewer: Viewer, now: datetime, asked: Asked, scope: Scope, language: str) -> None:
    """Have the worker write the list, of what the viewer may see by the roles they hold now."""
    given = {
        "asked": asked.given(), "within": scope.within, "day": str(scope.day),
        "roots": sorted(viewer.roots(Capability.SEE)),
    }  # fmt: skip
    files.ask(
        actor=viewer.actor, now=now, kind=KIND, asked=given, name=name_of(now), language=language
    )


def name_of(now: datetime) -> str:
    """Return the name of the file."""
    return f"hazards-{clock.day_at(now)}.xlsx"


def may(viewer: Viewer, asked: dict[str, Any]) -> bool:
    """Tell whether the viewer still holds every role by which the file was asked for."""
    return viewer.roots(Capability.SEE) >= set(asked["roots"])


def content(viewer: Viewer, asked: dict[str, Any]) -> Content:
    """Return the hazards of a list that was asked for."""
    then = hazard_lists.ask(asked["asked"])
    limited = viewer.limited_to(asked["roots"])
    day = date.fromisoformat(asked["day"])
    since, until = then.days or (day, day + presenting.DAY)
    ids = None
    if asked["within"]:
        branch = scorecards.find_branch(limited, asked["within"], since, until)
        top = branch.top
        ids = [top.unit_id] if then.itself and top else list(branch.places)
    return content_of(limited, then, clock.now(), ids)
