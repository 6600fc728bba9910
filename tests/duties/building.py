"""Duties for tests, owed by the cast's units."""

from __future__ import annotations

from datetime import datetime, timedelta

from taishan.duties import actions
from taishan.duties.actions import Owed
from taishan.duties.models import Duty
from taishan.organisation.models import Unit
from tests.people import ACTOR, NOW

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def owed(unit: str = "W1", **more: object) -> Owed:
    """What a unit owes headquarters by 17:00, but for what is given."""
    values: dict[str, object] = {
        "unit_id": Unit.objects.get(code=unit).pk,
        "creditor_id": Unit.objects.get(code="HQ").pk,
        "kind": "directive",
        "subject": ("directive", "1"),
        "what_en": "Have masks for ten days",
        "what_zh": "备足十天口罩",
        "due_at": NOW + 9 * HOUR,
    }
    return Owed(**values | more)  # type: ignore[arg-type]


def assign(unit: str = "W1", now: datetime = NOW, **more: object) -> Duty:
    (duty,) = actions.assign(actor=ACTOR, now=now, owed=[owed(unit, **more)])
    return duty
