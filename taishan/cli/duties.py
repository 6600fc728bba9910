"""``taishan duties``: what posts owe again and again, and the sums of what is owed."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from taishan.cli import context
from taishan.kit.actor import Actor

if TYPE_CHECKING:
    from taishan.duties.holiday_files import Library as Holidays
    from taishan.duties.matrix_files import Library


@click.group()
def duties() -> None:
    """What posts owe again and again, and the sums of what is owed."""


@duties.group()
def library() -> None:
    """Libraries of duty templates: check, import."""


FILES = click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)


def _read(file: Path) -> Library:
    from taishan.duties import matrix_files

    try:
        return matrix_files.parse(file.read_bytes(), str(file))
    except matrix_files.LibraryInvalid as wrong:
        raise click.ClickException(f"nothing was recorded:\n{wrong}") from None


@library.command()
@FILES
def check(files: tuple[Path, ...]) -> None:
    """Explain every error of library files by line; change nothing."""
    context.prepare()
    for file in files:
        click.echo(f"{file}: {len(_read(file).templates)} templates, well formed")


@library.command("import")
@FILES
@click.option("--unit", required=True, help="code of the unit that they bind, with all below it")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="from which day; default today")
def import_(files: tuple[Path, ...], unit: str, on: datetime | None) -> None:
    """Record library files for a unit and all below it; the same file twice changes nothing."""
    with context.instance():
        from taishan.duties import matrix
        from taishan.kit import clock
        from taishan.organisation.history import OrganisationRefused

        for file in files:
            try:
                done = matrix.import_library(
                    actor=Actor(label="command line", door="cli"), now=clock.now(), unit=unit,
                    on=on.date() if on else clock.today(), library=_read(file),
                )  # fmt: skip
            except (matrix.MatrixRefused, OrganisationRefused) as refused:
                raise click.ClickException(f"{file}: nothing was recorded: {refused}") from None
            click.echo(
                f"{file}: {len(done.created)} new, {len(done.changed)} changed, "
                f"{len(done.ended)} ended, {len(done.unchanged)} as they were"
            )


@duties.group()
def holidays() -> None:
    """Days of rest and worked weekends of a country: check, import."""


def _read_holidays(file: Path) -> Holidays:
    from taishan.duties import holiday_files

    try:
        return holiday_files.parse(file.read_bytes(), str(file))
    except holiday_files.LibraryInvalid as wrong:
        raise click.ClickException(f"nothing was recorded:\n{wrong}") from None


@holidays.command("check")
@FILES
def check_holidays(files: tuple[Path, ...]) -> None:
    """Explain every error of files by line; change nothing."""
    context.prepare()
    for file in files:
        found = _read_holidays(file)
        click.echo(f"{file}: {found.country}, {len(found.days())} days, well formed")


@holidays.command("import")
@FILES
def import_holidays(files: tuple[Path, ...]) -> None:
    """Let a country's days be as a file says; the same file twice changes nothing."""
    with context.instance():
        from taishan.duties import holidays
        from taishan.kit import clock

        for file in files:
            changed = holidays.import_library(
                actor=Actor(label="command line", door="cli"), now=clock.now(),
                library=_read_holidays(file),
            )  # fmt: skip
            click.echo(f"{file}: {changed} days changed")


@duties.command()
@click.option("--check", "only_check", is_flag=True, help="fail where a sum is wrong; mend nothing")
def recount(*, only_check: bool) -> None:
    """Count all duties anew and compare the sums that scorecards read; mend them."""
    with context.instance():
        from django.db import transaction

        from taishan.duties import counting

        found = counting.find_differences()
        for row in found:
            click.echo(" ".join(map(str, row)))
        click.echo(f"{len(found)} sums differ")
        if found and only_check:
            raise SystemExit(1)
        if found:
            with transaction.atomic():
                counting.recount()
