"""What a role gets at an address: the parts that all rows of the table share."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests import people

Answers = int | dict[str, int]
"""The status for every role, or for each."""
ROLES = sorted(people.CAST)
LOGIN = -302
"""Sent to sign in: what nobody gets from nearly every page."""


def only(*roles: str, yes: int = 200, no: int = 403, employee: int = 404) -> dict[str, int]:
    """Return ``yes`` for the roles and ``no`` for others; the employee does not see the unit W1."""
    return dict.fromkeys(ROLES, no) | {"employee": employee} | dict.fromkeys(roles, yes)


OFFICES = tuple(role for role in ROLES if role != "employee")
GROUP_WIDE = ("duty_office", "inspector", "discipline_office")
W1_ANSWERS = only(*OFFICES)
P1_ANSWERS = only(*GROUP_WIDE, "employee", no=404)
MANAGER = "duty_office"


@dataclass(frozen=True, kw_only=True, eq=False)
class Row:
    """What a role gets at an address: ``route`` as the resolver knows it, ``path`` as visited.

    ``answered_by``: an earlier route that takes the path away from this one.
    """

    route: str
    path: str
    get: Answers = 200
    post: Answers = 405
    nobody: tuple[int, int] = (LOGIN, LOGIN)
    sent: dict[str, str] = field(default_factory=dict)
    answered_by: str = ""


def page(route: str, path: str = "", get: Answers = 200) -> Row:
    return Row(route=route, path=f"/{path or route}", get=get)
