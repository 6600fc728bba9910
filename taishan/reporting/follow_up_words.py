"""Follow-ups as people read them: states, acts, the banner and what happened."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from taishan.core.followup import TRANSITIONS, Act, State
from taishan.reporting import follow_up_rules, followed
from taishan.reporting.follow_up_models import Cause, Check, Step
from taishan.reporting.followed import Followed, Whole


def state(of: State) -> str:
    return {
        State.OPENED: _("waits for a decision"),
        State.INSTRUCTED: _("told what to do"),
        State.QUARANTINED: _("in quarantine"),
        State.CONFIRMED: _("confirmed case"),
        State.RECOVERED: _("recovered"),
        State.RELEASED: _("released"),
        State.BACK: _("back on site"),
    }[of]


def act(of: Act, now: State) -> str:
    """Say what may be done; to order again changes a quarantine."""
    if of is Act.ORDER and now is State.QUARANTINED:
        return _("Change the quarantine")
    return {
        Act.INSTRUCT: _("Tell the person what to do"),
        Act.ORDER: _("Order quarantine"),
        Act.CONFIRM: _("Record a confirmed case"),
        Act.RECOVER: _("Record the recovery"),
        Act.RELEASE: _("Release"),
        Act.RETURN: _("Record that the person is back on site"),
    }[of]


def list_word(name: str) -> str:
    return {
        followed.WAITING: _("waiting for a decision"),
        followed.QUARANTINE: _("in quarantine"),
        followed.CONFIRMED: _("confirmed cases"),
        followed.RELEASED: _("released or recovered"),
        followed.BACK: _("back on site"),
    }[name]


_TONES = {
    State.OPENED: "warn", State.INSTRUCTED: "note", State.QUARANTINED: "warn",
    State.CONFIRMED: "bad", State.RECOVERED: "note", State.RELEASED: "good", State.BACK: "good",
}  # fmt: skip


def progress(one: Followed) -> str:
    """Say how far a quarantine is: day 9 of 14."""
    if one.number is None or one.days is None or one.starts is None:
        return ""
    if one.number < 1:
        return _("from %(day)s") % {"day": one.starts.isoformat()}
    if one.is_over:
        return _("all %(days)d days are over") % {"days": one.days}
    return _("day %(n)d of %(days)d") % {"n": one.number, "days": one.days}


def missed(one: Followed) -> str:
    """Say on how many days checks were missed, and which."""
    if not one.missed:
        return ""
    days = ", ".join(date_format(day, "m-d") for day in one.missed)
    number = len(one.missed)
    return ngettext(
        "checks missed on %(n)d day: %(days)s", "checks missed on %(n)d days: %(days)s", number
    ) % {"n": number, "days": days}


def said_back(one: Followed) -> str:
    """Say by which report somebody is well and on site."""
    if one.said_back is None:
        return ""
    return _("reports well and on site (%(day)s)") % {"day": date_format(one.said_back, "m-d")}


def possible(whole: Whole) -> list[Act]:
    """Return what may be done now; a quarantine that lasts allows no release."""
    found = whole.now
    is_lasting = found.state is State.QUARANTINED and not found.is_over
    return [
        one for one in TRANSITIONS[found.state] if not (one is Act.RELEASE and is_lasting)
    ]  # fmt: skip


def banner(whole: Whole) -> dict[str, str]:
    """Return the fixed banner of the page: state, who may act next, and why not you."""
    found = whole.now
    where = [progress(found), found.place]
    if found.ends is not None:
        last = (found.ends - timedelta(days=1)).isoformat()
        where.append(_("last day %(day)s") % {"day": last})
    return {
        "title": state(found.state),
        "tone": "bad" if found.missed else _TONES[found.state],
        "text": " · ".join(one for one in (*where, missed(found), said_back(found)) if one),
        "next": _next(whole),
    }


def _next(whole: Whole) -> str:
    if not TRANSITIONS[whole.now.state]:
        return _("Nothing is left to do.")
    if whole.may_act:
        if whole.now.state is State.QUARANTINED and not whole.now.is_over and whole.now.ends:
            day = whole.now.ends.isoformat()
            return _("Your turn: see to the checks. Release is possible from %(day)s on.") % {
                "day": day
            }
        return _("Your turn, as a safety officer of the unit.")
    unit = whole.concerned.version.name
    if whole.is_own:
        own = _("A safety officer of %(unit)s acts next: nobody decides on their own follow-up.")
        return own % {"unit": unit}
    return _("A safety officer of %(unit)s acts next.") % {"unit": unit}


def timeline(
    whole: Whole, causes: Sequence[Cause], checks: Sequence[Check]
) -> list[dict[str, Any]]:
    """Return what happened, the latest first."""
    zone = ZoneInfo(whole.concerned.version.time_zone)
    last = whole.steps[-1]
    events = [((one.noticed_at, 0), _cause(one)) for one in causes]
    events += [
        ((one.recorded_at, one.number), _step(one) | {"is_now": one is last}) for one in whole.steps
    ]
    after = len(whole.steps) + 1
    events += [((one.recorded_at, after), _check(one)) for one in checks]
    return [
        event
        | {
            "when": date_format(at.astimezone(zone), "Y-m-d H:i"),
            "iso": at.isoformat(),
        }
        for (at, _rank), event in sorted(events, key=operator.itemgetter(0), reverse=True)
    ]


def _cause(one: Cause) -> dict[str, Any]:
    kinds = ", ".join(follow_up_rules.cause_word(kind) for kind in one.kinds)
    return {"title": _("Report of %(day)s: %(what)s") % {"day": one.period, "what": kinds}}


def _step(one: Step) -> dict[str, Any]:
    said = [one.text, _apart(one.starts, one.ends, one.place)]
    by = [one.given_by, one.get_manner_display()]
    recorded = one.by.person.name if one.by and one.by.person else ""
    who = [", ".join(filter(None, by)), _("recorded by %s") % recorded if recorded else ""]
    return {
        "title": state(State(one.state)),
        "text": " · ".join(filter(None, said)),
        "who": " · ".join(filter(None, who)),
    }


def _apart(starts: date | None, ends: date | None, place: str) -> str:
    if starts is None or ends is None:
        return ""
    days = _("%(first)s to %(last)s") % {"first": starts, "last": ends - timedelta(days=1)}
    return f"{days}, {place}"


def _check(one: Check) -> dict[str, Any]:
    said = [f"{one.temperature_c} °C" if one.temperature_c is not None else "", one.text]
    return {
        "title": _("Check: daily report") if one.is_report else _("Check"),
        "text": " · ".join(filter(None, said)),
        "who": one.by.person.name if one.by and one.by.person else "",
    }
