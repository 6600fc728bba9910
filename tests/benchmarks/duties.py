"""A million open duties over 2,000 units: my list, a subtree's scorecard, opening many at once.

The floor of a read is the bare query of the same rows or sums; that of opening is the bare copy of
as many rows into the same table, its indexes kept.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, cast

from tests.benchmarks import instance
from tests.benchmarks.table import Line

if TYPE_CHECKING:
    from taishan.organisation.models import Account
    from taishan.organisation.scope import ScopedRequest

UNITS, OPEN, AT_ONCE, PEOPLE = 2_000, 1_000_000, 2_000, 2_003
MINE_S, CARD_S, RATIO = 0.030, 0.050, 20.0
FILL = """
INSERT INTO duties_duty (unit_id, id, post_id, person_id, creditor_id, kind, subject_kind,
  subject_id, what_en, what_zh, address, needs_evidence, opened_at, due_at, due_on, lapses_at)
SELECT unit_id, gen_random_uuid(), NULL,
  CASE WHEN n %% 7 = 0 THEN people[n %% cardinality(people) + 1] END,
  creditor, (ARRAY['directive', 'post_duty', 'approval'])[n %% 3 + 1], 'bench', n::text,
  'Have masks for ten days', '备足十天口罩', '', false, opened, due, due::date, NULL
FROM (
  SELECT units[n %% cardinality(units) + 1] AS unit_id, n, creditor, people,
    timestamptz '2020-02-01' AS opened,
    timestamptz '2020-02-08' + (n::bigint * 7919 %% 129600) * interval '1 minute' AS due
  FROM generate_series(1, %(number)s) AS n,
    (SELECT array_agg(id ORDER BY id) AS units FROM organisation_unit) AS of_units,
    (SELECT id AS creditor FROM organisation_unit WHERE code = 'HQ') AS headquarters,
    (SELECT array_agg(id ORDER BY id) AS people FROM organisation_person) AS of_people
) AS made
"""


def run() -> list[Line]:
    with instance.fresh():
        instance.open_group(UNITS)
        office = instance.duty_office()
        _fill()
        return [*_mine(office), *_cards(office), _opening()]


def _fill() -> None:
    from django.db import connection, transaction

    from taishan.duties import counting
    from taishan.organisation.models import Person

    Person.objects.bulk_create(
        Person(staff_no=f"E{number}", name=f"E{number}", sort_name="") for number in range(PEOPLE)
    )
    with connection.cursor() as cursor:
        cursor.execute(FILL, {"number": OPEN})
        with transaction.atomic():
            counting.recount()
    instance.settle()


def _mine(office: Account) -> list[Line]:
    """The list of a unit's head, and of the duty office that a million duties are owed to."""
    from taishan.organisation import actions
    from taishan.organisation.models import Unit

    head = actions.grant_role(
        actor=instance.ACTOR, now=instance.NOW, on=instance.OPENED, staff_no="D1", name="林建国",
        role="unit_head", unit="U0007",
    )  # fmt: skip
    unit_id = Unit.objects.get(code="U0007").pk
    floor = instance.median(
        lambda: _bare(
            "SELECT * FROM duties_duty WHERE unit_id = %s AND person_id IS NULL AND ended IS NULL "
            "ORDER BY due_at LIMIT 50",
            [unit_id],
        )
    )
    return [
        Line(name=name, seconds=instance.median(_ask(account)), floor=floor, limit=MINE_S)
        for name, account in (
            ("my list of a unit's head", head),
            ("my list of the duty office", office),
        )
    ]


def _ask(account: Account) -> Callable[[], object]:
    from taishan.web import owing

    request = _request(account)
    return lambda: owing.find(request)


def _request(account: Account, path: str = "/") -> ScopedRequest:
    from django.test import RequestFactory

    from taishan.organisation import access
    from taishan.organisation.scope import Scope

    request = cast("ScopedRequest", RequestFactory().get(path))
    request.viewer = access.viewer_for(account, instance.DAY)
    request.scope_ = Scope(day=instance.DAY)
    return request


def _cards(office: Account) -> list[Line]:
    from taishan.duties import scorecards
    from taishan.organisation import access

    viewer = access.viewer_for(office, instance.DAY)
    lines = []
    for name, within, since, days in (
        ("scorecard of the group, a month", "", date(2020, 2, 1), 29),
        ("scorecard of the group, 45 odd days", "", date(2020, 2, 10), 45),
        ("scorecard of the group, a year", "", date(2020, 1, 1), 366),
        ("scorecard of a subtree, 45 odd days", "U0007", date(2020, 2, 10), 45),
    ):
        period = (since, since + timedelta(days=days))
        branch = scorecards.find_branch(viewer, within, *period)
        found = (branch, *period)
        lines.append(
            Line(
                name=name,
                seconds=instance.median(lambda found=found: _card(*found)),  # type: ignore[misc]
                floor=instance.median(lambda found=found: _sums(*found)),  # type: ignore[misc]
                limit=CARD_S,
            )
        )
    return lines


def _card(branch: object, since: date, until: date) -> object:
    from taishan.duties import scorecards

    return scorecards.find_totals(branch, since, until, instance.NOW)  # type: ignore[arg-type]


def _sums(branch: object, since: date, until: date) -> None:
    """The same sums by counting the duties themselves."""
    _bare(
        "SELECT unit_id, count(*), count(ended) FROM duties_duty "
        "WHERE unit_id = ANY(%s) AND due_on >= %s AND due_on < %s GROUP BY unit_id",
        [list(branch.places), since, until],  # type: ignore[attr-defined]
    )


def _opening() -> Line:
    from django.db import transaction

    from taishan.duties import actions
    from taishan.duties.actions import Owed
    from taishan.organisation.models import Unit

    ids = list(Unit.objects.order_by("pk").values_list("pk", flat=True))
    now = instance.NOW

    def owed(named: str) -> list[Owed]:
        return [
            Owed(
                unit_id=pk, creditor_id=ids[0], kind="directive", subject=("bench", named),
                what_en="Have masks", what_zh="备足口罩", due_at=now + timedelta(days=3),
            )
            for pk in ids[:AT_ONCE]
        ]  # fmt: skip

    def bare() -> None:
        with transaction.atomic():
            _bare(FILL.replace("'bench'", "'bare'"), {"number": AT_ONCE}, fetch=False)
            transaction.set_rollback(True)

    numbers = iter(range(instance.RUNS * 2))
    took = instance.median(
        lambda: actions.assign(actor=instance.ACTOR, now=now, owed=owed(f"many {next(numbers)}"))
    )
    name = f"open {AT_ONCE:,} duties, ledger and sums too"
    return Line(name=name, seconds=took, floor=instance.median(bare), ratio=RATIO)


def _bare(query: str, params: list[Any] | dict[str, Any], *, fetch: bool = True) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(query, params)
        if fetch:
            cursor.fetchall()
