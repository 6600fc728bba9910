"""What a unit's own numbers show stands beside what it attests, with its day and its source."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from taishan.core.followup import Act, Ask, Cause
from taishan.core.gate import Permission, Verdict
from taishan.organisation import access, history
from taishan.organisation import actions as organisation
from taishan.organisation.models import Account, Unit
from taishan.regulations import actions as regulations
from taishan.regulations import schemas
from taishan.reporting import follow_up_rules
from taishan.reporting.models import Schedule
from taishan.resumption import actions, queries
from taishan.resumption.models import Attestation
from taishan.situation import facts
from tests import people
from tests.reporting import building, shifting
from tests.reporting.building import MORNING, RETURN, TODAY, WELL, report, submit
from tests.reporting.test_follow_ups import ORDER, follow, take

TOMORROW = TODAY + timedelta(days=1)
AFTER = TOMORROW + timedelta(days=1)
RULES = """
format: taishan-library/1
library: group
title: {{en: Group, zh: 集团}}
regulations:
- id: hq-1
  authority: unit:HQ
  issuer: {{en: HQ, zh: 总部}}
  title: {{en: Conditions, zh: 条件}}
  issued: 2020-01-28
  confidence: A
  clauses:
  - id: "1"
    require: {require}
    text: {{en: A, zh: 甲}}
"""
MASKS = "{type: stock, item: mask, days: 10}"
QUARANTINE_OVER = "{type: attest, condition: quarantine_over}"
RATE = "{type: attest, condition: reporting_rate, share: 0.5}"
DAYS_APART = "{type: quarantine, days: 14, origin: low}"


@pytest.fixture(autouse=True)
def _group(cast: dict[str, Account]) -> None:
    building.add_schedules()
    building.hire("A1", "A2", unit="W1")


def require(what: str) -> None:
    library = schemas.parse(RULES.format(require=what), "rules.yaml")
    regulations.import_library(actor=people.ACTOR, now=people.NOW, library=library)


def found(day: date = TODAY) -> queries.UnitVerdict:
    viewer = access.viewer_for(Account.objects.get(person__staff_no="D1"), TODAY)
    units = queries.find_units(viewer, day, codes=["W1"])
    return queries.find_verdicts(units, day)[0]


def verdict(day: date = TODAY) -> Verdict:
    return found(day).verdict


def masks(in_stock: int, day: date = TODAY) -> None:
    answers = RETURN | {"masks_in_stock": in_stock, "masks_used_per_day": 80}
    now = MORNING - (TODAY - day)
    submit(report("W1", answers, form="unit_daily", period=day), now=now)


def attest(amount: float) -> Attestation:
    return actions.attest(
        actor=people.ACTOR, now=people.NOW, unit_id=Unit.objects.get(code="W1").pk,
        condition="stock:mask", amount=amount, starts=people.FOUNDED, ends=None, evidence="count",
    )  # fmt: skip


def everybody(answers: dict[str, object] = WELL) -> None:
    submit(report("A1", answers), report("A2"))


def test_masks_in_the_units_return_open_the_gate_until_the_return_is_old() -> None:
    require(MASKS)
    assert (verdict().state, verdict().unmet[0].have) == (Permission.SHUT, None)

    masks(800)

    assert verdict().state == Permission.OPEN
    assert verdict().changes_on == date(2020, 2, 15), "when the return is three days old"
    old = verdict(date(2020, 2, 15))
    assert (old.state, old.unmet[0].have) == (Permission.SHUT, None)


def test_a_measured_number_takes_nothing_away_from_an_attested_one() -> None:
    require(MASKS)
    attest(16)
    masks(80)

    assert verdict().state == Permission.OPEN
    shown = {one.fact.condition: (one.fact.amount, one.day) for one in found().measured}
    assert shown["stock:mask"] == (1, TODAY)


def test_a_refuted_attestation_stays_refuted_whatever_is_measured() -> None:
    require(MASKS)
    made = attest(16)
    masks(80)
    actions.refute(
        actor=people.ACTOR, now=people.NOW, attestation_id=made.pk, reason="the shelf is empty"
    )

    assert (verdict().state, verdict().unmet[0].have) == (Permission.SHUT, 1)


def test_the_reporting_rate_of_the_day_before_is_measured() -> None:
    require(RATE)
    assert verdict(TOMORROW).state == Permission.SHUT

    submit(report("A1"))

    assert verdict(TOMORROW).state == Permission.OPEN
    assert verdict(TODAY).state == Permission.SHUT, "nobody had reported yesterday"


def test_a_day_off_by_a_shift_is_no_missing_report_but_shows_nothing_either() -> None:
    weekend = shifting.add_shift(rule="FREQ=WEEKLY;BYDAY=SA,SU")
    shifting.put_on("A2", weekend)
    submit(report("A1"))
    asked = frozenset({"attest:reporting_rate", "attest:quarantine_over"})
    unit = history.get_version("W1", TODAY)

    measured = facts.find_measured({unit.unit_id: unit.path}, TOMORROW, AFTER, asked)

    shown = [(one.fact.condition, one.fact.amount) for one in measured[unit.unit_id]]
    assert shown == [("attest:reporting_rate", 1)], "of A2 nobody knows"


def test_on_a_day_that_only_a_shift_owes_the_rate_is_of_those_who_work_it() -> None:
    """A Wednesday, of which everybody else is asked nothing."""
    Schedule.objects.filter(form__code="daily_health").update(rule="FREQ=WEEKLY;BYDAY=MO,TU")
    crew = shifting.add_shift()
    for staff_no in ("A1", "A2"):
        shifting.put_on(staff_no, crew)
    building.hire("A3")
    unit, asked = history.get_version("W1", TODAY), frozenset({"attest:reporting_rate"})

    def rate() -> float:
        measured = facts.find_measured({unit.unit_id: unit.path}, TOMORROW, AFTER, asked)
        return measured[unit.unit_id][0].fact.amount

    submit(report("A1"), now=MORNING + timedelta(hours=13))
    assert rate() == 1 / 2
    submit(report("A2"), now=MORNING + timedelta(hours=13))
    assert rate() == 1


def test_quarantine_is_over_where_all_reported_and_nobody_is_back_too_early() -> None:
    require(QUARANTINE_OVER)
    submit(report("A1"))
    assert verdict(TOMORROW).state == Permission.SHUT, "A2 has not reported"

    submit(report("A2"))

    assert verdict(TOMORROW).state == Permission.OPEN


def test_somebody_on_site_out_of_quarantine_leaves_the_condition_unmet() -> None:
    require(QUARANTINE_OVER)
    one = follow("A1")
    take(one, Act.ORDER, ORDER)
    one.steps.filter(until=None).update(since=date(2020, 2, 10))
    everybody()
    assert verdict(TOMORROW).state == Permission.SHUT

    everybody(WELL | {"quarantine_status": "home", "work_ability": "remote"})

    assert verdict(TOMORROW).state == Permission.OPEN


def test_days_apart_are_measured_only_where_every_arrival_is_followed_up() -> None:
    require(DAYS_APART)
    everybody()
    assert verdict(TOMORROW).state == Permission.SHUT

    follow_up_rules.set_rule(
        actor=people.ACTOR, now=MORNING, version=history.get_version("HQ", TODAY),
        ask=Ask(causes=frozenset({*Cause})),
    )  # fmt: skip

    assert verdict(TOMORROW).state == Permission.OPEN


def test_as_of_an_instant_nothing_is_measured() -> None:
    require(MASKS)
    masks(800)
    viewer = access.viewer_for(Account.objects.get(person__staff_no="D1"), TODAY)
    units = queries.find_units(viewer, TODAY, codes=["W1"])

    (one,) = queries.find_verdicts(units, TODAY, as_known=people.NOW)
    assert (one.measured, one.verdict.state) == ((), Permission.SHUT)


def test_the_board_and_the_units_page_say_where_a_number_is_from(cast: dict[str, Account]) -> None:
    require(MASKS)
    attest(6)
    masks(960, date(2020, 2, 11))
    client = Client()
    client.force_login(cast["unit_head"])

    board = client.get("/board/?day=2020-02-12&lang=en").content.decode()
    assert "days of supply of: masks: 12, from the unit&#x27;s return of 11 February" in board
    page = client.get("/units/W1/?day=2020-02-12&lang=en")
    assert "days of supply of: masks: 6" in page.content.decode(), "both are shown"
    assert [(one["condition"], one["age"]) for one in page.context["measured"]] == [
        ("stock:mask", "1 day old"),
    ]  # fmt: skip
    attest(16)
    board = client.get("/board/?day=2020-02-12&lang=en").content.decode()
    assert "from the unit" not in board, "the answer rests on what is attested"
    chinese = client.get("/units/W1/?day=2020-02-12&lang=zh").content.decode()
    assert "来自2月11日单位日报" in chinese


def test_many_units_are_measured_by_one_query(
    cast: dict[str, Account], django_assert_num_queries: object
) -> None:
    masks(800)
    everybody()
    paths = {pk: str(pk) for pk in Unit.objects.values_list("pk", flat=True)}
    few = dict([paths.popitem()])
    for some in (few, paths):
        with django_assert_num_queries(1):  # type: ignore[operator]
            facts.find_measured(some, TODAY, TOMORROW, frozenset({"stock:mask"}))


def test_the_board_asks_two_queries_more_than_without_measuring(
    cast: dict[str, Account], monkeypatch: pytest.MonkeyPatch
) -> None:
    organisation.open_units(
        actor=people.ACTOR, now=people.NOW, on=people.FOUNDED,
        details=[people.unit(f"N{n}", "CN-TJ") for n in range(40)],
    )  # fmt: skip
    masks(800)
    client = Client()
    client.force_login(cast["duty_office"])

    def count() -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get("/board/?day=2020-02-12")
        return len(asked)

    count()
    with_measuring = count()
    monkeypatch.setattr(queries, "find_measured", lambda *_given: {})
    assert with_measuring - count() == 2
