"""Pulling the plug under full load: what was acknowledged is there, once, and counted."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from taishan.kit import postgres
from tests.ports import free_port
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
from tests.reporting.sending import Senders

PEOPLE = 60
LOAD_S = 0.4
SET_UP = f"""
from taishan.cli import context
with context.database():
    import json
    from taishan.kit import clock
    from taishan.organisation import access, tokens
    from tests import people
    from tests.reporting import building
    officer = people.found_group()["safety_officer"]
    building.add_schedules()
    building.hire(*(f"A{{n}}" for n in range({PEOPLE})))
    viewer = access.viewer_for(officer, clock.today())
    print(json.dumps(tokens.give(viewer, clock.now())[0]))
"""


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    home = migrated(tmp_path / "home")
    with postgres.running(home):
        yield home


@pytest.fixture
def token(home: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-c", SET_UP], env=environment(home), stdout=subprocess.PIPE, check=True
    )
    return str(json.loads(done.stdout))


def serve(home: Path, port: int) -> subprocess.Popen[bytes]:
    """Begin an instance without a worker, and wait until it answers."""
    process = taishan(home, "serve", "--port", str(port), TAISHAN_WORKER="0")

    def answers() -> bool:
        assert process.poll() is None, (home / "log").read_text()
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    wait_until(answers, home)
    return process


def wait_for_more(senders: Senders, home: Path, more: int = 50) -> None:
    """Wait until the senders were told of more reports, then let the load run for a while."""
    before = len(senders.acknowledged)
    wait_until(lambda: len(senders.acknowledged) > before + more, home, step_s=0.02)
    time.sleep(LOAD_S)


def refuse_differences(home: Path, senders: Senders) -> None:
    """Every acknowledged report is on record, once; counters are the sum of the reports."""
    stored = Counter(
        str(number)
        for (number,) in ask(
            home,
            "SELECT client FROM reporting_report UNION ALL SELECT client FROM reporting_earlier",
        )
    )
    assert senders.rejected == []
    assert [one for one in senders.acknowledged if stored[one] != 1] == []
    assert {number for number, times in stored.items() if times > 1} == set()
    recount = taishan(home, "situation", "recount").wait(PATIENCE_S)
    assert recount == 0, (home / "log").read_text()


def test_two_apps_and_their_database_are_killed_in_turn_and_nothing_acknowledged_is_lost(
    home: Path, token: str
) -> None:
    ports = [free_port(), free_port()]
    first, second = (serve(home, port) for port in ports)

    with Senders(ports, token, PEOPLE) as senders:
        wait_for_more(senders, home)
        kill(first)
        wait_for_more(senders, home)
        first = serve(home, ports[0])
        for _time in range(2):
            wait_for_more(senders, home)
            kill_database(home)
            with postgres.running(home):
                wait_for_more(senders, home)
        kill(second)
        kill(first)
        kill_database(home)

    with postgres.running(home):
        refuse_differences(home, senders)
    assert senders.answers[0] > 0
    assert senders.answers[503] > 0


def test_stopping_politely_breaks_off_nothing_that_was_begun(home: Path, token: str) -> None:
    port = free_port()
    process = serve(home, port)

    with Senders([port], token, PEOPLE) as senders:
        wait_for_more(senders, home)
        process.terminate()
        assert process.wait(PATIENCE_S) == 0, (home / "log").read_text()

    refuse_differences(home, senders)
    stored = ask(
        home, "SELECT client FROM reporting_report UNION ALL SELECT client FROM reporting_earlier"
    )
    assert len(stored) == len(set(senders.acknowledged))
