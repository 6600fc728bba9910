"""``taishan red-lines``: libraries of red lines, checked and recorded."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from taishan.cli import context, rule_files


@click.group("red-lines")
def red_lines() -> None:
    """Conditions that stop work at once and that only a named authority lifts."""


@red_lines.group()
def library() -> None:
    """Libraries of red lines: check, import."""


@library.command()
@rule_files.FILES
def check(files: tuple[Path, ...]) -> None:
    """Explain every error of library files by line; change nothing."""
    context.prepare()
    from taishan.safety import red_line_files

    for file, found in rule_files.read(files, red_line_files.parse):
        click.echo(f"{file}: {len(found.red_lines)} red lines, well formed")


@library.command("import")
@rule_files.FILES
@click.option("--unit", required=True, help="code of the unit where they hold, with all below it")
@rule_files.ON
def import_(files: tuple[Path, ...], unit: str, on: datetime | None) -> None:
    """Record library files for a unit and all below it; the same file twice changes nothing."""
    with context.instance():
        from taishan.safety import red_line_files
        from taishan.safety import red_lines as actions

        found = rule_files.read(files, red_line_files.parse)
        rule_files.record(found, actions.import_library, on, unit=unit)
