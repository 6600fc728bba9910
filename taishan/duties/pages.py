"""One duty as its page shows it: who owes it, what happened to it, who may do what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _

from taishan.core import duty_kinds, duty_rights
from taishan.core.duties import State
from taishan.core.duty_kinds import Kind
from taishan.core.duty_rights import Act, Position, Why
from taishan.duties import case_queries, matrix, presenting, queries, words
from taishan.duties.models import Duty, Extension, Handover, ProofFile
from taishan.organisation import queries as organisation
from taishan.organisation.access import Capability, Viewer
from taishan.organisation.models import Person, Post, PostHolding, UnitVersion

DONE_BY = {"inspection": Capability.CHECK, "unit_return": Capability.REPORT}
"""By which right somebody does what a unit owes, where only they are answered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """A duty with the units it is between, who owes it today, and what the viewer may do.

    ``above``: who owes it in the place of a unit that is closed.
    """

    duty: Duty
    now: datetime
    debtor: UnitVersion
    creditor: UnitVersion
    above: UnitVersion | None
    post: Post | None
    person: Person | None
    state: State
    zone: ZoneInfo
    address: str
    refusals: Mapping[Act, Why | None]
    children: list[Duty]

    def may(self, act: Act) -> bool:
        return self.refusals[act] is None

    @property
    def debtor_words(self) -> str:
        """Who owes it: the unit, or its post or person, by name."""
        parts = [self.debtor.name]
        if self.post:
            parts.append(self.post.title)
            parts.append(self.person.name if self.person else _("vacant: the unit owes it"))
        elif self.person:
            parts.append(self.person.name)
        if self.above:
            parts.append(_("closed: %(unit)s owes it") % {"unit": self.above.name})
        return " · ".join(parts)


def read(viewer: Viewer, now: datetime, unit_id: int, duty_id: UUID) -> Whole:
    """Return a duty that the viewer may see. Raises Duty.DoesNotExist otherwise."""
    duty = Duty.objects.select_related("post", "person").get(unit_id=unit_id, id=duty_id)
    # A duty outlives the unit that owed it.
    units = organisation.find_last_versions((duty.unit_id, duty.creditor_id))
    debtor, creditor = units[duty.unit_id], units[duty.creditor_id]
    zone, state = ZoneInfo(debtor.time_zone), duty.standing(now)
    holder = _holder(duty, now, zone)
    person = duty.person or holder
    today = now.astimezone(zone).date()
    is_debtor = _is_debtor(viewer, duty, holder, today)
    if not is_debtor and not _may_see(viewer, duty, debtor, creditor):
        raise Duty.DoesNotExist
    children = list(queries.find_children(duty).order_by("due_at", "id"))
    return Whole(
        duty=duty, now=now, debtor=debtor, creditor=creditor,
        above=_find_above(duty, debtor, now), post=duty.post, person=person,
        state=state, zone=zone, children=children,
        address=duty.address if _is_answered(viewer, duty, debtor, is_debtor=is_debtor) else "",
        refusals=duty_rights.refusals(
            state,
            Position(
                is_debtor=is_debtor,
                directs_creditor=viewer.may(Capability.DIRECT, creditor.path),
                directs_debtor=viewer.may(Capability.DIRECT, debtor.path),
            ),
            is_ticked=_is_ticked(duty),
            bound=_find_bound(duty_kinds.get_kind(duty.kind)),
            open_children=sum(one.ended is None for one in children),
        ),
    )  # fmt: skip


def _find_bound(kind: Kind) -> Why | None:
    """Return why nobody lets anybody off a duty of a kind by hand, if so."""
    if kind.of_law:
        return Why.OF_LAW
    return Why.OF_DOMAIN if kind.of_domain else None


def _is_ticked(duty: Duty) -> bool:
    """Tell whether it is done by saying so."""
    template = matrix.find_template(duty)
    return duty_kinds.get_kind(duty.kind).ticked and not (template and template.done_by)


def _holder(duty: Duty, now: datetime, zone: ZoneInfo) -> Person | None:
    """Return who holds the post today, or held it on the day on which it ended."""
    if duty.post_id is None:
        return None
    day = (duty.ended_at or now).astimezone(zone).date()
    held = PostHolding.objects.select_related("person").filter(
        post_id=duty.post_id, valid__contains=day
    )
    found = held.first()
    return found.person if found else None


def _find_above(duty: Duty, debtor: UnitVersion, now: datetime) -> UnitVersion | None:
    """Return who owes it in the place of a unit that closed over it."""
    closed, zone = debtor.valid.upper, ZoneInfo(debtor.time_zone)
    until = (duty.ended_at or now).astimezone(zone).date()
    if duty.person_id is not None or closed is None or closed > until:
        return None
    return organisation.find_open_above([debtor], now.astimezone(zone).date()).get(debtor.unit_id)


def _is_debtor(viewer: Viewer, duty: Duty, holder: Person | None, today: date) -> bool:
    """Tell whether the viewer is who owes it; the unit's own is owed by who answers for it."""
    person_id = duty.person_id or (holder.pk if holder else None)
    if person_id is not None:
        return viewer.person_id == person_id
    units = [int(root) for root in viewer.roots(Capability.REPORT)]
    return duty.unit_id in units or duty.unit_id in queries.find_answered_for(units, today)


def _may_see(viewer: Viewer, duty: Duty, debtor: UnitVersion, creditor: UnitVersion) -> bool:
    if duty.person_id is not None:
        return viewer.may(Capability.SEE_PEOPLE, debtor.path)
    return viewer.may(Capability.SEE, debtor.path) or viewer.may(Capability.SEE, creditor.path)


def _is_answered(viewer: Viewer, duty: Duty, debtor: UnitVersion, *, is_debtor: bool) -> bool:
    """Tell whether the viewer is answered where it is done."""
    if duty.kind == "explanation":
        is_head = duty.unit_id in case_queries.find_headed(viewer)
        return is_head if duty.person_id is None else is_debtor
    right = DONE_BY.get(duty.kind)
    return is_debtor or right is None or viewer.may(right, debtor.path)


def banner(whole: Whole) -> dict[str, str]:
    """Say where it stands, who may act next, and if not the viewer, why not."""
    due = f"{whole.duty.due_at.astimezone(whole.zone):%Y-%m-%d %H:%M}"
    state = str(words.STATES[whole.state])
    how_long = presenting.when(whole.duty, whole.state, whole.now)
    why = whole.refusals[Act.DISCHARGE]
    next_ = ""
    if why is None:
        next_ = _("You may record that it is done.")
    elif why is not Why.ENDED:
        next_ = words.say_why(why, whole.debtor_words)
    title = f"{state} · {how_long}" if how_long else state
    return {
        "title": title[:1].upper() + title[1:],
        "tone": presenting.TONES[whole.state],
        "text": _("Due %(due)s (%(zone)s)") % {"due": due, "zone": whole.zone.key},
        "next": next_,
    }


def story(whole: Whole) -> list[dict[str, Any]]:
    """Return what happened to it, in order."""
    duty, zone = whole.duty, whole.zone
    of_it = {"unit_id": duty.unit_id, "duty_id": duty.id}
    events: list[tuple[datetime, dict[str, Any]]] = [
        (duty.opened_at, {"title": _("Opened"), "text": "", "who": whole.creditor.name})
    ]
    for extended in Extension.objects.filter(**of_it):
        was, now = (
            f"{one.astimezone(zone):%m-%d %H:%M}"
            for one in (extended.due_before, extended.due_after)
        )
        title = _("Due %(now)s instead of %(was)s") % {"now": now, "was": was}
        events.append((extended.recorded_at, _event(title, extended.reason, extended.by_label)))
    for handed in Handover.objects.filter(**of_it).select_related(
        "from_person", "from_post", "to_person", "to_post"
    ):
        title = _("Handed over: %(whose)s → %(to)s") % {
            "whose": _name(handed.from_person, handed.from_post),
            "to": _name(handed.to_person, handed.to_post),
        }
        events.append((handed.recorded_at, _event(title, handed.reason, handed.by_label)))
    if whole.above:
        title = _("The unit closed: %(unit)s owes it") % {"unit": whole.above.name}
        closed_at = datetime.combine(whole.debtor.valid.upper, time(), zone)
        events.append((closed_at, _event(title, "", "")))
    ending = queries.find_ending(duty)
    if ending is not None:
        title = str(words.STATES[State(ending.state)])
        reason = "" if ending.reason == f"{duty.subject_kind}:{duty.subject_id}" else ending.reason
        events.append((ending.at, _event(title[:1].upper() + title[1:], reason, ending.by_label)))
    elif whole.state is State.MISSED and duty.lapses_at:
        events.append((duty.lapses_at, _event(_("Missed"), "", "")))
    return [
        event | {"when": f"{at.astimezone(zone):%Y-%m-%d %H:%M}", "iso": at.isoformat()}
        for at, event in sorted(events, key=lambda row: row[0])
    ]


def _event(title: str, text: str, who: str) -> dict[str, Any]:
    return {"title": title, "text": text, "who": who}


def _name(person: Person | None, post: Post | None) -> str:
    if person is not None:
        return person.name
    return post.title if post is not None else _("the unit")


def proof(whole: Whole) -> dict[str, str] | None:
    """Return the file that shows it was done, if one was handed in."""
    duty = whole.duty
    file = ProofFile.objects.filter(unit_id=duty.unit_id, duty_id=duty.id).first()
    if file is None:
        return None
    return {"name": file.name, "href": reverse("duties:file", args=_args(whole))}


def _args(whole: Whole) -> list[Any]:
    return [whole.debtor.unit.code, whole.duty.id]
