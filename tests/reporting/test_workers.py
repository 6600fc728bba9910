"""Two processes at once, over the same people: none waits for ever, nothing is counted twice."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from taishan.kit import postgres
from tests.processes import PATIENCE_S, ask, environment, migrated, taishan

PEOPLE, BATCHES = 40, 25
SET_UP = """
from tests import people
from tests.reporting import building
people.found_group()
building.add_schedules()
building.hire(*(f"A{{n}}" for n in range({people} // 2)))
building.hire(*(f"B{{n}}" for n in range({people} // 2)), unit="H1")
"""
SUBMIT = """
import random
from tests.reporting.building import FEVER, WELL, report, submit
chosen = random.Random({seed})
for _ in range({batches}):
    submit(*(
        report(f"{{chosen.choice('AB')}}{{chosen.randrange({people} // 2)}}",
               chosen.choice([WELL, FEVER, WELL | {{"remarks": str(chosen.random())}}]))
        for _ in range(30)
    ))
"""
REPLAY = """
import threading
from django.db import transaction
from tests.reporting.building import FEVER, WELL, report, submit, told
first, begun, sent = report("A1"), threading.Event(), threading.Event()
def correct():
    with transaction.atomic():
        submit(report("A1", FEVER))
        begun.set()
        sent.wait(1)
    context._close()
submit(first)
other = threading.Thread(target=correct)
other.start()
begun.wait()
threading.Timer(0.5, sent.set).start()
assert told(submit(first)) == ["repeated"]
other.join()
assert told(submit(report("A1", WELL | {{"remarks": "later"}}))) == ["changed"]
"""

FILE = """
from taishan.reporting import sheet
from taishan.reporting.models import Report
from taishan.reporting.submissions import Outcome
from tests import people
from tests.reporting.building import MORNING, TODAY
sheet.BATCH = 30
lines = [f"A{{n}},well,36.{{turn}},usual_place,no,no,none,on_site"
         for turn in (1, 2, 3) for n in range({people} // 2)]
head = ("subject,health_status,body_temperature,current_location,travel_14_days,contact_14_days,"
        "quarantine_status,work_ability\\n")
heard = []
found = sheet.import_reports(
    actor=people.ACTOR, now=MORNING, form="daily_health", period=TODAY,
    content=(head + "\\n".join(lines)).encode(), progress=lambda *of: heard.append(of),
)
assert found.rejected == 0, found.errors[:3]
assert (found.outcomes[Outcome.NEW], found.outcomes[Outcome.CHANGED]) == (20, 40)
assert heard == [(30, 60), (60, 60)]
assert all(36.3 in answers for answers in Report.objects.values_list("answers", flat=True))
"""


def begin(home: Path, script: str, **given: int) -> subprocess.Popen[bytes]:
    """Run a script over the home's instance, as a process of its own."""
    body = "from taishan.cli import context\nwith context.database():\n"
    lines = script.format(people=PEOPLE, batches=BATCHES, **given).strip().splitlines()
    body += "\n".join(f"    {line}" for line in lines)
    return subprocess.Popen([sys.executable, "-c", body], env=environment(home))


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = migrated(tmp_path / "home")
    assert begin(home, SET_UP).wait(PATIENCE_S) == 0
    return home


def test_two_workers_at_once_agree_with_a_recount(home: Path) -> None:
    with postgres.running(home):
        workers = [begin(home, SUBMIT, seed=seed) for seed in (1, 2)]

        assert [worker.wait(PATIENCE_S) for worker in workers] == [0, 0]

        assert taishan(home, "situation", "recount").wait(PATIENCE_S) == 0, (
            home / "log"
        ).read_text()
        stored, replaced, received = ask(
            home,
            "SELECT (SELECT count(*) FROM reporting_report),"
            " (SELECT count(*) FROM reporting_earlier),"
            " (SELECT sum(amount) FROM reporting_counter WHERE indicator_id = 1)",
        )[0]
        assert stored == received == PEOPLE
        assert replaced > BATCHES  # type: ignore[operator]


def test_a_report_sent_again_while_another_replaces_it_does_not_come_back(home: Path) -> None:
    with postgres.running(home):
        assert begin(home, REPLAY).wait(PATIENCE_S) == 0

        kept = ask(home, "SELECT count(*), count(DISTINCT client) FROM reporting_earlier")
        assert kept == [(2, 2)]


def test_a_file_s_batches_are_stored_in_their_order_while_the_next_is_looked_at(home: Path) -> None:
    with postgres.running(home):
        assert begin(home, FILE).wait(PATIENCE_S) == 0
        assert taishan(home, "situation", "recount").wait(PATIENCE_S) == 0
