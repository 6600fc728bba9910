"""``taishan safety``: the sums that pages of hazards and inspections read."""

from __future__ import annotations

import click

from taishan.cli import context, recounts


@click.group()
def safety() -> None:
    """The sums that pages of hazards and inspections read."""


@safety.command()
@recounts.CHECK
def recount(*, only_check: bool) -> None:
    """Count all hazards anew, add up the inspections of all units, and compare the sums that pages
    read; mend them."""
    with context.instance():
        from taishan.safety import hazard_counts, inspection_sums

        def find_differences() -> list[tuple[object, ...]]:
            return [*hazard_counts.find_differences(), *inspection_sums.find_differences()]

        def mend() -> None:
            hazard_counts.recount()
            inspection_sums.recount()

        recounts.run(find_differences, mend, only_check=only_check)
