"""``taishan risks``: the ways of grading risk points, checked and recorded."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from taishan.cli import context
from taishan.kit.actor import Actor

if TYPE_CHECKING:
    from taishan.safety.risk_method_files import Library


@click.group()
def risks() -> None:
    """The risk register: ways of grading."""


@risks.group()
def methods() -> None:
    """Libraries of ways of grading: check, import."""


FILES = click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)


def _read(file: Path) -> Library:
    from taishan.kit.yaml_libraries import LibraryInvalid
    from taishan.safety import risk_method_files

    try:
        return risk_method_files.parse(file.read_bytes(), str(file))
    except LibraryInvalid as wrong:
        raise click.ClickException(f"nothing was recorded:\n{wrong}") from None


@methods.command()
@FILES
def check(files: tuple[Path, ...]) -> None:
    """Explain every error of library files by line; change nothing."""
    context.prepare()
    for file in files:
        click.echo(f"{file}: {len(_read(file).methods)} ways of grading, well formed")


@methods.command("import")
@FILES
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="from which day; default today")
def import_(files: tuple[Path, ...], on: datetime | None) -> None:
    """Record library files for the whole group; the same file twice changes nothing."""
    with context.instance():
        from taishan.kit import clock
        from taishan.safety import risk_methods

        for file in files:
            try:
                done = risk_methods.import_library(
                    actor=Actor(label="command line", door="cli"), now=clock.now(),
                    on=on.date() if on else clock.today(), library=_read(file),
                )  # fmt: skip
            except risk_methods.MethodsRefused as refused:
                raise click.ClickException(f"{file}: nothing was recorded: {refused}") from None
            click.echo(f"{file}: {len(done)} new or changed")
