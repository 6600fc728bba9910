"""The inspector's desk: what it finds, for whom, what it keeps of each look, what it gives away."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from taishan.communications import actions as notices
from taishan.communications.actions import Words
from taishan.files.models import AskedFile
from taishan.kit import clock, tables
from taishan.kit.actor import Actor
from taishan.ledger import actions as ledger
from taishan.ledger import sealing
from taishan.ledger.models import Entry, Seal
from taishan.organisation import actions as organisation
from taishan.organisation.access import viewer_for
from taishan.organisation.models import Account, Person, Unit
from taishan.web import inspecting, inspection_long, tasks
from tests import people

WORDS = Words(title_en="Masks", title_zh="口罩", text_en="Fetch them.", text_zh="请领取。")


def unit_id(code: str) -> int:
    return Unit.objects.get(code=code).pk


def person_id(staff_no: str) -> int:
    return Person.objects.get(staff_no=staff_no).pk


def happen(at: str, number: int = 1, **more: object) -> None:
    """Record events in a unit, a minute apart, after everything else."""
    for n in range(number):
        now = people.NOW + timedelta(days=1, minutes=n)
        values = {"verb": "unit.changed", "subject": ("unit", at), "actor": people.ACTOR} | more
        with transaction.atomic():
            ledger.record(now=now, unit_id=unit_id(at), **values)  # type: ignore[arg-type]


def tell(*staff_nos: str, about: tuple[str, str] = ("", "")) -> str:
    """Send a notice and have the first of those told confirm it; return its number."""
    notice = notices.send(
        actor=people.ACTOR, now=people.NOW, unit_id=unit_id("W1"), words=WORDS, about=about,
        person_ids=[person_id(staff_no) for staff_no in staff_nos],
    )  # fmt: skip
    reader = Actor(label="", account_id=1, person_id=person_id(staff_nos[0]), post="unit_head")
    later = people.NOW + timedelta(hours=1)
    notices.confirm(actor=reader, now=later, notice_id=notice.pk)
    return str(notice.pk)


def visit(account: Account, path: str = "", **given: str) -> HttpResponse:
    client = Client()
    client.force_login(account)
    return client.get(f"/inspection/{path}", given)


def sentences(answer: HttpResponse) -> list[str]:
    return [row["sentence"] for row in answer.context["rows"]]


def subjects(answer: HttpResponse) -> list[str]:
    return [row["entry"].subject_id for row in answer.context["rows"]]


@pytest.fixture
def site_inspector(cast: dict[str, Account]) -> Account:
    """An inspector of W1 and what is below it, and of nothing else."""
    return organisation.grant_role(
        actor=people.ACTOR, now=people.NOW, on=people.FOUNDED, staff_no="D9", name="何方",
        role="inspector", unit="W1",
    )  # fmt: skip


def test_what_happened_is_listed_latest_first(cast: dict[str, Account]) -> None:
    happen("W2", 2)

    answer = visit(cast["inspector"])

    times = [row["entry"].recorded_at for row in answer.context["rows"]]
    assert times == sorted(times, reverse=True)
    assert sentences(answer)[:2] == ["What is recorded of the unit was changed"] * 2


def test_in_chinese_too(cast: dict[str, Account]) -> None:
    happen("W2")

    assert "变更了单位的记录" in visit(cast["inspector"], lang="zh").content.decode()


def test_filters_narrow_and_stay_in_every_address(cast: dict[str, Account]) -> None:
    happen("W1", verb="unit.moved")
    happen("W2", verb="unit.moved")
    happen("H1", verb="unit.moved")

    by_unit = visit(cast["inspector"], unit="W1", verb="unit.moved")
    by_day = visit(cast["inspector"], since="2020-02-14", until="2020-02-14")
    by_days = visit(cast["inspector"], since="2020-02-13", until="2020-02-13", verb="unit.moved")

    assert sorted(subjects(by_unit)) == ["W1", "W2"]
    assert by_unit.context["exports"][0][1] == "/inspection/entries.csv?unit=W1&verb=unit.moved"
    assert subjects(by_day) == []
    assert sorted(subjects(by_days)) == ["H1", "W1", "W2"]


def test_what_somebody_did_is_found_by_their_staff_number(cast: dict[str, Account]) -> None:
    number = tell("D2", "D3")

    answer = visit(cast["inspector"], person="D2")

    assert sentences(answer) == ["A notice was confirmed as read"]
    assert subjects(answer) == [number]
    assert answer.context["rows"][0]["who"] == "林建国 (D2)"


@pytest.mark.parametrize(
    ("given", "why"),
    [({"record": "W1"}, "A record is a kind and an id"), ({"unit": "ZZ"}, "No such unit"),
     ({"person": "Z9"}, "Nobody has the staff number Z9"), ({"since": "soon"}, "is not a day"),
     ({"until": "9999-12-31"}, "is not a day"),
     ({"before": "then"}, "address is not complete")],
)  # fmt: skip
def test_what_cannot_be_looked_for_is_said(
    cast: dict[str, Account], given: dict[str, str], why: str
) -> None:
    answer = visit(cast["inspector"], **given)

    assert why in answer.content.decode()
    assert subjects(answer) == []


def test_an_inspector_of_a_unit_sees_its_subtree_and_nothing_of_the_group(
    site_inspector: Account,
) -> None:
    for code in ("W1", "W2", "H1", "HQ"):
        happen(code)

    answer = visit(site_inspector)

    assert {row["unit"] for row in answer.context["rows"]} == {"W1", "W2"}
    assert "No such unit" in visit(site_inspector, unit="H1").content.decode()
    assert visit(site_inspector, "record/", record="unit:H1").status_code == 404
    assert visit(site_inspector, "record/", record="unit:W2").status_code == 200
    assert b"H1" not in visit(site_inspector, "entries.csv").content


def test_the_way_to_the_desk_is_shown_to_who_may_go_there(cast: dict[str, Account]) -> None:
    for role, account in cast.items():
        client = Client()
        client.force_login(account)
        is_shown = b'href="/inspection/' in client.get("/organisation/").content
        assert is_shown == (role in ("inspector", "discipline_office")), role


def test_earlier_entries_follow_without_gap_or_double(
    cast: dict[str, Account], monkeypatch: pytest.MonkeyPatch
) -> None:
    happen("W1", 9)
    happen("W2", 4)  # of the same instants
    monkeypatch.setattr(inspecting.page, "__defaults__", (5,))
    seen, mark = [], ""
    for _ in range(3):
        answer = visit(cast["inspector"], unit="W1", verb="unit.changed", before=mark)
        seen += [row["entry"].id for row in answer.context["rows"]]
        mark = answer.context["older"]

    assert len(seen) == len(set(seen)) == 13
    assert mark == ""


def test_a_list_takes_as_many_queries_for_many_entries_as_for_few(
    cast: dict[str, Account], django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    happen("W1", 120)
    client = Client()
    client.force_login(cast["inspector"])

    with django_assert_max_num_queries(18):
        assert client.get("/inspection/").status_code == 200
    with django_assert_max_num_queries(18):
        assert client.get("/inspection/record/?record=unit:W1").status_code == 200


def test_the_story_of_a_record_runs_from_told_to_acknowledged(cast: dict[str, Account]) -> None:
    number = tell("D2", "D3", about=("unit", "W1"))
    happen("W1")

    of_notice = visit(cast["inspector"], "record/", record=f"notice:{number}")
    of_unit = visit(cast["inspector"], "record/", record="unit:W1")

    assert sentences(of_notice) == ["A notice was confirmed as read", "A notice was sent"]
    stages = {str(one["word"]): one["count"] for one in of_notice.context["stages"]}
    assert stages == {
        "told": 1, "opened": 0, "acknowledged": 1, "owed": 0, "did": 0, "verified": 0
    }  # fmt: skip
    assert sentences(of_unit) == [
        "What is recorded of the unit was changed", "A notice was confirmed as read",
        "A notice was sent", "The unit was opened",
    ]  # fmt: skip
    assert f'href="/notices/{number}/' in of_notice.content.decode()


def test_nothing_recorded_is_no_page(cast: dict[str, Account]) -> None:
    for record in ("unit:ZZ", "nothing", ""):
        assert visit(cast["inspector"], "record/", record=record).status_code == 404


def test_consent_and_the_health_of_one_person_are_shown_to_nobody(
    cast: dict[str, Account],
) -> None:
    for verb in inspecting.PRIVATE:
        happen("W1", verb=verb, subject=("person", str(person_id("D2"))))

    for path in ("", "entries.csv"):
        text = visit(cast["inspector"], path, unit="W1").content.decode()
        assert not any(verb in text for verb in inspecting.PRIVATE)


@pytest.mark.parametrize(
    ("path", "given", "verb", "subject"),
    [("", {"unit": "W1", "since": "2020-02-01"}, "ledger.looked_at", "entries"),
     ("record/", {"record": "unit:W1"}, "ledger.looked_at", "unit:W1"),
     ("seals/", {}, "ledger.looked_at", "seals"),
     ("entries.xlsx", {"record": "unit:W1"}, "ledger.exported", "unit:W1")],
)  # fmt: skip
def test_each_look_is_itself_in_the_ledger_and_not_in_the_story(
    cast: dict[str, Account], path: str, given: dict[str, str], verb: str, subject: str
) -> None:
    before = sentences(visit(cast["inspector"], "record/", record="unit:W1"))
    was = Entry.objects.count()

    visit(cast["discipline_office"], path, **given)

    assert Entry.objects.count() == was + 1
    look = Entry.objects.latest("recorded_at")
    assert (look.verb, look.subject_kind, look.subject_id) == (verb, "inspection", subject)
    assert look.person_id == person_id("D5")
    assert look.data.get("since") == given.get("since")
    assert sentences(visit(cast["inspector"], "record/", record="unit:W1")) == before
    looks = visit(cast["inspector"], "record/", record=f"inspection:{subject}")
    assert "郑岚 (D5)" in looks.content.decode()


def test_a_look_that_is_refused_leaves_nothing(cast: dict[str, Account]) -> None:
    was = Entry.objects.count()

    assert visit(cast["unit_head"]).status_code == 403

    assert Entry.objects.count() == was


def test_a_table_holds_what_the_page_shows(cast: dict[str, Account]) -> None:
    number = tell("D2")
    sealing.seal_all(now=people.NOW)

    content = visit(cast["inspector"], "entries.xlsx", record=f"notice:{number}").content
    columns = [tables.Column(key=key) for key in ("What was done", "Entry no.", "By whom")]
    sheet = tables.read(content, columns=columns)

    assert [row.values["What was done"] for row in sheet.rows] == [
        "A notice was confirmed as read", "A notice was sent"
    ]  # fmt: skip
    assert all(row.values["Entry no."].isdecimal() for row in sheet.rows)
    assert sheet.rows[0].values["By whom"] == "林建国 (D2)"


def test_what_is_exported_with_proofs_convinces_an_outsider(
    cast: dict[str, Account], tmp_path: Path
) -> None:
    number = tell("D2")
    sealing.seal_all(now=people.NOW)

    content = visit(cast["inspector"], "entries.zip", record=f"notice:{number}").content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        archive.extractall(tmp_path)
    done = subprocess.run(
        [sys.executable, "-I", "verify.py", "proof.json", Seal.objects.latest("size").code],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "README.txt", "entries.csv", "entries.xlsx", "proof.json", "verify.py"
    ]  # fmt: skip
    assert done.returncode == 0
    assert "notice.confirmed" in done.stdout
    assert "林建国" not in done.stdout


def test_before_the_first_seal_the_tables_come_without_proof(cast: dict[str, Account]) -> None:
    content = visit(cast["inspector"], "entries.zip", record="unit:W1").content

    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert "proof.json" not in archive.namelist()
        assert b"Nothing was sealed yet" in archive.read("README.txt")


def test_what_is_too_long_for_a_page_is_written_by_the_worker_with_its_proofs(
    cast: dict[str, Account], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    happen("W1", 5)
    sealing.seal_all(now=people.NOW + timedelta(days=2))
    monkeypatch.setattr(clock, "now", lambda: people.NOW + timedelta(days=2))
    monkeypatch.setattr(inspecting, "LIMIT", 3)
    monkeypatch.setattr(inspection_long, "PART", 3)

    answer = visit(cast["inspector"], "entries.zip", unit="W1", verb="unit.changed")
    with transaction.atomic():
        ledger.record(
            actor=people.ACTOR, now=people.NOW + timedelta(days=3), verb="unit.changed",
            subject=("unit", "W1"), unit_id=unit_id("W1"),
        )  # fmt: skip
    asked = AskedFile.objects.get()
    tasks.write_file.func(asked.pk)

    assert answer.headers["Location"].startswith("/files/")
    client = Client()
    client.force_login(cast["inspector"])
    fetched = b"".join(client.get(f"/files/{asked.pk}/").streaming_content)  # type: ignore[attr-defined]
    with zipfile.ZipFile(io.BytesIO(fetched)) as archive:
        archive.extractall(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "README.txt", "entries.csv", "proof-1.json", "proof-2.json", "verify.py"
    ]  # fmt: skip
    assert len((tmp_path / "entries.csv").read_text("utf-8-sig").splitlines()) == 6
    for proof in ("proof-1.json", "proof-2.json"):
        checked = subprocess.run(
            [sys.executable, "-I", "verify.py", proof, Seal.objects.latest("size").code],
            cwd=tmp_path, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert checked.returncode == 0
    assert not inspection_long.may(viewer_for(cast["employee"], people.NOW.date()), asked.asked)


def test_the_seals_are_listed_and_paged(
    cast: dict[str, Account], monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        happen("W1")
        sealing.seal_all(now=people.NOW)
    monkeypatch.setattr(inspecting, "PAGE", 2)
    codes = [one.code for one in Seal.objects.order_by("-size")]

    first = visit(cast["inspector"], "seals/")
    second = visit(cast["inspector"], "seals/", below=str(first.context["older"]))

    assert [one.code for one in first.context["seals"]] == codes[:2]
    assert [one.code for one in second.context["seals"]] == codes[2:]
    assert codes[0] in first.content.decode()


def test_the_days_are_those_of_the_groups_own_clock(cast: dict[str, Account]) -> None:
    evening = people.NOW.replace(hour=17)  # past midnight in Shanghai
    with transaction.atomic():
        ledger.record(actor=people.ACTOR, now=evening, verb="unit.split", subject=("unit", "W1"))

    found = visit(cast["inspector"], since="2020-02-13", until="2020-02-13", verb="unit.split")

    assert subjects(found) == ["W1"]
    assert date(2020, 2, 12) == evening.date()
