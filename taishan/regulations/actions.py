"""Recording regulations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from taishan.kit import outbox
from taishan.kit.actor import Actor
from taishan.ledger import actions as ledger
from taishan.organisation.models import Place, Unit
from taishan.regulations import schemas
from taishan.regulations.models import Revision


class LibraryRefused(ValueError):
    """The library is well formed but speaks of things that are not there; one line a problem."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """Keys of the regulations that an import created, changed or found as they were."""

    created: tuple[str, ...]
    changed: tuple[str, ...]
    unchanged: tuple[str, ...]


def check_library(library: schemas.Library) -> list[str]:
    """Return what the library speaks of that is not recorded here; empty when all is well."""
    places, units = _named(library)
    known = set(Place.objects.filter(code__in=places).values_list("code", flat=True))
    known_units = set(Unit.objects.filter(code__in=units).values_list("code", flat=True))
    problems = [f"unknown place {code}" for code in sorted(places - known)]
    problems += [f"unknown unit {code}" for code in sorted(units - known_units)]
    return problems + _bad_references(library)


def _named(library: schemas.Library) -> tuple[set[str], set[str]]:
    places, units = set(), set()
    for entry in library.regulations:
        names = [
            entry.authority,
            *(c.place for c in entry.clauses),
            *(place for c in entry.clauses for place in c.except_places),
            *(g.place for g in entry.unknown),
        ]
        names += [c.require.to for c in entry.clauses if c.require.type == "filing"]
        for name in filter(None, names):
            if name.startswith("unit:"):
                units.add(name.removeprefix("unit:"))
            else:
                places.add(name)
    return places, units


def _bad_references(library: schemas.Library) -> list[str]:
    authorities = dict(
        Revision.objects.filter(recorded_until=None).values_list("key", "authority")
    ) | {entry.id: entry.authority for entry in library.regulations}
    problems = []
    for entry in library.regulations:
        for reference in (*entry.replaces, *entry.withdraws):
            of = authorities.get(reference.regulation)
            if of is None:
                problems.append(
                    f"{entry.id} replaces {reference.regulation}, which is not recorded"
                )
            elif of != entry.authority:
                problems.append(
                    f"{entry.id} of {entry.authority} cannot replace "
                    f"{reference.regulation} of {of}: "
                    "only the same authority replaces its own regulation"
                )
    return problems


@transaction.atomic
def import_library(
    *,
    actor: Actor,
    now: datetime,
    library: schemas.Library,
    recorded_at: datetime | None = None,
) -> Imported:
    """Record every regulation of the library; the same library twice changes nothing.

    ``recorded_at`` states a past instant for an import of history, and is marked as such.
    Raises LibraryRefused, recording nothing, where it names unknown places, units or regulations.
    """
    problems = check_library(library)
    if problems:
        raise LibraryRefused("\n".join(problems))
    keys = [entry.id for entry in library.regulations]
    current = {
        revision.key: revision
        for revision in Revision.objects.select_for_update().filter(
            key__in=keys, recorded_until=None
        )
    }
    created: list[str] = []
    changed: list[str] = []
    unchanged: list[str] = []
    for entry in library.regulations:
        content = entry.model_dump(mode="json", by_alias=True, exclude_defaults=True)
        before = current.get(entry.id)
        if before is not None and before.content == content:
            unchanged.append(entry.id)
            continue
        (changed if before else created).append(entry.id)
        _revise(
            library.library, entry, content, before, recorded_at or now, recorded_at is not None
        )
    result = Imported(created=tuple(created), changed=tuple(changed), unchanged=tuple(unchanged))
    if created or changed:
        ledger.record(
            actor=actor,
            now=now,
            verb="regulations.imported",
            subject=("library", library.library),
            data={"created": created, "changed": changed},
        )
        outbox.publish("regulations.imported", library=library.library)
    return result


def _revise(
    library: str,
    entry: schemas.RegulationEntry,
    content: dict[str, object],
    before: Revision | None,
    at: datetime,
    historical: bool,
) -> None:
    if before is not None:
        before.recorded_until = max(at, before.recorded_at)
        before.save(update_fields=["recorded_until"])
    Revision.objects.create(
        key=entry.id,
        library=library,
        number=before.number + 1 if before else 1,
        authority=entry.authority,
        issued=entry.issued.date(),
        recorded_at=at,
        historical=historical,
        content=content,
    )
