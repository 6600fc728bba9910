"""Pulling the plug in the middle of an import: all of it or none of it, and a start afterwards."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from taishan.kit import postgres
from tests.processes import (
    PATIENCE_S,
    ask,
    environment,
    kill,
    kill_database,
    migrated,
    taishan,
    wait_until,
)

PEOPLE = 20_000
ASK = """
import django; django.setup()
from datetime import UTC, date, datetime
from pathlib import Path
from taishan.kit.actor import Actor
from taishan.organisation import import_runs
import_runs.begin(
    actor=Actor(label="test"), now=datetime.now(UTC), on=date(2020, 2, 12), language="en",
    content=Path({file!r}).read_bytes(), mode="all_or_nothing",
)
"""


def run(home: Path, *arguments: str) -> None:
    assert taishan(home, *arguments).wait(PATIENCE_S) == 0, (home / "log").read_text()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = migrated(tmp_path / "home")
    (home / "units.csv").write_text("code,name_en,place,opened\nHQ,Headquarters,CN,2020-01-01\n")
    run(home, "organisation", "import", "units", str(home / "units.csv"))
    rows = "".join(f"E{n},Name {n},HQ,2020-01-05\n" for n in range(PEOPLE))
    (home / "people.csv").write_text("staff_no,name,unit,from\n" + rows)
    return home


def recorded(home: Path) -> tuple[object, ...]:
    """Return how many people there are, and how many imports of people the ledger knows."""
    return ask(
        home,
        "SELECT (SELECT count(*) FROM organisation_person),"
        " (SELECT count(*) FROM ledger_entry WHERE verb = 'people.imported')",
    )[0]


def is_writing(home: Path) -> bool:
    return bool(
        ask(
            home,
            "SELECT 1 FROM pg_stat_activity WHERE state = 'active'"
            " AND query LIKE '%INSERT INTO organisation_membership%' AND pid <> pg_backend_pid()",
        )
    )


def test_a_killed_import_leaves_nothing_and_the_next_one_all(home: Path) -> None:
    people = str(home / "people.csv")
    with postgres.running(home):
        process = taishan(home, "organisation", "import", "people", people)
        wait_until(lambda: is_writing(home) or process.poll() is not None, home, step_s=0.005)
        kill(process)
        kill_database(home)

    with postgres.running(home):
        assert recorded(home) in {(0, 0), (PEOPLE, 1)}
        run(home, "organisation", "import", "people", people)
        assert recorded(home) == (PEOPLE, 1)


def test_an_import_whose_worker_and_database_were_killed_is_recorded_once_by_the_next(
    home: Path,
) -> None:
    with postgres.running(home):
        command = [sys.executable, "-c", ASK.format(file=str(home / "people.csv"))]
        subprocess.run(command, env=environment(home), check=True)
        first = taishan(home, "worker")
        far = "SELECT 1 FROM organisation_importrun WHERE rows_done > 0"
        wait_until(lambda: ask(home, far), home, step_s=0.005)
        seen_under_way = recorded(home)
        kill(first)
        kill_database(home)

    with postgres.running(home):
        # What jobs.restart_abandoned does within a minute or two (tests/cli/test_worker.py).
        ask(home, "UPDATE procrastinate_jobs SET status = 'todo' WHERE status = 'doing'")
        second = taishan(home, "worker")
        ended = "SELECT outcome -> 'created' FROM organisation_importrun WHERE ended_at IS NOT NULL"
        wait_until(lambda: ask(home, ended), home)
        second.terminate()
        second.wait(PATIENCE_S)

        assert seen_under_way == (0, 0)
        assert recorded(home) == (PEOPLE, 1)
        assert ask(home, ended) == [(PEOPLE,)]
