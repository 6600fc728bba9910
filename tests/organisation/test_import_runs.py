"""Large imports of people: confirmed at a page, performed by the worker, watched to their end."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from taishan.ledger.models import Entry
from taishan.organisation import import_runs
from taishan.organisation.models import Account, ImportRun, Membership
from tests import jobs, people

pytestmark = pytest.mark.usefixtures("media")
HEADING = "staff_no,name,unit,from,until\n"


@pytest.fixture
def office(cast: dict[str, Account], monkeypatch: pytest.MonkeyPatch) -> Client:
    """The duty office, where a file of more than some three people is a large one."""
    monkeypatch.setattr(import_runs, "LARGE_BYTES", 100)
    jobs.forget()
    client = Client()
    client.force_login(cast["duty_office"])
    return client


def rows(count: int, unit: str = "W1") -> str:
    return "".join(f"E{n},Name {n},{unit},2020-01-05,\n" for n in range(count))


def confirm(client: Client, text: str, mode: str = "all", lang: str = "en") -> str:
    """Preview a file and confirm it; return the page on which that leads."""
    file = SimpleUploadedFile("people.csv", (HEADING + text).encode())
    preview = client.post("/organisation/import/", {"what": "people", "file": file})
    token = re.findall(r"/organisation/import/([\w-]+)/", preview.content.decode())[0]
    answer = client.post(
        f"/organisation/import/{token}/?lang={lang}", {"what": "people", "mode": mode}
    )
    return answer["Location"]


def test_a_small_import_is_recorded_at_once(office: Client) -> None:
    assert confirm(office, rows(1)).startswith("/organisation/?")
    assert Membership.objects.filter(person__staff_no="E0").exists()
    assert jobs.waiting() == []


def test_a_large_one_is_recorded_by_the_worker_in_the_name_of_who_confirmed_it(
    office: Client, cast: dict[str, Account]
) -> None:
    page = confirm(office, rows(30))
    before = office.get(page).content.decode()
    assert jobs.run() == [import_runs.TASK]
    after = office.get(page).content.decode()

    assert "waits for its turn" in before
    assert "Recorded: 30 created" in after
    assert Membership.objects.filter(person__staff_no__startswith="E").count() == 30
    entry = Entry.objects.get(verb="people.imported")
    assert (entry.account_id, entry.door) == (cast["duty_office"].pk, "job")


def test_its_page_asks_again_until_the_end_and_also_without_scripts(office: Client) -> None:
    page = confirm(office, rows(30))
    ImportRun.objects.update(rows_done=10, rows_total=30)

    under_way = office.get(page).content.decode()
    jobs.run()
    ended = office.get(page).content.decode()

    assert "10 / 30" in under_way
    for repeated in ('hx-trigger="every 2s"', '<noscript><meta http-equiv="refresh"'):
        assert repeated in under_way
        assert repeated not in ended


def test_what_went_wrong_since_the_preview_is_told_by_cell_and_nothing_is_kept(
    office: Client,
) -> None:
    page = confirm(office, rows(30))
    run = ImportRun.objects.get()
    run.content = bytes(run.content).replace(b"W1,2020-01-05", b"NONE,2020-01-05", 1)
    run.save()
    jobs.run()

    told = office.get(page).content.decode()

    assert "Nothing was recorded" in told
    assert "NONE" in told
    assert not Membership.objects.filter(person__staff_no__startswith="E").exists()


def test_the_good_rows_alone_can_be_kept_and_the_others_come_back(office: Client) -> None:
    page = confirm(office, rows(30) + "X1,Nobody,NONE,2020-01-05,\n", mode="good_rows")
    jobs.run()

    told = office.get(page).content.decode()

    assert "Recorded: 30 created" in told
    assert "NONE" in told


def test_errors_are_told_in_the_language_of_who_asked(office: Client) -> None:
    confirm(office, rows(30) + "X1,Nobody,NONE,2020-01-05,\n", mode="good_rows", lang="zh")
    jobs.run()

    outcome = ImportRun.objects.get().outcome
    assert "单位" in outcome["errors"][0]["expected"]


def test_a_job_that_comes_twice_changes_neither_people_nor_outcome(office: Client) -> None:
    confirm(office, rows(30))
    jobs.run()
    ended = ImportRun.objects.get()

    import_runs.perform(now=people.NOW, run_id=ended.pk)

    again = ImportRun.objects.get()
    assert (again.outcome, again.ended_at) == (ended.outcome, ended.ended_at)
    assert Entry.objects.filter(verb="people.imported").count() == 1


def test_the_file_is_dropped_at_the_end(office: Client) -> None:
    confirm(office, rows(30))
    jobs.run()

    assert bytes(ImportRun.objects.get().content) == b""


def test_a_file_that_cannot_be_read_after_all_says_why(office: Client) -> None:
    page = confirm(office, rows(30))
    ImportRun.objects.update(content=b"\x00\x01")
    jobs.run()

    assert "neither an xlsx nor a csv" in office.get(page).content.decode()


def test_the_page_of_imports_leads_to_those_under_way(office: Client) -> None:
    page = confirm(office, rows(30)).partition("?")[0]

    listed = office.get("/organisation/import/").content.decode()

    assert page in listed
    assert "under way" in listed


@pytest.mark.parametrize("role", sorted(people.CAST))
def test_who_may_watch_an_import(office: Client, cast: dict[str, Account], role: str) -> None:
    page = confirm(office, rows(30))
    client = Client()
    client.force_login(cast[role])

    assert (client.get(page).status_code == 200) == (role == "duty_office")
