"""What the inspector's desk finds in the ledger: for whom, by what, page by page, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from taishan.kit import clock, days
from taishan.ledger import actions as ledger
from taishan.ledger import queries
from taishan.ledger.models import Entry
from taishan.ledger.queries import Record
from taishan.organisation import access
from taishan.organisation.access import Capability, Viewer
from taishan.organisation.models import Person, Unit, UnitVersion

PAGE = 50
DAY = timedelta(days=1)
LIMIT = 5_000
"""What a browser waits for: a proof is two kilobytes. The worker writes what is more."""
PRIVATE = frozenset(
    {"consent.given", "consent.withdrawn", "follow_up.checked",
     "follow_up.step_taken"}
)  # fmt: skip
"""Sealed like all others, and shown to nobody here: they tell of one person's health or consent."""
FIELDS = ("record", "unit", "person", "verb", "since", "until")


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What is asked for; what is empty is not asked. Both days are of the group's own clock."""

    record: Record | None = None
    unit: str = ""
    person: str = ""
    verb: str = ""
    since: date | None = None
    until: date | None = None

    def query(self) -> str:
        """Return the filters as the part of an address that they came in."""
        record = ":".join(self.record) if self.record else ""
        values = {name: getattr(self, name) for name in FIELDS[1:]} | {"record": record}
        return urlencode({name: value for name, value in values.items() if value})

    def told(self) -> dict[str, str]:
        """Return the filters for the ledger."""
        values = {name: getattr(self, name) for name in FIELDS[1:]}
        return {name: str(value) for name, value in values.items() if value}


class FilterRefused(ValueError):
    """What is asked for cannot be looked for; the message says why."""


def read_filters(given: Mapping[str, str]) -> Filters:
    """Return the filters of an address. Raises FilterRefused."""
    texts = {name: given.get(name, "").strip()[:240] for name in FIELDS}
    kind, colon, id_ = texts["record"].partition(":")
    if texts["record"] and not colon:
        raise FilterRefused(_("A record is a kind and an id, such as unit:W1 or notice:12."))
    return Filters(
        record=(kind, id_) if colon else None, unit=texts["unit"], person=texts["person"],
        verb=texts["verb"], since=_read_day(texts["since"]), until=_read_day(texts["until"]),
    )  # fmt: skip


def _read_day(text: str) -> date | None:
    try:
        day = days.read(text) if text else None
        # The day after it is asked for, too.
        return day and day + DAY - DAY
    except (ValueError, OverflowError):
        raise FilterRefused(
            _("“%(day)s” is not a day such as 2020-02-12.") % {"day": text}
        ) from None


def find(viewer: Viewer, filters: Filters) -> QuerySet[Entry]:
    """Return what the viewer may inspect of what is asked for, the latest first.

    Of a record it is the whole story. Raises FilterRefused for a unit or person that is not there.
    """
    rows = queries.find_story(filters.record) if filters.record else Entry.objects.all()
    rows = _within(rows, viewer, filters.unit).exclude(verb__in=PRIVATE)
    if filters.person:
        person = Person.objects.filter(staff_no=filters.person).first()
        if person is None:
            raise FilterRefused(_("Nobody has the staff number %s.") % filters.person)
        rows = rows.filter(person_id=person.pk)
    if filters.verb:
        rows = rows.filter(verb=filters.verb)
    if filters.since:
        rows = rows.filter(recorded_at__gte=_midnight(filters.since))
    if filters.until:
        rows = rows.filter(recorded_at__lt=_midnight(filters.until + DAY))
    return rows.order_by("-recorded_at", "-id")


def _within(rows: QuerySet[Entry], viewer: Viewer, code: str) -> QuerySet[Entry]:
    """Return the entries of the viewer's units; those of the group itself to group-wide roles."""
    if not code and access.is_group_wide(viewer, Capability.INSPECT):
        return rows
    versions = access.unit_ids_with(viewer, Capability.INSPECT)
    if code:
        unit = Unit.objects.filter(code=code, pk__in=versions).first()
        if unit is None:
            raise FilterRefused(_("No such unit is recorded, or not for you to see."))
        below = UnitVersion.objects.filter(path__passes_through=str(unit.pk))
        versions = versions.filter(unit_id__in=below.values("unit_id"))
    return rows.filter(unit_id__in=set(versions.values_list("unit_id", flat=True)))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(clock.HOME))


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Some entries, the latest first, and where those before them begin."""

    entries: Sequence[Entry]
    older: str = ""


def page(rows: QuerySet[Entry], before: str, size: int = PAGE) -> Page:
    """Return the page of entries before a mark of an earlier page: nothing is counted or skipped.

    Raises FilterRefused for a mark that is none.
    """
    if before:
        instant, id_ = _read_mark(before)
        rows = rows.filter(recorded_at__lte=instant).exclude(recorded_at=instant, id__gte=id_)
    found = list(rows[: size + 1])
    shown = found[:size]
    if len(found) == len(shown):
        return Page(entries=shown)
    return Page(entries=shown, older=f"{shown[-1].recorded_at.isoformat()}~{shown[-1].id}")


def read_all(rows: QuerySet[Entry]) -> list[Entry] | None:
    """Return all entries, to be taken away; None where they are more than ``LIMIT``."""
    found = list(rows[: LIMIT + 1])
    return found if len(found) <= LIMIT else None


def _read_mark(text: str) -> tuple[datetime, UUID]:
    instant, _tilde, id_ = text.partition("~")
    try:
        return datetime.fromisoformat(instant), UUID(id_)
    except ValueError:
        raise FilterRefused(_("This page's address is not complete.")) from None


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """What entries name by number: people, units, and the entries' own numbers in the tree."""

    people: dict[int, Person] = field(default_factory=dict)
    units: dict[int, str] = field(default_factory=dict)
    numbers: dict[UUID, int] = field(default_factory=dict)

    def actor(self, entry: Entry) -> str:
        """Return who acted: by name and staff number where it is still recorded."""
        person = self.people.get(entry.person_id or 0)
        if person:
            return f"{person.name} ({person.staff_no})"
        return entry.actor_label or _("person %s") % entry.person_id


def read_names(entries: Sequence[Entry]) -> Names:
    """Return the names for entries, in three statements."""
    people = {entry.person_id for entry in entries if entry.person_id}
    units = {entry.unit_id for entry in entries if entry.unit_id}
    return Names(
        people=Person.objects.in_bulk(people),
        units=dict(Unit.objects.filter(pk__in=units).values_list("pk", "code")),
        numbers=queries.find_numbers(entries),
    )


def note(
    viewer: Viewer, now: datetime, filters: Filters, what: str, verb: str = "ledger.looked_at"
) -> None:
    """Keep in the ledger what the viewer looked at or took away.

    It is no part of the record's own story, or every look would make it longer; the looks at a
    record are the story of ``inspection:`` and the record.
    """
    unit = Unit.objects.filter(code=filters.unit).first() if filters.unit else None
    ledger.record(
        actor=viewer.actor, now=now, verb=verb,
        subject=("inspection", ":".join(filters.record or (what,))[:200]),
        unit_id=unit.pk if unit else None, data={"page": what} | filters.told(),
    )  # fmt: skip


def describe(entry: Entry) -> list[tuple[str, Any]]:
    """Return what an entry says beside its verb, as pairs."""
    return [(key, _text(value)) for key, value in entry.data.items() if value not in (None, [], "")]


def _text(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if isinstance(value, dict):
        return ", ".join(f"{key}: {one}" for key, one in value.items())
    return str(value)
