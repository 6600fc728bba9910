"""Reporting an incident, putting its numbers right, and proving who was told of it.

What is told within the group says what happened in numbers and never in words: words may name
somebody.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from taishan.communications import actions as communications
from taishan.communications.actions import Words
from taishan.communications.channel_models import News
from taishan.core import incidents as core
from taishan.core.incidents import Facts, Numbers, Starts
from taishan.duties import actions as duties
from taishan.duties.actions import Owed
from taishan.duties.queries import find_of_subject as owed_of
from taishan.kit import search_words
from taishan.kit.actor import Actor
from taishan.kit.attachments import Attachment
from taishan.ledger import actions as ledger
from taishan.organisation import queries as organisation
from taishan.organisation.models import UnitVersion
from taishan.safety import incident_library as library
from taishan.safety import incident_queries, incident_sums, incident_words
from taishan.safety.incident_models import (
    Incident,
    IncidentPhoto,
    Injury,
    Revision,
    Stage,
    Telling,
    TellingFile,
    TellingProof,
    TellingWaiver,
)

TELLING = "telling"
TITLE = 120
"""The most that a notice has in its title; its text says all of it."""
EARLIEST = timedelta(days=366 * 5)
"""How long ago an incident may have been that is reported now; older ones come in by import."""


class IncidentRefused(ValueError):
    """The act cannot be; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class What:
    """What somebody saw."""

    kind: str
    what: str
    occurred_at: datetime
    place: str = ""
    first_measures: str = ""
    is_road_traffic: bool = False


@transaction.atomic
def report(
    *,
    actor: Actor,
    now: datetime,
    version: UnitVersion,
    what: What,
    numbers: Numbers,
    photos: Sequence[Attachment] = (),
    key: UUID | None = None,
) -> Incident:
    """Record an incident, start its clocks, and tell those who lead up the line, at once.

    What comes again under the same ``key`` is the same incident. Raises IncidentRefused without
    what happened, or for an instant that cannot be.
    """
    incident_sums.lock(version.unit_id)
    if known := key and Incident.objects.filter(key=key).first():
        return known
    _refuse_report(now, what, numbers)
    then = organisation.get_last_version(version.unit_id, what.occurred_at)
    incident = Incident.objects.create(
        **asdict(what), **asdict(numbers), unit_id=version.unit_id, known_at=now, key=key,
        country=incident_queries.get_country(then), by_id=actor.account_id,
        words=search_words.split(f"{what.what} {what.place}"),
    )  # fmt: skip
    for photo in photos:
        IncidentPhoto.keep(photo, incident=incident)
    _revise(actor, now, incident, 1, "")
    record(
        actor, now, incident, verb="incident.reported", kind=incident.kind, photos=len(photos),
        **_moved(numbers),
    )  # fmt: skip
    _start(actor, now, incident, 1, before=None)
    _tell(actor, now, incident, 1)
    return incident


def _refuse_report(now: datetime, what: What, numbers: Numbers) -> None:
    if not what.what.strip():
        raise IncidentRefused(_("Say what happened."))
    if not now - EARLIEST < what.occurred_at <= now:
        raise IncidentRefused(_("It happened before now, and within the last five years."))
    _refuse_contradiction(what.kind, numbers)


def _refuse_contradiction(kind: str, numbers: Numbers) -> None:
    hurt = numbers.serious + numbers.light
    if kind == core.Kind.NEAR_MISS and (any(numbers.people) or numbers.loss_yuan):
        raise IncidentRefused(_("A near miss harms nobody: choose what it was."))
    if kind == core.Kind.FATALITY and not numbers.deaths:
        raise IncidentRefused(_("A fatality has at least one dead."))
    for value in (numbers.hospitalised, numbers.amputations, numbers.eyes_lost):
        if value > hurt + numbers.deaths:
            raise IncidentRefused(
                _("Those in hospital, with a limb or an eye lost are among the hurt or dead.")
            )


def _moved(numbers: Numbers) -> dict[str, int]:
    """Return the numbers that are not nothing, for the ledger."""
    return {name: value for name, value in asdict(numbers).items() if value}


def record(actor: Actor, now: datetime, incident: Incident, *, verb: str, **data: Any) -> None:
    """Enter in the ledger what was done about an incident."""
    ledger.record(
        actor=actor, now=now, verb=verb, subject=("incident", str(incident.pk)),
        unit_id=incident.unit_id, data=data,
    )  # fmt: skip


def _revise(actor: Actor, now: datetime, incident: Incident, number: int, note: str) -> None:
    """Add the numbers as a row, and have the incident and its month amount to them."""
    grade = incident_queries.find_grading(incident).grade
    incident.grade = grade.value if grade else ""
    incident.save(update_fields=[*core.MEASURES, "kind", "is_road_traffic", "grade"])
    Revision.objects.create(
        **asdict(incident.numbers), incident=incident, number=number, kind=incident.kind,
        is_road_traffic=incident.is_road_traffic, grade=incident.grade, note=note.strip(),
        by_id=actor.account_id, at=now,
    )  # fmt: skip
    recount(incident)


def recount(incident: Incident) -> None:
    """Count the month of an incident anew."""
    incident_sums.lock(incident.unit_id)
    incident_sums.count_around([incident.pk])


def get_locked(incident: Incident, *, even_closed: bool = False) -> Incident:
    """Return an incident so that other acts on it wait. Raises IncidentRefused once it is closed.

    What was found then stays. How many are dead and what has become of the hurt goes on and is
    recorded ``even_closed``: numbers are followed up for 30 days (State Council Order 493, article
    13), and logs kept up to date for five years (29 CFR 1904.33(b)(1)).
    """
    found = Incident.objects.select_for_update().get(pk=incident.pk)
    if found.stage == Stage.CLOSED and not even_closed:
        raise IncidentRefused(_("This incident has been closed."))
    return found


@transaction.atomic
def revise(
    *, actor: Actor, now: datetime, incident: Incident, numbers: Numbers, note: str, kind: str = "",
    is_road_traffic: bool | None = None, seen: int | None = None,
) -> Revision:  # fmt: skip
    """Say what the numbers are now, what ``kind`` it is if another, and whether it is of the road
    (None: as was said), with what has changed; of a closed one too. Raises IncidentRefused, also
    where others came after the revision ``seen``.

    Clocks that the new numbers start begin to run, and those up the line are told. What a unit has
    closed alone, and is light no longer, is looked into after all.
    """
    found = get_locked(incident, even_closed=True)
    was_closed_alone = found.stage == Stage.CLOSED and found.is_light
    before = incident_queries.get_facts(found, known_at=found.known_at)
    last = found.revisions.count()
    if seen not in (None, last):
        raise IncidentRefused(
            _("Somebody has put the numbers right meanwhile: look at those that stand now.")
        )
    found.kind = kind or found.kind
    if is_road_traffic is not None:
        found.is_road_traffic = is_road_traffic
    for name, value in asdict(numbers).items():
        setattr(found, name, value)
    if incident_queries.get_facts(found, known_at=found.known_at) == before:
        raise IncidentRefused(_("These are the numbers that stand already."))
    if not note.strip():
        raise IncidentRefused(_("Say why the numbers change."))
    _refuse_contradiction(found.kind, numbers)
    _refuse_against_cases(found)
    _revise(actor, now, found, last + 1, note)
    record(
        actor, now, found, verb="incident.numbers_revised", revision=last + 1, kind=found.kind,
        is_road_traffic=found.is_road_traffic, **find_closing(found), **_moved(numbers),
    )  # fmt: skip
    _start(actor, now, found, last + 1, before=before)
    _tell(actor, now, found, last + 1)
    if was_closed_alone and not found.is_light:
        found.stage = Stage.INVESTIGATED if found.investigators.exists() else Stage.REPORTED
        found.save(update_fields=["stage"])
        record(actor, now, found, verb="incident.reopened")
    return found.revisions.get(number=last + 1)


def _refuse_against_cases(incident: Incident) -> None:
    """Raise IncidentRefused for fewer, or less, than is recorded one by one.

    One recorded as living may be among the dead meanwhile: that is recorded after the numbers.
    """
    cases = incident_sums.find_last_injuries([incident.pk])
    dead = sum(one.outcome == Injury.Outcome.DEATH for one in cases)
    if incident.deaths < dead or incident.deaths + incident.serious + incident.light < len(cases):
        raise IncidentRefused(
            _("More are recorded as hurt or dead: put right first what became of them.")
        )
    if incident.is_light and any(one.outcome != Injury.Outcome.FIRST_AID for one in cases):
        raise IncidentRefused(
            _("Somebody is recorded with more than first aid: put right first what became of them.")
        )


def find_closing(incident: Incident) -> dict[str, bool]:
    """Return for the ledger that something changed after the incident was closed."""
    return {"after_closing": True} if incident.stage == Stage.CLOSED else {}


def _start(
    actor: Actor, now: datetime, incident: Incident, revision: int, before: Facts | None
) -> None:
    after = incident_queries.get_facts(incident, known_at=now)
    started = library.find_started(before, after)
    rows = Telling.objects.bulk_create(
        Telling(
            incident=incident, revision=revision, code=one.clock.code, began_at=now,
            due_at=one.due_at,
        )
        for one in started
    )  # fmt: skip
    duties.assign(actor=actor, now=now, owed=[_owed(row, now) for row in rows])


def _owed(telling: Telling, now: datetime) -> Owed:
    entry, incident = library.find_clocks()[telling.code], telling.incident
    return Owed(
        unit_id=incident.unit_id, creditor_id=incident_queries.find_above(incident.unit_id, now),
        # What counts from the accident may have run down before anybody knew of it.
        kind=TELLING, subject=subject(telling), due_at=max(telling.due_at, now),
        what_en=f"Tell of incident {incident.pk}: {entry.whom.en}"[:300],
        what_zh=f"事故{incident.pk}报告：{entry.whom.zh}"[:300],
        address=reverse("incidents:incident", args=[incident.pk]),
    )  # fmt: skip


def subject(telling: Telling) -> tuple[str, str]:
    """Return what the duty of a telling is about."""
    return TELLING, f"{telling.incident_id}:{telling.pk}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Who was told when, by what; ``receipt``: the number they gave."""

    whom: str
    how: str
    told_at: datetime
    receipt: str = ""


@transaction.atomic
def prove(
    *, actor: Actor, now: datetime, telling: Telling, told: Told, file: Attachment | None = None
) -> TellingProof:
    """Record that an authority was told; the duty is done as of then. Raises IncidentRefused."""
    given = replace(told, whom=told.whom.strip(), how=told.how.strip())
    if not given.whom or not given.how:
        raise IncidentRefused(_("Say who was told, and by what."))
    if not given.receipt.strip() and file is None:
        raise IncidentRefused(_("Give the number of the receipt, or the receipt as a file."))
    incident = get_locked(telling.incident, even_closed=True)
    if not incident.occurred_at <= given.told_at <= now:
        raise IncidentRefused(_("It was told after it happened, and before now."))
    if (since := _find_change(telling)) and given.told_at < since:
        raise IncidentRefused(_("It was told after the numbers changed, not before."))
    if hasattr(telling, "waiver"):
        raise IncidentRefused(_("Nobody is to be told of this any longer."))
    try:
        with transaction.atomic():
            proof = TellingProof.objects.create(
                **asdict(given), telling=telling, by_id=actor.account_id, recorded_at=now
            )
    except IntegrityError:
        raise IncidentRefused(_("This telling has its proof already.")) from None
    kept = {"file": TellingFile.keep(file, proof=proof).about()} if file else {}
    record(actor, now, telling.incident, verb="incident.told", clock=telling.code, **kept)
    duties.discharge_subject(
        actor=actor, now=now, kind=TELLING, subject=subject(telling), done_at=given.told_at
    )
    return proof


def _find_change(telling: Telling) -> datetime | None:
    """Return from which minute on what is to be told anew was known; None of what is told for the
    first time, which may have been told before anybody wrote it down.
    """
    starts = library.find_clocks()[telling.code].starts
    if starts is Starts.FACTS or telling.revision == 1:
        return None
    known_at = telling.incident.revisions.get(number=telling.revision - 1).at
    # When somebody was told is said in minutes.
    return known_at.replace(second=0, microsecond=0)


@transaction.atomic
def waive(*, actor: Actor, now: datetime, telling: Telling, reason: str) -> TellingWaiver:
    """Record that nobody is to be told of it any longer, such as of a false alarm; its duty is no
    longer asked for. Raises IncidentRefused.
    """
    incident = get_locked(telling.incident, even_closed=True)
    if not reason.strip():
        raise IncidentRefused(_("Say why nobody is to be told any longer."))
    if not incident_queries.find_open_tellings(incident).filter(pk=telling.pk).exists():
        raise IncidentRefused(_("This telling has ended already."))
    row = TellingWaiver.objects.create(
        telling=telling, reason=reason.strip(), by_id=actor.account_id, at=now
    )
    record(actor, now, incident, verb="incident.telling_waived", clock=telling.code)
    owed = owed_of(*subject(telling)).filter(kind=TELLING, ended=None)
    duties.waive_many(actor=actor, now=now, duties=owed, reason=row.reason)
    return row


def _tell(actor: Actor, now: datetime, incident: Incident, revision: int) -> None:
    """Tell those who lead the unit and, unless it is light, those above it up to the top."""
    people = incident_queries.find_told(incident, now)
    if actor.person_id:
        people.discard(actor.person_id)
    if not people:
        return
    said = {}
    for language in ("en", "zh-hans"):
        with translation.override(language):
            said[language] = incident_words.headline(incident)
    titles = {language: headline[:TITLE] for language, headline in said.items()}
    communications.send(
        actor=actor, now=now, unit_id=incident.unit_id, person_ids=people,
        words=Words(
            title_en=titles["en"], title_zh=titles["zh-hans"], text_en=said["en"],
            text_zh=said["zh-hans"],
        ),
        about=("incident", f"{incident.pk}:{revision}"), news=News.URGENT,
        address=reverse("incidents:incident", args=[incident.pk]),
    )  # fmt: skip
