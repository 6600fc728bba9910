"""A group that owes the daily report and the unit's return, and reports of its people."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID, uuid4

from taishan.core.schedules import Mark, Marks
from taishan.organisation import staffing
from taishan.reporting import actions, scheduling
from taishan.reporting.models import Correction, Counter, Door, Indicator, Report, Ruling, Schedule
from taishan.reporting.submissions import Accepted, Rejected, Submission
from tests import people

TODAY = date(2020, 2, 12)
MORNING = datetime(2020, 2, 12, 0, 0, tzinfo=UTC)
"""08:00 in Wenzhou."""

MARKS = Marks(
    opens=Mark(at=time(6)),
    due=Mark(at=time(9)),
    late=Mark(at=time(10)),
    closes=Mark(day=1, at=time(0)),
)
WELL: dict[str, Any] = {
    "health_status": "well",
    "body_temperature": 36.5,
    "current_location": "usual_place",
    "travel_14_days": "no",
    "contact_14_days": "no",
    "quarantine_status": "none",
    "work_ability": "on_site",
}
FEVER = WELL | {
    "health_status": "unwell",
    "symptoms": ["fever", "cough"],
    "body_temperature": 38.1,
    "work_ability": "unable",
}
RETURN: dict[str, Any] = {
    "roster": 100,
    "on_site": 40,
    "remote": 50,
    "in_quarantine": 5,
    "symptomatic": 1,
    "suspected": 0,
    "confirmed": 0,
    "masks_in_stock": 800,
    "masks_used_per_day": 80,
    "disinfectant_in_stock_litres": 40,
    "disinfectant_used_per_day_litres": 4,
    "disinfection_done": "yes",
    "temperature_checks_done": "yes",
}


def add_schedules() -> None:
    """The whole group owes the daily report, and every unit its return, by the same hours."""
    for form, owed_by in (("daily_health", "people"), ("unit_daily", "units")):
        add_schedule(form, owed_by)


def add_schedule(form: str, owed_by: str, unit: str = "HQ", **more: Any) -> Schedule:
    given = {"marks": MARKS, "starts": people.FOUNDED} | more
    details = scheduling.Details(form=form, unit=unit, owed_by=Schedule.OwedBy(owed_by), **given)
    return scheduling.add_schedule(actor=people.ACTOR, now=people.NOW, details=details)


def hire(*staff_nos: str, unit: str = "W1") -> None:
    for staff_no in staff_nos:
        staffing.hire(
            actor=people.ACTOR, now=people.NOW, on=people.FOUNDED, staff_no=staff_no,
            name=f"张{staff_no}", unit=unit,
        )  # fmt: skip


def report(subject: str, answers: dict[str, Any] = WELL, **more: Any) -> Submission:
    """Return a daily report of today, under a number of its own."""
    given = {"form": "daily_health", "period": TODAY, "client": uuid4(), "door": Door.API}
    return Submission(subject=subject, answers=answers, **given | more)


def submit(
    *submissions: Submission, now: datetime = MORNING, **more: Any
) -> list[Accepted | Rejected]:
    return actions.submit_reports(actor=people.ACTOR, now=now, submissions=submissions, **more)


def rule(correction: Correction, outcome: Ruling.Outcome, now: datetime, **more: Any) -> None:
    """Rule on a correction held against what is in force."""
    key = (correction.unit_id, correction.form_id, correction.period, correction.subject_id)
    given = {"actor": people.ACTOR, "seen": client_in_force(key)} | more
    actions.rule(now=now, correction_id=correction.pk, outcome=outcome, **given)


def client_in_force(key: tuple[int, int, date, int]) -> UUID | None:
    """Return the number of the report in force."""
    return Report.objects.filter(pk=key).values_list("client", flat=True).first()


def told(results: list[Accepted | Rejected]) -> list[str]:
    """Return the outcome or the rejection's code of each."""
    return [one.outcome.value if isinstance(one, Accepted) else one.code for one in results]


def counts(unit_id: int, form_id: int, period: date = TODAY) -> dict[str, float]:
    """Return the counters of a unit for a period, without those that are 0."""
    names = dict(Indicator.objects.values_list("pk", "name"))
    found = Counter.objects.filter(unit_id=unit_id, form_id=form_id, period=period)
    return {names[row.indicator_id]: float(row.amount) for row in found if row.amount}
