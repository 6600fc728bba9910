"""The lists of who is followed up, as a page and as a file: names for few, numbers for more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _

from taishan.core.situation import NOTHING
from taishan.kit import clock, tables
from taishan.organisation import access
from taishan.organisation.access import Capability, Viewer
from taishan.organisation.models import UnitVersion
from taishan.organisation.scope import ScopedRequest
from taishan.reporting import follow_up_words, followed
from taishan.reporting.followed import RETURNED, STATES, Followed

OPEN = (followed.WAITING, followed.QUARANTINE, followed.CONFIRMED)
"""What the list without a name is of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A list that somebody asks for. ``name``: one of STATES, or empty for all that go on.

    ``units`` are those whose people the viewer may count, as the tree has them; ``named`` of them
    those whose people the viewer may see by name, in the same order.
    """

    name: str
    day: date
    within: str
    units: Mapping[int, UnitVersion]
    named: tuple[int, ...]

    @property
    def lists(self) -> tuple[str, ...]:
        return (self.name,) if self.name else OPEN

    def find_people(self) -> list[Followed]:
        """Return everybody on the list whom the viewer may see."""
        return followed.find_followed(self.named, self.day, *self.lists) if self.named else []

    def find_page(self, behind: int | None, size: int) -> list[Followed]:
        """Return so many of ``find_people``, those behind a step that was listed."""
        return followed.find_page(self.named, self.day, self.lists, behind, size)

    def count_said_back(self) -> int:
        """Return how many, seen by the viewer, report well and on site and are on another list."""
        if not self.named or self.name == followed.RELEASED:
            return 0
        return followed.count_said_back(self.named, self.day)


def ask(request: ScopedRequest) -> Listed:
    """Return the list that the page is about. Raises Http404 for one that there is not."""
    name, scope = request.GET.get("list", ""), request.scope_
    if name and name not in STATES:
        raise Http404(_("There is no such list."))
    found = _units(request.viewer, scope.day, scope.within)
    ids = [version.unit_id for version in found]
    named = followed.find_readable(request.viewer, ids, scope.day)
    return Listed(
        name=name,
        day=scope.day,
        within=scope.within,
        units={version.unit_id: version for version in found},
        named=tuple(pk for pk in ids if pk in named),
    )


def _units(viewer: Viewer, day: date, within: str) -> list[UnitVersion]:
    versions = access.units_visible(viewer, day)
    if within:
        root = versions.filter(unit__code=within).values_list("unit_id", flat=True).first()
        versions = versions.filter(path__passes_through=root) if root else versions.none()
    found = versions.select_related("unit").order_by("path")
    return [one for one in found if viewer.may(Capability.SEE_PEOPLE, one.path)]


def tabs(request: ScopedRequest, listed: Listed) -> list[dict[str, Any]]:
    """Return the lists to choose from."""
    query = request.scope_.query()
    return [
        {
            "word": follow_up_words.list_word(name) if name else _("all that go on"),
            "href": f"?{query}&list={name}",
            "is_on": name == listed.name,
        }
        for name in ("", *STATES)
    ]


def rows(request: ScopedRequest, listed: Listed, found: Sequence[Followed]) -> list[dict[str, Any]]:
    """Return a page of the list in words; that the viewer looked at it is recorded."""
    return [
        {
            "one": one,
            "unit": listed.units[one.unit_id],
            "state": follow_up_words.state(one.state),
            "progress": follow_up_words.progress(one),
            "last_day": one.ends - timedelta(days=1) if one.ends else None,
            "missed": follow_up_words.missed(one),
            "said_back": follow_up_words.said_back(one),
            "may_return": one.said_back is not None
            and one.person.pk != request.viewer.person_id
            and followed.is_officer_of(request.viewer, listed.units[one.unit_id]),
        }
        for one in followed.name(request.viewer, clock.now(), found)
    ]


def numbers(request: ScopedRequest, listed: Listed) -> list[dict[str, Any]]:
    """Return how many of each unit stand on the lists, beside what its own return of the day says.

    Units of which neither says anything are left out.
    """
    found = followed.find_numbers(listed.units, listed.day)
    returned = followed.find_returned(listed.units, listed.day)
    return [
        {
            "unit": unit,
            "href": f"?{request.scope_.query(within=unit.unit.code)}&list={listed.name}",
            "numbers": found.get(pk, dict.fromkeys(STATES, 0)),
            "returned": {
                name: int(returned.get(pk, NOTHING).get(indicator, 0))
                for name, indicator in RETURNED.items()
            }
            if pk in returned
            else None,
        }
        for pk, unit in listed.units.items()
        if pk in found or any(returned.get(pk, NOTHING).get(one, 0) for one in RETURNED.values())
    ]


def sheet(request: ScopedRequest, listed: Listed) -> bytes:
    """Return the list as an xlsx file: the same people as on the page."""
    heads = [
        _("staff number"), _("name"), _("unit"), _("state"), _("from"), _("last day"), _("place"),
        _("day"), _("of days"), _("days with missed checks"),
        _("says well and on site"),
    ]  # fmt: skip
    people = followed.name(request.viewer, clock.now(), listed.find_people())
    lines = [
        [
            one.person.staff_no, one.person.name, listed.units[one.unit_id].unit.code,
            follow_up_words.state(one.state), one.starts or one.since,
            one.ends - timedelta(days=1) if one.ends else None, one.place, one.number, one.days,
            len(one.missed), one.said_back,
        ]
        for one in people
    ]  # fmt: skip
    return tables.write_xlsx("follow-up", heads, lines)
