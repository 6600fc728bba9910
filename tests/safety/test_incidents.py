"""Incidents: reported, told of with proof, looked into by another line, closed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError
from django.test import Client

from taishan.communications.models import Delivery, Notice
from taishan.core.duties import State
from taishan.core.incidents import Numbers
from taishan.duties.models import Duty
from taishan.kit import attachments
from taishan.ledger.models import Entry
from taishan.organisation import actions as organisation
from taishan.organisation import history
from taishan.organisation.models import Account, Unit
from taishan.safety import incident_lists, incident_queries, incidents, investigations
from taishan.safety.incident_models import Incident
from taishan.safety.incidents import IncidentRefused, Told, What
from tests import people
from tests.people import NOW
from tests.safety import building as stops
from tests.safety import incident_building as building
from tests.safety.incident_building import ACT, DAY, HOUR, prove, report, revise

pytestmark = pytest.mark.django_db


def owed(incident: Incident) -> list[Duty]:
    rows = Duty.objects.filter(kind="telling", subject_id__startswith=f"{incident.pk}:")
    return list(rows.order_by("due_at", "id"))


def codes(incident: Incident) -> list[str]:
    return list(incident.tellings.order_by("pk").values_list("code", flat=True))


def told_staff(about: str) -> set[str]:
    rows = Delivery.objects.filter(notice__about_kind="incident", notice__about_id=about)
    return set(rows.values_list("person__staff_no", flat=True))


def test_a_report_starts_its_clocks_and_tells_those_who_lead_all_up_the_line(
    cast: dict[str, Account],
) -> None:
    incident = report("W2", kind="fatality", deaths=1)

    assert incident.grade == "ordinary"
    assert [(duty.due_at - NOW, duty.creditor.code) for duty in owed(incident)] == [
        (HOUR, "W1"), (30 * DAY - HOUR, "W1"),
    ]  # fmt: skip
    assert told_staff(f"{incident.pk}:1") == {"D1", "D2", "D3"}
    notice = Notice.objects.get(about_kind="incident")
    assert notice.title_en == "Fatality at Unit W2: 1 dead"
    assert "1人死亡" in notice.title_zh
    assert notice.news == "urgent"


def test_a_near_miss_starts_no_clock_and_tells_the_unit_alone(cast: dict[str, Account]) -> None:
    incident = report(kind="near_miss")

    assert owed(incident) == []
    assert told_staff(f"{incident.pk}:1") == {"D2", "D3"}


def test_what_was_typed_stands_in_no_notice_and_no_ledger(cast: dict[str, Account]) -> None:
    incident = report(what="Zhang San fell", serious=1)
    building.hurt(incident)

    said = [f"{one.title_en}{one.text_en}{one.title_zh}{one.text_zh}" for one in
            Notice.objects.all()]  # fmt: skip
    said += [str(one.data) for one in Entry.objects.all()]
    said += [f"{one.what_en}{one.what_zh}" for one in Duty.objects.all()]
    for private in ("Zhang San", building.A_NAME, building.A_WOUND):
        assert not any(private in text for text in said)


@pytest.mark.parametrize(
    ("given", "numbers", "why"),
    [
        ({"what": "  "}, {}, "Say what happened"),
        ({"occurred_at": NOW + HOUR}, {}, "before now"),
        ({"occurred_at": NOW - timedelta(days=366 * 5)}, {}, "last five years"),
        ({"kind": "near_miss"}, {"light": 1}, "near miss harms nobody"),
        ({"kind": "fatality"}, {"serious": 1}, "at least one dead"),
        ({}, {"hospitalised": 2, "serious": 1}, "among the hurt"),
    ],
)
def test_what_cannot_be_is_refused(
    cast: dict[str, Account], given: dict[str, object], numbers: dict[str, int], why: str
) -> None:
    what: dict[str, object] = {"kind": "injury", "what": "fell", "occurred_at": NOW - HOUR}
    with pytest.raises(IncidentRefused, match=why):
        incidents.report(
            **ACT, version=history.get_version("W1", people.FOUNDED), numbers=Numbers(**numbers),
            what=What(**(what | given)),  # type: ignore[arg-type]
        )  # fmt: skip


def test_numbers_are_revised_as_rows_the_grade_rises_and_the_change_is_to_be_told(
    cast: dict[str, Account],
) -> None:
    incident = report(deaths=2, serious=4)
    revise(incident, now=NOW + DAY, deaths=3, serious=3)

    assert incident.grade == "larger"
    assert list(incident.revisions.order_by("number").values_list("deaths", "grade")) == [
        (2, "ordinary"), (3, "larger"),
    ]  # fmt: skip
    assert codes(incident) == [
        "cn-work-safety-first",
        "cn-injury-insurance",
        "cn-work-safety-change",
    ]
    assert owed(incident)[1].due_at == NOW + DAY + HOUR
    assert told_staff(f"{incident.pk}:2") == {"D1", "D2", "D3"}


def test_after_thirty_days_changed_numbers_are_recorded_and_start_nothing(
    cast: dict[str, Account],
) -> None:
    incident = report(serious=1)
    revise(incident, now=NOW + 31 * DAY, deaths=1)
    assert "cn-work-safety-change" not in codes(incident)


def test_abroad_the_clocks_are_those_of_the_place_and_the_grade_compares(
    cast: dict[str, Account],
) -> None:
    incident = report("P1", deaths=1)
    assert (incident.country, codes(incident), incident.grade) == (
        "KH",
        ["kh-accident"],
        "ordinary",
    )


def test_the_same_numbers_or_no_reason_are_refused(cast: dict[str, Account]) -> None:
    incident = report(serious=1)
    with pytest.raises(IncidentRefused, match="stand already"):
        revise(incident, serious=1)
    with pytest.raises(IncidentRefused, match="Say why"):
        incidents.revise(**ACT, incident=incident, numbers=Numbers(deaths=1), note=" ")


@pytest.mark.parametrize(
    ("told_after", "state"),
    [(timedelta(minutes=59), State.ON_TIME), (timedelta(minutes=61), State.LATE)],
)
def test_the_hour_at_which_it_was_told_decides_and_not_when_that_was_written_down(
    cast: dict[str, Account], told_after: timedelta, state: State
) -> None:
    incident = report(deaths=1)
    first = incident.tellings.get(code="cn-work-safety-first")

    prove(first, now=NOW + 3 * HOUR, told_at=NOW + told_after)

    duty = owed(incident)[0]
    assert duty.ended == state
    assert duty.ended_at == NOW + told_after


def test_an_hour_that_passes_untold_is_overdue_by_the_clock_alone(cast: dict[str, Account]) -> None:
    duty = owed(report(deaths=1))[0]
    assert duty.standing(NOW + timedelta(minutes=10)) is State.PENDING
    assert duty.standing(NOW + timedelta(minutes=30)) is State.DUE_SOON
    assert duty.standing(NOW + HOUR) is State.OVERDUE


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ({"whom": " "}, "who was told"), ({"how": ""}, "by what"),
        ({"receipt": ""}, "number of the receipt"), ({"told_at": NOW - 2 * HOUR}, "after it"),
        ({"told_at": NOW + HOUR}, "before now"),
    ],
)  # fmt: skip
def test_a_telling_without_proof_is_refused(
    cast: dict[str, Account], told: dict[str, object], why: str
) -> None:
    telling = report(deaths=1).tellings.all()[0]
    with pytest.raises(IncidentRefused, match=why):
        prove(telling, **told)


def test_a_telling_is_proven_once_by_a_number_or_a_file(cast: dict[str, Account]) -> None:
    telling = report(deaths=1).tellings.all()[0]
    incidents.prove(
        **ACT, telling=telling, told=Told(whom="County", how="fax", told_at=NOW),
        file=attachments.inspect("r.png", stops.PNG),
    )  # fmt: skip
    with pytest.raises(IncidentRefused, match="its proof already"):
        prove(telling)


@pytest.mark.parametrize(
    ("staff_no", "why"),
    [
        ("D2", "works in the unit|directs the unit"), ("D1", "directs the unit"),
        ("D4", "writes nothing"), ("X", "Nobody has"),
    ],
)  # fmt: skip
def test_nobody_who_stands_near_looks_into_it(
    cast: dict[str, Account], staff_no: str, why: str
) -> None:
    with pytest.raises(IncidentRefused, match=why):
        investigations.appoint(**ACT, incident=report(serious=1), staff_no=staff_no, leads=False)


def test_nobody_appoints_over_their_own_incident(cast: dict[str, Account]) -> None:
    own, below = report("W1", serious=1), report("W2", serious=1)
    head, office = (stops.viewer(cast[role]) for role in ("unit_head", "duty_office"))

    assert not incident_queries.may_appoint(head, own)
    assert incident_queries.may_appoint(head, below)
    assert incident_queries.may_appoint(office, own)
    assert incident_queries.may_appoint(office, report("HQ", serious=1))


def test_somebody_of_another_line_who_is_appointed_sees_it_and_is_told(
    cast: dict[str, Account],
) -> None:
    incident, employee = report(serious=1), stops.viewer(cast["employee"])
    assert not incident_queries.find_visible(employee).exists()

    investigations.appoint(**ACT, incident=incident, staff_no="D6", leads=True)

    assert incident_queries.find_visible(employee).get() == incident
    assert told_staff(f"{incident.pk}:team") == {"D6"}
    incident.refresh_from_db()
    assert incident.stage == "investigated"
    with pytest.raises(IncidentRefused, match="of the team already"):
        investigations.appoint(**ACT, incident=incident, staff_no="D6", leads=False)


def test_a_chain_of_whys_goes_on_to_its_root_and_ends_there(cast: dict[str, Account]) -> None:
    given = ACT | {"incident": report(serious=1)}
    with pytest.raises(IncidentRefused, match="once more"):
        investigations.ask_why(**given, chain=None, text="x", is_root=True)
    investigations.ask_why(**given, chain=None, text="The rail was loose", is_root=False)
    investigations.ask_why(**given, chain=1, text="Nobody checked", is_root=True)
    with pytest.raises(IncidentRefused, match="its root"):
        investigations.ask_why(**given, chain=1, text="x", is_root=False)
    with pytest.raises(IncidentRefused, match="no such chain"):
        investigations.ask_why(**given, chain=9, text="x", is_root=False)


def test_a_measure_is_a_duty_that_needs_its_evidence(cast: dict[str, Account]) -> None:
    incident, unit = report(serious=1), Unit.objects.get(code="W2")
    given = ACT | {"incident": incident, "unit_id": unit.pk, "post_id": None, "text": "Fix it"}
    with pytest.raises(IncidentRefused, match="yet to come"):
        investigations.add_measure(**given, due_at=NOW)
    investigations.add_measure(**given, due_at=NOW + DAY)

    duty = Duty.objects.get(kind="incident_measure")
    assert (duty.unit_id, duty.creditor.code, duty.needs_evidence) == (unit.pk, "HQ", True)
    with pytest.raises(IncidentRefused, match="no such post"):
        investigations.add_measure(**(given | {"post_id": 77}), due_at=NOW + DAY)


def test_an_incident_closes_when_nothing_is_missing_and_then_its_inquiry_takes_nothing_more(
    cast: dict[str, Account],
) -> None:
    incident = building.looked_into(report(serious=1))
    with pytest.raises(IncidentRefused, match="still to be told"):
        investigations.close(**ACT, incident=incident, text="done")
    for telling in incident.tellings.all():
        prove(telling)

    investigations.close(**ACT, incident=incident, text="A rail nobody owned")

    incident.refresh_from_db()
    assert incident.stage == "closed"
    for act in (
        lambda: investigations.close(**ACT, incident=incident, text="again"),
        lambda: investigations.answer(**ACT, incident=incident, condition="cause", text="x"),
    ):
        with pytest.raises(IncidentRefused, match="has been closed"):
            act()


def test_lessons_reach_the_leaders_of_units_with_the_same_work(cast: dict[str, Account]) -> None:
    incident = report("H1", serious=1)
    whole = history.get_version("HQ", people.FOUNDED)
    given = ACT | {"incident": incident, "within": whole, "text": "Look at your rails"}

    lesson = investigations.share(**given, kind_of_work="ORD")

    leads_none = Unit.objects.filter(pk__in=lesson.unled).values_list("code", flat=True)
    assert (lesson.units, len(leads_none), "W1" in leads_none) == (1, 6, False)
    told = Delivery.objects.filter(notice_id=lesson.notice_id)
    assert set(told.values_list("person__staff_no", flat=True)) == {"D2", "D3"}
    with pytest.raises(IncidentRefused, match="Nobody leads"):
        investigations.share(**given, kind_of_work="EPI")


def test_lessons_are_told_only_where_their_sender_may_send_notices(
    client: Client, cast: dict[str, Account]
) -> None:
    incident = report("W2", serious=1)
    client.force_login(cast["unit_head"])
    page = f"/safety/incidents/{incident.pk}/acts/lessons/"

    for within, status in (("HQ", 422), ("W1", 302)):
        sent = client.post(page, {"within": within, "text": "Look at your rails"})
        assert sent.status_code == status, within
    assert incident.lessons.get().within.code == "W1"


@pytest.mark.parametrize(
    "table",
    ["revision", "telling", "tellingproof", "tellingwaiver", "injury", "investigator", "moment",
     "why", "barrier",
     "incidentmeasure", "conditionanswer", "lesson", "closing", "incidentphoto", "tellingfile"],
)  # fmt: skip
def test_what_was_said_is_never_changed_nor_deleted(db: None, table: str) -> None:
    for act in ("DELETE FROM safety_{}", "UPDATE safety_{} SET id = id"):
        with (
            pytest.raises(ProgrammingError, match="permission denied"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(act.format(table))


def test_of_an_incident_only_what_it_amounts_to_now_changes(cast: dict[str, Account]) -> None:
    report(serious=1)
    for column in ("what", "occurred_at", "by_id", "country"):
        with (
            pytest.raises(ProgrammingError, match="permission denied"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"UPDATE safety_incident SET {column} = {column}")  # noqa: S608


def test_incidents_are_found_by_two_characters_or_by_words_and_narrowed_together(
    cast: dict[str, Account],
) -> None:
    rail, other = report(what="脚手架坍塌", serious=1), report(what="Fell from a ladder", light=1)
    seen = incident_queries.find_visible(stops.viewer(cast["duty_office"]))

    def found(**wanted: str) -> set[Incident]:
        narrowed = incident_lists.narrow(seen, incident_lists.Wanted(**wanted))
        return set(incident_lists.search(narrowed, wanted["text"]))

    assert found(text="坍塌") == found(text="手架") == {rail}
    assert found(text="LADDER fell") == {other}
    assert found(text="hall") == {rail, other}
    assert found(text="hall", grade="ordinary") == {rail}
    assert found(text="坍塌 ladder") == set()


def test_the_name_of_a_unit_may_be_longer_than_the_title_of_a_notice(
    cast: dict[str, Account],
) -> None:
    name = f"Company of {'Underground Works and ' * 6}Tunnels"
    organisation.open_units(
        actor=people.ACTOR, now=NOW, on=people.FOUNDED,
        details=[people.unit("L1", "CN-330300", name_en=name)],
    )  # fmt: skip
    revise(report("L1", deaths=1), deaths=2)

    for notice in Notice.objects.filter(about_kind="incident"):
        assert notice.title_en == notice.text_en[:120]
        assert name in notice.text_en
