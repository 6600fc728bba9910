"""Who is followed up, as numbers of a subtree: beside them what the units' own returns say."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from taishan.organisation.scope import ScopedRequest
from taishan.reporting import follow_up_lists, follow_up_words, followed
from taishan.reporting.followed import RETURNED, STATES


def tiles(request: ScopedRequest) -> list[dict[str, Any]]:
    """Return a number for each list, with the way to it; none where the viewer may count nobody.

    Six queries, whatever the number of units.
    """
    listed = follow_up_lists.ask(request)
    if not listed.units:
        return []
    found = followed.find_numbers(listed.units, listed.day).values()
    returned = list(followed.find_returned(listed.units, listed.day).values())
    return [
        {
            "label": follow_up_words.list_word(name),
            "number": f"{sum(numbers[name] for numbers in found):,}",
            "word": "",
            "note": _note(sum(int(one.get(RETURNED[name], 0)) for one in returned), len(returned))
            if name in RETURNED
            else "",
            "href": f"{reverse('follow_up:all')}?{request.scope_.query()}&list={name}",
        }
        for name in STATES
    ]


def _note(number: int, returns: int) -> str:
    """Say what the units themselves say, which need not agree."""
    if not returns:
        return _("no unit's return of this day yet")
    said = ngettext(
        "%(n)s by the return of %(units)d unit", "%(n)s by the returns of %(units)d units", returns
    )
    return said % {"n": f"{number:,}", "units": returns}
