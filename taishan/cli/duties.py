"""``taishan duties``: what posts owe again and again, and the sums of what is owed."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from taishan.cli import context, recounts, rule_files


@click.group()
def duties() -> None:
    """What posts owe again and again, and the sums of what is owed."""


@duties.group()
def library() -> None:
    """Libraries of duty templates: check, import."""


@library.command()
@rule_files.FILES
def check(files: tuple[Path, ...]) -> None:
    """Explain every error of library files by line; change nothing."""
    context.prepare()
    from taishan.duties import matrix_files

    for file, found in rule_files.read(files, matrix_files.parse):
        click.echo(f"{file}: {len(found.templates)} templates, well formed")


@library.command("import")
@rule_files.FILES
@click.option("--unit", required=True, help="code of the unit that they bind, with all below it")
@rule_files.ON
def import_(files: tuple[Path, ...], unit: str, on: datetime | None) -> None:
    """Record library files for a unit and all below it; the same file twice changes nothing."""
    with context.instance():
        from taishan.duties import matrix, matrix_files

        found = rule_files.read(files, matrix_files.parse)
        rule_files.record(found, matrix.import_library, on, unit=unit)


@duties.group()
def holidays() -> None:
    """Days of rest and worked weekends of a country: check, import."""


@holidays.command("check")
@rule_files.FILES
def check_holidays(files: tuple[Path, ...]) -> None:
    """Explain every error of files by line; change nothing."""
    context.prepare()
    from taishan.duties import holiday_files

    for file, found in rule_files.read(files, holiday_files.parse):
        click.echo(f"{file}: {found.country}, {len(found.days())} days, well formed")


@holidays.command("import")
@rule_files.FILES
def import_holidays(files: tuple[Path, ...]) -> None:
    """Let a country's days be as a file says; the same file twice changes nothing."""
    with context.instance():
        from taishan.duties import holiday_files, holidays
        from taishan.kit import clock

        for file, found in rule_files.read(files, holiday_files.parse):
            changed = holidays.import_library(
                actor=rule_files.ACTOR, now=clock.now(), library=found
            )
            click.echo(f"{file}: {changed} days changed")


@duties.command()
@recounts.CHECK
def recount(*, only_check: bool) -> None:
    """Count all duties anew and compare the sums that scorecards read; mend them."""
    with context.instance():
        from taishan.duties import counting

        recounts.run(counting.find_differences, counting.recount, only_check=only_check)
