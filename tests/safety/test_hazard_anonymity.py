"""A report without a name leaves no trace of who sent it: in no table, no file and no log."""

from __future__ import annotations

import logging
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from taishan.kit import clock
from taishan.organisation.models import Account
from taishan.safety.hazard_models import Hazard
from tests.people import NOW
from tests.safety.building import PNG

pytestmark = pytest.mark.django_db
NEW, RECEIPT = "/safety/hazards/new/", "/safety/hazards/receipt/"
CODE = "0123-4567-89ab-cdef-0123"


@pytest.fixture
def phone(cast: dict[str, Account], media: Path, monkeypatch: pytest.MonkeyPatch) -> Client:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    phone = Client()
    phone.force_login(cast["employee"])
    return phone


def send(phone: Client, **more: object) -> str:
    given = {
        "text": "A bare cable", "looks": 2, "unit": "W1", "client": uuid4(),
        "photos": SimpleUploadedFile("Sok Dara.png", PNG),
    }  # fmt: skip
    answer = phone.post(NEW, given | more)
    assert answer.status_code == 200
    return str(answer.content.decode())


@pytest.mark.parametrize("anonymous", ["", "on"])
def test_what_one_person_reports_offline_is_never_sent_as_the_next_ones(
    phone: Client, cast: dict[str, Account], anonymous: str
) -> None:
    next_one = Client()
    next_one.force_login(cast["unit_head"])
    given = {"text": "A bare cable", "looks": 2, "unit": "W1", "client": uuid4()}
    account = {"account": cast["employee"].pk, "anonymous": anonymous}

    answer = next_one.post(NEW, given | account)

    assert f'name="account" value="{account["account"]}"' in phone.get(NEW).content.decode()
    assert (answer.status_code, Hazard.objects.count()) == (403, 0)


def rows() -> dict[str, set[str]]:
    """Every row of every table, as text."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            name = connection.ops.quote_name(table)
            cursor.execute(f"SELECT t::text FROM {name} t")  # noqa: S608 - names of our own tables
            found[table] = {row[0] for row in cursor.fetchall()}
    return found


def added(before: dict[str, set[str]]) -> list[str]:
    return [row for table, now in rows().items() for row in now - before.get(table, set())]


def test_nothing_that_a_report_without_a_name_adds_anywhere_leads_to_its_reporter(
    phone: Client, cast: dict[str, Account], media: Path, caplog: pytest.LogCaptureFixture
) -> None:
    reporter, before = cast["employee"], rows()
    caplog.set_level(logging.DEBUG)

    page = send(phone, anonymous="on", code=CODE)
    phone.get(NEW)
    Client().post(RECEIPT, {"code": CODE})

    hazard = Hazard.objects.get()
    new = added(before)
    logged = "\n".join(
        record.getMessage() for record in caplog.records if record.name != "django.db.backends"
    )
    traces = ["Sok", "Dara", "D6", str(phone.session.session_key), CODE, CODE.replace("-", "")]
    assert CODE in page
    assert len(new) > 3
    assert [(trace, row) for trace in traces for row in new if trace in row] == []
    assert [trace for trace in traces if trace in logged] == []
    assert [path for path in media.rglob("*") if "Dara" in path.name] == []
    assert hazard.acts.get().photos.get().name == "photo.png"
    assert accounts_named_by(hazard, reporter) == []


def accounts_named_by(hazard: Hazard, reporter: Account) -> list[str]:
    """The columns of what was written that point to the reporter's account or person."""
    ids = {reporter.pk, reporter.person_id}
    found = []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema ="
            " 'public' AND (column_name LIKE %s OR column_name IN ('by_id', 'person_id',"
            " 'account_id', 'reporter_id', 'sent_by'))",
            ["%account%"],
        )
        for table, column in cursor.fetchall():
            if not table.startswith(("safety_", "ledger_", "procrastinate", "communications_")):
                continue
            cursor.execute(f'SELECT "{column}"::text FROM "{table}"')  # noqa: S608 - as above
            if {row[0] for row in cursor.fetchall()} & {str(one) for one in ids}:
                found.append(f"{table}.{column}")
    return found


def test_a_report_with_a_name_is_found_by_the_same_search(
    phone: Client, cast: dict[str, Account]
) -> None:
    before = rows()

    send(phone)

    assert any("Sok Dara" in row for row in added(before))
    assert "safety_hazard.reporter_id" in accounts_named_by(Hazard.objects.get(), cast["employee"])


def test_the_code_shows_what_became_of_it_to_whoever_has_it(phone: Client) -> None:
    send(phone, anonymous="on", code=CODE)

    nobody = Client()
    right = nobody.post(RECEIPT, {"code": f" {CODE.upper()} "})
    wrong = nobody.post(RECEIPT, {"code": CODE.replace("0", "f")})

    assert "A bare cable" in right.content.decode()
    assert "to be graded" in right.content.decode()
    assert (right.status_code, wrong.status_code) == (200, 422)
    assert "sessionid" not in nobody.cookies


def test_a_phone_that_sends_the_same_again_is_told_its_code_again_and_reports_once(
    phone: Client,
) -> None:
    key = uuid4()

    pages = [send(phone, anonymous="on", code=CODE, client=key) for _time in range(2)]
    other = send(phone, anonymous="on", code="", client=key)

    assert all(CODE in page for page in pages)
    assert "received already" in other
    assert Hazard.objects.count() == 1


def test_without_a_script_the_page_itself_gives_the_code(phone: Client) -> None:
    page = send(phone, anonymous="on")

    code = page.partition('"receipt-code">')[2].partition("<")[0]
    assert Client().post(RECEIPT, {"code": code}).status_code == 200
