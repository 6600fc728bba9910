"""Two at once: of two who answer a confirmation one wins; who opens two pages is told once."""

from __future__ import annotations

from pathlib import Path

from tests.processes import migrated, run_at_once

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


JOIN = """
import threading, time
from concurrent.futures import ThreadPoolExecutor
from taishan.cli import context
with context.database():
    from django.db import connection, transaction
    from taishan.communications import actions
    from taishan.communications.models import Round
    from taishan.kit.actor import Actor
    from tests import people
    from tests.communications import writing

    people.found_group()
    writing.hire("A1")
    writing.publish(valid_until=writing.later(days=9))
    newcomer = writing.hire("A9")
    who = Actor(label="A9", person_id=newcomer.pk)
    first_is_in = threading.Event()

    def look():
        return actions.receive(actor=who, now=people.NOW, on=people.NOW.date())

    def first():
        with transaction.atomic():
            told = look()
            first_is_in.set()
            time.sleep(1)
        connection.close()
        return told

    def second():
        first_is_in.wait()
        told = look()
        connection.close()
        return told

    with ThreadPoolExecutor(2) as pool:
        told = [pool.submit(one) for one in (first, second)]
        print([one.result() for one in told], Round.objects.filter(kind="joined").count())
"""


def test_of_two_who_answer_at_once_one_wins_and_the_other_is_told(tmp_path: Path) -> None:
    told = run_at_once(WORK, migrated(tmp_path / "home"))

    assert told == "accepted; one has answered this already."


def test_who_joins_and_opens_two_pages_at_once_is_told_of_a_notice_once(tmp_path: Path) -> None:
    assert run_at_once(JOIN, migrated(tmp_path / "home")) == "[1, 0] 1"
