"""``taishan hazards``: the criteria by which hazards are graded."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from taishan.cli import context
from taishan.kit.actor import Actor

if TYPE_CHECKING:
    from taishan.safety.hazard_criteria_files import Library

FILES = click.argument(
    "files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)


@click.group()
def hazards() -> None:
    """Hazards: the criteria by which they are graded."""


@hazards.group()
def criteria() -> None:
    """Libraries of criteria: check, import. Without a file, the one that comes with Taishan."""


def _read(files: tuple[Path, ...]) -> list[tuple[Path, Library]]:
    from taishan.kit.yaml_libraries import LibraryInvalid
    from taishan.safety import hazard_criteria_files

    try:
        return [
            (file, hazard_criteria_files.parse(file.read_bytes(), str(file)))
            for file in files or (hazard_criteria_files.SHIPPED,)
        ]
    except LibraryInvalid as wrong:
        raise click.ClickException(f"nothing was recorded:\n{wrong}") from None


@criteria.command()
@FILES
def check(files: tuple[Path, ...]) -> None:
    """Explain every error of library files by line; change nothing."""
    context.prepare()
    for file, library in _read(files):
        click.echo(f"{file}: {len(library.criteria)} criteria, well formed")


@criteria.command("import")
@FILES
def import_(files: tuple[Path, ...]) -> None:
    """Record library files, each as a version of its own; the same twice changes nothing."""
    with context.instance():
        from taishan.kit import clock
        from taishan.safety import hazard_criteria

        for file, library in _read(files):
            made = hazard_criteria.import_library(
                actor=Actor(label="command line", door="cli"), now=clock.now(), library=library
            )
            told = f"recorded as version {made.number}" if made else "as it was"
            click.echo(f"{file}: {told}")
