"""Reading regulations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.db.models import Count, Max, Q, QuerySet

from taishan.core.clauses import RiskLevel
from taishan.core.regulations import Rulebook
from taishan.organisation import queries as organisation
from taishan.organisation.models import Place
from taishan.regulations import compile as compiling
from taishan.regulations import schemas
from taishan.regulations.models import Revision, TerritoryRisk


@dataclass(frozen=True, slots=True, kw_only=True)
class Library:
    """The recorded rules: as the core reads them, and as people do (entries by regulation id)."""

    rulebook: Rulebook
    entries: Mapping[str, schemas.RegulationEntry]

    def clause(self, key: str) -> schemas.ClauseEntry:
        """Return the entry of the clause with a core key, ``regulation/clause``."""
        regulation, _, clause = key.partition("/")
        return next(c for c in self.entries[regulation].clauses if c.id == clause)


_kept: dict[object, Library] = {}


def get_library(as_known: datetime | None = None) -> Library:
    """Return the rules as recorded now, or as they had been recorded by an instant.

    One aggregate query while nothing was recorded since; otherwise all revisions are read once
    a process. The last few states are kept.
    """
    stamp = (
        Revision.objects.aggregate(n=Count("pk"), last=Max("pk"), until=Max("recorded_until")),
        TerritoryRisk.objects.aggregate(n=Count("pk"), last=Max("pk")),
    )
    key = (repr(stamp), as_known)
    if key not in _kept:
        while len(_kept) >= 4:
            _kept.pop(next(iter(_kept)))
        _kept[key] = _read(as_known)
    return _kept[key]


def find_revisions(as_known: datetime | None = None) -> QuerySet[Revision]:
    """Return the revisions known at an instant (None: now), latest issue first."""
    known = Q(recorded_until=None)
    if as_known is not None:
        open_then = Q(recorded_until=None) | Q(recorded_until__gt=as_known)
        known = Q(recorded_at__lte=as_known) & open_then
    return Revision.objects.filter(known).order_by("-issued", "key")


def _read(as_known: datetime | None) -> Library:
    entries = [
        schemas.RegulationEntry.model_validate(revision.content)
        for revision in find_revisions(as_known)
    ]
    return _compiled(entries, as_known)


def get_library_with(library: schemas.Library) -> Library:
    """Return the rules as they would be if the library were recorded now; saves nothing."""
    entries = dict(get_library().entries) | {entry.id: entry for entry in library.regulations}
    return _compiled(list(entries.values()), None)


def _compiled(entries: list[schemas.RegulationEntry], as_known: datetime | None) -> Library:
    found = compiling.compile_all(entries, _depths())
    rulebook = Rulebook(found.clauses, found.replacements, found.gaps, _risk_levels(as_known))
    return Library(rulebook=rulebook, entries={entry.id: entry for entry in entries})


def _depths() -> dict[str, int]:
    codes = dict(Place.objects.values_list("pk", "code"))
    chains = organisation.place_chains(set(codes))
    return {codes[pk]: len(chain) - 1 for pk, chain in chains.items()}


def _risk_levels(as_known: datetime | None) -> list[RiskLevel]:
    rows = TerritoryRisk.objects.order_by("place__code", "starts")
    if as_known is not None:
        rows = rows.filter(recorded_at__lte=as_known)
    found = []
    for _, group in groupby(
        rows.values_list("place__code", "level", "starts"), key=lambda row: row[0]
    ):
        dated = list(group)
        ends = [row[2] for row in dated[1:]]
        for (place, level, starts), end in zip(dated, [*ends, None], strict=True):
            found.append(RiskLevel(place=place, level=level, starts=starts, ends=end))
    return found


def find_history(key: str) -> QuerySet[Revision]:
    """Return every recorded revision of a regulation, latest first."""
    return Revision.objects.filter(key=key).order_by("-number")
