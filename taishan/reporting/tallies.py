"""Tallies: what a report adds to the counters, by a number that many reports share."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from uuid import UUID

from django.db import transaction

from taishan.core import situation
from taishan.reporting.models import Indicator, Tally

_KEPT = 100_000
_known: dict[UUID, int] = {}
"""Numbers that are committed: one found in a transaction that is undone would mean nothing."""

RECEIVED_ID = 1
RECEIVED_ON_TIME_ID = 2
"""As the migrations number them."""

Indicators = Mapping[str, int | float]


def digest(indicators: Indicators) -> UUID:
    """Return what is the same for the same indicators, whatever their order."""
    text = json.dumps(sorted(indicators.items()), ensure_ascii=False)
    return UUID(bytes=hashlib.sha256(text.encode()).digest()[:16])


def number(found: Iterable[Indicators]) -> dict[UUID, int]:
    """Return the number of each tally by its digest; those that are new are recorded."""
    wanted = {digest(indicators): indicators for indicators in found}
    numbers = {key: _known[key] for key in wanted if key in _known}
    missing = {key: wanted[key] for key in sorted(wanted.keys() - numbers.keys())}
    if missing:
        fresh = _record(missing)
        transaction.on_commit(lambda: _remember(fresh))
        numbers |= fresh
    return numbers


def _record(missing: Mapping[UUID, Indicators]) -> dict[UUID, int]:
    """Two workers may find the same tally new: both insert in one order, and the second waits."""
    ids = _indicator_ids({name for one in missing.values() for name in one})
    rows = [
        Tally(
            digest=key,
            indicators=[ids[name] for name in indicators],
            amounts=[situation.exact(amount) for amount in indicators.values()],
        )
        for key, indicators in missing.items()
    ]
    Tally.objects.bulk_create(rows, ignore_conflicts=True)
    return dict(Tally.objects.filter(digest__in=list(missing)).values_list("digest", "pk"))


def _indicator_ids(names: set[str]) -> dict[str, int]:
    found = Indicator.objects.filter(name__in=names)
    ids = dict(found.values_list("name", "pk"))
    if missing := sorted(names - ids.keys()):
        Indicator.objects.bulk_create(
            [Indicator(name=name) for name in missing], ignore_conflicts=True
        )
        ids = dict(found.all().values_list("name", "pk"))
    return ids


def _remember(fresh: Mapping[UUID, int]) -> None:
    if len(_known) + len(fresh) > _KEPT:
        _known.clear()
    _known.update(fresh)
