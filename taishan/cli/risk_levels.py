"""``taishan regulations risk-levels``: how territories are graded, in and out."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from taishan.cli import context

if TYPE_CHECKING:
    from taishan.organisation.sheets import Outcome

FILE_IN = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
FILE_OUT = click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
PREVIEW = click.option("--preview", is_flag=True, help="tell what would change; change nothing")
GOOD_ROWS = click.option("--good-rows", is_flag=True, help="keep the rows without errors")


@click.group("risk-levels")
def risk_levels() -> None:
    """Risk levels of territories: low, medium or high from a day to a day."""


@risk_levels.command("import")
@FILE_IN
@PREVIEW
@GOOD_ROWS
def import_(file: Path, *, preview: bool, good_rows: bool) -> None:
    """Record an xlsx or csv FILE (place, level, from, until, source)."""
    with context.instance():
        from taishan.regulations import risk_sheet

        outcome = _run(risk_sheet.import_levels, file, preview=preview, good_rows=good_rows)
    _tell(outcome)


@risk_levels.command()
@FILE_IN
@PREVIEW
@GOOD_ROWS
def grade(file: Path, *, preview: bool, good_rows: bool) -> None:
    """Grade counties by the rule of February 2020 from a FILE of their case counts.

    Its columns are place, day, new_cases, cumulative and cluster (yes or no).
    """
    with context.instance():
        from taishan.regulations import case_counts

        outcome = _run(case_counts.grade_counties, file, preview=preview, good_rows=good_rows)
    _tell(outcome)


def _run(action: Any, file: Path, *, preview: bool, good_rows: bool) -> Outcome:
    from taishan.kit import clock, tables
    from taishan.kit.actor import Actor

    mode = "preview" if preview else "good_rows" if good_rows else "all_or_nothing"
    actor = Actor(label="command line", door="cli")
    try:
        done: Outcome = action(
            actor=actor, now=clock.now(), content=file.read_bytes(), mode=mode
        )  # fmt: skip
    except tables.TableError as error:
        raise click.ClickException(f"nothing was recorded: {error}") from None
    return done


def _tell(outcome: Outcome) -> None:
    for error in outcome.errors:
        click.echo(str(error), err=True)
    click.echo(
        f"{outcome.created} created, {outcome.changed} changed, {outcome.closed} withdrawn, "
        f"{outcome.unchanged} as they were, {len(outcome.errors)} errors"
    )
    click.echo("recorded" if outcome.is_applied else "nothing was recorded")
    if outcome.errors:
        raise SystemExit(1)


@risk_levels.command()
@FILE_OUT
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="only what holds on a day")
def export(file: Path, on: datetime | None) -> None:
    """Write the recorded levels to FILE (.xlsx or .csv), as the import reads them."""
    with context.instance():
        from taishan.kit import tables
        from taishan.regulations import risk_sheet

        keys = [column.key for column in risk_sheet.COLUMNS]
        rows = risk_sheet.export_levels(on=on.date() if on else None)
        is_csv = file.suffix.lower() == ".csv"
        content = (
            tables.write_csv(keys, rows) if is_csv else tables.write_xlsx("levels", keys, rows)
        )
    file.write_bytes(content)


@risk_levels.command()
@FILE_OUT
@click.option("--counts", is_flag=True, help="the table of case counts that `grade` reads")
@click.option("--chinese", is_flag=True, help="headings in Chinese")
def template(file: Path, *, counts: bool, chinese: bool) -> None:
    """Write an empty table to fill in."""
    with context.instance():
        from taishan.organisation import sheets
        from taishan.regulations import case_counts, risk_sheet

        columns = case_counts.COLUMNS if counts else risk_sheet.COLUMNS
        name = "case counts" if counts else "risk levels"
        file.write_bytes(sheets.template(columns, name, in_chinese=chinese))
