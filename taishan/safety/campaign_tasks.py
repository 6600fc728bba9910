"""What campaigns do without anybody asking."""

from __future__ import annotations

from uuid import UUID

from procrastinate.contrib.django import app

from taishan.kit import clock, jobs
from taishan.kit.actor import Actor
from taishan.safety import campaign_duties, campaign_hazards, campaign_returns

ACTOR = Actor(label="Taishan", door="job")


@app.periodic(cron="17 * * * *")
@app.task(name="safety.open_campaign_returns", retry=jobs.AGAIN)
def open_returns(timestamp: int) -> None:  # noqa: ARG001 - the tick, in real time
    """Open the returns of the month that is over: a day begins at another hour in each zone."""
    campaign_returns.open_returns(actor=ACTOR, now=clock.now())


@app.task(name="safety.follow_hazard", retry=jobs.AGAIN)
def follow_hazard(hazard: int) -> None:
    """Let the lines of campaigns stand where their hazard stands."""
    campaign_hazards.follow(now=clock.now(), hazard_id=hazard)


@app.task(name="safety.follow_campaign_duty", retry=jobs.AGAIN)
def follow_duty(unit_id: int, duty_id: str) -> None:
    """Let lines and numbers of campaigns follow a duty that was extended or waived."""
    campaign_duties.follow(unit_id=unit_id, duty_id=UUID(duty_id))
