"""What became of a notice, for its page."""

from __future__ import annotations

from typing import Any

from django.db.models import Sum
from django.urls import reverse
from django.utils.translation import gettext as _

from taishan.communications import queries
from taishan.communications.models import Channel, Notice, Round
from taishan.communications.queries import Became
from taishan.organisation.scope import ScopedRequest


def state_words() -> dict[str, str]:
    return {
        "unopened": _("not opened"),
        "unconfirmed": _("opened, not confirmed"),
        "confirmed": _("confirmed"),
    }


def of_notice(request: ScopedRequest, notice: Notice, state: str) -> dict[str, Any]:
    """Return what its page shows of a notice, besides the readers in one state."""
    became = queries.find_became([notice.pk])[notice.pk]
    return {
        "scope": request.scope_,
        "notice": notice,
        "became": became,
        "state": state,
        "tabs": tabs(request, notice, became, state),
        "bar": bar(became),
        "rounds": rounds(notice),
        "ways": ways(notice),
    }


def tabs(
    request: ScopedRequest, notice: Notice, became: Became, state: str
) -> list[dict[str, Any]]:
    """Return the lists behind the numbers."""
    path = reverse("communications:notice", args=[notice.pk])
    return [
        {
            "word": word,
            "href": f"{path}?state={key}&{request.scope_.query()}",
            "is_on": key == state,
            "count": f"{became.of(key):,}",
        }
        for key, word in state_words().items()
    ]


def bar(became: Became) -> list[dict[str, Any]]:
    """Return the parts of the bar in percent: confirmed, opened alone, not opened."""
    found, x = [], 0.0
    words = state_words()
    for key in ("confirmed", "unconfirmed", "unopened"):
        number = became.of(key)
        width = number / became.told * 100 if became.told else 0.0
        found.append(
            {
                "state": key,
                "word": words[key],
                "number": f"{number:,}",
                "x": f"{x:.3f}%",
                "width": f"{width:.3f}%",
                "share": f"{width:.0f}%",
            }
        )
        x += width
    return found


def rounds(notice: Notice) -> dict[str, Any]:
    """Return each telling, and how many joined later; ``running`` where one is under way."""
    told = list(notice.rounds.exclude(kind=Round.Kind.JOINED).order_by("pk"))
    joined = notice.rounds.filter(kind=Round.Kind.JOINED).aggregate(n=Sum("people"))["n"] or 0
    running = next((one for one in told if one.ended_at is None), None)
    return {"told": told, "joined": joined, "running": running}


def ways(notice: Notice) -> list[dict[str, Any]]:
    """Return how many messages went out by each channel."""
    words = dict(Channel.choices)
    return [dict(row) | {"word": words[row["channel"]]} for row in queries.find_ways(notice)]
