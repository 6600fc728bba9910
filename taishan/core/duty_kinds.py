"""The kinds of what is owed: one table, from which lists, reminders and scorecards all read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """``soon``: how long before its hour a duty is due soon. ``ticked``: it is done by saying so;
    any other is discharged by an act of its domain. ``grace``: how long after its hour a lapse
    opens an accountability case; None where lateness alone opens none. ``of_law``: its hour is the
    law's: nobody moves it, and only an act of its domain says that it is owed no longer.
    ``of_domain``: its domain alone gives it more time, passes it
    on or ends it. ``followed``: its domain is told when its hour moves or it is waived.
    """

    code: str
    soon: timedelta = DAY
    ticked: bool = False
    grace: timedelta | None = None
    of_law: bool = False
    of_domain: bool = False
    followed: bool = False


KINDS: Mapping[str, Kind] = {
    kind.code: kind
    for kind in (
        Kind(code="acknowledgement", soon=timedelta(hours=12)),
        Kind(code="directive", soon=2 * DAY, grace=3 * DAY),
        Kind(code="decision", soon=2 * DAY, grace=3 * DAY, ticked=True),
        Kind(code="post_duty", soon=3 * DAY, grace=timedelta(0), ticked=True),
        Kind(code="approval", grace=2 * DAY),
        Kind(code="unit_return", soon=timedelta(hours=3), grace=timedelta(0)),
        Kind(code="explanation", grace=None),
        Kind(code="campaign_return", soon=3 * DAY, followed=True),
        Kind(code="campaign_entry", soon=3 * DAY, followed=True),
        Kind(code="campaign_milestone", soon=7 * DAY),
        Kind(code="hazard_step", soon=timedelta(hours=8), grace=5 * DAY, of_domain=True),
        Kind(code="rectification", soon=2 * DAY, grace=3 * DAY, of_domain=True),
        Kind(code="hazard_telling", soon=timedelta(hours=8), grace=2 * DAY, of_domain=True),
        Kind(code="telling", soon=timedelta(minutes=30), grace=timedelta(hours=1), of_law=True),
        Kind(code="incident_measure", soon=3 * DAY, grace=3 * DAY, ticked=True),
        Kind(code="inspection", soon=DAY, grace=2 * DAY),
        Kind(code="risk_check", soon=timedelta(hours=8)),
        Kind(code="risk_review", soon=7 * DAY),
    )
}
"""By code. The words are in ``duties/words.py``, who is told when in ``core/escalation.py``."""


def get_kind(code: str) -> Kind:
    """Return the kind. Raises KeyError for none."""
    return KINDS[code]
