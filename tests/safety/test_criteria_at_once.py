"""Two who record criteria at once: the second waits, and its version has the next number."""

from __future__ import annotations

from pathlib import Path

from tests.processes import migrated, run_at_once

WORK = """
import threading, time
from concurrent.futures import ThreadPoolExecutor
from taishan.cli import context
with context.database():
    from django.db import connection, transaction
    from taishan.safety import hazard_criteria
    from tests import people
    from tests.safety.test_hazard_criteria import library

    first_is_in = threading.Event()

    def record(grade):
        made = hazard_criteria.import_library(
            actor=people.ACTOR, now=people.NOW, library=library(grade)
        )
        return made and made.number

    def first():
        with transaction.atomic():
            made = record("general")
            first_is_in.set()
            time.sleep(1)
        connection.close()
        return made

    def other(grade):
        first_is_in.wait()
        made = record(grade)
        connection.close()
        return made

    with ThreadPoolExecutor(3) as pool:
        made = [pool.submit(first), pool.submit(other, "general"), pool.submit(other, "major")]
        print(sorted(str(one.result()) for one in made))
"""


def test_of_those_who_record_criteria_at_once_each_version_has_a_number(tmp_path: Path) -> None:
    made = run_at_once(WORK, migrated(tmp_path / "home"))

    assert made in ("['1', '2', 'None']", "['1', '2', '3']"), "by who comes second"
