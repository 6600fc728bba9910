"""What units have done in a campaign: one row a unit, which every act keeps right.

A unit's row is also the lock under which its lists change: two acts at once come one after the
other, and lines are numbered without a gap.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import connection
from django.db.models import F, Q

from taishan.core.campaigns import Stand
from taishan.core.duties import State
from taishan.duties.models import Duty
from taishan.safety.campaign_models import CampaignEntry, CampaignSum

AMOUNTS = (
    "problems", "problems_waiting", "problems_closed", "problems_on_time",
    "measures", "measures_waiting", "measures_closed", "measures_on_time",
    "returns_owed", "returns_on_time", "returns_late",
)  # fmt: skip
_NAMES = ", ".join(AMOUNTS)
_ZEROS = ", ".join("0" for _name in AMOUNTS)
_LISTS = ", ".join(
    f"(count(*) FILTER (WHERE of = '{of}' AND {condition}))::int AS {of}{suffix}"
    for of in CampaignEntry.Of.values
    for suffix, condition in (
        ("", f"stand <> '{Stand.WITHDRAWN}'"),
        ("_waiting", f"stand = '{Stand.DONE}'"),
        ("_closed", f"stand = '{Stand.CLOSED}'"),
        ("_on_time", f"stand = '{Stand.CLOSED}' AND done_at < due_at"),
    )
)
_COUNTED = f"""
WITH lists AS (
  SELECT campaign_id, unit_id, {_LISTS}, max(moved_at) AS moved_at
  FROM safety_campaignentry GROUP BY 1, 2
), given AS (
  SELECT campaign_id, unit_id, (count(*) FILTER (WHERE is_on_time))::int AS returns_on_time,
    (count(*) FILTER (WHERE NOT is_on_time))::int AS returns_late
  FROM safety_campaignreturn GROUP BY 1, 2
), owed AS (
  SELECT split_part(subject_id, ':', 1)::bigint AS campaign_id, unit_id,
    count(*)::int AS returns_owed
  FROM duties_duty WHERE subject_kind = 'campaign_return' AND ended IS DISTINCT FROM 'waived'
  GROUP BY 1, 2
), counted AS (
  SELECT campaign_id, unit_id, {", ".join(f"COALESCE({name}, 0) AS {name}" for name in AMOUNTS)},
    moved_at
  FROM lists FULL JOIN given USING (campaign_id, unit_id)
    FULL JOIN owed USING (campaign_id, unit_id)
)
"""  # noqa: S608 - of names and numbers
_VALUES = f"{_NAMES}, moved_at"
_COMPARE = f"""{_COUNTED}, kept AS (
  SELECT * FROM safety_campaignsum WHERE ({_NAMES}) IS DISTINCT FROM ({_ZEROS})
    OR moved_at IS NOT NULL
)
SELECT campaign_id, unit_id, {", ".join(f"counted.{name}" for name in AMOUNTS)},
  {", ".join(f"kept.{name}" for name in AMOUNTS)}
FROM counted FULL JOIN kept USING (campaign_id, unit_id)
WHERE ({", ".join(f"counted.{name}" for name in (*AMOUNTS, "moved_at"))})
  IS DISTINCT FROM ({", ".join(f"kept.{name}" for name in (*AMOUNTS, "moved_at"))})
ORDER BY campaign_id, unit_id
"""  # noqa: S608 - of names
_REFILL = f"""{_COUNTED}
INSERT INTO safety_campaignsum (campaign_id, unit_id, {_VALUES})
SELECT campaign_id, unit_id, {_VALUES} FROM counted
"""  # noqa: S608 - of names
_BEGIN = f"""
INSERT INTO safety_campaignsum (campaign_id, unit_id, {_NAMES})
SELECT %s, unit_id, {_ZEROS} FROM unnest(%s::bigint[]) AS of_units (unit_id) ORDER BY unit_id
ON CONFLICT (campaign_id, unit_id) DO NOTHING
"""  # noqa: S608 - of names


def lock(campaign_id: int, unit_id: int) -> CampaignSum:
    """Return a unit's sums, and let nobody else change its lists in this transaction."""
    _begin(campaign_id, [unit_id])
    return CampaignSum.objects.select_for_update().get(campaign_id=campaign_id, unit_id=unit_id)


def add(sums: CampaignSum, amounts: Mapping[str, int], moved_at: datetime | None = None) -> None:
    """Add to a unit's locked sums; ``moved_at``: its lists moved at an instant."""
    changes: dict[str, object] = {name: F(name) + amount for name, amount in amounts.items()}
    if moved_at is not None:
        changes["moved_at"] = moved_at
    CampaignSum.objects.filter(pk=sums.pk).update(**changes)


def amounts_of(entry: CampaignEntry) -> dict[str, int]:
    """Return what one line adds to the sums of its unit, as it stands."""
    if entry.stand == Stand.WITHDRAWN:
        return {}
    amounts = {entry.of: 1}
    if entry.stand == Stand.DONE:
        amounts[f"{entry.of}_waiting"] = 1
    if entry.stand == Stand.CLOSED:
        amounts[f"{entry.of}_closed"] = 1
        is_in_time = entry.done_at is not None and entry.done_at < entry.due_at
        amounts[f"{entry.of}_on_time"] = int(is_in_time)
    return amounts


def shift(
    sums: CampaignSum, before: dict[str, int], after: dict[str, int], moved_at: datetime | None
) -> None:
    """Let a unit's locked sums follow a line: what it added before, and adds now. ``moved_at``:
    when it moved; None where it did not.
    """
    amounts = {
        name: change for name in before.keys() | after.keys()
        if (change := after.get(name, 0) - before.get(name, 0))
    }  # fmt: skip
    if amounts or moved_at is not None:
        add(sums, amounts, moved_at)


def count_owed(campaign_id: int, unit_ids: Iterable[int]) -> None:
    """Count one more return as owed by each of the units. Two statements."""
    ids = list(unit_ids)
    _begin(campaign_id, ids)
    rows = CampaignSum.objects.filter(campaign_id=campaign_id, unit_id__in=ids)
    rows.update(returns_owed=F("returns_owed") + 1)


def recount_owed(campaign_id: int, unit_id: int) -> None:
    """Count anew how many returns a unit owes, or owed, and is not excused from."""
    sums = lock(campaign_id, unit_id)
    of_unit = Duty.objects.filter(
        unit_id=unit_id, subject_kind="campaign_return", subject_id__startswith=f"{campaign_id}:"
    )
    owed = of_unit.filter(Q(ended=None) | ~Q(ended=State.WAIVED)).count()
    CampaignSum.objects.filter(pk=sums.pk).update(returns_owed=owed)


def _begin(campaign_id: int, unit_ids: list[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_BEGIN, [campaign_id, unit_ids])


def find_differences() -> list[tuple[object, ...]]:
    """Return where a full recount differs from the sums: its key, what is right, what is kept.

    Reads every entry and every return.
    """
    with connection.cursor() as cursor:
        cursor.execute(_COMPARE)
        return list(cursor.fetchall())


def recount() -> None:
    """Make all sums anew from the lists and the returns; nobody changes any meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE safety_campaignsum IN SHARE ROW EXCLUSIVE MODE")
        cursor.execute("DELETE FROM safety_campaignsum")
        cursor.execute(_REFILL)
