"""What the page of a meeting shows, and who may do what on it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from functools import partial
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, QuerySet
from django.forms import Form
from django.utils.translation import gettext as _

from taishan.communications import directive_presenting, part_page
from taishan.communications.directive_forms import ReasonForm
from taishan.duties.models import Duty
from taishan.kit import clock
from taishan.learning import meetings, queries
from taishan.learning.forms import AttendanceForm, DecisionForm, DoneForm
from taishan.learning.models import Meeting, Minutes, Presence, PresenceCorrection
from taishan.organisation import access, history
from taishan.organisation.access import Capability, Viewer
from taishan.organisation.models import Person, Post, UnitVersion


def may_keep(viewer: Viewer, meeting: Meeting, version: UnitVersion) -> bool:
    """Tell whether the viewer keeps the record: who calls people together there, or chairs it."""
    return viewer.may(Capability.NOTIFY, version.path) or is_chair(viewer, meeting)


def may_decide(viewer: Viewer, meeting: Meeting, version: UnitVersion) -> bool:
    """Tell whether the viewer records decisions: who gives orders there, or chairs it."""
    return viewer.may(Capability.DIRECT, version.path) or is_chair(viewer, meeting)


def is_chair(viewer: Viewer, meeting: Meeting) -> bool:
    return viewer.person_id is not None and viewer.person_id == meeting.chair_id


def require_keeper(viewer: Viewer, meeting: Meeting, version: UnitVersion) -> None:
    """Raise PermissionDenied for who does not keep the record."""
    if not may_keep(viewer, meeting, version):
        raise PermissionDenied(access.refusal())


def may_report(viewer: Viewer, duty: Duty, version: UnitVersion, today: date) -> bool:
    """Tell whether the viewer owes what was decided, or answers for the unit that does."""
    if duty.person_id is not None:
        return duty.person_id == viewer.person_id
    return part_page.may_confirm(viewer, duty, version, today)


def find_posts(version: UnitVersion, today: date) -> QuerySet[Post]:
    """Return the posts of a unit and of all below it."""
    units = UnitVersion.objects.filter(path__descends_from=version.path, valid__contains=today)
    rows = Post.objects.filter(unit_id__in=units.values("unit_id"), valid__contains=today)
    return rows.select_related("unit").order_by("unit__code", "code")


def decision_form(
    meeting: Meeting, version: UnitVersion, today: date, given: Any = None
) -> DecisionForm:
    """Return the form of a decision: its debtors are units, posts of the unit, those invited."""
    below = history.find_below(version, today).select_related("unit").order_by("path")
    debtors = [
        (f"unit-{one.unit_id}", f"{one.name} ({one.unit.code})") for one in (version, *below)
    ]
    posts = Post.objects.filter(unit_id=version.unit_id, valid__contains=today).order_by("code")
    debtors += [(f"post-{one.pk}", one.title) for one in posts]
    people = Person.objects.filter(pk__in=meetings.find_invited(meeting) | {meeting.chair_id})
    debtors += [(f"person-{one.pk}", one.name) for one in people.order_by("sort_name")]
    return DecisionForm(given, debtors=debtors)


def act_on(act: str, number: int) -> str:
    """Return the name of an act on one line of the page."""
    return f"{act}-{number}"


def compose(
    viewer: Viewer, meeting: Meeting, version: UnitVersion, refused: Mapping[str, Form],
    now: datetime,
) -> dict[str, Any]:  # fmt: skip
    """Return the context of a meeting's page; ``refused``: the forms that were, by their act."""
    minutes = meeting.minutes.order_by("-number").first()
    outcomes, present = queries.find_outcomes(viewer, meeting, now), list(_present(meeting))
    offered = _offered(viewer, meeting, version, now)
    if "attend" in offered:
        offered |= {act_on("correct", one.pk): _correct(one) for one in present}
    offered |= _reports(viewer, outcomes, clock.day_at(now))
    if outcomes:
        offered.pop("cancel", None)
    forms = {act: refused.get(act) or make() for act, make in offered.items()}
    return {
        "meeting": meeting,
        "version": version,
        "banner": banner(viewer, meeting, minutes, now),
        "agenda": meeting.agenda.order_by("number"),
        "invited": _invited(meeting),
        "present": [(one, forms.get(act_on("correct", one.pk))) for one in present],
        "materials": meeting.materials.order_by("pk"),
        "minutes": minutes,
        "outcomes": [(one, forms.get(act_on("done", one["decision"].number))) for one in outcomes],
        "may_keep": "attend" in forms,
        "may_confirm": _is_open(meeting) and minutes is not None and is_chair(viewer, meeting),
        "forms": forms,
        "too_late": [form for act, form in refused.items() if act not in forms],
        "story": _story(meeting),
    }


def _is_open(meeting: Meeting) -> bool:
    return not hasattr(meeting, "confirmed") and not hasattr(meeting, "cancelled")


def _offered(
    viewer: Viewer, meeting: Meeting, version: UnitVersion, now: datetime
) -> dict[str, Callable[[], Form]]:
    """Return what the viewer may do with a meeting as a whole, with the empty form of each."""
    offered: dict[str, Callable[[], Form]] = {}
    if _is_open(meeting) and may_keep(viewer, meeting, version):
        offered["attend"] = AttendanceForm
        if now < meeting.starts_at:
            offered["cancel"] = partial(ReasonForm, act="cancel")
    if _is_open(meeting) and may_decide(viewer, meeting, version):
        offered["decide"] = partial(decision_form, meeting, version, clock.day_at(now))
    return offered


def _reports(
    viewer: Viewer, outcomes: Iterable[Mapping[str, Any]], today: date
) -> dict[str, Callable[[], Form]]:
    """Return what the viewer may report as done, with the empty form of each."""
    numbers = [one["decision"].number for one in outcomes if _is_mine(viewer, one, today)]
    return {act_on("done", number): partial(DoneForm, number=number) for number in numbers}


def _correct(presence: Presence) -> Callable[[], Form]:
    return partial(ReasonForm, act="correct", of=presence.pk)


def _is_mine(viewer: Viewer, outcome: Mapping[str, Any], today: date) -> bool:
    duty = outcome["duty"]
    is_open = duty is not None and duty.ended is None
    return is_open and may_report(viewer, duty, outcome["unit"], today)


def _invited(meeting: Meeting) -> list[dict[str, Any]]:
    """Return who was invited, and whether each came."""
    present = queries.find_present().filter(meeting=meeting)
    came = set(present.values_list("person_id", flat=True))
    rows = meeting.invitations.select_related("person", "post").order_by("pk")
    holdings = meetings.find_holdings(meeting).select_related("person")
    held = {one.post_id: one.person for one in holdings}
    found = [(one.post, one.person or held.get(one.post_id or 0)) for one in rows]
    return [
        {"post": post, "person": person, "came": person is not None and person.pk in came}
        for post, person in found
    ]


def _present(meeting: Meeting) -> QuerySet[Presence]:
    """Return who was recorded, with ``came`` as it stands and every correction."""
    rows = queries.with_standing(Presence.objects.filter(meeting=meeting))
    corrections = Prefetch("corrections", PresenceCorrection.objects.order_by("pk"))
    return rows.select_related("person").prefetch_related(corrections).order_by("at")


def banner(
    viewer: Viewer, meeting: Meeting, minutes: Minutes | None, now: datetime
) -> dict[str, str]:
    """Return the callout of a meeting: where it stands, and who may act next."""
    if hasattr(meeting, "confirmed"):
        at = directive_presenting.local(meeting.confirmed.at)
        text = _("Confirmed by the chair on %s; nothing is added to it any more.") % at
        return {"tone": "good", "title": _("Minutes confirmed"), "text": text, "next": ""}
    if hasattr(meeting, "cancelled"):
        text = _("Why: %s") % meeting.cancelled.reason
        return {"tone": "bad", "title": _("Cancelled"), "text": text, "next": ""}
    who = _("The chair, %s, confirms the minutes.") % meeting.chair.name
    if minutes is None:
        title = _("Called") if now < meeting.starts_at else _("Held, without minutes yet")
        who = _("The duty office, the head or a safety officer of the unit writes the minutes.")
        return {"tone": "note", "title": title, "text": "", "next": who}
    not_you = "" if is_chair(viewer, meeting) else _("You are not the chair.")
    follows = " ".join(part for part in (who, not_you) if part)
    return {"tone": "warn", "title": _("Minutes are a draft"), "text": "", "next": follows}


def _story(meeting: Meeting) -> list[dict[str, Any]]:
    happened = [(meeting.called_at, _("Called"), meeting.called_by)]
    happened += [
        (one.written_at, _("Minutes, edition %d") % one.number, one.written_by)
        for one in meeting.minutes.all()
    ]
    happened += [
        (one.decided_at, _("Decided: %s") % one.what, one.by_label)
        for one in meeting.decisions.all()
    ]
    if hasattr(meeting, "confirmed"):
        happened.append((meeting.confirmed.at, _("Minutes confirmed"), meeting.chair.name))
    if hasattr(meeting, "cancelled"):
        happened.append((meeting.cancelled.at, _("Cancelled"), meeting.cancelled.by_label))
    return [
        {"when": directive_presenting.local(at), "iso": at.isoformat(), "title": title, "who": who}
        for at, title, who in sorted(happened, key=lambda one: one[0])
    ]
