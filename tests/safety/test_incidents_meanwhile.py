"""What somebody else did meanwhile, and what was known wrongly: nothing typed is lost by it."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse

from taishan.communications.models import Delivery
from taishan.duties.models import Duty
from taishan.kit import clock, tables
from taishan.organisation import history
from taishan.organisation.models import Account
from taishan.safety import incident_sums, incident_words, investigations
from taishan.safety.incident_models import Incident, InjuredPerson
from taishan.safety.incidents import IncidentRefused
from tests.people import NOW
from tests.safety.incident_building import ACT, DAY, HOUR, closed, hurt, prove, report, revise

pytestmark = pytest.mark.django_db
REFUSED = 422
COURSE = {
    "person-name": "P", "course-outcome": "away", "course-ailment": "injury",
    "course-days_away": 3, "course-days_restricted": 0, "course-charged_days": 0,
}  # fmt: skip


@pytest.fixture(autouse=True)
def _at_now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


def _codes(incident: Incident) -> list[str]:
    return list(incident.tellings.order_by("pk").values_list("code", flat=True))


def _told(incident: Incident, revision: int) -> set[str]:
    about = {"notice__about_kind": "incident", "notice__about_id": f"{incident.pk}:{revision}"}
    return set(Delivery.objects.filter(**about).values_list("person__staff_no", flat=True))


def test_a_work_injury_is_claimed_within_thirty_days_of_the_accident(
    cast: dict[str, Account],
) -> None:
    late, too_late = report(ago=20 * DAY, serious=1), report("W2", ago=40 * DAY, serious=1)

    telling = late.tellings.get(code="cn-injury-insurance")
    assert telling.due_at == late.occurred_at + 30 * DAY
    past = too_late.tellings.get(code="cn-injury-insurance")
    assert past.due_at == too_late.occurred_at + 30 * DAY
    duty = Duty.objects.get(kind="telling", subject_id=f"{too_late.pk}:{past.pk}")
    assert duty.due_at == NOW


def test_what_is_told_for_the_first_time_is_no_follow_up(cast: dict[str, Account]) -> None:
    incident = report(kind="environmental", light=1)

    revise(incident, now=NOW + HOUR, kind="environmental", light=1, deaths=1)

    assert "cn-work-safety-first" in _codes(incident)
    assert "cn-work-safety-change" not in _codes(incident)


def test_a_wrong_tick_of_road_traffic_is_put_right(
    cast: dict[str, Account], client: Client
) -> None:
    incident = report(serious=1, is_road_traffic=True)
    client.force_login(cast["unit_head"])
    page = f"/safety/incidents/{incident.pk}/"
    stands = client.get(page).context["forms"]["numbers"]["form"].initial
    assert stands.pop("is_road_traffic")

    sent = client.post(f"{page}acts/numbers/", stands | {"note": "on the site, not the road"})

    assert sent.status_code == 302
    incident.refresh_from_db()
    assert not incident.is_road_traffic
    assert [one.is_road_traffic for one in incident.revisions.order_by("number")] == [True, False]
    story = incident_words.story(incident, incident.zone)
    assert any("no road traffic" in one["text"] for one in story)


def test_somebody_recorded_as_dead_who_lives_is_put_right(cast: dict[str, Account]) -> None:
    incident = report(kind="fatality", deaths=1)
    hurt(incident, "death")
    with pytest.raises(IncidentRefused, match="what became of them"):
        revise(incident, kind="injury", serious=1)

    hurt(incident, "away", number=1)
    revise(incident, kind="injury", serious=1)

    assert (incident.deaths, incident.serious) == (0, 1)
    assert incident_sums.find_differences() == []


def test_a_stale_form_does_not_empty_what_a_colleague_typed(
    cast: dict[str, Account], client: Client
) -> None:
    hurt(incident := report(serious=1))
    client.force_login(cast["safety_officer"])
    page = f"/safety/incidents/{incident.pk}/injured/1/"
    seen = {"course-seen": client.get(page).context["course"]["seen"].value()}
    theirs = COURSE | seen | {"person-address": "12 Long Street", "person-doctor": "Dr Li"}
    assert client.post(page, theirs).status_code == 302

    mine = COURSE | seen | {"course-days_away": 5}
    stale = client.post(page, mine)

    assert stale.status_code == REFUSED
    assert InjuredPerson.objects.get().address == "12 Long Street"
    text = stale.content.decode()
    assert "Meanwhile somebody recorded" in text
    assert "Dr Li" in text
    again = stale.context["course"]
    assert again["days_away"].value() == "5"
    looked_at = {"course-seen": again["seen"].value(), "person-address": "12 Long Street"}
    assert client.post(page, mine | looked_at).status_code == 302
    assert incident.injuries.order_by("revision").last().days_away == 5


def test_one_person_sent_twice_is_one_case(cast: dict[str, Account], client: Client) -> None:
    incident = report(serious=2)
    client.force_login(cast["safety_officer"])
    page = f"/safety/incidents/{incident.pk}/injured/"
    sent = COURSE | {"course-seen": client.get(page).context["course"]["seen"].value()}

    assert client.post(page, sent).status_code == 302
    assert client.post(page, sent).status_code == REFUSED

    assert incident.injuries.count() == 1


def test_days_away_are_no_first_aid(cast: dict[str, Account]) -> None:
    incident = report(kind="first_aid", light=1)
    with pytest.raises(IncidentRefused, match="put right first what it is"):
        hurt(incident, "away", days_away=60)
    hurt(incident, "first_aid")

    revise(incident, kind="injury", light=1)
    hurt(incident, "away", number=1, days_away=60)

    with pytest.raises(IncidentRefused, match="more than first aid"):
        revise(incident, kind="first_aid", light=1)


def test_who_was_told_of_a_death_is_told_that_it_was_none(cast: dict[str, Account]) -> None:
    incident = report("W2", kind="fatality", deaths=1)

    revise(incident, now=NOW + HOUR, kind="first_aid", light=1)

    assert _told(incident, 2) == _told(incident, 1) == {"D1", "D2", "D3"}


def test_what_was_typed_as_another_closed_it_is_shown_with_the_reason(
    cast: dict[str, Account], client: Client
) -> None:
    incident = closed(report(serious=1))
    client.force_login(cast["employee"])  # of the team
    sent = {"happened_at": "2020-02-12T07:00", "text": "A long account of the crane"}

    refused = client.post(f"/safety/incidents/{incident.pk}/acts/moments/", sent)

    assert refused.status_code == REFUSED
    assert "has been closed" in refused.content.decode()
    assert "A long account of the crane" in refused.content.decode()


def test_whoever_proves_what_a_colleague_proved_is_told_so(
    cast: dict[str, Account], client: Client
) -> None:
    incident = report(serious=1)
    telling = incident.tellings.order_by("pk").first()
    assert telling is not None
    prove(telling)
    client.force_login(cast["unit_head"])
    page = reverse("incidents:proof", args=[incident.pk, telling.pk])
    told = {"whom": "Bureau", "told_at": "2020-02-12T07:30", "how": "phone", "receipt": "R-99"}

    refused = client.post(page, told)

    assert refused.status_code == REFUSED
    assert "has its proof already" in refused.content.decode()
    assert "R-99" in refused.content.decode()


def test_a_measure_is_due_by_the_clock_of_whoever_owes_it(
    cast: dict[str, Account], client: Client
) -> None:
    incident = report("P1", serious=1)
    investigations.appoint(**ACT, incident=incident, staff_no="D2", leads=True)
    client.force_login(cast["unit_head"])
    page = f"/safety/incidents/{incident.pk}/"

    sent = {"unit": "W1", "text": "Look at the slings", "due_at": "2020-02-13T08:00"}
    assert client.post(f"{page}acts/measures/", sent).status_code == 302

    local = incident.measures.get().due_at.astimezone(ZoneInfo("Asia/Shanghai"))
    assert f"{local:%Y-%m-%d %H:%M}" == "2020-02-13 08:00"
    shown = client.get(page).context["measures"][0]
    assert (shown["due"], shown["zone"]) == ("2020-02-13 08:00", "Asia/Shanghai")


def test_an_instant_is_shown_by_the_clock_of_its_day_everywhere(
    cast: dict[str, Account], client: Client
) -> None:
    incident = report("P1", ago=7 * DAY, serious=1)  # 07:00 in Phnom Penh
    history.supersede(
        history.get_version("P1", date(2020, 2, 1)), date(2020, 2, 10), time_zone="Europe/London"
    )
    client.force_login(cast["duty_office"])

    facts = client.get(f"/safety/incidents/{incident.pk}/").context["facts"]
    assert ("When", "2020-02-05 07:00 Asia/Phnom_Penh") in [(str(a), str(b)) for a, b in facts]
    assert client.get("/safety/incidents/").context["rows"][0]["when"] == "2020-02-05 07:00"
    file = client.get("/safety/incidents/incidents.xlsx")
    sheet = tables.read(file.content, columns=[tables.Column(key="When", is_needed=True)])
    assert [row.values["When"] for row in sheet.rows] == ["2020-02-05 07:00"]
