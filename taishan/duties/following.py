"""News for the domains that keep something of their own by their duties."""

from __future__ import annotations

from collections.abc import Iterable

from taishan.core import duty_kinds
from taishan.duties.models import Duty
from taishan.kit import outbox


def publish_moved(rows: Iterable[Duty]) -> None:
    """Tell of duties that got another hour or are asked for no longer, of kinds that are followed;
    in the transaction that moved them.
    """
    for duty in rows:
        if duty_kinds.get_kind(duty.kind).followed:
            outbox.publish("duty.moved", unit_id=duty.unit_id, duty_id=str(duty.id))
