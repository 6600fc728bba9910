"""What inspections do without anybody asking."""

from __future__ import annotations

from procrastinate.contrib.django import app

from taishan.kit import clock, jobs
from taishan.kit.actor import Actor
from taishan.safety import inspection_due

ACTOR = Actor(label="Taishan", door="job")


@app.periodic(cron="*/10 * * * *")
@app.task(name="safety.open_inspections", retry=jobs.AGAIN)
def open_inspections(timestamp: int) -> None:  # noqa: ARG001 - the tick, in real time
    """Open what is to be inspected from today on."""
    inspection_due.open_occurrences(actor=ACTOR, now=clock.now())
