"""Scorecards: what was owed over a period and what became of it, by unit, post and person.

Units' numbers are read from few sums; those of a unit's posts and people from its own duties of the
period. What lapsed and no job has written down yet is missed all the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Value, When

from taishan.core.duties import State
from taishan.duties.counting import MEASURES, Span
from taishan.duties.models import Count as Sums
from taishan.duties.models import Duty
from taishan.kit import sums
from taishan.organisation import access
from taishan.organisation.access import Capability, Viewer
from taishan.organisation.models import Person, Post, UnitVersion, is_chinese


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """How many duties fell due in the period, and how many of them ended how."""

    owed: int = 0
    on_time: int = 0
    late: int = 0
    missed: int = 0
    waived: int = 0

    @property
    def open(self) -> int:
        return self.owed - self.on_time - self.late - self.missed - self.waived

    @property
    def share_on_time(self) -> float | None:
        """On time, of what was done or missed; None of nothing."""
        ended = self.on_time + self.late + self.missed
        return self.on_time / ended if ended else None


NOTHING = Totals()


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A unit as it was last in the period. ``path``: unit ids, root first."""

    unit_id: int
    code: str
    name: str
    path: str
    last_day: date | None
    """On which it was open; None where it is to this day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """The units of a scorecard: those at its top, one or several, and all below them."""

    places: Mapping[int, Place]
    roots: frozenset[str]

    @property
    def top(self) -> Place | None:
        """The one unit at the top; None where there are several."""
        return self.places.get(int(next(iter(self.roots)))) if len(self.roots) == 1 else None

    def row_of(self, place: Place) -> int:
        """Return the unit in whose row a unit's numbers stand: a child of the top, or a top."""
        steps = place.path.split(".")
        at = next(number for number, step in enumerate(steps) if step in self.roots)
        is_one = len(self.roots) == 1
        return int(steps[at + 1] if is_one and at + 1 < len(steps) else steps[at])

    def rows(self) -> dict[int, int]:
        """Return by unit in whose row its numbers stand."""
        return {pk: self.row_of(place) for pk, place in self.places.items()}


def find_branch(viewer: Viewer, within: str, since: date, until: date) -> Branch:
    """Return what the viewer sees of a subtree, each unit where it hung last in the period; one
    that closed before it too, where what it owed fell due in the period.

    ``within`` is a unit's code, or empty for all that the viewer sees. One query, or two.
    """
    open_then = access.versions_visible(viewer, since, until)
    versions = (open_then | _find_closed(viewer, since, until)).order_by("valid")
    roots = viewer.roots(Capability.SEE)
    if within:
        found = versions.filter(unit__code=within).values_list("unit_id", flat=True).first()
        roots = frozenset({str(found)}) if found else frozenset()
        versions = versions.filter(path__passes_through=found) if found else versions.none()
    name = "name_zh" if is_chinese() else "name_en"
    rows = versions.values_list("unit_id", "unit__code", name, "path", "valid")
    places = {
        pk: Place(
            unit_id=pk, code=code, name=word, path=path,
            last_day=valid.upper and valid.upper - timedelta(days=1),
        )
        for pk, code, word, path, valid in rows
    }  # fmt: skip
    highest = {
        root for root in roots
        if int(root) in places and not roots & set(places[int(root)].path.split(".")[:-1])
    }  # fmt: skip
    return Branch(places=places, roots=frozenset(highest))


def _find_closed(viewer: Viewer, since: date, until: date) -> QuerySet[UnitVersion]:
    """Return the last versions of units that closed before a period in which they owed."""
    owed = Sums.objects.filter(
        span=Span.DAY, unit_id=OuterRef("unit_id"), day__gte=since, day__lt=until
    )
    later = UnitVersion.objects.filter(unit_id=OuterRef("unit_id")).filter(
        Q(valid__upper_inf=True) | Q(valid__endswith__gt=OuterRef("valid__endswith"))
    )
    seen = access.versions_visible(viewer, date.min, since)
    return seen.filter(Exists(owed), ~Exists(later), valid__endswith__lte=since)


Piece = tuple[Span, date, date, int]
"""The sums of a span in ``first <= day < end``, to be added (1) or taken away (-1)."""
HALF_MONTH = timedelta(days=15)


def spans(since: date, until: date) -> Iterator[Piece]:
    """Yield the sums that make up ``since <= day < until``: runs of years, months and days.

    Of a month that is covered for the most part, the rest is taken away: fewer sums are read.
    """
    months = (_next(since, "month"), _start(until, "month"))
    years = (_next(since, "year"), _start(until, "year"))
    if months[0] > months[1]:
        yield Span.DAY, since, until, 1
        return
    yield from _part(since, months[0], _start(since, "month"), months[0])
    if years[0] > years[1]:
        yield Span.MONTH, *months, 1
    else:
        yield Span.MONTH, months[0], years[0], 1
        yield Span.YEAR, *years, 1
        yield Span.MONTH, years[1], months[1], 1
    yield from _part(months[1], until, months[1], _next(until, "month"))


def _part(since: date, until: date, month: date, next_month: date) -> Iterator[Piece]:
    """Yield the days of a part of a month, or the month without the others."""
    if until - since <= HALF_MONTH:
        yield Span.DAY, since, until, 1
    else:
        yield Span.MONTH, month, next_month, 1
        yield Span.DAY, month, since, -1
        yield Span.DAY, until, next_month, -1


def _start(day: date, span: str) -> date:
    return day.replace(day=1) if span == "month" else day.replace(month=1, day=1)


def _next(day: date, span: str) -> date:
    """Return the first day of a span that is not before the day."""
    start = _start(day, span)
    if start == day:
        return day
    return _start(start + timedelta(days=32 if span == "month" else 366), span)


def find_totals(
    unit_ids: Iterable[int], since: date, until: date, now: datetime, kind: str = ""
) -> dict[int, Totals]:
    """Return each unit's own totals of duties that fell due in ``since <= day < until``.

    Reads the sums of the period's years, months and days, and no duty but what lapsed just now.
    """
    found: dict[int, Totals] = defaultdict(Totals)
    ids = list(unit_ids)
    for row in _sums("unit_id", ids, since, until, kind):
        found[row[0]] = Totals(**dict(zip(MEASURES, row[1:], strict=True)))
    lapsed = _find_lapsed(now).filter(due_on__gte=since, due_on__lt=until, unit_id__in=ids)
    if kind:
        lapsed = lapsed.filter(kind=kind)
    for unit_id, number in lapsed.values_list("unit_id").annotate(number=Count("*")):
        found[unit_id] = sums.total((found[unit_id], Totals(missed=number)), NOTHING)
    return dict(found)


def _sums(of: str, ids: list[int], since: date, until: date, kind: str) -> list[tuple[Any, ...]]:
    narrowed = " AND kind = %s" if kind else ""
    condition = f"span = %s AND day >= %s AND day < %s AND unit_id = ANY(%s::bigint[]){narrowed}"
    return sums.add_up("duties_count", of, MEASURES, [
        (sign, condition, [int(span), first, end, ids, *([kind] if kind else [])])
        for span, first, end, sign in spans(since, until)
        if first < end
    ])  # fmt: skip


def _find_lapsed(now: datetime) -> QuerySet[Duty]:
    """Return what lapsed and no job has written down yet."""
    return Duty.objects.filter(ended=None, lapses_at__lte=now)


def roll_up(
    branch: Branch, totals: Mapping[int, sums.Record], nothing: sums.Record
) -> dict[int, sums.Record]:
    """Return the totals of units by row of the branch, each row with all below it."""
    row_of = branch.rows()
    parts: dict[int, list[sums.Record]] = {row: [] for row in row_of.values()}
    for unit_id, one in totals.items():
        parts[row_of[unit_id]].append(one)
    return {row: sums.total(found, nothing) for row, found in parts.items()}


def find_waiting(unit_ids: Iterable[int], limit: int) -> list[tuple[int, int, int]]:
    """Return who waits on whom: the creditor, the debtor (one of the units) and how many duties are
    open between them, most first.
    """
    opened = " - ".join(f"sum({name})" for name in MEASURES)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT creditor_id, unit_id, ({opened})::int AS opened FROM duties_count "  # noqa: S608
            "WHERE span = %s AND unit_id = ANY(%s::bigint[]) "
            f"GROUP BY 1, 2 HAVING {opened} > 0 ORDER BY 3 DESC, 1, 2 LIMIT %s",
            [int(Span.YEAR), list(unit_ids), limit],
        )
        return list(cursor.fetchall())


def find_by_post(
    unit_id: int, since: date, until: date, now: datetime
) -> list[tuple[Post, Totals]]:
    """Return the totals of a unit's posts that owed something in the period."""
    found = _by("post_id", _owed(unit_id, since, until).filter(post__isnull=False), now)
    posts = Post.objects.in_bulk(list(found))
    return sorted(((posts[pk], one) for pk, one in found.items()), key=lambda row: row[0].code)


def find_by_person(
    unit_id: int, since: date, until: date, now: datetime
) -> list[tuple[Person, Totals]]:
    """Return the totals of people: what they owed to a unit's name, and what posts owed that they
    held on the day it fell due.
    """
    owed = _owed(unit_id, since, until)
    found: dict[int, Totals] = defaultdict(Totals, _by("person_id", owed.exclude(person=None), now))
    held = owed.filter(post__holdings__valid__contains=F("due_on"))
    for pk, one in _by("post__holdings__person_id", held, now).items():
        found[pk] = sums.total((found[pk], one), NOTHING)
    people = Person.objects.in_bulk(list(found))
    rows = ((people[pk], one) for pk, one in found.items())
    return sorted(rows, key=lambda row: row[0].sort_name)


def _owed(unit_id: int, since: date, until: date) -> QuerySet[Duty]:
    return Duty.objects.filter(unit_id=unit_id, due_on__gte=since, due_on__lt=until)


def _by(what: str, owed: QuerySet[Duty], now: datetime) -> dict[int, Totals]:
    lapsed = Q(ended=None, lapses_at__lte=now)
    stands = owed.annotate(stands=Case(When(lapsed, then=Value(State.MISSED)), default=F("ended")))
    numbers = {
        name: Count("id", filter=Q(stands=name) if name != "owed" else None) for name in MEASURES
    }
    rows = stands.values_list(what).annotate(**numbers)
    return {row[0]: Totals(**dict(zip(MEASURES, row[1:], strict=True))) for row in rows}
