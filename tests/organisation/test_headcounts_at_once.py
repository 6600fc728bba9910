"""Two processes that hire into one unit: neither waits for the other, and nobody is lost."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from taishan.kit import postgres
from tests.processes import PATIENCE_S, ask, environment, migrated

HIRED = 30
WORK = """
import sys, time
from taishan.cli import context
with context.database():
    from django.db import connection, transaction
    from taishan.organisation import staffing
    from tests import people
    if {name!r} == "first":
        people.found_group()
    for n in range({hired}):
        with transaction.atomic():
            connection.cursor().execute("SET LOCAL lock_timeout = '1ms'")
            staffing.hire(actor=people.ACTOR, now=people.NOW, on=people.FOUNDED,
                          staff_no=f"{name}{{n}}", name="某", unit="W1")
            time.sleep(0.005)
"""
SUMS = """
SELECT span, sum(change)::int, (SELECT count(*) FROM organisation_membership)
FROM organisation_headcountchange GROUP BY span ORDER BY span
"""


def begin(home: Path, name: str) -> subprocess.Popen[bytes]:
    script = WORK.format(name=name, hired=HIRED)
    return subprocess.Popen([sys.executable, "-c", script], env=environment(home))


def test_who_is_hired_at_once_is_counted_and_nobody_waits(tmp_path: Path) -> None:
    home = migrated(tmp_path / "home")
    with postgres.running(home):
        assert begin(home, "first").wait(PATIENCE_S) == 0

        workers = [begin(home, name) for name in ("second", "third")]

        assert [worker.wait(PATIENCE_S) for worker in workers] == [0, 0]
        assert ask(home, SUMS) == [(span, 3 * HIRED, 3 * HIRED) for span in range(4)]
