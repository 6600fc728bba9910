"""Who is followed up, and how it stands with them."""

from __future__ import annotations

from collections import Counter as Tally
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet, Subquery

from taishan.core.followup import State
from taishan.core.situation import Counts
from taishan.forms.models import Form
from taishan.organisation import access
from taishan.organisation.access import Capability, Viewer
from taishan.organisation.models import Person, UnitVersion
from taishan.privacy import looks, readers
from taishan.privacy.models import Look
from taishan.reporting import back_on_site, following, noticing, queries
from taishan.reporting.follow_up_models import Check, FollowUp, Step
from taishan.reporting.following import Concerned

WAITING, QUARANTINE, CONFIRMED = "waiting", "quarantine", "confirmed"
RELEASED, BACK = "released", "back"
STATES: Mapping[str, tuple[State, ...]] = {
    WAITING: (State.OPENED, State.INSTRUCTED),
    QUARANTINE: (State.QUARANTINED,),
    CONFIRMED: (State.CONFIRMED,),
    RELEASED: (State.RECOVERED, State.RELEASED),
    BACK: (State.BACK,),
}
"""The lists, by the states of whom they name."""
OVER = (*STATES[RELEASED], *STATES[BACK])
RETURNED = {QUARANTINE: "in_quarantine", CONFIRMED: "confirmed"}
"""The number of the unit's own return that speaks of the same people as a list."""
RETURN_FORM = "unit_daily"
KEPT = timedelta(days=30)
"""For how long who is released, recovered or back stands on a list."""

FIRST_UNITS = 8
"""With so many units a page of a list begins; where they do not fill it, with twice as many."""

_PERSON = "follow_up__person"
_UNIT = f"{_PERSON}__memberships__unit_id"


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """A person followed up, as of a day. ``number`` of ``days``: how far a quarantine is.

    ``missed`` are the days of quarantine with too few checks; ``is_over``: it waits for a release.
    ``said_back`` is the day of the report by which they are well and on site after a release;
    ``steps`` is how many there were, and ``step`` the key of the one in force.
    """

    pk: int
    step: int
    person: Person
    unit_id: int
    state: State
    since: date
    starts: date | None
    ends: date | None
    place: str
    number: int | None
    days: int | None
    missed: tuple[date, ...]
    is_over: bool
    said_back: date | None
    steps: int


def find_numbers(unit_ids: Iterable[int], day: date) -> dict[int, dict[str, int]]:
    """Return how many people of each unit stand on each list on the day. One query."""
    rows = (
        _steps(unit_ids, day, *STATES)
        .values(_UNIT, "state")
        .annotate(people=Count("follow_up_id", distinct=True))
        .values_list(_UNIT, "state", "people")
    )
    list_of = {state: name for name, states in STATES.items() for state in states}
    found: dict[int, dict[str, int]] = defaultdict(lambda: dict.fromkeys(STATES, 0))
    for unit_id, state, people in rows:
        found[unit_id][list_of[State(state)]] += people
    return dict(found)


def find_returned(unit_ids: Iterable[int], day: date) -> dict[int, Counts]:
    """Return what the units' own returns of the day say. Three queries."""
    counts = queries.find_counts(unit_ids, RETURN_FORM, day, day + timedelta(days=1))
    return {unit_id: of_unit for (unit_id, _day), of_unit in counts.items()}


def _steps(unit_ids: Iterable[int], day: date, *lists: str) -> QuerySet[Step]:
    """Return the steps in force on the day of people who are on the units' rosters on it.

    Who is followed up anew stands where that has come to, and no more where they stood before.
    """
    states = [state for name in lists for state in STATES[name]]
    lately = Q(since__gt=day - KEPT) | ~Q(state__in=OVER)
    holding = Q(until=None) | Q(until__gt=day)
    anew = Step.objects.filter(
        follow_up__person_id=OuterRef(f"{_PERSON}_id"), follow_up_id__gt=OuterRef("follow_up_id"),
        since__lte=day,
    )  # fmt: skip
    found = Step.objects.filter(holding, lately, since__lte=day, state__in=states).filter(
        **{_UNIT + "__in": list(unit_ids), f"{_PERSON}__memberships__valid__contains": day}
    )
    return found.exclude(Exists(anew))


def find_page(
    unit_ids: Iterable[int], day: date, lists: Sequence[str], behind: int | None, size: int
) -> list[Followed]:
    """Return so many of the lists, those who come behind a step that was listed; None: the first.

    ``unit_ids`` in the order of the list, the units gone through a few at a time until these are
    found. Whoever is seen to meanwhile shifts nobody: the place is that of the step as it was.
    """
    waiting, found, step = list(unit_ids), list[Followed](), FIRST_UNITS
    last = _find_listed(behind, waiting, day) if behind else None
    if last:
        waiting = waiting[waiting.index(last.unit_id) :]
    while waiting and len(found) < size:
        some, waiting, step = waiting[:step], waiting[step:], step * 2
        rows = find_followed(some, day, *lists)
        found += [one for one in rows if not last or _is_behind(one, last)][: size - len(found)]
    return found


def _is_behind(one: Followed, last: Followed) -> bool:
    return one.unit_id != last.unit_id or _order(one) > _order(last)


def _find_listed(pk: int, unit_ids: Sequence[int], day: date) -> Followed | None:
    """Return how a step of somebody of the units was listed, though it be over now."""
    rows = Step.objects.filter(
        **{_UNIT + "__in": unit_ids, f"{_PERSON}__memberships__valid__contains": day}, pk=pk
    )
    return next(iter(_find(rows, day)), None)


def find_followed(unit_ids: Sequence[int], day: date, *lists: str) -> list[Followed]:
    """Return who of the units stands on the lists on the day: by unit, as they are given, and in
    each missed checks first.

    Two queries, and five more where anybody is released.
    """
    place = {pk: number for number, pk in enumerate(unit_ids)}
    found = _find(_steps(unit_ids, day, *lists), day)
    return sorted(found, key=lambda one: (place[one.unit_id], _order(one)))


def count_said_back(unit_ids: Iterable[int], day: date) -> int:
    """Return how many of the units are released and report well and on site since."""
    steps = _steps(unit_ids, day, RELEASED).select_related("follow_up").annotate(unit_id=F(_UNIT))
    rows = list(steps)
    units = {row.follow_up_id: getattr(row, "unit_id", 0) for row in rows}
    return len(back_on_site.find_said(rows, units, day))


def _find(steps: QuerySet[Step], day: date) -> list[Followed]:
    first = (
        Step.objects.filter(follow_up=OuterRef("follow_up"), state=State.QUARANTINED)
        .values("follow_up")
        .annotate(day=Min("since"))
        .values("day")
    )
    rows = list(steps.select_related(_PERSON).annotate(unit_id=F(_UNIT), ordered=Subquery(first)))
    done = _done(row.follow_up_id for row in rows)
    units = {row.follow_up_id: getattr(row, "unit_id", 0) for row in rows}
    said = back_on_site.find_said(rows, units, day)
    return [_followed(row, done, said, day) for row in rows]


def _done(follow_up_ids: Iterable[int]) -> dict[int, Tally[date]]:
    """Return how many checks there were by follow-up and day."""
    found: dict[int, Tally[date]] = defaultdict(Tally)
    rows = Check.objects.filter(follow_up_id__in=set(follow_up_ids))
    for pk, day in rows.values_list("follow_up_id", "day"):
        found[pk][day] += 1
    return found


def _followed(
    row: Step, done: Mapping[int, Mapping[date, int]], said: Mapping[int, date], day: date
) -> Followed:
    quarantine = following.quarantine_of(row)
    ordered: date | None = getattr(row, "ordered", None)
    return Followed(
        pk=row.follow_up_id,
        step=row.pk,
        person=row.follow_up.person,
        unit_id=getattr(row, "unit_id", 0),
        state=State(row.state),
        since=row.since,
        starts=row.starts,
        ends=row.ends,
        place=row.place,
        number=quarantine.number(day) if quarantine else None,
        days=quarantine.days if quarantine else None,
        missed=quarantine.missed(done.get(row.follow_up_id, {}), ordered or row.since, day)
        if quarantine
        else (),
        is_over=quarantine is not None and quarantine.is_over(day),
        said_back=said.get(row.follow_up_id),
        steps=row.number,
    )


_ORDER = list(State)


def _order(one: Followed) -> tuple[int, bool, bool, int, date, str, int]:
    """Put missed checks first, then who waits for a release or to be recorded as back, then who
    waits for a decision."""
    return (
        -len(one.missed), not one.is_over, one.said_back is None, _ORDER.index(one.state),
        one.since, one.person.sort_name, one.pk,
    )  # fmt: skip


@transaction.atomic
def name(viewer: Viewer, now: datetime, found: Sequence[Followed]) -> Sequence[Followed]:
    """Return a page of a list, and record that the viewer looked at each person on it."""
    _note_look(viewer, now, Look.Door.LIST, {one.person.pk: one.unit_id for one in found})
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """One follow-up with all that is known of it, as of the day of its unit."""

    follow_up: FollowUp
    concerned: Concerned
    now: Followed
    steps: tuple[Step, ...]
    is_own: bool
    may_act: bool


@transaction.atomic
def read(viewer: Viewer, now: datetime, pk: int) -> Whole:
    """Return a follow-up to the person, or to who may read of the unit, whose look is recorded.

    Only a safety officer of the unit itself may act.

    Raises FollowUp.DoesNotExist, and PermissionDenied for everybody else.
    """
    follow_up = FollowUp.objects.select_related("person").get(pk=pk)
    concerned = following.get_concerned(follow_up, now)
    is_own = follow_up.person_id == viewer.person_id
    is_officer = concerned is not None and is_officer_of(viewer, concerned.version)
    if concerned is None or not (is_own or _may_read(viewer, concerned)):
        raise PermissionDenied(access.refusal())
    seen = {follow_up.person_id: concerned.version.unit_id}
    _note_look(viewer, now, Look.Door.FOLLOW_UP, seen)
    steps = tuple(follow_up.steps.select_related("by__person").order_by("number"))
    return Whole(
        follow_up=follow_up,
        concerned=concerned,
        now=_of_one(steps, concerned),
        steps=steps,
        is_own=is_own,
        may_act=is_officer and not is_own,
    )


def _of_one(steps: Sequence[Step], concerned: Concerned) -> Followed:
    last, day = steps[-1], concerned.day
    orders = [step.since for step in steps if step.state == State.QUARANTINED]
    last.ordered = min(orders, default=None)  # type: ignore[attr-defined]
    units = {last.follow_up_id: concerned.version.unit_id}
    said = back_on_site.find_said([last], units, day)
    return _followed(last, _done([last.follow_up_id]), said, day)


def is_officer_of(viewer: Viewer, version: UnitVersion) -> bool:
    """Tell whether the viewer is a safety officer of the unit itself, and not of one above it."""
    return str(version.unit_id) in viewer.roots(Capability.SEE_HEALTH)


def find_own(viewer: Viewer) -> FollowUp | None:
    """Return the viewer's own latest follow-up."""
    return FollowUp.objects.filter(person_id=viewer.person_id or 0).order_by("-pk").first()


def find_readable(viewer: Viewer, unit_ids: Iterable[int], day: date) -> set[int]:
    """Return the units of the day whose follow-ups the viewer may read: as the daily reports."""
    form = Form.objects.filter(code=noticing.FORM).first()
    return readers.find_readable(viewer, form, unit_ids, day) if form else set()


def _may_read(viewer: Viewer, concerned: Concerned) -> bool:
    return bool(find_readable(viewer, [concerned.version.unit_id], concerned.day))


def _note_look(viewer: Viewer, now: datetime, door: Look.Door, units: Mapping[int, int]) -> None:
    """Record a look at people, given with their units."""
    if units:
        looks.record(
            viewer=viewer, now=now, form=Form.objects.get(code=noticing.FORM), door=door,
            person_ids=units, unit_ids=units.values(),
        )  # fmt: skip
