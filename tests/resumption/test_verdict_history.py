"""Which verdicts are kept, when, and that they stay."""

from datetime import date, datetime, timedelta

import pytest
from django.db import ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext

from taishan.ledger.models import Entry
from taishan.organisation import actions as organisation
from taishan.organisation.models import Unit
from taishan.resumption import actions, queries, tasks
from taishan.resumption.models import Attestation, RecordedVerdict
from tests import jobs, people

pytestmark = pytest.mark.usefixtures("library")
MIDNIGHT = datetime.fromisoformat("2020-02-18T00:02:00+08:00")
"""Two minutes into the day from which Wenzhou may work again."""


def unit_id(code: str) -> int:
    return Unit.objects.get(code=code).pk


def attest(code: str, condition: str = "attest:plan") -> Attestation:
    return actions.attest(
        actor=people.ACTOR, now=people.NOW, unit_id=unit_id(code), condition=condition, amount=1,
        starts=people.FOUNDED, ends=None, evidence="seen",
    )  # fmt: skip


def record(now: datetime = people.NOW) -> list[str]:
    """Record all verdicts; return the codes of the units whose verdict changed."""
    changed = actions.record_verdicts(actor=people.ACTOR, now=now)
    return sorted(row.unit.code for row in changed)


def test_a_verdict_is_kept_when_it_changed_and_only_then() -> None:
    everyone = sorted(unit.code for unit in people.GROUP)

    assert record() == everyone
    assert record(people.NOW + timedelta(hours=1)) == []
    assert "W1" in record(MIDNIGHT)
    assert record(MIDNIGHT + timedelta(hours=1)) == []

    kept = list(queries.find_history(unit_id("W1")).values_list("number", "day", "permitted"))
    assert kept == [(2, date(2020, 2, 18), "open"), (1, date(2020, 2, 12), "shut")]


def test_a_unit_is_judged_by_its_own_local_day() -> None:
    one_past_midnight_in_shanghai = datetime.fromisoformat("2020-02-13T00:30:00+08:00")

    record(one_past_midnight_in_shanghai)

    days = dict(RecordedVerdict.objects.values_list("unit__code", "day"))
    assert (days["W1"], days["P1"]) == (date(2020, 2, 13), date(2020, 2, 12))


def test_what_shut_the_unit_is_kept_with_the_verdict() -> None:
    record()

    kept = queries.find_history(unit_id("W1")).get()

    assert {"clause": "cn-330300-20200131/1", "effect": "binds"} in kept.reasons


def test_an_attestation_and_its_refutation_are_followed_by_news_of_the_unit() -> None:
    record()
    jobs.forget()
    made = attest("W1")

    assert jobs.run() == ["outbox.deliver", "resumption.record_verdict"]

    actions.refute(actor=people.ACTOR, now=people.NOW, attestation_id=made.pk, reason="untrue")
    assert jobs.run() == ["outbox.deliver", "resumption.record_verdict"]


def test_a_unit_that_opens_gets_its_first_verdict() -> None:
    record()
    jobs.forget()
    details = people.unit("N1", "CN-SH")
    organisation.open_unit(
        actor=people.ACTOR, now=people.NOW, on=people.FOUNDED, details=details
    )  # fmt: skip

    jobs.run()

    assert queries.find_history(unit_id("N1")).count() == 1


def test_what_the_fixtures_recorded_is_delivered_too() -> None:
    """Importing a library is news: nothing more is needed for the first verdicts."""
    jobs.run()

    assert RecordedVerdict.objects.count() == len(people.GROUP)


def test_the_clock_alone_is_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    record()
    monkeypatch.setattr("taishan.kit.clock.now", lambda: MIDNIGHT)

    tasks.follow_clock(timestamp=0)

    assert queries.find_history(unit_id("W1")).count() == 2


def test_a_pass_is_one_line_in_the_ledger_and_none_where_nothing_changed() -> None:
    record()
    record()

    entry = Entry.objects.get(verb="verdicts.recorded")
    assert len(entry.data["units"]) == len(people.GROUP)


def test_many_units_cost_no_more_queries_than_few() -> None:
    with CaptureQueriesContext(
        connection,
    ) as few:
        record()
    details = [people.unit(f"N{n}", "CN-SH") for n in range(30)]
    organisation.open_units(actor=people.ACTOR, now=people.NOW, on=people.FOUNDED, details=details)

    with CaptureQueriesContext(connection) as many:
        changed = actions.record_verdicts(actor=people.ACTOR, now=people.NOW)

    assert len(changed) == len(details)
    assert len(many) <= len(few)


@pytest.mark.parametrize("statement", ["UPDATE {} SET state = 'open'", "DELETE FROM {}"])
def test_the_application_cannot_change_recorded_verdicts(statement: str) -> None:
    record()

    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        connection.cursor().execute(statement.format("resumption_recordedverdict"))
