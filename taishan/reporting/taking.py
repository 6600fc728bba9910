"""Taking in the bundles of several senders as one batch, each on its own sender's right."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from itertools import chain

from django.db import InterfaceError, OperationalError, connection

from taishan.kit import clock
from taishan.kit.actor import Actor
from taishan.kit.fresh import Fresh
from taishan.organisation.withdrawals import Withdrawn
from taishan.reporting import actions, intake
from taishan.reporting.committing import Bundle, Taken

ACTOR = Actor(label="door of reports", door="api")
_log = logging.getLogger(__name__)


class Unavailable(Exception):
    """The database cannot be reached: nothing of the bundle is known to be stored."""


class TokenWithdrawn(Exception):
    """The sender may not report any more by this token."""


class Failed(Exception):
    """The bundle cannot be taken by a fault of ours, which is logged."""


AGAIN_S, LATEST_S = 1.0, 2.0
"""How long forms and schedules are taken to stand as they were read, and while they are read again
beside the batches."""


class Taker:
    """Takes bundles in, on whichever thread calls."""

    def __init__(self) -> None:
        self._looking = threading.Lock()
        self._withdrawn = Withdrawn()
        self._standing = Fresh(
            lambda: intake.read_standing(clock.now()), again_s=AGAIN_S, latest_s=LATEST_S
        )

    def __call__(self, bundles: Sequence[Bundle]) -> list[Taken | Exception]:
        """Return what became of each bundle's reports, committed; or why it was not taken.

        What one bundle does to the batch by a fault of ours is not done to its neighbours.
        """
        try:
            return self._take(bundles)
        except (OperationalError, InterfaceError):
            _log.exception("a batch of %d bundles was not stored", len(bundles))
            connection.close()
            return [Unavailable() for _bundle in bundles]
        except Exception:  # noqa: BLE001 - logged, and kept from its neighbours
            _log.exception("a batch of %d bundles could not be stored", len(bundles))
            if len(bundles) == 1:
                return [Failed()]
            return [self([bundle])[0] for bundle in bundles]

    def _take(self, bundles: Sequence[Bundle]) -> list[Taken | Exception]:
        with self._looking:
            self._withdrawn.refresh()
        standing = self._standing.get()
        good = [bundle for bundle in bundles if not self._withdrawn.holds(bundle.bearer)]
        found = iter(
            actions.submit_reports(
                actor=ACTOR,
                now=clock.now(),
                standing=standing,
                submissions=list(chain.from_iterable(bundle.submissions for bundle in good)),
            )
        )
        return [
            TokenWithdrawn()
            if self._withdrawn.holds(bundle.bearer)
            else [next(found) for _submission in bundle.submissions]
            for bundle in bundles
        ]
