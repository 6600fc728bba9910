"""What the page of a meeting shows, and who may do what on it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _

from taishan.communications import directive_presenting, part_page
from taishan.duties.models import Duty
from taishan.kit import clock
from taishan.learning import meetings, queries
from taishan.learning.forms import DecisionForm
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


def compose(
    viewer: Viewer, meeting: Meeting, version: UnitVersion, form: DecisionForm | None, now: datetime
) -> dict[str, Any]:
    """Return the context of a meeting's page."""
    today = clock.day_at(now)
    is_open = not hasattr(meeting, "confirmed") and not hasattr(meeting, "cancelled")
    keeps = is_open and may_keep(viewer, meeting, version)
    minutes = meeting.minutes.order_by("-number").first()
    decides = is_open and may_decide(viewer, meeting, version)
    outcomes = queries.find_outcomes(viewer, meeting, now)
    for one in outcomes:
        duty = one["duty"]
        one["may_report"] = duty is not None and duty.ended is None and may_report(
            viewer, duty, one["unit"], today
        )  # fmt: skip
    return {
        "meeting": meeting,
        "version": version,
        "banner": banner(viewer, meeting, minutes, now),
        "agenda": meeting.agenda.order_by("number"),
        "invited": _invited(meeting),
        "present": _present(meeting),
        "materials": meeting.materials.order_by("pk"),
        "minutes": minutes,
        "outcomes": outcomes,
        "may_keep": keeps,
        "may_cancel": keeps and now < meeting.starts_at and not outcomes,
        "may_confirm": is_open and minutes is not None and is_chair(viewer, meeting),
        "form": (form or decision_form(meeting, version, today)) if decides else None,
        "story": _story(meeting),
    }


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
