"""What the tests of escalation and of cases share."""

from __future__ import annotations

from datetime import datetime

from taishan.duties import actions, escalating
from taishan.kit.actor import Actor

JOB = Actor(label="Taishan", door="job")


def work(now: datetime) -> int:
    """Do what the worker does at an instant; return how many duties it looked at."""
    while actions.settle(actor=JOB, now=now):
        pass
    looked = 0
    while found := escalating.look(actor=JOB, now=now):
        looked += found
    return looked
