"""``taishan situation``: whether the counters say what the reports say; a group to try it with."""

from __future__ import annotations

import time
from datetime import datetime
from typing import TYPE_CHECKING

import click

from taishan.cli import context

if TYPE_CHECKING:
    from taishan.cli.large_group.plan import Plan

DAY = click.DateTime(["%Y-%m-%d"])
FORMS = ("daily_health", "unit_daily")


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


@situation.command()
@click.option("--people", type=click.IntRange(1), default=1_000_000, show_default=True)
@click.option("--units", type=click.IntRange(1), default=2_000, show_default=True)
@click.option("--levels", type=click.IntRange(1, 9), default=5, show_default=True)
@click.option("--days", type=click.IntRange(1, 3650), default=30, show_default=True)
@click.option(
    "--reports-days", type=click.IntRange(1), default=1, show_default=True,
    help="of how many days the reports themselves are there; before, their totals",
)  # fmt: skip
@click.option("--forms", default=",".join(FORMS), show_default=True)
@click.option("--seed", default=7, show_default=True, help="the same one gives the same group")
def generate(reports_days: int, days: int, forms: str, **size: int) -> None:
    """Fill an empty database with an invented group, its people and their reports.

    For trying and timing: nobody in it is real. All of it is recorded or nothing.
    """
    chosen = tuple(forms.split(","))
    if not set(chosen) <= set(FORMS):
        raise click.BadParameter(f"of {', '.join(FORMS)}", param_hint="--forms")
    with context.instance():
        from taishan.cli.large_group.plan import Plan
        from taishan.kit import clock

        plan = Plan(
            **size, days=days, reports_days=min(reports_days, days), forms=chosen,
            now=clock.now(), today=clock.today(),
        )  # fmt: skip
        _generate(plan)


def _generate(plan: Plan) -> None:
    from taishan.cli.large_group import generating

    click.echo(
        f"{plan.people:,} people in {plan.units:,} units, {plan.days} days from {plan.since}"
    )
    began = time.monotonic()
    try:
        with click.progressbar(length=plan.rows, label="recording") as bar:
            generating.generate(plan, bar.update)
            bar.update(plan.rows - bar.pos)
    except generating.GroupRefused as refused:
        raise click.ClickException(str(refused)) from None
    click.echo("Bringing the tables in order …")
    generating.tidy()
    click.echo(f"Done in {time.monotonic() - began:.0f} s.")
