"""Editions of rules: rows of a code, each from a day to a day, recorded from libraries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import TypeVar

from django.contrib.postgres.fields import DateRangeField
from django.db import connection, models
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from psycopg.types.range import DateRange


class LibraryRefused(ValueError):
    """A library cannot be recorded; the message says why."""


@dataclass(slots=True, kw_only=True)
class Imported:
    """Codes of the rules of a library, by what became of them."""

    created: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)

    def about(self) -> dict[str, list[str]]:
        """Return what the ledger says of it; nothing where nothing changed."""
        found = asdict(self)
        del found["unchanged"]
        return found if any(found.values()) else {}


class Edition(models.Model):
    """What holds of a code from a day to a day (half-open); a change is a new row from a day on."""

    code = models.CharField(max_length=60)
    source_en = models.TextField()
    source_zh = models.TextField()
    source_url = models.CharField(max_length=400)
    from_library = models.CharField(max_length=60)
    valid = DateRangeField()
    recorded_at = models.DateTimeField()

    class Meta:
        abstract = True

    def content(self, on: date) -> list[object]:
        """Return all that it says of a day and later: not when it began before, or was recorded."""
        apart = {"valid", "recorded_at", self._meta.pk.attname}
        names = [one.attname for one in self._meta.concrete_fields if one.attname not in apart]
        days = (max(self.valid.lower, on), self.valid.upper)
        return [*(getattr(self, name) for name in names), *days]


Row = TypeVar("Row", bound=Edition)


def find_going_on(rows: QuerySet[Row], on: date) -> dict[str, list[Row]]:
    """Return the editions that hold on a day or later by code, the earliest first.

    Nobody else records editions of the kind until the transaction ends: of two first imports at
    once neither finds a row that it could wait for.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [rows.model._meta.label])  # noqa: SLF001
    goes_on = Q(valid__upper_inf=True) | Q(valid__endswith__gt=on)
    found: dict[str, list[Row]] = {}
    for row in rows.filter(goes_on).order_by("valid"):
        found.setdefault(row.code, []).append(row)
    return found


def replace(done: Imported, on: date, old: Sequence[Row], new: Sequence[Row]) -> None:
    """Let editions of one code hold from a day on in place of those that do, unless they say the
    same. Raises LibraryRefused where one of those began on that day or later.
    """
    code = new[0].code
    old = [row for row in old if row.valid.upper is None or row.valid.upper > on]
    if [row.content(on) for row in old] == [row.content(on) for row in new]:
        done.unchanged.append(code)
        return
    _end(on, old)
    for row in new:
        row.save(force_insert=True)
    (done.changed if old else done.created).append(code)


def end_others(done: Imported, on: date, library: str, others: Mapping[str, list[Row]]) -> None:
    """End what a library no longer has. Raises LibraryRefused as ``replace``."""
    for code, rows in others.items():
        if rows[0].from_library == library:
            _end(on, rows)
            done.ended.append(code)


def _end(on: date, rows: Iterable[Edition]) -> None:
    """End what holds on a day; what was to begin later may be referred to already."""
    for row in rows:
        if row.valid.lower >= on:
            raise LibraryRefused(
                _("%s changed on that day or later already: choose a later one.") % row.code
            )
        row.valid = DateRange(row.valid.lower, on)
        row.save(update_fields=["valid"])
