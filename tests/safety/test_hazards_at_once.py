"""Two hazards merged into each other at once: one goes on, and nobody waits for ever."""

from __future__ import annotations

from pathlib import Path

from tests.processes import migrated, run_at_once

WORK = """
import threading
from concurrent.futures import ThreadPoolExecutor
from taishan.cli import context
with context.database():
    from django.db import connection
    from taishan.safety import hazards
    from tests import people
    from tests.safety.building import viewer
    from tests.safety.finding import found

    cast = people.found_group()
    officer = viewer(cast["safety_officer"])

    def merge(start, hazard, into):
        start.wait()
        try:
            hazards.merge(viewer=officer, now=people.NOW, hazard=hazard, into=into, reason="Same")
            return "merged"
        except Exception as failed:
            return type(failed).__name__
        finally:
            connection.close()

    made = set()
    for _time in range(10):
        one, other = found(cast["employee"]), found(cast["employee"])
        start = threading.Barrier(2)
        with ThreadPoolExecutor(2) as pool:
            both = [pool.submit(merge, start, one, other), pool.submit(merge, start, other, one)]
            made.add(tuple(sorted(each.result() for each in both)))
    print(sorted(made))
"""


def test_of_two_hazards_merged_into_each_other_at_once_one_goes_on(tmp_path: Path) -> None:
    made = run_at_once(WORK, migrated(tmp_path / "home"))

    assert made == "[('HazardRefused', 'merged')]"
