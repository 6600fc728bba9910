"""What reporting does without anybody asking."""

from __future__ import annotations

from datetime import date, timedelta

from procrastinate.contrib.django import app

from taishan.kit import clock, jobs
from taishan.kit.actor import Actor
from taishan.reporting import erasing, follow_up_digest, noticing, returning, withdrawing

ACTOR = Actor(label="Taishan", door="job")
OFTEN, SELDOM = timedelta(days=1), timedelta(days=14)
"""How far back the reports are looked at: of those still coming in, and of any that were missed."""


def _look(back: timedelta) -> None:
    # It is tomorrow already in the east of whoever reads the clock.
    until = clock.today() + timedelta(days=2)
    noticing.look(actor=ACTOR, now=clock.now(), since=until - timedelta(days=2) - back, until=until)


@app.periodic(cron="* * * * *")
@app.task(name="reporting.look_at_reports", retry=jobs.AGAIN)
def look_at_reports(timestamp: int) -> None:  # noqa: ARG001 - the tick, in real time
    """Open follow-ups of those whose latest reports give cause; count reports as checks."""
    _look(OFTEN)


@app.periodic(cron="7 * * * *")
@app.task(name="reporting.look_back", retry=jobs.AGAIN)
def look_back(timestamp: int) -> None:  # noqa: ARG001 - as above
    """Look at the reports of two weeks again: no worker may have run when they came."""
    _look(SELDOM)


@app.periodic(cron="*/10 * * * *")
@app.task(name="reporting.open_returns", retry=jobs.AGAIN)
def open_returns(timestamp: int) -> None:  # noqa: ARG001 - as above
    """Open what units owe of the periods that have begun."""
    returning.open_returns(actor=ACTOR, now=clock.now())


@app.periodic(cron="*/10 * * * *")
@app.task(name="reporting.tell_follow_ups", retry=jobs.AGAIN)
def tell_follow_ups(timestamp: int) -> None:  # noqa: ARG001 - as above
    """Tell the officers of units where it is past the hour how many are newly followed up."""
    follow_up_digest.tell(actor=ACTOR, now=clock.now())


@app.periodic(cron="23 * * * *")
@app.task(name="reporting.erase_answers", retry=jobs.AGAIN)
def erase_answers(timestamp: int) -> None:  # noqa: ARG001 - as above
    """Erase what is past its retention, and what withdrawn consents covered.

    Every hour, since a worker may not run at each of them.
    """
    erasing.erase_all(actor=ACTOR, now=clock.now())
    withdrawing.erase_all(actor=ACTOR, now=clock.now())


@app.task(name="reporting.look_at_unit", retry=jobs.AGAIN)
def look_at_unit(unit_id: int, period: str) -> None:
    """Look at the reports of one unit for one day, of which one was corrected."""
    day = date.fromisoformat(period)
    noticing.look(
        actor=ACTOR, now=clock.now(), since=day, until=day + timedelta(days=1), unit_id=unit_id
    )
