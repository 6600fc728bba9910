"""The cast: one invented person a role, and a small group for them to work in."""

from datetime import UTC, date, datetime

from django.test import Client

from taishan.kit.actor import Actor
from taishan.organisation import actions
from taishan.organisation.actions import UnitDetails
from taishan.organisation.models import Account

NOW = datetime(2020, 2, 12, 0, 0, tzinfo=UTC)
FOUNDED = date(2020, 1, 1)
ACTOR = Actor(label="test", door="cli")

CAST = {
    "duty_office": ("D1", "周晓晨", "HQ"),
    "unit_head": ("D2", "林建国", "W1"),
    "safety_officer": ("D3", "陈静", "W1"),
    "inspector": ("D4", "吴明", "HQ"),
    "discipline_office": ("D5", "郑岚", "HQ"),
    "employee": ("D6", "Sok Dara", "P1"),
}


def unit(code: str, place: str, parent: str = "HQ", **more: object) -> UnitDetails:
    """A unit's details, ordinary but for what is given."""
    values: dict[str, object] = {
        "name_en": f"Unit {code}",
        "name_zh": f"单位{code}",
        "kind": "company",
        "time_zone": "Asia/Shanghai",
        "kinds_of_work": ("ORD",),
        "head_count": 100,
    } | more
    return UnitDetails(code=code, place=place, parent=parent, **values)  # type: ignore[arg-type]


GROUP = (
    unit("HQ", "CN-BJ", parent="", kind="headquarters"),
    unit("W1", "CN-330300"),
    unit("W2", "CN-330300", parent="W1", kind="site"),
    unit("H1", "CN-420100"),
    unit("T1", "CN-TJ"),
    unit("X1", "CN-610100"),
    unit("P1", "KH-12", time_zone="Asia/Phnom_Penh"),
)


def found_group() -> dict[str, Account]:
    """Record the group and the cast; return the accounts by role."""
    actions.open_units(actor=ACTOR, now=NOW, on=FOUNDED, details=GROUP)
    return {
        role: actions.grant_role(
            actor=ACTOR, now=NOW, on=FOUNDED, staff_no=staff_no, name=name, role=role, unit=at
        )
        for role, (staff_no, name, at) in CAST.items()
    }


def signed_in(account: Account) -> Client:
    """Return a browser in which the account is signed in."""
    client = Client()
    client.force_login(account)
    return client
