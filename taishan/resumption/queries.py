"""Verdicts, evaluated on read (DESIGN 5.2)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject

from taishan.core import approvals as core_approvals
from taishan.core import gate, measuring
from taishan.core.approvals import HOLDS, State
from taishan.core.gate import Fact, Span, Verdict
from taishan.core.measuring import Measured
from taishan.core.regulations import Rulebook, Subject
from taishan.kit import arrays
from taishan.organisation import access
from taishan.organisation import queries as organisation
from taishan.organisation.access import Viewer
from taishan.organisation.models import Unit
from taishan.organisation.queries import UnitOnDay
from taishan.regulations import queries as regulations
from taishan.resumption import approvals
from taishan.resumption.approvals import Approval
from taishan.resumption.models import Attestation, RecordedVerdict
from taishan.safety import queries as safety
from taishan.safety.queries import Stop
from taishan.situation import facts as situation

Broken = Mapping[int, tuple[core_approvals.Breach, ...]]
"""Why approvals that were recorded to hold do not, by application."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitVerdict:
    """A unit of the day and the answer for it.

    ``measured``: what its own numbers show of the day; ``relied``: what of it the answer rests on,
    since nothing attested shows as much.
    """

    unit: UnitOnDay
    verdict: Verdict
    measured: tuple[Measured, ...] = ()
    relied: tuple[Measured, ...] = ()
    stops: tuple[Stop, ...] = ()
    approvals: tuple[Approval, ...] = ()
    broken: Broken = field(default_factory=dict)

    @property
    def application(self) -> tuple[int, State] | None:
        """The unit's latest application that was submitted, and where it stands on the day."""
        if not self.approvals:
            return None
        last = self.approvals[-1]
        is_broken = last.application_id in self.broken
        return last.application_id, State.SUSPENDED if is_broken else last.state


def subject_of(unit: UnitOnDay, kinds: frozenset[str] | None = None) -> Subject:
    """Return the unit as the core sees it, doing other kinds of work where given."""
    return Subject(
        code=unit.code,
        chain=unit.chain,
        line=unit.line,
        kinds=unit.kinds_of_work if kinds is None else kinds,
        head_count=unit.head_count,
        floor_area_m2=unit.floor_area_m2,
        facilities=unit.facilities,
    )


def find_attestations(
    unit_ids: Iterable[int], as_known: datetime | None = None
) -> QuerySet[Attestation]:
    """Return the attestations of units that stand: recorded and, by the instant, not refuted."""
    rows = Attestation.objects.filter(arrays.any_of("unit_id", unit_ids))
    if as_known is None:
        return rows.filter(refutation=None)
    standing = Q(refutation=None) | Q(refutation__recorded_at__gt=as_known)
    return rows.filter(standing, recorded_at__lte=as_known)


def find_facts(
    unit_ids: Iterable[int], as_known: datetime | None = None
) -> Mapping[int, Sequence[Fact]]:
    """Return the facts of each unit, in one query."""
    facts: dict[int, list[Fact]] = defaultdict(list)
    rows = find_attestations(unit_ids, as_known)
    for unit, condition, amount, valid in rows.values_list(
        "unit_id", "condition", "amount", "valid"
    ):
        facts[unit].append(
            Fact(condition=condition, amount=amount, starts=valid.lower, ends=valid.upper)
        )
    return facts


def count_unit_days(
    viewer: access.Viewer, since: date, until: date, codes: Sequence[str] = ()
) -> int:
    """Return for how many days of how many units ``find_units`` would answer, in one query."""
    rows = access.versions_visible(viewer, since, until)
    if codes:
        rows = rows.filter(unit__code__in=codes)
    spans = rows.values_list("valid", flat=True)
    return sum((min(span.upper or until, until) - max(span.lower, since)).days for span in spans)


def find_units(
    viewer: Viewer, day: date, *, within: str = "", codes: Sequence[str] = ()
) -> list[UnitOnDay]:
    """Return the units the viewer may see on the day, of a subtree or with given codes."""
    versions = access.units_visible(viewer, day)
    if codes:
        versions = versions.filter(unit__code__in=codes)
    if within:
        root = versions.filter(unit__code=within).values_list("path", flat=True).first()
        versions = versions.filter(path__descends_from=root) if root else versions.none()
    return organisation.find_units(versions)


class Known:
    """What the verdicts of some units and days rest on, read at once, whatever their number.

    Numbers are kept as they are now: as of an instant none is known.
    """

    def __init__(
        self,
        units: Sequence[UnitOnDay],
        since: date,
        until: date,
        *,
        as_known: datetime | None = None,
        rulebook: Rulebook | None = None,
    ) -> None:
        ids = [unit.id for unit in units]
        self.rulebook = rulebook or regulations.get_library(as_known).rulebook
        self._attested = find_facts(ids, as_known)
        self._measured = {} if as_known else find_measured(units, since, until, self.rulebook)
        self._stops = safety.find_stops((one.path for one in units), since, until, as_known)
        self._approvals = approvals.find_approvals(ids, as_known)

    def attested(self, unit: UnitOnDay) -> Sequence[Fact]:
        return self._attested.get(unit.id, ())

    def measured(self, unit: UnitOnDay) -> tuple[Measured, ...]:
        return self._measured.get(unit.id, ())

    def stops(self, unit: UnitOnDay) -> list[Stop]:
        return self._stops.over(unit.path)

    def approvals(self, unit: UnitOnDay) -> Sequence[Approval]:
        return self._approvals.get(unit.id, ())

    def facts(self, unit: UnitOnDay) -> list[Fact]:
        """Return all that is shown of a unit, apart from approvals within the group."""
        facts = [*self.attested(unit), *(one.fact for one in self.measured(unit))]
        return facts + [one.fact(unit.time_zone) for one in self.stops(unit)]

    def facts_with_approvals(self, unit: UnitOnDay, but: Collection[int] = ()) -> list[Fact]:
        """Return all that is shown of a unit, with its approvals as they were recorded; ``but``
        those of some applications."""
        kept = [one for one in self.approvals(unit) if one.application_id not in but]
        return self.facts(unit) + [fact for one in kept for fact in one.facts(unit.time_zone)]

    def find_broken(self, unit: UnitOnDay, verdict: Verdict, facts: Sequence[Fact]) -> Broken:
        """Return what is broken on the verdict's day; ``facts`` are those of the verdict."""
        return {
            one.application_id: breaches
            for one in self.approvals(unit)
            if one.state in HOLDS
            and one.covers(verdict.day)
            and (breaches := core_approvals.breaches(verdict, one.basis, facts, verdict.day))
        }

    def evaluate(
        self,
        unit: UnitOnDay,
        day: date,
        kinds: frozenset[str] | None = None,
        supposed: Sequence[Fact] = (),
    ) -> tuple[Verdict, Broken]:
        """Return the unit's verdict on the day, and what it leaves out as broken: with other kinds
        of work, and with facts that are only supposed, where given."""
        subject = subject_of(unit, kinds)
        facts = [*self.facts_with_approvals(unit), *supposed]
        verdict = gate.evaluate(self.rulebook, subject, facts, day)
        if broken := self.find_broken(unit, verdict, facts):
            facts = [*self.facts_with_approvals(unit, broken), *supposed]
            verdict = gate.evaluate(self.rulebook, subject, facts, day)
        return verdict, broken

    def spans(
        self, unit: UnitOnDay, starts: date, ends: date, rulebook: Rulebook | None = None
    ) -> Iterator[Span]:
        """Yield a unit's verdicts of ``starts <= day < ends``, by other rules where given.

        What makes or breaks an approval is a fact or a rule: within a span neither changes.
        """
        rules = rulebook or self.rulebook
        subject, facts = subject_of(unit), self.facts_with_approvals(unit)
        for span in gate.evaluate_spans(rules, subject, facts, starts, ends):
            if broken := self.find_broken(unit, span.verdict, facts):
                kept = self.facts_with_approvals(unit, broken)
                yield from gate.evaluate_spans(rules, subject, kept, span.starts, span.ends)
            else:
                yield span


def find_verdicts(
    units: Sequence[UnitOnDay],
    day: date,
    *,
    as_known: datetime | None = None,
    kinds: frozenset[str] | None = None,
) -> list[UnitVerdict]:
    """Return the verdict of each unit on the day.

    As many queries whatever the number of units, and the rules in memory; each unit costs its own
    clauses and facts only. An approval whose facts hold no more counts no more, recorded or not.
    """
    known = Known(units, day, day + timedelta(days=1), as_known=as_known)
    return [_find_verdict(known, unit, day, kinds) for unit in units]


def _find_verdict(
    known: Known, unit: UnitOnDay, day: date, kinds: frozenset[str] | None
) -> UnitVerdict:
    verdict, broken = known.evaluate(unit, day, kinds)
    shown = measuring.on(known.measured(unit), day)
    over = {str(one.pk): one for one in known.stops(unit)}
    return UnitVerdict(
        unit=unit, verdict=verdict, measured=shown,
        relied=measuring.beyond(shown, known.attested(unit), day),
        stops=tuple(over[key] for key in verdict.stops),
        approvals=tuple(known.approvals(unit)), broken=broken,
    )  # fmt: skip


def find_breaches(
    units: Sequence[UnitOnDay], today: date
) -> list[tuple[Approval, tuple[core_approvals.Breach, ...]]]:
    """Return the units' approvals that are not over, and why each would not hold: today, or on the
    later day on which work is to begin.

    What the unit's own numbers will show of a later day nobody knows yet: until it comes, a
    condition of it that is not shown is no breach, as long as what was attested of it stands.
    """
    known = Known(units, today, today + timedelta(days=1))
    found = []
    for unit in units:
        for one in known.approvals(unit):
            if not one.is_live(today):
                continue
            day, facts = one.day(today), [*known.facts(unit), *one.supposed()]
            verdict = gate.evaluate(known.rulebook, subject_of(unit), facts, day)
            breaches = tuple(
                breach
                for breach in core_approvals.breaches(verdict, one.basis, facts, day)
                if breach.cause is not core_approvals.Cause.UNMET or day == today
            )
            found.append((one, breaches))
    return found


def find_measured(
    units: Iterable[UnitOnDay], since: date, until: date, rulebook: Rulebook
) -> Mapping[int, tuple[Measured, ...]]:
    """Return what the units' own numbers show of ``since <= day < until``, in one query.

    Only of what the rules ask for: a fact that nobody asks for would cost each verdict its look.
    """
    paths = {unit.id: unit.path for unit in units}
    return situation.find_measured(paths, since, until, rulebook.conditions)


def find_spans(units: Sequence[UnitOnDay], starts: date, ends: date) -> dict[str, list[Span]]:
    """Return each unit's verdicts of ``starts <= day < ends`` by code, equal neighbours joined."""
    known = Known(units, starts, ends)
    return {unit.code: _joined(known.spans(unit, starts, ends)) for unit in units}


def _joined(spans: Iterator[Span]) -> list[Span]:
    joined: list[Span] = []
    for span in spans:
        if joined and _shade(joined[-1].verdict) == _shade(span.verdict):
            joined[-1] = replace(joined[-1], ends=span.ends)
        else:
            joined.append(span)
    return joined


def _shade(verdict: Verdict) -> tuple[object, object]:
    return verdict.permitted, verdict.state


def what_if(
    unit: UnitOnDay, day: date, *, kinds: frozenset[str], met: Mapping[str, float]
) -> Verdict:
    """Return the verdict the unit would have with other work and more conditions; saves nothing."""
    known = Known([unit], day, day + timedelta(days=1))
    supposed = [Fact(condition=c, amount=a, starts=day) for c, a in met.items()]
    return known.evaluate(unit, day, kinds, supposed)[0]


def find_history(unit_id: int) -> QuerySet[RecordedVerdict]:
    """Return the recorded verdicts of a unit, latest first."""
    return RecordedVerdict.objects.filter(unit_id=unit_id).order_by("-number")


def find_last_verdicts(unit_ids: Iterable[int]) -> dict[int, tuple[int, dict[str, Any]]]:
    """Return the number and the content of each unit's latest recorded verdict, in one query.

    The key's index leads to each unit's last row; the rows before it are not read.
    """
    fields = ("permitted", "state", "on_site_limit", "reasons", "unmet", "stops")
    latest = RecordedVerdict.objects.filter(unit_id=OuterRef("pk")).order_by("-number")
    whole = latest.values(row=JSONObject(number="number", **{name: F(name) for name in fields}))[:1]
    rows = Unit.objects.filter(arrays.any_of("pk", unit_ids)).annotate(last=Subquery(whole))
    return {
        pk: (row.pop("number"), row)
        for pk, row in rows.values_list("pk", "last")
        if row is not None
    }
