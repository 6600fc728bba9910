"""Looking into an incident by people of another line, until it is closed and others have learnt."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from django.utils.translation import gettext as _

from taishan.communications import actions as communications
from taishan.communications.actions import Words
from taishan.core import accountability
from taishan.core import incidents as core
from taishan.core.accountability import Bar, Parties
from taishan.core.incidents import Inquiry
from taishan.duties import actions as duties
from taishan.duties.actions import Owed
from taishan.kit.actor import Actor
from taishan.organisation import access, history
from taishan.organisation import queries as organisation
from taishan.organisation.access import Capability
from taishan.organisation.models import Person, Post, Role, RoleGrant, UnitVersion
from taishan.safety import incident_queries, incident_words, incidents
from taishan.safety.incident_models import Incident, Stage
from taishan.safety.incidents import IncidentRefused
from taishan.safety.investigation_models import (
    Barrier,
    Closing,
    ConditionAnswer,
    IncidentMeasure,
    Investigator,
    Lesson,
    Moment,
    Why,
)

MEASURE = "incident_measure"
LONGEST_CHAIN = 7


def find_bars(incident: Incident, person_id: int, now: datetime) -> list[Bar]:
    """Return why somebody may not look into an incident, none where they may.

    Nobody of the unit or of those below it does, by whatever they hold there, nor anybody who
    directs it.
    """
    line = organisation.get_line(incident.unit_id, now)
    on = history.day_of(incident.unit_id, now)
    roles = RoleGrant.objects.filter(person_id=person_id, valid__contains=on)
    directs = roles.filter(role__in=access.roles_with(Capability.DIRECT))
    homes = organisation.find_last_versions(organisation.find_held(person_id, on), now)
    return accountability.find_bars(
        Parties(debtors=frozenset(), debtor_line=line, creditor_line=()), person_id,
        works_in=[int(step) for home in homes.values() for step in home.path.split(".")],
        directs=set(directs.values_list("unit_id", flat=True)),
    )  # fmt: skip


@transaction.atomic
def appoint(
    *, actor: Actor, now: datetime, incident: Incident, staff_no: str, leads: bool
) -> Investigator:
    """Have somebody look into an incident. Raises IncidentRefused for whoever stands too near, and
    for who inspects: they write nothing.
    """
    found = incidents.get_locked(incident)
    person = Person.objects.filter(staff_no=staff_no.strip()).first()
    if person is None:
        raise IncidentRefused(_("Nobody has the staff number %s.") % staff_no)
    for bar in find_bars(found, person.pk, now):
        raise IncidentRefused(str(incident_words.BARS[bar]) % {"who": person.name})
    inspects = RoleGrant.objects.filter(person=person, role=Role.INSPECTOR)
    if inspects.filter(valid__contains=history.day_of(found.unit_id, now)).exists():
        raise IncidentRefused(_("%s inspects, and so writes nothing.") % person.name)
    if found.investigators.filter(person=person).exists():
        raise IncidentRefused(_("%s is of the team already.") % person.name)
    if leads and found.investigators.filter(leads=True).exists():
        raise IncidentRefused(_("The team has somebody who leads it."))
    row = Investigator.objects.create(
        incident=found, person=person, leads=leads, by_id=actor.account_id, at=now
    )
    found.stage = Stage.INVESTIGATED
    found.save(update_fields=["stage"])
    incidents.record(actor, now, found, verb="incident.investigator_appointed", leads=leads)
    _tell_appointed(actor, now, row)
    return row


def _tell_appointed(actor: Actor, now: datetime, row: Investigator) -> None:
    communications.send(
        actor=actor, now=now, unit_id=row.incident.unit_id, person_ids=[row.person_id],
        words=Words(
            title_en=f"You are to look into incident {row.incident_id}",
            title_zh=f"您被指定参加事故{row.incident_id}的调查",
            text_en="Its page has what is known, and where you write what you find.",
            text_zh="事故页面列有已知情况，调查内容在该页填写。",
        ),
        about=("incident", f"{row.incident_id}:team"),
        address=reverse("incidents:incident", args=[row.incident_id]),
    )  # fmt: skip


@transaction.atomic
def add_moment(
    *, actor: Actor, now: datetime, incident: Incident, happened_at: datetime, text: str
) -> Moment:
    """Add a point to what happened. Raises IncidentRefused for one that is yet to come."""
    found = incidents.get_locked(incident)
    if happened_at > now:
        raise IncidentRefused(_("What happened, happened before now."))
    row = Moment.objects.create(
        incident=found, happened_at=happened_at, text=_said(text), by_id=actor.account_id, at=now
    )
    incidents.record(actor, now, found, verb="incident.moment_added", moment=row.pk)
    return row


def _said(text: str) -> str:
    if not text.strip():
        raise IncidentRefused(_("Say it in words."))
    return text.strip()


@transaction.atomic
def ask_why(
    *, actor: Actor, now: datetime, incident: Incident, chain: int | None, text: str, is_root: bool
) -> Why:
    """Answer why: the next step of a chain, or the first of a new one. Raises IncidentRefused.

    A chain ends with its root cause, which comes after one step of asking at least.
    """
    found = incidents.get_locked(incident)
    whys = found.whys.all()
    last_chain = whys.aggregate(last=Max("chain"))["last"] or 0
    number = chain or last_chain + 1
    steps = list(whys.filter(chain=number).order_by("step"))
    if chain and not steps:
        raise IncidentRefused(_("There is no such chain."))
    if steps and steps[-1].is_root:
        raise IncidentRefused(_("This chain has reached its root cause."))
    if is_root and not steps:
        raise IncidentRefused(_("Ask why once more: the first answer is not the root."))
    if len(steps) == LONGEST_CHAIN - 1 and not is_root:
        raise IncidentRefused(_("Seven steps are enough: name the root cause."))
    row = Why.objects.create(
        incident=found, chain=number, step=len(steps) + 1, text=_said(text), is_root=is_root,
        by_id=actor.account_id, at=now,
    )  # fmt: skip
    incidents.record(actor, now, found, verb="incident.cause_added", chain=number, step=row.step)
    return row


@transaction.atomic
def add_barrier(
    *, actor: Actor, now: datetime, incident: Incident, name: str, state: str, text: str
) -> Barrier:
    """Say of something that should have stopped it whether it did. Raises IncidentRefused."""
    found = incidents.get_locked(incident)
    row = Barrier.objects.create(
        incident=found, name=_said(name), state=state, text=text.strip(), by_id=actor.account_id,
        at=now,
    )  # fmt: skip
    incidents.record(actor, now, found, verb="incident.barrier_added", barrier=row.pk)
    return row


@transaction.atomic
def add_measure(
    *, actor: Actor, now: datetime, incident: Incident, unit_id: int, post_id: int | None,
    text: str, due_at: datetime,
) -> IncidentMeasure:  # fmt: skip
    """Have a unit or a post in it do something by an instant: a duty with evidence.

    Raises IncidentRefused.
    """
    found = incidents.get_locked(incident)
    if due_at <= now:
        raise IncidentRefused(_("Its hour has to be yet to come."))
    today = history.day_of(unit_id, now)
    posts = Post.objects.filter(pk=post_id or 0, unit_id=unit_id, valid__contains=today)
    if post_id is not None and not posts.exists():
        raise IncidentRefused(_("There is no such post in the unit today."))
    row = IncidentMeasure.objects.create(
        incident=found, unit_id=unit_id, post_id=post_id, text=_said(text), due_at=due_at,
        by_id=actor.account_id, at=now,
    )  # fmt: skip
    duties.assign(actor=actor, now=now, owed=[_owed(row, now)])
    incidents.record(actor, now, found, verb="incident.measure_added", measure=row.pk)
    return row


def _owed(measure: IncidentMeasure, now: datetime) -> Owed:
    incident = measure.incident
    return Owed(
        unit_id=measure.unit_id, post_id=measure.post_id,
        creditor_id=incident_queries.find_above(incident.unit_id, now), kind=MEASURE,
        subject=(MEASURE, str(measure.pk)), what_en=measure.text, what_zh=measure.text,
        due_at=measure.due_at,
        needs_evidence=True,
    )  # fmt: skip


@transaction.atomic
def answer(
    *, actor: Actor, now: datetime, incident: Incident, condition: str, text: str
) -> ConditionAnswer:
    """Say how one of the four conditions is met. Raises IncidentRefused."""
    found = incidents.get_locked(incident)
    row = ConditionAnswer.objects.create(
        incident=found, condition=condition, text=_said(text), by_id=actor.account_id, at=now
    )
    incidents.record(actor, now, found, verb="incident.condition_answered", condition=condition)
    return row


@transaction.atomic
def share(
    *, actor: Actor, now: datetime, incident: Incident, within: UnitVersion, kind_of_work: str,
    text: str,
) -> Lesson:  # fmt: skip
    """Tell the leaders of units with the same risk what to learn. Raises IncidentRefused.

    They are those of a subtree, of one kind of work if given.
    """
    found = incidents.get_locked(incident)
    today = history.day_of(within.unit_id, now)
    units = UnitVersion.objects.filter(path__descends_from=within.path, valid__contains=today)
    if kind_of_work:
        units = units.filter(kinds_of_work__contains=[kind_of_work])
    ids = set(units.values_list("unit_id", flat=True))
    people, unled = _leaders(ids, today)
    notice = communications.send(
        actor=actor, now=now, unit_id=within.unit_id, person_ids=people,
        words=Words(
            title_en=f"Learn from incident {found.pk}", title_zh=f"事故{found.pk}警示教育",
            text_en=_said(text), text_zh=_said(text),
        ),
        terms=communications.Terms(confirm_by=now + timedelta(days=7)),
    )  # fmt: skip
    row = Lesson.objects.create(
        incident=found, within_id=within.unit_id, kind_of_work=kind_of_work, text=text.strip(),
        notice_id=notice.pk, units=len(ids) - len(unled), unled=unled, by_id=actor.account_id,
        at=now,
    )  # fmt: skip
    incidents.record(
        actor, now, found, verb="incident.lesson_shared", lesson=row.pk, units=row.units,
        unled=len(unled),
    )  # fmt: skip
    return row


def _leaders(unit_ids: set[int], today: date) -> tuple[set[int], list[int]]:
    """Return who leads the units, and which of these nobody does. Raises IncidentRefused."""
    grants = RoleGrant.objects.filter(
        unit_id__in=unit_ids, role__in=[Role.UNIT_HEAD, Role.SAFETY_OFFICER], valid__contains=today
    ).values_list("person_id", "unit_id")
    if not grants:
        raise IncidentRefused(_("Nobody leads such a unit: choose a wider part of the group."))
    people, led = zip(*grants, strict=True)
    return set(people), sorted(unit_ids.difference(led))


def get_inquiry(incident: Incident) -> Inquiry:
    """Return how far an incident has been looked into."""
    answered = incident.answers.values_list("condition", flat=True)
    return Inquiry(
        is_light=incident.is_light,
        members=incident.investigators.count(), moments=incident.moments.count(),
        root_causes=incident.whys.filter(is_root=True).count(),
        measures=incident.measures.count(),
        open_measures=incident_queries.count_open_measures(incident),
        open_tellings=incident_queries.find_open_tellings(incident).count(),
        lessons=incident.lessons.count(),
        answered=frozenset(core.Condition(one) for one in answered),
    )  # fmt: skip


@transaction.atomic
def close(*, actor: Actor, now: datetime, incident: Incident, text: str) -> Closing:
    """Close an incident. Raises IncidentRefused over anything that the four conditions miss."""
    found = incidents.get_locked(incident)
    for lack in core.find_lacks(get_inquiry(found)):
        raise IncidentRefused(str(incident_words.LACKS[lack]))
    row = Closing.objects.create(incident=found, text=_said(text), by_id=actor.account_id, at=now)
    found.stage = Stage.CLOSED
    found.save(update_fields=["stage"])
    incidents.record(actor, now, found, verb="incident.closed")
    return row
