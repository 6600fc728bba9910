"""Who decides on applications to resume work: the group's rule, from a day on."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.db import transaction

from taishan.kit.actor import Actor
from taishan.ledger import actions as ledger
from taishan.resumption.models import ApprovalRule


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Up to which head count the unit above decides, and within how many days each level does."""

    parent_up_to: int = 0
    days: int = 3


def find_rule(day: date) -> Rule:
    """Return the group's rule of a day; where none was set, headquarters decides on all."""
    row = ApprovalRule.objects.filter(starts__lte=day).order_by("-starts", "-pk").first()
    return Rule(parent_up_to=row.parent_up_to, days=row.days) if row else Rule()


@transaction.atomic
def set_rule(*, actor: Actor, now: datetime, starts: date, rule: Rule) -> ApprovalRule:
    """Let the group decide so from a day on; what lies with a level already goes on as it began."""
    row = ApprovalRule.objects.create(starts=starts, set_at=now, set_by=actor.label, **asdict(rule))
    ledger.record(
        actor=actor, now=now, verb="approval_rule.set", subject=("approval_rule", str(row.pk)),
        data={"starts": str(starts)} | asdict(rule),
    )  # fmt: skip
    return row
