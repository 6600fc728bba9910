"""Reading the ledger: entries by what they are about, their numbers, and the seals."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from taishan.ledger.models import Entry, Leaf, Seal

Record = tuple[str, str]
"""A record by its kind and its id."""

DEPTH = 4
"""How far a story follows records that are about records: an order, its duty, its notice …"""


def find_numbers(entries: Iterable[Entry]) -> dict[UUID, int]:
    """Return the numbers of those entries that are sealed, by the entries' ids."""
    wanted = {(entry.unit_id, entry.id) for entry in entries}
    rows = Leaf.objects.filter(
        unit_id__in={unit for unit, _ in wanted}, entry_id__in={id_ for _, id_ in wanted}
    )
    return {row.entry_id: row.number for row in rows if (row.unit_id, row.entry_id) in wanted}


def find_of_record(record: Record) -> QuerySet[Entry]:
    """Return the entries of one record, in no order."""
    return Entry.objects.filter(subject_kind=record[0], subject_id=record[1])


def find_story(record: Record) -> QuerySet[Entry]:
    """Return the entries of a record and of the records that are about it, in no order."""
    told = {record}
    new = told
    for _ in range(DEPTH):
        new = _find_about(new) - told
        if not new:
            break
        told |= new
    return Entry.objects.filter(_is_of(told) | _is_about(told))


def _find_about(records: set[Record]) -> set[Record]:
    rows = Entry.objects.filter(_is_about(records))
    return set(rows.values_list("subject_kind", "subject_id").distinct())


def _is_of(records: Iterable[Record]) -> Q:
    found = Q(pk__in=[])
    for kind, id_ in records:
        found |= Q(subject_kind=kind, subject_id=id_)
    return found


def _is_about(records: Iterable[Record]) -> Q:
    found = Q(pk__in=[])
    for kind, id_ in records:
        found |= Q(data__has_key="about", data__about__0=kind, data__about__1=id_)
    return found


def find_seals(below: int | None = None) -> QuerySet[Seal]:
    """Return the seals, the latest first, or those of smaller trees."""
    rows = Seal.objects.order_by("-size").prefetch_related("publications")
    return rows if below is None else rows.filter(size__lt=below)


def find_seal(at: datetime | None = None) -> Seal | None:
    """Return the latest seal, or the latest at an instant; None before the first."""
    rows = Seal.objects.order_by("-size")
    return (rows if at is None else rows.filter(sealed_at__lte=at)).first()
