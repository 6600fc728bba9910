"""Whose corrections wait for whom: who may rule on one, and who may put a report right."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from taishan.forms.models import Form
from taishan.kit.arrays import any_of
from taishan.organisation import access
from taishan.organisation import queries as organisation
from taishan.organisation.access import Capability, Viewer
from taishan.organisation.models import Account, Person, UnitVersion
from taishan.reporting.models import Correction, Ruling
from taishan.reporting.reading import Key

SHOWN = timedelta(days=35)
"""For how long a sender sees what became of what they sent for closed periods."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A correction on a list; ``person`` None where it is a unit's return."""

    correction: Correction
    form: Form
    unit: UnitVersion
    person: Person | None
    sent_by: str

    @property
    def ruling(self) -> Ruling | None:
        return getattr(self.correction, "ruling", None)


def find_waiting(viewer: Viewer) -> QuerySet[Correction]:
    """Return the corrections that wait for the viewer to rule on them, the oldest first."""
    waiting = Correction.objects.filter(_ruled_by(viewer), ruling=None)
    return waiting.order_by("recorded_at", "pk")


def may_rule(viewer: Viewer, correction: Correction) -> bool:
    """Tell whether the correction is one for the viewer to rule on, ruled on already or not."""
    return Correction.objects.filter(_ruled_by(viewer), pk=correction.pk).exists()


def _ruled_by(viewer: Viewer) -> Q:
    """Of people's health: the safety officers of the unit itself; of the rest: who may report.

    Nobody rules on what they reported of themselves, nor on a return of a unit that they sent.
    """
    health = [int(root) for root in viewer.roots(Capability.SEE_HEALTH)]
    is_health = Q(form_id__in=Form.objects.filter(is_personal_health=True).values("pk"))
    is_return = Q(form_id__in=Form.objects.filter(subject=Form.Subject.UNIT).values("pk"))
    reached = Q(unit_id__in=access.unit_ids_with(viewer, Capability.REPORT))
    # In SQL, NOT of a comparison with NULL lets nobody through.
    own_return = is_return & Q(account_id__isnull=False, account_id=viewer.account_id)
    own = own_return | ~is_return & Q(subject_id=viewer.person_id or 0)
    return (is_health & Q(unit_id__in=health) | ~is_health & reached) & ~own


def count_waiting(viewer: Viewer) -> int:
    """Return how many corrections wait for the viewer; no query for who rules on none."""
    return find_waiting(viewer).count() if viewer.paths(Capability.REPORT) else 0


def find_own(viewer: Viewer, now: datetime) -> list[Listed]:
    """Return what the viewer lately sent, or others about them, for closed periods, latest first.

    Five queries.
    """
    people = Form.objects.filter(subject=Form.Subject.PERSON).values("pk")
    about = Q(subject_id=viewer.person_id or 0, form_id__in=people)
    returns = Q(account_id=viewer.account_id) & ~Q(form_id__in=people)
    rows = Correction.objects.filter(about | returns, recorded_at__gte=now - SHOWN)
    return name(rows.select_related("ruling").order_by("-recorded_at", "-pk"))


def name(rows: Iterable[Correction]) -> list[Listed]:
    """Return corrections with their units, persons and senders. Four queries."""
    rows = list(rows)
    forms = Form.objects.in_bulk({row.form_id for row in rows})
    of_people = [row.subject_id for row in rows if _is_of_person(forms[row.form_id])]
    people = Person.objects.in_bulk(of_people)
    units = organisation.find_last_versions(row.unit_id for row in rows)
    senders = names_of({row.account_id for row in rows if row.account_id})
    return [
        Listed(
            correction=row,
            form=forms[row.form_id],
            unit=units[row.unit_id],
            person=people.get(row.subject_id) if _is_of_person(forms[row.form_id]) else None,
            sent_by=senders.get(row.account_id or 0, ""),
        )
        for row in rows
    ]


def names_of(account_ids: set[int]) -> dict[int, str]:
    """Return the names of accounts' persons; of a system's account its own."""
    rows = Account.objects.filter(any_of("pk", account_ids)).select_related("person")
    return {row.pk: row.person.name if row.person else row.username for row in rows}


def _is_of_person(form: Form) -> bool:
    return form.subject == Form.Subject.PERSON


def may_correct(viewer: Viewer, form: Form, key: Key, path: str) -> bool:
    """Tell whether the viewer may put right what somebody else reported, at their request."""
    unit_id, _form_id, _period, subject_id = key
    if not _is_of_person(form) or subject_id == viewer.person_id:
        return False
    if form.is_personal_health:
        return str(unit_id) in viewer.roots(Capability.SEE_HEALTH)
    return viewer.may(Capability.REPORT, path)
