"""What is done when regulations were recorded."""

from procrastinate.contrib.django import app

from taishan.kit import clock, jobs
from taishan.kit.actor import Actor
from taishan.regulations import citing

ACTOR = Actor(label="Taishan", door="job")


@app.task(name="regulations.ask_again", retry=jobs.AGAIN)
def ask_again() -> None:
    """Ask anew for acknowledgement where a directive cites what reads otherwise now."""
    citing.ask_again(actor=ACTOR, now=clock.now())
