"""``taishan safety``: the sums that boards of hazards read."""

from __future__ import annotations

import click

from taishan.cli import context, recounts


@click.group()
def safety() -> None:
    """The sums that boards of hazards read."""


@safety.command()
@recounts.CHECK
def recount(*, only_check: bool) -> None:
    """Count all hazards anew and compare the sums that boards and statistics read; mend them."""
    with context.instance():
        from taishan.safety import hazard_counts as counting

        recounts.run(counting.find_differences, counting.recount, only_check=only_check)
