"""Hazards that several people report at the same moment: stored together, each for itself."""

from __future__ import annotations

from pathlib import Path

from tests.processes import migrated, run_at_once

TOGETHER = """
import threading
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4
from taishan.cli import context
with context.database():
    from django.conf import settings
    from django.db import DataError, OperationalError, connection
    from taishan.ledger.models import Entry
    from taishan.organisation import history
    from taishan.safety import hazard_counts, hazard_reports
    from taishan.safety.hazard_models import Hazard, HazardPhoto
    from taishan.safety.hazard_reports import Report, Seen
    from tests import people
    from tests.safety.building import viewer
    from tests.safety.finding import found, photo

    cast = people.found_group()
    hazard_reports._together._apart_s = 5
    found(cast["employee"])  # alone; whoever comes within 5 s waits for the next
    unit = history.get_version("W1", people.NOW.date())
    ACTORS = viewer(cast["employee"]).actor, viewer(cast["safety_officer"]).actor, None

    def report(start, key, actor, origin=("report", "")):
        one = Report(actor=actor, now=people.NOW, version=unit, key=key, origin=origin,
                     seen=Seen(text="Bare cable", looks=2, photos=[photo()]))
        start.wait(60)
        try:
            return hazard_reports.report(one)
        except DataError:
            return None
        finally:
            connection.close()

    def all_at_once(*asked):
        start = threading.Barrier(len(asked))
        with ThreadPoolExecutor(len(asked)) as pool:
            return list(pool.map(lambda one: report(start, *one), asked))

    def said(made):
        keys = {one[0].key for one in made if one}
        rows = Hazard.objects.filter(key__in=keys).extra(select={"of": "xmin::text"})
        who = Entry.objects.filter(verb="hazard.find", subject_id__in=[str(row.pk) for row in rows])
        files = [one for one in (settings.TAISHAN.home / "media").rglob("*") if one.is_file()]
        return (
            len(rows), len({row.of for row in rows}), sorted({one.actor_label for one in who}),
            len(files) - HazardPhoto.objects.count(), hazard_counts.find_differences(),
        )

    """
SIX = """
    made = all_at_once(*((uuid4(), actor) for actor in ACTORS * 2))
    print(said(made), [bool(code) for _hazard, code in made])
"""
ONE_FAULTY = """
    made = all_at_once(*((uuid4(), actor) for actor in ACTORS), (uuid4(), None, ("x" * 41, "")))
    print(said(made), made[-1], len({row.pk for row, _code in made[:3]}))
"""
UNHEARD = """
    from django.db.backends.base.base import BaseDatabaseWrapper
    commit, lost = BaseDatabaseWrapper.commit, []

    def unheard(self):
        commit(self)
        if not lost:
            lost.append(self)
            raise OperationalError("the connection is gone")

    BaseDatabaseWrapper.commit = unheard
    made = all_at_once(*((uuid4(), actor) for actor in ACTORS))
    print(said(made), len(lost), [one[0].pk is not None for one in made])
"""
TWICE = """
    key = uuid4()
    made = all_at_once(*((key, ACTORS[0]) for _time in range(3)))
    print(said(made), len({row.pk for row, _code in made}))
"""


def test_what_several_people_report_is_one_transaction_and_each_their_own(tmp_path: Path) -> None:
    assert run_at_once(TOGETHER + SIX, migrated(tmp_path / "home")) == (
        "(6, 1, ['', '—'], 0, []) [False, False, True, False, False, True]"
    )


def test_a_report_that_cannot_be_stored_keeps_no_other_from_it(tmp_path: Path) -> None:
    # Of the one that failed a photo is left: whether a COMMIT failed is not always known.
    assert run_at_once(TOGETHER + ONE_FAULTY, migrated(tmp_path / "home")) == (
        "(3, 3, ['', '—'], 1, []) None 3"
    )


def test_a_commit_that_nobody_heard_of_loses_no_photo_and_leaves_none(tmp_path: Path) -> None:
    assert run_at_once(TOGETHER + UNHEARD, migrated(tmp_path / "home")) == (
        "(3, 1, ['', '—'], 0, []) 1 [True, True, True]"
    )


def test_what_a_phone_sends_three_times_at_once_is_one_hazard_with_its_photo(
    tmp_path: Path,
) -> None:
    assert run_at_once(TOGETHER + TWICE, migrated(tmp_path / "home")) == "(1, 1, [''], 0, []) 1"
