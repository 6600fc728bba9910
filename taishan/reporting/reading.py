"""Looking at the answers of one report: who may, and that they did."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction

from taishan.core.answers import Definition
from taishan.forms import queries as forms
from taishan.forms.models import Form
from taishan.kit.arrays import any_of
from taishan.organisation import access
from taishan.organisation.access import Capability, Viewer
from taishan.organisation.models import UnitVersion
from taishan.privacy import looks, readers
from taishan.privacy.models import Look
from taishan.reporting import packing
from taishan.reporting.models import Correction, Door, Earlier, Report

Key = tuple[int, int, date, int]
"""Unit, form, period, subject."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What was answered, by the names of the version's questions."""

    definition: Definition
    values: Mapping[str, Any]
    submitted_at: datetime
    recorded_at: datetime
    client: UUID
    account_id: int | None
    door: Door
    is_late: bool
    replaced_at: datetime | None = None

    @property
    def told(self) -> tuple[Definition, Mapping[str, Any]]:
        return self.definition, self.values


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """A correction beside the answers in force; None: nothing is on record."""

    correction: Correction
    form: Form
    given: Answers
    recorded: Answers | None


@transaction.atomic
def read_answers(*, viewer: Viewer, now: datetime, key: Key) -> list[Answers]:
    """Return the answers in force to one report, then those they replaced, the latest first.

    A look at somebody's health by anybody but themselves is recorded. Raises
    Report.DoesNotExist, and PermissionDenied for who may not look.
    """
    form = Form.objects.get(pk=key[1])
    refuse(viewer, form, key)
    report = Report.objects.get(pk=key)
    unit_id, form_id, period, subject_id = key
    replaced = Earlier.objects.filter(
        unit_id=unit_id, form_id=form_id, period=period, subject_id=subject_id
    ).order_by("-replaced_at", "-recorded_at")
    note_look(viewer, now, form, key, Look.Door.ANSWERS)
    return [_answers(form, report), *(_answers(form, one) for one in replaced)]


@transaction.atomic
def read_correction(*, viewer: Viewer, now: datetime, correction_id: int) -> Proposed:
    """Return a correction and the answers in force beside it, for who may see both.

    A look as ``read_answers`` has it. Raises Correction.DoesNotExist and PermissionDenied.
    """
    correction = Correction.objects.select_related("ruling__ruled_by__person").get(pk=correction_id)
    form = Form.objects.get(pk=correction.form_id)
    key = (correction.unit_id, form.pk, correction.period, correction.subject_id)
    refuse(viewer, form, key)
    note_look(viewer, now, form, key, Look.Door.ANSWERS)
    recorded = Report.objects.filter(pk=key).first()
    return Proposed(
        correction=correction,
        form=form,
        given=_answers(form, correction),
        recorded=_answers(form, recorded) if recorded else None,
    )


def find_unit_answers(
    form: Form, unit_ids: Iterable[int], periods: Iterable[date]
) -> dict[tuple[int, date], dict[str, Any]]:
    """Return the answers in force of units' returns, by unit and period, to be completed.

    For who may report for these units; of people's reports nothing is returned. Few queries.
    """
    if form.subject != Form.Subject.UNIT:
        return {}
    rows = Report.objects.filter(
        any_of("unit_id", unit_ids), form_id=form.pk, period__in=set(periods)
    )
    names: dict[int, tuple[str, ...]] = {}
    found: dict[tuple[int, date], dict[str, Any]] = {}
    for row in rows:
        if row.version not in names:
            version = forms.get_version(form.code, row.version)
            names[row.version] = packing.names(forms.get_definition(version))
        found[row.unit_id, row.period] = packing.unpack(names[row.version], row.answers)
    return found


def note_look(viewer: Viewer, now: datetime, form: Form, key: Key, door: Look.Door) -> None:
    """Record that the viewer looked at what a report says, where it is about somebody's health."""
    if form.is_personal_health:
        looks.record(
            viewer=viewer, now=now, form=form, door=door, person_ids=[key[3]], unit_ids=[key[0]],
            period=key[2],
        )  # fmt: skip


def refuse(viewer: Viewer, form: Form, key: Key) -> None:
    """Raise PermissionDenied unless the viewer may see the answers of the report.

    Health: the person, and whom ``privacy.readers`` lets read of the unit. Other answers about
    people: who may see the unit's people, and across a border only by a rule; of units: who may see
    the unit.
    """
    unit_id, _form_id, period, subject_id = key
    is_of_person = form.subject == Form.Subject.PERSON
    if is_of_person and subject_id == viewer.person_id:
        return
    if form.is_personal_health:
        may = unit_id in readers.find_readable(viewer, form, [unit_id], period)
    elif is_of_person:
        may = unit_id in readers.find_named(viewer, form, [unit_id], period)
    else:
        paths = UnitVersion.objects.filter(unit_id=unit_id, valid__contains=period)
        may = any(viewer.may(Capability.SEE, path) for path in paths.values_list("path", flat=True))
    if not may:
        raise PermissionDenied(access.refusal())


def _answers(form: Form, stored: Report | Earlier | Correction) -> Answers:
    definition = forms.get_definition(forms.get_version(form.code, stored.version))
    return Answers(
        definition=definition,
        values=packing.unpack(packing.names(definition), stored.answers),
        submitted_at=stored.submitted_at,
        recorded_at=stored.recorded_at,
        client=stored.client,
        account_id=stored.account_id,
        door=Door(getattr(stored, "door", Door.CORRECTION)),
        is_late=getattr(stored, "is_late", True),
        replaced_at=getattr(stored, "replaced_at", None),
    )
