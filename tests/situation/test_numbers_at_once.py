"""Two processes publish at once: each number of the series is given once, and none is left out."""

from __future__ import annotations

from pathlib import Path

import pytest

from taishan.kit import postgres
from tests.processes import PATIENCE_S, ask, migrated
from tests.reporting.test_workers import begin

REPORTS = 12
SET_UP = """
from tests import people
from tests.reporting import building
people.found_group()
building.add_schedules()
"""
PUBLISH = """
from taishan.organisation.models import Account
from tests.people import CAST
from tests.situation.building import publish_report
cast = {{role: Account.objects.get(person__staff_no=CAST[role][0]) for role in CAST}}
for _ in range({reports}):
    publish_report(cast)
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = migrated(tmp_path / "home")
    assert begin(home, SET_UP).wait(PATIENCE_S) == 0
    return home


def test_a_series_has_no_gap_and_no_number_twice(home: Path) -> None:
    with postgres.running(home):
        both = [begin(home, PUBLISH, reports=REPORTS) for _ in range(2)]

        assert [one.wait(PATIENCE_S) for one in both] == [0, 0]

        numbers = ask(home, "SELECT number FROM situation_publication ORDER BY number")
        assert [number for (number,) in numbers] == list(range(1, 2 * REPORTS + 1))
