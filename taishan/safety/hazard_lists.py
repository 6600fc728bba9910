"""The list of hazards, narrowed as its address says; the latest found first, without counting on.

A page goes on where the one before ended (keyset), so the last page costs what the first does.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db.models import F, Q, QuerySet

from taishan.core.hazards import ENDED, Cause, Grade, State
from taishan.kit import arrays, clock, days, search_words, searching
from taishan.organisation import access
from taishan.organisation.access import Capability, Viewer
from taishan.organisation.models import PostHolding
from taishan.safety import hazard_queries
from taishan.safety.hazard_models import Hazard
from taishan.safety.hazard_standing import AGES, TO_PUT_RIGHT

PAGE = 40
COUNTED = 10_000
"""How far a list is counted; beyond, it says "more than"."""
OPEN, OVERDUE, LATE, REAL, ALL = "open", "overdue", "late", "real", "all"
STATES = (OPEN, OVERDUE, *(state.value for state in State), LATE, REAL, ALL)
AGE_NAMES = ("0-3", "4-7", "8-30", "31-")
REPORTED, TO_DO = "reported", "to_do"
WHOSE = (REPORTED, TO_DO)
DAY = timedelta(days=1)
FIELDS = (
    "state", "grade", "cause", "age", "whose", "origin", "area", "since", "last", "ended_since",
    "ended_last", "q", "itself",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """``since`` and ``last``: the days of finding; ``ended_…``: of closing. ``""``: whichever."""

    state: str = OPEN
    grade: str = ""
    cause: str = ""
    age: str = ""
    whose: str = ""
    origin: str = ""
    area: str = ""
    since: date | None = None
    last: date | None = None
    ended_since: date | None = None
    ended_last: date | None = None
    q: str = ""
    itself: str = ""
    """Of a unit by itself, without those below it."""

    def given(self) -> dict[str, str]:
        """Return it as it stands in an address: what narrows nothing is left out."""
        found = {name: str(getattr(self, name) or "") for name in FIELDS}
        return {name: value for name, value in found.items() if value}

    @property
    def days(self) -> tuple[date, date] | None:
        """The days that it is about, from one to before another; None for the present."""
        since, last = self.since or self.ended_since, self.last or self.ended_last
        return (since, last + DAY) if since and last and since <= last else None

    @property
    def has_words(self) -> bool:
        return bool(search_words.ask(self.q))


def ask(given: Mapping[str, str]) -> Asked:
    """Return how an address narrows the list: what is open, where it says nothing."""
    return Asked(
        state=_one_of(STATES, given.get("state", ""), OPEN),
        grade=_one_of([grade.value for grade in Grade], given.get("grade", "")),
        cause=_one_of([cause.value for cause in Cause], given.get("cause", "")),
        age=_one_of(AGE_NAMES, given.get("age", "")),
        whose=_one_of(WHOSE, given.get("whose", "")),
        origin=given.get("origin", "")[:40], area=given.get("area", "")[:200],
        since=_day(given.get("since", "")), last=_day(given.get("last", "")),
        ended_since=_day(given.get("ended_since", "")),
        ended_last=_day(given.get("ended_last", "")), q=given.get("q", "").strip()[:100],
        itself=_one_of("1", given.get("itself", "")),
    )  # fmt: skip


def _one_of(allowed: Collection[str], value: str, otherwise: str = "") -> str:
    return value if value in allowed else otherwise


def _day(text: str) -> date | None:
    try:
        return days.read(text)
    except ValueError:
        return None


def find(
    viewer: Viewer, asked: Asked, now: datetime, unit_ids: Collection[int] | None
) -> QuerySet[Hazard]:
    """Return the hazards that the viewer may see, of these units, the words left aside.

    ``unit_ids`` None: of all. Whoever sees the whole group is not asked for each unit of it.
    """
    is_whole = access.is_group_wide(viewer, Capability.SEE)
    found = Hazard.objects.all() if is_whole else hazard_queries.find_visible(viewer)
    if unit_ids is not None:
        found = found.filter(arrays.any_of("unit_id", unit_ids))
    narrowed = {
        "grade": asked.grade, "cause": asked.cause, "origin_kind": asked.origin, "area": asked.area,
        "found_on__gte": asked.since, "found_on__lte": asked.last,
        "ended_on__gte": asked.ended_since, "ended_on__lte": asked.ended_last,
    }  # fmt: skip
    found = found.filter(**{name: value for name, value in narrowed.items() if value})
    return found.filter(
        _stands(asked.state, now), _bounded(asked), _is_aged(asked.age, now),
        _whose(asked.whose, viewer, now),
    )  # fmt: skip


def _stands(state: str, now: datetime) -> Q:
    special = {
        OPEN: Q(ended_at=None), ALL: Q(),
        REAL: ~Q(state__in=[State.DISMISSED, State.MERGED]),
        OVERDUE: Q(ended_at=None, state__in=TO_PUT_RIGHT, due_at__lte=now),
        LATE: Q(state=State.CLOSED, put_right_at__gt=F("due_at")),
    }  # fmt: skip
    if state in special:
        return special[state]
    return Q(state=state) if state in ENDED else Q(state=state, ended_at=None)


def _bounded(asked: Asked) -> Q:
    """A unit's day lies within a day of the same day in Greenwich: by this, the order is walked."""
    bounds = Q()
    if asked.since:
        bounds &= Q(found_at__gte=datetime.combine(asked.since, time(), UTC) - DAY)
    if asked.last:
        bounds &= Q(found_at__lt=datetime.combine(asked.last, time(), UTC) + 2 * DAY)
    return bounds


def _is_aged(age: str, now: datetime) -> Q:
    if not age:
        return Q()
    at = AGE_NAMES.index(age)
    younger = Q(found_at__gt=now - AGES[at]) if at < len(AGES) else Q()
    return younger & (Q(found_at__lte=now - AGES[at - 1]) if at else Q())


def _whose(whose: str, viewer: Viewer, now: datetime) -> Q:
    if whose == REPORTED:
        return Q(reporter_id=viewer.account_id)
    if whose == TO_DO:
        held = PostHolding.objects.filter(
            person_id=viewer.person_id or 0, valid__contains=clock.day_at(now)
        )
        return Q(state__in=TO_PUT_RIGHT, post_id__in=held.values("post_id"))
    return Q()


def find_page(found: QuerySet[Hazard], asked: Asked, after: int | None = None) -> list[Hazard]:
    """Return the hazards that follow the one with the number ``after``; one more than a page shows
    where there are more pages.
    """
    rows = _after(found, after).select_related("post")
    return searching.find_latest(rows, search_words.ask(asked.q), at="found_at", stop=PAGE + 1)


def find_latest(found: QuerySet[Hazard], number: int) -> list[Hazard]:
    """Return so many of them, the latest found first."""
    return list(found.select_related("post").order_by("-found_at", "-id")[:number])


def _after(found: QuerySet[Hazard], after: int | None) -> QuerySet[Hazard]:
    last = Hazard.objects.filter(pk=after or 0).values_list("found_at", flat=True).first()
    if last is None:
        return found
    return found.filter(found_at__lte=last).filter(Q(found_at__lt=last) | Q(pk__lt=after))


def count(found: QuerySet[Hazard]) -> int:
    """Return how many there are, or ``COUNTED`` + 1 where there are more than that."""
    return found.order_by().values("pk")[: COUNTED + 1].count()


def find_all(found: QuerySet[Hazard], asked: Asked) -> QuerySet[Hazard]:
    """Return the whole list, for a file."""
    words = search_words.ask(asked.q)
    of_words: dict[str, Any] = {"words__contains": words} if words else {}
    return found.filter(**of_words).order_by("-found_at", "-id")


def find_origins() -> list[str]:
    """Return of what hazards came so far, a kind at a time: the index knows without reading all."""
    kinds: list[str] = []
    while True:
        rows = Hazard.objects.filter(origin_kind__gt=kinds[-1] if kinds else "")
        kind = rows.order_by("origin_kind").values_list("origin_kind", flat=True).first()
        if kind is None:
            return kinds
        kinds.append(kind)
