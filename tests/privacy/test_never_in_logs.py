"""Answers about health stand in no log, no job and no address; they go when their time is over."""

from __future__ import annotations

import inspect
import logging
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import DataError, connection, transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from procrastinate.contrib.django import app

from taishan.kit import clock, postgres
from taishan.organisation.models import Account, Person
from taishan.privacy.models import Look, Seen
from taishan.reporting import actions, tasks
from taishan.reporting.models import Correction, Report
from tests import people
from tests.environment import HOME
from tests.privacy import allowing
from tests.reporting import building
from tests.reporting.building import FEVER, report, submit

PAGE = "/reports/daily_health/2020-02-12/"
SECRET = "took-a-rare-medicine"


@pytest.fixture
def client(cast: dict[str, Account], monkeypatch: pytest.MonkeyPatch) -> Client:
    monkeypatch.setattr(clock, "now", lambda: building.MORNING)
    building.add_schedules()
    building.hire("A1", unit="W1")
    person = Person.objects.get(staff_no="A1")
    client = Client(raise_request_exception=False)
    client.force_login(Account.objects.create(username="A1", person=person))
    return client


def _refused_by_the_database(**_given: Any) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT %s::jsonb", [f"{{{SECRET}"])


def _unreadable(**_given: Any) -> None:
    try:
        float(SECRET)
    except ValueError as error:
        raise RuntimeError(f"could not store {SECRET}") from error


@pytest.mark.parametrize("failure", [_refused_by_the_database, _unreadable])
def test_a_report_that_fails_is_logged_with_its_place_and_without_an_answer(
    client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, failure: Any
) -> None:
    monkeypatch.setattr(actions, "submit_reports", failure)

    answer = client.post(PAGE, FEVER | {"remarks": SECRET})

    assert answer.status_code == 500
    assert SECRET not in answer.content.decode()
    assert failure.__name__ in caplog.text
    assert SECRET not in caplog.text


def _console() -> logging.Handler:
    handlers = logging.getLogger().handlers
    return next(one for one in handlers if type(one) is logging.StreamHandler)


def test_every_log_of_the_instance_leaves_answers_out() -> None:
    console = _console()
    try:
        float(SECRET)
    except ValueError as error:
        record = logging.LogRecord(
            "procrastinate.worker", logging.ERROR, "x.py", 1, "job failed", (),
            (type(error), error, error.__traceback__),
        )  # fmt: skip
    assert console.filter(record)

    said = console.format(record)
    assert "ValueError" in said
    assert "test_every_log" in said
    assert SECRET not in said
    assert logging.getLogger("django").handlers == []


def test_what_the_machine_lacks_is_still_said() -> None:
    console = next(
        one for one in logging.getLogger().handlers if type(one) is logging.StreamHandler
    )
    error = OSError(28, "No space left on device")
    record = logging.LogRecord("x", logging.ERROR, "x.py", 1, "x", (), (OSError, error, None))
    assert console.filter(record)
    assert "No space left on device" in console.format(record)


@pytest.mark.django_db
def test_the_database_server_logs_no_statement_that_failed() -> None:
    with pytest.raises(DataError), transaction.atomic():
        _refused_by_the_database()
    server = postgres.Server(socket_dir=postgres.socket_dir(HOME))
    with psycopg.connect(server.dsn(postgres.OWNER)) as owner:
        owner.execute("SELECT pg_sleep(0)")
    assert SECRET not in (HOME / "postgres.log").read_text(errors="replace")


def test_jobs_carry_numbers_and_days_and_nothing_that_was_answered() -> None:
    known = {
        "timestamp", "unit_id", "period", "kind", "about", "context", "run_id", "file_id", "day",
        "account_id", "person_id", "form", "within", "is_own", "case", "what", "channel", "round",
        "round_id", "meeting_id", "inspection_id", "act_id", "hazard", "max_hours", "queue",
        "remove_failed", "remove_cancelled", "remove_aborted", "duty_id",
    }  # fmt: skip
    found = {
        f"{task.name}: {name}"
        for task in app.tasks.values()
        for name in inspect.signature(task.func).parameters
        if name not in known
    }
    assert found == set()


def _routes(resolver: URLResolver, before: str = "") -> Iterator[tuple[str, str]]:
    for pattern in resolver.url_patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _routes(pattern, route)
        elif isinstance(pattern, URLPattern):
            yield route, pattern.callback.__module__


def test_addresses_that_name_a_person_are_those_of_the_roster_alone() -> None:
    naming = {
        module for route, module in _routes(get_resolver()) if re.search("staff_no|person", route)
    }
    assert all(module.startswith("taishan.organisation.") for module in naming), naming


def test_what_is_filled_in_about_somebody_is_sent_in_the_body() -> None:
    root = Path(actions.__file__).parent
    pages = [*root.glob("templates/**/*.html")]
    forms = [form for page in pages for form in re.findall(r"<form[^>]*>", page.read_text())]
    assert forms
    assert all('method="post"' in form for form in forms)


def test_a_job_erases_answers_after_their_time_and_the_looks_at_them(
    client: Client, cast: dict[str, Account], monkeypatch: pytest.MonkeyPatch
) -> None:
    submit(report("A1", FEVER))
    submit(report("A1", period=building.TODAY - timedelta(days=1)))
    officer = Client()
    officer.force_login(cast["safety_officer"])
    officer.get("/situation/people/?day=2020-02-12&list=fever")
    assert (Report.objects.count(), Correction.objects.count(), Look.objects.count()) == (1, 1, 1)

    late = people.NOW + timedelta(days=allowing.health().retention_days or 0)
    monkeypatch.setattr(clock, "now", lambda: late)
    tasks.erase_answers(timestamp=0)
    assert Report.objects.count() == 1, "its last day is not over everywhere"

    monkeypatch.setattr(clock, "now", lambda: late + timedelta(days=2))
    tasks.erase_answers(timestamp=0)

    assert not Report.objects.exists()
    assert not Correction.objects.exists()
    assert not Look.objects.exists()
    assert not Seen.objects.exists()
    unit_id = Person.objects.get(staff_no="A1").memberships.get().unit_id
    assert building.counts(unit_id, allowing.health().pk)["fever"] == 1, "totals stay"


def test_erasing_runs_every_day_without_anybody_asking() -> None:
    periodic = {one.task.name for one in app.periodic_registry.periodic_tasks.values()}
    assert "reporting.erase_answers" in periodic
