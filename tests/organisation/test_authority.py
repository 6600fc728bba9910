"""Roles from a day to a day, and the links by which people come in."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from taishan.ledger.models import Entry
from taishan.organisation import access, actions, history, invitations, staffing
from taishan.organisation.access import Capability
from taishan.organisation.models import Account, Invitation, Person, RoleGrant
from tests import people

MARCH, APRIL = date(2020, 3, 1), date(2020, 4, 1)
ROLES = "/organisation/units/W1/roles/"
PASSWORD = "Mount Tai is heavy"
HIRED = {"actor": people.ACTOR, "now": people.NOW, "on": people.FOUNDED, "staff_no": "E1"}


def _client(account: Account) -> Client:
    client = Client()
    client.force_login(account)
    return client


@pytest.fixture
def office(cast: dict[str, Account]) -> Client:
    return _client(cast["duty_office"])


@pytest.fixture
def worker(cast: dict[str, Account]) -> Person:
    return staffing.hire(**HIRED, name="王芳", unit="W1")  # type: ignore[arg-type]


def _given(**more: str) -> dict[str, str]:
    return {"staff_no": "E1", "role": "safety_officer", "on": "2020-03-01", **more}


def test_a_role_given_in_the_browser_holds_from_its_day_to_its_day(
    office: Client, worker: Person
) -> None:
    answer = office.post(ROLES, _given(until="2020-04-01"))
    assert answer.status_code == 302
    account = Account.objects.get(person=worker)
    for day, may in ((date(2020, 2, 29), False), (MARCH, True), (APRIL, False)):
        viewer = access.viewer_for(account, day)
        assert bool(viewer.paths(Capability.ATTEST)) == may, day
    assert "王芳" in office.get(ROLES).content.decode()


def test_a_role_is_ended_from_a_day(office: Client, worker: Person) -> None:
    office.post(ROLES, _given())
    grant = RoleGrant.objects.get(person=worker)
    office.post(f"/organisation/roles/{grant.pk}/revocation/", {"on": "2020-03-15"})
    grant.refresh_from_db()
    assert grant.valid.upper == date(2020, 3, 15)
    assert Entry.objects.filter(verb="role.revoked", subject_id=str(worker.pk)).exists()


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"staff_no": "NOBODY"}, "give their name too"),
        ({"until": "2020-02-01"}, "comes after its first"),
        ({"staff_no": "D1", "role": "discipline_office"}, "Nobody gives a role to themselves"),
        ({"role": "emperor"}, "Select a valid choice"),
    ],
)
def test_a_role_that_cannot_be_is_refused_with_a_reason(
    office: Client, worker: Person, given: dict[str, str], why: str
) -> None:
    before = RoleGrant.objects.count()
    answer = office.post(ROLES, _given(**given))
    assert answer.status_code == 422
    assert why in answer.content.decode()
    assert RoleGrant.objects.count() == before


def test_the_same_role_twice_at_once_is_refused(office: Client, worker: Person) -> None:
    office.post(ROLES, _given())
    answer = office.post(ROLES, _given(on="2020-03-10"))
    assert "on some of those days already" in answer.content.decode()


def test_a_role_ends_with_its_unit_at_the_latest(worker: Person) -> None:
    actions.close_unit(actor=people.ACTOR, now=people.NOW, on=APRIL, code="W2")
    actions.grant_role(
        actor=people.ACTOR, now=people.NOW, on=MARCH, staff_no="E1", role="unit_head", unit="W2"
    )
    assert RoleGrant.objects.get(person=worker).valid.upper == APRIL


def test_who_manages_a_part_gives_roles_there_and_nowhere_else(
    cast: dict[str, Account], worker: Person
) -> None:
    local = actions.grant_role(
        actor=people.ACTOR, now=people.NOW, on=people.FOUNDED, staff_no="M1", name="Manager",
        role="duty_office", unit="W1",
    )  # fmt: skip
    client = _client(local)
    assert client.post(ROLES, _given()).status_code == 302
    assert client.post("/organisation/units/H1/roles/", _given()).status_code == 404
    grant = RoleGrant.objects.get(person__staff_no="D4")
    answer = client.post(f"/organisation/roles/{grant.pk}/revocation/", {"on": "2020-03-01"})
    assert answer.status_code == 403
    grant.refresh_from_db()
    assert grant.valid.upper is None


def test_nobody_ends_a_role_that_is_none(cast: dict[str, Account]) -> None:
    person = cast["employee"].person
    assert person is not None
    with pytest.raises(history.OrganisationRefused, match="no such role"):
        staffing.revoke_role(
            actor=people.ACTOR, now=people.NOW, on=MARCH, person=person, role="inspector", unit="P1"
        )


def _link(office: Client) -> str:
    page = office.post("/organisation/people/E1/account/").content.decode()
    return re.findall(r"http://testserver(/invitation/[\w-]+/)", page)[0]


def test_a_link_lets_its_owner_choose_a_password_once(office: Client, worker: Person) -> None:
    link, chosen = _link(office), {"new_password1": PASSWORD, "new_password2": PASSWORD}
    visitor = Client()
    for _look in ("by a mail program", "by its owner"):
        assert visitor.get(link).status_code == 200
    assert visitor.post(link, chosen).status_code == 302
    assert Client().login(username="E1", password=PASSWORD)
    assert visitor.post(link, chosen).status_code == 403
    assert "used already" in visitor.get(link).content.decode()


def test_a_weak_password_spends_no_link(office: Client, worker: Person) -> None:
    link = _link(office)
    weak = {"new_password1": "short", "new_password2": "short"}
    assert Client().post(link, weak).status_code == 422
    assert Client().get(link).status_code == 200


def test_an_old_link_and_one_that_a_newer_replaced_are_refused(
    office: Client, worker: Person
) -> None:
    replaced, late = _link(office), _link(office)
    assert Client().get(replaced).status_code == 403
    Invitation.objects.filter(used_at=None).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert Client().get(late).status_code == 403
    assert Client().get("/invitation/guessed/").status_code == 403


def test_no_page_makes_a_link_into_an_account_in_use(
    office: Client, cast: dict[str, Account]
) -> None:
    """Else whoever manages could come in as the inspector."""
    cast["inspector"].set_password(PASSWORD)
    cast["inspector"].save()
    office.post("/organisation/people/D4/account/")
    assert not Invitation.objects.exists()


def test_the_database_holds_no_link(office: Client, worker: Person) -> None:
    token = _link(office).split("/")[2]
    kept = Invitation.objects.get()
    entry = Entry.objects.get(verb="account.invited")
    assert token not in f"{kept.digest} {entry.data} {entry.subject_id}"
    with pytest.raises(history.OrganisationRefused, match="used already"):
        invitations.accept(actor=people.ACTOR, now=people.NOW, token=kept.digest, password="x")
