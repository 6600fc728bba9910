"""``taishan organisation``."""

import re

import pytest
from django.test import Client

from taishan.organisation.models import Account, RoleGrant
from tests.cli.conftest import Run

pytestmark = pytest.mark.usefixtures("cast")


def test_a_role_is_granted_to_a_day_and_revoked(taishan: Run) -> None:
    done = taishan(
        "organisation", "grant", "E1", "inspector", "W1", "--name", "王芳", "--on", "2020-02-12",
        "--until", "2020-06-01",
    )  # fmt: skip
    assert "recorded from 2020-02-12" in done.output
    assert str(RoleGrant.objects.get(person__staff_no="E1").valid.upper) == "2020-06-01"

    taishan("organisation", "revoke", "E1", "inspector", "W1", "--on", "2020-03-01")
    assert str(RoleGrant.objects.get(person__staff_no="E1").valid.upper) == "2020-03-01"


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("grant", "E1", "inspector", "W1"), "give their name too"),
        (("grant", "D2", "emperor", "W1"), "a role is one of: duty_office"),
        (("grant", "D2", "inspector", "NONE"), "no unit NONE"),
        (("revoke", "NOBODY", "inspector", "W1"), "nobody has the staff number"),
        (("revoke", "D2", "inspector", "W1"), "no such role"),
        (("account", "NOBODY"), "give their name too"),
    ],
)
def test_what_cannot_be_is_said_and_fails(
    taishan: Run, arguments: tuple[str, ...], why: str
) -> None:
    done = taishan("organisation", *arguments)
    assert done.exit_code == 1
    assert why in done.output


def test_an_account_is_opened_by_a_link_from_the_command_line(taishan: Run) -> None:
    done = taishan(
        "organisation", "account", "E1", "--name", "王芳", "--address", "https://taishan.example/"
    )
    path = re.findall(r"https://taishan\.example(/invitation/[\w-]+/)", done.output)[0]
    password = {"new_password1": "Mount Tai is heavy", "new_password2": "Mount Tai is heavy"}
    assert Client().post(path, password).status_code == 302
    assert Account.objects.get(username="E1").has_usable_password()
