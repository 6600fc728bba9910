"""Two people decide on one application in the same moment: one wins, the other is told who."""

from __future__ import annotations

from pathlib import Path

import pytest

from taishan.kit import postgres
from tests.processes import PATIENCE_S, ask, migrated
from tests.reporting.test_workers import begin

SET_UP = """
from tests import people
from tests.resumption import applying
cast = people.found_group()
applying.submit(cast["safety_officer"], applying.draft(cast["safety_officer"]))
"""
DECIDE = """
import threading
from django.db import connection
from taishan.core.approvals import Act
from taishan.organisation.models import Account
from taishan.resumption.application_steps import ApplicationRefused
from taishan.resumption.models import Application
from tests.resumption import applying

account, application = Account.objects.get(username="D1"), Application.objects.get()
start, told = threading.Barrier(2), []

def decide(act):
    try:
        start.wait()
        applying.decide(account, application, act, seen=1)
    except ApplicationRefused as refused:
        told.append(str(refused))
    finally:
        connection.close()

both = [threading.Thread(target=decide, args=(act,)) for act in (Act.APPROVE, Act.RETURN)]
for one in both:
    one.start()
for one in both:
    one.join()
assert ["周晓晨 was first" in one for one in told] == [True], told
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = migrated(tmp_path / "home")
    assert begin(home, SET_UP).wait(PATIENCE_S) == 0, (home / "log").read_text()
    return home


def test_of_two_who_decide_at_once_one_wins_and_the_other_is_told(home: Path) -> None:
    with postgres.running(home):
        assert begin(home, DECIDE).wait(PATIENCE_S) == 0, (home / "log").read_text()

        (decided,) = ask(
            home, "SELECT count(*) FROM resumption_step WHERE act IN ('approve', 'return')"
        )
        assert decided == (1,)
