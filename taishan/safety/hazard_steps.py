"""The steps that a page or another system may take with a hazard, each under a noun of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from taishan.core import hazards as core
from taishan.core.hazards import Act, Bar, Plan, Position, State
from taishan.kit import clock
from taishan.organisation import queries as organisation
from taishan.organisation.access import Viewer
from taishan.organisation.models import Post
from taishan.safety import hazard_queries, hazards
from taishan.safety.hazard_models import Hazard
from taishan.safety.hazards import HazardRefused


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """``noun``: its address; ``title``: what the page calls it; ``do``: the action behind it."""

    noun: str
    act: Act
    title: str | Promise
    button: str | Promise
    do: Callable[..., Hazard]


def _assign(*, viewer: Viewer, now: datetime, hazard: Hazard, **given: Any) -> Hazard:
    post: Post | None = given.pop("post", None)
    plan = Plan(post_id=post.pk if post else None, **given)
    return hazards.assign(viewer=viewer, now=now, hazard=hazard, plan=plan)


STEPS: Mapping[str, Step] = {
    step.noun: step
    for step in (
        Step(
            noun="grading", act=Act.GRADE, title=_("Grade it"), button=_("Grade"),
            do=hazards.grade,
        ),
        Step(
            noun="assignment", act=Act.ASSIGN, title=_("Assign it"), button=_("Assign"),
            do=_assign,
        ),
        Step(
            noun="acceptance", act=Act.ACCEPT, title=_("Accept it"), button=_("Accept"),
            do=hazards.accept,
        ),
        Step(
            noun="rectification", act=Act.SUBMIT, title=_("It is put right"),
            button=_("Hand in"), do=hazards.submit,
        ),
        Step(
            noun="verification", act=Act.VERIFY, title=_("Verify it"), button=_("Verified"),
            do=hazards.verify,
        ),
        Step(
            noun="closure", act=Act.CLOSE, title=_("Close it"), button=_("Close"),
            do=hazards.close,
        ),
        Step(
            noun="return", act=Act.RETURN, title=_("Return it"), button=_("Return"),
            do=hazards.give_back,
        ),
        Step(
            noun="extension", act=Act.EXTEND, title=_("Give it more time"), button=_("Extend"),
            do=hazards.extend,
        ),
        Step(
            noun="merger", act=Act.MERGE, title=_("It is the same as another"),
            button=_("Merge"), do=hazards.merge,
        ),
        Step(
            noun="dismissal", act=Act.DISMISS, title=_("It is no hazard"), button=_("Dismiss"),
            do=hazards.dismiss,
        ),
    )
}  # fmt: skip
"""In the order in which a page offers them: what leads on comes before what leads back."""


@transaction.atomic
def take(
    step: Step, *, viewer: Viewer, now: datetime, hazard: Hazard, seen: int | None, **given: Any
) -> Hazard:
    """Take a step with a hazard as it was ``seen``, after that many steps; None for as it is.

    Raises HazardRefused, also where somebody was faster, and CriterionRefused.
    """
    if seen not in (None, hazard.acts.count()):
        raise HazardRefused([Bar.CHANGED])
    taken = step.do(viewer=viewer, now=now, hazard=hazard, **given)
    if seen not in (None, taken.acts.count() - 1):
        raise HazardRefused([Bar.CHANGED])
    return taken


LEADS_ON: Mapping[State, Act] = {
    State.FOUND: Act.GRADE,
    State.GRADED: Act.ASSIGN,
    State.ASSIGNED: Act.ACCEPT,
    State.RECTIFYING: Act.SUBMIT,
    State.SUBMITTED: Act.VERIFY,
    State.VERIFIED: Act.CLOSE,
}
"""The step that each state waits for."""


def find_open(hazard: Hazard, position: Position) -> list[Step]:
    """Return the steps that somebody in this position may take now, what it waits for first."""
    record = hazard_queries.get_record(hazard)
    found = [
        step for step in STEPS.values()
        if not core.find_bars_of_person(step.act, record, position)
    ]  # fmt: skip
    return sorted(found, key=lambda step: not is_awaited(step, hazard))


def is_awaited(step: Step, hazard: Hazard) -> bool:
    return LEADS_ON.get(hazard.record.state) is step.act


def find_bars_to_next(hazard: Hazard, position: Position) -> tuple[Bar, ...]:
    """Return why somebody may not take the step that it waits for; none where they may."""
    record = hazard.record
    return core.find_bars_of_person(LEADS_ON[record.state], record, position)


def find_others(hazard: Hazard) -> QuerySet[Hazard]:
    """Return the open hazards of its unit into which it may be merged."""
    rows = Hazard.objects.filter(unit_id=hazard.unit_id, ended_at=None).exclude(pk=hazard.pk)
    return rows.order_by("-found_at")


def find_posts(hazard: Hazard, now: datetime) -> QuerySet[Post]:
    """Return the posts that may be made responsible: of its unit, and of those above it."""
    line = organisation.get_line(hazard.unit_id)
    there = Q(unit_id__in=line, valid__contains=clock.day_at(now))
    return Post.objects.filter(there).select_related("unit").order_by("unit__code", "code")
