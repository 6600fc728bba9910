"""Incidents for tests, by the same actions as the pages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from taishan.core.incidents import Numbers
from taishan.duties import actions as duties
from taishan.duties import queries as owed
from taishan.kit import attachments
from taishan.organisation import history
from taishan.organisation.models import Account, Unit
from taishan.safety import incident_people, incidents, investigations
from taishan.safety.incident_models import Incident, Injury, Telling
from taishan.safety.incident_people import Course
from taishan.safety.incidents import Told, What
from tests import people
from tests.safety.building import PNG, viewer

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ACT: dict[str, Any] = {"actor": people.ACTOR, "now": people.NOW}
A_NAME, A_WOUND = "Person Hurt Badly", "crushed left hand"


def report(
    unit: str = "W1", *, now: datetime = people.NOW, ago: timedelta = HOUR, kind: str = "injury",
    by: Account | None = None, what: str = "Fell from the scaffold", photo: bool = False,
    is_road_traffic: bool = False, **numbers: int,
) -> Incident:  # fmt: skip
    return incidents.report(
        actor=viewer(by, now).actor if by else people.ACTOR, now=now,
        version=history.get_version(unit, now.date()), numbers=Numbers(**numbers),
        what=What(
            kind=kind, what=what, place="Hall 3", occurred_at=now - ago,
            is_road_traffic=is_road_traffic,
        ),
        photos=[attachments.inspect("seen.png", PNG)] if photo else [],
    )  # fmt: skip


def revise(
    incident: Incident, *, now: datetime = people.NOW, kind: str = "", **numbers: int
) -> None:
    incident.refresh_from_db()
    incidents.revise(
        actor=people.ACTOR, now=now, incident=incident, numbers=Numbers(**numbers), kind=kind,
        note="the hospital says so",
    )  # fmt: skip
    incident.refresh_from_db()


def prove(telling: Telling, now: datetime = people.NOW, **more: Any) -> None:
    given: dict[str, Any] = {
        "whom": "County department", "how": "telephone", "told_at": now, "receipt": "2020-77",
    } | more  # fmt: skip
    incidents.prove(actor=people.ACTOR, now=now, telling=telling, told=Told(**given))


def closed(incident: Incident) -> Incident:
    """Prove what is to be told, and close the incident."""
    for telling in incident.tellings.all():
        prove(telling)
    investigations.close(**ACT, incident=looked_into(incident), text="A rail nobody owned")
    incident.refresh_from_db()
    return incident


def hurt(
    incident: Incident, outcome: str = "away", *, number: int | None = None, days_away: int = 0,
    now: datetime = people.NOW, name: str = A_NAME, charged_for: Sequence[str] = (), **more: Any,
) -> Injury:  # fmt: skip
    days = days_away or (3 if outcome == "away" else 0)
    given: dict[str, Any] = {"ailment": "injury"} | more
    return incident_people.record_injury(
        actor=people.ACTOR, now=now, incident=incident, number=number,
        course=Course(outcome=outcome, days_away=days, **given),
        person={
            "name": name, "injury": A_WOUND, "job_title": "Welder", "charged_for": list(charged_for)
        },
    )  # fmt: skip


def looked_into(incident: Incident) -> Incident:
    """Let somebody of another line look into it: cause, measure done, lesson, four answers."""
    given: dict[str, Any] = ACT | {"incident": incident}
    investigations.appoint(**given, staff_no="D6", leads=True)
    investigations.add_moment(**given, happened_at=people.NOW - HOUR, text="The rail gave way")
    investigations.ask_why(**given, chain=None, text="The rail was loose", is_root=False)
    investigations.ask_why(**given, chain=1, text="Nobody owned its check", is_root=True)
    measure = investigations.add_measure(
        **given, unit_id=Unit.objects.get(code="W1").pk, post_id=None, text="Name who checks rails",
        due_at=people.NOW + DAY,
    )  # fmt: skip
    duty = owed.find_of_subject(investigations.MEASURE, measure.pk).get()
    duties.discharge(**ACT, duty=duty, evidence="list on the wall")
    investigations.share(
        **given, within=history.get_version("HQ", people.FOUNDED), kind_of_work="",
        text="Look at your rails",
    )  # fmt: skip
    for condition in ("cause", "answered_for", "measures", "taught"):
        investigations.answer(**given, condition=condition, text="seen on site")
    return incident


def complete() -> dict[str, int]:
    """An incident of W1 with a photo, a proven telling with its file, and somebody hurt."""
    incident = report(photo=True, serious=1)
    telling = incident.tellings.order_by("due_at", "pk").first()
    assert telling is not None
    incidents.prove(
        **ACT, telling=telling, told=Told(whom="County", how="telephone", told_at=people.NOW),
        file=attachments.inspect("receipt.png", PNG),
    )  # fmt: skip
    hurt(incident)
    photo = incident.photos.get()
    return {"incident": incident.pk, "incident_photo": photo.pk, "telling": telling.pk}
