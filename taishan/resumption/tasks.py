"""What resumption does without anybody asking."""

from procrastinate.contrib.django import app

from taishan.kit import clock, jobs
from taishan.kit.actor import Actor
from taishan.resumption import actions, deciding

ACTOR = Actor(label="Taishan", door="job")


def _keep_up(unit_ids: list[int] | None = None) -> None:
    """Suspend what the facts hold no more, then keep the verdicts that follow from it."""
    deciding.follow(actor=ACTOR, now=clock.now(), unit_ids=unit_ids)
    actions.record_verdicts(actor=ACTOR, now=clock.now(), unit_ids=unit_ids)


@app.task(name="resumption.record_verdict", retry=jobs.AGAIN)
def record_verdict(unit_id: int) -> None:
    """Keep one unit's verdict of today where it changed."""
    _keep_up([unit_id])


@app.task(name="resumption.record_verdicts", retry=jobs.AGAIN)
def record_verdicts() -> None:
    """Keep every unit's verdict of today where it changed."""
    _keep_up()


# A verdict changes by itself at midnight, which is any quarter of an hour somewhere, and the
# domain's clock may be moved; a look that finds nothing new writes nothing. So: often, and for
# all, which also makes up for midnights at which no worker ran.
@app.periodic(cron="*/5 * * * *")
@app.task(name="resumption.follow_clock")
def follow_clock(timestamp: int) -> None:  # noqa: ARG001 - the tick, in real time
    """Keep what changed by itself because a new day began."""
    _keep_up()
