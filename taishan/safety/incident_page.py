"""What the page of an incident shows: its clocks, what is known, what was found, who may act."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from taishan.core import incidents as core
from taishan.duties import words as duty_words
from taishan.duties.models import Duty
from taishan.kit import clock
from taishan.organisation import access, history
from taishan.organisation import queries as organisation
from taishan.organisation.access import Capability, Viewer
from taishan.organisation.models import UnitVersion, is_chinese
from taishan.organisation.scope import ScopedRequest
from taishan.safety import incident_forms as asked
from taishan.safety import incident_library as library
from taishan.safety import incident_queries, incident_sums, incidents, investigations
from taishan.safety import incident_words as words
from taishan.safety.incident_models import Incident, Stage
from taishan.safety.investigation_models import Condition, Why

Right = Callable[[Viewer, Incident], bool]
INSTANTS = ("occurred_at", "told_at", "happened_at", "due_at")


def may_look_into(viewer: Viewer, incident: Incident) -> bool:
    """Tell whether the viewer is of the team; what is light the unit looks into by itself."""
    return incident_queries.is_investigator(viewer, incident) or _deals_alone(viewer, incident)


def may_conclude(viewer: Viewer, incident: Incident) -> bool:
    """Tell whether the viewer answers the four conditions and closes: who may appoint the team."""
    return incident_queries.may_appoint(viewer, incident) or _deals_alone(viewer, incident)


def _deals_alone(viewer: Viewer, incident: Incident) -> bool:
    """Tell whether the viewer is of the unit, which looks into what was never more than light."""
    return (
        incident.is_light
        and incident_queries.may_handle(viewer, incident)
        and incident.was_always_light()
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Something done with an incident by a form of its page."""

    title: Any
    form: type[forms.Form]
    do: Callable[..., object]
    right: Right


ACTS: dict[str, Act] = {
    "numbers": Act(
        title=gettext_lazy("Put the numbers right"), form=asked.RevisionForm, do=incidents.revise,
        right=incident_queries.may_handle,
    ),
    "team": Act(
        title=gettext_lazy("Appoint somebody to look into it"), form=asked.TeamForm,
        do=investigations.appoint, right=incident_queries.may_appoint,
    ),
    "moments": Act(
        title=gettext_lazy("Add what happened when"), form=asked.MomentForm,
        do=investigations.add_moment, right=may_look_into,
    ),
    "whys": Act(
        title=gettext_lazy("Ask why"), form=asked.WhyForm, do=investigations.ask_why,
        right=may_look_into,
    ),
    "barriers": Act(
        title=gettext_lazy("Add a barrier"), form=asked.BarrierForm,
        do=investigations.add_barrier, right=may_look_into,
    ),
    "measures": Act(
        title=gettext_lazy("Set a measure"), form=asked.MeasureForm,
        do=investigations.add_measure, right=may_look_into,
    ),
    "lessons": Act(
        title=gettext_lazy("Tell units with the same risk"), form=asked.LessonForm,
        do=investigations.share, right=may_conclude,
    ),
    "conditions": Act(
        title=gettext_lazy("Answer one of the four conditions"), form=asked.ConditionForm,
        do=investigations.answer, right=may_conclude,
    ),
    "closing": Act(
        title=pgettext_lazy("an incident", "Close it"), form=asked.ClosingForm,
        do=investigations.close, right=may_conclude,
    ),
}  # fmt: skip


AFTER_CLOSING = {"numbers"}
"""What goes on when the inquiry has ended: the hurt may die, and then others are to be told."""


def build_form(
    name: str, viewer: Viewer, incident: Incident, data: Any = None
) -> forms.Form:  # fmt: skip
    """Return the form of an act, filled in with what stands."""
    given: dict[str, Any] = {"auto_id": f"id_{name}_%s"}
    if name == "lessons":
        given["viewer"] = viewer
    if name == "whys":
        given["chains"] = _open_chains(incident)
    if name == "numbers":
        stands = (*core.MEASURES, "kind", "is_road_traffic")
        given["initial"] = {key: getattr(incident, key) for key in stands}
        given["initial"]["seen"] = incident.revisions.count()
    return ACTS[name].form(data, **given)


def _open_chains(incident: Incident) -> list[tuple[int, str]]:
    """Return the chains that go on, each by its last answer."""
    last = incident.whys.order_by("chain", "-step").distinct("chain")
    return [(one.chain, f"{one.chain}.{one.step} {one.text[:60]}") for one in last
            if not one.is_root]  # fmt: skip


def read(form: forms.Form, incident: Incident) -> dict[str, Any]:
    """Return what a form says, its local times as instants of the unit's clock: that of the unit
    which is to do something, or that of the incident.
    """
    given = form.cleaned_data
    zone = history.zone_of(given["unit_id"]) if "unit_id" in given else incident.zone
    return {
        name: asked.at(value, zone) if name in INSTANTS else value for name, value in given.items()
    }


def find_open(viewer: Viewer, incident: Incident) -> list[str]:
    """Return the acts that the viewer may do now."""
    open_ = AFTER_CLOSING if incident.stage == Stage.CLOSED else set(ACTS)
    held = {right: right(viewer, incident) for right in {ACTS[name].right for name in open_}}
    return [name for name, act in ACTS.items() if name in open_ and held[act.right]]


def build(
    request: ScopedRequest, incident: Incident, *, sent: dict[str, forms.Form] | None = None
) -> dict[str, Any]:
    """Return the context of the page; ``sent`` holds forms that came back with errors."""
    viewer, now, zone = request.viewer, clock.now(), incident.zone
    version = organisation.find_last_versions([incident.unit_id])[incident.unit_id]
    acts, given = find_open(viewer, incident), sent or {}
    inquiry = investigations.get_inquiry(incident)
    tellings = find_tellings(incident, now, given, viewer)
    may_know = incident_queries.may_see_injured(viewer, incident)
    lacks = core.find_lacks(inquiry)
    return {
        "scope": request.scope_, "incident": incident, "version": version, "zone": zone.key,
        "headline": words.headline(incident), "facts": _facts(incident),
        "banner": words.banner(
            incident, lacks, acts=_next(incident, acts),
            late=sum(one["is_late"] for one in tellings),
            due=next((one["due"] for one in tellings if one["is_open"]), ""),
        ),
        "tellings": tellings, "shown": _shown(incident), "is_light": inquiry.is_light,
        "photos": incident.photos.order_by("pk"), "may_see_injured": may_know,
        "cases": incident_sums.find_last_injuries([incident.pk]),
        "team": incident.investigators.select_related("person").order_by("-leads", "pk"),
        "moments": incident.moments.order_by("happened_at", "pk"), "chains": _chains(incident),
        "barriers": incident.barriers.order_by("pk"), "measures": _measures(incident, now),
        "lacks": [words.LACKS[one] for one in lacks], "conditions": _conditions(incident),
        "story": words.story(incident, zone),
        "forms": {
            name: {
                "title": ACTS[name].title, "name": name, "is_open": name in given,
                "form": given.get(name) or build_form(name, viewer, incident),
            }
            for name in ACTS if name in acts or name in given
        },
        "units": find_offered(viewer),
    }  # fmt: skip


def find_offered(viewer: Viewer, capability: Capability = Capability.SEE) -> list[UnitVersion]:
    """Return the units that a field offers: the first of those over which the viewer has the
    capability today.
    """
    units = access.units_with(viewer, capability, clock.today()).select_related("unit")
    return list(units.order_by("path")[:200])


def _next(incident: Incident, acts: list[str]) -> str:
    if incident.stage == Stage.CLOSED:
        return ""
    if incident.stage == Stage.REPORTED and not incident.is_light:
        who = _("The unit deals with it; a unit above has it looked into by another line.")
    elif "closing" in acts or "whys" in acts:
        who = _("You may act below.")
    else:
        who = _("The team writes what it finds; whoever appointed it closes the incident.")
    return who if acts else f"{who} {_('You hold no such role here.')}"


def _facts(incident: Incident) -> list[tuple[Any, Any]]:
    zone = incident.zone
    grading = incident_queries.find_grading(incident)
    entry = library.get_grades(incident.occurred_at.astimezone(zone).date())
    graded = words.grade(incident.grade)
    if grading.grounds:
        graded = f"{graded} ({words.grounds(grading)})"
    if incident.country != "CN" and incident.grade:
        graded = _("%s, for comparison only") % graded
    rows = [
        (_("What happened"), incident.what), (_("Where exactly"), incident.place),
        (_("When"), f"{words.local(incident.occurred_at, zone)} {zone.key}"),
        (_("Reported at"), words.local(incident.known_at, zone)),
        (_("Road traffic"), _("yes") if incident.is_road_traffic else ""),
        (_("First measures taken"), incident.first_measures),
        *((words.capitalised(str(word)), f"{value:,}") for name, word in words.MEASURES.items()
          if (value := getattr(incident, name))),
        (_("Grade"), graded),
        (_("Graded by"), _said(entry.source) if entry and incident.grade else ""),
    ]  # fmt: skip
    return [(word, value) for word, value in rows if value]


def _said(text: Any) -> str:
    return str(text.zh if is_chinese() else text.en)


def find_tellings(
    incident: Incident, now: datetime, sent: dict[str, forms.Form], viewer: Viewer
) -> list[dict[str, Any]]:
    """Return the clocks that run or ran, the next to run down first, each with its proof."""
    zone, known = incident.zone, library.find_clocks()
    rows = incident.tellings.select_related("proof__by__person", "proof__file", "waiver")
    rights = {
        "form": (asked.ProofForm, "telling", incident_queries.may_handle(viewer, incident)),
        "waiver_form": (asked.WaiverForm, "waiver", incident_queries.may_appoint(viewer, incident)),
    }
    found = []
    for row in rows.order_by("due_at", "pk"):
        entry, proof = known[row.code], getattr(row, "proof", None)
        waiver = getattr(row, "waiver", None)
        is_open, is_past = proof is None and waiver is None, now > row.due_at
        found.append({
            "row": row, "whom": _said(entry.whom), "source": _said(entry.source),
            "url": entry.source.url, "hour_is_ours": entry.hour_is_ours, "proof": proof,
            "waiver": waiver, "is_open": is_open, "due": words.local(row.due_at, zone),
            "is_late": is_open and is_past,
            "was_late": proof is not None and proof.told_at > row.due_at,
            "told": words.local(proof.told_at, zone) if proof else "",
            "file": getattr(proof, "file", None),
        } | {
            name: sent.get(f"{prefix}{row.pk}") or form(auto_id=f"id_{prefix}{row.pk}_%s")
            for name, (form, prefix, may) in rights.items()
            if (is_open and may) or f"{prefix}{row.pk}" in sent
        })  # fmt: skip
    return sorted(found, key=lambda one: not one["is_open"])


def _shown(incident: Incident) -> list[tuple[str, int, str]]:
    facts = incident_queries.get_facts(incident, known_at=incident.known_at)
    return [(_said(one.whom), one.within_h, _said(one.source)) for one in library.find_shown(facts)]


def _chains(incident: Incident) -> list[list[Why]]:
    chains: dict[int, list[Why]] = {}
    for one in incident.whys.order_by("chain", "step"):
        chains.setdefault(one.chain, []).append(one)
    return list(chains.values())


def _measures(incident: Incident, now: datetime) -> list[dict[str, Any]]:
    rows = list(incident.measures.select_related("unit", "post").order_by("due_at", "pk"))
    duties = Duty.objects.filter(
        subject_kind=investigations.MEASURE, subject_id__in=[str(row.pk) for row in rows]
    )
    by_id = {duty.subject_id: duty for duty in duties}
    zones = history.find_zones({row.unit_id for row in rows})
    return [
        {
            "row": row, "duty": (duty := by_id[str(row.pk)]),
            "due": words.local(duty.due_at, zones[row.unit_id]),
            "zone": "" if zones[row.unit_id] == incident.zone else zones[row.unit_id].key,
            "state_word": duty_words.STATES[duty.standing(now)],
        }
        for row in rows
    ]  # fmt: skip


def _conditions(incident: Incident) -> list[tuple[Any, str]]:
    last = {one.condition: one.text for one in incident.answers.order_by("at", "pk")}
    return [(label, last.get(value, "")) for value, label in Condition.choices]
