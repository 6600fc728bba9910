"""``taishan situation``: whether the counters say what the reports say."""

from __future__ import annotations

from datetime import datetime

import click

from taishan.cli import context

DAY = click.DateTime(["%Y-%m-%d"])


@click.group()
def situation() -> None:
    """What reports add up to."""


@situation.command()
@click.option("--form", help="code of one form; all forms when left out")
@click.option("--from", "since", type=DAY, help="first period")
@click.option("--until", type=DAY, help="the period before which to stop")
def recount(form: str | None, since: datetime | None, until: datetime | None) -> None:
    """Count all reports again and compare with the counters; fail where they differ.

    Periods whose answers were erased after their retention are left out.
    """
    with context.instance():
        from taishan.reporting import recounting

        found = recounting.recount(form, since and since.date(), until and until.date())
    for one in found.differences:
        click.echo(
            f"{one.form} {one.period} {one.unit} {one.indicator}: "
            f"counter {one.counter:f}, reports {one.reports:f}",
            err=True,
        )
    click.echo(
        f"{found.reports} reports, {found.counters} counters, {len(found.differences)} differences"
    )
    if found.differences:
        raise SystemExit(1)
