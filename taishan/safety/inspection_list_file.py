"""The list of inspections as a file: at once where it is short, by the worker where it is not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from taishan.core.inspections import Verdict
from taishan.files import actions as files
from taishan.files.content import Content
from taishan.forms import presenting
from taishan.kit.tables import Cell
from taishan.organisation.access import Capability, Viewer
from taishan.organisation.models import is_chinese
from taishan.safety import inspection_lists
from taishan.safety import inspection_words as words
from taishan.safety.inspection_lists import Asked
from taishan.safety.inspection_models import Inspection

KIND = "inspections"
_STEP = 1000


def content_of(viewer: Viewer, asked: Asked) -> Content:
    """Return the inspections of a list."""
    headings = [
        _("No."), _("Day"), _("Unit"), _("Checklist"), _("Occasion"), _("By the unit"),
        _("Inspected by"), _("Result"), _("Share that passed"), _("Failed items"),
        _("of which critical"), _("Where exactly"),
    ]  # fmt: skip
    found = inspection_lists.find(viewer, asked)
    return Content(headings=headings, total=found.count(), rows=_rows(found))


def _rows(found: QuerySet[Inspection]) -> Iterator[Sequence[Cell]]:
    lang = "zh" if is_chinese() else "en"
    for one in found.iterator(chunk_size=_STEP):
        yield [
            one.pk, one.day, one.unit.code, presenting.title(one.version.form, lang),
            one.get_origin_display(), one.by_unit.code,
            one.by.person.name if one.by.person else one.by.username,
            str(words.SHORT[Verdict(one.verdict)]), words.percent(one.score.share),
            one.failed, one.failed_critical, one.place,
        ]  # fmt: skip


def name_of(asked: Asked) -> str:
    """Return the name of the file."""
    return f"inspections-list-{asked.day}.xlsx"


def ask(viewer: Viewer, now: datetime, asked: Asked) -> None:
    """Have the worker write the list, of what the viewer may see by the roles they hold now."""
    files.ask(
        actor=viewer.actor, now=now, kind=KIND,
        asked={"asked": asked.given(), "roots": sorted(viewer.roots(Capability.SEE))},
        name=name_of(asked), language=get_language() or "en",
    )  # fmt: skip


def may(viewer: Viewer, asked: dict[str, Any]) -> bool:
    """Tell whether the viewer still holds every role by which the file was asked for."""
    return viewer.roots(Capability.SEE) >= set(asked["roots"])


def content(viewer: Viewer, asked: dict[str, Any]) -> Content:
    """Return the inspections of a list that was asked for."""
    then = inspection_lists.read(asked["asked"])
    return content_of(viewer.limited_to(asked["roots"]), then)
