"""Who was hurt: recorded apart from what counts, seen by few, erased in time.

The ledger says that an injury was recorded or looked at, and never whose or what it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from taishan.core import injury_rates
from taishan.kit.actor import Actor
from taishan.ledger import actions as ledger
from taishan.organisation.access import Viewer
from taishan.safety import incident_queries, incidents, lost_days
from taishan.safety.incident_models import Incident, InjuredPerson, Injury
from taishan.safety.incidents import IncidentRefused

LONGEST_AWAY = 36_500
"""Days somebody can have lost: a hundred years."""
YEARS_KEPT = 5
"""Full calendar years after that of the incident, as 29 CFR 1904.33 asks for its forms."""
MOST_DAYS = 180
"""More days of one case are not counted: 29 CFR 1904.7(b)(3)(vii)."""
LAST_ON_EARTH = timedelta(hours=12)
"""By how much the last clock is behind Greenwich."""
Outcome = Injury.Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """What became of somebody hurt, without who it is. ``charged_days``: besides those of the parts
    that are said of the person.
    """

    outcome: str
    ailment: str
    days_away: int = 0
    days_restricted: int = 0
    charged_days: int = 0
    is_privacy_case: bool = False


@transaction.atomic
def record_injury(
    *, actor: Actor, now: datetime, incident: Incident, number: int | None, course: Course,
    person: Mapping[str, Any], seen: int | None = None,
) -> Injury:  # fmt: skip
    """Record one person hurt (``number`` None), or what has become of one; the days count at once.

    ``person`` holds the fields of InjuredPerson; empty for one whose details were erased. Raises
    IncidentRefused, also where others recorded something after what was ``seen`` (``count_known``).
    """
    found = incidents.get_locked(incident, even_closed=True)
    if seen not in (None, count_known(found, number)):
        raise IncidentRefused(
            _("Somebody has recorded something here meanwhile: look at what stands now.")
        )
    _refuse(found, number, course)
    course = replace(course, charged_days=_charge(course, person.get("charged_for", ())))
    known = count_known(found, None)
    number = number or known + 1
    if number > known + 1:
        raise IncidentRefused(_("There is no such case."))
    row = Injury.objects.create(
        **asdict(course), incident=found, number=number, by_id=actor.account_id, at=now,
        revision=count_known(found, number) + 1,
    )  # fmt: skip
    if person:
        InjuredPerson.objects.update_or_create(
            incident=found, number=number, defaults={"charged_for": [], **person}
        )
    incidents.recount(found)
    incidents.record(
        actor, now, found, verb="incident.injury_recorded", case=number, revision=row.revision,
        **incidents.find_closing(found),
    )  # fmt: skip
    return row


def count_known(incident: Incident, number: int | None) -> int:
    """Return how many revisions a case has, or without a ``number`` how many cases there are."""
    if number is not None:
        return incident.injuries.filter(number=number).count()
    return incident.injuries.aggregate(last=Max("number"))["last"] or 0


def _charge(course: Course, charged_for: Iterable[str]) -> int:
    try:
        return injury_rates.charge(lost_days.find_days(charged_for), course.charged_days)
    except KeyError:
        raise IncidentRefused(_("The tables of lost days have no such part.")) from None


def find_besides(charged_days: int, charged_for: Iterable[str]) -> int:
    """Return what a case is charged with besides its parts."""
    return max(0, charged_days - sum(lost_days.find_days(charged_for)))


def _refuse(incident: Incident, number: int | None, course: Course) -> None:
    if max(course.days_away, course.days_restricted) > LONGEST_AWAY:
        raise IncidentRefused(_("Days lost are %d at most.") % LONGEST_AWAY)
    if course.outcome == Outcome.AWAY and not course.days_away:
        raise IncidentRefused(_("Days away from work are one at least."))
    if course.outcome == Outcome.RESTRICTED and (course.days_away or not course.days_restricted):
        raise IncidentRefused(
            _("Restricted work has its days, and none away: with those it is days away.")
        )
    if course.outcome in {Outcome.OTHER, Outcome.FIRST_AID} and (
        course.days_away or course.days_restricted
    ):
        raise IncidentRefused(_("Whoever was back at work has lost no days."))
    last = incident.injuries.order_by("number", "-revision").distinct("number")
    is_dead = [one.outcome == Outcome.DEATH for one in last if one.number != number]
    if course.outcome == Outcome.DEATH and sum(is_dead) >= incident.deaths:
        raise IncidentRefused(_("The incident has fewer dead: put its numbers right first."))
    # Who died, or lives after all, may be recorded before or after the numbers say so.
    if len(is_dead) >= incident.deaths + incident.serious + incident.light:
        raise IncidentRefused(_("The incident has fewer hurt: put its numbers right first."))
    if incident.is_light and course.outcome != Outcome.FIRST_AID:
        raise IncidentRefused(_("More than first aid is an injury: put right first what it is."))


@transaction.atomic
def record_look(*, viewer: Viewer, now: datetime, incident: Incident | None, unit_id: int) -> None:
    """Keep that the viewer looked at who was hurt."""
    ledger.record(
        actor=viewer.actor, now=now, verb="injured.looked_at", unit_id=unit_id,
        subject=("incident", str(incident.pk)) if incident else ("unit", str(unit_id)), data={},
    )  # fmt: skip


def find_until(today: date) -> date:
    """Return the day before which incidents have lost who was hurt: always a first of January."""
    return date(today.year - YEARS_KEPT, 1, 1)


@transaction.atomic
def erase(*, actor: Actor, now: datetime) -> int:
    """Erase who was hurt in incidents that are past their years; return how many people.

    A year is the unit's own, and over when it is so everywhere.

    What became of them stays, under their number, so that no rate changes.
    """
    until = find_until((now - LAST_ON_EARTH).date())
    past = incident_queries.on_days(Incident.objects.all(), None, until - timedelta(days=1))
    erased, _models = InjuredPerson.objects.filter(incident__in=past).delete()
    if erased:
        ledger.record(
            actor=actor, now=now, verb="injured.erased", subject=("group", ""), unit_id=None,
            data={"until": str(until), "people": erased},
        )  # fmt: skip
    return erased
