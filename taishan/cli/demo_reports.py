"""The demo's reports: who owes what, and invented answers of the mornings before and of today."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from taishan.cli import demo_follow_ups, demo_privacy
from taishan.kit.actor import Actor

if TYPE_CHECKING:
    from taishan.reporting.submissions import Submission

DAYS_BEFORE = 6
REPORTED_LATER = 0.96
REPORTED_BY_EIGHT = 0.6
SHORT_OF_MASKS = ("M10", "M21")
"""As they attest themselves."""
NIGHT_AT = "M45"
"""Where some work at night."""
OUT_OF_STEP = ("M07", "M19", "M33")
"""Their returns disagree with their roster and with what their people report."""
WELL: dict[str, Any] = {
    "health_status": "well",
    "current_location": "usual_place",
    "travel_14_days": "no",
    "contact_14_days": "no",
    "quarantine_status": "none",
}


def fill(actor: Actor, now: datetime) -> None:
    """Record schedules and reports. Those of today are as far as they have come by ``now``."""
    from taishan.reporting import actions

    chosen = random.Random(7)  # noqa: S311 - invented answers, the same every time
    today = now.date()
    for form in OWED:
        add_schedule(actor, now, form, date(2020, 1, 27))
    demo_privacy.fill(actor, now)
    for ago in range(DAYS_BEFORE, -1, -1):
        day, then = today - timedelta(days=ago), now - timedelta(days=ago)
        share = REPORTED_LATER if ago else REPORTED_BY_EIGHT
        people = list(_of_people(chosen, day, share))
        units = _of_units(chosen, day, share, people) if ago else ()
        actions.submit_reports(actor=actor, now=then, submissions=[*people, *units])
        demo_follow_ups.see_to(actor, then, day)


OWED = {
    "daily_health": ("people", 9, "FREQ=DAILY"),
    "unit_daily": ("units", 16, "FREQ=DAILY"),
    "site_weekly": ("sites", 16, "FREQ=WEEKLY;BYDAY=MO"),
}
"""By whom each form is owed, by which hour, and how often."""


def add_schedule(actor: Actor, now: datetime, form: str, starts: date) -> None:
    """Have the whole group owe a form from a day."""
    from taishan.core.schedules import Mark, Marks
    from taishan.reporting import scheduling
    from taishan.reporting.models import Schedule

    owed_by, due, rule = OWED[form]
    marks = Marks(
        opens=Mark(at=time(6)), due=Mark(at=time(due)), late=Mark(at=time(due + 1)),
        closes=Mark(day=1, at=time(0)),
    )  # fmt: skip
    details = scheduling.Details(
        form=form, unit="HQ", owed_by=Schedule.OwedBy(owed_by), marks=marks, starts=starts,
        rule=rule,
    )  # fmt: skip
    scheduling.add_schedule(actor=actor, now=now, details=details)


def let_work_at_night(actor: Actor, now: datetime) -> None:
    """Put two on a night shift who report before it begins: at eight in the morning neither has."""
    from taishan.core.schedules import Mark, Marks
    from taishan.organisation import shifts
    from taishan.organisation.models import Person, Shift
    from taishan.reporting import scheduling
    from taishan.reporting.models import Report, Schedule

    today = now.date()
    marks = Marks(
        opens=Mark(at=time(18)), due=Mark(at=time(21)), late=Mark(at=time(22)),
        closes=Mark(day=1, at=time(6)),
    )  # fmt: skip
    details = scheduling.Details(
        form="daily_health", unit=NIGHT_AT, owed_by=Schedule.OwedBy.PEOPLE, marks=marks,
        starts=today, shift="夜班 Night",
    )  # fmt: skip
    scheduling.add_schedule(actor=actor, now=now, details=details)
    night = Shift.objects.get(unit__code=NIGHT_AT)
    reported = Report.objects.filter(period=today).values("subject_id")
    roster = Person.objects.filter(memberships__unit__code=NIGHT_AT).exclude(pk__in=reported)
    for person in roster.order_by("staff_no")[:2]:
        shifts.put_on(actor=actor, now=now, person=person, shift=night, since=today)


def _of_people(chosen: random.Random, day: date, share: float) -> Iterator[Submission]:
    """Each person is in quarantine, feverish or well on all days, or their days would not agree."""
    from taishan.organisation.models import Membership

    staff_nos = Membership.objects.filter(valid__contains=day).order_by("person__staff_no")
    for staff_no in staff_nos.values_list("person__staff_no", flat=True):
        fate = random.Random(staff_no).random()  # noqa: S311 - as above
        if chosen.random() < share:
            answers = _answers(chosen, fate, day) | demo_follow_ups.ANSWERS.get(staff_no, {})
            yield _submission(chosen, "daily_health", staff_no, day, answers)


def _answers(chosen: random.Random, fate: float, day: date) -> dict[str, Any]:
    is_first_day = day < date(2020, 2, 10)
    answers = WELL | {"body_temperature": round(chosen.uniform(36.1, 36.9), 1)}
    if fate < 0.02 and not is_first_day:
        return answers | {
            "health_status": "unwell", "symptoms": ["fever", "cough"], "work_ability": "unable",
            "symptom_onset": "2020-02-09", "quarantine_status": "medical_observation",
            "body_temperature": round(chosen.uniform(37.4, 38.6), 1),
        }  # fmt: skip
    if fate < 0.08:
        return answers | {
            "quarantine_status": "home", "travel_14_days": "yes", "work_ability": "remote",
            "travel_places": "湖北省，1月22日至2月2日",
        }  # fmt: skip
    return answers | {"work_ability": "remote" if fate < 0.6 else "on_site"}


def _of_units(
    chosen: random.Random, day: date, share: float, people: list[Submission]
) -> Iterator[Submission]:
    """What people report and what their unit returns agree, but for a few units."""
    from taishan.organisation.models import Membership, UnitVersion

    members: dict[str, list[dict[str, Any]]] = defaultdict(list)
    said = {one.subject: dict(one.answers) for one in people}
    roster = Membership.objects.filter(valid__contains=day).order_by("person__staff_no")
    for code, staff_no in roster.values_list("unit__code", "person__staff_no"):
        members[code].append(said.get(staff_no, {}))
    units = UnitVersion.objects.filter(valid__contains=day).order_by("unit__code")
    for code in units.values_list("unit__code", flat=True):
        if chosen.random() < share:
            answers = _return(chosen, members[code])
            if code in SHORT_OF_MASKS:
                answers["masks_in_stock"] = answers["masks_used_per_day"] * 6
            if code in OUT_OF_STEP:
                answers |= {"roster": answers["roster"] + 4, "remote": answers["remote"] + 3}
            yield _submission(chosen, "unit_daily", code, day, answers)


def _return(chosen: random.Random, people: list[dict[str, Any]]) -> dict[str, Any]:
    return invent_return(
        chosen,
        roster=len(people),
        on_site=sum(one.get("work_ability") == "on_site" for one in people),
        in_quarantine=sum(one.get("quarantine_status", "none") != "none" for one in people),
        symptomatic=sum(one.get("health_status") == "unwell" for one in people),
    )


def invent_return(
    chosen: random.Random, *, roster: int, on_site: int, in_quarantine: int, symptomatic: int
) -> dict[str, Any]:
    """Return what a unit of so many people may have answered."""
    used = max(on_site, 1) * 2
    return {
        "roster": roster, "on_site": on_site, "remote": roster - on_site - in_quarantine,
        "in_quarantine": in_quarantine, "symptomatic": symptomatic, "suspected": 0, "confirmed": 0,
        "masks_in_stock": used * chosen.randint(2, 20), "masks_used_per_day": used,
        "disinfectant_in_stock_litres": chosen.randint(20, 200),
        "disinfectant_used_per_day_litres": chosen.randint(4, 20), "disinfection_done": "yes",
        "temperature_checks_done": "yes",
    }  # fmt: skip


def _submission(
    chosen: random.Random, form: str, subject: str, day: date, answers: dict[str, Any]
) -> Submission:
    from taishan.reporting.models import Door
    from taishan.reporting.submissions import Submission

    return Submission(
        form=form, subject=subject, period=day, answers=answers, door=Door.PAGE,
        client=UUID(int=chosen.getrandbits(128)),
    )  # fmt: skip
