"""Scorecards: what was owed over a period and what became of it, by unit, post and person.

Units' numbers are read from few sums; those of a unit's posts and people from its own duties of the
period. What lapsed and no job has written down yet is missed all the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

from django.db import connection
from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Value, When

from taishan.core.duties import State
from taishan.duties.counting import MEASURES, Span
from taishan.duties.models import Count as Sums
from taishan.duties.models import Duty
from taishan.kit import arrays, sums
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
DAY = timedelta(days=1)


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
    """The units of a scorecard: those at its top, one or several, and all below them.

    ``row_of``: by unit the one in whose row its numbers stand: a child of the top, or a top.
    """

    places: Mapping[int, Place]
    roots: frozenset[str]
    row_of: Mapping[int, int]

    @property
    def top(self) -> Place | None:
        """The one unit at the top; None where there are several."""
        return self.places.get(int(next(iter(self.roots)))) if len(self.roots) == 1 else None


def _row_of(place: Place, roots: frozenset[str]) -> int:
    steps = place.path.split(".")
    at = next(number for number, step in enumerate(steps) if step in roots)
    return int(steps[at + 1] if len(roots) == 1 and at + 1 < len(steps) else steps[at])


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
    rows = versions.values_list("unit_id", "unit__code", name, "path", "valid__endswith")
    places = {
        pk: Place(unit_id=pk, code=code, name=word, path=path, last_day=closed and closed - DAY)
        for pk, code, word, path, closed in rows
    }
    highest = {
        root for root in roots
        if int(root) in places and not roots & set(places[int(root)].path.split(".")[:-1])
    }  # fmt: skip
    tops = frozenset(highest)
    row_of = {pk: _row_of(place, tops) for pk, place in places.items()}
    return Branch(places=places, roots=tops, row_of=row_of)


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
_SPANS = (Span.DAY, Span.FIVE_DAYS, Span.MONTH, Span.YEAR)
_MOST_DAYS = {Span.FIVE_DAYS: 6, Span.MONTH: 31, Span.YEAR: 366}
FEW_UNITS = 500
"""Of so many, each is looked for; of more, all are read, and left out those not asked for."""


def spans(since: date, until: date) -> Iterator[Piece]:
    """Yield the sums that make up ``since <= day < until``: few, however odd its edges are.

    Each edge is put where the next larger span begins or ends nearest, and what that adds is taken
    away again: no more than two or three days, three runs of five days and six months.
    """
    for span, larger in pairwise(_SPANS):
        first, end = _nearest(since, larger), _nearest(until, larger)
        if until - since <= abs(first - since) + abs(end - until):
            yield span, since, until, 1
            return
        yield span, min(since, first), max(since, first), 1 if since < first else -1
        yield span, min(end, until), max(end, until), 1 if end < until else -1
        since, until = first, end
    yield Span.YEAR, since, until, 1


def _nearest(day: date, span: Span) -> date:
    """Return the first day of a span that is nearest to the day."""
    before = _start(day, span)
    if day == before:
        return day
    after = _start(before + timedelta(days=_MOST_DAYS[span]), span)
    return before if day - before <= after - day else after


def _start(day: date, span: Span) -> date:
    """Return the first day of the span that the day is in."""
    if span == Span.FIVE_DAYS:
        return day.replace(day=1 + 5 * min((day.day - 1) // 5, 5))
    return day.replace(day=1) if span == Span.MONTH else day.replace(month=1, day=1)


def find_totals(
    branch: Branch, since: date, until: date, now: datetime, kind: str = ""
) -> dict[int, Totals]:
    """Return by row of a branch the totals of duties that fell due in ``since <= day < until``,
    each row with all below it.

    Reads the sums of the period's years, months, five days and days, and no duty but what lapsed
    just now.
    """
    found = dict.fromkeys(branch.row_of.values(), NOTHING)
    for row, *amounts in _sums(branch.row_of, since, until, kind):
        found[row] = Totals(**dict(zip(MEASURES, amounts, strict=True)))
    lapsed = _find_lapsed(now).filter(due_on__gte=since, due_on__lt=until)
    if kind:
        lapsed = lapsed.filter(kind=kind)
    for unit_id, number in lapsed.values_list("unit_id").annotate(number=Count("*")):
        if row := branch.row_of.get(unit_id):
            found[row] = sums.total((found[row], Totals(missed=number)), NOTHING)
    return found


def _sums(row_of: Mapping[int, int], since: date, until: date, kind: str) -> list[tuple[Any, ...]]:
    condition, given = "span = %s AND day >= %s AND day < %s", []
    if kind:
        condition, given = f"{condition} AND kind = %s", [kind]
    if len(row_of) <= FEW_UNITS:
        condition = f"{condition} AND unit_id = ANY((SELECT %s::bigint[])::bigint[])"
        given = [*given, arrays.literal(row_of)]
    pieces = [
        (sign, "duties_count", condition, [int(span), first, end, *given])
        for span, first, end, sign in spans(since, until)
        if first < end
    ]
    return sums.add_up("unit_id", MEASURES, pieces, row_of)


def _find_lapsed(now: datetime) -> QuerySet[Duty]:
    """Return what lapsed and no job has written down yet."""
    return Duty.objects.filter(ended=None, lapses_at__lte=now)


def roll_up(
    branch: Branch, totals: Mapping[int, sums.Record], nothing: sums.Record
) -> dict[int, sums.Record]:
    """Return the totals of units by row of the branch, each row with all below it."""
    parts: dict[int, list[sums.Record]] = {row: [] for row in branch.row_of.values()}
    for unit_id, one in totals.items():
        parts[branch.row_of[unit_id]].append(one)
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
