"""What hazards make owed: to grade, to assign, to accept, to put right, to verify, to close."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.urls import reverse

from taishan.core.hazards import ENDED, Act, State
from taishan.duties import actions as duties
from taishan.duties import queries as owed_queries
from taishan.duties.actions import Owed
from taishan.duties.models import Duty
from taishan.kit.actor import Actor
from taishan.safety.hazard_models import Hazard

STEP, RECTIFICATION = "hazard_step", "rectification"
HOUR = timedelta(hours=1)
AT_ONCE = 2 * HOUR
TIME: dict[State, timedelta] = {
    State.FOUND: 24 * HOUR,
    State.GRADED: 48 * HOUR,
    State.ASSIGNED: 24 * HOUR,
    State.SUBMITTED: 72 * HOUR,
    State.VERIFIED: 168 * HOUR,
}
"""How long whoever acts next has for it; a danger to life is graded within ``AT_ONCE``."""
ANSWERED_BY: dict[State, frozenset[Act]] = {
    State.FOUND: frozenset({Act.GRADE, Act.DISMISS, Act.MERGE}),
    State.GRADED: frozenset({Act.ASSIGN, Act.MERGE}),
    State.ASSIGNED: frozenset({Act.ACCEPT, Act.RETURN}),
    State.RECTIFYING: frozenset({Act.SUBMIT}),
    State.SUBMITTED: frozenset({Act.VERIFY, Act.RETURN}),
    State.VERIFIED: frozenset({Act.CLOSE, Act.RETURN}),
}
"""By which steps what a state waits for is done; by any other it is asked for no longer."""
WORDS: dict[State, tuple[str, str]] = {
    State.FOUND: ("Grade hazard %d: %s", "对隐患 %d 定级：%s"),
    State.GRADED: ("Assign hazard %d: %s", "落实隐患 %d 的整改责任：%s"),
    State.ASSIGNED: ("Accept the rectification of hazard %d: %s", "接受隐患 %d 的整改任务：%s"),
    State.RECTIFYING: ("Put hazard %d right: %s", "整改隐患 %d：%s"),
    State.SUBMITTED: ("Verify that hazard %d is put right: %s", "验收隐患 %d 的整改：%s"),
    State.VERIFIED: ("Close major hazard %d: %s", "对重大隐患 %d 销号：%s"),
}


Asked = tuple[Actor, datetime, Hazard, int, Act]
"""Who acted when, with which hazard, the number of that step, and the step."""


def ask_each(asked: Iterable[Asked]) -> None:
    """Open what is owed next, by whoever acts next. As many statements for many as for one."""
    duties.assign_each(
        (actor, now, _owed(now, hazard, number, act))
        for actor, now, hazard, number, act in asked if hazard.state not in ENDED
    )  # fmt: skip


def _owed(now: datetime, hazard: Hazard, number: int, act: Act) -> Owed:
    state = State(hazard.state)
    is_of_post = state in {State.ASSIGNED, State.RECTIFYING}
    english, chinese = WORDS[state]
    summary = hazard.text.replace("\n", " ")[:200]
    return Owed(
        unit_id=_debtor(hazard), post_id=hazard.post_id if is_of_post else None,
        creditor_id=hazard.lister_id or hazard.unit_id,
        kind=RECTIFICATION if state is State.RECTIFYING else STEP,
        subject=("hazard", f"{hazard.pk}:{number}"),
        what_en=english % (hazard.pk, summary), what_zh=chinese % (hazard.pk, summary),
        address=reverse("hazards:hazard", args=[hazard.pk]), due_at=_due_at(hazard, now, act),
    )  # fmt: skip


def _debtor(hazard: Hazard) -> int:
    if hazard.state == State.VERIFIED and hazard.lister_id:
        return hazard.lister_id
    if hazard.state in {State.ASSIGNED, State.RECTIFYING} and hazard.post:
        return hazard.post.unit_id
    return hazard.unit_id


def _due_at(hazard: Hazard, now: datetime, act: Act) -> datetime:
    a_day, hour = now + TIME[State.ASSIGNED], hazard.due_at or now
    if hazard.state == State.ASSIGNED:
        return max(now, min(a_day, hour))
    if hazard.state == State.RECTIFYING:
        # What came back, or was accepted after its hour, has a day for what is still missing.
        return max(hour, a_day) if act is Act.RETURN or hour <= now else hour
    is_acute = hazard.looks == Hazard.Looks.ACUTE and hazard.state == State.FOUND
    return now + (AT_ONCE if is_acute else TIME[State(hazard.state)])


def follow(
    actor: Actor, now: datetime, hazard: Hazard, number: int, act: Act, before: State, why: str
) -> None:
    """Let what is owed follow a step: what was waited for is done, what comes next is owed."""
    for duty in _find_open(hazard, number):
        if act is Act.EXTEND:
            due_at = _due_at(hazard, now, act)
            if due_at > duty.due_at:  # It may have had that day already.
                duties.extend(actor=actor, now=now, duty=duty, due_at=due_at, reason=why)
        elif act in ANSWERED_BY[before]:
            duties.discharge(actor=actor, now=now, duty=duty)
        else:
            duties.waive(actor=actor, now=now, duty=duty, reason=why or act.value)
    if act is not Act.EXTEND:
        ask_each([(actor, now, hazard, number, act)])


def _find_open(hazard: Hazard, number: int) -> list[Duty]:
    ids = [f"{hazard.pk}:{step}" for step in range(1, number + 1)]
    return list(owed_queries.find_open_about("hazard", ids))
