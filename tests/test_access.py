"""Every page as every role, against one table."""

import pytest
from django.test import Client

from taishan.organisation.models import Account
from tests import people

PAGES = {
    "/": "all",
    "/board/": "all",
    "/board/trend/": "all",
    "/board.xlsx": "all",
    "/forms/": "all",
    "/forms/daily_health/": "all",
    "/forms/daily_health/1/": "all",
    "/forms/daily_health/1.xlsx": "all",
    "/organisation/": "all",
    "/regulations/": "all",
    "/regulations/cn-hb-20200220/": "all",
    "/units/W1/": {"duty_office", "unit_head", "safety_officer", "inspector", "discipline_office"},
    "/units/P1/": {"duty_office", "inspector", "discipline_office", "employee"},
    "/api/v1/verdicts": "all",
}
ROLES = sorted(people.CAST)


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize("role", ROLES)
def test_who_may_read_which_page(cast: dict[str, Account], role: str) -> None:
    client = Client()
    client.force_login(cast[role])
    for page, allowed in PAGES.items():
        expected = 200 if allowed == "all" or role in allowed else 404
        assert client.get(page).status_code == expected, page


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize("role", ROLES)
def test_who_may_attest(cast: dict[str, Account], role: str) -> None:
    client = Client()
    client.force_login(cast[role])

    status = client.post("/units/W1/attestations/", {}).status_code

    expected = {"duty_office": 302, "unit_head": 302, "safety_officer": 302, "employee": 404}
    assert status == expected.get(role, 403)


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize("role", ROLES)
def test_who_may_refute(cast: dict[str, Account], role: str) -> None:
    from taishan.organisation.models import Unit
    from taishan.resumption import actions

    made = actions.attest(
        actor=people.ACTOR,
        now=people.NOW,
        unit_id=Unit.objects.get(code="W1").pk,
        condition="attest:plan",
        amount=1,
        starts=people.FOUNDED,
        ends=None,
        evidence="seen",
    )
    client = Client()
    client.force_login(cast[role])

    status = client.post(
        f"/units/W1/attestations/{made.pk}/refutation/", {"reason": "untrue"}
    ).status_code

    assert status == {"discipline_office": 302, "employee": 404}.get(role, 403)


@pytest.mark.django_db
@pytest.mark.parametrize("page", sorted(set(PAGES) - {"/api/v1/verdicts"}))
def test_nobody_reads_without_signing_in(page: str) -> None:
    answer = Client().get(page)

    assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/accounts/login/")


def test_an_altered_sign_in_link_is_refused(cast: dict[str, Account]) -> None:
    from taishan.organisation import accounts

    path = accounts.sign_in_path(cast["employee"].pk)

    assert Client().get(path).status_code == 303
    assert Client().get(path[:-3] + "xx/").status_code == 403
