"""The board, the list, the statistics and the tables of hazards, by their pages."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
import python_calamine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from taishan.core.hazards import Grade, State
from taishan.files import actions as files
from taishan.kit import clock, searching, tables
from taishan.organisation.models import Account, Unit
from taishan.safety import hazard_import, hazard_lists, hazard_sheet, hazards
from taishan.safety.hazard_lists import Asked
from taishan.safety.hazard_models import Hazard
from tests import jobs
from tests.people import signed_in
from tests.safety.building import viewer
from tests.safety.finding import DAY, assigned, found, graded, post_of, submitted

pytestmark = pytest.mark.django_db
LIST = "/safety/hazards/"


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The pages' clock, stopped at the hour of the cast."""
    from tests.people import NOW

    monkeypatch.setattr(clock, "now", lambda: NOW)
    return NOW


def listed(account: Account, query: str = "") -> list[int]:
    page = signed_in(account).get(f"{LIST}?lang=en&{query}")
    assert page.status_code == 200
    return [line["number"] for line in page.context["lines"]]


def tiles(account: Account, within: str = "") -> dict[str, int]:
    page = signed_in(account).get(f"/safety/?lang=en&within={within}")
    return {one["word"]: one["number"] for one in page.context["tiles"]}


def test_a_number_on_the_board_is_as_long_as_the_list_it_leads_to(
    cast: dict[str, Account], now: Any
) -> None:
    officer, employee = cast["safety_officer"], cast["employee"]
    post = post_of(employee)
    for days in (0, 5, 12, 40):
        found(employee, now=now - days * DAY)
        assigned(officer, graded(officer, found(employee, "W2", now=now - days * DAY)), post)
    graded(officer, found(employee), Grade.MAJOR)
    hazards.dismiss(viewer=viewer(officer), now=now, hazard=found(employee), reason="A shadow")
    client = signed_in(cast["duty_office"])

    page = client.get("/safety/?lang=en").context

    rows = [*page["states"], *page["ages"], *page["causes"]]
    links = [(row["total"], row["href"]) for row in rows if row["total"]]
    of_hazards = [one for one in page["tiles"] if one["href"].startswith("/safety/hazards/")]
    links += [(one["number"], one["href"]) for one in of_hazards]
    links += [(one["number"], one["href"]) for row in rows for one in row["grades"] if one["href"]]
    assert page["standing"].total == 9
    assert len(of_hazards) == 5
    assert [(row["word"], row["total"]) for row in page["ages"]] == [
        ("0–3 days", 3), ("4–7 days", 2), ("8–30 days", 2), ("more than 30 days", 2)
    ]  # fmt: skip
    for number, href in links:
        assert len(client.get(href).context["lines"]) == number, href


def test_headquarters_sees_the_sum_and_drills_down(cast: dict[str, Account], now: Any) -> None:
    for unit in ("W1", "W2", "P1"):
        found(cast["employee"], unit)

    page = signed_in(cast["duty_office"]).get("/safety/?lang=en").context
    units = {row["code"]: row["open"] for row in page["units"]}

    assert tiles(cast["duty_office"])["open"] == 3
    assert (units["W1"], units["P1"], units["H1"]) == (2, 1, 0)
    assert tiles(cast["duty_office"], "W1")["open"] == 2
    assert tiles(cast["unit_head"])["open"] == 2


def test_a_unit_that_is_not_for_one_to_see_has_no_board(cast: dict[str, Account]) -> None:
    client = signed_in(cast["unit_head"])

    assert [client.get(f"/safety/{path}?within=P1").status_code
            for path in ("", "hazards/", "statistics/", "hazards.xlsx")] == [404] * 4  # fmt: skip


def test_overdue_is_what_is_not_handed_in_by_its_hour(
    cast: dict[str, Account], now: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    officer, fitter = cast["safety_officer"], cast["employee"]
    post = post_of(fitter)
    late, handed_in = (
        assigned(officer, graded(officer, found(fitter)), post) for _number in range(2)
    )
    hazards.accept(viewer=viewer(fitter), now=now, hazard=handed_in)
    submitted(fitter, handed_in)
    monkeypatch.setattr(clock, "now", lambda: now + 6 * DAY)

    page = signed_in(officer).get("/safety/?lang=en").context

    assert listed(officer, "state=overdue") == [late.pk]
    assert tiles(officer)["overdue"] == 1
    # Who put off seeing it holds it up as well.
    assert sorted(line["href"] for line in page["late"]) != []
    assert {line["kind"] for line in page["late"]} != set()


def test_words_are_found_in_either_language_and_in_the_place(
    cast: dict[str, Account], now: Any
) -> None:
    cable = found(cast["employee"])
    door = found(cast["employee"], text="安全出口被货物堵塞", area="仓库北门")

    office = cast["duty_office"]
    assert listed(office, "q=电缆") == [cable.pk]
    assert listed(office, "q=CABLE") == [cable.pk]
    assert listed(office, "q=仓库 堵塞") == [door.pk]
    assert listed(office, "q=电缆 堵塞") == []


def test_rare_words_are_found_beyond_the_latest(
    cast: dict[str, Account], now: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = found(cast["employee"], text="脚手架缺少踢脚板")
    for hours in (1, 2, 3):
        found(cast["employee"], now=now + timedelta(hours=hours))
    monkeypatch.setattr(searching, "LOOKED_THROUGH", 2)

    assert listed(cast["duty_office"], "q=踢脚") == [old.pk]


def test_pages_follow_each_other_without_a_gap(
    cast: dict[str, Account], now: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = [found(cast["employee"], now=now - (at // 2) * DAY).pk for at in range(7)]
    monkeypatch.setattr(hazard_lists, "PAGE", 3)
    monkeypatch.setattr("taishan.safety.hazard_find_views.PAGE", 3)
    client, seen, after = signed_in(cast["duty_office"]), [], ""
    while after is not None:
        page = client.get(f"{LIST}?after={after}").context
        seen += [line["number"] for line in page["lines"]]
        after = page["next"]

    assert len(seen) == len(set(seen)) == 7
    assert set(seen) == set(numbers)


def test_a_list_asks_the_same_number_of_queries_for_one_hazard_and_for_many(
    cast: dict[str, Account], now: Any
) -> None:
    client = signed_in(cast["duty_office"])

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            client.get(LIST)
        return len(seen)

    found(cast["employee"])
    one = queries()
    for _number in range(12):
        found(cast["employee"], "P1")
    assert queries() == one


def test_my_hazards_are_those_i_reported_am_to_put_right_and_have_put_right(
    cast: dict[str, Account], now: Any
) -> None:
    officer, fitter = cast["safety_officer"], cast["employee"]
    post = post_of(fitter)
    reported = found(fitter)
    to_do, done = (assigned(officer, graded(officer, found(officer)), post) for _number in range(2))
    hazards.accept(viewer=viewer(fitter), now=now, hazard=done)
    submitted(fitter, done)
    found(None)

    sections = signed_in(fitter).get("/safety/hazards/mine/").context["sections"]

    assert [[line["number"] for line in one["lines"]] for one in sections] == [
        [to_do.pk], [reported.pk], [done.pk]
    ]  # fmt: skip


def rows_of(content: bytes, at: int = 0) -> list[list[Any]]:
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    return book.get_sheet_by_index(at).to_python()


def test_the_file_holds_what_the_list_shows(cast: dict[str, Account], now: Any) -> None:
    wanted = found(cast["employee"], text="=HYPERLINK(1) 电缆")
    found(cast["employee"], text="other 门")
    client = signed_in(cast["duty_office"])

    heads, *rows = rows_of(client.get("/safety/hazards.xlsx?lang=en&q=电缆").content)

    assert (heads[0], heads[4]) == ("Number", "What was found")
    assert [(int(row[0]), row[1], row[4]) for row in rows] == [(wanted.pk, "W1", wanted.text)]


def test_a_long_list_is_written_by_the_worker(
    cast: dict[str, Account], now: Any, media: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    hazard = found(cast["employee"])
    found(cast["employee"], "P1")
    monkeypatch.setattr(files, "LARGE_ROWS", 0)
    jobs.forget()
    client = signed_in(cast["duty_office"])

    answer = client.get("/safety/hazards.xlsx?lang=en&within=W1")
    assert answer.headers["Location"].startswith("/files/")
    assert jobs.run() == ["files.write"]

    [file] = client.get("/files/").context["files"]
    content = b"".join(client.get(f"/files/{file['file'].pk}/"))
    assert [int(row[0]) for row in rows_of(content)[1:]] == [hazard.pk]


def test_the_statistics_lead_to_their_lists_and_are_the_same_as_a_file(
    cast: dict[str, Account], now: Any
) -> None:
    officer, fitter = cast["safety_officer"], cast["employee"]
    hazard = assigned(officer, graded(officer, found(fitter)), post_of(fitter))
    hazards.accept(viewer=viewer(fitter), now=now, hazard=hazard)
    submitted(fitter, hazard, now + 6 * DAY)
    hazards.verify(viewer=viewer(officer), now=now + 7 * DAY, hazard=hazard, reason="Seen")
    found(fitter, "W2")
    client, period = signed_in(cast["duty_office"]), "since=2020-01&last=2020-03"

    page = client.get(f"/safety/statistics/?lang=en&{period}").context
    book = client.get(f"/safety/statistics.xlsx?lang=en&{period}").content

    rows = [page["whole"], *page["units"], *(one for one in page["causes"] if one["cause"])]
    assert (page["whole"]["found"], page["whole"]["closed"], page["whole"]["late"]) == (2, 1, 1)
    assert rows_of(book)[1][2:] == [2, 1, 1, 0]
    for row in rows:
        for word, number, href in row["cells"]:
            assert bool(href) == bool(number)
            assert not href or len(client.get(href).context["lines"]) == number, (row, word)


def test_what_is_found_again_leads_to_a_list_as_long(cast: dict[str, Account], now: Any) -> None:
    officer, employee = cast["safety_officer"], cast["employee"]
    for days, area in ((0, "Bay 3"), (80, "Bay 3"), (81, "Bay 4")):
        graded(officer, found(employee, now=now + days * DAY, area=area))
    client, day = signed_in(cast["duty_office"]), (now + 85 * DAY).date()

    [again] = client.get(f"/safety/hazards/repeated/?lang=en&day={day}").context["again"]

    assert (again["area"], again["number"]) == ("Bay 3", 2)
    assert len(client.get(again["href"]).context["lines"]) == 2


def a_table(*rows: tuple[object, ...]) -> bytes:
    heads = [column.titles[1] for column in hazard_import.COLUMNS]
    return tables.write_xlsx("old", heads, [[str(cell) for cell in row] for row in rows])


def test_an_old_list_comes_in_row_by_row_and_twice_is_once(
    cast: dict[str, Account], now: Any
) -> None:
    officer = viewer(cast["safety_officer"])
    table = a_table(
        ("", "W1", "2019-11-05", "Bay 3", "电缆裸露", "2", ""),
        ("", "P1", "2019-11-05", "Bay 3", "not ours", "2", ""),
        ("", "W2", "2031-01-01", "", "to come", "2", ""),
        ("", "W2", "2020-02-12", "", "", "2", ""),
        ("", "W2", "2020-02-12", "", "today", "9", ""),
    )

    told = hazard_import.preview(officer, now, table)
    assert Hazard.objects.count() == 0
    assert [(one.row, one.column) for one in told.errors] == [
        (3, "unit"), (4, "found_on"), (5, "text"), (6, "looks")
    ]  # fmt: skip

    for _twice in range(2):
        hazard_import.perform(viewer=officer, now=now, content=table)
    hazard = Hazard.objects.get()
    assert (hazard.unit.code, str(hazard.found_on), hazard.origin_kind, hazard.state) == (
        "W1", "2019-11-05", "import", State.FOUND
    )  # fmt: skip
    assert hazard.acts.get().at == now


def test_a_table_that_was_mended_reports_only_what_is_new(
    cast: dict[str, Account], now: Any
) -> None:
    officer = viewer(cast["safety_officer"])
    first = ("", "W1", "2020-02-10", "Bay 1", "cable", "1", "")
    second = ("", "W1", "soon", "Bay 2", "pipe", "1", "")
    hazard_import.perform(viewer=officer, now=now, content=a_table(first, second))

    mended = a_table(("", "W1", "2020-02-11", "Bay 2", "pipe", "1", ""), first, first)
    done = hazard_import.perform(viewer=officer, now=now, content=mended)

    assert [one.seen.text for one in done.reports] == ["pipe", "cable"], "a second like the first"
    assert Hazard.objects.count() == 3
    assert hazard_import.perform(viewer=officer, now=now, content=mended).reports == []


@pytest.mark.parametrize("written", ["en", "zh-hans"])
@pytest.mark.parametrize("read", ["en", "zh-hans"])
def test_a_table_of_one_language_is_read_on_a_page_of_the_other(
    cast: dict[str, Account], now: Any, written: str, read: str
) -> None:
    officer, head = cast["safety_officer"], cast["unit_head"]
    hazard = assigned(officer, graded(officer, found(officer)), post_of(officer))
    hazards.accept(viewer=viewer(officer), now=now, hazard=hazard)
    submitted(officer, hazard)
    with translation.override(written):
        heads, label = hazard_sheet.headings(), str(Hazard.Looks.SERIOUS.label)
    seen = tables.write_xlsx(
        "list", [*heads, "验收意见"], [[hazard.pk, *[""] * (len(heads) - 1), "Seen"]]
    )

    with translation.override(read):
        listed = hazard_import.preview(viewer(head), now, seen)
        made = hazard_import.preview(
            viewer(head), now, a_table(("", "W1", "2019-11-05", "Bay 3", "cable", label, ""))
        )

    assert [one.hazard for one in listed.verifications] == [hazard]
    assert [one.seen.looks for one in made.reports] == [Hazard.Looks.SERIOUS]


def test_who_put_it_right_does_not_verify_it_by_a_table_either(
    cast: dict[str, Account], now: Any
) -> None:
    officer = cast["safety_officer"]
    hazard = assigned(officer, graded(officer, found(officer)), post_of(officer))
    hazards.accept(viewer=viewer(officer), now=now, hazard=hazard)
    submitted(officer, hazard)
    table = a_table((hazard.pk, "", "", "", "", "", "Seen on site"))

    refused = hazard_import.perform(viewer=viewer(officer), now=now, content=table)
    hazard.refresh_from_db()
    assert ([one.column for one in refused.errors], hazard.state) == (["number"], State.SUBMITTED)

    hazard_import.perform(viewer=viewer(cast["unit_head"]), now=now, content=table)
    hazard.refresh_from_db()
    assert hazard.state == State.CLOSED


def test_a_table_is_previewed_then_recorded_by_its_page(
    cast: dict[str, Account], now: Any, media: object
) -> None:
    client = signed_in(cast["safety_officer"])
    file = io.BytesIO(a_table(("", "W1", "2019-11-05", "Bay 3", "电缆裸露", "2", "")))
    file.name = "old.xlsx"

    page = client.post("/safety/hazards/import/", {"file": file})
    assert page.context["outcome"].good == 1
    token = page.context["token"]
    assert client.post(f"/safety/hazards/import/{token}/").status_code == 302
    assert Hazard.objects.count() == 1
    assert client.post(f"/safety/hazards/import/{token}/").status_code == 422


def test_an_address_that_asks_for_nonsense_shows_what_is_open() -> None:
    given = {"state": "x", "grade": "y", "since": "2020-13-40", "age": "5", "q": " "}

    assert hazard_lists.ask(given) == Asked()


def test_no_unit_is_closed_with_its_hazards_out_of_sight(
    cast: dict[str, Account], now: Any
) -> None:
    from taishan.organisation import actions
    from tests.people import ACTOR

    found(cast["employee"], "H1", now=now - 5 * DAY)
    actions.close_unit(actor=ACTOR, now=now, on=now.date(), code="H1")
    assert Unit.objects.filter(code="H1").exists()

    assert tiles(cast["duty_office"])["open"] == 1
