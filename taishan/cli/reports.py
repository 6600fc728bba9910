"""``taishan reports``: reports of a form in a file."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import click

from taishan.cli import context

if TYPE_CHECKING:
    from taishan.interop.dhis2 import Summary
    from taishan.reporting.sheet import Import

_FORM = "code of the form"


@click.group()
def reports() -> None:
    """Reports in from a file."""


@reports.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--form", help=f"{_FORM}; a DHIS2 file names it itself")
@click.option(
    "--period", type=click.DateTime(["%Y-%m-%d"]), help="of rows without one; default today"
)
@click.option("--dhis2", is_flag=True, help="FILE is a data value set of DHIS2 (JSON)")
def import_(file: Path, form: str | None, period: datetime | None, *, dhis2: bool) -> None:
    """Take in the reports of an xlsx, csv or NDJSON FILE; the same file twice changes nothing.

    What came for a closed period waits for the unit's officer. A wrong row is told and left out. Of
    a DHIS2 file, a wrong value leaves out the return of its unit for its period.
    """
    if dhis2 is (form is not None) or (dhis2 and period):
        raise click.UsageError("Give --form, or --dhis2 and neither --form nor --period.")
    with context.instance():
        errors, told = _values(file.read_bytes()) if form is None else _rows(file, form, period)
    for error in errors:
        click.echo(error, err=True)
    click.echo(told)
    if errors:
        raise SystemExit(1)


def _rows(file: Path, form: str, period: datetime | None) -> tuple[list[str], str]:
    found = _import(file.read_bytes(), form, period)
    told = [f"{number} {outcome.value}" for outcome, number in found.outcomes.items()]
    return [str(one) for one in found.errors], f"{', '.join(told)}, {found.rejected} rejected"


def _values(content: bytes) -> tuple[list[str], str]:
    found = _import_values(content)
    errors = [f"{one.what}: {one.why} ({_places(one.indexes)})" for one in found.conflicts]
    return errors, (
        f"{found.imported} values imported, {found.updated} updated, {found.deleted} deleted, "
        f"{found.ignored} ignored"
    )


def _places(indexes: Sequence[int]) -> str:
    """Return where values stand in the file: a whole return by its first and last."""
    if not indexes:
        return "no value is given"
    first, last = min(indexes), max(indexes)
    return f"dataValues[{first}]" if first == last else f"dataValues[{first}] to [{last}]"


def _import_values(content: bytes) -> Summary:
    from taishan.interop import dhis2, value_sets
    from taishan.kit import clock
    from taishan.kit.actor import Actor

    try:
        given = value_sets.read(content)
    except value_sets.ValueSetRefused as refused:
        told = "\n".join(["nothing was recorded:", *refused.errors])
        raise click.ClickException(told) from None
    return dhis2.import_values(
        actor=Actor(label="command line", door="cli"), now=clock.now(), form=given.data_set,
        values=given.values(), file=UUID(bytes=hashlib.sha256(content).digest()[:16]),
    )  # fmt: skip


def _import(content: bytes, form: str, period: datetime | None) -> Import:
    from taishan.forms.models import FormVersion
    from taishan.kit import clock, tables
    from taishan.kit.actor import Actor
    from taishan.reporting import sheet

    actor = Actor(label="command line", door="cli")
    day = period.date() if period else clock.today()
    try:
        with click.progressbar(length=1, label="storing") as bar:

            def progress(done: int, rows: int) -> None:
                bar.length = rows or 1
                bar.update(done - bar.pos)

            return sheet.import_reports(
                actor=actor, now=clock.now(), content=content, form=form, period=day,
                progress=progress,
            )  # fmt: skip
    except tables.TableError as error:
        raise click.ClickException(f"nothing was recorded: {error}") from None
    except FormVersion.DoesNotExist:
        raise click.ClickException(f"no form {form} is in force") from None


@reports.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--form", required=True, help=_FORM)
@click.option("--chinese", is_flag=True, help="the questions in Chinese")
def template(file: Path, form: str, *, chinese: bool) -> None:
    """Write an empty table of the form to FILE (.xlsx), to fill in."""
    with context.instance():
        from taishan.forms.models import FormVersion
        from taishan.reporting import sheet

        try:
            file.write_bytes(sheet.template(form, lang="zh" if chinese else "en"))
        except FormVersion.DoesNotExist:
            raise click.ClickException(f"no form {form} is in force") from None
