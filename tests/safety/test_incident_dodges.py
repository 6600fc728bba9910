"""What would let somebody off, or a number pass for the whole, if nobody looked."""

from __future__ import annotations

import gzip
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from taishan.duties.models import Duty
from taishan.kit import clock, tables
from taishan.ledger.models import Entry
from taishan.organisation import history
from taishan.organisation.models import Account
from taishan.safety import incident_import, incident_statistics, investigations, osha_forms
from taishan.safety.incident_models import Incident, Stage
from tests import people
from tests.people import NOW
from tests.safety.incident_building import ACT, DAY, closed, hurt, prove, report, revise

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _at_now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


def _summary() -> dict[str, object]:
    year = osha_forms.Year(history.get_version("W1", people.FOUNDED), 2020)
    columns = [tables.Column(key=one, is_needed=True) for one in ("What", "Number")]
    sheet = tables.read(osha_forms.write_300a(year), columns=columns)
    return {row.values["What"]: row.values["Number"] for row in sheet.rows}


@pytest.mark.parametrize("grave", ["amputations", "hospitalised", "eyes_lost"])
def test_what_sends_somebody_to_hospital_is_not_light(cast: dict[str, Account], grave: str) -> None:
    assert report(kind="first_aid", light=1).is_light
    assert not report(kind="first_aid", light=1, **{grave: 1}).is_light


def test_a_unit_does_not_look_alone_into_what_it_made_light(
    cast: dict[str, Account], client: Client
) -> None:
    incident = report(kind="injury", serious=1)
    for telling in incident.tellings.all():
        prove(telling)
    client.force_login(cast["unit_head"])
    acts = f"/safety/incidents/{incident.pk}/acts/"

    lighter = {"kind": "first_aid", "light": 1, "note": "not so bad"}
    assert client.post(f"{acts}numbers/", lighter).status_code == 302

    for act, given in (("whys", {"text": "loose"}), ("closing", {"text": "done"})):
        assert client.post(f"{acts}{act}/", given).status_code == 403
    assert Incident.objects.get().stage != Stage.CLOSED


def test_nobody_moves_the_hour_of_a_law_or_waives_it_as_a_duty(
    cast: dict[str, Account], client: Client
) -> None:
    incident = report("W2", serious=1)
    telling = incident.tellings.get(code="cn-work-safety-first")
    duty = Duty.objects.get(kind="telling", subject_id=f"{incident.pk}:{telling.pk}")

    for role, act in (("duty_office", "extension"), ("unit_head", "waiver")):
        client.force_login(cast[role])
        address = reverse(f"duties:{act}", args=["W2", duty.id])
        sent = {"due_at": "2020-02-12T20:00", "reason": "busy"}
        assert client.post(address, sent).status_code == 403

    assert Duty.objects.get(pk=duty.pk).due_at == telling.due_at


def test_days_that_nobody_can_lose_are_refused(cast: dict[str, Account], client: Client) -> None:
    incident = report(serious=1)
    client.force_login(cast["safety_officer"])
    sent = {
        "person-name": "P", "course-outcome": "away", "course-ailment": "injury",
        "course-days_away": 2_000_000_000, "course-days_restricted": 0, "course-charged_days": 0,
    }  # fmt: skip

    assert client.post(f"/safety/incidents/{incident.pk}/injured/", sent).status_code == 422


def test_a_near_miss_makes_no_rate_too_high(cast: dict[str, Account]) -> None:
    unit_id = report(kind="near_miss").unit_id

    found = incident_statistics.find_lines([unit_id], date(2020, 1, 1), date(2021, 1, 1))

    assert found[unit_id].months_without_hours == 0


def test_the_posted_summary_says_who_is_no_case_yet(cast: dict[str, Account]) -> None:
    incident = report(serious=1)
    hurt(incident, "away", days_away=3)
    report(kind="fatality", deaths=1, light=1)

    found = _summary()

    assert found["Deaths not yet recorded on the log"] == "1"
    assert found["Injuries not yet recorded on the log"] == "1"
    revise(incident, now=NOW + DAY, deaths=1)
    assert _summary()["Deaths not yet recorded on the log"] == "2"


LINES = "id,incident_date,city,state,description\n" + "".join(
    f"{n},2020-01-03,solon,ohio,Worker {n} was struck at dock {n * 7919 % 1000}\n"
    for n in range(500)
)


def test_half_a_packed_file_is_refused(cast: dict[str, Account]) -> None:
    whole = gzip.compress(LINES.encode())

    with pytest.raises(tables.TableError, match="breaks off"):
        incident_import.read_file(whole[: len(whole) // 2])


def test_a_packed_file_of_several_parts_is_taken_whole(cast: dict[str, Account]) -> None:
    packed = gzip.compress(LINES[:5000].encode()) + gzip.compress(LINES[5000:].encode())
    version = history.get_version("X1", people.FOUNDED)

    assert incident_import.import_deaths(**ACT, version=version, content=packed).created == 500


def test_numbers_that_others_put_right_meanwhile_are_not_undone(
    cast: dict[str, Account], client: Client
) -> None:
    incident = report(serious=2)
    client.force_login(cast["unit_head"])
    page = f"/safety/incidents/{incident.pk}/"
    stale = client.get(page).context["forms"]["numbers"]["form"].initial
    client.post(f"{page}acts/numbers/", stale | {"deaths": 1, "serious": 1, "note": "one died"})

    late = client.post(f"{page}acts/numbers/", stale | {"light": 1, "note": "one more cut"})

    assert (late.status_code, Incident.objects.get().deaths) == (422, 1)
    again = late.context["forms"]["numbers"]["form"]
    assert again["note"].value() == "one more cut"
    now = {name: again[name].value() for name in again.fields} | {"deaths": 1, "serious": 1}
    assert client.post(f"{page}acts/numbers/", now).status_code == 302


def test_what_turns_out_grave_after_a_unit_closed_it_alone_is_looked_into(
    cast: dict[str, Account],
) -> None:
    incident = closed(report(kind="first_aid", light=1))
    assert Incident.objects.get().stage == Stage.CLOSED

    revise(incident, now=NOW + DAY, kind="fatality", deaths=1)

    found = Incident.objects.get()
    assert (found.stage, found.closings.count()) == (Stage.INVESTIGATED, 1)
    assert Entry.objects.filter(verb="incident.reopened").count() == 1
    for telling in found.tellings.filter(proof=None):
        prove(telling, now=NOW + DAY)
    investigations.close(**ACT, incident=found, text="Nobody owned the rail")
    assert found.closings.count() == 2
