"""What the worker does for safety without anybody asking."""

from __future__ import annotations

from procrastinate.contrib.django import app

from taishan.kit import clock, jobs
from taishan.kit.actor import Actor
from taishan.safety import hazard_thumbnails, incident_people

ACTOR = Actor(label="Taishan", door="job")


@app.periodic(cron="41 * * * *")
@app.task(name="safety.erase_injured", retry=jobs.AGAIN)
def erase_injured(timestamp: int) -> None:  # noqa: ARG001 - given by the schedule
    """Erase who was hurt past the years for which it is kept.

    Every hour, since a worker may not run at each of them.
    """
    incident_people.erase(actor=ACTOR, now=clock.now())


@app.task(name=hazard_thumbnails.TASK, retry=jobs.AGAIN)
def make_thumbnails(act_id: int) -> None:
    """Make the small pictures of the photos that came with a step with a hazard."""
    hazard_thumbnails.make(act_id)
