"""The list of incidents as a file: at once where it is short, by the worker where it is not."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from taishan.files import actions as files
from taishan.files.content import Content
from taishan.kit import clock
from taishan.kit.tables import Cell
from taishan.organisation import queries as organisation
from taishan.organisation.access import Capability, Viewer
from taishan.organisation.models import UnitVersion
from taishan.safety import incident_lists, incident_queries
from taishan.safety import incident_words as words
from taishan.safety.incident_lists import Wanted
from taishan.safety.incident_models import Incident

KIND = "incidents"


def content_of(viewer: Viewer, wanted: Wanted) -> Content:
    """Return the incidents of a list."""
    seen = incident_queries.find_visible(viewer)
    found = incident_lists.search(incident_lists.narrow(seen, wanted), wanted.text)
    rows = (_row(one, unit) for one, unit in organisation.each_with_unit(found))
    return Content(headings=_headings(), total=found.order_by().values("pk").count(), rows=rows)


def is_large(content: Content) -> bool:
    """Tell whether it is too long to wait for."""
    return content.total > files.LARGE_ROWS


def _headings() -> list[str]:
    return [
        pgettext("of an incident", "Number"), _("Code"), _("Unit"), _("When"), _("Kind"),
        _("Grade"), _("State"), _("Country"), _("What happened"), _("Where exactly"),
        *(words.capitalised(str(word)) for word in words.MEASURES.values()),
    ]  # fmt: skip


def _row(one: Incident, unit: UnitVersion) -> Sequence[Cell]:
    return [
        one.pk, unit.unit.code, unit.name, words.local(one.occurred_at, one.zone),
        one.get_kind_display(), words.grade(one.grade) if one.grade else "",
        one.get_stage_display(), one.country, one.what, one.place,
        *(getattr(one, name) for name in words.MEASURES),
    ]  # fmt: skip


def ask(viewer: Viewer, now: datetime, wanted: Wanted) -> None:
    """Have the worker write the list, of what the viewer may see by the roles they hold now."""
    given = {"wanted": wanted.given(), "roots": sorted(viewer.roots(Capability.SEE))}
    files.ask(
        actor=viewer.actor, now=now, kind=KIND, asked=given, name=f"{name_of(now)}.xlsx",
        language=get_language() or "en",
    )  # fmt: skip


def name_of(now: datetime) -> str:
    """Return the name of the file, without its suffix."""
    return f"incidents-{clock.day_at(now)}"


def may(viewer: Viewer, asked: dict[str, Any]) -> bool:
    """Tell whether the viewer still holds every role by which the file was asked for."""
    return viewer.roots(Capability.SEE) >= set(asked["roots"])


def content(viewer: Viewer, asked: dict[str, Any]) -> Content:
    """Return the incidents of a list that was asked for."""
    given = asked["wanted"]
    wanted = incident_lists.ask(given, given.get("within", ""))
    return content_of(viewer.limited_to(asked["roots"]), wanted)
