"""``taishan regulations``: libraries of rules in and out, and what they would change."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click

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


def _read(file: Path, *, is_checked: bool = True) -> Any:
    """Return a file's library; ``is_checked``: against what the instance has on record."""
    from taishan.regulations import library_files

    read = library_files.check if is_checked else library_files.read
    try:
        return read(file.read_bytes(), str(file))
    except library_files.Unreadable as wrong:
        raise click.ClickException(f"{file}: nothing was recorded:\n{wrong}") from None


FILE_OUT = click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
FILES = click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)


@regulations.command()
@FILES
def check(files: tuple[Path, ...]) -> None:
    """Explain every error of library files (YAML by line, xlsx by row); change nothing."""
    context.prepare()
    for file in files:
        library = _read(file, is_checked=False)
        click.echo(f"{file}: {len(library.regulations)} regulations, well formed")


RECORDED_AT = click.option(
    "--recorded-at", type=click.DateTime(), help="state a past instant (UTC)"
)


@regulations.command("import")
@FILES
@RECORDED_AT
def import_(files: tuple[Path, ...], recorded_at: datetime | None) -> None:
    """Record library files, YAML or xlsx; the same file twice changes nothing."""
    with context.instance():
        for file in files:
            _read(file, is_checked=False)
        for file in files:
            _import(file, _read(file), recorded_at)


def _import(file: Path, library: Any, recorded_at: datetime | None) -> None:
    from taishan.kit import clock
    from taishan.kit.actor import Actor
    from taishan.regulations import actions

    done = actions.import_library(
        actor=Actor(label="command line", door="cli"),
        now=clock.now(),
        library=library,
        recorded_at=recorded_at.replace(tzinfo=UTC) if recorded_at else None,
    )
    click.echo(
        f"{file}: {len(done.created)} new, {len(done.changed)} changed, "
        f"{len(done.unchanged)} as they were"
    )


@regulations.command("import-oxcgrt")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--library", default="oxcgrt", show_default=True, help="the library's name")
@RECORDED_AT
def import_oxcgrt(file: Path, library: str, recorded_at: datetime | None) -> None:
    """Record FILE, a csv of the Oxford tracker, as regulations of each country or region."""
    with context.instance():
        from taishan.interop import oxcgrt

        try:
            with file.open(encoding="utf-8-sig", newline="") as lines:
                found = oxcgrt.read(lines, library)
            _import(file, _of_known_places(found), recorded_at)
        except (oxcgrt.TrackerFileError, UnicodeDecodeError) as wrong:
            raise click.ClickException(f"{file}: nothing was imported:\n{wrong}") from None


def _of_known_places(library: Any) -> Any:
    """Return the library without places that are not on record here, which are named."""
    from taishan.regulations import actions

    absent = sorted({problem.value for problem in actions.check_library(library)})
    if absent:
        click.echo(f"left out, as these places are not on record: {', '.join(absent)}", err=True)
    kept = [entry for entry in library.regulations if entry.authority not in absent]
    return library.model_copy(update={"regulations": kept})


@regulations.command()
@FILE_OUT
@click.option("--chinese", is_flag=True, help="headings and explanations in Chinese")
def template(file: Path, *, chinese: bool) -> None:
    """Write an empty workbook (.xlsx) to fill in, for those who do not write YAML."""
    context.prepare()
    from django.utils import translation

    from taishan.regulations import workbook

    with translation.override("zh-hans" if chinese else "en"):
        file.write_bytes(workbook.template(in_chinese=chinese))


@regulations.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--on", required=True, type=click.DateTime(["%Y-%m-%d"]), help="first day")
@click.option("--until", required=True, type=click.DateTime(["%Y-%m-%d"]), help="last day")
def diff(file: Path, on: datetime, until: datetime) -> None:
    """Dry run: whose verdicts would change on which days if the file were recorded."""
    first, last = on.date(), until.date()
    if last < first:
        raise click.ClickException(f"--until {last} comes before --on {first}")
    with context.instance():
        from taishan.resumption import dry_run, queries

        library = _read(file)
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
@click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--library", default="", help="one library only")
@click.option("--chinese", is_flag=True, help="headings of a workbook in Chinese")
def export(file: Path | None, library: str, *, chinese: bool) -> None:
    """Write what is recorded now to FILE (.xlsx or .yaml), or print it as YAML."""
    with context.instance():
        from taishan.regulations import queries, schemas, workbook

        recorded = queries.find_recorded(library)
        if file is None:
            click.echo(schemas.dump(recorded), nl=False)
        elif file.suffix.lower() == ".xlsx":
            file.write_bytes(workbook.write(recorded, in_chinese=chinese))
        else:
            file.write_text(schemas.dump(recorded), encoding="utf-8")
