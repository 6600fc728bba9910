"""Photos and other files that come with what a client hands in."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.http import HttpResponse
from django.test import Client

from taishan.forms.models import Form
from taishan.kit import attachments
from taishan.ledger.models import Entry
from taishan.organisation import actions as organisation
from taishan.organisation.models import Account
from taishan.privacy.models import Look
from taishan.reporting import erasing
from taishan.reporting.models import Report, ReportFile
from tests import people
from tests.interop.client import Collect, said
from tests.interop.submitting import (
    FINDINGS,
    PHOTO,
    instance,
    post,
)

pytestmark = pytest.mark.usefixtures("group")


def test_photos_come_in_requests_of_their_own_and_are_kept_once(
    inspected: Collect, media: Path
) -> None:
    xml = instance(FINDINGS, form="check")

    first = post(inspected, xml, **{"1581_jpg": PHOTO})
    second = post(inspected, xml, **{"1582_jpg": PHOTO + b"2"})
    replay = post(inspected, xml, **{"1581_jpg": PHOTO, "1582_jpg": PHOTO + b"2"})

    assert [one.status_code for one in (first, second, replay)] == [201, 201, 201]
    assert [row.name for row in ReportFile.objects.order_by("name")] == ["1581.jpg", "1582.jpg"]
    assert sum(path.is_file() for path in media.rglob("*")) == 2
    assert Report.objects.count() == 1
    assert Entry.objects.filter(verb="report.files_added").count() == 2


def test_the_report_s_page_leads_to_the_photos_that_came_with_it(
    inspected: Collect, group: dict[str, Account]
) -> None:
    post(inspected, instance(FINDINGS, form="check"), **{"1581_jpg": PHOTO})
    owner = Client()
    owner.force_login(group["employee"])

    page = owner.get("/reports/check/2020-02-12/").content.decode()

    assert f"/reports/files/{ReportFile.objects.get().kept_as}/" in page


def test_another_photo_under_the_same_name_is_refused(inspected: Collect, media: Path) -> None:
    xml = instance(FINDINGS, form="check")
    post(inspected, xml, **{"1581_jpg": PHOTO})

    other = post(inspected, xml, **{"1582_jpg": PHOTO, "1581_jpg": PHOTO + b"altered"})

    assert other.status_code == 409
    assert sum(path.is_file() for path in media.rglob("*")) == 1


def test_a_file_that_no_answer_names_is_not_kept_and_its_sender_told(
    inspected: Collect,
) -> None:
    answer = post(inspected, instance(FINDINGS, form="check"), other_jpg=PHOTO)

    assert answer.status_code == 201
    assert "other.jpg" in said(answer)
    assert not ReportFile.objects.exists()


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"MZ\x90\x00 a program", 415),
        (b"<html><script>alert(1)</script></html>", 415),
        (b"\xff\xd8\xff" + b"\x00" * attachments.LIMIT_BYTES, 413),
    ],
    ids=["program", "page", "large"],
)
def test_a_file_that_is_no_photo_or_too_large_is_refused_with_its_reason(
    inspected: Collect, content: bytes, status: int
) -> None:
    answer = post(inspected, instance(FINDINGS, form="check"), **{"1581_jpg": content})

    assert answer.status_code == status
    assert said(answer)
    assert not Report.objects.exists()
    assert not ReportFile.objects.exists()


def test_a_file_s_name_beyond_measure_is_refused(inspected: Collect) -> None:
    name = "9" * 300 + "_jpg"
    xml = instance(FINDINGS.replace("1581.jpg", name.replace("_", ".")), form="check")

    assert post(inspected, xml, **{name: PHOTO}).status_code == 422
    assert not Report.objects.exists()


def test_a_file_opens_for_who_may_see_the_answers_and_is_erased_with_them(
    inspected: Collect, group: dict[str, Account], media: Path
) -> None:
    Form.objects.filter(code="check").update(
        is_personal_health=True, ground="test", retention_days=90
    )
    post(inspected, instance(FINDINGS, form="check"), **{"1581_jpg": PHOTO})
    address = f"/reports/files/{ReportFile.objects.get().kept_as}/"

    def get(role: str) -> HttpResponse:
        client = Client()
        client.force_login(group[role])
        return client.get(address)  # type: ignore[return-value]

    assert (get("employee").status_code, get("employee").content) == (200, PHOTO)
    assert get("unit_head").status_code == 403
    assert get("inspector").status_code == 403
    organisation.grant_role(
        actor=people.ACTOR, now=people.NOW, on=people.FOUNDED, staff_no="D3",
        role="safety_officer", unit="P1",
    )  # fmt: skip
    assert get("safety_officer").status_code == 200
    assert Look.objects.get().door == Look.Door.FILE

    erasing.erase_all(actor=people.ACTOR, now=people.NOW + timedelta(days=120))

    assert get("employee").status_code == 404
    assert not any(path.is_file() for path in media.rglob("*"))
