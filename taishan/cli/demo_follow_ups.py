"""The demo's follow-ups: somebody on day 9 of 14 of quarantine, and somebody told what to do.

Everybody else whose report gives cause waits for their own safety officer.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from taishan.kit.actor import Actor

if TYPE_CHECKING:
    from taishan.core.followup import Act
    from taishan.reporting.follow_up_models import FollowUp

APART, TOLD = "M15-05", "M15-06"
ANSWERS: dict[str, dict[str, Any]] = {
    APART: {
        "contact_14_days": "yes", "contact_details": "2月3日与确诊病例同乘一车",
        "quarantine_status": "designated_place", "work_ability": "unable",
    },
    TOLD: {
        "health_status": "unwell", "symptoms": ["cough"], "work_ability": "remote",
    },
}  # fmt: skip
"""What the two say each day, besides what everybody says."""
NOT_CHECKED = date(2020, 2, 10)


def see_to(actor: Actor, now: datetime, day: date) -> None:
    """Notice who gave cause on the day; order, tell and check as the officer did on it."""
    from taishan.core.followup import Act, State
    from taishan.reporting import following, noticing
    from taishan.reporting.follow_up_models import FollowUp
    from taishan.reporting.following import Details

    noticing.look(actor=actor, now=now, since=day, until=day + timedelta(days=1))
    for one in FollowUp.objects.filter(person__staff_no=APART):
        if one.state == State.OPENED:
            _take(
                actor,
                now,
                one,
                Act.ORDER,
                Details(
                    given_by="街道办事处",
                    manner="written",
                    place="单位宿舍3号楼302",
                    starts=date(2020, 2, 4),
                    ends=date(2020, 2, 18),
                ),
            )
            noticing.look(actor=actor, now=now, since=day, until=day + timedelta(days=1))
        if day != NOT_CHECKED:
            following.record_check(
                actor=actor,
                now=now,
                follow_up_id=one.pk,
                temperature_c=Decimal("36.5"),
                text="无不适",
            )
    for one in FollowUp.objects.filter(person__staff_no=TOLD, state=State.OPENED):
        _take(
            actor,
            now,
            one,
            Act.INSTRUCT,
            Details(text="在家休息，每日上午、下午各测一次体温", given_by="陈静", manner="verbal"),
        )


def _take(actor: Actor, now: datetime, one: FollowUp, act: Act, said: Any) -> None:
    from taishan.reporting import following

    following.take_step(
        actor=actor, now=now, follow_up_id=one.pk, act=act, seen=one.steps_taken, details=said
    )
