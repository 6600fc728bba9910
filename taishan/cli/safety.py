"""``taishan safety``: the sums that boards of hazards read."""

from __future__ import annotations

import click

from taishan.cli import context


@click.group()
def safety() -> None:
    """The sums that boards of hazards read."""


@safety.command()
@click.option("--check", "only_check", is_flag=True, help="fail where a sum is wrong; mend nothing")
def recount(*, only_check: bool) -> None:
    """Count all hazards anew and compare the sums that boards and statistics read; mend them."""
    with context.instance():
        from django.db import transaction

        from taishan.safety import hazard_counts

        found = hazard_counts.find_differences()
        for row in found:
            click.echo(" ".join(map(str, row)))
        click.echo(f"{len(found)} sums differ")
        if found and only_check:
            raise SystemExit(1)
        if found:
            with transaction.atomic():
                hazard_counts.recount()
