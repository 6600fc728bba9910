"""``taishan verdicts``: the board's answers on the command line."""

from __future__ import annotations

import csv
import io
import json
import sys
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
    with context.instance():
        from taishan.resumption import api

        known = as_known.replace(tzinfo=UTC) if as_known else None
        last = (until or on).date()
        rows = api.list_verdicts(
            context.everyone(on.date()), on.date(), last, known, list(units), kind_of_work
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
