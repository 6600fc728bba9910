"""What a client hands in: a whole exchange as Collect leads it, and what is refused."""

from __future__ import annotations

import io
import itertools
from dataclasses import replace
from datetime import time, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from defusedxml import ElementTree
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpResponse
from django.test import Client

from taishan.core.schedules import Mark
from taishan.forms import actions as forms
from taishan.forms import queries as form_queries
from taishan.forms.models import Form
from taishan.interop.openrosa import submission_views
from taishan.kit import attachments
from taishan.ledger.models import Entry
from taishan.organisation import actions as organisation
from taishan.organisation.models import Account
from taishan.privacy.models import Look
from taishan.reporting import erasing, packing, recounting
from taishan.reporting.models import Correction, Door, Earlier, Report, ReportFile
from tests import people
from tests.forms.building import xlsform
from tests.interop.client import Collect, said
from tests.interop.test_clients import phone_of
from tests.reporting import building

PHOTO = b"\xff\xd8\xff\xda\x00\x02mask depot"
ANSWERS = (
    "<health_status>unwell</health_status><symptoms>fever cough</symptoms>"
    "<body_temperature>38.1</body_temperature><current_location>usual_place</current_location>"
    "<travel_14_days>no</travel_14_days><contact_14_days>no</contact_14_days>"
    "<quarantine_status>none</quarantine_status><work_ability>unable</work_ability>"
)
ENDED = "2020-02-12T07:40:00.000+07:00"


@pytest.fixture(autouse=True)
def group(cast: dict[str, Account], media: Path) -> dict[str, Account]:
    forms.load_library(actor=people.ACTOR, now=people.NOW)
    building.add_schedules()
    building.hire("D6", unit="P1")
    building.hire("D2")
    return cast


@pytest.fixture
def phone(group: dict[str, Account]) -> Collect:
    return phone_of(group["employee"])


def instance(
    answers: str = ANSWERS, number: str = "", form: str = "daily_health", ended: str = ENDED
) -> bytes:
    number = number or f"uuid:{uuid4()}"
    meta = f"<meta><instanceID>{number}</instanceID><timeEnd>{ended}</timeEnd></meta>"
    return f'<data id="{form}" version="1">{answers}{meta}</data>'.encode()


def post(phone: Collect, xml: bytes, kind: str = "text/xml", **files: bytes) -> HttpResponse:
    parts: dict[str, Any] = {
        "xml_submission_file": SimpleUploadedFile("submission.xml", xml, content_type=kind)
    }
    for name, content in files.items():
        parts[name.replace("_", ".")] = SimpleUploadedFile(name.replace("_", "."), content)
    return phone.request("POST", "/submission", parts)


def filled(form: bytes, values: dict[str, Any]) -> bytes:
    """Return a form's instance with its answers, as a client fills it in."""
    xforms = "{http://www.w3.org/2002/xforms}"
    primary = next(one for one in ElementTree.fromstring(form).iter(f"{xforms}instance"))[0]
    given = values | {"instanceID": f"uuid:{uuid4()}", "timeEnd": ENDED}
    for element in primary.iter():
        if element.tag.removeprefix(xforms) in given:
            element.text = str(given[element.tag.removeprefix(xforms)])
    return ElementTree.tostring(primary)


def answers_of(report: Report) -> dict[str, Any]:
    form = form_queries.FormVersion.objects.get(form_id=report.form_id, number=report.version)
    return packing.unpack(packing.names(form_queries.get_definition(form)), report.answers)


def test_an_exchange_as_collect_leads_it_ends_in_one_report(phone: Collect) -> None:
    listed = phone.forms("?deviceID=collect:abc")
    form = phone.request("GET", listed[0]["downloadUrl"])
    asked = phone.request("HEAD", "/submission?deviceID=collect:abc")
    xml = instance(number="uuid:ca90905c-a2db-41e7-abc4-cec278b6b50a")
    first, again = post(phone, xml), post(phone, xml)

    assert form.status_code == 200
    assert (asked.status_code, asked.content) == (204, b"")
    assert asked.headers["Location"] == f"https://testserver{phone.server}/submission"
    assert int(asked.headers["X-OpenRosa-Accept-Content-Length"]) > 10_000_000
    assert (first.status_code, again.status_code) == (201, 201)
    assert said(first) == "daily_health 2020-02-12: Recorded."
    report = Report.objects.get()
    assert answers_of(report) == building.FEVER
    assert str(report.client) == "ca90905c-a2db-41e7-abc4-cec278b6b50a"
    assert report.door == Door.OPENROSA
    assert Earlier.objects.count() == 0
    assert recounting.recount().differences == ()


def test_what_was_finished_yesterday_without_a_network_is_yesterday_s_report(
    phone: Collect,
) -> None:
    answer = post(phone, instance(ended="2020-02-11T20:00:00.000+07:00"))

    assert "the period is closed" in said(answer).lower()
    assert str(Correction.objects.get().period) == "2020-02-11"


@pytest.mark.parametrize("ended", ["2031-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "soon", ""])
def test_a_clock_that_is_wrong_does_not_say_the_day(phone: Collect, ended: str) -> None:
    assert post(phone, instance(ended=ended)).status_code == 201

    assert Report.objects.get().period == building.TODAY


def test_the_unit_s_own_day_counts(group: dict[str, Account]) -> None:
    """At 23:30 UTC it is the next day in Wenzhou already."""
    building.hire("D3")
    phone = phone_of(group["safety_officer"])

    post(phone, instance(ended="2020-02-11T23:30:00Z"))

    assert Report.objects.get().period == building.TODAY


def test_a_unit_s_return_says_in_its_form_for_which_unit(group: dict[str, Account]) -> None:
    officer, employee = phone_of(group["unit_head"]), phone_of(group["employee"])
    [listed] = officer.forms("?formID=unit_daily:W1")
    form = officer.request("GET", listed["downloadUrl"]).content

    xml = filled(form, building.RETURN)
    refused, taken = post(employee, xml), post(officer, xml)

    assert refused.status_code == 403
    assert taken.status_code == 201
    assert answers_of(Report.objects.get())["masks_in_stock"] == 800


def test_a_form_that_names_no_unit_is_for_the_one_its_sender_answers_for(
    group: dict[str, Account],
) -> None:
    answers = "".join(f"<{name}>{value}</{name}>" for name, value in building.RETURN.items())
    xml = instance(answers, form="unit_daily")

    assert post(phone_of(group["unit_head"]), xml).status_code == 201
    refused = post(phone_of(group["employee"]), xml)
    assert (refused.status_code, "which unit" in said(refused)) == (422, True)


def test_a_weekly_return_belongs_to_the_week_it_was_finished_in(
    group: dict[str, Account],
) -> None:
    building.add_schedule(
        "site_weekly", "sites", rule="FREQ=WEEKLY;BYDAY=MO",
        marks=replace(building.MARKS, due=Mark(day=4, at=time(9)), late=Mark(day=4, at=time(10)),
                      closes=Mark(day=7, at=time(0))),
    )  # fmt: skip
    organisation.grant_role(
        actor=people.ACTOR, now=people.NOW, on=people.FOUNDED, staff_no="D2", role="unit_head",
        unit="W2",
    )  # fmt: skip
    phone = phone_of(group["unit_head"])
    [listed] = phone.forms("?formID=site_weekly:W2")
    values = {
        "workers_on_site": 4, "subcontractor_workers": 0, "arrivals_this_week": 0,
        "arrivals_quarantined": 0, "dormitory_rooms": 2, "dormitory_residents": 4,
        "isolation_room_ready": "yes", "staggered_meals": "yes", "work_status": "partly",
        "safety_briefings": 1, "hazards_found": 0, "hazards_closed": 0, "injuries": 0,
    }  # fmt: skip

    answer = post(phone, filled(phone.request("GET", listed["downloadUrl"]).content, values))

    assert answer.status_code == 201, said(answer)
    assert str(Report.objects.get().period) == "2020-02-10"


EVERYTHING = (
    ("type", "name", "label", "appearance", "parameters"),
    ("begin_group", "place", "Place", "", ""),
    ("geopoint", "where", "Where", "", ""),
    ("date", "since", "Since", "", ""),
    ("time", "at", "At", "", ""),
    ("dateTime", "seen", "Seen", "", ""),
    ("end_group", "", "", "", ""),
    ("note", "thanks", "Thanks", "", ""),
    ("select_multiple yes_no", "both", "Both", "", ""),
    ("rank yes_no", "order", "Order", "", ""),
    ("range", "grade", "Grade", "", "start=1 end=5 step=1"),
    ("acknowledge", "sure", "Sure", "", ""),
    ("begin_repeat", "finding", "Finding", "", ""),
    ("text", "what", "What", "", ""),
    ("image", "photo", "Photo", "", ""),
    ("end_repeat", "", "", "", ""),
)
FINDINGS = (
    "<place><where>28.0 120.7 3 5</where><since>2020-02-10</since><at>08:30:00.000+08:00</at>"
    "<seen>2020-02-10T08:30:00.000+08:00</seen></place><thanks/><both>no yes</both>"
    "<order>no yes</order><grade>4</grade><sure>OK</sure>"
    "<finding><what>no mask &lt; 2 m</what><photo>1581.jpg</photo></finding>"
    "<finding><what>leak</what><photo>1582.jpg</photo></finding>"
)


@pytest.fixture
def inspected(phone: Collect) -> Collect:
    """The phone, where a form of every kind of question is to be answered."""
    draft = forms.upload(actor=people.ACTOR, now=people.NOW, content=xlsform(survey=EVERYTHING))
    forms.publish(actor=people.ACTOR, now=people.NOW, version=draft)
    building.add_schedule("check", "people")
    return phone


def test_answers_of_every_kind_arrive_as_a_page_would_send_them(inspected: Collect) -> None:
    answer = post(inspected, instance(FINDINGS, form="check"))

    assert answer.status_code == 201, said(answer)
    assert answers_of(Report.objects.get()) == {
        "where": "28.0 120.7 3 5",
        "since": "2020-02-10",
        "at": "08:30:00.000+08:00",
        "seen": "2020-02-10T08:30:00.000+08:00",
        "both": ["yes", "no"],
        "order": ["no", "yes"],
        "grade": 4,
        "sure": "OK",
        "finding": [
            {"what": "no mask < 2 m", "photo": "1581.jpg"},
            {"what": "leak", "photo": "1582.jpg"},
        ],
    }


def test_photos_come_in_requests_of_their_own_and_are_kept_once(
    inspected: Collect, media: Path
) -> None:
    xml = instance(FINDINGS, form="check")

    first = post(inspected, xml, **{"1581_jpg": PHOTO})
    second = post(inspected, xml, **{"1582_jpg": PHOTO + b"2"})
    replay = post(inspected, xml, **{"1581_jpg": PHOTO, "1582_jpg": PHOTO + b"2"})

    assert [one.status_code for one in (first, second, replay)] == [201, 201, 201]
    assert [row.name for row in ReportFile.objects.order_by("name")] == ["1581.jpg", "1582.jpg"]
    assert sum(path.is_file() for path in media.rglob("*")) == 2
    assert Report.objects.count() == 1
    assert Entry.objects.filter(verb="report.files_added").count() == 2


def test_the_report_s_page_leads_to_the_photos_that_came_with_it(
    inspected: Collect, group: dict[str, Account]
) -> None:
    post(inspected, instance(FINDINGS, form="check"), **{"1581_jpg": PHOTO})
    owner = Client()
    owner.force_login(group["employee"])

    page = owner.get("/reports/check/2020-02-12/").content.decode()

    assert f"/reports/files/{ReportFile.objects.get().kept_as}/" in page


def test_another_photo_under_the_same_name_is_refused(inspected: Collect, media: Path) -> None:
    xml = instance(FINDINGS, form="check")
    post(inspected, xml, **{"1581_jpg": PHOTO})

    other = post(inspected, xml, **{"1582_jpg": PHOTO, "1581_jpg": PHOTO + b"altered"})

    assert other.status_code == 409
    assert sum(path.is_file() for path in media.rglob("*")) == 1


def test_a_file_that_no_answer_names_is_not_kept_and_its_sender_told(
    inspected: Collect,
) -> None:
    answer = post(inspected, instance(FINDINGS, form="check"), other_jpg=PHOTO)

    assert answer.status_code == 201
    assert "other.jpg" in said(answer)
    assert not ReportFile.objects.exists()


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"MZ\x90\x00 a program", 415),
        (b"<html><script>alert(1)</script></html>", 415),
        (b"\xff\xd8\xff" + b"\x00" * attachments.LIMIT_BYTES, 413),
    ],
    ids=["program", "page", "large"],
)
def test_a_file_that_is_no_photo_or_too_large_is_refused_with_its_reason(
    inspected: Collect, content: bytes, status: int
) -> None:
    answer = post(inspected, instance(FINDINGS, form="check"), **{"1581_jpg": content})

    assert answer.status_code == status
    assert said(answer)
    assert not Report.objects.exists()
    assert not ReportFile.objects.exists()


def test_a_file_s_name_beyond_measure_is_refused(inspected: Collect) -> None:
    name = "9" * 300 + "_jpg"
    xml = instance(FINDINGS.replace("1581.jpg", name.replace("_", ".")), form="check")

    assert post(inspected, xml, **{name: PHOTO}).status_code == 422
    assert not Report.objects.exists()


def test_a_hundred_megabytes_are_refused_before_they_are_looked_at(phone: Collect) -> None:
    answer = phone.request(
        "POST", "/submission", b"x", content_type="multipart/form-data; boundary=x",
        CONTENT_LENGTH=str(100 * 1024 * 1024),
    )  # fmt: skip

    assert answer.status_code == 413
    assert "10 MiB" in said(answer)


BOMB = (
    '<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><data id="daily_health">&c;</data>'
)
THIEF = '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><data id="daily_health">&x;</data>'
CALLER = '<!DOCTYPE d SYSTEM "http://example.org/x.dtd"><data id="daily_health"/>'
DEEP = "<data>" + "<a>" * 100_000 + "</a>" * 100_000 + "</data>"


@pytest.mark.parametrize(
    ("xml", "status"),
    [
        (BOMB, 400),
        (THIEF, 400),
        (CALLER, 400),
        (DEEP, 400),
        ("", 400),
        ("no xml", 400),
        ("<data>", 400),
        ("\x00", 400),
        ('<?xml version="1.0" encoding="klingon"?><data/>', 400),
        ("<data>" + " " * 1_100_000 + "</data>", 413),
        ('<data id="daily_health" version="1"/>', 400),
        (instance(form="").decode(), 404),
        (instance(form="nothing").decode(), 404),
        (instance().decode().replace('version="1"', 'version="9"'), 404),
        (instance().decode().replace('version="1"', 'version="x"'), 422),
        (instance().decode().replace('version="1"', 'encrypted="yes"'), 422),
        (instance("<body_temperature>hot</body_temperature>").decode(), 422),
        (instance("<secret>1</secret>" + ANSWERS).decode(), 422),
        (instance(ANSWERS + ANSWERS).decode(), 422),
        (instance("<health_status><a>well</a></health_status>").decode(), 422),
        (instance(form="unit_daily:W1&#10;").decode(), 403),
    ],
    ids=itertools.count(),  # By the number: two workers must call each of them alike.
)
def test_what_is_no_answer_is_refused_in_words_and_keeps_nothing(
    phone: Collect, xml: str, status: int
) -> None:
    answer = post(phone, xml.encode())

    assert (answer.status_code, bool(said(answer))) == (status, True), answer.content
    assert not Report.objects.exists()


def test_wrong_answers_are_said_question_by_question_in_the_sender_s_language(
    phone: Collect,
) -> None:
    phone.headers = {"Accept-Language": "zh-CN"}

    answer = post(phone, instance(ANSWERS.replace("38.1", "60")))

    assert answer.headers["Content-Language"] == "zh"
    assert "体温" in said(answer)


def test_a_submission_is_multipart_with_one_xml_part(phone: Collect) -> None:
    xml = instance()
    two = [SimpleUploadedFile("a.xml", xml, content_type="text/xml") for _one in range(2)]

    assert post(phone, xml, kind="application/octet-stream").status_code == 415
    assert phone.request("POST", "/submission", xml, content_type="text/xml").status_code == 415
    assert phone.request("POST", "/submission", {"xml_submission_file": two}).status_code == 400
    assert phone.request("POST", "/submission", {"other": "x"}).status_code == 400
    broken = phone.request(
        "POST", "/submission", b"--x\r\n", content_type="multipart/form-data; boundary="
    )
    assert broken.status_code == 400
    assert not Report.objects.exists()


def test_a_client_that_does_not_say_how_much_will_come_is_read_to_the_end(
    phone: Collect,
) -> None:
    part = 'Content-Disposition: form-data; name="xml_submission_file"; filename="s.xml"'
    body = f"--x\r\n{part}\r\nContent-Type: text/xml\r\n\r\n".encode() + instance()
    kind = (b"content-type", b"multipart/form-data; boundary=x")
    scope = {"type": "http", "method": "POST", "path": "/odk/submission", "headers": [kind]}
    request = ASGIRequest(scope, io.BytesIO(body + b"\r\n--x--\r\n"))

    answer = submission_views.submission(request, token=phone.server.split("/")[2])

    assert answer.status_code == 201, said(answer)


def test_an_instance_whose_id_is_no_uuid_is_one_report_however_often_it_comes(
    phone: Collect,
) -> None:
    xml = instance(number="example.org:GEPSJLOGH13TY8L77066GEJJW")

    first, again = post(phone, xml), post(phone, xml)

    assert "Recorded." in said(first)
    assert "nothing changed" in said(again)


def test_a_file_opens_for_who_may_see_the_answers_and_is_erased_with_them(
    inspected: Collect, group: dict[str, Account], media: Path
) -> None:
    Form.objects.filter(code="check").update(
        is_personal_health=True, ground="test", retention_days=90
    )
    post(inspected, instance(FINDINGS, form="check"), **{"1581_jpg": PHOTO})
    address = f"/reports/files/{ReportFile.objects.get().kept_as}/"

    def get(role: str) -> HttpResponse:
        client = Client()
        client.force_login(group[role])
        return client.get(address)  # type: ignore[return-value]

    assert (get("employee").status_code, get("employee").content) == (200, PHOTO)
    assert get("unit_head").status_code == 403
    assert get("inspector").status_code == 403
    organisation.grant_role(
        actor=people.ACTOR, now=people.NOW, on=people.FOUNDED, staff_no="D3",
        role="safety_officer", unit="P1",
    )  # fmt: skip
    assert get("safety_officer").status_code == 200
    assert Look.objects.get().door == Look.Door.FILE

    erasing.erase_all(actor=people.ACTOR, now=people.NOW + timedelta(days=120))

    assert get("employee").status_code == 404
    assert not any(path.is_file() for path in media.rglob("*"))
