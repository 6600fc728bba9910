"""What resumption does without anybody asking."""

from procrastinate.contrib.django import app

from taishan.kit import clock, jobs
from taishan.kit.actor import Actor
from taishan.resumption import actions

ACTOR = Actor(label="Taishan", door="job")


@app.task(name="resumption.record_verdict", retry=jobs.AGAIN)
def record_verdict(unit_id: int) -> None:
    """Keep one unit's verdict of today where it changed."""
    actions.record_verdicts(actor=ACTOR, now=clock.now(), unit_ids=[unit_id])


@app.task(name="resumption.record_verdicts", retry=jobs.AGAIN)
def record_verdicts() -> None:
    """Keep every unit's verdict of today where it changed."""
    actions.record_verdicts(actor=ACTOR, now=clock.now())


# A verdict changes by itself at midnight, which is any quarter of an hour somewhere, and the
# domain's clock may be moved; a look that finds nothing new writes nothing. So: often, and for
# all, which also makes up for midnights at which no worker ran.
@app.periodic(cron="*/5 * * * *")
@app.task(name="resumption.follow_clock")
def follow_clock(timestamp: int) -> None:  # noqa: ARG001 - the tick, in real time
    """Keep what changed by itself because a new day began."""
    actions.record_verdicts(actor=ACTOR, now=clock.now())
