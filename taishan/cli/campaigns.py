"""``taishan campaigns``: the sums of what units have done in them."""

from __future__ import annotations

import click

from taishan.cli import context, recounts


@click.group()
def campaigns() -> None:
    """The sums of what units have done in campaigns."""


@campaigns.command()
@recounts.CHECK
def recount(*, only_check: bool) -> None:
    """Count all lists and returns anew and compare the sums that pages read; mend them."""
    with context.instance():
        from taishan.safety import campaign_counting as counting

        recounts.run(counting.find_differences, counting.recount, only_check=only_check)
