"""The people of a day as a file that the worker writes, where they are too many for a page."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils.translation import get_language

from taishan.files import actions as files
from taishan.files.content import Content
from taishan.organisation import access, roster
from taishan.organisation.access import Capability, Viewer

KIND = "people"


def is_large(on: date, unit_ids: set[int]) -> bool:
    """Tell whether the people of the units are too many to wait for."""
    return roster.find_people(on=on, unit_ids=unit_ids).count() > files.LARGE_ROWS


def ask(viewer: Viewer, now: datetime, on: date, form: str) -> None:
    """Have the worker write the people whom the viewer may see, by the roles they hold now."""
    roots = sorted(viewer.roots(Capability.SEE_PEOPLE))
    files.ask(
        actor=viewer.actor, now=now, kind=KIND, asked={"on": str(on), "roots": roots},
        name=f"people-{on}.{form}", language=get_language() or "en",
    )  # fmt: skip


def may(viewer: Viewer, asked: dict[str, Any]) -> bool:
    """Tell whether the viewer still holds every role by which the file was asked for."""
    return viewer.roots(Capability.SEE_PEOPLE) >= set(asked["roots"])


def content(viewer: Viewer, asked: dict[str, Any]) -> Content:
    """Return the people in the columns of the import."""
    day = date.fromisoformat(asked["on"])
    ids = access.unit_ids_of_people(viewer.limited_to(asked["roots"]), day)
    return Content(
        headings=[column.key for column in roster.COLUMNS],
        total=roster.find_people(on=day, unit_ids=ids).count(),
        rows=roster.export_people(on=day, unit_ids=ids),
    )
