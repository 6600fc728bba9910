"""``taishan organisation``: tables in and out, changes of the tree, roles and accounts."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from taishan.cli import context

if TYPE_CHECKING:
    from taishan.organisation.sheets import Outcome

WHAT = click.argument("what", type=click.Choice(["units", "people", "posts", "places"]))
ON = click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="from which day; default today")


@click.group()
def organisation() -> None:
    """Units, people, posts and places in and out; changes of the tree; roles and accounts."""


@organisation.command("import")
@WHAT
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@ON
@click.option("--preview", is_flag=True, help="tell what would change; change nothing")
@click.option("--good-rows", is_flag=True, help="keep the rows without errors")
def import_(what: str, file: Path, on: datetime | None, *, preview: bool, good_rows: bool) -> None:
    """Record an xlsx or csv FILE; the same file twice changes nothing."""
    mode = "preview" if preview else "good_rows" if good_rows else "all_or_nothing"
    with context.instance():
        outcome = _import(what, file.read_bytes(), _day(on), mode)
    for error in outcome.errors:
        click.echo(str(error), err=True)
    click.echo(
        f"{outcome.created} created, {outcome.changed} changed, {outcome.closed} closed, "
        f"{outcome.unchanged} as they were, {len(outcome.errors)} errors"
    )
    click.echo("recorded" if outcome.is_applied else "nothing was recorded")
    if outcome.errors:
        raise SystemExit(1)


def _import(what: str, content: bytes, on: date, mode: Any) -> Outcome:
    from taishan.kit import tables
    from taishan.organisation.catalogue import TABLES

    given = {"content": content, "on": on, "mode": mode, **_who()}
    try:
        if what != "people":
            return TABLES[what].bring_in(**given)
        with click.progressbar(length=1, label="reading") as bar:

            def progress(done: int, rows: int) -> None:
                bar.length = rows or 1
                bar.update(done - bar.pos)

            return TABLES[what].bring_in(**given, progress=progress)
    except tables.TableError as error:
        raise click.ClickException(f"nothing was recorded: {error}") from None


@organisation.command()
@WHAT
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@ON
def export(what: str, file: Path, on: datetime | None) -> None:
    """Write what is on record on a day to FILE (.xlsx or .csv), as the import reads it."""
    with context.instance():
        from taishan.organisation.catalogue import TABLES

        form = "csv" if file.suffix.lower() == ".csv" else "xlsx"
        content = TABLES[what].file(what, form, on=_day(on))
    file.write_bytes(content)


@organisation.command()
@WHAT
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--chinese", is_flag=True, help="headings in Chinese")
def template(what: str, file: Path, *, chinese: bool) -> None:
    """Write an empty table to fill in."""
    with context.instance():
        from taishan.organisation import sheets
        from taishan.organisation.catalogue import TABLES

        file.write_bytes(sheets.template(TABLES[what].columns, what, in_chinese=chinese))


@organisation.command()
@click.argument("code")
@click.argument("parent")
@ON
def move(code: str, parent: str, on: datetime | None) -> None:
    """Hang the unit CODE and all below it under PARENT."""
    with context.instance():
        from taishan.organisation import actions

        _changed(actions.move_unit, on, code=code, parent=parent)


@organisation.command()
@click.argument("codes", nargs=-1, required=True)
@click.argument("into")
@ON
def merge(codes: tuple[str, ...], into: str, on: datetime | None) -> None:
    """Merge the units CODES, with all below them and their people, into another."""
    with context.instance():
        from taishan.organisation import restructuring

        _changed(restructuring.merge_units, on, codes=codes, into=into)


@organisation.command()
@click.argument("code")
@click.argument("parts", nargs=-1, required=True)
@ON
def split(code: str, parts: tuple[str, ...], on: datetime | None) -> None:
    """Split the unit CODE into PARTS, each CODE=NAME; the first takes over people and parts."""
    with context.instance():
        from taishan.organisation import history, restructuring
        from taishan.organisation.actions import UnitDetails

        try:
            former = history.get_version(code, _day(on))
        except history.OrganisationRefused as refused:
            raise click.ClickException(str(refused)) from None
        named = [part.partition("=") for part in parts]
        details = [
            UnitDetails(
                code=new, name_en=name or new, name_zh=name or new, kind=former.kind,
                place=former.place.code, time_zone=former.time_zone,
                kinds_of_work=tuple(former.kinds_of_work),
            )
            for new, _equals, name in named
        ]  # fmt: skip
        _changed(restructuring.split_unit, on, code=code, parts=details)


@organisation.command()
@click.argument("code")
@ON
def close(code: str, on: datetime | None) -> None:
    """Close the unit CODE; its past stays on record."""
    with context.instance():
        from taishan.organisation import actions

        _changed(actions.close_unit, on, code=code)


@organisation.command()
@click.argument("staff_no")
@click.argument("role")
@click.argument("unit")
@click.option("--name", default="", help="of somebody who is not recorded yet")
@ON
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="the day from which it is over")
def grant(
    staff_no: str, role: str, unit: str, name: str, on: datetime | None, until: datetime | None
) -> None:
    """Give the person STAFF_NO a ROLE over UNIT and all below it."""
    with context.instance():
        from taishan.organisation import actions

        ends = until.date() if until else None
        given = {"staff_no": staff_no, "role": role, "unit": unit, "name": name, "until": ends}
        _changed(actions.grant_role, on, **given)


@organisation.command()
@click.argument("staff_no")
@click.argument("role")
@click.argument("unit")
@ON
def revoke(staff_no: str, role: str, unit: str, on: datetime | None) -> None:
    """End the ROLE of the person STAFF_NO over UNIT."""
    with context.instance():
        from taishan.organisation import staffing
        from taishan.organisation.models import Person

        person = Person.objects.filter(staff_no=staff_no).first()
        if person is None:
            raise click.ClickException(f"nobody has the staff number {staff_no}")
        _changed(staffing.revoke_role, on, person=person, role=role, unit=unit)


@organisation.command()
@click.argument("staff_no")
@click.option("--name", default="", help="of somebody who is not recorded yet")
@click.option("--address", default="http://localhost:8020", show_default=True, help="of the pages")
def account(staff_no: str, name: str, address: str) -> None:
    """Print a link by which the person STAFF_NO chooses a password, once; open their account.

    Whoever lost a password gets a new one in the same way. A new link ends an older one.
    """
    with context.instance():
        from taishan.organisation import history, invitations

        try:
            path = invitations.invite(**_who(), staff_no=staff_no, name=name)
        except history.OrganisationRefused as refused:
            raise click.ClickException(str(refused)) from None
        hours = invitations.AGE_S // 3600
    click.echo(f"{address.rstrip('/')}{path}")
    click.echo(f"It works once, within {hours} hours. Hand it to nobody else.", err=True)


@organisation.command()
@click.argument("staff_no")
def shut(staff_no: str) -> None:
    """Shut the account of the person STAFF_NO: nobody comes in by it any more."""
    with context.instance():
        from taishan.organisation import history, staffing

        try:
            staffing.shut_account(**_who(), staff_no=staff_no)
        except history.OrganisationRefused as refused:
            raise click.ClickException(str(refused)) from None
    click.echo(f"the account of {staff_no} is shut")


def _changed(action: Any, on: datetime | None, **given: object) -> None:
    from taishan.organisation import history

    try:
        action(**_who(), on=_day(on), **given)
    except history.OrganisationRefused as refused:
        raise click.ClickException(str(refused)) from None
    click.echo(f"recorded from {_day(on)}")


def _who() -> dict[str, Any]:
    from taishan.kit import clock
    from taishan.kit.actor import Actor

    return {"actor": Actor(label="command line", door="cli"), "now": clock.now()}


def _day(on: datetime | None) -> date:
    from taishan.kit import clock

    return on.date() if on else clock.today()
