"""``taishan reports``: reports of a form in a file."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from taishan.cli import context

if TYPE_CHECKING:
    from taishan.reporting.sheet import Import

FORM = click.option("--form", required=True, help="code of the form")


@click.group()
def reports() -> None:
    """Reports in from a file."""


@reports.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@FORM
@click.option(
    "--period", type=click.DateTime(["%Y-%m-%d"]), help="of rows without one; default today"
)
def import_(file: Path, form: str, period: datetime | None) -> None:
    """Take in the reports of an xlsx, csv or NDJSON FILE; the same file twice changes nothing.

    What came for a closed period waits for the unit's officer. A wrong row is told and left out.
    """
    with context.instance():
        found = _import(file.read_bytes(), form, period)
    for error in found.errors:
        click.echo(str(error), err=True)
    told = [f"{number} {outcome.value}" for outcome, number in found.outcomes.items()]
    click.echo(f"{', '.join(told)}, {found.rejected} rejected")
    if found.rejected:
        raise SystemExit(1)


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
@FORM
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
