"""Reading accountability cases: who may see which, and the facts of what was not done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from django.db.models import Q, QuerySet

from taishan.core.accountability import Act
from taishan.duties import queries
from taishan.duties.case_models import Case, CaseAct, CaseLapse
from taishan.duties.escalation_models import Escalation
from taishan.duties.models import Duty, Ending, Extension, Handover
from taishan.kit import clock
from taishan.organisation import access
from taishan.organisation.access import Capability, Viewer
from taishan.organisation.models import Role

Row = TypeVar("Row", Extension, Handover, Escalation)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of a duty that lapsed, all of it rows that nobody can change."""

    lapse: CaseLapse
    duty: Duty
    ending: Ending | None
    extensions: Sequence[Extension]
    handovers: Sequence[Handover]
    told: Sequence[Escalation]


def find_visible(viewer: Viewer) -> QuerySet[Case]:
    """Return the cases that a person may read, latest first: of the units that they hold to account
    or inspect, and those in which they answer themselves.
    """
    seen = access.unit_ids_with(viewer, Capability.SEE_CASES)
    rows = Case.objects.filter(Q(unit_id__in=seen) | _of(viewer))
    return rows.select_related("unit", "post", "person").prefetch_related("acts").order_by("-pk")


def find_mine(viewer: Viewer) -> QuerySet[Case]:
    """Return the open cases in which the viewer answers, latest first."""
    return find_open(Case.objects.filter(_of(viewer))).order_by("-pk")


def find_open(cases: QuerySet[Case]) -> QuerySet[Case]:
    """Return those of the cases that are not closed."""
    return cases.exclude(pk__in=CaseAct.objects.filter(act=Act.CLOSED).values("case_id"))


def _of(viewer: Viewer) -> Q:
    return Q(person_id=viewer.person_id or 0) | Q(person=None, unit_id__in=find_headed(viewer))


def find_headed(viewer: Viewer) -> list[int]:
    """Return the units for which the viewer answers as their head, or that of the unit above."""
    heads = [path.rpartition(".")[2] for role, path in viewer.grants if role == Role.UNIT_HEAD]
    return queries.find_answered_for([int(pk) for pk in heads], clock.today()) if heads else []


def find_facts(case: Case) -> list[Facts]:
    """Return the facts of each lapse of a case, oldest first. Six queries, however many."""
    lapses = list(case.lapses.order_by("at", "pk"))
    ids = [lapse.duty_id for lapse in lapses]
    of = {"unit_id": case.unit_id, "duty_id__in": ids}
    duties = Duty.objects.filter(unit_id=case.unit_id, id__in=ids).select_related("creditor")
    by_id = {duty.id: duty for duty in duties}
    endings = {row.duty_id: row for row in Ending.objects.filter(**of)}
    extensions = _group(Extension.objects.filter(**of).order_by("recorded_at"))
    passed = Handover.objects.filter(**of).select_related(
        "from_person", "from_post", "to_person", "to_post"
    )
    handovers = _group(passed.order_by("recorded_at"))
    told = _group(Escalation.objects.filter(**of).select_related("person").order_by("recorded_at"))
    return [
        Facts(
            lapse=lapse, duty=by_id[lapse.duty_id], ending=endings.get(lapse.duty_id),
            extensions=extensions.get(lapse.duty_id, []),
            handovers=handovers.get(lapse.duty_id, []), told=told.get(lapse.duty_id, []),
        )
        for lapse in lapses
    ]  # fmt: skip


def _group(rows: QuerySet[Row]) -> dict[UUID, list[Row]]:
    found: dict[UUID, list[Row]] = {}
    for row in rows:
        found.setdefault(row.duty_id, []).append(row)
    return found
