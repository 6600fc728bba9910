"""What duties do without anybody asking."""

from __future__ import annotations

from procrastinate.contrib.django import app

from taishan.duties import actions, escalating, leaving, opening
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


@app.periodic(cron="*/10 * * * *")
@app.task(name="duties.open_occurrences", retry=jobs.AGAIN)
def open_occurrences(timestamp: int) -> None:  # noqa: ARG001 - the tick, in real time
    """Open what posts owe from today on."""
    opening.open_occurrences(actor=ACTOR, now=clock.now())


@app.periodic(cron="37 * * * *")
@app.task(name="duties.pass_on_all", retry=jobs.AGAIN)
def pass_on_all(timestamp: int) -> None:  # noqa: ARG001 - as above
    """Pass on what people owe who left by now; who leaves on a later day is found by this alone."""
    leaving.pass_on(actor=ACTOR, now=clock.now(), on=clock.today())


@app.task(name="duties.pass_on", retry=jobs.AGAIN)
def pass_on(person_id: int) -> None:
    """Pass on what somebody owes who has just left a unit."""
    leaving.pass_on(actor=ACTOR, now=clock.now(), on=clock.today(), person_id=person_id)
