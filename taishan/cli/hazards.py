"""``taishan hazards``: the criteria by which hazards are graded."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from taishan.cli import context, rule_files

if TYPE_CHECKING:
    from taishan.safety.hazard_criteria_files import Library

FILES = click.argument("files", nargs=-1, type=rule_files.FILE)


@click.group()
def hazards() -> None:
    """Hazards: the criteria by which they are graded."""


@hazards.group()
def criteria() -> None:
    """Libraries of criteria: check, import. Without a file, the one that comes with Taishan."""


def _read(files: tuple[Path, ...]) -> list[tuple[Path, Library]]:
    from taishan.safety import hazard_criteria_files

    return rule_files.read(files or (hazard_criteria_files.SHIPPED,), hazard_criteria_files.parse)


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
                actor=rule_files.ACTOR, now=clock.now(), library=library
            )
            told = f"recorded as version {made.number}" if made else "as it was"
            click.echo(f"{file}: {told}")
