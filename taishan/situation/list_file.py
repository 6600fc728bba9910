"""A list of names as a file: at once where it is short, by the worker where it is not."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from taishan.files import actions as files
from taishan.files.content import Content
from taishan.forms.models import Form
from taishan.kit import clock
from taishan.kit.tables import Cell
from taishan.organisation.access import Viewer
from taishan.situation import lists
from taishan.situation.lists import Asked, Listed

KIND = "line_list"
_STEP = 2000


def content_of(viewer: Viewer, asked: Asked, within: Collection[int] | None = None) -> Content:
    """Return the names that the viewer may see; each look at health answers is recorded as the row
    is read. ``within`` leaves out all but these units."""
    units = [u for u in lists.may_name(viewer, asked) if within is None or u.unit_id in within]
    found = lists.find_all(asked, units)
    return Content(
        headings=[_("Staff number"), _("Name"), _("Unit code"), _("Unit"), _("Reported")],
        total=found.count(),
        rows=_rows(viewer, asked, found),
    )


def _rows(viewer: Viewer, asked: Asked, found: QuerySet[Any]) -> Iterator[Sequence[Cell]]:
    left = found.iterator(chunk_size=_STEP)
    while part := list(islice(left, _STEP)):
        for one in lists.name(viewer, clock.now(), asked, part):
            yield [
                one.person.staff_no, one.person.name, one.unit.code, one.unit.name, _reported(one)
            ]  # fmt: skip


def _reported(one: Listed) -> str:
    if one.reported_at is None:
        return ""
    return f"{one.reported_at.astimezone(ZoneInfo(one.unit.time_zone)):%Y-%m-%d %H:%M}"


def ask(
    viewer: Viewer, now: datetime, asked: Asked, within: str, form: str, *, is_own: bool
) -> None:
    """Have the worker write the list, of the units whose names the viewer may see now."""
    given = {
        "form": asked.form.code, "day": str(asked.period), "within": within, "list": asked.kind,
        "own": is_own, "units": [unit.unit_id for unit in lists.may_name(viewer, asked)],
    }  # fmt: skip
    files.ask(
        actor=viewer.actor, now=now, kind=KIND, asked=given, name=name_of(asked, form),
        language=get_language() or "en",
    )  # fmt: skip


def name_of(asked: Asked, form: str) -> str:
    """Return the name of the file; what the list is of is not in it, since names travel."""
    return f"list-{asked.form.code}-{asked.period}.{form}"


def may(viewer: Viewer, asked: dict[str, Any]) -> bool:
    """Tell whether the viewer may still see the names of every unit that the file was asked for."""
    named = {unit.unit_id for unit in lists.may_name(viewer, _again(viewer, asked))}
    return named >= set(asked["units"])


def content(viewer: Viewer, asked: dict[str, Any]) -> Content:
    """Return the names of a list that was asked for."""
    return content_of(viewer, _again(viewer, asked), frozenset(asked["units"]))


def _again(viewer: Viewer, asked: dict[str, Any]) -> Asked:
    return lists.ask(
        viewer, Form.objects.get(code=asked["form"]), date.fromisoformat(asked["day"]),
        asked["within"], asked["list"], is_own=asked["own"],
    )  # fmt: skip
