"""``taishan situation generate``: an invented group whose counters a recount confirms."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db.models import Sum

from taishan.cli.large_group import generating
from taishan.cli.large_group.plan import Plan
from taishan.organisation.models import HeadcountChange, Membership, Person, Unit, UnitVersion
from taishan.reporting import queries, recounting
from taishan.reporting.models import Counter, Indicator, Report
from tests.cli.conftest import Run
from tests.reporting.building import MORNING, TODAY

COUNTED = ("period", "indicator_id", "amount")
FORMS = ("daily_health", "unit_daily")


def plan(**more: Any) -> Plan:
    given: dict[str, Any] = {
        "people": 2_000, "units": 40, "levels": 4, "days": 6, "reports_days": 2, "forms": FORMS,
        "seed": 7, "now": MORNING, "today": TODAY,
    }  # fmt: skip
    return Plan(**given | more)


def generate(**more: Any) -> None:
    generating.generate(plan(**more), lambda _rows: None)


@pytest.fixture
def untidied(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tables belong to the test's own transaction, which no housekeeping sees into."""
    monkeypatch.setattr(generating, "tidy", lambda: None)


@pytest.mark.django_db
def test_the_counters_of_a_generated_group_are_those_of_its_reports() -> None:
    generate()

    found = recounting.recount()

    assert found.differences == ()
    assert found.reports == Report.objects.count() > 2_500
    days = Counter.objects.values_list("period", flat=True).distinct()
    assert set(days) == {TODAY - timedelta(days=ago) for ago in range(6)}


@pytest.mark.django_db
def test_reports_before_those_kept_count_as_erased() -> None:
    generate()

    kept = set(Report.objects.values_list("period", flat=True))

    assert kept == {TODAY, TODAY - timedelta(days=1)}
    assert Counter.objects.filter(period__lt=TODAY - timedelta(days=1)).exists()
    assert recounting.recount(since=date(2020, 1, 1)).differences == ()


@pytest.mark.django_db
def test_a_generated_group_has_its_people_its_levels_and_several_countries() -> None:
    generate()

    assert (Person.objects.count(), Unit.objects.count()) == (2_000, 40)
    versions = UnitVersion.objects.all()
    assert max(len(one.path.split(".")) for one in versions) == 4
    assert len(set(versions.values_list("time_zone", flat=True))) > 3
    of_all = HeadcountChange.objects.filter(span=HeadcountChange.Span.ALL)
    assert of_all.aggregate(people=Sum("change"))["people"] == 2_000


@pytest.mark.django_db
def test_nobody_reports_where_they_were_not_on_the_day() -> None:
    generate(days=400, reports_days=40, people=200, units=10)

    moved = Membership.objects.filter(valid__startswith__gt=TODAY - timedelta(days=400))
    assert moved.exists()
    for unit_id, period, person_id in Report.objects.filter(form_id=_health()).values_list(
        "unit_id", "period", "subject_id"
    ):
        assert Membership.objects.filter(
            unit_id=unit_id, person_id=person_id, valid__contains=period
        ).exists()
    ids = list(Unit.objects.values_list("pk", flat=True))
    assert sum(queries.expected(ids, "daily_health", TODAY).values()) == 200


def _health() -> int:
    from taishan.forms.models import Form

    return Form.objects.get(code="daily_health").pk


def _content() -> list[object]:
    """Return what was recorded, without the numbers that the database gave it."""
    names = dict(Indicator.objects.values_list("pk", "name"))
    of_units = Counter.objects.order_by("unit_id", "form_id", "period", "indicator_id")
    answered = Report.objects.order_by("unit_id", "form_id", "period", "subject_id")
    return [
        *((day, names[pk], n) for day, pk, n in of_units.values_list(*COUNTED)),
        *answered.values_list("client", "submitted_at", "is_late"),
    ]


@pytest.mark.django_db
def test_the_same_seed_gives_the_same_group_and_another_another() -> None:
    from django.db import transaction

    found = []
    for seed in (7, 7, 8):
        sid = transaction.savepoint()
        generate(seed=seed, days=3, people=300)
        found.append(_content())
        transaction.savepoint_rollback(sid)

    assert found[0] == found[1]
    assert found[0] != found[2]


@pytest.mark.django_db
@pytest.mark.usefixtures("untidied")
def test_a_group_is_generated_only_into_an_empty_database(taishan: Run) -> None:
    size = ("--people", 60, "--units", 9, "--levels", 3, "--days", 2)

    done = taishan("situation", "generate", *size)
    again = taishan("situation", "generate", *size)

    assert "60 people in 9 units" in done.output
    assert "0 differences" in taishan("situation", "recount").output
    assert again.exit_code == 1
    assert "holds a group already" in again.output
    assert Person.objects.count() == 60


@pytest.mark.django_db
@pytest.mark.usefixtures("untidied")
@pytest.mark.parametrize(
    ("size", "why"),
    [
        (("--people", 3, "--units", 9), "each unit needs at least one person"),
        (("--people", 30, "--units", 9, "--levels", 1), "need a second level"),
        (("--forms", "daily_health,other"), "of daily_health, unit_daily"),
    ],
)
def test_a_group_that_cannot_be_is_refused_with_its_reason(
    taishan: Run, size: tuple[object, ...], why: str
) -> None:
    done = taishan("situation", "generate", *size)

    assert done.exit_code != 0
    assert why in done.output
    assert not Unit.objects.exists()
