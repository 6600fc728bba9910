"""Recording regulations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from taishan.kit import outbox
from taishan.kit.actor import Actor
from taishan.ledger import actions as ledger
from taishan.organisation.models import Place, Unit
from taishan.regulations import schemas
from taishan.regulations.models import Revision
from taishan.regulations.problems import Problem


class LibraryRefused(ValueError):
    """The library is well formed but speaks of things that are not there; one line a problem."""

    def __init__(self, found: Sequence[Problem]) -> None:
        template = _("“%(value)s”; expected: %(expected)s")
        lines = (template % {"value": one.value, "expected": one.expected} for one in found)
        super().__init__("\n".join(lines))


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """Keys of the regulations that an import created, changed or found as they were."""

    created: tuple[str, ...]
    changed: tuple[str, ...]
    unchanged: tuple[str, ...]


def check_library(library: schemas.Library) -> list[Problem]:
    """Return what the library speaks of that is not recorded here; empty when all is well."""
    named = list(_named(library))
    places = {name for _loc, name in named if not name.startswith("unit:")}
    units = {name.removeprefix("unit:") for _loc, name in named if name.startswith("unit:")}
    known = set(Place.objects.filter(code__in=places).values_list("code", flat=True))
    codes = Unit.objects.filter(code__in=units).values_list("code", flat=True)
    known |= {f"unit:{code}" for code in codes}
    found = [
        Problem(loc=loc, value=name, expected=_expected(name))
        for loc, name in named
        if name not in known
    ]
    return found + list(_bad_references(library))


def _expected(name: str) -> str:
    if name.startswith("unit:"):
        return _("unit: and the code of a unit of the group")
    return _("the code of a known place, such as CN-ZJ or CN-330300, or unit:CODE")


def _named(library: schemas.Library) -> Iterator[tuple[tuple[int | str, ...], str]]:
    """Yield every place and unit that the library names, with the way to it."""
    for number, entry in enumerate(library.regulations):
        at = ("regulations", number)
        yield (*at, "authority"), entry.authority
        for n, clause in enumerate(entry.clauses):
            inside = (*at, "clauses", n)
            if clause.place:
                yield (*inside, "place"), clause.place
            for m, place in enumerate(clause.except_places):
                yield (*inside, "except_places", m), place
            if clause.require.type == "filing":
                yield (*inside, "require", "filing", "to"), clause.require.to
        for n, gap in enumerate(entry.unknown):
            yield (*at, "unknown", n, "place"), gap.place


def _bad_references(library: schemas.Library) -> Iterator[Problem]:
    known = _known_regulations(library)
    for number, entry in enumerate(library.regulations):
        for part in ("replaces", "withdraws"):
            for n, reference in enumerate(getattr(entry, part)):
                authority, clauses = known.get(reference.regulation, ("", set()))
                at = ("regulations", number, part, n)
                if authority != entry.authority:
                    expected = _expected_reference(entry.authority, authority)
                    yield Problem(
                        loc=(*at, "regulation"), value=reference.regulation, expected=expected
                    )
                    continue
                for m, clause in enumerate(reference.clauses or ()):
                    if clause not in clauses:
                        expected = _("a clause of %s") % reference.regulation
                        yield Problem(loc=(*at, "clauses", m), value=clause, expected=expected)


def _known_regulations(library: schemas.Library) -> dict[str, tuple[str, set[str]]]:
    """Return authority and clauses of what the library refers to, recorded or in itself."""
    named = {r.regulation for e in library.regulations for r in (*e.replaces, *e.withdraws)}
    rows = Revision.objects.filter(recorded_until=None, key__in=named)
    recorded = {
        row.key: (row.authority, {clause["id"] for clause in row.content.get("clauses", ())})
        for row in rows
    }
    own = {e.id: (e.authority, {c.id for c in e.clauses}) for e in library.regulations}
    return recorded | own


def _expected_reference(authority: str, of: str) -> str:
    if not of:
        return _("the id of a regulation of %s that is recorded or stands in this file") % authority
    return _("a regulation of %(authority)s itself; this one is of %(of)s") % {
        "authority": authority,
        "of": of,
    }


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
        raise LibraryRefused(problems)
    current = _current(library, is_locked=True)
    result = _compared(library, current)
    unchanged = set(result.unchanged)
    for entry in library.regulations:
        if entry.id not in unchanged:
            before, at = current.get(entry.id), recorded_at or now
            _revise(library.code, entry, before, at, recorded_at is not None)
    if result.created or result.changed:
        ledger.record(
            actor=actor, now=now, verb="regulations.imported", subject=("library", library.code),
            data={"created": result.created, "changed": result.changed},
        )  # fmt: skip
        outbox.publish("regulations.imported", library=library.code)
    return result


def compare_library(library: schemas.Library) -> Imported:
    """Return what an import of the library would create and change; saves nothing."""
    return _compared(library, _current(library))


def _current(library: schemas.Library, *, is_locked: bool = False) -> dict[str, Revision]:
    keys = [entry.id for entry in library.regulations]
    rows = Revision.objects.filter(key__in=keys, recorded_until=None)
    return {row.key: row for row in (rows.select_for_update() if is_locked else rows)}


def _compared(library: schemas.Library, current: Mapping[str, Revision]) -> Imported:
    found: dict[str, list[str]] = {"created": [], "changed": [], "unchanged": []}
    for entry in library.regulations:
        before = current.get(entry.id)
        is_same = before is not None and before.content == _content(entry)
        found["unchanged" if is_same else "changed" if before else "created"].append(entry.id)
    return Imported(**{name: tuple(keys) for name, keys in found.items()})


def _content(entry: schemas.RegulationEntry) -> dict[str, object]:
    return entry.model_dump(mode="json", by_alias=True, exclude_defaults=True)


def _revise(
    library: str,
    entry: schemas.RegulationEntry,
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
        content=_content(entry),
    )
