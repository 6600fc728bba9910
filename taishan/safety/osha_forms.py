"""OSHA's forms 300, 300A and 301 as workbooks of one unit and year: 29 CFR 1904.29, .32.

Their columns keep the form's own letters and words, since that is what is copied from them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import QuerySet

from taishan.kit import tables
from taishan.kit.tables import Cell, NewSheet
from taishan.organisation.models import UnitVersion
from taishan.safety import incident_sums
from taishan.safety.incident_models import Incident, InjuredPerson, Injury, WorkedHours
from taishan.safety.incident_people import MOST_DAYS

Outcome, Ailment = Injury.Outcome, Injury.Ailment
PRIVACY = "Privacy Case"
MONTHS = 12
MARKS = {
    Outcome.DEATH: "(G) Death", Outcome.AWAY: "(H) Days away from work",
    Outcome.RESTRICTED: "(I) Job transfer or restriction",
    Outcome.OTHER: "(J) Other recordable cases",
}  # fmt: skip
ILLS = {
    Ailment.INJURY: "(M1) Injury", Ailment.SKIN: "(M2) Skin disorder",
    Ailment.RESPIRATORY: "(M3) Respiratory condition", Ailment.POISONING: "(M4) Poisoning",
    Ailment.HEARING: "(M5) Hearing loss", Ailment.OTHER: "(M6) All other illnesses",
}  # fmt: skip
COLUMNS_300 = (
    "(A) Case no.", "(B) Employee's name", "(C) Job title", "(D) Date of injury or onset",
    "(E) Where the event occurred",
    "(F) Describe injury or illness, parts of body affected, and object/substance",
    *MARKS.values(), "(K) Away from work, days", "(L) On job transfer or restriction, days",
    *ILLS.values(),
)  # fmt: skip
COLUMNS_301 = (
    "1) Full name", "2) Address", "3) Date of birth", "4) Date hired", "5) Male or female",
    "6-7) Physician, facility", "8) Treated in an emergency room",
    "9) Hospitalized overnight as an in-patient", "10) Case number from the Log",
    "11) Date of injury or illness", "12) Time employee began work", "13) Time of event",
    "14) What was the employee doing just before the incident occurred?", "15) What happened?",
    "16) What was the injury or illness?",
    "17) What object or substance directly harmed the employee?",
    "18) If the employee died, when did death occur?",
)  # fmt: skip


class Year:
    """The recordable cases of a unit in a calendar year by its clock: first aid is none."""

    def __init__(self, version: UnitVersion, year: int) -> None:
        self.version, self.year = version, year
        rows = incident_sums.find_incidents(
            [version.unit_id], date(year, 1, 1), date(year + 1, 1, 1)
        )
        self.incidents = {row.pk: row for row in rows}
        last = incident_sums.find_last_injuries(list(self.incidents))
        self.cases = [one for one in last if one.outcome != Outcome.FIRST_AID]
        dead = sum(one.outcome == Outcome.DEATH for one in last)
        by_numbers = sum(row.deaths for row in rows)
        hurt = sum(row.serious + row.light for row in rows)
        self.dead_unrecorded = max(0, by_numbers - dead)
        self.hurt_unrecorded = max(0, hurt - (len(last) - dead))

    def find_people(self) -> Mapping[tuple[int, int], InjuredPerson]:
        """Return who was hurt by incident and number, where that is still kept."""
        rows = InjuredPerson.objects.filter(incident_id__in=self.incidents)
        return {(one.incident_id, one.number): one for one in rows}


def write_300(of: Year) -> bytes:
    """Return the log: a name stays out where the case is one of privacy."""
    people = of.find_people()
    rows = [_line(of, one, people.get((one.incident_id, one.number))) for one in of.cases]
    return tables.write_xlsx(f"Form 300 {of.year}", COLUMNS_300, rows)


def _line(of: Year, case: Injury, person: InjuredPerson | None) -> list[Cell]:
    incident = of.incidents[case.incident_id]
    who = [person.name if person else "", person.job_title if person else ""]
    described = ", ".join(
        part for part in (person and person.injury, person and person.by_what) if part
    )
    if case.is_privacy_case:
        who[0] = PRIVACY
    return [
        number(case), *who, _day(incident), incident.place, described,
        *("X" if case.outcome == outcome else "" for outcome in MARKS),
        min(case.days_away, MOST_DAYS), min(case.days_restricted, MOST_DAYS),
        *("X" if case.ailment == ill else "" for ill in ILLS),
    ]  # fmt: skip


def number(case: Injury) -> str:
    """Return the case number: of the incident, and within it."""
    return f"{case.incident_id}-{case.number}"


def _day(incident: Incident) -> str:
    return incident.occurred_at.astimezone(incident.zone).date().isoformat()


def find_hours(unit_id: int, year: int) -> QuerySet[WorkedHours]:
    """Return the months of the year whose hours are recorded: what 300A counts, out of MONTHS."""
    return WorkedHours.objects.filter(unit_id=unit_id, month__year=year)


def write_300a(of: Year) -> bytes:
    """Return the summary, which is posted where everybody reads it: no case stands in it."""
    worked = find_hours(of.version.unit_id, of.year)
    months = list(worked.values_list("hours", "workers"))
    rows: list[tuple[str, Cell]] = [
        ("Establishment name", of.version.name_en), ("Year", of.year),
        *((f"Total {words}", sum(one.outcome == outcome for one in of.cases))
          for outcome, words in MARKS.items()),
        ("Total (K) days away from work", sum(min(one.days_away, MOST_DAYS) for one in of.cases)),
        ("Total (L) days of job transfer or restriction",
         sum(min(one.days_restricted, MOST_DAYS) for one in of.cases)),
        *((f"Total {words}", sum(one.ailment == ill for one in of.cases))
          for ill, words in ILLS.items()),
        ("Annual average number of employees",
         round(sum(people for _hours, people in months) / len(months)) if months else ""),
        ("Total hours worked by all employees",
         sum(hours for hours, _people in months) if months else ""),
    ]  # fmt: skip
    for number_, who in ((of.dead_unrecorded, "Deaths"), (of.hurt_unrecorded, "Injuries")):
        if number_:
            rows.append((f"{who} not yet recorded on the log", number_))
    if len(months) < MONTHS:
        rows.append((f"Hours are recorded for {len(months)} of {MONTHS} months", ""))
    return tables.write_book(
        [NewSheet(name=f"Form 300A {of.year}", headings=("What", "Number"), rows=rows)]
    )


def write_301(of: Year) -> bytes:
    """Return a row for each case whose person is still kept."""
    people = of.find_people()
    rows = [
        _report(of, one, person) for one in of.cases
        if (person := people.get((one.incident_id, one.number)))
    ]  # fmt: skip
    return tables.write_xlsx(f"Form 301 {of.year}", COLUMNS_301, rows)


def _report(of: Year, case: Injury, person: InjuredPerson) -> list[Cell]:
    incident = of.incidents[case.incident_id]
    return [
        person.name, person.address, _text(person.born_on), _text(person.hired_on), person.sex,
        person.doctor, _yes(said=person.was_in_emergency_room), _yes(said=person.was_in_patient),
        number(case), _day(incident), _text(person.began_work),
        f"{incident.occurred_at.astimezone(incident.zone):%H:%M}", person.was_doing, incident.what,
        person.injury, person.by_what, _text(person.died_on),
    ]  # fmt: skip


def _text(value: Any) -> str:
    return "" if value is None else value.isoformat()


def _yes(*, said: bool) -> str:
    return "Yes" if said else "No"


FORMS = {"300": write_300, "300a": write_300a, "301": write_301}
