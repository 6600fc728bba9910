"""``GET /api/v1/verdicts``: the same answers as the board, for other systems."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, get_args

from django.http import HttpRequest
from ninja import Query, Router, Schema
from ninja.errors import HttpError
from ninja.security import django_auth

from taishan.kit import clock, days
from taishan.organisation import access
from taishan.regulations import queries as regulations
from taishan.regulations import schemas
from taishan.resumption import presenting, queries

router = Router(auth=django_auth)
MAX_ROWS = 20_000


class ReasonOut(Schema):
    clause: str
    citation: str
    authority: str
    effect: str


class UnmetOut(Schema):
    condition: str
    needed: float
    at_most: bool
    have: float | None
    clause: str


class ConflictOut(Schema):
    dimension: str
    stricter: str
    looser: str
    holds: str


class StopOut(Schema):
    number: int
    since: datetime
    ground: str
    red_line: str | None = None


class VerdictOut(Schema):
    unit: str
    day: date
    permitted: str
    state: str
    unknown: list[str]
    on_site_limit: int | None
    reasons: list[ReasonOut]
    unmet: list[UnmetOut]
    conflicts: list[ConflictOut]
    stops: list[StopOut]
    changes_on: date | None


@router.get("/verdicts", response=list[VerdictOut])
def verdicts(
    request: HttpRequest,
    on: days.Day | None = None,
    until: days.Day | None = None,
    as_known: days.Instant | None = None,
    unit: list[str] = Query([]),  # type: ignore[type-arg]  # noqa: B008 - ninja reads lists so
    kind_of_work: str | None = None,
) -> list[dict[str, Any]]:
    """Return the verdicts of the units you may see, each day of ``on <= day <= until``."""
    account: Any = request.user
    viewer = access.viewer_for(account, clock.today())
    first = on or clock.today()
    last = until or first
    if last < first:
        raise HttpError(422, "until comes before on")
    return list_verdicts(viewer, first, last, as_known, unit, kind_of_work)


def list_verdicts(
    viewer: access.Viewer,
    first: date,
    last: date,
    as_known: datetime | None,
    codes: list[str],
    kind_of_work: str | None,
) -> list[dict[str, Any]]:
    """Return the rows of the API and of ``taishan verdicts``.

    Raises HttpError when there are too many, or for a kind of work that no rule speaks of.
    """
    if kind_of_work is not None and kind_of_work not in get_args(schemas.Kind):
        known = ", ".join(get_args(schemas.Kind))
        raise HttpError(422, f"no kind of work {kind_of_work!r}: one of {known}")
    asked = queries.count_unit_days(viewer, first, last + timedelta(days=1), codes)
    if max(asked, (last - first).days) > MAX_ROWS:
        raise HttpError(422, f"more than {MAX_ROWS} rows: ask for fewer days or units")
    library = regulations.get_library(as_known)
    kinds = frozenset({kind_of_work}) if kind_of_work else None
    rows: list[dict[str, Any]] = []
    for n in range((last - first).days + 1):
        day = first + timedelta(days=n)
        units = queries.find_units(viewer, day, codes=codes)
        found = queries.find_verdicts(units, day, as_known=as_known, kinds=kinds)
        rows += [presenting.as_row(one, library) for one in found]
    return rows
