"""What changed from one recorded verdict of a unit to its next, when and why, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest
from typing import Any

from django.utils.translation import gettext as _

from taishan.core.requirements import Demand
from taishan.regulations import words
from taishan.regulations.queries import Library
from taishan.resumption.models import RecordedVerdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One point of the timeline; ``reasons`` are whole phrases, the law's before the unit's."""

    number: int
    at: datetime
    state: str
    title: str
    reasons: Sequence[str]


def in_words(rows: Sequence[RecordedVerdict], *, library: Library, lang: str) -> list[Change]:
    """Return a change for each row, latest first as the rows are.

    A row is compared with the one that follows it. The last is left out, having none, unless it
    is the unit's first verdict: so hand in one more than is to be shown.
    """
    changes = []
    for row, before in zip_longest(rows, rows[1:]):
        if before is not None or row.number == 1:
            changes.append(
                Change(
                    number=row.number,
                    at=row.computed_at,
                    state=row.state,
                    title=_title(row, before),
                    reasons=[
                        *_stopped(row, before),
                        *_law(row, before, library, lang),
                        *_shown(row, before),
                    ],
                )
            )
    return changes


def _title(row: RecordedVerdict, before: RecordedVerdict | None) -> str:
    if before is None:
        return _("first recorded verdict")
    if row.state != before.state:
        return _("was: %s") % words.state(before.state)
    if row.permitted != before.permitted:
        return _("the law alone: %(now)s, was: %(before)s") % {
            "now": words.state(row.permitted),
            "before": words.state(before.permitted),
        }
    return _("for other reasons than before")


def _stopped(row: RecordedVerdict, before: RecordedVerdict | None) -> Iterator[str]:
    now, then = set(row.stops), set(before.stops if before else ())
    for number in sorted(now - then):
        yield _("work stopped on safety grounds: stop-work %s") % number
    for number in sorted(then - now):
        yield _("stop-work %s lifted") % number


def _law(
    row: RecordedVerdict, before: RecordedVerdict | None, library: Library, lang: str
) -> Iterator[str]:
    now, then = _binding(row), _binding(before)
    for title in _titles(now - then, library, lang):
        yield _("binds from now on: %s") % title
    for title in _titles(then - now, library, lang):
        yield _("binds no more: %s") % title
    limit = row.on_site_limit
    if limit is not None and (before is None or limit != before.on_site_limit):
        yield _("at most %(n)s on site") % {"n": limit}


def _binding(row: RecordedVerdict | None) -> set[str]:
    return {reason["clause"] for reason in row.reasons} if row else set()


def _titles(clauses: set[str], library: Library, lang: str) -> list[str]:
    """Name each regulation once; one that is no longer in the library goes by its key."""
    found = {}
    for key in sorted(clauses):
        regulation = key.partition("/")[0]
        entry = library.entries.get(regulation)
        issuer = words.in_language(entry.issuer, lang) if entry else ""
        title = words.in_language(entry.title, lang) if entry else regulation
        found[regulation] = f"{issuer}, {title}" if issuer else title
    return list(found.values())


def _shown(row: RecordedVerdict, before: RecordedVerdict | None) -> Iterator[str]:
    now, then = _unmet(row), _unmet(before)
    for key in sorted(now.keys() - then.keys()):
        yield _("to be shown: %s") % demand(now[key])
    for key in sorted(then.keys() - now.keys()):
        is_asked = then[key]["clause"] in _binding(row)
        phrase = _("shown: %s") if is_asked else _("asked no more: %s")
        yield phrase % demand(then[key])
    for key in sorted(now.keys() & then.keys()):
        if now[key]["have"] != then[key]["have"]:
            have = now[key]["have"]
            amount = _("nothing") if have is None else f"{have:g}"
            yield _("%(what)s; shown so far: %(amount)s") % {
                "what": demand(now[key]),
                "amount": amount,
            }


def _unmet(row: RecordedVerdict | None) -> dict[tuple[Any, ...], dict[str, Any]]:
    unmet = row.unmet if row else []
    return {(one["condition"], one["needed"], one["at_most"]): one for one in unmet}


def demand(unmet: dict[str, Any]) -> str:
    """Say what a recorded verdict found unmet."""
    return words.demand(
        Demand(dimension=unmet["condition"], amount=unmet["needed"], at_most=unmet["at_most"])
    )
