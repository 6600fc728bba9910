"""What a post owes and a meeting discharges."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client

from taishan.core.duties import State
from taishan.duties import matrix, matrix_files, opening
from taishan.duties.models import Duty
from taishan.kit import clock
from taishan.learning import tasks
from taishan.organisation import posts
from taishan.organisation.models import Account, Person
from tests import jobs
from tests.learning.calling import HOUR, call
from tests.learning.test_meetings import confirmed
from tests.people import ACTOR, FOUNDED, NOW

pytestmark = pytest.mark.django_db


def owe_meeting(cast: dict[str, Account]) -> None:
    """Let the head's post of W1 owe the safety meeting of each quarter."""
    post = posts.open_post(
        actor=ACTOR, now=NOW, on=FOUNDED, code="W1-H", unit="W1", title_en="Head",
        title_zh="负责人", kind="unit_head",
    )  # fmt: skip
    posts.hold_post(actor=ACTOR, now=NOW, on=FOUNDED, person=head(cast), post=post)
    shipped = Path(matrix_files.__file__).parent / "libraries" / "cn-work-safety.yaml"
    matrix.import_library(
        actor=ACTOR, now=NOW, on=FOUNDED, unit="HQ",
        library=matrix_files.parse(shipped.read_bytes(), shipped.name),
    )  # fmt: skip


def head(cast: dict[str, Account]) -> Person:
    return Person.objects.get(pk=cast["unit_head"].person_id)


def quarter(cast: dict[str, Account]) -> Duty:
    return Duty.objects.get(what_en__startswith="Hold the safety meeting", due_on__month=3)


def test_confirmed_minutes_discharge_the_meeting_that_the_chairs_post_owes_once(
    cast: dict[str, Account], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW + 3 * HOUR)
    owe_meeting(cast)
    meeting = call(cast)

    confirmed(cast, meeting)
    jobs.run()

    owed = quarter(cast)
    assert (owed.ended, owed.ended_at) == (State.ON_TIME, meeting.starts_at)
    monkeypatch.setattr(clock, "now", lambda: NOW + 70 * 24 * HOUR)
    tasks.fulfil_posts(meeting.pk)
    ended = Duty.objects.exclude(ended=None).filter(what_en__startswith="Hold the safety meeting")
    assert ended.get() == owed, "the news arrives again: it is not the meeting of the next quarter"


def test_a_study_session_is_not_the_safety_meeting_that_a_post_owes(
    cast: dict[str, Account], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW + 3 * HOUR)
    owe_meeting(cast)

    confirmed(cast, call(cast, kind="study"))
    jobs.run()

    assert quarter(cast).ended is None


def test_whoever_owes_a_meeting_cannot_say_that_it_was_held(
    cast: dict[str, Account], client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    owe_meeting(cast)
    opening.open_occurrences(actor=ACTOR, now=NOW)
    client.force_login(cast["unit_head"])

    page = client.get(f"/duties/W1/{quarter(cast).id}/")

    assert b"not by saying so here" in page.content
    assert b'href="/meetings/' in page.content
