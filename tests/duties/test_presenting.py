"""How far off the hour of a duty is said to be."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from taishan.core.duties import State
from taishan.duties import presenting
from taishan.duties.models import Duty

DUE = datetime(2020, 2, 12, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("state", "after", "said"),
    [
        (State.PENDING, timedelta(days=-2, minutes=-1), "2 days left"),
        (State.DUE_SOON, timedelta(hours=-1), "1 hour left"),
        (State.DUE_SOON, timedelta(minutes=-59), "59 minutes left"),
        (State.DUE_SOON, timedelta(seconds=-30), "due this minute"),
        (State.OVERDUE, timedelta(seconds=30), "due this minute"),
        (State.OVERDUE, timedelta(minutes=1), "1 minute late"),
        (State.OVERDUE, timedelta(hours=23, minutes=59), "23 hours late"),
        (State.OVERDUE, timedelta(days=1), "1 day late"),
        (State.LATE, timedelta(days=1), ""),
    ],
)
def test_the_last_hour_is_said_in_minutes(state: State, after: timedelta, said: str) -> None:
    assert presenting.when(Duty(due_at=DUE), state, DUE + after) == said
