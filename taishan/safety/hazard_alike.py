"""Reading which hazards may be the same as one, and which came before it at its place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from taishan.core import hazard_likeness as core
from taishan.core.hazard_likeness import Likeness, Trace
from taishan.core.hazards import State
from taishan.kit import search_words
from taishan.organisation.access import Viewer
from taishan.safety import hazard_queries
from taishan.safety.hazard_models import Hazard

SHOWN = 5
LOOKED_AT = 500
"""Of a unit's hazards of a year, the latest this many are looked at: a page must not wait."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """A hazard that may be the same, and in what."""

    hazard: Hazard
    likeness: Likeness


def find_alike(hazard: Hazard) -> list[Alike]:
    """Return the open hazards of its unit that may be the same, the likest first."""
    rows = Hazard.objects.filter(
        unit_id=hazard.unit_id, ended_at=None, found_on__gte=hazard.found_on - core.WEEK,
        found_on__lte=hazard.found_on + core.WEEK,
    ).exclude(pk=hazard.pk)  # fmt: skip
    here = trace(hazard)
    found = [(row, core.compare(here, trace(row))) for row in _latest(rows)]
    alike = [Alike(hazard=row, likeness=like) for row, like in found if like is not None]
    return sorted(alike, key=lambda one: (-one.likeness.score, one.hazard.pk))[:SHOWN]


def find_repeats(hazard: Hazard, viewer: Viewer, now: datetime) -> list[Hazard]:
    """Return hazards of its kind at its place within a year before it, the latest first, of those
    that the viewer may open.

    Before it is graded its kind is not known: then those of any kind there.
    """
    rows = hazard_queries.find_readable(viewer, now).filter(
        unit_id=hazard.unit_id, found_at__lte=hazard.found_at, found_on__lte=hazard.found_on,
        found_on__gte=hazard.found_on - core.YEAR,
    ).exclude(pk=hazard.pk)  # fmt: skip
    rows = rows.exclude(state__in=[State.DISMISSED, State.MERGED])
    if hazard.cause:
        rows = rows.filter(cause=hazard.cause)
    here = trace(hazard)
    return [row for row in _latest(rows) if core.comes_back(here, trace(row))]


def trace(hazard: Hazard) -> Trace:
    """Return what a hazard can be told by."""
    point = None
    if hazard.latitude is not None and hazard.longitude is not None:
        point = hazard.latitude, hazard.longitude
    return Trace(
        found_on=hazard.found_on, area=frozenset(search_words.ask(hazard.area)),
        words=frozenset(search_words.ask(hazard.text)), point=point,
    )  # fmt: skip


def _latest(rows: QuerySet[Hazard]) -> QuerySet[Hazard]:
    return rows.order_by("-found_at")[:LOOKED_AT]
