"""What units owe by a directive: opened with each version, waived where it asks no longer.

A part of a measure is owed about ``("measure", id)``, by whichever unit or post; who acknowledges
owes it about ``("directive_version", id)``.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from taishan.communications.models import Directive, DirectiveVersion, Measure
from taishan.core.duties import State
from taishan.duties import actions as duties
from taishan.duties.actions import Owed
from taishan.duties.models import Duty
from taishan.kit.actor import Actor
from taishan.organisation.models import Post, Unit

MEASURE, VERSION = "measure", "directive_version"
DIRECTIVE, ACKNOWLEDGEMENT = "directive", "acknowledgement"
_LONGEST = 300


def address_of(measure_id: int, unit: Unit, post: Post | None = None) -> str:
    """Return the page of what a unit, or a post in it, owes of a measure."""
    kind, code = ("posts", post.code) if post else ("units", unit.code)
    return reverse("directives:part", args=[measure_id, kind, code])


def ask(
    *, actor: Actor, now: datetime, version: DirectiveVersion, last: DirectiveVersion | None
) -> None:
    """Let the units owe what a version asks, and waive what only the last one asked."""
    measures = list(version.measures.all())
    units = list(version.units.all())
    if last is not None:
        reason = _("Version %d asks this no longer.") % version.number
        gone = _no_longer_asked(last, measures, units)
        duties.waive_many(actor=actor, now=now, duties=gone, reason=reason)
    owed = [_of_measure(version, measure, unit) for measure in measures for unit in units]
    if version.acknowledgement:
        owed += [_of_acknowledgement(version, unit) for unit in units]
    duties.assign(actor=actor, now=now, owed=owed)


def _no_longer_asked(
    last: DirectiveVersion, measures: Iterable[Measure], units: Iterable[Unit]
) -> list[Duty]:
    kept = {one.pk for one in measures}
    dropped = [str(one.pk) for one in last.measures.all() if one.pk not in kept]
    let_off = set(last.units.values_list("pk", flat=True)) - {one.pk for one in units}
    gone = Q(subject_kind=MEASURE, subject_id__in=dropped)
    gone |= Q(subject_kind=VERSION, subject_id=str(last.pk))
    rest = list(Duty.objects.filter(gone, ended=None))
    still = list(find_of(kept).filter(ended=None))
    tops = {one.id for one in still if one.parent_id is None and one.unit_id in let_off}
    return rest + beneath(still, tops)


def has_let_off(measures: Iterable[Measure], unit_ids: Iterable[int]) -> bool:
    """Tell whether any of the units was asked one of the measures, and then no longer."""
    rows = find_of(one.pk for one in measures)
    return rows.filter(unit_id__in=list(unit_ids), parent_id=None, ended=State.WAIVED).exists()


def beneath(rows: list[Duty], tops: Iterable[object]) -> list[Duty]:
    """Return those of the duties that are among the tops or beneath one of them."""
    found, grew = set(tops), True
    while grew:
        more = {one.id for one in rows if one.parent_id in found} - found
        found, grew = found | more, bool(more)
    return [one for one in rows if one.id in found]


def _of_measure(version: DirectiveVersion, measure: Measure, unit: Unit) -> Owed:
    return Owed(
        unit_id=unit.pk, creditor_id=version.directive.unit_id, kind=DIRECTIVE,
        subject=(MEASURE, str(measure.pk)), what_en=measure.what_en, what_zh=measure.what_zh,
        due_at=measure.due_at, opened_at=min(version.issued_at, measure.due_at),
        needs_evidence=measure.needs_evidence, address=address_of(measure.pk, unit),
    )  # fmt: skip


def _of_acknowledgement(version: DirectiveVersion, unit: Unit) -> Owed:
    by = version.acknowledge_by or version.issued_at
    is_signed = version.acknowledgement == DirectiveVersion.Way.SIGN
    return Owed(
        unit_id=unit.pk, creditor_id=version.directive.unit_id, kind=ACKNOWLEDGEMENT,
        subject=(VERSION, str(version.pk)), due_at=by,
        what_en=f"{'Sign' if is_signed else 'Acknowledge'}: {version.title_en}"[:_LONGEST],
        what_zh=f"{'签收' if is_signed else '确认知悉'}：{version.title_zh}"[:_LONGEST],
        address=reverse("directives:directive", args=[version.directive_id]),
    )  # fmt: skip


def find_of(measure_ids: Iterable[int]) -> QuerySet[Duty]:
    """Return what is or was owed of measures, at any depth."""
    return Duty.objects.filter(subject_kind=MEASURE, subject_id__in=[str(pk) for pk in measure_ids])


def find_open(directive: Directive) -> QuerySet[Duty]:
    """Return all that is open of a directive, at any depth, its acknowledgements included."""
    measures = [str(pk) for pk in directive.measures.values_list("pk", flat=True)]
    versions = [str(pk) for pk in directive.versions.values_list("pk", flat=True)]
    asked = Q(subject_kind=MEASURE, subject_id__in=measures)
    asked |= Q(subject_kind=VERSION, subject_id__in=versions)
    return Duty.objects.filter(asked, ended=None)


def waive_all(*, actor: Actor, now: datetime, directive: Directive, reason: str) -> int:
    """Waive all that is open of a directive at once; return how much it was."""
    return duties.waive_many(actor=actor, now=now, duties=find_open(directive), reason=reason)


def waive_with_all_beneath(*, actor: Actor, now: datetime, duty: Duty, reason: str) -> int:
    """Waive a part and all that it was taken apart into; return how much it was."""
    rows = list(find_of([int(duty.subject_id)]).filter(ended=None))
    those = beneath(rows, [duty.id])
    return duties.waive_many(actor=actor, now=now, duties=those, reason=reason)
