"""Verdicts, evaluated on read (DESIGN 5.2)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject

from taishan.core import gate, measuring
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
from taishan.resumption.models import Attestation, RecordedVerdict
from taishan.safety import queries as safety
from taishan.safety.queries import Stop, Stops
from taishan.situation import facts as situation


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


def find_verdicts(
    units: Sequence[UnitOnDay],
    day: date,
    *,
    as_known: datetime | None = None,
    kinds: frozenset[str] | None = None,
) -> list[UnitVerdict]:
    """Return the verdict of each unit on the day.

    Four queries and the rules in memory, whatever the number of units; each unit costs its own
    clauses and facts only. Numbers are kept as they are now: as of an instant none is known.
    """
    rulebook = regulations.get_library(as_known).rulebook
    attested = find_facts((unit.id for unit in units), as_known)
    measured = {} if as_known else find_measured(units, day, day + timedelta(days=1), rulebook)
    stops = safety.find_stops(day, as_known)
    found = []
    for unit in units:
        said, of_unit = attested.get(unit.id, ()), measured.get(unit.id, ())
        over = {str(one.pk): one for one in stops.over(unit.path)}
        facts = [*said, *(one.fact for one in of_unit), *stop_facts(unit, stops)]
        verdict = gate.evaluate(rulebook, subject_of(unit, kinds), facts, day)
        shown = measuring.on(of_unit, day)
        relied = measuring.beyond(shown, said, day)
        found.append(
            UnitVerdict(
                unit=unit, verdict=verdict, measured=shown, relied=relied,
                stops=tuple(over[key] for key in verdict.stops),
            )
        )  # fmt: skip
    return found


def stop_facts(unit: UnitOnDay, stops: Stops) -> list[Fact]:
    """Return what stops the unit, as facts on its own days."""
    return [one.fact(unit.time_zone) for one in stops.over(unit.path)]


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
    rulebook = regulations.get_library().rulebook
    attested = find_facts(unit.id for unit in units)
    measured = find_measured(units, starts, ends, rulebook)
    stops = safety.find_stops(starts)
    found = {}
    for unit in units:
        facts = [*attested.get(unit.id, ()), *(one.fact for one in measured.get(unit.id, ()))]
        facts += stop_facts(unit, stops)
        spans = gate.evaluate_spans(rulebook, subject_of(unit), facts, starts, ends)
        found[unit.code] = _joined(spans)
    return found


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
    rulebook = regulations.get_library().rulebook
    measured = find_measured([unit], day, day + timedelta(days=1), rulebook).get(unit.id, ())
    facts = [*find_facts([unit.id]).get(unit.id, ()), *(one.fact for one in measured)]
    facts += stop_facts(unit, safety.find_stops(day))
    facts += [Fact(condition=c, amount=a, starts=day) for c, a in met.items()]
    return gate.evaluate(rulebook, subject_of(unit, kinds), facts, day)


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
