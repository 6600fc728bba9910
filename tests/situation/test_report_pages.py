"""A situation report on its page and in its files: the same numbers, and who may do what next."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from typing import Any

import docx
import pytest
from django.http import HttpResponse
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from taishan.kit import clock, tables
from taishan.ledger import sealing
from taishan.ledger.models import Seal
from taishan.organisation.models import Account
from taishan.situation.models import Publication, SituationReport
from tests.people import signed_in
from tests.reporting import building
from tests.reporting.building import FEVER, MORNING, TODAY, report, submit
from tests.situation.building import draft_report, publish_report

pytestmark = pytest.mark.usefixtures("group")


@pytest.fixture
def group(cast: dict[str, Account]) -> dict[str, Account]:
    building.add_schedules()
    building.hire("A1", "A2", "A3")
    building.hire("B1", unit="W2")
    submit(report("A1", period=TODAY - timedelta(days=1)), now=MORNING - timedelta(days=1))
    submit(report("A1", FEVER), report("A2"))
    return cast


def page(account: Account, found: SituationReport, lang: str = "en") -> HttpResponse:
    return signed_in(account).get(f"/situation/reports/{found.pk}/?lang={lang}")


def daily(answer: Any) -> dict[str, Any]:
    return next(one for one in answer.context["told"]["forms"] if one["code"] == "daily_health")


def send(client: Client, found: SituationReport, step: str, **sent: Any) -> HttpResponse:
    edition = found.editions.latest("number").number
    return client.post(f"/situation/reports/{found.pk}/{step}/", {"edition": edition} | sent)


def test_it_says_its_number_instant_and_completeness(cast: dict[str, Account]) -> None:
    found = publish_report(cast).report

    answer = page(cast["inspector"], found)

    text = answer.content.decode()
    assert "No. 1 of 2020" in text
    assert "as of 2020-02-12 18:00 (Asia/Shanghai)" in text
    assert "2 of 4 reports came" in text
    assert (daily(answer)["rate"], daily(answer)["rate_before"]) == ("50 %", "25 %")
    assert "<p>One fever at W1.</p>\n\n<p>It is looked after.</p>" in text
    assert "〔2020〕第 1 期" in page(cast["inspector"], found, "zh").content.decode()


def test_a_site_abroad_reads_its_own_clock(cast: dict[str, Account]) -> None:
    building.hire("P9", unit="P1")
    found = draft_report(cast["duty_office"], "P1")

    assert "as of 2020-02-12 17:00 (Asia/Phnom_Penh)" in (
        page(cast["duty_office"], found).content.decode()
    )


def test_from_draft_to_number_by_the_page(cast: dict[str, Account]) -> None:
    office, head = signed_in(cast["duty_office"]), signed_in(cast["unit_head"])
    office.post(f"/situation/reports/drafts/?day={clock.today()}", {"unit": "W1"})
    found = SituationReport.objects.get()

    written = office.post(
        f"/situation/reports/{found.pk}/text/", {"edition": 1, "epidemic": "Quiet."}
    )
    assert written.status_code == 302
    send(office, found, "numbers")
    send(office, found, "submission")
    send(head, found, "return", reason="W2 is missing.")
    assert "Why: W2 is missing." in page(cast["inspector"], found).content.decode()
    send(office, found, "submission")
    send(head, found, "review")
    send(head, found, "publication")

    published = Publication.objects.get()
    assert (published.number, published.edition.number) == (1, 3)
    assert published.edition.epidemic == "Quiet."
    assert published.edition.numbers["verdicts"] == [
        {"state": "open", "word": {"en": "open", "zh": "开放"}, "units": 2}
    ]


def test_words_that_somebody_else_overtook_stay_on_the_page(cast: dict[str, Account]) -> None:
    found = draft_report(cast["duty_office"])
    send(signed_in(cast["unit_head"]), found, "text", epidemic="First.")

    answer = signed_in(cast["duty_office"]).post(
        f"/situation/reports/{found.pk}/text/", {"edition": 1, "epidemic": "Second."}
    )

    assert answer.status_code == 422
    assert "Second." in answer.content.decode()
    assert "Somebody has written in it meanwhile" in answer.content.decode()


def test_the_banner_says_who_may_act_next_and_why_not_you(cast: dict[str, Account]) -> None:
    found = draft_report(cast["duty_office"])
    send(signed_in(cast["duty_office"]), found, "submission")

    writer = page(cast["duty_office"], found)
    assert "You have: somebody else has to." in writer.content.decode()
    assert not writer.context["stands"].may_review
    assert page(cast["unit_head"], found).context["stands"].may_review
    for role in ("safety_officer", "inspector"):
        answer = page(cast[role], found)
        assert "You do not hold such a role here." in answer.content.decode()
        assert not answer.context["stands"].may_review


def test_a_correction_and_what_it_corrects_name_each_other(cast: dict[str, Account]) -> None:
    first = publish_report(cast).report
    second = publish_report(cast, corrects=first).report

    assert "Corrected by" in page(cast["inspector"], first).content.decode()
    assert page(cast["inspector"], first).context["corrections"] == [(second.pk, "No. 2 of 2020")]
    assert page(cast["inspector"], second).context["corrected"] == "No. 1 of 2020"


def test_a_correction_begins_with_the_words_it_corrects(cast: dict[str, Account]) -> None:
    first = publish_report(cast, for_outside=True).report

    signed_in(cast["duty_office"]).post(
        f"/situation/reports/drafts/?day={TODAY}", {"unit": "W1", "corrects": first.pk}
    )

    second = SituationReport.objects.latest("pk")
    assert (second.corrects, second.for_outside) == (first, True)
    assert second.editions.get().epidemic == first.editions.get().epidemic


def test_the_files_hold_the_numbers_of_the_page(cast: dict[str, Account]) -> None:
    found = publish_report(cast).report
    client = signed_in(cast["inspector"])
    shown = daily(page(cast["inspector"], found))

    book = tables._book(client.get(f"/situation/reports/{found.pk}.xlsx").content)
    lines = book.get_sheet_by_name("1 units daily_health").to_python()
    assert [line[:5] for line in lines[1:]] == [["W1", "Unit W1 (by itself)", 3, 2, 2],
                                                ["W2", "Unit W2", 1, 0, 0]]  # fmt: skip
    figures = book.get_sheet_by_name("1 figures daily_health").to_python()
    told = {line[0]: f"{line[1]:g}" for line in figures[1:] if isinstance(line[1], float)}
    assert {one["word"]: told[one["word"]] for one in shown["figures"]} == {
        one["word"]: one["now"] for one in shown["figures"]
    }

    paper = docx.Document(io.BytesIO(client.get(f"/situation/reports/{found.pk}.docx").content))
    text = "\n".join(one.text for one in paper.paragraphs)
    assert "No. 1 of 2020" in text
    assert "It is looked after." in text
    complete = [[cell.text for cell in row.cells] for row in paper.tables[0].rows]
    assert complete[1] == ["Daily health report", "2020-02-12", "2", "4", "50 %", "25 %"]


def test_a_report_for_outside_is_read_by_all_and_hides_the_few_everywhere(
    cast: dict[str, Account],
) -> None:
    inside, outside = publish_report(cast).report, publish_report(cast, for_outside=True).report
    draft = draft_report(cast["duty_office"], for_outside=True)
    client = signed_in(cast["employee"])

    assert client.get(f"/situation/reports/{inside.pk}/").status_code == 404
    assert client.get(f"/situation/reports/{draft.pk}/").status_code == 404
    fever = next(
        one for one in daily(page(cast["employee"], outside))["figures"] if "37" in one["word"]
    )
    assert (fever["now"], fever["before"]) == ("*", "—")
    book = tables._book(client.get(f"/situation/reports/{outside.pk}.xlsx").content)
    lines = book.get_sheet_by_name("1 units daily_health").to_python()
    at = lines[0].index("temperature 37.3 °C or more")
    assert [line[at] for line in lines[1:]] == ["*", 0]


def test_the_series_is_found_by_unit_month_and_words(cast: dict[str, Account]) -> None:
    of_w1, of_h1 = publish_report(cast).report, publish_report(cast, "H1").report
    client = signed_in(cast["duty_office"])

    def found(query: str) -> list[int]:
        rows = client.get(f"/situation/reports/?{query}").context["rows"]
        return [row["report"].pk for row in rows]

    assert found("") == [of_h1.pk, of_w1.pk]
    assert found("unit=W1") == [of_w1.pk]
    assert found("month=2020-02&text=ONE fever") == [of_h1.pk, of_w1.pk]
    assert found("month=2020-01") == found("text=typhoon") == []
    assert [
        row["report"].pk
        for row in signed_in(cast["unit_head"]).get("/situation/reports/").context["rows"]
    ] == [of_w1.pk]


def test_the_series_asks_no_more_for_more_reports(
    cast: dict[str, Account], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = signed_in(cast["duty_office"])
    publish_report(cast)
    with django_assert_num_queries(10):
        client.get("/situation/reports/")
    for _ in range(3):
        publish_report(cast)
    with django_assert_num_queries(10):
        client.get("/situation/reports/")


def test_a_day_to_come_is_not_reported_of(cast: dict[str, Account]) -> None:
    tomorrow = clock.today() + timedelta(days=1)
    client = signed_in(cast["duty_office"])

    client.post(f"/situation/reports/drafts/?day={tomorrow}", {"unit": "W1"})

    assert not SituationReport.objects.exists()
    assert "day to come" in client.get("/situation/reports/").content.decode()


def test_the_seal_of_the_moment_stands_at_its_foot_and_stays(cast: dict[str, Account]) -> None:
    sealing.seal_all(now=clock.now())
    code = Seal.objects.latest("size").code
    found = publish_report(cast).report
    sealing.seal_all(now=clock.now())
    assert Seal.objects.latest("size").code != code
    client = signed_in(cast["inspector"])

    def told(found: SituationReport, lang: str) -> str:
        return page(cast["inspector"], found, lang).content.decode()

    book = client.get(f"/situation/reports/{found.pk}.xlsx").content
    document = client.get(f"/situation/reports/{found.pk}.docx").content

    assert re.search(rf"Seal of the ledger at 2020-\S+ \S+: {code}</p>", told(found, "en"))
    assert re.search(rf"台账存证（2020-\S+ \S+）：{code}</p>", told(found, "zh"))
    paragraphs = [one.text for one in docx.Document(io.BytesIO(document)).paragraphs]
    assert paragraphs[-1].endswith(code)
    sheet = tables.read(book, columns=[tables.Column(key="What")])
    assert sheet.rows[-1].values["What"].endswith(code)


def test_a_report_of_before_there_were_seals_has_no_line(cast: dict[str, Account]) -> None:
    found = publish_report(cast).report

    assert "Seal of the ledger" not in page(cast["inspector"], found).content.decode()
