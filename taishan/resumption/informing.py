"""Telling everybody concerned what became of an application."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from taishan.communications import actions as communications
from taishan.communications.actions import Words
from taishan.communications.channel_models import News
from taishan.core.approvals import Act
from taishan.kit import clock
from taishan.kit.actor import Actor
from taishan.organisation import access
from taishan.organisation import queries as organisation
from taishan.organisation.access import Capability
from taishan.organisation.models import Role
from taishan.resumption import application_words
from taishan.resumption.models import Step, Submission

_TO_THE_LEVELS = (Act.SUSPEND, Act.CONFIRM, Act.UNLOCK)


def tell(actor: Actor, now: datetime, submission: Submission, step: Step) -> None:
    """Tell the applicant's head and officers, and of what is decided anew all levels that had it.

    A level whose turn it is hears of it by the duty that it owes.
    """
    if step.act == Act.FORWARD:
        return
    application = submission.application
    # Roles begin and end with the group's day, as for who signs in.
    leaders, on = (Role.UNIT_HEAD, Role.SAFETY_OFFICER), clock.day_at(now)
    people = organisation.find_holders([application.unit_id], leaders, on)
    if step.act in _TO_THE_LEVELS:
        deciders = access.roles_with(Capability.APPROVE)
        people |= organisation.find_holders(submission.line[: step.level + 1], deciders, on)
    if not people:
        return
    code = application.unit.code
    title_en, title_zh = application_words.TOLD[Act(step.act)]
    text_en, text_zh = application_words.why_in_both(step)
    communications.send(
        actor=actor, now=now, unit_id=submission.line[min(step.level, len(submission.line) - 1)],
        person_ids=people, about=("application", f"{application.pk}:{step.number}"),
        address=reverse("resumption:application", args=[application.pk]),
        news=News.URGENT if step.act == Act.SUSPEND else News.DUTY,
        words=Words(
            title_en=title_en % code, title_zh=title_zh % code, text_en=text_en, text_zh=text_zh
        ),
    )  # fmt: skip
