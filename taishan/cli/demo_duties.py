"""The demo's duties: the sample matrix since 1 January, done as people do, and a few open ones."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from pathlib import Path

from taishan.kit.actor import Actor

WORDS = ("已完成，记录见台账", "检查发现问题3项，已整改2项", "已组织，会议纪要归档", "已完成")
DAY = timedelta(days=1)
HOLIDAY = (date(2020, 1, 24), date(2020, 2, 10))
"""Between the eve of the festival and the return to work most walks were not done."""


def fill(actor: Actor, now: datetime) -> None:
    """Let the sample matrix bind the group, and each day so far be seen to by its posts."""
    from taishan.duties import actions, holiday_files, holidays, matrix, matrix_files, opening
    from taishan.organisation.models import PostHolding

    shipped = Path(matrix_files.__file__).parent / "libraries" / "cn-work-safety.yaml"
    first = datetime(2020, 1, 1, tzinfo=now.tzinfo)
    matrix.import_library(
        actor=actor, now=first, on=first.date(), unit="HQ",
        library=matrix_files.parse(shipped.read_bytes(), shipped.name),
    )  # fmt: skip
    rests = shipped.with_name("cn-holidays.yaml")
    holidays.import_library(
        actor=actor, now=first, library=holiday_files.parse(rests.read_bytes(), rests.name)
    )
    holders = {
        one.post_id: Actor(label=one.person.name, person_id=one.person_id)
        for one in PostHolding.objects.select_related("person")
    }
    chosen = random.Random(7)  # noqa: S311 - the same demo each time
    for number in range((now - first).days + 1):
        opening.open_occurrences(actor=actor, now=first + number * DAY)
        _see_to(first + number * DAY, holders, chosen)
    while actions.settle(actor=actor, now=now):
        pass


def _see_to(now: datetime, holders: dict[int, Actor], chosen: random.Random) -> None:
    """Have some of what is open done: most weekly rounds in time, fewer over the festival."""
    from taishan.core.duties import OPEN
    from taishan.duties import actions
    from taishan.duties.models import Duty

    is_away = HOLIDAY[0] <= now.date() < HOLIDAY[1]
    for duty in Duty.objects.filter(ended=None, opened_at__lte=now).order_by(
        "unit_id", "subject_id"
    ):
        length = max((duty.due_at - duty.opened_at).days, 1)
        likely = 0.12 if is_away else 0.45 if length < 8 else 1.6 / length
        if duty.standing(now) in OPEN and chosen.random() < likely:
            actions.discharge(
                actor=holders[duty.post_id or 0], now=now, duty=duty, evidence=chosen.choice(WORDS)
            )
