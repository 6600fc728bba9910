"""``taishan regulations``: libraries of rules in and out, and what they would change."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click
import yaml

from taishan.cli import context, risk_levels


@click.group()
def regulations() -> None:
    """Libraries of rules: check, import, describe."""


regulations.add_command(risk_levels.risk_levels)


@regulations.command()
def schema() -> None:
    """Print the JSON Schema of the library format."""
    from taishan.regulations import schemas

    click.echo(json.dumps(schemas.Library.model_json_schema(), indent=2, ensure_ascii=False))


def _parse(file: Path) -> Any:
    from taishan.regulations import schemas

    try:
        content = file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise click.ClickException(
            f"{file}: not UTF-8 text; save it as UTF-8 (a GB 18030 file cannot be read as it is)"
        ) from None
    try:
        return schemas.parse(content, str(file))
    except schemas.LibraryInvalid as invalid:
        raise click.ClickException(f"nothing was imported:\n{invalid}") from None


FILES = click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)


@regulations.command()
@FILES
def check(files: tuple[Path, ...]) -> None:
    """Explain every error of library files by line; change nothing."""
    for file in files:
        library = _parse(file)
        click.echo(f"{file}: {len(library.regulations)} regulations, well formed")


@regulations.command("import")
@FILES
@click.option("--recorded-at", type=click.DateTime(), help="state a past instant (UTC)")
def import_(files: tuple[Path, ...], recorded_at: datetime | None) -> None:
    """Record library files; the same file twice changes nothing."""
    libraries = [_parse(file) for file in files]
    at = recorded_at.replace(tzinfo=UTC) if recorded_at else None
    with context.instance():
        from taishan.kit import clock
        from taishan.kit.actor import Actor
        from taishan.regulations import actions

        actor = Actor(label="command line", door="cli")
        for file, library in zip(files, libraries, strict=True):
            try:
                done = actions.import_library(
                    actor=actor, now=clock.now(), library=library, recorded_at=at
                )
            except actions.LibraryRefused as refused:
                raise click.ClickException(f"{file}: nothing was imported:\n{refused}") from None
            click.echo(
                f"{file}: {len(done.created)} new, {len(done.changed)} changed, "
                f"{len(done.unchanged)} as they were"
            )


@regulations.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--on", required=True, type=click.DateTime(["%Y-%m-%d"]), help="first day")
@click.option("--until", required=True, type=click.DateTime(["%Y-%m-%d"]), help="last day")
def diff(file: Path, on: datetime, until: datetime) -> None:
    """Dry run: whose verdicts would change on which days if the file were recorded."""
    library = _parse(file)
    first, last = on.date(), until.date()
    if last < first:
        raise click.ClickException(f"--until {last} comes before --on {first}")
    with context.instance():
        from taishan.regulations import actions
        from taishan.resumption import dry_run, queries

        problems = actions.check_library(library)
        if problems:
            raise click.ClickException("\n".join([f"{file}:", *problems]))
        units = queries.find_units(context.everyone(first), first)
        changes = dry_run.compare(library, units, first, last + timedelta(days=1))
    for change in changes:
        days = f"{change.first} – {change.last}"
        click.echo(f"{change.unit}  {days}  {_say(change.before)} → {_say(change.after)}")
    click.echo(f"{len({c.unit for c in changes})} of {len(units)} units would change")


def _say(answer: tuple[Any, Any, int | None]) -> str:
    permitted, state, limit = answer
    return f"{state.word} (law: {permitted.word}{'' if limit is None else f', at most {limit}'})"


@regulations.command()
@click.option("--library", help="one library only")
def export(library: str | None) -> None:
    """Write what is recorded now as a library file."""
    with context.instance():
        from taishan.regulations import queries

        rows = queries.find_revisions().order_by("issued", "key")
        if library:
            rows = rows.filter(library=library)
        content = {
            "format": "taishan-library/1",
            "library": library or "all",
            "title": {"en": "Recorded regulations", "zh": "已登记的规定"},
            "regulations": [row.content for row in rows],
        }
    click.echo(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), nl=False)
