"""``taishan incidents``: reports from elsewhere."""

from __future__ import annotations

from pathlib import Path

import click

from taishan.cli import context


@click.group()
def incidents() -> None:
    """Incidents: reports from elsewhere, to search and compare."""


@incidents.command("import-osha")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--unit", required=True, help="the code of the unit under which they are recorded")
def import_osha(file: Path, unit: str) -> None:
    """Record reports of deaths at work in the United States from a csv FILE (or .csv.gz).

    Its columns are id, incident_date, city, state and description. A report comes in once.
    """
    with context.instance():
        from taishan.kit import clock, tables
        from taishan.kit.actor import Actor
        from taishan.organisation import history
        from taishan.safety import incident_import

        try:
            outcome = incident_import.import_deaths(
                actor=Actor(label="command line", door="cli"), now=clock.now(),
                version=history.get_version(unit, clock.today()), content=file.read_bytes(),
            )  # fmt: skip
        except (tables.TableError, history.OrganisationRefused) as error:
            raise click.ClickException(f"nothing was recorded: {error}") from None
    for wrong in outcome.errors:
        click.echo(str(wrong), err=True)
    click.echo(
        f"{outcome.created} recorded, {outcome.unchanged} known already, "
        f"{len(outcome.errors)} left out"
    )
