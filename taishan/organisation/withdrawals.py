"""Withdrawing the tokens of an account: written with what withdraws its rights, known in memory by
whoever reads tokens."""

from __future__ import annotations

import time
from datetime import timedelta

from django.db.models import QuerySet
from django.utils import timezone

from taishan.organisation import tokens
from taishan.organisation.models import Account, Withdrawal
from taishan.organisation.tokens import Bearer

AGAIN_S = 2.0
"""How long what is in memory is trusted."""
WINDOW = timedelta(hours=1)
"""How far back is looked: the life of a token, and the longest transaction."""


def withdraw(accounts: QuerySet[Account]) -> None:
    """Make the tokens given to the accounts so far worthless, once the transaction is committed."""
    at = timezone.now()
    ids = accounts.values_list("pk", flat=True)
    Withdrawal.objects.bulk_create([Withdrawal(account_id=pk, at=at) for pk in ids])


class Withdrawn:
    """Whose tokens are worthless, in memory.

    A withdrawal shows when its transaction is committed, not when it was written; so a token counts
    as withdrawn if it was given before we saw that, and a process that has just begun sees all
    withdrawals of the last hour as new. Whoever is refused without need asks for another token.
    """

    def __init__(self) -> None:
        self._seen: set[int] = set()
        self._before: dict[int, float] = {}
        self._read_at = float("-inf")

    def refresh(self) -> None:
        """Read again what was withdrawn, unless it was read a moment ago. One query at most."""
        if time.monotonic() - self._read_at < AGAIN_S:
            return
        began = time.monotonic()
        rows = Withdrawal.objects.filter(at__gt=timezone.now() - WINDOW)
        found = dict(rows.values_list("pk", "account_id"))
        now = time.time()
        alive = {a: before for a, before in self._before.items() if before > now - tokens.LIFE_S}
        self._before = alive | {a: now for pk, a in found.items() if pk not in self._seen}
        self._seen = set(found)
        self._read_at = began

    def holds(self, bearer: Bearer) -> bool:
        """Tell whether the bearer's token was withdrawn."""
        before = self._before.get(bearer.viewer.account_id)
        return before is not None and bearer.given_at <= before
