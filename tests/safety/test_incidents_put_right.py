"""What was reported wrongly is put right: kinds, numbers, doubles, false alarms, closed ones."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from taishan.core import incidents as core
from taishan.duties.models import Duty
from taishan.kit import clock
from taishan.ledger.models import Entry
from taishan.organisation.models import Account
from taishan.safety import (
    incident_queries,
    incident_statistics,
    incident_sums,
    incident_words,
    incidents,
    investigations,
)
from taishan.safety.incident_models import Incident
from taishan.safety.incidents import IncidentRefused
from tests.people import NOW
from tests.safety.incident_building import ACT, DAY, HOUR, closed, hurt, prove, report, revise

pytestmark = pytest.mark.django_db


def codes(incident: Incident) -> list[str]:
    return list(incident.tellings.order_by("pk").values_list("code", flat=True))


def line(incident: Incident) -> incident_statistics.Line:
    year = date(2020, 1, 1), date(2021, 1, 1)
    return incident_statistics.find_lines([incident.unit_id], *year)[incident.unit_id]


def test_a_mistaken_fatality_becomes_an_injury_and_a_near_miss_that_hurt_is_told(
    cast: dict[str, Account],
) -> None:
    dead, near = report(kind="fatality", deaths=1), report("W2", kind="near_miss")
    with pytest.raises(IncidentRefused, match="at least one dead"):
        revise(dead, serious=1)

    revise(dead, kind="injury", serious=1)
    revise(near, now=NOW + HOUR, kind="injury", serious=1)

    assert [one.kind for one in dead.revisions.order_by("number")] == ["fatality", "injury"]
    assert codes(near) == ["cn-work-safety-first", "cn-injury-insurance"]
    assert (line(near).incidents, line(near).near_misses) == (1, 0)
    assert incident_sums.find_differences() == []
    assert "injury" in incident_words.story(near, near.zone)[0]["text"]


def test_the_same_numbers_of_another_kind_are_a_change(cast: dict[str, Account]) -> None:
    incident = report(kind="injury", light=1)
    revise(incident, kind="environmental", light=1)
    assert (incident.kind, "cn-pollution" in codes(incident)) == ("environmental", True)


def test_what_is_sent_twice_is_reported_once(
    client: Client, cast: dict[str, Account], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    client.force_login(cast["unit_head"])
    page = client.get("/safety/incidents/new/")
    given = {
        "unit": "W1", "kind": "fatality", "what": "x", "occurred_at": "2020-02-12T07:00",
        "deaths": "1", "client": str(page.context["form"]["client"].value()),
    }  # fmt: skip

    went = {client.post("/safety/incidents/new/", given)["Location"] for _ in range(2)}

    assert (Incident.objects.count(), len(went)) == (1, 1)
    client.post("/safety/incidents/new/", given | {"client": str(uuid4())})
    assert Incident.objects.count() == 2


def test_a_false_alarm_is_told_to_nobody_any_longer_and_can_be_closed(
    cast: dict[str, Account],
) -> None:
    incident = report(kind="first_aid", light=1)
    revise(incident, now=NOW + HOUR / 4)
    [telling] = incident.tellings.filter(code="cn-work-safety-first")

    for row in incident.tellings.all():
        incidents.waive(**ACT, telling=row, reason="Nobody was hurt: a rescue exercise")

    assert not incident_queries.find_open_tellings(incident).exists()
    assert set(Duty.objects.filter(kind="telling").values_list("ended", flat=True)) == {"waived"}
    assert core.Lack.OPEN_TELLINGS not in core.find_lacks(investigations.get_inquiry(incident))
    assert Entry.objects.filter(verb="incident.telling_waived").count() == incident.tellings.count()
    with pytest.raises(IncidentRefused, match="ended already"):
        incidents.waive(**ACT, telling=telling, reason="again")
    with pytest.raises(IncidentRefused, match="any longer"):
        prove(telling)


def test_a_waiver_has_its_reason_and_comes_from_the_unit_above(
    client: Client, cast: dict[str, Account], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    incident = report(serious=1)
    telling = incident.tellings.all()[0]
    with pytest.raises(IncidentRefused, match="Say why"):
        incidents.waive(**ACT, telling=telling, reason=" ")
    page = f"/safety/incidents/{incident.pk}/tellings/{telling.pk}/waiver/"

    for role, status in (("unit_head", 403), ("duty_office", 302)):
        client.force_login(cast[role])
        assert client.post(page, {"reason": "An exercise"}).status_code == status, role
    shown = client.get(f"/safety/incidents/{incident.pk}/").content.decode()
    assert "No longer to be told" in shown
    assert "An exercise" in shown


def test_after_closing_somebody_may_die_and_then_others_are_to_be_told(
    cast: dict[str, Account],
) -> None:
    incident = closed(report(serious=1))
    hurt(incident, "away", days_away=4, now=NOW + DAY)
    revise(incident, now=NOW + 2 * DAY, deaths=1)
    hurt(incident, "death", number=1, now=NOW + 2 * DAY)

    assert incident.stage == "closed"
    assert codes(incident)[-1] == "cn-work-safety-change"
    assert Duty.objects.filter(kind="telling", ended=None).count() == 1
    said = Entry.objects.filter(verb__in=["incident.numbers_revised", "incident.injury_recorded"])
    assert [one.data["after_closing"] for one in said] == [True] * 3
    titles = [one["title"] for one in incident_words.story(incident, incident.zone)]
    assert "Numbers put right after the closing" in titles
    prove(incident.tellings.get(code="cn-work-safety-change"), now=NOW + 3 * DAY)


def test_the_page_of_a_closed_incident_takes_numbers_and_no_more(
    client: Client, cast: dict[str, Account], monkeypatch: pytest.MonkeyPatch
) -> None:
    incident = closed(report(serious=1))
    monkeypatch.setattr(clock, "now", lambda: NOW + DAY)
    client.force_login(cast["unit_head"])
    page = f"/safety/incidents/{incident.pk}/"
    assert set(client.get(page).context["forms"]) == {"numbers"}

    client.post(f"{page}acts/numbers/", {"kind": "fatality", "deaths": 1, "note": "died"})

    incident.refresh_from_db()
    assert (incident.kind, incident.deaths) == ("fatality", 1)
    assert client.get(page).context["banner"]["tone"] != "good"


def test_no_more_are_recorded_as_living_than_are_hurt(cast: dict[str, Account]) -> None:
    incident = report(light=1)
    hurt(incident, "away")
    with pytest.raises(IncidentRefused, match="fewer hurt"):
        hurt(incident, "away")
    with pytest.raises(IncidentRefused, match="fewer hurt"):
        hurt(report(kind="near_miss"), "away")
    hurt(incident, "away", number=1, days_away=9)


def test_no_fewer_are_dead_or_hurt_than_are_recorded(cast: dict[str, Account]) -> None:
    dead, living = report(deaths=1), report("W2", serious=2)
    hurt(dead, "death")
    hurt(living, "away")
    hurt(living, "away")
    with pytest.raises(IncidentRefused, match="More are recorded"):
        revise(dead, serious=1)
    with pytest.raises(IncidentRefused, match="More are recorded"):
        revise(living, serious=1)


def test_whoever_died_of_an_injury_is_counted_once(cast: dict[str, Account]) -> None:
    incident = report(serious=1, light=1)
    hurt(incident, "away", days_away=3)
    hurt(incident, "other")

    revise(incident, now=NOW + DAY, deaths=1, light=1)
    assert (line(incident).sums.lost_time, line(incident).sums.charged_days) == (1, 6000)
    assert line(incident).sums.other_cases == 1

    hurt(incident, "death", number=1)
    assert (line(incident).sums.lost_time, line(incident).unreckoned) == (1, 0)


def test_one_incident_with_too_many_cases_hides_nobody_unreckoned_of_another(
    cast: dict[str, Account],
) -> None:
    full = report(serious=2, light=1)
    for _case in range(3):
        hurt(full, "away")
    # As recorded before this was refused.
    Incident.objects.filter(pk=full.pk).update(serious=0)
    other = report(serious=2)

    assert line(other).unreckoned == 2


def test_a_change_is_told_after_it_and_by_no_call_made_before(cast: dict[str, Account]) -> None:
    incident = report(deaths=1)
    revise(incident, now=NOW + DAY, deaths=2)
    change = incident.tellings.get(code="cn-work-safety-change")

    with pytest.raises(IncidentRefused, match="after the numbers changed"):
        prove(change, now=NOW + 2 * DAY, told_at=NOW - HOUR / 60)
    prove(change, now=NOW + 2 * DAY, told_at=NOW + DAY - HOUR)
    first = incident.tellings.get(code="cn-work-safety-first")
    prove(first, now=NOW + 2 * DAY, told_at=NOW - HOUR / 2)


def test_the_page_asks_as_much_for_many_tellings_as_for_one(
    client: Client, cast: dict[str, Account], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    incident = report(serious=1)
    client.force_login(cast["unit_head"])
    counts = []
    for more in (1, 4):
        for _once in range(more):
            at = NOW + (incident.revisions.count()) * HOUR / 60
            revise(incident, now=at, serious=incident.serious + 1)
            prove(incident.tellings.order_by("-pk")[0], now=at + HOUR)
        with CaptureQueriesContext(connection) as asked:
            client.get(f"/safety/incidents/{incident.pk}/")
        counts.append(len(asked))
    assert counts[0] == counts[1]
