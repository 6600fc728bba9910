"""Two people who answer the same confirmation at once: one wins, and the other is told."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from taishan.kit import postgres
from tests.processes import PATIENCE_S, environment, migrated

WORK = """
import threading, time
from concurrent.futures import ThreadPoolExecutor
from taishan.cli import context
with context.database():
    from django.db import connection, transaction
    from taishan.communications import cascading
    from taishan.communications.directives import DirectiveRefused
    from taishan.kit.actor import Actor
    from tests import people
    from tests.communications.directing import LIST, issued, owed

    people.found_group()
    act = {"now": people.NOW}
    said = cascading.confirm(
        actor=people.ACTOR, duty=owed(issued(), "W1", LIST), text="Listed", **act
    )
    first_is_in = threading.Event()

    def first():
        with transaction.atomic():
            cascading.accept(actor=Actor(label="one"), confirmation_id=said.pk, **act)
            first_is_in.set()
            time.sleep(1)
        connection.close()
        return "accepted"

    def second():
        first_is_in.wait()
        try:
            cascading.give_back(
                actor=Actor(label="other"), confirmation_id=said.pk, reason="no", **act
            )
        except DirectiveRefused as refused:
            return str(refused)
        finally:
            connection.close()
        return "returned"

    with ThreadPoolExecutor(2) as pool:
        told = [pool.submit(one) for one in (first, second)]
        print("; ".join(one.result() for one in told))
"""


def test_of_two_who_answer_at_once_one_wins_and_the_other_is_told(tmp_path: Path) -> None:
    home = migrated(tmp_path / "home")
    with postgres.running(home):
        answered = subprocess.run(
            [sys.executable, "-c", WORK], env=environment(home), capture_output=True, text=True,
            timeout=PATIENCE_S, check=True,
        )  # fmt: skip

    assert answered.stdout.strip() == "accepted; one has answered this already."
