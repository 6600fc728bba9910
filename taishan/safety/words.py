"""Stop-works as people read them: one line for a board, the banner of a record, and its story."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from taishan.core.red_lines import Bar
from taishan.organisation.access import Capability, Viewer
from taishan.organisation.models import UnitVersion
from taishan.safety import queries, red_line_queries
from taishan.safety.models import LiftingRequest, StopWork
from taishan.safety.queries import Stop
from taishan.safety.red_line_models import RedLine

BARS = {
    Bar.NOT_THE_AUTHORITY: gettext_lazy("Only the authority named at the stop lifts it."),
    Bar.HEADS_THE_UNIT: gettext_lazy("The unit's own head never lifts its stop."),
    Bar.ASKED_FOR_IT: gettext_lazy(
        "Who asked for the lifting does not lift it: a second person does."
    ),
    Bar.NO_REASON: gettext_lazy("Say what you have seen, or what is still missing."),
    Bar.NO_FILE: gettext_lazy("A red line is lifted on a file that shows the place to be safe."),
}


def line(stop: Stop, time_zone: str) -> str:
    """Say what stops a unit, by whom where everybody may know, and since when."""
    said = {
        "since": local(stop.stopped_at, time_zone), "who": stop.name,
        "why": _with_red_line(stop.ground, stop.red_line),
    }  # fmt: skip
    if stop.name:
        return _("work stopped by %(who)s since %(since)s: %(why)s") % said
    return _("work stopped on safety grounds since %(since)s: %(why)s") % said


def _with_red_line(ground: str, red_line: RedLine | None) -> str:
    if red_line is None:
        return ground
    said = {"what": red_line.what, "source": red_line.source, "ground": ground}
    return _("red line: %(what)s (%(source)s) — %(ground)s") % said


def local(at: datetime, time_zone: str) -> str:
    return date_format(at.astimezone(ZoneInfo(time_zone)), "m-d H:i")


def banner(
    stop: StopWork, open_request: LiftingRequest | None, viewer: Viewer, path: str, authority: str,
    on: date,
) -> dict[str, str]:  # fmt: skip
    """Return the callout of a stop: its state, who may act next, and if not you, why not."""
    if stop.lifted_at is not None:
        return {
            "tone": "good", "title": _("Lifted"), "next": "",
            "text": _("Work may go on as far as the rules allow."),
        }  # fmt: skip
    title = _("Work is stopped") if open_request is None else _("Asked to be lifted")
    text = _("No other rule overrides it.")
    if stop.red_line:
        text = f"{_('Red line:')} {stop.red_line.what}. {text}"
    return {
        "tone": "bad", "title": title, "text": text,
        "next": _next(stop, open_request, viewer, path, authority, on),
    }  # fmt: skip


def _next(
    stop: StopWork, open_request: LiftingRequest | None, viewer: Viewer, path: str, authority: str,
    on: date,
) -> str:  # fmt: skip
    if open_request is None:
        who = _("The unit makes it safe, then its head or a safety officer asks for the lifting.")
        return who if viewer.may(Capability.ATTEST, path) else f"{who} {_not_yours()}"
    who = _("%(unit)s, the authority over this stop, lifts it or says what is missing.") % {
        "unit": authority
    }
    if open_request.by_id == viewer.account_id:
        return f"{who} {_('You asked for it: a second person answers.')}"
    return who if queries.may_lift(viewer, stop, on) else f"{who} {_not_yours()}"


def _not_yours() -> str:
    return _("You hold no such role here.")


def story(stop: StopWork, version: UnitVersion, *, with_name: bool) -> list[dict[str, Any]]:
    """Return what happened, the latest first, for a timeline."""
    name = queries.name_of(stop) if with_name else ""
    events = [
        (stop.stopped_at, _("Work is stopped"), stop.ground, name or _("name not shown")),
    ]
    if stop.said_at is not None:
        said = (stop.said_at, _("Said on a phone that had no network"), "", events[0][3])
        events.insert(0, said)
    rows = stop.requests.select_related("by__person", "answer__by__person").order_by("number")
    for request in rows:
        events.append(
            (request.asked_at, _("Asked to be lifted"), request.evidence, queries.name_of(request))
        )
        answer = getattr(request, "answer", None)
        if answer is not None:
            title = _("Lifted") if answer.is_lifted else _("Stays in force")
            events.append((answer.answered_at, title, answer.reason, queries.name_of(answer)))
    return [
        {
            "when": local(at, version.time_zone), "iso": at.isoformat(), "title": title,
            "text": text, "who": who,
        }
        for at, title, text, who in reversed(events)
    ]  # fmt: skip


def lifter(stop: StopWork, authority: str, on: date) -> str:
    """Say who alone lifts a stop: a unit, or the post that its red line names and its holder."""
    if stop.red_line is None or queries.find_post(stop) is None:
        return authority
    post = stop.red_line.lifter_post
    holder = red_line_queries.find_holder_name(stop.red_line, on)
    return f"{post.title if post else ''} ({authority}): {holder or _('nobody holds this post')}"
