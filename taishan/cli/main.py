"""The commands, one group a concern."""

from __future__ import annotations

import csv
import io
import json
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import click
import yaml

from taishan.cli import context, demo, migrations, organisation, serve


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Taishan: emergency management and work safety for a group of organisations."""


main.add_command(demo.demo)
main.add_command(migrations.migrations)
main.add_command(serve.serve)
main.add_command(serve.worker)
main.add_command(organisation.organisation)


@main.command()
def migrate() -> None:
    """Bring the database to this version's schema."""
    with context.instance():
        context.migrate(verbosity=1)


@main.group()
def regulations() -> None:
    """Libraries of rules: check, import, describe."""


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
        units = queries.find_units(_everyone(first), first)
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


def _everyone(day: date) -> Any:
    """Return a viewer who sees the whole group: whoever runs commands owns the instance."""
    from taishan.organisation.access import Viewer
    from taishan.organisation.models import UnitVersion

    roots = UnitVersion.objects.filter(parent=None, valid__contains=day)
    grants = tuple(("inspector", root.path) for root in roots)
    return Viewer(account_id=0, person_id=None, name="command line", grants=grants)


@main.command()
@click.option("--on", required=True, type=click.DateTime(["%Y-%m-%d"]), help="first day")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="last day")
@click.option("--as-known", type=click.DateTime(), help="as recorded by an instant (UTC)")
@click.option("--unit", "units", multiple=True, help="unit code; all units when left out")
@click.option("--kind-of-work", help="as if the units did this work only")
@click.option("--format", "form", type=click.Choice(["table", "csv", "json"]), default="table")
def verdicts(
    on: datetime,
    until: datetime | None,
    as_known: datetime | None,
    units: tuple[str, ...],
    kind_of_work: str | None,
    form: str,
) -> None:
    """Say which unit may work, how far, and why."""
    with context.instance():
        from taishan.resumption import api

        known = as_known.replace(tzinfo=UTC) if as_known else None
        last = (until or on).date()
        rows = api.list_verdicts(
            _everyone(on.date()), on.date(), last, known, list(units), kind_of_work
        )
    click.echo(_formatted(rows, form), nl=False)
    if units and {row["unit"] for row in rows} != set(units):
        missing = sorted(set(units) - {row["unit"] for row in rows})
        click.echo(f"no such unit on these days: {', '.join(missing)}", err=True)
        sys.exit(1)


def _formatted(rows: list[dict[str, Any]], form: str) -> str:
    if form == "json":
        return json.dumps(rows, default=str, ensure_ascii=False, indent=2) + "\n"
    flat = [_flat(row) for row in rows]
    if form == "csv":
        out = io.StringIO()
        writer = csv.DictWriter(out, fieldnames=list(FIELDS))
        writer.writeheader()
        writer.writerows({name: _safe(cell) for name, cell in row.items()} for row in flat)
        return out.getvalue()
    widths = [max([len(name), *(len(row[name]) for row in flat)]) for name in FIELDS[:6]]
    lines = ["  ".join(name.ljust(w) for name, w in zip(FIELDS[:6], widths, strict=True)) + "  why"]
    for row in flat:
        cells = [row[name].ljust(w) for name, w in zip(FIELDS[:6], widths, strict=True)]
        lines.append("  ".join(cells) + "  " + (row["reasons"] or "-"))
    return "\n".join(lines) + "\n"


FIELDS = ("unit", "day", "permitted", "state", "on_site_limit", "changes_on", "reasons", "unmet",
          "unknown", "conflicts")  # fmt: skip


def _flat(row: dict[str, Any]) -> dict[str, str]:
    return {
        **{name: "" if row[name] is None else str(row[name]) for name in FIELDS[:6]},
        "reasons": "; ".join(r["clause"] for r in row["reasons"] if r["effect"] == "binds"),
        "unmet": "; ".join(u["condition"] for u in row["unmet"]),
        "unknown": "; ".join(row["unknown"]),
        "conflicts": "; ".join(f"{c['stricter']} over {c['looser']}" for c in row["conflicts"]),
    }


def _safe(cell: str) -> str:
    """Keep a spreadsheet from reading a cell as a formula."""
    return f"'{cell}" if cell[:1] in {"=", "+", "-", "@", "\t", "\r"} else cell
