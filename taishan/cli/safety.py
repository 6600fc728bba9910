"""``taishan safety``: the sums that pages of hazards, inspections and incidents read."""

from __future__ import annotations

import click

from taishan.cli import context, recounts


@click.group()
def safety() -> None:
    """The sums that pages of hazards, inspections and incidents read."""


@safety.command()
@recounts.CHECK
def recount(*, only_check: bool) -> None:
    """Count all hazards and incidents anew, add up the inspections of all units, and compare the
    sums that pages read; mend them."""
    with context.instance():
        from taishan.safety import hazard_counts, incident_sums, inspection_sums

        def find_differences() -> list[tuple[object, ...]]:
            return [
                *hazard_counts.find_differences(), *inspection_sums.find_differences(),
                *incident_sums.find_differences(),
            ]  # fmt: skip

        def mend() -> None:
            incident_sums.mend()
            inspection_sums.recount()
            hazard_counts.recount()

        recounts.run(find_differences, mend, only_check=only_check)
