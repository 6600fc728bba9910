"""``taishan red-lines``: libraries of red lines, checked and recorded."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from taishan.cli import context
from taishan.kit.actor import Actor

if TYPE_CHECKING:
    from taishan.safety.red_line_files import Library


@click.group("red-lines")
def red_lines() -> None:
    """Conditions that stop work at once and that only a named authority lifts."""


@red_lines.group()
def library() -> None:
    """Libraries of red lines: check, import."""


FILES = click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)


def _read(file: Path) -> Library:
    from taishan.kit.yaml_libraries import LibraryInvalid
    from taishan.safety import red_line_files

    try:
        return red_line_files.parse(file.read_bytes(), str(file))
    except LibraryInvalid as wrong:
        raise click.ClickException(f"nothing was recorded:\n{wrong}") from None


@library.command()
@FILES
def check(files: tuple[Path, ...]) -> None:
    """Explain every error of library files by line; change nothing."""
    context.prepare()
    for file in files:
        click.echo(f"{file}: {len(_read(file).red_lines)} red lines, well formed")


@library.command("import")
@FILES
@click.option("--unit", required=True, help="code of the unit where they hold, with all below it")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="from which day; default today")
def import_(files: tuple[Path, ...], unit: str, on: datetime | None) -> None:
    """Record library files for a unit and all below it; the same file twice changes nothing."""
    with context.instance():
        from taishan.kit import clock
        from taishan.organisation.history import OrganisationRefused
        from taishan.safety import red_lines as actions

        for file in files:
            try:
                done = actions.import_library(
                    actor=Actor(label="command line", door="cli"), now=clock.now(), unit=unit,
                    on=on.date() if on else clock.today(), library=_read(file),
                )  # fmt: skip
            except (actions.RedLinesRefused, OrganisationRefused) as refused:
                raise click.ClickException(f"{file}: nothing was recorded: {refused}") from None
            click.echo(
                f"{file}: {len(done.created)} new, {len(done.changed)} changed, "
                f"{len(done.ended)} ended, {len(done.unchanged)} as they were"
            )
