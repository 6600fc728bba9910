"""On what ground a form is asked where, and what people say to it where it is theirs to say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import NamedTuple

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from taishan.core import disclosure
from taishan.forms import queries as forms
from taishan.forms.models import Form
from taishan.kit import clock
from taishan.kit.actor import Actor
from taishan.kit.arrays import any_of
from taishan.ledger import actions as ledger
from taishan.organisation import history
from taishan.organisation.models import Membership, UnitVersion
from taishan.privacy.models import Consent, Ground


class ConsentRefused(ValueError):
    """Nothing can be said to this; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """A ground as it is recorded. ``country`` empty: wherever no other ground is recorded."""

    form: Form
    country: str
    basis: str
    article: str
    why_en: str
    why_zh: str
    starts: date


@transaction.atomic
def record(*, actor: Actor, now: datetime, details: Details) -> Ground:
    """Record on what ground a form in force is asked in a country from a day on.

    Raises FormVersion.DoesNotExist for a form that is not in force.
    """
    ground = Ground.objects.create(
        form=details.form, version=forms.get_version(details.form.code).number,
        country=details.country, basis=details.basis, article=details.article,
        why_en=details.why_en, why_zh=details.why_zh, starts=details.starts, recorded_at=now,
        recorded_by_id=actor.account_id,
    )  # fmt: skip
    ledger.record(
        actor=actor, now=now, verb="ground.recorded", subject=("form", details.form.code),
        data={
            "country": details.country, "basis": details.basis, "article": details.article,
            "starts": str(details.starts), "version": ground.version,
        },
    )  # fmt: skip
    return ground


class Grounds:
    """The grounds of some forms, in memory: the latest of the country, else of all countries."""

    def __init__(self, form_ids: Iterable[int]) -> None:
        rows = Ground.objects.filter(any_of("form_id", set(form_ids)))
        self._rows: dict[tuple[int, str], list[Ground]] = defaultdict(list)
        for row in rows.order_by("-starts", "-pk"):
            self._rows[row.form_id, row.country].append(row)

    def find(self, form_id: int, country: str, day: date) -> Ground | None:
        """Return the ground on which the form is asked in the country on the day."""
        rows = (*self._rows.get((form_id, country), ()), *self._rows.get((form_id, ""), ()))
        return next((row for row in rows if row.starts <= day), None)

    def by_consent(
        self, form_id: int, country: str, since: date, until: date
    ) -> list[tuple[date, date]]:
        """Return the parts of ``since <= day < until`` in which it is asked by consent there."""
        rows = (*self._rows.get((form_id, country), ()), *self._rows.get((form_id, ""), ()))
        turns = {row.starts for row in rows if since < row.starts < until}
        return [
            (starts, ends)
            for starts, ends in pairwise([since, *sorted(turns), until])
            if (ground := self.find(form_id, country, starts))
            and ground.basis == Ground.Basis.CONSENT
        ]

    def has_any(self) -> bool:
        return bool(self._rows)

    def consented(self) -> set[int]:
        """Return the forms that are asked by consent somewhere, at some time."""
        return {
            form_id
            for (form_id, _country), rows in self._rows.items()
            if any(row.basis == Ground.Basis.CONSENT for row in rows)
        }


def find_ground(form: Form, unit_id: int, day: date) -> Ground | None:
    """Return the ground on which the form is asked in the unit on the day. Two queries at most."""
    grounds = Grounds([form.pk])
    if not grounds.has_any():
        return None
    return grounds.find(form.pk, _countries([unit_id]).get(unit_id, ""), day)


Asked = tuple[int, int, int, date]
"""A form, a unit, a person and a day."""


def find_lacking(asked: Sequence[Asked], known: Grounds | None = None) -> set[Asked]:
    """Return which of these reports need the person's consent and do not have it.

    ``known`` are the grounds of their forms, where they were read a moment ago; else one query for
    them. Three more where a form is asked by consent.
    """
    grounds = known or Grounds({form_id for form_id, _unit, _person, _day in asked})
    by_consent = grounds.consented()
    concerned = [one for one in asked if one[0] in by_consent]
    if not concerned:
        return set()
    countries = _countries({unit_id for _form, unit_id, _person, _day in concerned})
    needing = []
    for one in concerned:
        ground = grounds.find(one[0], countries.get(one[1], ""), one[3])
        if ground and ground.basis == Ground.Basis.CONSENT:
            needing.append(one)
    pairs = {(form, person) for form, _unit, person, _day in needing}
    said, ended = find_said(pairs), _last_withdrawn(pairs)
    return {
        one
        for one in needing
        if (one[0], one[2]) not in said
        or said[one[0], one[2]].state != Consent.State.GIVEN
        or one[3] < ended.get((one[0], one[2]), date.min)
        or ((one[0], one[2]) in ended and one[3] < said[one[0], one[2]].from_day)
    }


def _last_withdrawn(pairs: set[tuple[int, int]]) -> dict[tuple[int, int], date]:
    """Return from which day on consents were last withdrawn: what was answered of the days before
    is erased, and counted; who agrees again must not be counted twice."""
    if not pairs:
        return {}
    rows = Consent.objects.filter(
        any_of("person_id", {person for _form, person in pairs}), state=Consent.State.WITHDRAWN
    )
    found = rows.values_list("form_id", "person_id").annotate(last=Max("from_day"))
    return {(form, person): last for form, person, last in found}


def find_by_consent(form: Form, cells: Iterable[tuple[int, date]]) -> list[tuple[int, date]]:
    """Return the units and days of which the form is asked by consent alone. Two queries."""
    asked, grounds = list(cells), Grounds([form.pk])
    countries = _countries({unit for unit, _day in asked})
    found = ((one, grounds.find(form.pk, countries.get(one[0], ""), one[1])) for one in asked)
    return [one for one, ground in found if ground and ground.basis == Ground.Basis.CONSENT]


def find_said(asked: Iterable[tuple[int, int]]) -> dict[tuple[int, int], Consent]:
    """Return what people last said, by form and person; who said nothing is left out."""
    pairs = set(asked)
    if not pairs:
        return {}
    rows = Consent.objects.filter(any_of("person_id", {person for _form, person in pairs}))
    latest = rows.order_by("form_id", "person_id", "-pk").distinct("form_id", "person_id")
    found = {(row.form_id, row.person_id): row for row in latest.select_related("ground")}
    return {pair: found[pair] for pair in pairs if pair in found}


@transaction.atomic
def say(
    *, actor: Actor, now: datetime, form: Form, person_id: int, unit_id: int,
    state: Consent.State, from_day: date,
) -> None:  # fmt: skip
    """Keep that the person agrees to being asked the form, or no longer does, from a day on.

    What is said again changes nothing. Raises ConsentRefused where the form is not asked by
    consent in the unit.
    """
    ground = find_ground(form, unit_id, from_day)
    if ground is None or ground.basis != Ground.Basis.CONSENT:
        raise ConsentRefused(_("This is asked by law: it needs no consent, and none can be ended."))
    before = find_said([(form.pk, person_id)]).get((form.pk, person_id))
    if before and before.state == state:
        return
    Consent.objects.create(
        form=form, person_id=person_id, ground=ground, state=state, from_day=from_day, said_at=now
    )
    ledger.record(
        actor=actor, now=now, verb=f"consent.{state}", subject=("person", str(person_id)),
        unit_id=unit_id, data={"form": form.code, "ground": ground.pk},
    )  # fmt: skip


class Excused(NamedTuple):
    """A person of a unit who owes nothing in ``starts <= day < ends``."""

    unit_id: int
    person_id: int
    starts: date
    ends: date


def find_excused(form: Form, unit_ids: Iterable[int], since: date, until: date) -> list[Excused]:
    """Return who of the units owes nothing in ``since <= day < until``, cut to these days.

    They withdrew their consent. One query where nobody ever did, else four.
    """
    spans = _withdrawn(form)
    if not spans:
        return []
    ids = set(unit_ids)
    rows = Membership.objects.filter(any_of("person_id", spans), valid__overlap=(since, until))
    countries, grounds = _countries(ids), Grounds([form.pk])
    found = []
    for person_id, unit_id, valid in rows.values_list("person_id", "unit_id", "valid"):
        if unit_id not in ids:
            continue
        for starts, ends in spans[person_id]:
            first = max(starts, valid.lower, since)
            last = min(ends, valid.upper or until, until)
            if first < last:
                parts = grounds.by_consent(form.pk, countries.get(unit_id, ""), first, last)
                found += [Excused(unit_id, person_id, *part) for part in parts]
    return found


def find_withdrawn(form: Form, unit_ids: Iterable[int], day: date) -> set[int]:
    """Return who of the units owes nothing on the day, since they withdrew their consent."""
    excused = find_excused(form, unit_ids, day, day + timedelta(days=1))
    return {one.person_id for one in excused}


def _withdrawn(form: Form) -> dict[int, list[tuple[date, date]]]:
    """Return the days in which people's consent was withdrawn, half-open, by person."""
    withdrawn = Consent.objects.filter(form=form, state=Consent.State.WITHDRAWN)
    rows = Consent.objects.filter(form=form, person_id__in=withdrawn.values("person_id"))
    rows = rows.order_by("person_id", "pk")
    spans: dict[int, list[tuple[date, date]]] = defaultdict(list)
    for person_id, state, day in rows.values_list("person_id", "state", "from_day"):
        if state == Consent.State.WITHDRAWN:
            spans[person_id].append((day, date.max))
        elif person_id in spans:
            spans[person_id][-1] = (spans[person_id][-1][0], day)
    return dict(spans)


def _countries(unit_ids: Iterable[int]) -> dict[int, str]:
    versions = UnitVersion.objects.filter(any_of("unit_id", unit_ids))
    rows = history.latest_first(versions, clock.now()).distinct("unit_id")
    return {
        unit_id: disclosure.country(place)
        for unit_id, place in rows.values_list("unit_id", "place__code")
    }
