"""Red lines: recorded as data, in the gate in the same second, lifted by the named authority."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.db.utils import ProgrammingError

from taishan.core.gate import Permission
from taishan.duties.models import Duty
from taishan.kit import clock
from taishan.kit.editions import LibraryRefused
from taishan.kit.yaml_libraries import LibraryInvalid
from taishan.ledger.models import Entry
from taishan.organisation import posts
from taishan.organisation.models import Account
from taishan.safety import red_line_files, red_line_queries, red_lines
from taishan.safety.actions import StopRefused
from taishan.safety.models import StopWork
from taishan.safety.red_line_models import RedLine
from tests import people
from tests.safety.building import PNG, granted, lift, stop
from tests.safety.drawing import SHIPPED, asked, crossed, drawn, library, record
from tests.safety.test_stop_work import DAY, client, state


def test_the_shipped_libraries_are_well_formed_and_sourced() -> None:
    found = [red_line_files.parse(file.read_bytes(), file.name) for file in SHIPPED]

    lines = [line for one in found for line in one.red_lines]
    assert len(found) == 2
    assert all(line.source.en and line.source.zh for line in lines)
    assert {line.basis.value for line in lines} == {"law", "group"}


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"lifted_by": {"level": "unit_above", "unit": "HQ"}}, r"own.yaml:14: .*exactly one"),
        ({"kinds_of_work": ["FUN"]}, r"no kind of work: FUN"),
        ({"holds_until": "2019-01-01"}, r"own.yaml:7: .*ends after it begins"),
        ({"basis": "habit"}, r"own.yaml:9: red_lines.0.basis"),
        ({"colour": "red"}, r"red_lines.0.colour"),
    ],
)
def test_a_wrong_library_is_explained_by_its_lines(wrong: dict[str, object], message: str) -> None:
    with pytest.raises(LibraryInvalid, match=message):
        red_line_files.parse(library(wrong), "own.yaml")


def test_a_library_is_recorded_once_and_what_it_no_longer_has_ends(
    cast: dict[str, Account],
) -> None:
    first = record({}, {"code": "edge"})
    again = record({}, {"code": "edge"})
    later = record({"lifted_by": {"level": "unit_above"}}, on="2020-02-01")

    assert (first.created, again.unchanged) == (["load", "edge"], ["load", "edge"])
    assert (later.changed, later.ended) == (["load"], ["edge"])
    held = {row.code: row.lifted_by for row in red_line_queries.find_all(DAY)}
    assert held == {"load": "unit_above"}
    assert Entry.objects.filter(verb="red_lines.imported").count() == 2


def test_a_red_line_of_a_law_changes_by_itself_on_the_laws_day(cast: dict[str, Account]) -> None:
    record(
        {"holds_until": "2021-09-01"},
        {"holds_from": "2021-09-01", "source": {"en": "Rule 9", "zh": "第九条"}},
    )

    sources = [
        [row.source_en for row in red_line_queries.find_all(day)]
        for day in (DAY, DAY.replace(year=2022))
    ]
    assert sources == [["Rule 7"], ["Rule 9"]]


def test_a_red_line_holds_on_the_units_own_day_not_on_the_groups(
    cast: dict[str, Account], monkeypatch: pytest.MonkeyPatch
) -> None:
    record(
        {"holds_until": "2020-02-13"},
        {"code": "edge", "holds_from": "2020-02-13"},
    )
    now = datetime(2020, 2, 12, 16, 30, tzinfo=UTC)  # 23:30 in Phnom Penh, 0:30 in Wenzhou
    monkeypatch.setattr(clock, "now", lambda: now)
    load, edge = (RedLine.objects.get(code=code) for code in ("load", "edge"))

    for unit, holds, not_yet in (("P1", load, edge), ("W1", edge, load)):
        with pytest.raises(StopRefused, match="does not hold"):
            crossed(cast["duty_office"], not_yet, unit, now)
        offered = client(cast["duty_office"]).get(f"/safety/red-lines/breaches/new/?unit={unit}")
        assert list(offered.context["form"].fields["red_line"].queryset) == [holds]
        listed = client(cast["duty_office"]).get(f"/api/v1/red-lines?unit={unit}").json()
        assert [one["code"] for one in listed] == [holds.code]
        assert crossed(cast["duty_office"], holds, unit, now).red_line == holds


def test_a_red_line_that_names_an_unknown_post_is_not_recorded(cast: dict[str, Account]) -> None:
    with pytest.raises(LibraryRefused, match="No post"):
        record({"lifted_by": {"post": "nobody"}})


def test_a_crossed_red_line_shuts_the_unit_in_the_same_second(
    cast: dict[str, Account],
) -> None:
    before = state(cast, "X1")
    crossed(cast["employee"], drawn(), "X1")

    assert (before, state(cast, "X1")) == (Permission.OPEN, Permission.SHUT)


def test_it_shows_on_the_board_and_the_units_page_with_its_citation(
    cast: dict[str, Account],
) -> None:
    crossed(cast["employee"], drawn(), now=clock.now())

    for path in ("/board/?q=W1", "/units/W1/"):
        page = client(cast["unit_head"]).get(path).content.decode()
        assert "red line: Nobody under a load (Rule 7)" in page, path
    (verdict,) = client(cast["unit_head"]).get("/api/v1/verdicts?unit=W1").json()
    assert verdict["stops"][0]["red_line"] == "load"


def test_a_red_line_of_another_unit_or_kind_stops_nothing(cast: dict[str, Account]) -> None:
    of_sites = drawn(unit_kinds=["site"])

    with pytest.raises(StopRefused, match="does not hold"):
        crossed(cast["employee"], of_sites, "X1")
    assert not StopWork.objects.exists()


def test_it_is_lifted_on_a_file_by_a_second_person_of_the_authority(
    cast: dict[str, Account],
) -> None:
    found = crossed(cast["employee"], drawn(), "X1")
    with pytest.raises(StopRefused, match="on a file"):
        asked(cast["duty_office"], found, with_file=False)
    request = asked(cast["duty_office"], found)
    with pytest.raises(StopRefused, match="second person"):
        lift(cast["duty_office"], request)
    second = granted("D9", "许言")
    lift(second, request)

    assert state(cast, "X1") is Permission.OPEN


def test_the_head_of_the_unit_never_lifts_it_even_as_a_member_of_the_authority(
    cast: dict[str, Account],
) -> None:
    head = granted("D2", "林建国")
    request = asked(cast["safety_officer"], crossed(cast["employee"], drawn()))

    with pytest.raises(StopRefused, match="own head never"):
        lift(head, request)


def test_only_who_holds_the_named_post_lifts_it(cast: dict[str, Account]) -> None:
    post = posts.open_post(
        actor=people.ACTOR, now=people.NOW, on=people.FOUNDED, unit="HQ", code="HQ-SD",
        title_en="Safety director", title_zh="安全总监",
    )  # fmt: skip
    person = cast["inspector"].person
    assert person is not None
    posts.hold_post(actor=people.ACTOR, now=people.NOW, on=people.FOUNDED, person=person, post=post)
    found = crossed(cast["employee"], drawn(lifted_by={"post": "HQ-SD"}))
    request = asked(cast["unit_head"], found)

    with pytest.raises(StopRefused, match="authority named"):
        lift(cast["duty_office"], request)
    assert Duty.objects.get(kind="approval", ended=None).post == post
    lift(cast["inspector"], request)
    assert not Duty.objects.filter(ended=None).exists()


def test_a_stop_without_a_red_line_is_lifted_as_before(cast: dict[str, Account]) -> None:
    request = asked(cast["unit_head"], stop(cast["employee"]), with_file=False)

    assert lift(cast["duty_office"], request).is_lifted


def test_the_application_cannot_alter_what_a_red_line_says(cast: dict[str, Account]) -> None:
    drawn()

    for change in (
        lambda: RedLine.objects.update(lifted_by="unit_above"),
        RedLine.objects.all().delete,
    ):
        with pytest.raises(ProgrammingError), transaction.atomic():
            change()  # type: ignore[no-untyped-call]


def test_anybody_reports_it_by_the_page_with_a_photo(cast: dict[str, Account], media: Path) -> None:
    red_line = drawn()
    sent = {
        "unit": "W1", "red_line": red_line.pk, "ground": "Under the slab", "shown_to": "nobody",
        "photo": SimpleUploadedFile("seen.png", PNG),
    }  # fmt: skip

    answer = client(cast["employee"]).post("/safety/red-lines/breaches/new/", sent)

    found = StopWork.objects.get()
    assert (answer.status_code, found.red_line, found.by) == (200, red_line, None)
    assert "Work is stopped" in answer.content.decode()
    assert found.photo.name == "seen.png"


def test_what_one_person_reports_offline_is_never_told_in_the_next_ones_name(
    cast: dict[str, Account], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: people.NOW)
    writer, address = client(cast["employee"]), "/safety/red-lines/breaches/new/"
    sent = {"unit": "W1", "red_line": drawn().pk, "ground": "Under the slab", "shown_to": "nobody"}
    sent["account"] = cast["employee"].pk

    answer = client(cast["unit_head"]).post(address, sent)

    assert f'name="account" value="{cast["employee"].pk}"' in (
        writer.get(f"{address}?unit=W1").content.decode()
    )
    assert (answer.status_code, StopWork.objects.count()) == (403, 0)


def test_a_phone_that_sends_a_crossed_red_line_twice_stops_work_once(
    cast: dict[str, Account],
) -> None:
    sent = {
        "unit": "W1", "red_line": drawn().pk, "ground": "Under the slab", "shown_to": "nobody",
        "client": "7a3d0e1c-4bb5-4f0f-9a2e-5f0d6f1c2b3a",
        "device_at": (clock.now() - timedelta(hours=3)).isoformat(),
    }  # fmt: skip
    address = "/safety/red-lines/breaches/new/"

    answers = [client(cast["employee"]).post(address, sent) for _twice in range(2)]

    found = StopWork.objects.get()
    assert [one.status_code for one in answers] == [200, 200]
    assert Entry.objects.filter(verb="work.stopped").count() == 1
    assert found.stopped_at - found.said_at >= timedelta(hours=3)
    page = client(cast["duty_office"]).get(f"/stop-work/{found.pk}/").content.decode()
    assert "Said on a phone that had no network" in page


@pytest.mark.parametrize("ago", [timedelta(seconds=5), timedelta(days=-1), timedelta(days=30)])
def test_a_stop_that_did_not_wait_or_whose_phone_is_off_by_days_says_no_other_hour(
    cast: dict[str, Account], ago: timedelta
) -> None:
    sent = {
        "unit": "W1", "red_line": drawn().pk, "ground": "Under the slab", "shown_to": "nobody",
        "device_at": (clock.now() - ago).isoformat(),
    }  # fmt: skip

    client(cast["employee"]).post("/safety/red-lines/breaches/new/", sent)

    assert StopWork.objects.get().said_at is None


@pytest.mark.parametrize("clock_says", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])
def test_a_stop_is_taken_however_mad_the_clock_of_the_phone(
    cast: dict[str, Account], clock_says: str
) -> None:
    sent = {"unit": "W1", "red_line": drawn().pk, "ground": "Under the slab", "shown_to": "nobody"}

    for address in ("/safety/red-lines/breaches/new/", "/stop-work/new/"):
        sent["client"] = str(uuid4())
        answer = client(cast["employee"]).post(address, sent | {"device_at": clock_says})
        assert answer.status_code == 200, answer.content.decode()

    assert set(StopWork.objects.values_list("said_at", flat=True)) == {None}


def test_another_system_reports_it_by_the_api(cast: dict[str, Account], media: Path) -> None:
    drawn()
    sender = client(cast["employee"])
    held = sender.get("/api/v1/red-lines?unit=W1").json()
    sent = {"unit": "W1", "red_line": "load", "ground": "Under the slab"}

    answer = sender.post(
        "/api/v1/red-lines/breaches", sent | {"photo": SimpleUploadedFile("seen.png", PNG)}
    )
    odd = ({"red_line": "none"}, {"ground": "a\x00b"}, {"unit": "\x00"})
    refused = [sender.post("/api/v1/red-lines/breaches", sent | one).status_code for one in odd]

    assert [one["code"] for one in held] == ["load"]
    assert (answer.json()["authority"], refused) == ("HQ", [422, 422, 422])
    assert StopWork.objects.get().photo.sha256


def test_a_library_is_checked_and_recorded_by_the_page(cast: dict[str, Account]) -> None:
    office, sent = client(cast["duty_office"]), {"unit": "HQ", "on": "2020-02-12"}
    address = "/safety/red-lines/library/"
    text = library({}).decode()

    wrong = office.post(address, sent | {"text": text.replace("group", "habit")})
    checked = office.post(address, sent | {"text": text})
    assert not RedLine.objects.exists()
    recorded = office.post(address, sent | {"text": text, "act": "record"})

    assert (wrong.status_code, checked.status_code, recorded.status_code) == (422, 200, 302)
    assert "library:9" in wrong.content.decode()
    assert RedLine.objects.get().code == "load"


def test_comparing_a_library_writes_nothing(cast: dict[str, Account]) -> None:
    found = red_line_files.parse(library({}), "own.yaml")

    done = red_lines.compare_library(now=people.NOW, on=DAY, unit="HQ", library=found)

    assert (done.created, RedLine.objects.exists()) == (["load"], False)
