"""The pages of duties: the first screen, the list of a unit, one duty and its acts."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from taishan.duties import actions
from taishan.duties.models import Duty, Handover, ProofFile
from taishan.organisation import posts
from taishan.organisation.models import Account, Unit
from tests.duties.building import DAY, HOUR, assign
from tests.people import ACTOR, FOUNDED, NOW, signed_in
from tests.pictures import png
from tests.reporting.building import hire

PNG = png()


def address(duty: Duty, act: str = "one") -> str:
    unit = Unit.objects.get(pk=duty.unit_id)
    return reverse(f"duties:{act}", args=[unit.code, duty.id])


@pytest.mark.django_db
def test_the_first_screen_says_what_is_overdue_due_waited_for_and_done(
    cast: dict[str, Account],
) -> None:
    assign("W1", subject=("d", "1"), what_en="Late thing", due_at=NOW - HOUR,
           opened_at=NOW - 2 * HOUR)  # fmt: skip
    assign("W1", subject=("d", "2"), what_en="Next thing", due_at=NOW + 30 * DAY)
    done = assign("W1", subject=("d", "3"), what_en="Done thing", due_at=NOW + DAY)
    actions.discharge(actor=ACTOR, now=NOW, duty=done)
    assign("H1", subject=("d", "4"), what_en="Not mine", due_at=NOW + DAY)
    head, office = (signed_in(cast[role]).get("/").context for role in ("unit_head", "duty_office"))

    def words(lines: list[dict[str, str]]) -> list[str]:
        return [line["what"] for line in lines]

    assert words(head["overdue"]) == ["Late thing"]
    assert "Next thing" in words(head["due"])
    assert words(head["done"]) == ["Done thing"]
    assert head["waiting_on"] == []
    assert words(office["waiting_on"]) == ["Late thing", "Not mine", "Next thing"]


@pytest.mark.django_db
def test_the_first_screen_takes_as_many_queries_for_many_duties_as_for_few(
    cast: dict[str, Account],
) -> None:
    client = signed_in(cast["unit_head"])

    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            client.get("/")
        return len(found)

    assign("W1")
    queries()
    few = queries()
    for number in range(2, 20):
        assign("W1", subject=("d", str(number)))
    assert queries() == few


@pytest.mark.django_db
def test_who_owes_a_ticked_duty_records_it_with_a_photo(
    cast: dict[str, Account], media: Path
) -> None:
    duty = assign("W1", kind="decision", needs_evidence=True)
    client = signed_in(cast["safety_officer"])

    empty = client.post(address(duty, "discharge"), {"evidence": ""})
    photo = io.BytesIO(PNG)
    photo.name = "masks.png"
    client.post(address(duty, "discharge"), {"evidence": "", "file": photo})

    assert empty.status_code == 422
    assert Duty.objects.get(id=duty.id).ended == "on_time"
    assert ProofFile.objects.get().name == "masks.png"
    assert client.get(address(duty, "file")).content == PNG


@pytest.mark.django_db
def test_a_duty_done_elsewhere_is_not_done_by_saying_so(cast: dict[str, Account]) -> None:
    duty = assign("W1", address="/board/")
    client = signed_in(cast["unit_head"])

    page = client.get(address(duty)).content.decode()

    assert "It is done where it belongs" in page
    assert client.post(address(duty, "discharge")).status_code == 403


@pytest.mark.django_db
def test_nobody_waives_what_they_owe_themselves(cast: dict[str, Account]) -> None:
    w1 = Unit.objects.get(code="W1").pk
    own = assign("W1", kind="decision", creditor_id=w1)
    client = signed_in(cast["unit_head"])

    assert client.post(address(own, "waiver"), {"reason": "too busy"}).status_code == 403
    assert Duty.objects.get(id=own.id).ended is None


@pytest.mark.django_db
def test_the_page_of_a_duty_tells_its_whole_story(cast: dict[str, Account]) -> None:
    post = posts.open_post(
        actor=ACTOR, now=NOW, on=FOUNDED, code="P", unit="W1", title_en="Warden", title_zh="保卫"
    )
    duty = assign("W1", kind="decision")
    office = signed_in(cast["duty_office"])

    office.post(address(duty, "extension"), {"due_at": "2020-02-20T17:00", "reason": "snow"})
    office.post(address(duty, "handover"), {"post": str(post.pk), "reason": "it is theirs"})
    office.post(address(duty, "waiver"), {"reason": "settled otherwise"})

    page = office.get(address(duty))
    titles = [event["title"] for event in page.context["events"]]
    assert titles == [
        "Opened", "Due 02-20 17:00 instead of 02-12 17:00", "Handed over: the unit → Warden",
        "Waived",
    ]  # fmt: skip
    assert Handover.objects.get().reason == "it is theirs"
    assert "settled otherwise" in page.content.decode()


@pytest.mark.django_db
def test_a_part_owed_abroad_stands_under_its_unit_and_its_own_clock(
    cast: dict[str, Account],
) -> None:
    whole = assign("W1", due_at=NOW + 20 * HOUR)
    assign("P1", parent=whole, due_at=NOW + 16.5 * HOUR)

    (line,) = signed_in(cast["duty_office"]).get(address(whole)).context["children"]

    assert (line["owner"], line["due"]) == ("Unit P1", "2020-02-12 23:30")


@pytest.mark.django_db
def test_a_duty_goes_to_nobody_who_does_not_work_in_the_unit(cast: dict[str, Account]) -> None:
    duty = assign("W1")

    answer = signed_in(cast["unit_head"]).post(
        address(duty, "handover"), {"staff_no": "D6", "reason": "let them"}
    )

    assert answer.status_code == 422
    assert not Handover.objects.exists()


@pytest.mark.django_db
def test_a_duty_goes_to_nobody_who_could_not_do_it(cast: dict[str, Account]) -> None:
    duty, head = assign("W1", kind="campaign_return"), signed_in(cast["unit_head"])
    hire("D3", "D6", unit="W1")
    post = posts.open_post(
        actor=ACTOR, now=NOW, on=FOUNDED, code="P", unit="W1", title_en="Warden", title_zh="保卫"
    )

    for given in ({"staff_no": "D6"}, {"post": str(post.pk)}):
        refused = head.post(address(duty, "handover"), given | {"reason": "let them"})
        assert refused.status_code == 422
        assert "no role in the unit by which this is done" in refused.content.decode()
    assert not Handover.objects.exists()

    taken = head.post(address(duty, "handover"), {"staff_no": "D3", "reason": "let them"})
    assert taken.status_code == 302
    assert Handover.objects.get().to_person_id == cast["safety_officer"].person_id


@pytest.mark.django_db
def test_what_a_person_owes_is_not_shown_to_those_who_see_no_people(
    cast: dict[str, Account],
) -> None:
    duty = assign("P1", person_id=cast["duty_office"].person_id)

    assert signed_in(cast["employee"]).get(address(duty)).status_code == 404
    assert signed_in(cast["employee"]).get("/duties/units/P1/").context["lines"] == []
    assert signed_in(cast["inspector"]).get(address(duty)).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Overdue", "Open"]),
        ("?state=overdue", ["Overdue"]),
        ("?state=missed", ["Missed"]),
        ("?state=on_time", ["Done"]),
        ("?state=", ["Open", "Done", "Overdue", "Missed"]),
        ("?state=&since=2020-02-12&last=2020-02-12", ["Done", "Overdue", "Missed"]),
        ("?kind=decision", []),
    ],
)
def test_the_list_of_a_unit_is_narrowed_by_its_address(
    cast: dict[str, Account], query: str, found: list[str]
) -> None:
    before = {"opened_at": NOW - DAY}
    assign("W1", subject=("d", "1"), what_en="Open", due_at=NOW + 9 * DAY)
    assign("W1", subject=("d", "2"), what_en="Overdue", due_at=NOW - HOUR, **before)
    assign("W1", subject=("d", "3"), what_en="Missed", due_at=NOW - 2 * HOUR,
           lapses_at=NOW - HOUR, **before)  # fmt: skip
    done = assign("W1", subject=("d", "4"), what_en="Done", due_at=NOW + HOUR)
    actions.discharge(actor=ACTOR, now=NOW, duty=done)

    page = signed_in(cast["inspector"]).get(f"/duties/units/W1/{query}")

    assert [line["what"] for line in page.context["lines"]] == found


@pytest.mark.django_db
def test_what_is_open_is_a_duty_in_chinese_and_no_workplace(cast: dict[str, Account]) -> None:
    page = signed_in(cast["inspector"]).get("/duties/units/W1/?lang=zh").content.decode()

    assert '<option value="open" selected>未结</option>' in page


@pytest.mark.parametrize(
    ("kind", "led"),
    [
        ("explanation", {"unit_head"}),
        ("inspection", {"unit_head", "safety_officer", "duty_office"}),
        ("unit_return", {"unit_head", "safety_officer", "duty_office"}),
        ("hazard_step", {"unit_head", "safety_officer", "duty_office", "inspector"}),
    ],
)
def test_only_who_is_answered_is_led_where_it_is_done(
    cast: dict[str, Account], kind: str, led: set[str]
) -> None:
    duty = assign("W1", kind=kind, address="/where-it-is-done/")

    pages = {role: signed_in(cast[role]).get(address(duty)).content.decode()
             for role in ("unit_head", "safety_officer", "duty_office", "inspector")}  # fmt: skip

    assert {role for role, page in pages.items() if "/where-it-is-done/" in page} == led
