"""The part of the tree that a page is about, as it hung over some days."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from taishan.organisation import access
from taishan.organisation.access import Capability, Viewer
from taishan.organisation.models import is_chinese


class Stay(NamedTuple):
    """A unit that was one thing in ``starts <= day < ends``, cut to the days asked for."""

    unit_id: int
    code: str
    name_en: str
    name_zh: str
    kind: str
    time_zone: str
    path: str
    starts: date
    ends: date

    @property
    def name(self) -> str:
        """The name in the language of the page."""
        return self.name_zh if is_chinese() else self.name_en

    def was(self, day: date) -> bool:
        return self.starts <= day < self.ends


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """Units over some days; ``roots`` are the ids of those at its top, one or several."""

    stays: tuple[Stay, ...]
    roots: frozenset[str]

    def on(self, day: date) -> list[Stay]:
        """Return the units of the day."""
        return [stay for stay in self.stays if stay.was(day)]

    def top(self, day: date) -> Stay | None:
        """Return the one unit at the top on the day, None where there are several or none."""
        tops = [stay for stay in self.on(day) if _root(stay.path, self.roots) == stay.unit_id]
        return tops[0] if len(tops) == 1 else None

    def row_of(self, top: Stay | None) -> Callable[[Stay], int]:
        """Return what gives the id of the unit directly below the top under which a unit hangs.

        The top itself is a row of its own; where there are several tops, they are the rows.
        """
        if top is None:
            return lambda stay: _root(stay.path, self.roots)
        top_id, mark, known, found = top.unit_id, f".{top.unit_id}.", "?", 0

        def row(stay: Stay) -> int:
            # Units come by their path: most hang under the row of the one before.
            nonlocal known, found
            path: str = stay.path
            if path.startswith(known):
                return found
            above, _top, below = f".{path}.".partition(mark)
            if not below:
                return top_id
            step = below[: below.index(".")]
            known, found = f"{above}{mark}{step}."[1:], int(step)
            return found

        return row


def _root(path: str, roots: frozenset[str]) -> int:
    return next(int(step) for step in path.split(".") if step in roots)


def find_branch(viewer: Viewer, within: str, since: date, until: date) -> Branch:
    """Return what the viewer may see of a subtree in ``since <= day < until``, each day as it was.

    ``within`` is a unit's code, or empty for all that the viewer sees. One query, or two.
    """
    versions = access.versions_visible(viewer, since, until)
    roots = viewer.roots(Capability.SEE)
    if within:
        found = versions.filter(unit__code=within).values_list("unit_id", flat=True).first()
        roots = frozenset({str(found)}) if found else frozenset()
        versions = versions.filter(path__passes_through=found) if found else versions.none()
    rows = versions.order_by("path").values_list(
        "unit_id", "unit__code", "name_en", "name_zh", "kind", "time_zone", "path",
        "valid__startswith", "valid__endswith",
    )  # fmt: skip
    stays = tuple(
        [
            Stay(
                unit_id,
                code,
                name_en,
                name_zh,
                kind,
                zone,
                path,
                max(starts, since),
                min(ends or until, until),
            )
            for unit_id, code, name_en, name_zh, kind, zone, path, starts, ends in rows
        ]
    )
    return Branch(stays=stays, roots=roots)


def line_above(viewer: Viewer, stay: Stay, day: date) -> Sequence[tuple[str, str]]:
    """Return the code and the name of the units from the viewer's top down to this one."""
    ids = [int(step) for step in stay.path.split(".")]
    rows = access.units_visible(viewer, day).filter(unit_id__in=ids).select_related("unit")
    return [(row.unit.code, row.name) for row in sorted(rows, key=lambda row: len(row.path))]
