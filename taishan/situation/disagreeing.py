"""Units whose return disagrees with the roster, or with their people's own reports (DESIGN 5.3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from taishan.core import reconciling, situation
from taishan.core.reconciling import Compared
from taishan.core.situation import NOTHING, RECEIVED, Counts
from taishan.forms.models import Form
from taishan.kit.arrays import any_of
from taishan.organisation import headcounts
from taishan.organisation.access import Capability, Viewer
from taishan.organisation.models import RoleGrant
from taishan.reporting.my_reports import REPORTERS
from taishan.situation import branches, counting
from taishan.situation.branches import Stay
from taishan.situation.expecting import Expected, Owing

RETURN, REPORT = "unit_daily", "daily_health"
RETURNED = (reconciling.ROSTER, *(rule.returned for rule in reconciling.RULES))
REPORTED = tuple(
    {
        name
        for rule in reconciling.RULES
        for name in (*rule.certain, *rule.elsewhere, *rule.possible)
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """One number of a unit's own return beside what the roster or its people say."""

    unit: Stay
    compared: Compared


def find(viewer: Viewer, day: date, within: str) -> list[Disagreement]:
    """Return every number that disagrees in the returns of the day, the furthest apart first.

    Of the units whose people the viewer may see, each by itself; a unit without a return is on
    another list. Eleven queries, however many the units.
    """
    forms = {form.code: form for form in Form.objects.filter(code__in=(RETURN, REPORT))}
    if RETURN not in forms:
        return []
    days = day, day + timedelta(days=1)
    stays = branches.find_branch(viewer, within, *days).stays
    units = [unit for unit in stays if viewer.may(Capability.SEE_PEOPLE, unit.path)]
    returned = _counts(forms[RETURN], units, days, RETURNED)
    roster = headcounts.find_changes([unit.unit_id for unit in units], *days)
    people = _of_people(forms[REPORT], units, days) if REPORT in forms else {}
    found = [
        Disagreement(unit=unit, compared=one)
        for unit in units
        if returned.get(unit.unit_id, NOTHING).get(RECEIVED)
        for one in reconciling.compare(
            returned[unit.unit_id],
            sum(number for _day, number in roster.get(unit.unit_id, [])),
            *people.get(unit.unit_id, (None, 0)),
        )
        if one.size
    ]
    return sorted(found, key=lambda one: (-abs(one.compared.size), one.unit.code))


def _of_people(
    form: Form, units: list[Stay], days: tuple[date, date]
) -> dict[int, tuple[Counts, int]]:
    """Return what people report and how many are missing, where they owe a report on the day."""
    counts = _counts(form, units, days, REPORTED)
    expected = Expected(Owing(form), units, *days).sums(*days, _itself)
    return {
        unit_id: (counts.get(unit_id, NOTHING), _missing(number, counts.get(unit_id, NOTHING)))
        for (unit_id, _day), number in expected.items()
    }


def _missing(expected: int, counts: Counts) -> int:
    return situation.reporting(expected, counts).missing


def _counts(
    form: Form, units: list[Stay], days: tuple[date, date], only: tuple[str, ...]
) -> dict[int, Counts]:
    found = counting.sums(form.pk, units, days, _itself, counting.names(), only=(RECEIVED, *only))
    return {unit_id: counts for (unit_id, _day), counts in found.items()}


def _itself(unit: Stay) -> int:
    return unit.unit_id


def find_to_remind(viewer: Viewer, found: list[Disagreement], on: date) -> set[int]:
    """Return who answers for the returns that disagree, in units that the viewer may tell."""
    ids = {one.unit.unit_id for one in found if viewer.may(Capability.NOTIFY, one.unit.path)}
    grants = RoleGrant.objects.filter(
        any_of("unit_id", ids), role__in=REPORTERS, valid__contains=on
    )
    return set(grants.values_list("person_id", flat=True))
