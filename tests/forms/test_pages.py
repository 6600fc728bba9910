"""The pages of forms: read by everybody, managed by the duty office."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from taishan.forms import library, queries
from taishan.forms.models import FormVersion
from taishan.organisation.models import Account
from tests import people
from tests.forms import building
from tests.forms.building import SURVEY, xlsform
from tests.people import signed_in


def upload(client: Client, content: bytes):  # type: ignore[no-untyped-def]
    return client.post("/forms/", {"file": SimpleUploadedFile("check.xlsx", content)})


@pytest.fixture
def office(cast: dict[str, Account]) -> Client:
    return signed_in(cast["duty_office"])


def test_an_uploaded_form_is_looked_at_then_published_then_retired(office: Client) -> None:
    answer = upload(office, xlsform())
    assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/forms/check/1/")
    page = office.get("/forms/check/1/?lang=zh").content.decode()
    assert "草稿" in page
    assert "身体好吗？" in page
    assert "仅当“身体好吗”为“否”时填写" in page

    office.post("/forms/check/1/publication/")
    assert queries.get_version("check").number == 1
    assert "In force" in office.get("/forms/check/?lang=en").content.decode()

    office.post("/forms/check/1/retirement/")
    assert FormVersion.objects.get(form__code="check").state == "retired"


def test_a_wrong_file_is_explained_by_row_and_column_and_records_nothing(office: Client) -> None:
    answer = upload(office, xlsform(survey=(*SURVEY, ("decimall", "x", "X", "X"))))

    page = answer.content.decode()
    assert answer.status_code == 422
    assert re.search(r'data-label="Row">4<.*data-label="Column">type<', page)
    assert "decimall" in page
    assert not FormVersion.objects.filter(form__code="check").exists()


@pytest.mark.parametrize(
    "content", [b"hello", b"x" * (4 * 1024 * 1024 + 1)], ids=["no workbook", "too large"]
)
def test_a_file_that_is_no_form_is_refused(office: Client, content: bytes) -> None:
    assert upload(office, content).status_code == 422


def test_no_file_and_nothing_new_are_said_so(office: Client) -> None:
    assert office.post("/forms/").status_code == 422
    upload(office, xlsform())
    again = upload(office, xlsform())
    assert again.status_code == 422
    assert "Nothing differs from version 1" in again.content.decode()


def test_what_cannot_be_published_again_says_so(office: Client) -> None:
    page = office.post("/forms/daily_health/1/publication/", follow=True).content.decode()

    assert "Only a draft can be published." in page


@pytest.mark.parametrize("role", sorted(people.CAST))
def test_only_the_duty_office_of_the_group_manages_forms(
    cast: dict[str, Account], role: str
) -> None:
    client = signed_in(cast[role])
    is_office = role == "duty_office"

    assert ("A new form" in client.get("/forms/").content.decode()) == is_office
    assert upload(client, xlsform()).status_code == (302 if is_office else 403)
    for step in ("retirement", "publication"):
        answer = client.post(f"/forms/unit_daily/1/{step}/")
        assert answer.status_code == (302 if is_office else 403), step


def test_a_form_or_version_that_is_not_there_is_not_found(office: Client) -> None:
    for page in ("/forms/nothing/", "/forms/daily_health/9/", "/forms/daily_health/9.xlsx"):
        assert office.get(page).status_code == 404, page
    assert office.post("/forms/daily_health/9/retirement/").status_code == 404


def test_the_downloaded_workbook_is_the_one_that_was_given(office: Client) -> None:
    assert office.get("/forms/unit_daily/1.xlsx").content == library.workbook_of("unit_daily")


def test_the_list_takes_as_many_queries_for_many_forms_as_for_one(
    office: Client,
    django_assert_max_num_queries,  # type: ignore[no-untyped-def]
) -> None:
    for number in range(5):
        upload(office, building.with_setting(form_id=f"form{number}"))

    with django_assert_max_num_queries(7):
        office.get("/forms/")


@pytest.mark.parametrize("code", library.shipped())
def test_every_shipped_form_reads_in_chinese_without_english_left(
    office: Client, code: str
) -> None:
    page = office.get(f"/forms/{code}/?lang=zh").content.decode()

    assert "Only if" not in page
    assert "needed" not in page
