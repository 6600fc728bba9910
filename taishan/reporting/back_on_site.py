"""Who is back at work by their own report: offered to the officer, who alone records it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from taishan.core import followup
from taishan.core.followup import ENDED, State
from taishan.forms.models import Form
from taishan.kit.arrays import any_of
from taishan.reporting import noticing
from taishan.reporting.follow_up_models import FollowUp, Step
from taishan.reporting.models import Indicator, Report, Tally

SIGNS = frozenset(
    {"health_status:well", "quarantine_status:none", "current_location:usual_place",
     "work_ability:on_site"}
)  # fmt: skip
"""What of the daily report says, all of it together, that somebody is well and on site."""
AGAINST = frozenset({"fever"})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Last:
    """The latest report of somebody."""

    period: date
    submitted_at: datetime
    tally_id: int


def find_said(steps: Sequence[Step], unit_ids: Mapping[int, int], day: date) -> dict[int, date]:
    """Return by follow-up the day of the report that says well and on site, since its last step.

    ``steps`` are those of the day, ``unit_ids`` the units of the people by follow-up. By the
    tallies of the reports: no answer is read. Five queries, none where nobody could be back.
    """
    could = [one for one in steps if one.until is None and followup.may_return(State(one.state))]
    if not could:
        return {}
    units = {unit_ids[one.follow_up_id] for one in could}
    last = _find_last({one.follow_up.person_id for one in could}, units, day)
    well = _find_well(one.tally_id for one in last.values())
    anew = _find_followed(last)
    found = {}
    for step in could:
        said = last.get(step.follow_up.person_id)
        if said and followup.suggests_return(
            State(step.state), since=step.recorded_at, reported_at=said.submitted_at,
            is_well_on_site=said.tally_id in well,
            is_followed_anew=anew.get(step.follow_up.person_id, step.follow_up_id)
            != step.follow_up_id,
        ):  # fmt: skip
            found[step.follow_up_id] = said.period
    return found


def _find_last(people: Iterable[int], unit_ids: Iterable[int], day: date) -> dict[int, _Last]:
    """Return the latest daily report of each up to the day, in their unit of the day."""
    form = Form.objects.filter(code=noticing.FORM).first()
    rows = Report.objects.filter(
        any_of("unit_id", unit_ids), any_of("subject_id", people), form_id=form.pk if form else 0,
        period__lte=day,
    )  # fmt: skip
    found = rows.order_by("subject_id", "-period").distinct("subject_id")
    return {
        person: _Last(period=period, submitted_at=at, tally_id=tally)
        for person, period, at, tally in found.values_list(
            "subject_id", "period", "submitted_at", "tally_id"
        )
    }


def _find_well(tally_ids: Iterable[int]) -> set[int]:
    """Return which of the tallies are of reports that say well and on site."""
    named = Indicator.objects.filter(name__in=SIGNS | AGAINST)
    numbers = dict(named.values_list("name", "pk"))
    if not numbers.keys() >= SIGNS:
        return set()
    found = Tally.objects.filter(
        any_of("pk", set(tally_ids)), indicators__contains=[numbers[name] for name in SIGNS]
    ).exclude(indicators__overlap=[numbers[name] for name in AGAINST & numbers.keys()])
    return set(found.values_list("pk", flat=True))


def _find_followed(people: Iterable[int]) -> dict[int, int]:
    """Return the follow-up of each that goes on."""
    rows = FollowUp.objects.filter(any_of("person_id", people)).exclude(state__in=ENDED)
    return dict(rows.values_list("person_id", "pk"))
