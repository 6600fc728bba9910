"""Major hazards: listed by headquarters, told to who must know, and work stopped where it kills.

That major hazards are reported to the authority and, since 1 September 2021, to the workers'
congress stands in article 41 of the Work Safety Law as amended in 2021, which says "in time": the
hours are the group's own, and so is telling the congress before that day.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from taishan.core.hazards import ENDED, Act, Grade
from taishan.duties import actions as duties
from taishan.duties import queries as owed_queries
from taishan.duties.actions import Owed
from taishan.duties.models import Duty
from taishan.kit.actor import Actor
from taishan.kit.attachments import Attachment
from taishan.ledger import actions as ledger
from taishan.organisation import queries as organisation
from taishan.organisation.access import Capability, Viewer
from taishan.organisation.models import UnitVersion
from taishan.safety import actions as stops
from taishan.safety import hazard_queries
from taishan.safety.hazard_models import Hazard, HazardAct
from taishan.safety.hazard_supervision_models import (
    HazardRemark,
    HazardTelling,
    HazardTellingFile,
    StopOfHazard,
    Whom,
)
from taishan.safety.models import StopWork

DUTY = "hazard_telling"
TIME: dict[str, timedelta] = {
    Whom.REGULATOR: timedelta(hours=24),
    Whom.CONGRESS: timedelta(days=7),
}
WORDS: dict[str, tuple[str, str]] = {
    Whom.REGULATOR: (
        "Tell the work safety authority of major hazard %d",
        "向负有安全生产监督管理职责的部门报告重大隐患 %d",
    ),
    Whom.CONGRESS: (
        "Tell the workers' congress of major hazard %d",
        "向职工大会或职工代表大会报告重大隐患 %d",
    ),
}


class SupervisionRefused(ValueError):
    """The act cannot be; the message says why."""


def follow_grade(
    actor: Actor, now: datetime, hazard: Hazard, version: UnitVersion, *, stops: bool
) -> None:
    """Let what a major hazard asks for follow its grading: tellings owed, and work stopped."""
    if hazard.grade != Grade.MAJOR:
        _waive(actor, now, hazard, _("It is graded as general now."))
        return
    settled = set(hazard.tellings.values_list("whom", flat=True))
    settled |= {_whom(duty) for duty in _find_owed(hazard)}
    number = max(_find_gradings(hazard))
    duties.assign(
        actor=actor, now=now,
        owed=[_owed(hazard, number, whom, now) for whom in WORDS if whom not in settled],
    )  # fmt: skip
    stop = find_stop(hazard)
    if stops and (stop is None or stop.lifted_at is not None):
        _stop(actor, now, hazard, version)


def follow_merger(actor: Actor, now: datetime, merged: Hazard) -> None:
    """Ask no more for the telling of what goes on in another: of that one it is asked itself."""
    why = _("It goes on as hazard %(n)s, which is the same.") % {"n": merged.merged_into_id}
    _waive(actor, now, merged, why)


def _waive(actor: Actor, now: datetime, hazard: Hazard, reason: str) -> None:
    for duty in _find_owed(hazard):
        duties.waive(actor=actor, now=now, duty=duty, reason=reason)


def _owed(hazard: Hazard, number: int, whom: str, now: datetime) -> Owed:
    english, chinese = WORDS[whom]
    return Owed(
        unit_id=hazard.unit_id, creditor_id=hazard.lister_id or hazard.unit_id, kind=DUTY,
        subject=(DUTY, f"{hazard.pk}:{whom}:{number}"), what_en=english % hazard.pk,
        what_zh=chinese % hazard.pk, address=reverse("hazards:hazard", args=[hazard.pk]),
        due_at=now + TIME[whom], needs_evidence=True,
    )  # fmt: skip


def _find_owed(hazard: Hazard) -> list[Duty]:
    """Return what is owed still: by the grading that it follows, or by none where it is of old."""
    by = ["", *(f":{number}" for number in _find_gradings(hazard))]
    ids = [f"{hazard.pk}:{whom}{of}" for whom in WORDS for of in by]
    return list(owed_queries.find_open_about(DUTY, ids))


def _find_gradings(hazard: Hazard) -> list[int]:
    return list(hazard.acts.filter(act=Act.GRADE).values_list("number", flat=True))


def _whom(duty: Duty) -> str:
    return duty.subject_id.split(":")[1]


def _stop(actor: Actor, now: datetime, hazard: Hazard, version: UnitVersion) -> None:
    """Stop work in the name of whoever graded: it is an act of office, and the ledger has it."""
    stop = stops.stop_work(
        actor=actor, now=now, version=version, place=hazard.area,
        ground=f"重大隐患 Major hazard {hazard.pk}: {hazard.text[:1500]}",
        shown_to=StopWork.ShownTo.EVERYBODY,
    )  # fmt: skip
    StopOfHazard.objects.create(hazard=hazard, stop=stop)


def find_stop(hazard: Hazard) -> StopWork | None:
    """Return the stop-work that this hazard led to, the latest where there were several."""
    stops_of = StopOfHazard.objects.filter(hazard=hazard).select_related("stop")
    found = stops_of.order_by("-pk").first()
    return found.stop if found else None


@transaction.atomic
def tell(
    *, viewer: Viewer, now: datetime, hazard: Hazard, whom: str, who: str, told_at: datetime,
    file: Attachment | None = None,
) -> HazardTelling:  # fmt: skip
    """Record that somebody was told of a major hazard, with what proves it.

    Raises SupervisionRefused, also without a file: what is owed to the law is proved by paper.
    """
    _require(viewer, Capability.HANDLE_HAZARDS, hazard.unit_id)
    if hazard.grade != Grade.MAJOR:
        raise SupervisionRefused(_("Only a major hazard has to be told."))
    if told_at > now:
        raise SupervisionRefused(_("What is yet to happen cannot be recorded as done."))
    if not who.strip() or file is None:
        raise SupervisionRefused(_("Say who was told, and show what proves it."))
    telling = HazardTelling.objects.create(
        hazard=hazard, whom=whom, who=who.strip(), told_at=told_at, recorded_at=now,
        by_id=viewer.account_id,
    )  # fmt: skip
    kept = HazardTellingFile.keep(file, telling=telling).about()
    ledger.record(
        actor=viewer.actor, now=now, verb="hazard.told", subject=("hazard", str(hazard.pk)),
        unit_id=hazard.unit_id, data={"whom": whom, "at": told_at.isoformat(), "file": kept},
    )  # fmt: skip
    for duty in _find_owed(hazard):
        if _whom(duty) == whom:
            done_at = max(told_at, duty.opened_at)
            duties.discharge(
                actor=viewer.actor, now=now, duty=duty, done_at=done_at, evidence=who.strip(),
                file=file,
            )  # fmt: skip
    return telling


@transaction.atomic
def remark(*, viewer: Viewer, now: datetime, hazard: Hazard, text: str) -> HazardRemark:
    """Say something to a major hazard, as the level that lists it. Raises SupervisionRefused."""
    _require(viewer, Capability.HANDLE_HAZARDS, hazard.lister_id or hazard.unit_id)
    if hazard.grade != Grade.MAJOR or hazard.state in ENDED:
        raise SupervisionRefused(_("Only an open major hazard is supervised."))
    if not text.strip():
        raise SupervisionRefused(_("Say what you ask for, or what you have seen."))
    made = HazardRemark.objects.create(
        hazard=hazard, text=text.strip(), at=now, by_id=viewer.account_id
    )
    ledger.record(
        actor=viewer.actor, now=now, verb="hazard.remarked", subject=("hazard", str(hazard.pk)),
        unit_id=hazard.unit_id, data={"remark": made.pk},
    )  # fmt: skip
    return made


def _require(viewer: Viewer, capability: Capability, unit_id: int) -> None:
    if not viewer.may(capability, organisation.get_path(unit_id)):
        raise SupervisionRefused(_("Only who handles hazards there does this."))


def find_major(viewer: Viewer, *, is_open: bool) -> QuerySet[Hazard]:
    """Return the major hazards that the viewer may see: those open by deadline, or those ended."""
    rows = hazard_queries.find_visible(viewer).filter(grade=Grade.MAJOR)
    rows = rows.filter(ended_at__isnull=is_open).exclude(state="merged")
    rows = rows.select_related("unit", "post", "lister")
    order = ("due_at", "found_at") if is_open else ("-ended_at", "-pk")
    return rows.order_by(*order)


def find_listed_at(hazard_ids: Sequence[int]) -> dict[int, datetime]:
    """Return since when hazards are listed: when each was last graded."""
    acts = HazardAct.objects.filter(hazard_id__in=hazard_ids, act="grade").order_by("number")
    return {act.hazard_id: act.at for act in acts}
