"""Pulling the plug in the middle of an import: all of it or none of it, and a start afterwards."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from taishan.kit import postgres

PEOPLE = 20_000


def _taishan(home: Path, *arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", "from taishan.cli import main; main()", *arguments]
    return subprocess.Popen(
        command,
        env=os.environ | {"TAISHAN_HOME": str(home), "TAISHAN_DATABASE_NAME": postgres.DATABASE},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def _run(home: Path, *arguments: str) -> str:
    process = _taishan(home, *arguments)
    output, _none = process.communicate(timeout=120)
    assert process.returncode == 0, output
    return output


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = tmp_path / "home"
    _run(home, "migrate")
    (home / "units.csv").write_text("code,name_en,place,opened\nHQ,Headquarters,CN,2020-01-01\n")
    _run(home, "organisation", "import", "units", str(home / "units.csv"))
    rows = "".join(f"E{n},Name {n},HQ,2020-01-05\n" for n in range(PEOPLE))
    (home / "people.csv").write_text("staff_no,name,unit,from\n" + rows)
    return home


def _count(home: Path) -> tuple[int, int]:
    with postgres.running(home) as server, psycopg.connect(server.dsn(postgres.OWNER)) as link:
        found = link.execute(
            "SELECT (SELECT count(*) FROM organisation_person),"
            " (SELECT count(*) FROM ledger_entry WHERE verb = 'people.imported')"
        ).fetchone()
    assert found is not None
    return found


def _is_writing(link: psycopg.Connection) -> bool:
    found = link.execute(
        "SELECT count(*) FROM pg_stat_activity WHERE state = 'active'"
        " AND query LIKE '%INSERT INTO organisation_membership%' AND pid <> pg_backend_pid()"
    ).fetchone()
    return bool(found and found[0])


def _kill_database(home: Path) -> None:
    """End the server of this home and its backends by their process ids, as a power cut does."""
    postmaster = int((home / "postgres" / "postmaster.pid").read_text().splitlines()[0])
    listed = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(postmaster)], capture_output=True, text=True, check=False
    )
    for pid in (postmaster, *map(int, listed.stdout.split())):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def test_a_killed_import_leaves_nothing_and_the_next_one_all(home: Path) -> None:
    people = str(home / "people.csv")
    with (
        postgres.running(home) as server,
        psycopg.connect(server.dsn("postgres"), autocommit=True) as link,
    ):
        process = _taishan(home, "organisation", "import", "people", people)
        deadline = time.monotonic() + 60
        while not _is_writing(link) and time.monotonic() < deadline:
            assert process.poll() is None, process.communicate()[0]
            time.sleep(0.005)
        process.kill()
        _kill_database(home)
        process.communicate()
    assert _count(home) in {(0, 0), (PEOPLE, 1)}
    _run(home, "organisation", "import", "people", people)
    assert _count(home) == (PEOPLE, 1)
