"""What a client hands in: a whole exchange as Collect leads it, and what is refused."""

from __future__ import annotations

import io
import itertools
from dataclasses import replace
from datetime import time, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.handlers.asgi import ASGIRequest

from taishan.core.schedules import Mark
from taishan.interop.openrosa import submission_views
from taishan.organisation import actions as organisation
from taishan.organisation.models import Account
from taishan.reporting import recounting
from taishan.reporting.models import Correction, Door, Earlier, Report
from tests import people
from tests.interop.client import Collect, said
from tests.interop.submitting import (
    ANSWERS,
    FINDINGS,
    answers_of,
    filled,
    instance,
    post,
)
from tests.interop.test_clients import phone_of
from tests.reporting import building, shifting

pytestmark = pytest.mark.usefixtures("group")


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


def test_what_a_night_shift_finishes_in_the_morning_belongs_to_the_day_it_began(
    group: dict[str, Account],
) -> None:
    until_ten = replace(shifting.NIGHT, closes=Mark(day=1, at=time(10)))
    night = shifting.add_shift(marks=until_ten)
    yesterday = building.TODAY - timedelta(days=1)
    shifting.put_on("D2", night, yesterday, now=people.NOW - timedelta(days=1))

    answer = post(phone_of(group["unit_head"]), instance(ended="2020-02-12T06:30:00+08:00"))

    assert said(answer) == "daily_health 2020-02-11: Recorded."


def test_before_the_hour_it_opens_the_report_of_who_works_no_shift_is_still_of_its_own_day(
    group: dict[str, Account],
) -> None:
    until_six = replace(shifting.MORNING_ONLY, closes=Mark(day=1, at=time(6)))
    building.add_schedule("daily_health", "people", "W1", marks=until_six)

    answer = post(phone_of(group["unit_head"]), instance(ended="2020-02-12T05:30:00+08:00"))

    assert said(answer) == "daily_health 2020-02-12: Recorded."


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
