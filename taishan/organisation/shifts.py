"""Who works which shift: people are put on it and taken off it, and counted by unit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.db.models import BooleanField, Count, Exists, F, Func, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from psycopg.types.range import DateRange

from taishan.kit import arrays
from taishan.kit.actor import Actor
from taishan.ledger import actions as ledger
from taishan.organisation import history, staffing, whereabouts
from taishan.organisation.headcounts import Changes
from taishan.organisation.history import OrganisationRefused
from taishan.organisation.models import Membership, Person, Shift, ShiftWorker

ONE_DAY = timedelta(days=1)

# least() and greatest() leave out an end that is open.
_SPANS = """
SELECT m.unit_id, w.shift_id, w.person_id,
  greatest(lower(w.valid), lower(m.valid), %(since)s) AS starts,
  least(upper(w.valid), upper(m.valid), %(until)s) AS ends
FROM organisation_shiftworker w
JOIN organisation_membership m ON m.person_id = w.person_id AND m.valid && w.valid
WHERE w.shift_id = ANY(%(shifts)s::bigint[]) AND m.unit_id = ANY(%(units)s::bigint[])
  AND w.valid && daterange(%(since)s, %(until)s) AND m.valid && daterange(%(since)s, %(until)s)
"""
CHANGES = f"""
SELECT unit_id, shift_id, day, sum(change)
FROM ({_SPANS}) spans CROSS JOIN LATERAL (VALUES (starts, 1), (ends, -1)) AS moved (day, change)
WHERE starts < ends AND day < %(until)s
GROUP BY 1, 2, 3 HAVING sum(change) <> 0 ORDER BY 3
"""  # noqa: S608 - of nothing given
SPELLS = f"""
SELECT unit_id, person_id, shift_id, starts, ends FROM ({_SPANS}) spans WHERE starts < ends
"""  # noqa: S608
_BELOW = Func(
    F("unit__versions__path"), OuterRef("shift__unit_id"), arg_joiner=" ~ ('*.' || ",
    template="(%(expressions)s || '.*')::lquery)", output_field=BooleanField(),
)  # fmt: skip


class Spell(NamedTuple):
    """A person of a unit on a shift in ``starts <= day < ends``, cut to the days asked for."""

    unit_id: int
    person_id: int
    shift_id: int
    starts: date
    ends: date


def find_changes(
    unit_ids: Iterable[int], shift_ids: Iterable[int], since: date, until: date
) -> dict[tuple[int, int], Changes]:
    """Return by unit and shift how the number of a unit's people on it changes in
    ``since <= day < until``; the change on ``since`` is the number on that day. One query.
    """
    found: dict[tuple[int, int], Changes] = defaultdict(list)
    for unit_id, shift_id, day, number in _fetch(CHANGES, unit_ids, shift_ids, since, until):
        found[unit_id, shift_id].append((day, number))
    return dict(found)


def find_spells(
    unit_ids: Iterable[int], shift_ids: Iterable[int], since: date, until: date
) -> list[Spell]:
    """Return who of the units works one of the shifts in ``since <= day < until``. One query."""
    return [Spell(*row) for row in _fetch(SPELLS, unit_ids, shift_ids, since, until)]


def count_workers(shift_ids: Iterable[int | None], day: date) -> dict[int, int]:
    """Return how many work each shift on the day. One query, none for no shift."""
    ids = {shift_id for shift_id in shift_ids if shift_id is not None}
    if not ids:
        return {}
    rows = find_here(DateRange(day, day, "[]")).filter(shift_id__in=ids)
    return dict(rows.values_list("shift_id").annotate(number=Count("pk")))


def find_workers(shift: Shift, day: date) -> QuerySet[ShiftWorker]:
    """Return who works the shift on the day or will, by name."""
    rows = find_here(DateRange(day, None)).filter(shift=shift)
    return rows.select_related("person").order_by("person__sort_name", "person__staff_no", "valid")


def find_here(days: DateRange) -> QuerySet[ShiftWorker]:
    """Return the spells that count on some of the days: the person's unit is then the shift's own
    or below it."""
    spell = OuterRef("valid")
    memberships = Membership.objects.filter(
        _BELOW,  # and of the days, the spell, the membership and the version each overlaps each
        Q(valid__overlap=days, unit__versions__valid__overlap=days),
        Q(valid__overlap=spell, unit__versions__valid__overlap=spell),
        person=OuterRef("person"),
        unit__versions__valid__overlap=F("valid"),
    )
    return ShiftWorker.objects.filter(Exists(memberships), valid__overlap=days)


def _fetch(
    statement: str, unit_ids: Iterable[int], shift_ids: Iterable[int], since: date, until: date
) -> list[tuple[Any, ...]]:
    given: dict[str, Any] = {
        "units": arrays.literal(unit_ids),
        "shifts": arrays.literal(shift_ids),
        "since": since,
        "until": until,
    }
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        return list(cursor.fetchall())


@transaction.atomic
def put_on(
    *, actor: Actor, now: datetime, person: Person, shift: Shift, since: date,
    until: date | None = None,
) -> bool:  # fmt: skip
    """Let a person work a shift in ``since <= day < until``, in place of any other on these days.

    Return whether that was new. Raises OrganisationRefused for a day that is over, unless they were
    on the shift ever since, and for whoever then works neither in the shift's unit nor below it.
    """
    _lock(person.pk)  # two at once would both look first
    ends = _ends(person, shift, since)
    if until in ends:
        return False
    if until is not None and until <= since:
        raise OrganisationRefused(_("The last day is before the first."))
    today = history.day_of(shift.unit_id, now)
    if since < today and any(end is None or end >= today for end in ends):
        since = today
    _refuse_past(since if until is None else min(since, until - ONE_DAY), today)
    _refuse_elsewhere(person, shift, since)
    _make_room(person, shift, since, until)
    _record(actor, now, "shift.joined", person, shift, since=str(since), until=str(until or ""))
    return True


@transaction.atomic
def take_off(*, actor: Actor, now: datetime, spell: ShiftWorker, on: date) -> None:
    """End one spell of a person on a shift on a day; one that would begin later was never there.

    Raises OrganisationRefused for a day that is over, and for a spell that is over on the day.
    """
    _lock(spell.person_id)
    person, shift = spell.person, spell.shift
    _refuse_past(on, history.day_of(shift.unit_id, now))
    which = Q(pk=spell.pk, valid__overlap=DateRange(on, None))
    if not ShiftWorker.objects.filter(which).exists():
        raise OrganisationRefused(
            _("%(person)s is not on this shift on or after %(day)s.")
            % {"person": person.staff_no, "day": on}
        )
    staffing.end(ShiftWorker, which, on)
    _record(actor, now, "shift.left", person, shift, on=str(on))


@transaction.atomic
def rename(*, actor: Actor, now: datetime, shift: Shift, name: str) -> None:
    """Give a shift another name. Raises OrganisationRefused where another of the unit has it."""
    if name == shift.name:
        return
    if Shift.objects.filter(unit_id=shift.unit_id, name=name).exclude(pk=shift.pk).exists():
        raise OrganisationRefused(_("Another shift of the unit has this name."))
    Shift.objects.filter(pk=shift.pk).update(name=name)
    _record_of(actor, now, "shift.renamed", shift, name=name)


@transaction.atomic
def clear(*, actor: Actor, now: datetime, shift: Shift, on: date) -> None:
    """End everybody's work on a shift on a day. Raises OrganisationRefused for one that is over."""
    _refuse_past(on, history.day_of(shift.unit_id, now))
    ended = shift.workers.filter(valid__overlap=DateRange(on, None))
    _lock(*ended.values_list("person_id", flat=True))
    staffing.end(ShiftWorker, Q(shift=shift), on)
    _record_of(actor, now, "shift.cleared", shift, on=str(on))


def day_after(last: date | None) -> date | None:
    """Return where days end that have a last one; None for none, and for the end of time, as others
    write that there is none."""
    return last + ONE_DAY if last and last < date.max else None


def _lock(*person_ids: int) -> None:
    """Wait for others who put these people on a shift; by key, so that no two wait for each other.

    Not for those who only refer to them.
    """
    people = Person.objects.filter(pk__in=person_ids).order_by("pk")
    list(people.select_for_update(no_key=True).values_list("pk"))


def _ends(person: Person, shift: Shift, since: date) -> list[date | None]:
    """Return where the person's spells on the shift end that follow from the day without a gap."""
    ends: list[date | None] = []
    rows = shift.workers.filter(person=person, valid__overlap=DateRange(since, None))
    reached = since
    for valid in rows.order_by("valid").values_list("valid", flat=True):
        if valid.lower > reached:
            break
        reached = valid.upper
        ends.append(reached)
    return ends


def _refuse_elsewhere(person: Person, shift: Shift, day: date) -> None:
    [where] = whereabouts.find_people([(person.staff_no, day)])
    if str(shift.unit_id) not in where.path.split("."):
        raise OrganisationRefused(
            _("%(person)s does not work in the shift's unit or below it on %(day)s.")
            % {"person": person.staff_no, "day": day}
        )


def _refuse_past(day: date, today: date) -> None:
    if day < today:
        raise OrganisationRefused(
            _("%s at the earliest: what was asked for before stays as it was.") % today
        )


def _make_room(person: Person, shift: Shift, since: date, until: date | None) -> None:
    """Record the spell; of others that reach into its days, what lies before and behind stays.

    Of the same shift nothing stays behind: what is said now says how long.
    """
    starts = since
    overlapping = ShiftWorker.objects.filter(person=person, valid__overlap=DateRange(since, until))
    rows = [(row.shift_id, row.valid) for row in overlapping]
    overlapping.delete()
    kept = []
    for shift_id, valid in rows:
        if shift_id == shift.pk:
            starts = min(starts, valid.lower)
            continue
        if valid.lower < since:
            kept.append((shift_id, DateRange(valid.lower, since)))
        if until is not None and (valid.upper is None or valid.upper > until):
            kept.append((shift_id, DateRange(until, valid.upper)))
    ShiftWorker.objects.bulk_create(
        [
            ShiftWorker(person=person, shift_id=shift_id, valid=valid)
            for shift_id, valid in [*kept, (shift.pk, DateRange(starts, until))]
        ]
    )


def _record(
    actor: Actor, now: datetime, verb: str, person: Person, shift: Shift, **data: str
) -> None:
    ledger.record(
        actor=actor, now=now, verb=verb, subject=("person", str(person.pk)),
        unit_id=shift.unit_id, data=data | {"shift": shift.name},
    )  # fmt: skip


def _record_of(actor: Actor, now: datetime, verb: str, shift: Shift, **data: str) -> None:
    ledger.record(
        actor=actor, now=now, verb=verb, subject=("shift", str(shift.pk)), unit_id=shift.unit_id,
        data=data | {"shift": shift.name},
    )  # fmt: skip
