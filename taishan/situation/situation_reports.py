"""Writing a unit's situation report, having it reviewed by somebody else, and publishing it.

Every action locks the row of the unit, so that the steps of its reports come one after the other
and numbers are given without a gap; reports that come in meanwhile do not wait for it.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from taishan.kit.actor import Actor
from taishan.ledger import actions as ledger
from taishan.organisation.models import Unit
from taishan.situation import outside
from taishan.situation.freezing import Numbers
from taishan.situation.models import Edition, Publication, SituationReport, Step

SECTIONS = ("epidemic", "resumption", "supplies", "difficulties", "next_steps")


class State(StrEnum):
    """Where a report stands."""

    DRAFT = "draft"
    """Being written; nobody has been asked to look at it."""
    SUBMITTED = "submitted"
    """Waits for somebody else's review; nobody writes in it."""
    RETURNED = "returned"
    """Somebody else found something wrong, and said what; it is written in again."""
    REVIEWED = "reviewed"
    """Somebody else has found it right; it may be published."""
    PUBLISHED = "published"
    """It has a number and never changes."""


WRITTEN_IN = (State.DRAFT, State.RETURNED)


class ReportRefused(ValueError):
    """A step that cannot be taken; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What a report says in words, by section: plain text, an empty line between paragraphs."""

    epidemic: str = ""
    resumption: str = ""
    supplies: str = ""
    difficulties: str = ""
    next_steps: str = ""

    def as_sections(self) -> dict[str, str]:
        return {name: getattr(self, name).replace("\r\n", "\n").strip() for name in SECTIONS}


def state_of(report: SituationReport) -> State:
    """Return where the report stands; its publication and its last step decide."""
    if Publication.objects.filter(report=report).exists():
        return State.PUBLISHED
    last = report.steps.order_by("-number").first()
    return State(last.kind) if last else State.DRAFT


@transaction.atomic
def draft(
    *,
    actor: Actor,
    now: datetime,
    unit_id: int,
    day: date,
    numbers: Numbers,
    for_outside: bool = False,
    corrects: SituationReport | None = None,
    words: Words | None = None,
) -> SituationReport:
    """Begin a report on numbers that were just taken. Raises ReportRefused."""
    if day > now.astimezone(ZoneInfo(numbers["unit"]["time_zone"])).date():
        raise ReportRefused(_("There is nothing to report of a day to come."))
    if corrects is not None and (
        state_of(corrects) != State.PUBLISHED or corrects.unit_id != unit_id
    ):
        raise ReportRefused(_("Only a published report of the same unit can be corrected."))
    report = SituationReport.objects.create(
        unit_id=unit_id, day=day, for_outside=for_outside, corrects=corrects, drafted_at=now
    )
    _write(actor, now, report, 1, numbers, (words or Words()).as_sections())
    _record(actor, now, report, "drafted", {"day": str(day)})
    return report


@transaction.atomic
def revise(
    *, actor: Actor, now: datetime, report: SituationReport, edition: int, words: Words
) -> None:
    """Keep new words, on the same numbers. Raises ReportRefused.

    ``edition`` is the number of the one that was read: what somebody else wrote since is not lost.
    """
    last = _open(report, edition)
    _write(actor, now, report, edition + 1, last.numbers, words.as_sections())
    _record(actor, now, report, "revised", {"edition": edition + 1})


@transaction.atomic
def renew(
    *, actor: Actor, now: datetime, report: SituationReport, edition: int, numbers: Numbers
) -> None:
    """Put the numbers of this instant in the place of earlier ones. Raises ReportRefused."""
    last = _open(report, edition)
    sections = {name: getattr(last, name) for name in SECTIONS}
    _write(actor, now, report, edition + 1, numbers, sections)
    _record(actor, now, report, "numbers_renewed", {"edition": edition + 1})


def _open(report: SituationReport, edition: int) -> Edition:
    state = _lock(report)
    if state not in WRITTEN_IN:
        raise ReportRefused(_("It is not written in any more: have it returned first."))
    return _latest(report, edition)


def _lock(report: SituationReport) -> State:
    # Without "no key", every report that comes in for the unit would wait.
    Unit.objects.select_for_update(no_key=True).get(pk=report.unit_id)
    return state_of(report)


def _latest(report: SituationReport, edition: int) -> Edition:
    last = report.editions.latest("number")
    if last.number != edition:
        raise ReportRefused(_("Somebody has written in it meanwhile: look at it again."))
    return last


def _write(
    actor: Actor,
    now: datetime,
    report: SituationReport,
    number: int,
    numbers: Numbers,
    sections: dict[str, str],
) -> None:
    Edition.objects.create(
        report=report, number=number, numbers=numbers, by_id=actor.account_id, written_at=now,
        as_of=datetime.fromisoformat(numbers["as_of"]), **sections,
    )  # fmt: skip


@transaction.atomic
def submit(*, actor: Actor, now: datetime, report: SituationReport, edition: int) -> None:
    """Ask for the review of somebody else. Raises ReportRefused."""
    _step(actor, now, report, edition, Step.Kind.SUBMITTED, WRITTEN_IN)


@transaction.atomic
def give_back(
    *, actor: Actor, now: datetime, report: SituationReport, edition: int, reason: str
) -> None:
    """Return a draft with what is wrong with it. Raises ReportRefused."""
    if not reason.strip():
        raise ReportRefused(_("Say what is wrong with it."))
    states = (State.SUBMITTED, State.REVIEWED)
    _step(actor, now, report, edition, Step.Kind.RETURNED, states, reason.strip())


@transaction.atomic
def review(*, actor: Actor, now: datetime, report: SituationReport, edition: int) -> None:
    """Find a draft right that others wrote. Raises ReportRefused."""
    if actor.account_id in find_writers(report):
        raise ReportRefused(_("Who wrote in it does not review it: somebody else does."))
    _step(actor, now, report, edition, Step.Kind.REVIEWED, (State.SUBMITTED,))


def find_writers(report: SituationReport) -> set[int | None]:
    """Return the accounts that wrote any edition; None stands for the system."""
    return set(report.editions.values_list("by_id", flat=True))


def _step(
    actor: Actor,
    now: datetime,
    report: SituationReport,
    edition: int,
    kind: Step.Kind,
    states: tuple[State, ...],
    reason: str = "",
) -> None:
    if _lock(report) not in states:
        raise ReportRefused(_("It stands elsewhere by now: look at it again."))
    Step.objects.create(
        report=report, number=report.steps.count() + 1, kind=kind, reason=reason, at=now,
        edition=_latest(report, edition), by_id=actor.account_id,
    )  # fmt: skip
    _record(actor, now, report, str(kind), {"edition": edition})


@transaction.atomic
def publish(*, actor: Actor, now: datetime, report: SituationReport, edition: int) -> Publication:
    """Give a reviewed report the next number of its unit's series. Raises ReportRefused.

    The year is that of the unit's local day.
    """
    if _lock(report) != State.REVIEWED:
        raise ReportRefused(_("It is published once somebody else has reviewed it."))
    if report.for_outside and outside.find_overlapping(report):
        raise ReportRefused(
            _(
                "A unit above or below has published of this day for outside: "
                "both together would give small numbers away."
            )
        )
    last = _latest(report, edition)
    year = now.astimezone(ZoneInfo(last.numbers["unit"]["time_zone"])).year
    published = Publication.objects.create(
        report=report, edition=last, unit_id=report.unit_id, year=year,
        number=Publication.objects.filter(unit_id=report.unit_id, year=year).count() + 1,
        sha256=hashlib.sha256(content_of(report, last)).hexdigest(), by_id=actor.account_id, at=now,
    )  # fmt: skip
    data = {"year": year, "number": published.number, "sha256": published.sha256}
    _record(actor, now, report, "published", data)
    return published


def content_of(report: SituationReport, edition: Edition) -> bytes:
    """Return what a publication froze, as UTF-8 JSON with sorted keys and no blanks."""
    told = {
        "unit": report.unit_id,
        "day": str(report.day),
        "for_outside": report.for_outside,
        "corrects": report.corrects_id,
        "numbers": edition.numbers,
        "sections": {name: getattr(edition, name) for name in SECTIONS},
    }
    text = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode()


def is_as_published(published: Publication) -> bool:
    """Tell whether what is kept still has the digest that it was published with."""
    content = content_of(published.report, published.edition)
    return hashlib.sha256(content).hexdigest() == published.sha256


def _record(
    actor: Actor, now: datetime, report: SituationReport, verb: str, data: dict[str, Any]
) -> None:
    ledger.record(
        actor=actor, now=now, verb=f"situation_report.{verb}", unit_id=report.unit_id, data=data,
        subject=("situation_report", str(report.pk)),
    )  # fmt: skip
