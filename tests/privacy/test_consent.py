"""Asking by consent: nothing without it, nothing owed once it is withdrawn, and nobody named."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client

from taishan.kit import attachments, clock
from taishan.ledger.models import Entry
from taishan.organisation import staffing
from taishan.organisation.models import Account, Person, Unit
from taishan.privacy import grounds
from taishan.privacy.models import Consent, Ground
from taishan.reporting import files, my_reports, queries, recounting, unit_links, withdrawing
from taishan.reporting.models import Correction, Earlier, Report, ReportFile
from tests import people
from tests.pictures import png
from tests.privacy import allowing
from tests.reporting import building
from tests.reporting.building import FEVER, TODAY, WELL, report, submit, told
from tests.reporting.test_report_pages import posted

PAGE = "/reports/daily_health/2020-02-12/"


@pytest.fixture(autouse=True)
def _group(cast: dict[str, Account], monkeypatch: pytest.MonkeyPatch) -> None:
    """Phnom Penh at 07:00, where the report is asked by consent; Wenzhou, where it is a duty."""
    monkeypatch.setattr(clock, "now", lambda: building.MORNING)
    building.add_schedules()
    building.hire("P8", "P9", unit="P1")
    building.hire("A1", unit="W1")
    allowing.ask_for_consent("KH")


def own(staff_no: str) -> Client:
    person = Person.objects.get(staff_no=staff_no)
    account, _new = Account.objects.get_or_create(username=staff_no, person=person)
    client = Client()
    client.force_login(account)
    return client


def send(client: Client, **more: str) -> int:
    return client.post(PAGE, posted() | more).status_code


def withdraw(staff_no: str) -> None:
    own(staff_no).post("/my-data/consents/", {"form": "daily_health", "withdraw": "yes"})


def missing(account: Account) -> tuple[int, str]:
    client = Client()
    client.force_login(account)
    page = client.get("/situation/people/?day=2020-02-12&list=not_reported&within=P1")
    return page.context["total"], page.content.decode()


def test_where_consent_is_the_ground_no_door_takes_an_answer_without_it() -> None:
    assert told(submit(report("P9"), report("A1"))) == ["consent", "new"]
    assert send(own("P9")) == 422
    assert not Report.objects.filter(subject_id=Person.objects.get(staff_no="P9").pk).exists()


def test_who_reports_for_others_does_not_learn_that_somebody_withdrew(
    cast: dict[str, Account],
) -> None:
    send(own("P9"), consent="yes")
    withdraw("P9")
    client = Client()
    client.force_login(cast["duty_office"])

    def sent(answers: object, period: str = "2020-02-12") -> tuple[str, str]:
        one = {"form": "daily_health", "subject": "P9", "period": period, "answers": answers}
        [found] = client.post("/api/v1/reports", [one], content_type="application/json").json()
        return found["code"], found["reason"]

    assert sent({})[0] == "answers"
    assert sent(WELL) == ("not_owed", "No report is owed for 2020-02-12.")
    assert own("P9").post(PAGE, posted()).status_code == 422


def test_the_report_asks_for_consent_once_and_keeps_it() -> None:
    client = own("P9")
    assert b'name="consent"' in client.get(PAGE).content

    assert send(client, consent="yes") == 200

    said = Consent.objects.get()
    assert (said.state, said.person.staff_no, str(said.from_day)) == ("given", "P9", "2020-02-12")
    assert b'name="consent"' not in client.get(PAGE).content
    assert told(submit(report("P9", WELL | {"body_temperature": 36.8}))) == ["changed"]
    entry = Entry.objects.get(verb="consent.given")
    assert entry.data["form"] == "daily_health"


def test_where_it_is_a_duty_nothing_is_asked_and_nothing_can_be_withdrawn() -> None:
    client = own("A1")
    assert b'name="consent"' not in client.get(PAGE).content

    sent = client.post("/my-data/consents/", {"form": "daily_health", "withdraw": "y"}, follow=True)

    assert "This is asked by law" in sent.content.decode()
    assert not Consent.objects.exists()
    assert send(client, consent="yes") == 200
    assert not Consent.objects.exists()


def test_who_comes_by_the_link_of_the_unit_is_asked_too(cast: dict[str, Account]) -> None:
    person = Person.objects.get(staff_no="P9")
    token = unit_links.make(person.memberships.get().unit_id).token
    given = {"pass": unit_links.give_pass(person, token)} | posted()

    refused = Client().post(f"/r/{token}/", given)
    taken = Client().post(f"/r/{token}/", given | {"consent": "yes"})

    assert (refused.status_code, b'name="consent"' in refused.content) == (422, True)
    assert taken.status_code == 200
    assert Report.objects.get().subject_id == person.pk


def test_who_withdraws_owes_nothing_and_the_officers_see_how_many_and_not_who(
    cast: dict[str, Account],
) -> None:
    building.hire("P7", unit="P1")
    allowing.allow("P1", reader="HQ", role="duty_office", kind="crossing")
    before, _page = missing(cast["duty_office"])

    withdraw("P9")

    after, page = missing(cast["duty_office"])
    assert after == before - 1
    assert "1 person withdrew their consent" in page
    assert "张P8" in page
    assert "张P9" not in page
    assert my_reports.find_owed(Person.objects.get(staff_no="P9"), building.MORNING) == []
    assert my_reports.find_owed(Person.objects.get(staff_no="P8"), building.MORNING) != []
    unit_id = Person.objects.get(staff_no="P9").memberships.get().unit_id
    assert queries.expected([unit_id], "daily_health", TODAY) == {unit_id: before - 1}
    assert told(submit(report("P9"))) == ["consent"]


def test_who_has_reported_today_and_withdraws_still_counts_today() -> None:
    send(own("P9"), consent="yes")
    withdraw("P9")

    said = Consent.objects.order_by("-pk")[0]
    assert (said.state, said.from_day) == ("withdrawn", TODAY + timedelta(days=1))


def test_who_agrees_again_owes_again(cast: dict[str, Account]) -> None:
    before, _page = missing(cast["duty_office"])
    withdraw("P9")
    own("P9").post("/my-data/consents/", {"form": "daily_health", "agree": "yes"})

    assert missing(cast["duty_office"])[0] == before
    assert told(submit(report("P9"))) == ["new"]


def test_a_person_reads_in_both_languages_why_who_and_until_when() -> None:
    client = own("P9")
    english = client.get("/my-data/?lang=en").content.decode()
    chinese = client.get("/my-data/?lang=zh").content.decode()

    assert "To keep you and others well." in english
    assert "erased on 2020-05-13" in english
    assert "保护您和他人的健康。" in chinese
    assert "2020-05-13" in chinese


def test_the_group_records_a_ground_on_its_page(cast: dict[str, Account]) -> None:
    client = Client()
    client.force_login(cast["duty_office"])
    given = {
        "form": allowing.health().pk, "country": "CN", "basis": "duty", "article": "PIPL 13 (3)",
        "starts": "2020-02-12",
    } | allowing.WHY  # fmt: skip

    page = client.post("/privacy/grounds/", given, follow=True).content.decode()

    assert "PIPL 13 (3)" in page
    assert "PIPL 13 (3)" in own("A1").get("/my-data/").content.decode()
    assert "PIPL 13 (3)" not in own("P9").get("/my-data/").content.decode()
    assert people.ACTOR.label not in page


TOMORROW = building.MORNING + timedelta(days=2)
YESTERDAY = TODAY - timedelta(days=1)


def agree(staff_no: str) -> None:
    own(staff_no).post("/my-data/consents/", {"form": "daily_health", "agree": "yes"})


def erase(now: datetime = TOMORROW) -> int:
    return withdrawing.erase_all(actor=people.ACTOR, now=now)


def answered() -> None:
    """P8 and P9 agree and report, P9 twice and with a photo, and once for a closed day."""
    for staff_no in ("P8", "P9"):
        agree(staff_no)
    submit(report("P8"), report("P9"), report("P9", FEVER))
    submit(report("P9", period=YESTERDAY))
    key = (Unit.objects.get(code="P1").pk, allowing.health().pk, TODAY, person("P9"))
    photo = {"1.png": attachments.inspect("1.png", png())}
    files.add(actor=people.ACTOR, now=building.MORNING, key=key, client=uuid4(), files=photo)


def person(staff_no: str) -> int:
    return Person.objects.get(staff_no=staff_no).pk


def test_what_was_answered_before_a_withdrawal_is_erased_and_the_totals_stay(media: Path) -> None:
    answered()
    unit, form = Unit.objects.get(code="P1").pk, allowing.health().pk
    before = building.counts(unit, form)
    assert before["fever"] == 1

    withdraw("P9")
    assert erase(building.MORNING) == 0
    assert erase() == 1

    assert building.counts(unit, form) == before
    assert not recounting.recount().differences
    kept = {Report: [person("P8")], Earlier: [], Correction: [], ReportFile: []}
    for model, subjects in kept.items():
        assert list(model.objects.values_list("subject_id", flat=True)) == subjects
    assert not [one for one in media.rglob("*") if one.is_file()]
    entry = Entry.objects.get(verb="answers.erased")
    assert entry.data == {"withdrawn": True, "reports": 1}
    assert erase() == 0


def test_who_agrees_again_before_anything_was_erased_keeps_it(media: Path) -> None:
    answered()
    withdraw("P9")
    agree("P9")

    assert erase() == 0
    assert Report.objects.filter(subject_id=person("P9")).exists()


def test_a_day_before_the_withdrawal_is_never_counted_twice(
    media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answered()
    withdraw("P9")
    erase()
    monkeypatch.setattr(clock, "now", lambda: TOMORROW)
    agree("P9")

    later = TODAY + timedelta(days=2)
    results = submit(report("P9"), report("P9", period=later), now=TOMORROW)

    assert told(results) == ["consent", "new"]


def test_the_days_between_a_withdrawal_and_a_new_consent_are_neither_owed_nor_taken(
    media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answered()
    withdraw("P9")
    monkeypatch.setattr(clock, "now", lambda: TOMORROW)
    agree("P9")

    between = TODAY + timedelta(days=1)
    unit, form = Unit.objects.get(code="P1").pk, allowing.health()

    assert told(submit(report("P9", period=between), now=TOMORROW)) == ["consent"]
    assert grounds.find_withdrawn(form, [unit], between) == {person("P9")}
    assert not grounds.find_withdrawn(form, [unit], between + timedelta(days=1))
    number = queries.expected([unit], "daily_health", between)[unit]
    assert number == queries.expected([unit], "daily_health", TODAY)[unit] - 1


def test_nobody_is_excused_from_the_day_on_which_the_law_asks(media: Path) -> None:
    agree("P9")
    withdraw("P9")
    law = TODAY + timedelta(days=3)
    allowing.ask_by_law("KH", starts=law)
    unit, until = Unit.objects.get(code="P1").pk, law + timedelta(days=3)

    found = grounds.find_excused(allowing.health(), [unit], TODAY, until)

    assert [(one.starts, one.ends) for one in found] == [(TODAY, law)]


def test_a_ground_other_than_consent_keeps_the_answers(media: Path) -> None:
    submit(report("A1"))
    answered()
    staffing.transfer(
        actor=people.ACTOR, now=people.NOW, on=TODAY + timedelta(days=1), unit="P1",
        person=Person.objects.get(staff_no="A1"),
    )  # fmt: skip
    ground = Ground.objects.get()
    Consent.objects.create(
        form=ground.form, person_id=person("A1"), ground=ground, state=Consent.State.WITHDRAWN,
        from_day=TODAY + timedelta(days=2), said_at=building.MORNING,
    )  # fmt: skip

    assert erase(TOMORROW + timedelta(days=2)) == 0
    assert Report.objects.filter(subject_id=person("A1")).exists()


def test_lists_of_such_a_day_name_nobody_and_say_how_many_are_counted(
    cast: dict[str, Account], media: Path
) -> None:
    answered()
    withdraw("P9")
    erase()

    _total, page = missing(cast["duty_office"])

    assert "张P9" not in page
    client = Client()
    client.force_login(cast["duty_office"])
    late = client.get("/situation/people/?day=2020-02-12&list=late&within=P1&lang=en")
    assert "The answers of 1 report of this day are erased" in late.content.decode()


def test_the_database_erases_nothing_of_who_has_not_withdrawn(media: Path) -> None:
    answered()
    given = Consent.objects.get(person_id=person("P9"))
    unit = Unit.objects.get(code="P1").pk

    with connection.cursor() as cursor:
        cursor.execute("SELECT reporting_erase_withdrawn(%s, %s, %s)", [given.pk, [unit], [TODAY]])

    assert Earlier.objects.filter(subject_id=person("P9")).exists()
