"""What a page shows of a directive: its number, its banner, where its parts stand, its story."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from taishan.communications.directive_queries import Node
from taishan.communications.models import Directive, DirectiveVersion
from taishan.core import cascade, differing
from taishan.core.cascade import Branch, Stage
from taishan.core.differing import Change
from taishan.duties.models import Duty
from taishan.organisation.models import UnitVersion, is_chinese

STAGES: Mapping[Stage, tuple[Any, str, str]] = {
    Stage.PENDING: (gettext_lazy("pending"), "list-check", "unknown"),
    Stage.DUE_SOON: (gettext_lazy("due soon"), "clock-hour-4", "staggered"),
    Stage.OVERDUE: (gettext_lazy("overdue"), "alert-triangle", "shut"),
    Stage.CONFIRMED: (gettext_lazy("confirmed, waits for its answer"), "send", "remote"),
    Stage.RETURNED: (gettext_lazy("returned"), "chevron-left", "staggered"),
    Stage.ON_TIME: (gettext_lazy("done on time"), "circle-check", "open"),
    Stage.LATE: (gettext_lazy("done late"), "history", "capped"),
    Stage.WAIVED: (gettext_lazy("waived"), "x", "holiday"),
    Stage.MISSED: (gettext_lazy("missed"), "x", "shut"),
}
"""Each stage's word, its icon, and the state whose colours and pattern it shares."""


def stage(of: Stage) -> dict[str, Any]:
    """Return what the badge of a stage shows."""
    word, icon, look = STAGES[of]
    return {"word": word, "icon": icon, "look": look}


def number_word(directive: Directive, code: str) -> str:
    """Return the number as documents print it; a draft has none."""
    numbered = getattr(directive, "numbered", None)
    if numbered is None:
        return str(_("Draft"))
    if is_chinese():
        return f"{code}〔{numbered.year}〕{numbered.number}号"
    return f"{code} No. {numbered.number} of {numbered.year}"


def local(at: datetime) -> str:
    """Return an instant in the time zone of the page."""
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}"


def zone_of(version: UnitVersion) -> ZoneInfo:
    return ZoneInfo(version.time_zone)


def tree(nodes: Iterable[Node]) -> dict[str, Any]:
    """Return the cascade as a page draws it: its tops, all its counts, and who holds it up."""
    by_id = {node.part.id: node for node in nodes}
    tops = cascade.grow(node.part for node in by_id.values())
    holding = cascade.find_holding_up(tops)
    names = {pk: name_of(node.duty, node.version) for pk, node in by_id.items()}
    held = {branch.part.id for branch in holding[:1]}
    counts: dict[Stage, int] = {}
    for top in tops:
        for one, number in top.counts.items():
            counts[one] = counts.get(one, 0) + number
    return {
        "tops": _open_first(_branch(top, by_id, names, held) for top in tops),
        "counts": [(stage(one), counts[one]) for one in Stage if one in counts],
        "bar": _bar(counts),
        "holding": [_line(branch, by_id, names) for branch in holding],
    }


def _open_first(branches: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(branches, key=lambda one: one["ended"] == one["total"])


def name_of(duty: Duty, version: UnitVersion) -> str:
    """Return who owes it: the unit, or the post in it."""
    return f"{version.name} · {duty.post.title}" if duty.post else version.name


def _branch(
    branch: Branch, by_id: Mapping[Any, Node], names: Mapping[Any, str], held: set[Any]
) -> dict[str, Any]:
    beneath = _open_first(_branch(one, by_id, names, held) for one in branch.branches)
    is_held = branch.part.id in held
    return _line(branch, by_id, names) | {
        "beneath": beneath,
        "total": branch.total, "ended": branch.ended,
        "overdue": branch.counts.get(Stage.OVERDUE, 0),
        "bar": _bar(branch.counts) if beneath else None,
        "is_holding": is_held,
        "is_open": any(one["is_holding"] or one["is_open"] for one in beneath),
    }  # fmt: skip


def _line(branch: Branch, by_id: Mapping[Any, Node], names: Mapping[Any, str]) -> dict[str, Any]:
    node = by_id[branch.part.id]
    above = names.get(branch.part.parent_id, "")
    return {
        "name": names[branch.part.id],
        "code": node.version.unit.code,
        "href": node.duty.address,
        "due_at": node.duty.due_at,
        "stage": stage(branch.part.stage),
        "awaits": above if branch.part.stage is Stage.CONFIRMED else "",
        "is_awaiting_issuer": branch.part.stage is Stage.CONFIRMED and not above,
    }


def _bar(counts: Mapping[Stage, int]) -> list[dict[str, Any]]:
    """Return the runs of a bar in which each stage has its share."""
    total, at, runs = sum(counts.values()), 0, []
    for one in Stage:
        number = counts.get(one, 0)
        if number:
            runs.append({
                "x": f"{at / total * 100:.3f}%", "width": f"{number / total * 100:.3f}%",
                "word": STAGES[one][0], "look": STAGES[one][2], "number": number,
            })  # fmt: skip
        at += number
    return runs


def banner(
    directive: Directive, last: DirectiveVersion, open_duties: int, *, may_direct: bool
) -> dict[str, str]:
    """Return the callout of an issued directive: where it stands, and who may act next."""
    recalled = getattr(directive, "recall", None)
    if recalled is not None:
        nobody = _("Nobody owes anything of it any more.")
        return {
            "tone": "bad", "title": _("Recalled"), "text": _("Why: %s") % recalled.reason,
            "next": nobody,
        }  # fmt: skip
    if not open_duties:
        done = _("All that it asked is done, or was waived with a reason.")
        return {"tone": "good", "title": _("All of it is closed"), "text": done, "next": ""}
    who = _("The addressed units acknowledge it, and confirm each measure upward.")
    change = _("The duty office or the head of the issuing unit changes or recalls it.")
    not_you = "" if may_direct else _("You do not hold such a role there.")
    return {
        "tone": "note", "title": _("In force, version %d") % last.number,
        "text": who, "next": " ".join(part for part in (change, not_you) if part),
    }  # fmt: skip


def story(directive: Directive, versions: Iterable[DirectiveVersion]) -> list[dict[str, Any]]:
    """Return what happened to a directive, in order, for a timeline."""
    happened = [(directive.drafted_at, _("Drafted"), "", "")]
    for one in versions:
        word = _("Issued") if one.number == 1 else _("Issued anew, version %d") % one.number
        happened.append((one.issued_at, word, "", one.issued_by))
    recalled = getattr(directive, "recall", None)
    if recalled is not None:
        happened.append((recalled.at, _("Recalled"), recalled.reason, recalled.by_label))
    return [
        {"when": local(at), "iso": at.isoformat(), "title": title, "text": text, "who": who}
        for at, title, text, who in happened
    ]


def differences(
    before: DirectiveVersion, after: DirectiveVersion, names: Mapping[int, UnitVersion]
) -> list[dict[str, Any]]:
    """Return what changed between two versions, part by part, word by word."""
    words = (_("Title"), _("Text"), _("Measures"), _("Units"), _("The regulation it cites"))
    parts = zip(words, _said(before, names), _said(after, names), strict=True)
    return [
        {"word": word, "pieces": [_piece(one) for one in differing.compare(old, new)]}
        for word, old, new in parts
        if old != new
    ]


def _piece(piece: differing.Piece) -> dict[str, Any]:
    return {
        "text": piece.text,
        "is_added": piece.change is Change.ADDED,
        "is_removed": piece.change is Change.REMOVED,
    }


def _said(version: DirectiveVersion, names: Mapping[int, UnitVersion]) -> tuple[str, ...]:
    """Return what a version says; its measures and units are prefetched."""
    measures = sorted(version.measures.all(), key=lambda one: (one.due_at, one.pk))
    units = sorted(names[unit.pk].name for unit in version.units.all())
    lines = "\n".join(f"{one.what} ({local(one.due_at)})" for one in measures)
    return (version.title, version.text, lines, "\n".join(units), version.cited)
