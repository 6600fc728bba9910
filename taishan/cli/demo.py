"""``taishan demo``: a throw-away instance of an invented group on real rules."""

from __future__ import annotations

import os
import tempfile
import time
import webbrowser
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from taishan.cli import (
    context,
    demo_approvals,
    demo_campaigns,
    demo_cases,
    demo_directives,
    demo_duties,
    demo_hazards,
    demo_incidents,
    demo_inspections,
    demo_notices,
    demo_reports,
    demo_risks,
    demo_situation,
    serve,
)
from taishan.kit.actor import Actor

if TYPE_CHECKING:
    from taishan.organisation.actions import UnitDetails
    from taishan.organisation.models import Account

STARTS = datetime(2020, 2, 12, 0, 0, tzinfo=UTC)
"""08:00 in Shanghai: the domain's clock starts here and runs on."""


@click.command()
@click.option("--port", default=8020, show_default=True)
@click.option("--open/--no-open", "opens", default=True, help="open a browser")
def demo(port: int, opens: bool) -> None:
    """See a whole group on 12 February 2020: which unit may work, how far, and why."""
    serve.refuse_bare()
    serve.refuse_taken(port)
    with tempfile.TemporaryDirectory(prefix="taishan-demo-") as home:
        _settle(Path(home), port)
        began = time.monotonic()
        click.echo("Starting a database of its own …")
        with context.database():
            click.echo("Creating its tables, and the places of ISO 3166 and GB/T 2260 …")
            context.migrate()
            click.echo("Setting up an invented group under the rules of 2020 …")
            links = prepare(Path(__file__).parent / "demo_group")
            serve.run(port, lambda: _announce(port, links, began, opens=opens))


def _settle(home: Path, port: int) -> None:
    """Let nothing of an instance set up in this shell reach the demo: its database above all."""
    for name in [name for name in os.environ if name.startswith("TAISHAN_")]:
        del os.environ[name]
    offset = (STARTS - datetime.now(UTC)).total_seconds()
    os.environ |= {
        "TAISHAN_HOME": str(home),
        "TAISHAN_CLOCK_OFFSET_S": str(offset),
        "TAISHAN_SIGN_IN_LINKS": "1",
        "TAISHAN_OUTSIDE": "0",
        "TAISHAN_PUBLIC_URL": f"http://localhost:{port}",
    }


def _announce(port: int, links: list[tuple[str, str]], began: float, *, opens: bool) -> None:
    base = f"http://localhost:{port}"
    click.echo(f"Ready after {time.monotonic() - began:.0f} s, on 12 February 2020. Sign in as:")
    for label, path in links:
        click.echo(f"  {label:<18} {base}{path}")
    click.echo("Ctrl-C stops it and throws everything away.")
    if opens:
        webbrowser.open(base + links[0][1])


def prepare(folder: Path) -> list[tuple[str, str]]:
    """Fill an empty instance from the files in ``folder``; return (role, sign-in path)."""
    from taishan.kit import clock
    from taishan.organisation import access, accounts
    from taishan.organisation.models import Role

    now, on = clock.now(), date(2020, 1, 1)
    actor = Actor(label="demo", door="import")
    _units(folder, actor, now, on)
    officers = _people(folder, actor, now, on)
    _rules(folder, actor, now)
    _attested(folder, officers, now)
    demo_reports.fill(actor, now)
    demo_reports.let_work_at_night(actor, now)
    demo_duties.fill(actor, now)
    held = _roles(actor, now, on)
    demo_situation.fill(held[-1], held[0], now)
    demo_directives.fill(officers, held[0], held[1], now)
    demo_notices.fill(held[0], [held[2], held[1], held[5]], now)
    demo_approvals.fill(officers, access.viewer_for(held[0], on).actor, now)
    demo_risks.fill(officers, held, now)
    demo_cases.fill(held[4], actor, now)
    crews = demo_hazards.fill(held[0], actor, now)
    demo_campaigns.fill(held[0], officers, now)
    demo_incidents.fill(held[0], officers, now)
    demo_inspections.fill(held[0], officers, crews, now)
    return [
        (f"{Role(role).label}", accounts.sign_in_path(account.pk))
        for (role, _name, _unit), account in zip(CAST, held, strict=False)
    ]


def _roles(actor: Actor, now: datetime, on: date) -> list[Account]:
    """Grant the cast their roles, and one to who reviews what the duty office does."""
    from taishan.organisation import actions

    return [
        actions.grant_role(
            actor=actor, now=now, on=on, staff_no=f"D{number}", name=name, role=role, unit=unit
        )
        for number, (role, name, unit) in enumerate((*CAST, ("duty_office", "许言", "HQ")))
    ]


CAST = (
    ("duty_office", "周晓晨", "HQ"),
    ("unit_head", "林建国", "M27"),
    ("safety_officer", "陈静", "M15"),
    ("inspector", "吴明", "HQ"),
    ("discipline_office", "郑岚", "HQ"),
    ("employee", "Sok Dara", "PP2"),
)


def _units(folder: Path, actor: Actor, now: datetime, on: date) -> None:
    import csv

    from taishan.organisation import actions

    with (folder / "units.csv").open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    details = []
    for number, row in enumerate(rows):
        is_province = row["city_gb2260"].endswith("0000")
        place = row["iso_3166_2"] if is_province else f"CN-{row['city_gb2260']}"
        details.append(_member(row, place, number))
    actions.open_units(actor=actor, now=now, on=on, details=[*_own(), *details])


def _member(row: dict[str, str], place: str, number: int) -> UnitDetails:
    from taishan.organisation.actions import UnitDetails

    kinds = {3: ("EPI",), 7: ("UTIL",), 14: ("ORD", "EPI"), 20: ("LIFE",), 33: ("KEYPROJ",)}
    return UnitDetails(
        code=row["code"], name_en=row["unit_en"], name_zh=row["unit_zh"], place=place,
        kind="company" if number % 3 else "institute", time_zone="Asia/Shanghai", parent="HQ",
        kinds_of_work=kinds.get(number, ("ORD",)), head_count=120 + number * 37 % 900,
        floor_area_m2=float(2400 + number * 410 % 9000),
        facilities=("dormitory", "canteen") if number % 4 == 0 else ("canteen",),
    )  # fmt: skip


def _own() -> list[UnitDetails]:
    from taishan.organisation.actions import UnitDetails

    return [
        UnitDetails(
            code="HQ", name_en="Headquarters", name_zh="集团总部", place="CN-BJ",
            kind="headquarters", time_zone="Asia/Shanghai", kinds_of_work=("ORD",),
            head_count=420, floor_area_m2=9000.0, facilities=("canteen",),
        ),
        UnitDetails(
            code="PP1", name_en="Phnom Penh construction site", name_zh="金边项目部", place="KH-12",
            kind="site", time_zone="Asia/Phnom_Penh", parent="HQ", kinds_of_work=("ORD",),
            head_count=260, facilities=("dormitory",),
        ),
        UnitDetails(
            code="PP2", name_en="Phnom Penh office", name_zh="金边办事处", place="KH-12",
            kind="office", time_zone="Asia/Phnom_Penh", parent="HQ", kinds_of_work=("ORD",),
            head_count=24, floor_area_m2=300.0,
        ),
    ]  # fmt: skip


def _people(folder: Path, actor: Actor, now: datetime, on: date) -> dict[str, Actor]:
    """Record people, posts and leadership groups; return each unit's safety officer, who speaks."""
    import csv

    from taishan.organisation import actions, post_sheet, roster, staffing
    from taishan.organisation.models import Person

    content = (folder / "people.csv").read_bytes()
    roster.import_people(actor=actor, now=now, on=on, content=content)
    posts = (folder / "posts.csv").read_bytes()
    post_sheet.import_posts(actor=actor, now=now, on=on, content=posts)
    people = {person.staff_no: person for person in Person.objects.all()}
    officers = {}
    for row in csv.DictReader(content.decode().splitlines()):
        person, unit = people[row["staff_no"]], row["unit"]
        if row["seat"]:
            staffing.seat(
                actor=actor, now=now, on=on, person=person, unit=unit, role=row["seat"]
            )  # fmt: skip
        if row["seat"] == "member":
            account = actions.grant_role(
                actor=actor, now=now, on=on, staff_no=person.staff_no, name=person.name, unit=unit,
                role="safety_officer",
            )  # fmt: skip
            officers[unit] = Actor(
                label=person.name, account_id=account.pk, person_id=person.pk, post="safety_officer"
            )
    return officers


def _rules(folder: Path, actor: Actor, now: datetime) -> None:
    from taishan.regulations import actions, schemas

    shipped = Path(schemas.__file__).parent / "libraries"
    for file in [*sorted(shipped.rglob("*.yaml")), folder / "group_rules.yaml"]:
        library = schemas.parse(file.read_text(encoding="utf-8"), file.name)
        actions.import_library(actor=actor, now=now, library=library)


def _attested(folder: Path, officers: dict[str, Actor], now: datetime) -> None:
    import csv

    from taishan.organisation.models import Unit
    from taishan.resumption import actions

    ids = dict(Unit.objects.values_list("code", "pk"))
    with (folder / "attestations.csv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            for code in row["units"].split():
                actions.attest(
                    actor=officers[code], now=now, unit_id=ids[code], condition=row["condition"],
                    amount=float(row["amount"]), starts=date.fromisoformat(row["from"]),
                    ends=date.fromisoformat(row["until"]) if row["until"] else None,
                    evidence=row["evidence"],
                )  # fmt: skip
