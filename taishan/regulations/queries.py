"""Reading regulations."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Least

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

    Two aggregate queries while nothing was recorded since; otherwise all rows are read once
    a process. The last few states are kept.
    """
    ids = {"n": Count("pk"), "last": Max("pk"), "closed": Count("recorded_until")}
    stamp = (Revision.objects.aggregate(**ids), TerritoryRisk.objects.aggregate(**ids))
    key = (repr(stamp), as_known)
    if key not in _kept:
        while len(_kept) >= 4:
            _kept.pop(next(iter(_kept)))
        _kept[key] = _read(as_known)
    return _kept[key]


def find_revisions(as_known: datetime | None = None) -> QuerySet[Revision]:
    """Return the revisions known at an instant (None: now), latest issue first."""
    return Revision.objects.filter(_known(as_known)).order_by("-issued", "key")


def find_recorded(library: str = "") -> schemas.Library:
    """Return what is recorded now, or what of it came with one library, as a library."""
    rows = find_revisions().order_by("issued", "key")
    if library:
        rows = rows.filter(library=library)
    return schemas.Library(
        format="taishan-library/1",
        library=library or "all",
        title=schemas.Text(en="Recorded regulations", zh="已登记的规定"),
        regulations=[schemas.RegulationEntry.model_validate(row.content) for row in rows],
    )


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
    return [
        RiskLevel(place=row.place, level=row.level, starts=row.starts, ends=row.until)
        for row in find_risk_levels(as_known)
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelOnRecord:
    """A territory's level from ``starts``. ``ends`` is the end it was recorded with.

    ``until`` is the day on which it no longer holds: that end, or the beginning of the territory's
    next level where that comes first; None while neither is known.
    """

    pk: int
    place: str
    name_en: str
    name_zh: str
    level: str
    starts: date
    ends: date | None
    until: date | None
    source: str
    recorded_at: datetime


def find_risk_levels(
    as_known: datetime | None = None, *, on: date | None = None, places: Collection[str] = ()
) -> list[LevelOnRecord]:
    """Return the levels known at an instant (None: now), by place and day.

    Where given, only those that hold ``on`` a day, or those of some ``places``.
    """
    known = TerritoryRisk.objects.filter(_known(as_known))
    later = known.filter(place=OuterRef("place"), starts__gt=OuterRef("starts")).order_by("starts")
    rows = known.annotate(until=Least("ends", Subquery(later.values("starts")[:1])))
    if on is not None:
        rows = rows.filter(Q(until=None) | Q(until__gt=on), starts__lte=on)
    if places:
        rows = rows.filter(place__code__in=places)
    fields = ("pk", "place__code", "place__name_en", "place__name_zh", "level", "starts", "ends",
              "until", "source", "recorded_at")  # fmt: skip
    names = ("pk", "place", *(field.removeprefix("place__") for field in fields[2:]))
    return [
        LevelOnRecord(**dict(zip(names, row, strict=True)))
        for row in rows.order_by("place__code", "starts").values_list(*fields)
    ]


def _known(as_known: datetime | None) -> Q:
    if as_known is None:
        return Q(recorded_until=None)
    open_then = Q(recorded_until=None) | Q(recorded_until__gt=as_known)
    return Q(recorded_at__lte=as_known) & open_then


def find_history(key: str) -> QuerySet[Revision]:
    """Return every recorded revision of a regulation, latest first."""
    return Revision.objects.filter(key=key).order_by("-number")
