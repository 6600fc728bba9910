"""The words around the list of hazards: what narrows it, and which hazards are one's own."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from taishan.core.hazards import Act, Grade
from taishan.kit import clock
from taishan.organisation.access import Viewer
from taishan.organisation.models import PostHolding
from taishan.organisation.scope import ScopedRequest
from taishan.safety import hazard_board_presenting as presenting
from taishan.safety import hazard_lists
from taishan.safety.hazard_board_presenting import Scene
from taishan.safety.hazard_lists import Asked
from taishan.safety.hazard_models import Hazard, HazardAct
from taishan.safety.hazard_standing import TO_PUT_RIGHT


def of(scene: Scene, asked: Asked) -> list[int] | None:
    """Return the units that the list is of; None where it is of all that the viewer sees."""
    top = scene.branch.top
    if asked.itself and top:
        return [top.unit_id]
    return scene.unit_ids if scene.is_narrowed else None


def after(request: ScopedRequest) -> int | None:
    """Return the number of the hazard that the page before ended with."""
    given = request.GET.get("after", "")
    return int(given) if given.isdecimal() and len(given) < 19 else None


def filters(asked: Asked) -> list[dict[str, Any]]:
    """Return what narrows the list; by words, by kind, by days."""
    grades = [(g.value, presenting.grade_word(g)) for g in (Grade.MAJOR, Grade.GENERAL)]
    whose = [
        ("", _("whoever's")), (hazard_lists.REPORTED, _("reported by me")),
        (hazard_lists.TO_DO, _("I am to put right")),
    ]  # fmt: skip
    kinds = presenting.origins(hazard_lists.find_origins())
    rows: list[tuple[str, str, str, Any]] = [
        ("q", _("Words"), "search", None),
        ("state", _("State"), "", presenting.states()),
        ("grade", _("Grade"), "", [("", _("all grades")), *grades]),
        ("cause", _("Cause"), "", [("", _("all causes")), *presenting.causes()]),
        ("age", _("Age"), "", [("", _("however old")), *presenting.ages()]),
        ("whose", _("Whose"), "", whose),
        ("origin", _("Came of"), "", [("", _("whatever it came of")), *kinds]),
        ("since", _("Found from"), "date", None),
        ("last", _("to"), "date", None),
    ]
    given = asked.given()
    return [
        {"name": name, "word": word, "type": kind, "options": options, "value": given.get(name, "")}
        for name, word, kind, options in rows
    ]


def chips(request: ScopedRequest, asked: Asked) -> list[dict[str, str]]:
    """Return what narrows the list without a field of its own; ``href`` is the list without it."""
    given = asked.given()
    words = {
        "area": _("place: %s"), "ended_since": _("closed from %s"), "ended_last": _("closed to %s"),
        "itself": _("the unit by itself"),
    }  # fmt: skip
    return [
        {
            "name": name, "value": given[name], "word": word.replace("%s", given[name]),
            "href": _without(request, name),
        }
        for name, word in words.items()
        if name in given
    ]  # fmt: skip


def _without(request: ScopedRequest, name: str) -> str:
    query = request.GET.copy()
    for one in (name, "after"):
        query.pop(one, None)
    return f"?{query.urlencode()}"


def find_mine(viewer: Viewer, now: datetime) -> list[tuple[str, QuerySet[Hazard]]]:
    """Return, by words, what somebody is to put right, reported by name, and has put right."""
    return [
        (_("I am to put right"), _to_do(viewer, now).order_by("due_at", "pk")),
        (_("I reported"), _reported(viewer).order_by("-found_at", "-pk")),
        (_("I have put right"), _put_right(viewer).order_by("-found_at", "-pk")),
    ]


def find_own(viewer: Viewer, now: datetime) -> QuerySet[Hazard]:
    """Return all of these."""
    return Hazard.objects.filter(
        Q(pk__in=_to_do(viewer, now).values("pk"))
        | Q(pk__in=_reported(viewer).values("pk"))
        | Q(pk__in=_put_right(viewer).values("pk"))
    )


def _to_do(viewer: Viewer, now: datetime) -> QuerySet[Hazard]:
    held = PostHolding.objects.filter(
        person_id=viewer.person_id or 0, valid__contains=clock.day_at(now)
    )  # fmt: skip
    return Hazard.objects.filter(
        ended_at=None, state__in=TO_PUT_RIGHT, post_id__in=held.values("post_id")
    )


def _reported(viewer: Viewer) -> QuerySet[Hazard]:
    return Hazard.objects.filter(reporter_id=viewer.account_id)


def _put_right(viewer: Viewer) -> QuerySet[Hazard]:
    handed_in = HazardAct.objects.filter(by_id=viewer.account_id, act=Act.SUBMIT)
    return Hazard.objects.filter(pk__in=handed_in.values("hazard_id"))
