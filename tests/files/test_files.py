"""Large exports: written by the worker, for the one who asked, while they still may."""

from __future__ import annotations

import io
import tracemalloc
from datetime import date
from pathlib import Path

import pytest
from django.db import connection

from taishan.files import actions, storage
from taishan.files.models import AskedFile
from taishan.kit import clock, tables
from taishan.organisation import roster
from taishan.organisation.models import Account, Person, RoleGrant
from taishan.privacy.models import Seen
from taishan.web import exports, tasks
from tests import jobs, people
from tests.files.building import asked_file, ready_file
from tests.people import signed_in
from tests.reporting import building
from tests.reporting.building import FEVER, report, submit

pytestmark = pytest.mark.usefixtures("media", "cast")
State = AskedFile.State
ROWS = 40_000
MANY_PEOPLE = """
WITH added AS (
  INSERT INTO organisation_person (staff_no, name, sort_name)
  SELECT 'N' || n, '张三' || n, 'zhangsan' || n FROM generate_series(1, %s) AS n RETURNING id
)
INSERT INTO organisation_membership (person_id, unit_id, valid)
SELECT id, (SELECT id FROM organisation_unit WHERE code = 'W1'), '[2020-01-01,)' FROM added
"""


def content_of(account: Account, file: AskedFile) -> bytes:
    return b"".join(signed_in(account).get(f"/files/{file.pk}/"))


def test_a_long_export_is_written_by_the_worker_and_is_the_one_of_the_page(
    cast: dict[str, Account], monkeypatch: pytest.MonkeyPatch
) -> None:
    building.hire("A1", "A2", "A3")
    client = signed_in(cast["duty_office"])
    direct = client.get("/organisation/people.csv?day=2020-02-12").content
    jobs.forget()
    monkeypatch.setattr(actions, "LARGE_ROWS", 2)

    answer = client.get("/organisation/people.csv?day=2020-02-12")

    assert (answer.status_code, answer.headers["Location"][:7]) == (302, "/files/")
    page = client.get("/files/")
    assert [one["state"] for one in page.context["files"]] == [State.WAITING]
    assert "every 2s" in page.content.decode()
    assert jobs.run() == ["files.write"]
    file = AskedFile.objects.get()
    assert file.state == State.READY
    assert content_of(cast["duty_office"], file) == direct
    assert file.size_bytes == len(direct)
    assert "every 2s" not in client.get("/files/").content.decode()


def test_a_workbook_is_the_one_of_the_page_too(cast: dict[str, Account]) -> None:
    building.hire("A1", "=1+1")

    content = content_of(cast["duty_office"], ready_file(cast["duty_office"], "xlsx"))

    written = tables.read(content, columns=roster.COLUMNS)
    assert [row.values["staff_no"] for row in written.rows] == ["=1+1", "A1"]
    assert [row.values["name"] for row in written.rows] == ["张=1+1", "张A1"]


def test_nobody_else_may_fetch_it(cast: dict[str, Account]) -> None:
    file = ready_file(cast["unit_head"])

    assert signed_in(cast["duty_office"]).get(f"/files/{file.pk}/").status_code == 404
    assert signed_in(cast["duty_office"]).post(f"/files/{file.pk}/again/").status_code == 404
    assert signed_in(cast["duty_office"]).get("/files/").context["files"] == []


def test_whose_role_has_ended_may_not_fetch_it_any_more(cast: dict[str, Account]) -> None:
    file = ready_file(cast["unit_head"])
    RoleGrant.objects.filter(person=cast["unit_head"].person).update(
        valid=(people.FOUNDED, date(2020, 1, 2))
    )
    client = signed_in(cast["unit_head"])

    assert client.get(f"/files/{file.pk}/").status_code == 403
    page = client.get("/files/").content.decode()
    assert "Your role no longer allows it." in page
    assert f"/files/{file.pk}/" not in page


def test_whose_role_ended_before_it_was_written_gets_no_file(cast: dict[str, Account]) -> None:
    file = asked_file(cast["unit_head"])
    RoleGrant.objects.filter(person=cast["unit_head"].person).delete()

    with pytest.raises(exports.PermissionDenied):
        tasks.write_file.func(file.pk)

    assert AskedFile.objects.get().state == State.INTERRUPTED


def test_a_role_that_was_added_later_does_not_widen_what_was_asked(
    cast: dict[str, Account],
) -> None:
    from taishan.organisation.actions import grant_role

    building.hire("A1")
    building.hire("H9", unit="H1")
    file = asked_file(cast["unit_head"])
    grant_role(
        actor=people.ACTOR, now=people.NOW, on=people.FOUNDED, staff_no="D2", name="林建国",
        role="inspector", unit="HQ",
    )  # fmt: skip

    tasks.write_file.func(file.pk)

    written = content_of(cast["unit_head"], file).decode("utf-8-sig")
    assert "A1" in written
    assert "H9" not in written


def test_an_interrupted_file_says_so_and_can_be_asked_for_again(cast: dict[str, Account]) -> None:
    building.hire("A1")
    file = asked_file(cast["duty_office"])
    actions.begin(now=clock.now(), file_id=file.pk)
    client = signed_in(cast["duty_office"])

    tasks.write_file.func(file.pk)  # the job of the worker that died, put back

    assert "was interrupted" in client.get("/files/").content.decode()
    assert client.get(f"/files/{file.pk}/").status_code == 404
    jobs.forget()
    client.post(f"/files/{file.pk}/again/")
    assert jobs.run() == ["files.write"]
    assert b"A1" in content_of(cast["duty_office"], AskedFile.objects.latest("pk"))


def test_what_fails_midway_leaves_no_half_file(
    cast: dict[str, Account], monkeypatch: pytest.MonkeyPatch, media: Path
) -> None:
    def failing(**_limits: object) -> object:
        yield ["A1", "张", "W1", "2020-01-01", ""]
        raise OSError("the disk is full")

    monkeypatch.setattr(roster, "export_people", failing)
    file = asked_file(cast["duty_office"])

    with pytest.raises(OSError, match="full"):
        tasks.write_file.func(file.pk)

    assert AskedFile.objects.get().state == State.INTERRUPTED
    assert not (media / "files").exists()


def test_a_worker_that_was_given_up_adds_no_file_later(
    cast: dict[str, Account], media: Path
) -> None:
    file = asked_file(cast["duty_office"])
    actions.begin(now=clock.now(), file_id=file.pk)
    kept_as = storage.keep(io.BytesIO(b"late"))
    actions.begin(now=clock.now(), file_id=file.pk)

    actions.finish(now=clock.now(), file=file, kept_as=kept_as)

    assert AskedFile.objects.get().state == State.INTERRUPTED
    assert list((media / "files").iterdir()) == []


def test_a_file_is_deleted_after_its_days_and_not_fetched_once_they_are_over(
    cast: dict[str, Account], media: Path
) -> None:
    file = ready_file(cast["duty_office"])
    fresh = ready_file(cast["duty_office"])
    AskedFile.objects.filter(pk=file.pk).update(asked_at=clock.now() - actions.KEPT)

    assert signed_in(cast["duty_office"]).get(f"/files/{file.pk}/").status_code == 404
    assert actions.drop_old(now=clock.now()) == 1

    assert [one.pk for one in AskedFile.objects.all()] == [fresh.pk]
    assert [one.name for one in (media / "files").iterdir()] == [fresh.kept_as]


def test_a_list_of_names_is_a_file_at_once_or_by_the_worker(
    cast: dict[str, Account], monkeypatch: pytest.MonkeyPatch
) -> None:
    building.add_schedules()
    building.hire("A1", "A2", "A3")
    submit(report("A1"))
    client = signed_in(cast["duty_office"])
    address = "/situation/people.csv?day=2020-02-12&list=not_reported"

    direct = client.get(address)

    lines = direct.content.decode("utf-8-sig").splitlines()
    assert [line.split(",")[0] for line in lines] == ["Staff number", "A2", "A3"]
    jobs.forget()
    monkeypatch.setattr(actions, "LARGE_ROWS", 1)
    assert client.get(address).status_code == 302
    assert jobs.run() == ["files.write"]
    assert content_of(cast["duty_office"], AskedFile.objects.get()) == direct.content


def test_each_name_on_a_health_list_in_a_file_is_a_look_that_is_recorded(
    cast: dict[str, Account], monkeypatch: pytest.MonkeyPatch
) -> None:
    building.add_schedules()
    building.hire("A1", "A2")
    submit(report("A1", FEVER), report("A2", FEVER))
    monkeypatch.setattr(actions, "LARGE_ROWS", 1)
    address = "/situation/people.csv?day=2020-02-12&list=fever&within=W1"
    seen = Seen.objects.filter(look__by=cast["safety_officer"])

    assert signed_in(cast["duty_office"]).get(address).status_code == 403
    assert signed_in(cast["safety_officer"]).get(address).status_code == 302
    assert not seen.exists()
    jobs.run()

    feverish = Person.objects.filter(staff_no__in=["A1", "A2"])
    assert {one.person_id for one in seen} == {one.pk for one in feverish}
    assert "fever" not in AskedFile.objects.get().name


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_tens_of_thousands_of_rows_take_no_more_memory_than_a_few_thousand(
    cast: dict[str, Account], form: str, media: Path
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(MANY_PEOPLE, [ROWS])
        # How foreign keys are checked was planned when there was hardly anybody to look for.
        cursor.execute("DISCARD PLANS")
    file = asked_file(cast["duty_office"], form)

    tracemalloc.start()
    tasks.write_file.func(file.pk)
    _now, peak_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    done = AskedFile.objects.get()
    assert (done.rows_total, done.state) == (ROWS, State.READY)
    assert done.rows_done == ROWS
    assert peak_bytes < 8 * 1024 * 1024
    if form == "csv":
        with (media / "files" / done.kept_as).open(encoding="utf-8-sig") as lines:
            assert sum(1 for _line in lines) == ROWS + 1
