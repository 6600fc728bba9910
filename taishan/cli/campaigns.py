"""``taishan campaigns``: the sums of what units have done in them."""

from __future__ import annotations

import click

from taishan.cli import context


@click.group()
def campaigns() -> None:
    """The sums of what units have done in campaigns."""


@campaigns.command()
@click.option("--check", "only_check", is_flag=True, help="fail where a sum is wrong; mend nothing")
def recount(*, only_check: bool) -> None:
    """Count all lists and returns anew and compare the sums that pages read; mend them."""
    with context.instance():
        from django.db import transaction

        from taishan.safety import campaign_counting

        found = campaign_counting.find_differences()
        for row in found:
            click.echo(" ".join(map(str, row)))
        click.echo(f"{len(found)} sums differ")
        if found and only_check:
            raise SystemExit(1)
        if found:
            with transaction.atomic():
                campaign_counting.recount()
