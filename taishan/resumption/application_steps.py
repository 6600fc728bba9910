"""The steps of an application: one after the other, each after the one that was seen."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from taishan.core import approvals as core
from taishan.core.approvals import TRANSITIONS, Act, State
from taishan.duties import actions as duties
from taishan.duties.actions import Owed
from taishan.kit.actor import Actor
from taishan.ledger import actions as ledger
from taishan.resumption import application_words
from taishan.resumption.models import Application, Step, Submission


class ApplicationRefused(ValueError):
    """The act cannot be; the message says why."""


def state_of(last: Step | None) -> State:
    """Return where an application stands by its last step; what the facts say comes on top."""
    return State.DRAFT if last is None else core.AFTER[Act(last.act)]


def find_last(application: Application) -> Step | None:
    """Return what happened to it last."""
    return application.steps.select_related("by__person").order_by("-number").first()


def lock(application: Application) -> Step | None:
    """Let acts on one application come one after the other; return its last step."""
    Application.objects.select_for_update(no_key=True).get(pk=application.pk)
    return find_last(application)


def lock_for(application: Application, seen: int, act: Act) -> Step | None:
    """Lock; return the last step, after which ``act`` may come.

    Raises ApplicationRefused where it is no longer the step that was seen: somebody came first, and
    the message says who.
    """
    last = lock(application)
    if last is not None and last.number != seen:
        raise ApplicationRefused(application_words.done_meanwhile(last))
    if (state_of(last), act) not in TRANSITIONS:
        raise ApplicationRefused(_("Nothing of that kind can be done with it now."))
    return last


def add(
    actor: Actor, now: datetime, application: Application, last: Step | None, act: Act, *,
    level: int, of_round: int | None = None, reason: str = "", **more: Any,
) -> Step:  # fmt: skip
    """Record a step after the last one, in its round unless another is given."""
    number = last.round if last and of_round is None else of_round or 1
    return Step.objects.create(
        application=application, number=last.number + 1 if last else 1, act=act, round=number,
        level=level, reason=reason.strip(), by_id=actor.account_id, at=now, **more,
    )  # fmt: skip


def owe(actor: Actor, now: datetime, submission: Submission, step: Step) -> None:
    """Let the level whose turn it is owe its decision, or its new look after a suspension."""
    application = submission.application
    is_again = step.act == Act.SUSPEND
    code = application.unit.code
    english, chinese = application_words.OWED_AGAIN if is_again else application_words.OWED
    owed = Owed(
        unit_id=submission.line[step.level], creditor_id=application.unit_id, kind="approval",
        subject=duty_of(step), what_en=english % code, what_zh=chinese % code,
        address=reverse("resumption:application", args=[application.pk]),
        due_at=now + timedelta(days=submission.days),
    )  # fmt: skip
    duties.assign(actor=actor, now=now, owed=[owed])


def duty_of(step: Step) -> tuple[str, str]:
    """Return the subject of the duty that a step opens: the decision of a level in a round."""
    name = f"{step.application_id}:{step.round}:{step.level}"
    return "application", f"{name}:again:{step.number}" if step.act == Act.SUSPEND else name


def record(
    actor: Actor, now: datetime, application: Application, what: str, data: dict[str, Any]
) -> None:
    """Write what was done to the ledger."""
    ledger.record(
        actor=actor, now=now, verb=f"application.{what}",
        subject=("application", str(application.pk)), unit_id=application.unit_id, data=data,
    )  # fmt: skip
