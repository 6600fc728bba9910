"""Telling people what escalation and accountability cases have for them."""

from __future__ import annotations

from procrastinate.contrib.django import app

from taishan.communications import case_notices, escalations
from taishan.kit import clock, jobs
from taishan.kit.actor import Actor

ACTOR = Actor(label="Taishan", door="job")


@app.task(name="communications.tell_escalations", retry=jobs.AGAIN)
def tell_escalations(round: str) -> None:  # noqa: A002 - the word of the news
    """Tell each person once what a pass found for them."""
    escalations.tell(actor=ACTOR, now=clock.now(), round_id=round)


@app.task(name="communications.tell_of_case", retry=jobs.AGAIN)
def tell_of_case(case: int, what: str) -> None:
    """Tell those whom it concerns what happened in a case."""
    case_notices.tell(actor=ACTOR, now=clock.now(), case_id=case, what=what)
