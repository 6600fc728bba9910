"""Filling an empty database with an invented group."""

from __future__ import annotations

from django.db import connections, transaction

from taishan.cli import demo_reports
from taishan.cli.large_group import days, people
from taishan.cli.large_group.plan import Plan, Progress
from taishan.kit.actor import Actor
from taishan.ledger import actions as ledger
from taishan.organisation.models import Person, Unit

ACTOR = Actor(label="taishan situation generate", door="cli")
FILLED = (
    "organisation_account", "organisation_headcountchange", "organisation_membership",
    "organisation_person", "organisation_unit", "organisation_unitversion", "reporting_counter",
    "reporting_indicator", "reporting_report", "reporting_tally",
)  # fmt: skip


class GroupRefused(ValueError):
    """A group that cannot be generated; the message says why."""


@transaction.atomic
def generate(plan: Plan, note: Progress) -> None:
    """Record the group, all of it or nothing. Raises GroupRefused."""
    _refuse(plan)
    units = people.open_units(ACTOR, plan)
    for form in plan.forms:
        demo_reports.add_schedule(ACTOR, plan.now, form, plan.since)
    everybody = people.record_people(plan, units, note)
    days.record_days(plan, units, everybody, note)
    ledger.record(
        actor=ACTOR, now=plan.now, verb="group.generated", subject=("group", ""),
        data={"people": plan.people, "units": plan.units, "seed": plan.seed},
    )  # fmt: skip


def _refuse(plan: Plan) -> None:
    if Unit.objects.exists() or Person.objects.exists():
        raise GroupRefused(
            "this database holds a group already: generate only into a new one, "
            "such as TAISHAN_HOME=/tmp/group"
        )
    if plan.people < plan.units:
        raise GroupRefused("each unit needs at least one person: fewer units, or more people")
    if plan.levels < 2 and plan.units > 1:
        raise GroupRefused("units below headquarters need a second level")


def tidy() -> None:
    """Do for the tables what the database's own housekeeping would do within the hour."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(f"VACUUM (ANALYZE) {', '.join(FILLED)}")
