"""The pages of campaigns: opening one, lists out and in, what an employee reads, the report."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from taishan.kit import tables
from taishan.organisation.models import Account
from taishan.safety import campaign_templates, campaigns
from taishan.safety.campaign_models import Campaign, CampaignEntry, CampaignMilestone
from tests.people import ACTOR, NOW, signed_in
from tests.safety import campaigning

pytestmark = pytest.mark.django_db
DONE = tables.Column(key="Done")
COLUMNS = ("list", "what", "place", "how", "post", "due_on")


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("taishan.kit.clock.now", lambda: NOW)


def sheet(*rows: tuple[str, ...]) -> SimpleUploadedFile:
    return SimpleUploadedFile("lists.xlsx", tables.write_xlsx("lists", COLUMNS, rows))


def test_the_shipped_template_opens_the_three_year_action(cast: dict[str, Account]) -> None:
    client, address = signed_in(cast["duty_office"]), "/safety/campaigns/new/"
    page = client.get(f"{address}?template=three-year-action-2020")
    phases = page.context["phases"]
    sent: dict[str, Any] = dict(page.context["form"].initial)
    sent |= {"return_day": 5, "stalled_after_days": 30}
    sent |= {"phase-TOTAL_FORMS": len(phases.forms), "phase-INITIAL_FORMS": len(phases.forms)}
    for form in phases.forms:
        sent |= {form.add_prefix(name): str(value) for name, value in form.initial.items()}

    made = client.post(f"{address}?template=three-year-action-2020", sent)

    assert made.status_code == 302, made.context["form"].errors
    campaign = Campaign.objects.get()
    assert [str(one.starts) for one in campaign.phases.order_by("number")] == [
        "2020-04-01", "2020-05-01", "2021-01-01", "2022-01-01",
    ]  # fmt: skip
    assert str(campaign.ends) == "2023-01-01"
    assert "people.com.cn" in campaign.source_url


def test_every_shipped_template_is_well_formed() -> None:
    files = {file.stem for file in campaign_templates.FOLDER.glob("*.yaml")}

    assert campaign_templates.find_all().keys() == files


def test_a_file_shows_its_errors_by_row_and_column_and_its_good_rows_are_listed(
    cast: dict[str, Account], media: Path
) -> None:
    campaign = campaigning.opened()
    campaigning.listed(campaign, campaigning.post_in(), what="A blocked exit")
    client = signed_in(cast["unit_head"])
    address = f"/safety/campaigns/{campaign.pk}/units/W1/import/"
    file = sheet(
        ("问题隐患", "A bare cable", "Bay 3", "", "W1-fire", "2020-02-28"),
        ("measures", "Permit for hot work", "", "", "W1-fire", "2020/03/01"),
        ("problems", "A blocked exit", "", "", "W1-fire", "2020-02-28"),
        ("wishes", "More light", "", "", "H1-fire", "yesterday"),
        ("problems", "A wet floor", "", "", "W1-fire", "2020-02-01"),
    )

    shown = client.post(address, {"file": file})

    wrong = [(one.row, one.column) for one in shown.context["errors"]]
    assert wrong == [(4, "what"), (5, "list"), (5, "post"), (5, "due_on"), (6, "due_on")]
    assert CampaignEntry.objects.count() == 1
    client.post(f"{address}{shown.context['token']}/", {"mode": "good_rows"})
    assert set(CampaignEntry.objects.values_list("of", "number")) == {
        ("problems", 1), ("problems", 2), ("measures", 1),
    }  # fmt: skip


def test_a_line_that_stands_twice_in_a_file_is_named_by_its_number_in_its_list(
    cast: dict[str, Account], media: Path
) -> None:
    campaign, post = campaigning.opened(), campaigning.post_in()
    campaigning.listed(campaign, post, what="A rule", of="measures")
    entry = campaigning.listed(campaign, post, what="A blocked exit")
    campaigning.done(cast["unit_head"], entry)
    campaigning.verified(cast["safety_officer"], entry)
    twice = ("problems", "A bare cable", "", "", "W1-fire", "2020-02-28")

    shown = signed_in(cast["unit_head"]).post(
        f"/safety/campaigns/{campaign.pk}/units/W1/import/", {"file": sheet(twice, twice)}
    )

    [error] = shown.context["errors"]
    assert (error.row, error.column) == (3, "what")
    assert error.expected.endswith("it is number 2")


def test_what_is_no_table_is_refused_with_the_reason(cast: dict[str, Account], media: Path) -> None:
    campaign = campaigning.opened()
    address = f"/safety/campaigns/{campaign.pk}/units/W1/import/"

    answer = signed_in(cast["unit_head"]).post(address, {"file": sheet()})
    worse = signed_in(cast["unit_head"]).post(
        address, {"file": SimpleUploadedFile("x.xlsx", b"PK no zip")}
    )

    assert answer.context["outcome"].created == 0
    assert (worse.status_code, "xlsx" in worse.context["refusal"]) == (422, True)


def test_lists_go_out_as_they_stand(cast: dict[str, Account]) -> None:
    campaign = campaigning.opened()
    campaigning.listed(campaign, campaigning.post_in(), what="=A1")
    client = signed_in(cast["inspector"])

    for address in ("lists.xlsx", "units/W1/lists.xlsx"):
        answer = client.get(f"/safety/campaigns/{campaign.pk}/{address}")
        read = tables.read(answer.content, columns=[tables.Column(key="What is listed")])
        assert [row.values["What is listed"] for row in read.rows] == ["=A1"]


def test_days_in_files_are_those_of_the_unit(cast: dict[str, Account]) -> None:
    night = NOW - timedelta(hours=6)  # 02:00 of the 12th in Taiyuan
    campaign = campaigning.opened()
    entry = campaigning.listed(campaign, campaigning.post_in(), now=night)
    campaigning.done(cast["unit_head"], entry, now=night)
    milestone = CampaignMilestone.objects.get(phase__campaign=campaign)
    campaigns.reach_milestone(actor=ACTOR, now=night, milestone=milestone, text="Both are there")
    campaigning.close(cast["duty_office"], campaign)
    client, address = signed_in(cast["inspector"]), f"/safety/campaigns/{campaign.pk}"

    file = tables.read(client.get(f"{address}/lists.xlsx").content, columns=[DONE])
    told = client.get(f"{address}/report/").context["told"]

    assert [row.values["Done"] for row in file.rows] == ["2020-02-12"]
    assert told["phases"][0]["milestones"][0]["reached"] == "2020-02-12"


def test_an_employee_reads_the_numbers_and_lists_of_their_own_unit_alone(
    cast: dict[str, Account],
) -> None:
    campaign = campaigning.opened()
    campaigning.listed(campaign, campaigning.post_in("P1"))
    client = signed_in(cast["employee"])

    page = client.get(f"/safety/campaigns/{campaign.pk}/")

    assert [one["row"].unit.code for one in page.context["rows"]] == ["P1"]
    assert "Unit W1" not in page.content.decode()
    assert client.get(f"/safety/campaigns/{campaign.pk}/units/P1/").context["lines"]
    assert not client.get(f"/safety/campaigns/{campaign.pk}/units/P1/").context["may_keep"]


def test_who_holds_the_post_says_that_it_is_done_without_any_other_role(
    cast: dict[str, Account], media: Path
) -> None:
    campaign = campaigning.opened()
    entry = campaigning.listed(campaign, campaigning.post_in("P1", holder=cast["employee"]))

    answer = signed_in(cast["employee"]).post(
        f"/safety/campaigns/entries/{entry.pk}/completion/", {"text": "Cleared"}
    )

    assert answer.status_code == 302
    assert CampaignEntry.objects.get().stand == "done"


def test_a_page_offers_to_verify_to_another_alone_and_says_why_not_you(
    cast: dict[str, Account],
) -> None:
    campaign = campaigning.opened()
    entry = campaigning.listed(campaign, campaigning.post_in())
    campaigning.done(cast["safety_officer"], entry)
    address = f"/safety/campaigns/entries/{entry.pk}/"

    own = signed_in(cast["safety_officer"]).get(address)
    other = signed_in(cast["unit_head"]).get(address)

    assert [str(one["word"]) for one in own.context["forms"]] == ["Return it"]
    assert "another does" in own.context["banner"]["next"]
    assert "Verify and close" in [str(one["word"]) for one in other.context["forms"]]
    refused = signed_in(cast["safety_officer"]).post(f"{address}verification/", {"text": "Fine"})
    assert refused.status_code == 422


def test_headquarters_drills_down_to_a_unit_with_the_way_back(cast: dict[str, Account]) -> None:
    campaign = campaigning.opened()
    client = signed_in(cast["duty_office"])

    page = client.get(f"/safety/campaigns/{campaign.pk}/?within=W1")

    assert {one["row"].unit.code for one in page.context["rows"]} == {"W1", "W2"}
    assert [word for word, _href in page.context["crumbs"]][1:] == ["Winter campaign", "Unit W1"]
    assert client.get(f"/safety/campaigns/{campaign.pk}/?within=nowhere").status_code == 404


def test_the_report_is_a_workbook_and_a_document_with_the_same_numbers(
    cast: dict[str, Account],
) -> None:
    campaign = campaigning.closed(cast["duty_office"])
    client, address = signed_in(cast["unit_head"]), f"/safety/campaigns/{campaign.pk}/report"

    page, book, paper = (client.get(f"{address}{end}") for end in ("/", ".xlsx", ".docx"))

    columns = [tables.Column(key="What"), tables.Column(key="Value")]
    values = {
        r.values["What"]: r.values["Value"] for r in tables.read(book.content, columns=columns).rows
    }
    figures = dict(page.context["told"]["figures"])
    assert values["units"] == str(figures["units"]) == "7"
    rows = docx.Document(io.BytesIO(paper.content)).tables[0].rows
    assert ("units", "7") in [tuple(cell.text for cell in row.cells) for row in rows]
    assert page.context["told"]["is_intact"]


def test_the_page_costs_the_same_queries_with_more_units_and_lines(
    cast: dict[str, Account], django_assert_max_num_queries: Any
) -> None:
    campaign = campaigning.opened()
    post = campaigning.post_in()
    for number in range(5):
        campaigning.listed(campaign, post, what=f"Line {number}")
    client = signed_in(cast["duty_office"])

    with django_assert_max_num_queries(32):
        client.get(f"/safety/campaigns/{campaign.pk}/")
