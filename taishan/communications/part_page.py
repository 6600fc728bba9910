"""What the page of one part of a measure shows, and who may do what on it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from django.forms import Form

from taishan.communications import directive_page, directive_presenting, directive_queries
from taishan.communications.cascading import PartWanted
from taishan.communications.directive_forms import ConfirmForm, PartForm, ReasonForm
from taishan.communications.models import Confirmation, Measure
from taishan.core.cascade import Part, Reply
from taishan.duties import queries as duties
from taishan.duties.models import Duty
from taishan.kit import clock
from taishan.organisation import history
from taishan.organisation.access import Capability, Viewer
from taishan.organisation.models import Post, PostHolding, UnitVersion


def may_confirm(viewer: Viewer, duty: Duty, version: UnitVersion, today: date) -> bool:
    """Tell whether the viewer answers for the unit, or holds the post that owes it."""
    holds = PostHolding.objects.filter(
        post_id=duty.post_id or 0, person_id=viewer.person_id or 0, valid__contains=today
    )
    return viewer.may(Capability.ATTEST, version.path) or holds.exists()


def may_decompose(viewer: Viewer, duty: Duty, version: UnitVersion) -> bool:
    """Tell whether the viewer gives orders in the unit; a post gives nothing on."""
    return duty.post_id is None and viewer.may(Capability.DIRECT, version.path)


def may_answer(viewer: Viewer, duty: Duty, today: date) -> bool:
    """Tell whether the viewer gives orders in the unit that it is owed to."""
    path = directive_queries.get_version(duty.creditor_id, today).path
    return viewer.may(Capability.DIRECT, path)


def part_form(duty: Duty, version: UnitVersion, today: date, given: Any = None) -> PartForm:
    """Return the form by which parts are given on: to units below, and to posts of the unit."""
    below = history.find_below(version, today).select_related("unit").order_by("path")
    posts = Post.objects.filter(unit_id=version.unit_id, valid__contains=today).order_by("code")
    debtors = [(f"unit-{one.unit_id}", f"{one.name} ({one.unit.code})") for one in below]
    debtors += [(f"post-{one.pk}", one.title) for one in posts]
    initial = {"due_at": duty.due_at, "needs_evidence": duty.needs_evidence}
    return PartForm(given, debtors=debtors, initial=initial)


def wanted(duty: Duty, given: Mapping[str, Any]) -> list[PartWanted]:
    """Return a part for each debtor that was chosen in a valid form."""
    same = {name: given[name] for name in ("what_en", "what_zh", "due_at", "needs_evidence")}
    chosen = [debtor.partition("-") for debtor in given["to"]]
    return [
        PartWanted(unit_id=duty.unit_id, post_id=int(pk), **same)
        if kind == "post"
        else PartWanted(unit_id=int(pk), **same)
        for kind, _dash, pk in chosen
    ]


def compose(
    viewer: Viewer,
    measure: Measure,
    duty: Duty,
    version: UnitVersion,
    refused: Mapping[str, Form],
    now: datetime,
) -> dict[str, Any]:
    """Return the context of the page of a part.

    ``refused``: a form whose act cannot be, as it was filled in, by ``parts``, ``confirm``,
    ``return`` or ``waive``; shown by itself where the act is offered no more.
    """
    rows = Confirmation.objects.filter(duty_id=duty.id).select_related("answer")
    said = list(rows.prefetch_related("files").order_by("-number"))
    beneath = duties.find_children(duty).select_related("post", "unit")
    shown = directive_queries.as_part(duty, said[0] if said else None, now)
    return {
        "measure": measure,
        "duty": duty,
        "name": directive_presenting.name_of(duty, version),
        "version": version,
        "creditor": directive_queries.get_version(duty.creditor_id, clock.day_at(now)),
        "stage": directive_presenting.stage(shown.stage),
        "beneath": directive_page.parts(beneath.order_by("due_at"), now),
        "said": said,
        "ending": duties.find_ending(duty),
    } | _offered(viewer, duty, version, shown, said, refused, now)


def _offered(
    viewer: Viewer,
    duty: Duty,
    version: UnitVersion,
    shown: Part,
    said: list[Confirmation],
    refused: Mapping[str, Form],
    now: datetime,
) -> dict[str, Any]:
    """Return what the viewer may do now."""
    open_beneath = duties.count_open_children(duty)
    is_waiting = shown.is_open and shown.reply is Reply.CONFIRMED
    acts = _acts(viewer, duty, version, clock.day_at(now)) if shown.is_open else set()
    is_own = is_waiting and said[0].by_person_id == viewer.person_id
    may = {
        "confirm": "confirm" in acts and not is_waiting and not open_beneath,
        "return": "answer" in acts and is_waiting and not is_own,
        "waive": "answer" in acts,
        "parts": "decompose" in acts and not is_waiting,
    }
    blank = _blank(duty, version, clock.day_at(now))
    return {
        "open_beneath": open_beneath,
        "may_answer": "answer" in acts and is_waiting,
        "is_own": is_own,
        "forms": {act: refused.get(act) or make() for act, make in blank.items() if may[act]},
        "too_late": [form for act, form in refused.items() if not may[act]],
    }


def _blank(duty: Duty, version: UnitVersion, today: date) -> dict[str, Callable[[], Form]]:
    return {
        "confirm": ConfirmForm,
        "return": lambda: ReasonForm(act="return"),
        "waive": lambda: ReasonForm(act="waive"),
        "parts": lambda: part_form(duty, version, today),
    }


def _acts(viewer: Viewer, duty: Duty, version: UnitVersion, today: date) -> set[str]:
    may = {
        "confirm": may_confirm(viewer, duty, version, today),
        "decompose": may_decompose(viewer, duty, version),
        "answer": may_answer(viewer, duty, today),
    }
    return {act for act, is_so in may.items() if is_so}
