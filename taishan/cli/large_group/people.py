"""The units of an invented group, its people, and who moved from one unit to another when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate, pairwise
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import connection

from taishan.cli.large_group.plan import MOVES_A_DAY, Plan, Progress
from taishan.kit import pinyin
from taishan.kit.actor import Actor
from taishan.organisation import actions
from taishan.organisation.actions import UnitDetails
from taishan.organisation.models import Account, Person, UnitVersion

HOME = (
    ("CN-BJ", "Asia/Shanghai"), ("CN-TJ", "Asia/Shanghai"), ("CN-420100", "Asia/Shanghai"),
    ("CN-330300", "Asia/Shanghai"), ("CN-610100", "Asia/Shanghai"),
)  # fmt: skip
ABROAD = (
    ("KH-12", "Asia/Phnom_Penh"), ("PK-SD", "Asia/Karachi"), ("AE-DU", "Asia/Dubai"),
    ("KE-30", "Africa/Nairobi"), ("DE-HE", "Europe/Berlin"), ("PE-LIM", "America/Lima"),
)  # fmt: skip
ABROAD_SHARE = 0.2
KINDS = (
    ("headquarters", "Headquarters", "总部"), ("company", "Company", "公司"),
    ("institute", "Institute", "院"), ("office", "Office", "办事处"), ("site", "Site", "项目部"),
)  # fmt: skip
"""The kind of a unit by its level, and what it is called; all further down are sites."""

SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨"
WITHOUT_ACCOUNT = 10
"""One person in so many has no account, and reports by the link of the unit."""
CHUNK = 20_000


def open_units(actor: Actor, plan: Plan) -> list[UnitVersion]:
    """Open the units, each with as many below it as the next, the root first."""
    chosen, width = plan.chance("units"), _width(plan)
    sizes = _sizes(plan)
    details: list[UnitDetails] = []
    for number in range(plan.units):
        place, zone = chosen.choice(ABROAD if chosen.random() < ABROAD_SHARE else HOME)
        above = details[(number - 1) // width] if number else None
        level = _level(number, width)
        kind, name_en, name_zh = KINDS[min(level, len(KINDS) - 1)]
        details.append(
            UnitDetails(
                code=f"U{number:05}" if number else "HQ", name_en=f"{name_en} {number}",
                name_zh=f"{name_zh}{number}", kind=kind, place=place if number else "CN-BJ",
                time_zone=zone if number else "Asia/Shanghai", parent=above.code if above else "",
                kinds_of_work=("ORD",), head_count=sizes[number],
            )
        )  # fmt: skip
    return actions.open_units(actor=actor, now=plan.now, on=plan.founded, details=details)


def _width(plan: Plan) -> int:
    """Return how many units hang below one, so that all have room in so many levels."""
    width = 1
    while sum(width**level for level in range(plan.levels)) < plan.units:
        width += 1
    return width


def _level(number: int, width: int) -> int:
    level = 0
    while number:
        number, level = (number - 1) // width, level + 1
    return level


def _sizes(plan: Plan) -> list[int]:
    """Return how many people each unit begins with: at least one, few large and many small."""
    chosen = plan.chance("sizes")
    weights = [chosen.lognormvariate(0, 0.6) for _ in range(plan.units)]
    spare, total = plan.people - plan.units, sum(weights)
    ends = [int(spare * weight / total) for weight in accumulate(weights, initial=0.0)]
    ends[-1] = spare
    return [1 + end - start for start, end in pairwise(ends)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """Somebody who changes the unit on a day; units by their place in the list."""

    person: int
    on: date
    origin: int
    to: int


class People:
    """Who is where: people by their number from 0, ``ids`` and ``accounts`` as on record."""

    def __init__(self, plan: Plan) -> None:
        self.ids: Sequence[int] = ()
        self.accounts: dict[int, int] = {}
        self.homes = [unit for unit, size in enumerate(_sizes(plan)) for _ in range(size)]
        self.moves = _moves(plan, self.homes)
        self._in_units: dict[int, list[int]] = defaultdict(list)
        for person, unit in enumerate(self.homes):
            self._in_units[unit].append(person)
        self._by_day: dict[date, list[Move]] = defaultdict(list)
        for move in self.moves:
            self._by_day[move.on].append(move)

    def move_on(self, day: date) -> None:
        """Bring everybody to where they are from the day on; days follow one another."""
        for move in self._by_day[day]:
            self._in_units[move.origin].remove(move.person)
            self._in_units[move.to].append(move.person)

    def of(self, unit: int) -> list[int]:
        """Return the people of the unit."""
        return self._in_units[unit]


def _moves(plan: Plan, homes: Sequence[int]) -> list[Move]:
    chosen = plan.chance("moves")
    number = min(round(plan.people * plan.days * MOVES_A_DAY), plan.people)
    return [
        Move(
            person=person, on=plan.since + timedelta(days=chosen.randrange(plan.days)),
            origin=homes[person], to=to,
        )
        for person in chosen.sample(range(plan.people), number)
        if (to := chosen.randrange(plan.units)) != homes[person]
    ]  # fmt: skip


def record_people(plan: Plan, units: Sequence[UnitVersion], note: Progress) -> People:
    """Record people, accounts that no password opens yet, and where everybody works."""
    people = People(plan)
    _copy(_PERSON, (_person(number) for number in range(plan.people)), note)
    people.ids = list(Person.objects.order_by("staff_no").values_list("pk", flat=True))
    _copy(_ACCOUNT, _accounts(plan, people.ids), note)
    owners = Account.objects.order_by("person_id").values_list("person_id", "pk")
    people.accounts = dict(owners.iterator())
    _copy(_MEMBERSHIP, _memberships(plan, people, [unit.unit_id for unit in units]), note)
    return people


_PERSON = "COPY organisation_person (staff_no, name, sort_name) FROM STDIN"
_ACCOUNT = """
COPY organisation_account (password, is_superuser, username, first_name, last_name, email,
  is_staff, is_active, date_joined, person_id, language) FROM STDIN
"""
_MEMBERSHIP = "COPY organisation_membership (person_id, unit_id, valid) FROM STDIN"
_SORT_KEYS = {surname: pinyin.sort_key(surname) for surname in SURNAMES}


def _person(number: int) -> tuple[str, str, str]:
    surname = SURNAMES[number % len(SURNAMES)]
    return f"G{number:07}", f"{surname}{number:07}", f"{_SORT_KEYS[surname]} {number:07}"


def _accounts(plan: Plan, ids: Sequence[int]) -> Iterable[Sequence[Any]]:
    shut = make_password(None)
    for number, person_id in enumerate(ids):
        if number % WITHOUT_ACCOUNT:
            name = f"G{number:07}"
            yield shut, False, name, "", "", "", False, True, plan.now, person_id, ""


def _memberships(
    plan: Plan, people: People, unit_ids: Sequence[int]
) -> Iterable[tuple[int, int, str]]:
    moves = {move.person: move for move in people.moves}
    for person, home in enumerate(people.homes):
        move, person_id = moves.get(person), people.ids[person]
        yield person_id, unit_ids[home], f"[{plan.founded},{move.on if move else ''})"
        if move:
            yield person_id, unit_ids[move.to], f"[{move.on},)"


def _copy(statement: str, rows: Iterable[Sequence[Any]], note: Progress) -> None:
    """Copy rows in one statement: the database counts heads once at its end."""
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for number, row in enumerate(rows, start=1):
            copy.write_row(row)
            if number % CHUNK == 0:
                note(CHUNK)
