"""Directives over HTTP: who sees what, who may do what, and that pages say it."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from taishan.communications import cascading, directive_queries
from taishan.communications.models import Acknowledgement, Confirmation, Directive, DirectiveVersion
from taishan.core.duties import State
from taishan.duties.models import Duty
from taishan.kit import clock
from taishan.organisation import access, actions
from taishan.organisation.models import Account
from tests import people
from tests.communications.directing import DAY, LIST, draft, issued, measure, owed, unit_id
from tests.communications.test_cascade import part
from tests.communications.test_directives import rewrite
from tests.people import ACTOR, FOUNDED, NOW, signed_in
from tests.pictures import png

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]
PNG = png()


def page(account: Account, path: str) -> str:
    answer = signed_in(account).get(path)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def send(account: Account, path: str, **sent: Any) -> HttpResponse:
    return signed_in(account).post(path, sent)


def written(**changes: Any) -> dict[str, Any]:
    """What somebody fills in: one measure, one unit, to be read."""
    return {
        "title_zh": "口罩与复工", "text_zh": "分批返岗。", "title_en": "", "text_en": "",
        "to": "chosen", "units": [unit_id("W1")], "acknowledgement": "read",
        "acknowledge_by": "2020-02-13T17:00", "edition": "1", "measures-TOTAL_FORMS": "2",
        "measures-INITIAL_FORMS": "0", "measures-0-what_zh": "备足十天口罩",
        "measures-0-what_en": "", "measures-0-due_at": "2020-02-15T17:00",
        "measures-0-needs_evidence": "on", "measures-1-what_zh": "", "measures-1-what_en": "",
    } | changes  # fmt: skip


def head_of(unit: str, staff_no: str) -> Account:
    return actions.grant_role(
        actor=ACTOR, now=NOW, on=FOUNDED, staff_no=staff_no, name=f"头{staff_no}", unit=unit,
        role="unit_head",
    )  # fmt: skip


def test_headquarters_writes_and_issues_what_a_unit_then_owes(cast: dict[str, Account]) -> None:
    office = cast["duty_office"]
    send(office, "/directives/drafts/", unit="HQ")
    directive = Directive.objects.get()

    kept = send(office, f"/directives/{directive.pk}/draft/", **written())
    issue = send(office, f"/directives/{directive.pk}/issue/")

    assert (kept.status_code, issue.status_code) == (302, 302)
    duty = Duty.objects.get(kind="directive")
    assert (duty.what_en, duty.due_at.isoformat()) == ("备足十天口罩", "2020-02-15T09:00:00+00:00")
    assert "HQ No. 1 of 2020" in page(office, f"/directives/{directive.pk}/")


def test_a_measure_without_its_hour_stays_on_the_page(cast: dict[str, Account]) -> None:
    directive = draft()

    answer = send(
        cast["duty_office"], f"/directives/{directive.pk}/draft/",
        **written(**{"measures-0-due_at": ""}),
    )  # fmt: skip

    assert answer.status_code == 422
    assert "Say by when" in answer.content.decode()


def test_all_units_directly_below_are_addressed_by_one_choice(cast: dict[str, Account]) -> None:
    directive = draft()

    send(
        cast["duty_office"], f"/directives/{directive.pk}/draft/", **written(to="direct", units=[])
    )
    send(cast["duty_office"], f"/directives/{directive.pk}/issue/")

    codes = set(DirectiveVersion.objects.get().units.values_list("code", flat=True))
    assert codes == {"W1", "H1", "T1", "X1", "P1"}


def test_a_draft_is_hidden_from_those_it_will_go_to(cast: dict[str, Account]) -> None:
    directive = draft()

    assert signed_in(cast["unit_head"]).get(f"/directives/{directive.pk}/").status_code == 404


def test_who_is_not_reached_does_not_see_it(cast: dict[str, Account]) -> None:
    directive = issued("W1")
    other = head_of("T1", "D9")

    assert signed_in(other).get(f"/directives/{directive.pk}/").status_code == 404
    assert "Masks and return" not in page(other, "/directives/")
    assert "Masks and return" in page(cast["unit_head"], "/directives/?which=to")


def test_a_unit_sees_of_the_cascade_only_what_hangs_below_it(cast: dict[str, Account]) -> None:
    directive = issued("W1", "T1")
    cascading.decompose(actor=ACTOR, now=NOW, duty=owed(directive, "W1"), parts=[part("W2")])
    path = f"/directives/measures/{measure(directive).pk}/"

    seen = page(cast["unit_head"], path)

    assert "Unit W2" in seen
    assert "Unit T1" not in seen
    assert "Unit T1" in page(cast["duty_office"], path)
    hidden = f"{path}units/T1/"
    assert signed_in(cast["unit_head"]).get(hidden).status_code == 404


def test_a_refused_confirmation_keeps_what_was_written(cast: dict[str, Account]) -> None:
    duty = owed(issued("W1"), "W1")

    answer = send(cast["unit_head"], f"{duty.address}confirmations/", text="备足了三千只")

    assert answer.status_code == 422
    assert "add a photo or a document" in answer.content.decode()
    assert ">\n备足了三千只</textarea>" in answer.content.decode()


def test_an_answer_that_comes_too_late_keeps_what_was_written(cast: dict[str, Account]) -> None:
    duty = owed(issued("W1"), "W1")
    photo = SimpleUploadedFile("masks.png", PNG, "image/png")
    send(cast["unit_head"], f"{duty.address}confirmations/", text="办了", files=[photo])
    path = f"/directives/confirmations/{Confirmation.objects.get().pk}/answer/"
    send(cast["duty_office"], path, act="accept")

    answer = send(cast["duty_office"], path, act="return", reason="看不清标签")
    waived = send(cast["duty_office"], f"{duty.address}waiver/", reason="已撤站")

    assert (answer.status_code, waived.status_code) == (422, 422)
    assert "看不清标签" in answer.content.decode()
    assert "已撤站" in waived.content.decode()


def test_a_second_recall_keeps_what_was_written(cast: dict[str, Account]) -> None:
    path = f"/directives/{issued('W1').pk}/recall/"
    assert send(cast["duty_office"], path, reason="办错了").status_code == 302

    answer = send(cast["duty_office"], path, reason="另有安排")

    assert answer.status_code == 422
    assert "另有安排" in answer.content.decode()


def test_reading_is_acknowledged_by_page(cast: dict[str, Account]) -> None:
    directive = issued(acknowledgement="read", acknowledge_by=NOW + DAY)
    path = f"/directives/{directive.pk}/"
    assert "Read, for Unit W1" in page(cast["unit_head"], path)

    send(cast["unit_head"], f"{path}acknowledgement/", unit=unit_id("W1"), version=1)

    shown = page(cast["duty_office"], path)
    assert "林建国" in shown
    assert "done on time" in shown


def test_nobody_acknowledges_for_a_unit_they_do_not_answer_for(cast: dict[str, Account]) -> None:
    directive = issued("W1", "P1", acknowledgement="read", acknowledge_by=NOW + DAY)
    path = f"/directives/{directive.pk}/acknowledgement/"

    for role in ("employee", "inspector"):
        answer = send(cast[role], path, unit=unit_id("P1"), version=1)
        assert answer.status_code == 403


def test_a_signature_asks_for_the_password_anew_each_time(cast: dict[str, Account]) -> None:
    head = cast["unit_head"]
    head.set_password("correct horse battery")
    head.save()
    first, second = (issued(acknowledgement="sign", acknowledge_by=NOW + DAY) for _ in range(2))
    client = Client()
    client.login(username=head.username, password="correct horse battery")
    path = f"/directives/{first.pk}/signature/"

    asked = client.get(path)
    assert asked.headers["Location"].startswith("/accounts/reauthenticate/?next=")
    refused = client.post(path, {"unit": unit_id("W1"), "version": 1, "name": "林建国"})
    assert refused.status_code == 302
    assert not Acknowledgement.objects.exists()

    client.post("/accounts/reauthenticate/", {"password": "correct horse battery"})
    wrong = client.post(path, {"unit": unit_id("W1"), "version": 1, "name": "林"})
    assert wrong.status_code == 422
    client.post(path, {"unit": unit_id("W1"), "version": 1, "name": "林建国"})

    assert Acknowledgement.objects.get().proof == "password"
    again = client.get(f"/directives/{second.pk}/signature/")
    assert again.headers["Location"].startswith("/accounts/reauthenticate/")


def test_a_site_shows_a_photo_and_confirmation_climbs(cast: dict[str, Account]) -> None:
    directive, site = issued("W1"), head_of("W2", "D9")
    top = owed(directive, "W1")
    given = {"to": [f"unit-{unit_id('W2')}"], "what_zh": "清点库房", "due_at": "2020-02-14T12:00"}

    answer = send(cast["unit_head"], f"{top.address}parts/", **given, needs_evidence="on")
    assert answer.status_code == 302
    part_of_site = owed(directive, "W2")
    photo = SimpleUploadedFile("store.png", PNG)
    send(site, f"{part_of_site.address}confirmations/", text="数过了", files=[photo])
    first = Confirmation.objects.get()
    send(
        cast["unit_head"],
        f"/directives/confirmations/{first.pk}/answer/",
        act="return",
        reason="看不清",
    )
    assert "看不清" in page(site, part_of_site.address)
    again = SimpleUploadedFile("store.png", PNG)
    send(site, f"{part_of_site.address}confirmations/", text="重拍", files=[again])
    second = Confirmation.objects.get(number=2)
    send(cast["unit_head"], f"/directives/confirmations/{second.pk}/answer/", act="accept")
    send(cast["unit_head"], f"{top.address}confirmations/", text="已办结")
    third = Confirmation.objects.get(unit_id=top.unit_id)
    send(cast["duty_office"], f"/directives/confirmations/{third.pk}/answer/", act="accept")

    assert owed(directive, "W1").ended == State.ON_TIME
    evidence = signed_in(cast["duty_office"]).get(
        f"/directives/confirmations/{second.pk}/files/{second.files.get().pk}/"
    )
    assert evidence.content == PNG


def test_a_site_does_not_accept_what_it_confirmed(cast: dict[str, Account]) -> None:
    directive, site = issued("W1"), head_of("W2", "D9")
    cascading.decompose(actor=ACTOR, now=NOW, duty=owed(directive, "W1", LIST), parts=[part("W2")])
    duty = owed(directive, "W2", LIST)
    send(site, f"{duty.address}confirmations/", text="办了")

    answer = send(
        site, f"/directives/confirmations/{Confirmation.objects.get().pk}/answer/", act="accept"
    )

    assert answer.status_code == 403
    assert "You do not hold such a role there." in page(site, duty.address)


def test_who_may_not_act_is_told_why(cast: dict[str, Account]) -> None:
    duty = owed(issued("P1"), "P1")

    shown = page(cast["employee"], duty.address)

    assert "You do not hold such a role there." in shown
    assert "Confirm that it is done" not in shown


def test_a_new_version_shows_what_changed_word_by_word(cast: dict[str, Account]) -> None:
    directive = issued(acknowledgement="read", acknowledge_by=NOW + DAY)
    send(cast["duty_office"], f"/directives/{directive.pk}/version/")
    send(
        cast["duty_office"], f"/directives/{directive.pk}/draft/",
        **written(text_en="Return in small batches.", title_en="Masks and return to work"),
    )  # fmt: skip
    send(cast["duty_office"], f"/directives/{directive.pk}/issue/")

    shown = page(cast["unit_head"], f"/directives/{directive.pk}/?lang=en")

    assert "What version 2 changed" in shown
    assert "<ins>small </ins>" in shown


def test_files_go_with_a_draft_and_stay_with_the_version(cast: dict[str, Account]) -> None:
    directive, office = draft(), cast["duty_office"]
    path = f"/directives/{directive.pk}/draft/files/"
    for name in ("plan.png", "wrong.png"):
        send(office, path, files=[SimpleUploadedFile(name, PNG)])
    wrong = directive.files.get(name="wrong.png")

    send(office, path, without=wrong.pk)
    send(office, f"/directives/{directive.pk}/issue/")

    kept = DirectiveVersion.objects.get().files.get()
    assert kept.name == "plan.png"
    answer = signed_in(cast["unit_head"]).get(f"/directives/{directive.pk}/files/{kept.pk}/")
    assert answer.content == PNG


def test_a_cascade_costs_three_queries_however_many_units(cast: dict[str, Account]) -> None:
    codes = [f"N{number}" for number in range(40)]
    actions.open_units(
        actor=ACTOR, now=NOW, on=FOUNDED, details=[people.unit(code, "CN-TJ") for code in codes]
    )
    asked = measure(issued("W1", *codes))
    viewer = access.viewer_for(cast["duty_office"], clock.today())

    with CaptureQueriesContext(
        connection,
    ) as captured:
        nodes = directive_queries.find_cascade(viewer, asked, NOW)

    assert len(nodes) == 41
    assert len(captured) == 3


@pytest.mark.parametrize("path", ["/directives/", "/directives/?which=by"])
def test_the_list_costs_as_few_queries_for_many_as_for_one(
    cast: dict[str, Account], path: str
) -> None:
    client = signed_in(cast["duty_office"])

    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(path).status_code == 200
        return len(captured)

    issued()
    one = cost()
    for _ in range(5):
        issued("W1", "T1")

    assert cost() == one


def test_the_page_reads_all_versions_as_cheaply_as_two(cast: dict[str, Account]) -> None:
    directive = issued(acknowledgement="read", acknowledge_by=NOW + DAY)
    client, path = signed_in(cast["inspector"]), f"/directives/{directive.pk}/"

    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(path).status_code == 200
        return len(captured)

    rewrite(directive, text_zh="第一次改")
    two = cost()
    for number in range(3):
        rewrite(directive, text_zh=f"再改{number}")

    assert cost() == two


def test_what_waits_for_an_answer_is_not_counted_as_overdue(cast: dict[str, Account]) -> None:
    directive = issued("W1", "T1")
    cascading.confirm(actor=ACTOR, now=NOW, duty=owed(directive, "W1", LIST), text="Listed")
    viewer = access.viewer_for(cast["duty_office"], clock.today())

    counts = directive_queries.count_by_measure(viewer, directive.measures.all(), LIST.due_at)[
        measure(directive, LIST).pk
    ]

    assert (counts["total"], counts["done"], counts["overdue"]) == (2, 0, 1)
