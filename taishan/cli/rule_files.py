"""What commands share that check and record YAML files of rules."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from taishan.kit.actor import Actor

if TYPE_CHECKING:
    from taishan.kit.editions import Imported

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
FILES = click.argument("files", nargs=-1, required=True, type=FILE)
ON = click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="from which day; default today")
ACTOR = Actor(label="command line", door="cli")

Library = TypeVar("Library")


def read(
    files: Sequence[Path], parse: Callable[[bytes, str], Library]
) -> list[tuple[Path, Library]]:
    """Return the library in each file; all are read before any is recorded."""
    from taishan.kit.yaml_libraries import LibraryInvalid

    try:
        return [(file, parse(file.read_bytes(), str(file))) for file in files]
    except LibraryInvalid as wrong:
        raise click.ClickException(f"nothing was recorded:\n{wrong}") from None


def record(
    found: Sequence[tuple[Path, Library]], action: Callable[..., Imported],
    on: datetime | None,
    **where: str,
) -> None:  # fmt: skip
    """Record libraries from a day on, today where none is given; say what became of each.

    ``action`` takes one as ``safety.red_lines.import_library`` does.
    """
    from taishan.kit import clock
    from taishan.kit.editions import LibraryRefused
    from taishan.organisation.history import OrganisationRefused

    day = on.date() if on else clock.today()
    for file, library in found:
        try:
            done = action(actor=ACTOR, now=clock.now(), on=day, library=library, **where)
        except (LibraryRefused, OrganisationRefused) as refused:
            raise click.ClickException(f"{file}: nothing was recorded: {refused}") from None
        click.echo(
            f"{file}: {len(done.created)} new, {len(done.changed)} changed, "
            f"{len(done.ended)} ended, {len(done.unchanged)} as they were"
        )
