"""Red lines as people read them: for whom they hold, who lifts a breach, since when."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from taishan.organisation.models import KindOfWork, UnitVersion
from taishan.safety import red_line_queries
from taishan.safety.red_line_models import RedLine


def row(red_line: RedLine, names: dict[int, str], breaches: int) -> dict[str, Any]:
    """Return a red line for a list or its page."""
    return {
        "line": red_line, "of": names.get(red_line.unit_id, red_line.unit.code),
        "holds_for": holds_for(red_line), "lifted_by": lifted_by(red_line, names),
        "breaches": breaches,
    }  # fmt: skip


def holds_for(red_line: RedLine) -> str:
    """Say for which kinds of unit and of work it holds."""
    kinds, work = dict(UnitVersion.Kind.choices), dict(KindOfWork.choices)
    named = [str(kinds[one]) for one in red_line.unit_kinds]
    named += [str(work[one]) for one in red_line.kinds_of_work]
    return ", ".join(named) or _("every kind of unit and of work")


def lifted_by(red_line: RedLine, names: dict[int, str]) -> str:
    """Say who may lift its breach."""
    if red_line.lifter_post is not None:
        of = names.get(red_line.lifter_post.unit_id, "")
        return f"{red_line.lifter_post.title} ({of})" if of else red_line.lifter_post.title
    if red_line.lifter_unit is not None:
        return names.get(red_line.lifter_unit_id or 0, red_line.lifter_unit.code)
    return str(RedLine.Lifter(red_line.lifted_by).label)


def facts(red_line: RedLine, names: dict[int, str], on: date) -> list[tuple[Any, ...]]:
    """Return what its page says of it, as rows of a list of facts."""
    until = red_line.valid.upper
    last = until - timedelta(days=1) if until else None
    days = (str(red_line.valid.lower), str(last) if last else _("until it is changed"))
    found = [
        (_("Where from"), red_line.source, red_line.source_url),
        (_("Whose rule"), red_line.get_basis_display()),
        (_("Holds for"), holds_for(red_line)),
        (_("Holds in"), _("%s and all below it") % names[red_line.unit_id]),
        (_("Lifted by"), lifted_by(red_line, names)),
        (pgettext("red line", "In force"), " – ".join(days)),
        (_("Code"), f"{red_line.code} · {red_line.from_library}"),
    ]
    if red_line.lifter_post_id:
        holder = red_line_queries.find_holder_name(red_line, on) or _("nobody holds this post")
        found.insert(5, (_("Who holds the post"), holder))
    return found
