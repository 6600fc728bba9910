"""What the pages of directives are composed of."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from taishan.communications import directive_duties, directive_presenting, directive_queries
from taishan.communications.directive_presenting import STAGES
from taishan.communications.models import Directive, DirectiveVersion, Measure
from taishan.core.cascade import Stage
from taishan.duties.models import Duty
from taishan.kit import clock
from taishan.organisation.access import Capability, Viewer
from taishan.organisation.models import UnitVersion


def rows(viewer: Viewer, directives: Iterable[Directive], now: datetime) -> list[dict[str, Any]]:
    """Return a line for each of ``directive_queries.with_state``: its name, and how far it is.

    Three queries.
    """
    shown = list(directives)
    names = directive_queries.find_names((one.unit_id for one in shown), clock.day_at(now))
    measures = list(Measure.objects.filter(directive__in=shown))
    counts = directive_queries.count_by_measure(viewer, measures, now)
    return [_row(one, names[one.unit_id], measures, counts) for one in shown]


def _row(
    directive: Directive,
    issuer: UnitVersion,
    measures: list[Measure],
    counts: dict[int, dict[str, int]],
) -> dict[str, Any]:
    versions = list(directive.versions.all())
    mine = [counts[m.pk] for m in measures if m.directive_id == directive.pk and m.pk in counts]
    return {
        "directive": directive,
        "issuer": issuer.name,
        "time_zone": issuer.time_zone,
        "last": versions[0] if versions else None,
        "number": directive_presenting.number_word(directive, issuer.unit.code),
        "is_recalled": hasattr(directive, "recall"),
        "total": sum(one["total"] for one in mine),
        "done": sum(one["done"] for one in mine),
        "overdue": sum(one["overdue"] for one in mine),
    }


def compose(
    viewer: Viewer, directive: Directive, last: DirectiveVersion, issuer: UnitVersion, now: datetime
) -> dict[str, Any]:
    """Return the context of a directive's page."""
    said = directive.versions.order_by("number").prefetch_related("measures", "units")
    versions = list(said)
    measures = list(last.measures.order_by("due_at", "pk"))
    may_direct = viewer.may(Capability.DIRECT, issuer.path)
    open_duties = directive_duties.find_open(directive).count()
    return {
        "directive": directive,
        "last": last,
        "issuer": issuer,
        "number": directive_presenting.number_word(directive, issuer.unit.code),
        "banner": directive_presenting.banner(directive, last, open_duties, may_direct=may_direct),
        "may_direct": may_direct and not hasattr(directive, "recall"),
        "is_drafted": hasattr(directive, "draft"),
        "measures": _measures(viewer, measures, now),
        "mine": parts(directive_queries.find_mine(viewer, measures, clock.day_at(now)), now),
        "unanswered": parts(directive_queries.find_unanswered(viewer, measures), now),
        "to_sign": to_sign(viewer, last, clock.day_at(now))
        if not hasattr(directive, "recall")
        else [],
        "asked": directive_queries.find_acknowledgements(viewer, last),
        "files": last.files.order_by("pk"),
        "changes": _changes(versions, clock.day_at(now)),
        "story": directive_presenting.story(directive, versions),
    }


def _measures(viewer: Viewer, measures: list[Measure], now: datetime) -> list[dict[str, Any]]:
    counts = directive_queries.count_by_measure(viewer, measures, now)
    nothing = {"total": 0, "done": 0, "overdue": 0}
    return [{"measure": one} | (counts.get(one.pk) or nothing) for one in measures]


def parts(duties: Iterable[Duty], now: datetime) -> list[dict[str, Any]]:
    """Return the lines of parts: who owes each, and where it stands."""
    rows = list(duties)
    last = directive_queries.find_last_confirmations(one.id for one in rows)
    names = directive_queries.find_names((one.unit_id for one in rows), clock.day_at(now))
    return [
        {
            "duty": one,
            "name": directive_presenting.name_of(one, names[one.unit_id]),
            "stage": directive_presenting.stage(
                directive_queries.as_part(one, last.get(one.id), now).stage
            ),
        }
        for one in rows
    ]


def to_sign(viewer: Viewer, last: DirectiveVersion, today: date) -> list[tuple[int, str]]:
    """Return the units, by id and name, for which the viewer may still acknowledge a version."""
    owed = directive_queries.find_to_sign(viewer, last)
    names = directive_queries.find_names((one.unit_id for one in owed), today)
    return [(one.unit_id, names[one.unit_id].name) for one in owed]


def signatures(
    last: DirectiveVersion, duties: Iterable[Duty], now: datetime
) -> list[dict[str, Any]]:
    """Return who is to acknowledge a version, and who has: the lines of one page."""
    shown = list(duties)
    given = directive_queries.find_signatures(last, (one.unit_id for one in shown))
    names = directive_queries.find_names((one.unit_id for one in shown), clock.day_at(now))
    return [
        {
            "name": names[one.unit_id].name,
            "code": one.unit.code,
            "noted": given.get(one.unit_id),
            "stage": directive_presenting.stage(Stage(one.standing(now).value)),
        }
        for one in shown
    ]


def _changes(versions: list[DirectiveVersion], today: date) -> list[dict[str, Any]]:
    """Return for each version but the first what it changed, the latest first."""
    ids = {unit.pk for one in versions for unit in one.units.all()}
    names = directive_queries.find_names(ids, today) if len(versions) > 1 else {}
    pairs = itertools.pairwise(versions)
    found = [
        {"version": after, "parts": directive_presenting.differences(before, after, names)}
        for before, after in pairs
    ]
    return found[::-1]


def legend() -> list[tuple[str, Any]]:
    """Return the look and the word of every stage, for what the bars mean."""
    return [(look, word) for word, _icon, look in STAGES.values()]
