"""``taishan verdicts``: the board's answers on the command line."""

from __future__ import annotations

import csv
import io
import json
import sys
import textwrap
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

import click

from taishan.cli import context


@click.command()
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
    last = (until or on).date()
    if last < on.date():
        raise click.ClickException(f"--until {last} comes before --on {on.date()}")
    with context.instance():
        from ninja.errors import HttpError

        from taishan.resumption import api

        known = as_known.replace(tzinfo=UTC) if as_known else None
        viewer = context.everyone(on.date())
        try:
            rows = api.list_verdicts(viewer, on.date(), last, known, list(units), kind_of_work)
        except HttpError as refused:
            raise click.ClickException(str(refused)) from None
    click.echo(_formatted(rows, form), nl=False)
    if units and {row["unit"] for row in rows} != set(units):
        missing = sorted(set(units) - {row["unit"] for row in rows})
        click.echo(f"no such unit on these days: {', '.join(missing)}", err=True)
        sys.exit(1)


FIELDS = ("unit", "day", "permitted", "state", "on_site_limit", "changes_on", "reasons", "unmet",
          "unknown", "conflicts", "stops")  # fmt: skip
SINGLE = FIELDS[:6]
WIDTH = 100


def _formatted(rows: list[dict[str, Any]], form: str) -> str:
    if form == "json":
        ordered = [{name: row[name] for name in FIELDS} for row in rows]
        return json.dumps(ordered, default=str, ensure_ascii=False, indent=2) + "\n"
    if form == "table":
        return _table(rows)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(FIELDS)
    for row in rows:
        writer.writerow([_safe("; ".join(_lines(row, name))) for name in FIELDS])
    return out.getvalue()


def _table(rows: list[dict[str, Any]]) -> str:
    """Return a line a verdict, and under it, a line each, what stands behind it."""
    singles = [["".join(_lines(row, name)) for name in SINGLE] for row in rows]
    widths = [max(map(len, column)) for column in zip(SINGLE, *singles, strict=True)]
    lines = [_line(SINGLE, widths)]
    for row, cells in zip(rows, singles, strict=True):
        lines.append(_line(cells, widths))
        for name in FIELDS[len(SINGLE) :]:
            for n, text in enumerate(_lines(row, name)):
                label = "  " + (name if n == 0 else "").ljust(11)
                lines += textwrap.wrap(
                    text, WIDTH, initial_indent=label, subsequent_indent=" " * 15
                )
    return "\n".join(lines) + "\n"


def _line(cells: Iterable[str], widths: list[int]) -> str:
    return "  ".join(cell.ljust(w) for cell, w in zip(cells, widths, strict=True)).rstrip()


def _lines(row: dict[str, Any], name: str) -> list[str]:
    """Return a field in words, one text a reason, a condition or a conflict."""
    say = _SAY.get(name)
    if say is not None:
        return [say(one) for one in row[name]]
    return [] if row[name] is None else [str(row[name])]


def _reason(of: dict[str, Any]) -> str:
    return f"{of['effect']} {of['clause']} ({of['authority']}: {of['citation']})"


def _unmet(of: dict[str, Any]) -> str:
    have = "not recorded" if of["have"] is None else f"{of['have']:g}"
    bound = "at most" if of["at_most"] else "at least"
    return f"{of['condition']}: {bound} {of['needed']:g}, is {have} ({of['clause']})"


def _conflict(of: dict[str, Any]) -> str:
    return f"{of['dimension']}: {of['stricter']} against {of['looser']}; {of['holds']} holds"


def _stop(of: dict[str, Any]) -> str:
    return f"stop {of['number']} since {of['since']:%Y-%m-%d %H:%M %Z}: {of['ground']}"


_SAY: dict[str, Callable[[Any], str]] = {
    "reasons": _reason,
    "unmet": _unmet,
    "unknown": str,
    "conflicts": _conflict,
    "stops": _stop,
}


def _safe(cell: str) -> str:
    """Keep a spreadsheet from reading a cell as a formula."""
    return f"'{cell}" if cell[:1] in {"=", "+", "-", "@", "\t", "\r"} else cell
