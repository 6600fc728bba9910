"""Who sees whose health where: every role at every door, and what a rule or a border changes."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from python_calamine import CalamineWorkbook

from taishan.files.models import AskedFile
from taishan.kit import attachments, clock
from taishan.ledger.models import Entry
from taishan.organisation import access
from taishan.organisation import actions as organisation
from taishan.organisation.models import Account, Person, Unit
from taishan.privacy import rules
from taishan.privacy.models import Look
from taishan.reporting import files, noticing, reading
from taishan.reporting.follow_up_models import FollowUp
from taishan.reporting.models import Correction, ReportFile
from taishan.situation import list_file, people_views
from tests import people
from tests.pictures import png
from tests.privacy import allowing
from tests.reporting import building
from tests.reporting.building import FEVER, report, submit

DAY = "day=2020-02-12"
DOORS = (
    "/situation/people/?day=2020-02-12&list=fever",
    "/situation/people/?day=2020-02-12&list=symptomatic",
    "/situation/people/?day=2020-02-12&list=symptoms:cough",
    "/situation/people.xlsx?day=2020-02-12&list=fever",
    "/situation/people/?day=2020-02-12&list=on_site",
    "/situation/?day=2020-02-12",
    "/situation.xlsx?day=2020-02-12",
    "/situation/reports/",
    "/follow-ups/?day=2020-02-12",
    "/follow-ups/?day=2020-02-12&list=waiting",
    "/follow-ups.xlsx?day=2020-02-12",
    "/follow-ups/{follow_up}/",
    "/reports/files/{file}/",
    "/answers/?form=daily_health&of={person}&day=2020-02-12",
    "/corrections/{correction}/",
    "/notices/",
    "/my-data/",
    "/",
    "answers",
)
NAMING = {
    "/situation/people/?day=2020-02-12&list=fever",
    "/situation/people/?day=2020-02-12&list=symptomatic",
    "/situation/people/?day=2020-02-12&list=symptoms:cough",
    "/situation/people.xlsx?day=2020-02-12&list=fever",
    "/follow-ups/?day=2020-02-12",
    "/follow-ups/?day=2020-02-12&list=waiting",
    "/follow-ups.xlsx?day=2020-02-12",
    "/follow-ups/{follow_up}/",
    "/reports/files/{file}/",
    "/answers/?form=daily_health&of={person}&day=2020-02-12",
    "/corrections/{correction}/",
    "answers",
}
"""The doors at which who may read of the unit finds a name; at the others nobody does."""
ROLES = sorted(people.CAST)


@pytest.fixture
def cast(
    cast: dict[str, Account], media: Path, monkeypatch: pytest.MonkeyPatch
) -> dict[str, Account]:
    """The cast at 08:00; A1 of W1, B1 of its site W2 and P9 of Phnom Penh have a fever."""
    monkeypatch.setattr(clock, "now", lambda: building.MORNING)
    building.add_schedules()
    for staff_no, unit in (("A1", "W1"), ("B1", "W2"), ("P9", "P1")):
        building.hire(staff_no, unit=unit)
        submit(report(staff_no, FEVER))
        submit(report(staff_no), now=building.MORNING + timedelta(days=2))
    noticing.look(
        actor=people.ACTOR, now=people.NOW, since=building.TODAY,
        until=building.TODAY + timedelta(days=1),
    )  # fmt: skip
    return cast


def key(staff_no: str, unit: str) -> reading.Key:
    person = Person.objects.get(staff_no=staff_no).pk
    return Unit.objects.get(code=unit).pk, allowing.health().pk, building.TODAY, person


def _file(staff_no: str, unit: str) -> str:
    kept = ReportFile.objects.filter(subject_id=key(staff_no, unit)[3])
    if kept.exists():
        return str(kept.get().kept_as)
    files.add(
        actor=people.ACTOR, now=people.NOW, key=key(staff_no, unit), client=uuid4(),
        files={"1.png": attachments.inspect("1.png", png())},
    )  # fmt: skip
    return str(kept.get().kept_as)


def _shows(account: Account, door: str, staff_no: str, unit: str) -> bool:
    if door == "answers":
        viewer = access.viewer_for(account, building.TODAY)
        try:
            reading.read_answers(viewer=viewer, now=building.MORNING, key=key(staff_no, unit))
        except PermissionDenied:
            return False
        return True
    client = Client()
    client.force_login(account)
    answer = client.get(door)
    if "/files/" in door:
        return answer.status_code == 200
    if answer.status_code != 200:
        return False
    content = answer.content
    if door.split("?", maxsplit=1)[0].endswith(".xlsx"):
        book = CalamineWorkbook.from_filelike(BytesIO(content))
        return staff_no in str(book.get_sheet_by_index(0).to_python())
    return f"张{staff_no}" in content.decode()


def showing(account: Account, staff_no: str, unit: str) -> set[str]:
    """Return the doors at which the account finds the person, with something of their health."""
    marks = {
        "follow_up": FollowUp.objects.get(person__staff_no=staff_no).pk,
        "file": _file(staff_no, unit),
        "person": Person.objects.get(staff_no=staff_no).pk,
        "correction": Correction.objects.get(subject_id=key(staff_no, unit)[3]).pk,
    }
    return {door for door in DOORS if _shows(account, door.format(**marks), staff_no, unit)}


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(
    ("staff_no", "unit"), [("A1", "W1"), ("B1", "W2"), ("P9", "P1")], ids=["own", "below", "abroad"]
)
def test_only_the_safety_officer_of_the_unit_itself_finds_a_name_at_any_door(
    cast: dict[str, Account], role: str, staff_no: str, unit: str
) -> None:
    expected = NAMING if (role, unit) == ("safety_officer", "W1") else set()
    assert showing(cast[role], staff_no, unit) == expected


def test_a_rule_opens_every_door_to_the_role_it_names_and_to_no_other(
    cast: dict[str, Account],
) -> None:
    allowing.allow("W1", reader="HQ", role="duty_office")

    assert showing(cast["duty_office"], "A1", "W1") == NAMING
    assert showing(cast["inspector"], "A1", "W1") == set()
    assert showing(cast["duty_office"], "P9", "P1") == set()


def test_a_long_list_asked_for_by_a_rule_is_what_it_opens_while_it_does(
    cast: dict[str, Account], monkeypatch: pytest.MonkeyPatch
) -> None:
    rule = allowing.allow("W1", reader="HQ", role="duty_office")
    monkeypatch.setattr(people_views.files, "LARGE_ROWS", 0)
    client = Client()
    client.force_login(cast["duty_office"])
    client.get("/situation/people.csv?day=2020-02-12&list=fever")

    asked = AskedFile.objects.get().asked
    viewer = access.viewer_for(cast["duty_office"], building.TODAY)
    written = [row[0] for row in list_file.content(viewer, asked).rows]
    could = list_file.may(viewer, asked)
    rules.end(
        actor=people.ACTOR, now=people.NOW, rule=rule, on=building.TODAY, reason="It is over."
    )

    assert (written, could) == (["A1", "B1"], True)
    assert not list_file.may(access.viewer_for(cast["duty_office"], building.TODAY), asked)


def test_a_rule_holds_for_the_units_below_and_opens_no_others(cast: dict[str, Account]) -> None:
    allowing.allow("W1", reader="W1", role="unit_head")
    assert showing(cast["unit_head"], "B1", "W2") == NAMING


def test_phnom_penh_s_people_are_read_abroad_only_by_a_rule_across_the_border(
    cast: dict[str, Account],
) -> None:
    with pytest.raises(rules.RuleRefused, match="different countries"):
        allowing.allow("P1", reader="HQ", role="duty_office")
    allowing.allow("HQ", reader="HQ", role="duty_office")
    assert showing(cast["duty_office"], "P9", "P1") == set(), "a rule of the group stays inland"

    allowing.allow("P1", reader="HQ", role="duty_office", kind="crossing")
    assert showing(cast["duty_office"], "P9", "P1") == NAMING


def test_who_of_phnom_penh_has_not_reported_is_a_number_in_beijing_and_a_name_at_home(
    cast: dict[str, Account],
) -> None:
    building.hire("P8", unit="P1")
    organisation.grant_role(
        actor=people.ACTOR, now=people.NOW, on=people.FOUNDED, staff_no="P7", name="Chan Vy",
        role="safety_officer", unit="P1",
    )  # fmt: skip

    def page(account: Account) -> str:
        client = Client()
        client.force_login(account)
        address = f"/situation/people/?{DAY}&list=not_reported&within=P1"
        return client.get(address).content.decode()

    for role in ("duty_office", "inspector", "discipline_office"):
        found = page(cast[role])
        assert "张P8" not in found
        assert "Unit P1" in found
    assert "张P8" in page(Account.objects.get(person__staff_no="P7"))

    allowing.allow("P1", reader="HQ", role="duty_office", kind="crossing")
    assert "张P8" in page(cast["duty_office"])


def test_a_rule_opens_nothing_before_its_first_day_or_after_its_last(
    cast: dict[str, Account],
) -> None:
    allowing.allow("W1", reader="HQ", role="duty_office", starts=date(2020, 2, 13))
    allowing.allow("W1", reader="HQ", role="duty_office", until=date(2020, 2, 12))
    assert showing(cast["duty_office"], "A1", "W1") == set()


def test_a_rule_that_was_ended_opens_nothing_and_stays_on_record(
    cast: dict[str, Account],
) -> None:
    rule = allowing.allow("W1", reader="HQ", role="duty_office")
    client = Client()
    client.force_login(cast["unit_head"])
    client.post(f"/privacy/rules/{rule.pk}/end/", {"reason": "The outbreak is over"})

    assert showing(cast["duty_office"], "A1", "W1") == set()
    page = client.get("/privacy/units/W1/").content.decode()
    assert "The outbreak is over" in page
    again = client.post(f"/privacy/rules/{rule.pk}/end/", {"reason": "x"}, follow=True)
    assert "This rule has ended already." in again.content.decode()
    verbs = Entry.objects.filter(subject_kind="disclosure").order_by("verb")
    assert list(verbs.values_list("verb", flat=True)) == ["disclosure.allowed", "disclosure.ended"]


def test_nobody_lets_themselves_read(cast: dict[str, Account]) -> None:
    head = access.viewer_for(cast["unit_head"], building.TODAY)
    with pytest.raises(rules.RuleRefused, match="themselves"):
        allowing.allow("W1", reader="W1", role="unit_head", viewer=head)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"reader": "NOWHERE"}, "No unit NOWHERE"),
        ({"until": date(2019, 12, 31)}, "before the first"),
        ({"until": date(2021, 12, 31)}, "a year at most"),
        ({"reader": "W1", "role": "safety_officer"}, "without a rule"),
    ],
)
def test_a_rule_that_cannot_be_is_refused(
    cast: dict[str, Account], wrong: dict[str, object], said: str
) -> None:
    given = {"reader": "HQ", "role": "duty_office"} | wrong
    with pytest.raises(rules.RuleRefused, match=said):
        allowing.allow("W1", **given)  # type: ignore[arg-type]


def test_the_head_of_the_unit_lets_somebody_read_on_the_page(cast: dict[str, Account]) -> None:
    client = Client()
    client.force_login(cast["unit_head"])
    given = {
        "form": allowing.health().pk, "reader": "HQ", "role": "duty_office", "kind": "within",
        "starts": "2020-02-12", "last_day": "2020-03-31", "ground": "PIPL 13 (4)",
        "decided_by": "林建国",
    }  # fmt: skip

    page = client.post("/privacy/units/W1/", given, follow=True).content.decode()

    assert "PIPL 13 (4)" in page
    assert "2020-03-31" in page
    assert showing(cast["duty_office"], "A1", "W1") == NAMING
    wrong = client.post("/privacy/units/W1/", given | {"reader": "NOWHERE"})
    assert (wrong.status_code, "No unit NOWHERE" in wrong.content.decode()) == (422, True)


def test_a_person_sees_who_looked_and_not_who_was_on_the_list_with_them(
    cast: dict[str, Account],
) -> None:
    building.hire("A2", unit="W1")
    submit(report("A2", FEVER))
    officer = Client()
    officer.force_login(cast["safety_officer"])
    officer.get(f"/situation/people/?{DAY}&list=fever")
    own = Client()
    own.force_login(Account.objects.create(username="A1", person=Person.objects.get(staff_no="A1")))

    page = own.get("/my-data/").content.decode()

    assert "陈静" in page
    assert "a list with names" in page
    assert "张A2" not in page
    look = Look.objects.get()
    assert look.seen.count() == 2
    entry = Entry.objects.get(verb="health.looked_at")
    assert entry.data["people"] == 2
    assert entry.data.keys() == {"form", "door", "people", "root"}


def test_a_look_cannot_be_changed_by_the_application(cast: dict[str, Account]) -> None:
    from django.db import connection, transaction
    from django.db.utils import ProgrammingError

    tables = ("look", "seen", "disclosurerule", "disclosureend", "ground", "consent")
    for table in tables:
        with (
            pytest.raises(ProgrammingError, match="permission denied"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"DELETE FROM privacy_{table}")  # noqa: S608 - of names written above
