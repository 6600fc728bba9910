"""What somebody owes, from the duties and from what is derived above them: the first screen."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _

from taishan.core.duties import OPEN, State
from taishan.duties import listing, presenting, queries, words
from taishan.duties.models import Duty
from taishan.kit import clock
from taishan.organisation.access import Capability
from taishan.organisation.models import Person, is_chinese
from taishan.organisation.scope import ScopedRequest
from taishan.reporting import my_reports
from taishan.reporting.my_reports import Owed

SHOWN_OPEN, SHOWN_WAITING, SHOWN_DONE = 50, 5, 5
COUNTED = 100
LATELY = timedelta(days=14)


def find(request: ScopedRequest) -> dict[str, Any]:
    """Return the viewer's groups of what is overdue and due, what they wait for, what is done.

    Those of the units that they answer for are theirs; so are their reports, which are no rows.
    """
    viewer, now, today = request.viewer, clock.now(), clock.today()
    if viewer.person_id is None:
        return {}
    roots = [int(root) for root in viewer.roots(Capability.REPORT)]
    units = queries.find_answered_for(roots, today) if roots else []
    mine = queries.of_person(viewer.person_id, units, today)
    opened = _open(queries.find_open(mine)[:SHOWN_OPEN], now)
    owed = queries.find_owed_to(units)
    waiting = _open(owed[:SHOWN_WAITING], now) if units else []
    count = owed[:COUNTED].count() if len(waiting) == SHOWN_WAITING else len(waiting)
    done = list(queries.find_done(mine, today - LATELY, today + LATELY)[:SHOWN_DONE])
    rows = [*opened, *waiting, *done]
    lines = presenting.lines(rows, now, listing.owners(rows, today))
    reports = _reports(viewer.person_id, now, {duty.address for duty in opened})
    found = sorted([*reports, *lines[: len(opened)]], key=lambda line: str(line["iso"]))
    rest = lines[len(opened) :]
    return {
        "overdue": [line for line in found if line["state"] == State.OVERDUE],
        "due": [line for line in found if line["state"] != State.OVERDUE],
        "waiting_on": rest[: len(waiting)],
        "waiting_count": f"{COUNTED}+" if count == COUNTED else str(count),
        "done": rest[len(waiting) :],
    }


def _open(rows: Iterable[Duty], now: datetime) -> list[Duty]:
    """Return those that can still be done: what lapsed may not be written down yet."""
    return [duty for duty in rows if duty.standing(now) in OPEN]


def _reports(person_id: int, now: datetime, known: set[str]) -> list[dict[str, Any]]:
    """Return the reports that the person may give now and has not, but for those that are rows."""
    owed = my_reports.find_owed(Person.objects.get(pk=person_id), now)
    lines = [_report(one, now) for one in owed if not one.is_received]
    return [line for line in lines if line["href"] not in known]


def _report(one: Owed, now: datetime) -> dict[str, Any]:
    is_own = one.form.subject == "person"
    args = [one.form.code, one.period.isoformat(), *([] if is_own else [one.subject])]
    state = State.OVERDUE if now >= one.window.late else State.DUE_SOON
    title = one.form.title_zh if is_chinese() else one.form.title_en
    shown = _as_duty(one)
    return {
        "href": reverse("reporting:report", args=args),
        "what": f"{title} · {one.period:%m-%d}",
        "state": state.value,
        "state_word": words.STATES[state],
        "tone": presenting.TONES[state],
        "icon": presenting.ICONS[state],
        "when": presenting.when(shown, state, now),
        "due": f"{one.window.late.astimezone(ZoneInfo(one.time_zone)):%Y-%m-%d %H:%M}",
        "iso": one.window.late.isoformat(),
        "kind": _("report"),
        "owner": "" if is_own else one.subject,
    }


def _as_duty(one: Owed) -> Duty:
    """A report that is owed has the hour of a duty, and no row."""
    return Duty(due_at=one.window.late)
