"""What the organisation's pages share: who acts, where a page stands, what is shown of a change."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from taishan.organisation import access, history
from taishan.organisation.access import Capability
from taishan.organisation.consequences import Consequences, Difference, Fate
from taishan.organisation.models import UnitVersion
from taishan.organisation.scope import ScopedRequest

SHOWN_CARRIED = 12
_BEHIND_DIGITS = 18
"""A longer number is nobody's, and the database could not read it."""


def sent(request: HttpRequest) -> QueryDict | None:
    """Return what a form sent, empty or not; None where the page is only asked for."""
    return request.POST if request.method == "POST" else None


def posted(request: HttpRequest, name: str) -> str:
    """Return a text that is sent without a form of its own; NUL is in no text of the database."""
    return request.POST.get(name, "").replace("\x00", "")


def require_writer(request: ScopedRequest) -> None:
    """Refuse what somebody else wrote on this device: a phone changes hands.

    What one person left there to be sent must not come in as the next one's. Raises
    PermissionDenied, upon which the phone keeps it for its writer.
    """
    mine = str(request.viewer.account_id)
    if request.method == "POST" and request.POST.get("account", mine) != mine:
        raise PermissionDenied(_("Somebody else is signed in on this device now."))


def behind(request: HttpRequest) -> int | None:
    """Return whom this page of a list of names follows; None: it is the first.

    Such pages have no numbers: a list may be long, and who leaves it meanwhile shifts nobody.
    """
    given = request.GET.get("behind", "")
    return int(given) if given.isdecimal() and len(given) < _BEHIND_DIGITS else None


def get_visible(request: ScopedRequest, code: str) -> UnitVersion:
    """Return the unit on the page's day. Raises Http404 where it is not open, or not to be seen."""
    try:
        version = history.get_version(code, request.scope_.day)
    except history.OrganisationRefused as refused:
        raise Http404(str(refused)) from None
    if not request.viewer.may(Capability.SEE, version.path):
        raise Http404(_("No such unit is recorded, or not for you to see."))
    return version


def address(request: ScopedRequest, name: str, *args: Any, **changes: Any) -> str:
    """Return the address of a page of the organisation with the day and language of this one."""
    return f"{reverse(f'organisation:{name}', args=args)}?{request.scope_.query(**changes)}"


def crumbs(request: ScopedRequest, version: UnitVersion) -> list[tuple[str, str]]:
    """Return the units above and this one, as far as the viewer sees them."""
    seen = access.units_visible(request.viewer, request.scope_.day).filter(
        unit_id__in=[int(step) for step in version.path.split(".")]
    )
    rows = sorted(seen.select_related("unit"), key=lambda row: len(row.path))
    return [
        (_("Organisation"), address(request, "tree")),
        *((row.name, address(request, "unit", row.unit.code)) for row in rows),
    ]


def field_words() -> dict[str, str]:
    """Return the words for what may change of a unit."""
    return {
        "parent": _("Unit above"),
        "name_en": _("English name"),
        "name_zh": _("Chinese name"),
        "kind": _("Kind"),
        "place": _("Place"),
        "time_zone": _("Time zone"),
        "kinds_of_work": _("Kinds of work"),
        "head_count": _("People"),
        "floor_area_m2": _("Floor area (m²)"),
        "facilities": _("Facilities"),
    }


def foreseen(found: Consequences) -> dict[str, Any]:
    """Return what a change would do, for its page: units one by one, the rest in sentences."""
    carried = [d for d in found.differences if d.fate is Fate.CARRIED]
    return {
        "mark": found.mark,
        "units": [_unit(d) for d in found.differences if d.fate is not Fate.CARRIED],
        "notes": [*_carried(carried), *_people(found)],
    }


def _unit(difference: Difference) -> dict[str, Any]:
    fates = {
        Fate.OPENED: _("is opened"), Fate.CLOSED: _("is closed"), Fate.CHANGED: _("changes"),
    }  # fmt: skip
    words = field_words()
    return {
        "code": difference.code,
        "name_en": difference.name_en,
        "name_zh": difference.name_zh,
        "fate": fates[difference.fate],
        "fields": [(words[name], was, now) for name, was, now in difference.fields],
    }


def _carried(units: list[Difference]) -> list[str]:
    if not units:
        return []
    codes = ", ".join(unit.code for unit in units[:SHOWN_CARRIED])
    more = ", …" if len(units) > SHOWN_CARRIED else ""
    return [
        ngettext("%(n)d unit below goes along: %(codes)s", "%(n)d units below go along: %(codes)s",
                 len(units)) % {"n": len(units), "codes": codes + more}
    ]  # fmt: skip


def _people(found: Consequences) -> list[str]:
    ended = found.ended
    pairs = [
        (found.people, ngettext("%d person changes unit", "%d people change unit", found.people)),
        (
            ended.get("members", 0),
            ngettext(
                "%d person leaves without another unit",
                "%d people leave without another unit",
                ended.get("members", 0),
            ),
        ),
        (ended.get("posts", 0), ngettext("%d post ends", "%d posts end", ended.get("posts", 0))),
        (
            ended.get("holdings", 0),
            ngettext("%d person loses a post", "%d people lose a post", ended.get("holdings", 0)),
        ),
        (
            ended.get("seats", 0),
            ngettext(
                "%d seat in a leadership group ends",
                "%d seats in leadership groups end",
                ended.get("seats", 0),
            ),
        ),
        (ended.get("roles", 0), ngettext("%d role ends", "%d roles end", ended.get("roles", 0))),
    ]
    return [words % number for number, words in pairs if number]
