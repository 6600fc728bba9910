"""Two who add to the same sums of the group at once: nothing is lost, and neither is refused."""

from __future__ import annotations

from pathlib import Path

from tests.processes import migrated, run_at_once

BOTH = """
import threading
from concurrent.futures import ThreadPoolExecutor
from taishan.cli import context
with context.database():
    from django.db import connection
    from taishan.organisation.models import Unit
    from tests import people
    from tests.safety.building import viewer

    ROUNDS = 12
    office = people.found_group()["duty_office"]

    def at_once(work, *given):
        start = threading.Barrier(len(given))

        def many(one):
            for number in range(ROUNDS):
                start.wait(60)
                work(one, number)
            connection.close()

        with ThreadPoolExecutor(len(given)) as pool:
            list(pool.map(many, given))
"""
INSPECTIONS = """
    from taishan.forms import actions as forms
    from taishan.organisation import actions as organisation
    from taishan.safety import inspection_figures, inspection_sums
    from taishan.safety.inspection_models import InspectionGroupSum
    from tests.forms.building import xlsform
    from tests.safety.inspecting import CHOICES, SETTINGS, SURVEY, checklist, inspected

    organisation.open_units(
        actor=people.ACTOR, now=people.NOW, on=people.FOUNDED,
        details=[people.unit(f"U{number}", "CN-BJ") for number in range(8)],
    )
    codes = dict(Unit.objects.values_list("pk", "code"))
    unit = max(codes)
    units = (codes[unit], codes[unit - InspectionGroupSum.PARTS])
    old = checklist()
    content = xlsform((SURVEY[0], SURVEY[5], *SURVEY[1:5]), CHOICES, SETTINGS)
    new = forms.upload(actor=people.ACTOR, now=people.NOW, content=content, name="round.xlsx")
    forms.publish(actor=people.ACTOR, now=people.NOW, version=new)
    new.refresh_from_db()

    at_once(
        lambda one, _number: inspected(office, one[1], unit=one[0]), *zip(units, (old, new))
    )
    [month] = months = inspection_figures.months_to(people.NOW.date(), 1)
    whole = inspection_figures.find(list(codes), months)[""][month]
    items = inspection_figures.find(list(codes), months, "code", old.form_id)
    print(inspection_sums.find_differences(), whole.inspections, items["cables"][month].passed)
"""
HAZARDS = """
    from datetime import date
    from taishan.safety import hazard_counts, hazard_statistics, hazards
    from taishan.safety.hazard_months import Months
    from tests.safety.finding import found

    who = viewer(office)

    def work(unit, number):
        hazard = found(office, unit)
        if number % 3 == 0:
            hazards.dismiss(viewer=who, now=people.NOW, hazard=hazard, reason="None")

    at_once(work, "W1", "H1")
    everywhere = list(Unit.objects.values_list("pk", flat=True))
    months = Months(since=date(2020, 2, 1), until=date(2020, 3, 1))
    by_cause = hazard_statistics.find_by_cause(everywhere, months)
    print(hazard_counts.find_differences(), sum(one.found for one in by_cause.values()))
"""


def test_two_units_inspected_at_once_by_two_versions_add_up_in_the_group(tmp_path: Path) -> None:
    assert run_at_once(BOTH + INSPECTIONS, migrated(tmp_path / "home")) == "[] 24 24"


def test_hazards_of_two_units_found_and_dismissed_at_once_add_up_in_the_group(
    tmp_path: Path,
) -> None:
    assert run_at_once(BOTH + HAZARDS, migrated(tmp_path / "home")) == "[] 16"
