"""What the risk register does without anybody asking."""

from __future__ import annotations

from procrastinate.contrib.django import app

from taishan.kit import clock, jobs
from taishan.kit.actor import Actor
from taishan.safety import risk_checks

ACTOR = Actor(label="Taishan", door="job")


@app.periodic(cron="*/10 * * * *")
@app.task(name="safety.open_checks", retry=jobs.AGAIN)
def open_checks(timestamp: int) -> None:  # noqa: ARG001 - the tick, in real time
    """Open the checks of control measures that begin now."""
    risk_checks.open_checks(actor=ACTOR, now=clock.now())
