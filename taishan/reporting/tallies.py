"""Tallies: what a report adds to the counters, by a number that many reports share."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from django.db import transaction

from taishan.core import situation
from taishan.reporting.models import Indicator, Tally

Indicators = Mapping[str, int | float]
Content = tuple[tuple[str, int | float], ...]

_KEPT = 100_000
_known: dict[Content, int] = {}
"""Numbers that are committed: one found in a transaction that is undone would mean nothing."""

RECEIVED_ID = 1
RECEIVED_ON_TIME_ID = 2
"""As the migrations number them."""


def content(indicators: Indicators) -> Content:
    """Return the indicators as what a tally is known by; a form names them in one order."""
    return tuple(indicators.items())


def number(contents: Iterable[Content]) -> dict[Content, int]:
    """Return the number of each tally by its content; those that are new are recorded."""
    wanted = set(contents)
    numbers = {one: _known[one] for one in wanted if one in _known}
    missing = sorted(wanted - numbers.keys(), key=digest)
    if missing:
        fresh = _record(missing)
        transaction.on_commit(lambda: _remember(fresh))
        numbers |= fresh
    return numbers


def digest(of: Content) -> UUID:
    """Return a short name of the content, the same in every process."""
    return UUID(bytes=hashlib.sha256(json.dumps(of, ensure_ascii=False).encode()).digest()[:16])


def _record(missing: Sequence[Content]) -> dict[Content, int]:
    """Two workers may find the same tally new: both insert in one order, and the second waits."""
    ids = _indicator_ids({name for one in missing for name, _amount in one})
    rows = {
        digest(one): Tally(
            digest=digest(one),
            indicators=[ids[name] for name, _amount in one],
            amounts=[situation.exact(amount) for _name, amount in one],
        )
        for one in missing
    }
    Tally.objects.bulk_create(rows.values(), ignore_conflicts=True)
    recorded = Tally.objects.filter(digest__in=list(rows)).values_list("digest", "pk")
    of_digest = dict(zip(rows, missing, strict=True))
    return {of_digest[key]: pk for key, pk in recorded}


def _indicator_ids(names: set[str]) -> dict[str, int]:
    found = Indicator.objects.filter(name__in=names)
    ids = dict(found.values_list("name", "pk"))
    if missing := sorted(names - ids.keys()):
        Indicator.objects.bulk_create(
            [Indicator(name=name) for name in missing], ignore_conflicts=True
        )
        ids = dict(found.all().values_list("name", "pk"))
    return ids


def _remember(fresh: Mapping[Content, int]) -> None:
    if len(_known) + len(fresh) > _KEPT:
        _known.clear()
    _known.update(fresh)
