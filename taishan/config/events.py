"""Which news sets off which jobs: the one way by which a lower app reaches a higher one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.tasks import Task

from taishan.communications import escalation_tasks as escalations
from taishan.duties import tasks as duties
from taishan.kit import jobs, outbox
from taishan.learning import tasks as learning
from taishan.regulations import tasks as regulations
from taishan.reporting import tasks as reporting
from taishan.resumption import tasks as resumption
from taishan.safety import campaign_tasks as campaigns
from taishan.safety import inspection_tasks as inspections


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """A job, and what of the news it is told."""

    job: Task[..., Any, ...]
    told: tuple[str, ...] = ()


_OF_UNIT = Subscription(job=resumption.record_verdict, told=("unit_id",))
_OF_REPORTS = Subscription(job=reporting.look_at_unit, told=("unit_id", "period"))
_OF_LEAVER = Subscription(job=duties.pass_on, told=("person_id",))
_OF_GROUP = Subscription(job=resumption.record_verdicts)

EVENTS: dict[str, tuple[Subscription, ...]] = {
    "application.changed": (_OF_UNIT,),
    "case.moved": (Subscription(job=escalations.tell_of_case, told=("case", "what")),),
    "condition.attested": (_OF_UNIT,),
    "condition.refuted": (_OF_UNIT,),
    "correction.accepted": (_OF_REPORTS,),
    "duties.escalated": (Subscription(job=escalations.tell_escalations, told=("round",)),),
    "duty.moved": (Subscription(job=campaigns.follow_duty, told=("unit_id", "duty_id")),),
    "hazard.moved": (Subscription(job=campaigns.follow_hazard, told=("hazard",)),),
    "person.left": (_OF_LEAVER,),
    "person.transferred": (_OF_LEAVER,),
    "inspection.recorded": (Subscription(job=inspections.fulfil_posts, told=("inspection_id",)),),
    "meeting.confirmed": (Subscription(job=learning.fulfil_posts, told=("meeting_id",)),),
    "regulations.imported": (_OF_GROUP, Subscription(job=regulations.ask_again)),
    "unit.opened": (_OF_GROUP,),
    "unit.changed": (_OF_GROUP,),
    "unit.moved": (_OF_GROUP,),
    "unit.closed": (_OF_GROUP,),
    "unit.split": (_OF_GROUP,),
    "units.merged": (_OF_GROUP,),
    "work.stopped": (_OF_GROUP,),
    "work.resumed": (_OF_GROUP,),
}
"""A unit's change may change the verdicts of those below it, by the rules of units above them."""


@app.task(name=outbox.DELIVER, retry=jobs.AGAIN)
@transaction.atomic
def deliver(kind: str, about: dict[str, str | int]) -> None:
    """Set off the jobs of one piece of news, each once though it wait already."""
    for subscription in EVENTS[kind]:
        name, told = subscription.job.name, {key: about[key] for key in subscription.told}
        if not jobs.is_waiting(name, **told):
            jobs.defer(name, **told)
