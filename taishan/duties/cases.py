"""Accountability cases: opened by lapses, explained by who owed, judged from another line."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from taishan.core import accountability, escalation
from taishan.core.accountability import Act, Bar, Finding, Measure, Parties, Record, Stage
from taishan.core.duties import State
from taishan.duties import actions, case_queries, case_words, queries
from taishan.duties.case_models import Case, CaseAct, CaseLapse
from taishan.duties.models import Duty
from taishan.duties.surroundings import Surroundings
from taishan.kit import outbox
from taishan.kit.actor import Actor
from taishan.ledger import actions as ledger
from taishan.organisation import access, history
from taishan.organisation import queries as organisation
from taishan.organisation.access import Capability, Viewer
from taishan.organisation.models import Membership, Role, RoleGrant

DAYS_TO_EXPLAIN = 3
"""Working days of the debtor's unit, until 18:00 of the last."""
LEAST_TO_EXPLAIN = timedelta(days=1)
"""What joins a case later than this before its end would hardly be heard."""


class CaseRefused(ValueError):
    """An act in a case that cannot be; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lapse:
    """A duty not done, ``at`` from when somebody answers for it: missed then, or overdue."""

    duty: Duty
    at: datetime
    state: State


Debtor = tuple[int, int | None, int | None]
"""Unit, post and person: whoever answers."""


def hold(*, actor: Actor, now: datetime, lapses: Sequence[Lapse], around: Surroundings) -> None:
    """Have debtors answer for lapses, each once.

    A lapse joins the debtor's case in which there is time left to explain it, so that one who fails
    every day answers for it in one case; else it opens a case, and an explanation is owed.
    """
    if not lapses:
        return
    _serialise()
    known = set(
        CaseLapse.objects.filter(duty_id__in=[one.duty.id for one in lapses]).values_list(
            "duty_id", flat=True
        )
    )
    new = [one for one in lapses if one.duty.id not in known]
    held = _find_running({one.duty.unit_id for one in new}, now)
    opened: list[tuple[Case, Lapse]] = []
    for lapse in new:
        debtor = _debtor(lapse, around)
        if debtor not in held:
            held[debtor] = _open(debtor, lapse, now, around)
            opened.append((held[debtor], lapse))
        _attach(actor, now, held[debtor], lapse)
    _ask(actor, now, opened)


def _debtor(lapse: Lapse, around: Surroundings) -> Debtor:
    return lapse.duty.unit_id, lapse.duty.post_id, around.find_holder(lapse.duty, lapse.at)


def _find_running(unit_ids: set[int], now: datetime) -> dict[Debtor, Case]:
    heard = CaseAct.objects.filter(act__in=[Act.EXPLAINED, Act.CLOSED])
    rows = Case.objects.filter(unit_id__in=unit_ids, hear_until__gte=now + LEAST_TO_EXPLAIN)
    rows = rows.exclude(pk__in=heard.values("case_id")).order_by("pk")
    return {(case.unit_id, case.post_id, case.person_id): case for case in rows}


def _open(debtor: Debtor, lapse: Lapse, now: datetime, around: Surroundings) -> Case:
    unit_id, post_id, person_id = debtor
    return Case.objects.create(
        unit_id=unit_id, post_id=post_id, person_id=person_id, creditor_id=lapse.duty.creditor_id,
        office_id=_find_office(around.line(unit_id), around.day(unit_id, now)), opened_at=now,
        hear_until=escalation.get_evening(now, DAYS_TO_EXPLAIN, around.calendar(unit_id)),
    )  # fmt: skip


def _find_office(line: Sequence[int], on: date) -> int:
    """Return the nearest unit above with a discipline office; the top where there is none."""
    grants = RoleGrant.objects.filter(
        unit_id__in=line, role=Role.DISCIPLINE_OFFICE, valid__contains=on
    )
    units = set(grants.values_list("unit_id", flat=True))
    return next((unit_id for unit_id in reversed(line) if unit_id in units), line[0])


def _attach(actor: Actor, now: datetime, case: Case, lapse: Lapse) -> None:
    CaseLapse.objects.create(
        case=case, unit_id=lapse.duty.unit_id, duty_id=lapse.duty.id, state=lapse.state,
        at=lapse.at, recorded_at=now,
    )  # fmt: skip
    ledger.record(
        actor=actor, now=now, verb="case.lapse_attached", subject=("case", str(case.pk)),
        unit_id=case.unit_id, happened_at=lapse.at,
        data={"duty": str(lapse.duty.id), "state": lapse.state},
    )  # fmt: skip


def _ask(actor: Actor, now: datetime, opened: Sequence[tuple[Case, Lapse]]) -> None:
    """Ask the debtors for explanations, and tell of the cases."""
    actions.assign(
        actor=actor, now=now,
        owed=[
            actions.Owed(
                unit_id=case.unit_id, person_id=case.person_id, creditor_id=case.office_id,
                kind="explanation", subject=("case", str(case.pk)),
                what_en=f"Explain: {lapse.duty.what_en}"[:300],
                what_zh=f"说明情况：{lapse.duty.what_zh}"[:300],
                address=reverse("cases:explanation", args=[case.pk]), due_at=case.hear_until,
            )
            for case, lapse in opened
        ],
    )  # fmt: skip
    for case, _lapse in opened:
        outbox.publish("case.moved", case=case.pk, what="opened")


@transaction.atomic
def explain(*, actor: Actor, now: datetime, case: Case, text: str) -> CaseAct:
    """Explain, as the debtor; what is owed of it is done. Raises CaseRefused."""
    act = _write(actor, now, case, Act.EXPLAINED, text)
    actions.discharge_subject(
        actor=actor, now=now, kind="explanation", subject=("case", str(case.pk))
    )
    return act


@transaction.atomic
def remark(*, actor: Actor, now: datetime, case: Case, text: str) -> CaseAct:
    """Add a statement, as the debtor or the discipline office. Raises CaseRefused."""
    return _write(actor, now, case, Act.REMARKED, text)


@transaction.atomic
def find(
    *, actor: Actor, now: datetime, case: Case, viewer: Viewer, finding: Finding, text: str
) -> CaseAct:
    """Say whether the debtor was negligent, and why; an explanation that never came is asked for no
    longer, since none is heard after it. Raises CaseRefused.
    """
    _refuse_barred(viewer, case, now)
    act = _write(actor, now, case, Act.FOUND, text, finding=finding)
    owed = queries.find_of_subject("case", case.pk).filter(kind="explanation", ended=None)
    for duty in owed:
        reason = "Found without an explanation · 未作说明，已作出认定"
        actions.waive(actor=actor, now=now, duty=duty, reason=reason)
    return act


@transaction.atomic
def measure(
    *, actor: Actor, now: datetime, case: Case, viewer: Viewer, measure: Measure, text: str
) -> CaseAct:
    """Say what follows from the negligence found. Raises CaseRefused."""
    _refuse_barred(viewer, case, now)
    return _write(actor, now, case, Act.MEASURED, text, measure=measure)


@transaction.atomic
def close(*, actor: Actor, now: datetime, case: Case, viewer: Viewer, text: str) -> CaseAct:
    """Close a case for good. Raises CaseRefused."""
    _refuse_barred(viewer, case, now)
    return _write(actor, now, case, Act.CLOSED, text)


def get_record(case: Case) -> Record:
    """Return what was done in a case so far."""
    acts = {row.act: row for row in case.acts.all()}
    found, measured = acts.get(Act.FOUND), acts.get(Act.MEASURED)
    return Record(
        hear_until=case.hear_until, is_explained=Act.EXPLAINED in acts,
        finding=Finding(found.finding) if found and found.finding else None,
        measure=Measure(measured.measure) if measured and measured.measure else None,
        is_closed=Act.CLOSED in acts,
    )  # fmt: skip


def find_stage(case: Case, now: datetime) -> Stage:
    """Return what the case waits for."""
    return accountability.find_stage(get_record(case), now)


def is_debtor(viewer: Viewer, case: Case) -> bool:
    """Tell whether the viewer answers in a case: by name, or as the head of a unit that owed."""
    if case.person_id is not None:
        return viewer.person_id == case.person_id
    return case.unit_id in case_queries.find_headed(viewer)


def find_bars(viewer: Viewer, case: Case, now: datetime) -> list[Bar]:
    """Return why the viewer may not judge a case, none where they may by their line of command."""
    units = organisation.find_last_versions({case.unit_id, *_find_creditors(case)}, now)
    lines = {pk: [int(step) for step in one.path.split(".")] for pk, one in units.items()}
    opened_on, today = _days(case, case.opened_at, now)
    works_in: list[int] = []
    if home := Membership.objects.filter(
        person_id=viewer.person_id or 0, valid__contains=today
    ).first():
        works_in = organisation.get_line(home.unit_id, now)
    parties = Parties(
        debtors=_find_debtors(case, {opened_on, today}), debtor_line=lines.pop(case.unit_id),
        creditor_line=[step for line in lines.values() for step in line],
    )  # fmt: skip
    return accountability.find_bars(
        parties, viewer.person_id, works_in=works_in,
        directs=[int(root) for root in viewer.roots(Capability.DIRECT)],
    )  # fmt: skip


def _find_creditors(case: Case) -> set[int]:
    """Return to whom the lapses of a case were owed: all of them, not that of the first alone."""
    duties = Duty.objects.filter(
        unit_id=case.unit_id, id__in=list(case.lapses.values_list("duty_id", flat=True))
    )
    return {case.creditor_id, *duties.values_list("creditor_id", flat=True)}


def _days(case: Case, *instants: datetime) -> list[date]:
    """Return the days of instants in the debtor's unit."""
    zone = history.zone_of(case.unit_id)
    return [at.astimezone(zone).date() for at in instants]


def _find_debtors(case: Case, days: Collection[date]) -> frozenset[int]:
    """Return who answers: the person, or the unit's heads on the days."""
    if case.person_id is not None:
        return frozenset({case.person_id})
    heads = RoleGrant.objects.filter(unit_id=case.unit_id, role=Role.UNIT_HEAD)
    return frozenset(grant.person_id for grant in heads if any(day in grant.valid for day in days))


def _refuse_barred(viewer: Viewer, case: Case, now: datetime) -> None:
    path = organisation.get_path(case.unit_id, now)
    access.require(viewer, Capability.HOLD_TO_ACCOUNT, path)
    for bar in find_bars(viewer, case, now):
        raise CaseRefused(str(case_words.BARS[bar]))


def _write(
    actor: Actor, now: datetime, case: Case, act: Act, text: str, *,
    finding: Finding | None = None, measure: Measure | None = None,
) -> CaseAct:  # fmt: skip
    _serialise()
    record = get_record(Case.objects.get(pk=case.pk))
    if not accountability.may(act, record, now):
        stage = accountability.find_stage(record, now)
        raise CaseRefused(str(case_words.NOT_NOW[stage]))
    if not text.strip():
        raise CaseRefused(_("Say it in words: nothing in a case goes without them."))
    if actor.person_id is None:
        raise CaseRefused(_("In a case only a person speaks."))
    row = CaseAct.objects.create(
        case=case, act=act, finding=finding, measure=measure, text=text.strip(),
        by_person_id=actor.person_id, by_label=actor.label, recorded_at=now,
    )  # fmt: skip
    ledger.record(
        actor=actor, now=now, verb=f"case.{act}", subject=("case", str(case.pk)),
        unit_id=case.unit_id, data={"act": row.pk, "finding": finding, "measure": measure},
    )  # fmt: skip
    if act is not Act.REMARKED:
        outbox.publish("case.moved", case=case.pk, what=act.value)
    return row


def _serialise() -> None:
    """Let one act at a time through: rows of a case are only ever added, so none can be locked."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('duties.cases'))")
