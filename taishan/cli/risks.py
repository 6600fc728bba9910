"""``taishan risks``: the ways of grading risk points, checked and recorded."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from taishan.cli import context, rule_files


@click.group()
def risks() -> None:
    """The risk register: ways of grading."""


@risks.group()
def methods() -> None:
    """Libraries of ways of grading: check, import."""


@methods.command()
@rule_files.FILES
def check(files: tuple[Path, ...]) -> None:
    """Explain every error of library files by line; change nothing."""
    context.prepare()
    from taishan.safety import risk_method_files

    for file, found in rule_files.read(files, risk_method_files.parse):
        click.echo(f"{file}: {len(found.methods)} ways of grading, well formed")


@methods.command("import")
@rule_files.FILES
@rule_files.ON
def import_(files: tuple[Path, ...], on: datetime | None) -> None:
    """Record library files for the whole group; the same file twice changes nothing."""
    with context.instance():
        from taishan.safety import risk_method_files, risk_methods

        found = rule_files.read(files, risk_method_files.parse)
        rule_files.record(found, risk_methods.import_library, on)
