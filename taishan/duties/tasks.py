"""What duties do without anybody asking."""

from __future__ import annotations

from procrastinate.contrib.django import app

from taishan.duties import actions, escalating
from taishan.kit import clock, jobs
from taishan.kit.actor import Actor

ACTOR = Actor(label="Taishan", door="job")


@app.periodic(cron="* * * * *")
@app.task(name="duties.escalate", retry=jobs.AGAIN)
def escalate(timestamp: int) -> None:  # noqa: ARG001 - the tick, in real time
    """Write down what lapsed, then tell of what is owed, until nothing is left to tell."""
    now = clock.now()
    while actions.settle(actor=ACTOR, now=now):
        pass
    while escalating.look(actor=ACTOR, now=now):
        pass
