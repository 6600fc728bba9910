"""The commands, one group a concern."""

from __future__ import annotations

import click

from taishan.cli import (
    campaigns,
    context,
    demo,
    duties,
    hazards,
    incidents,
    ledger,
    migrations,
    organisation,
    red_lines,
    regulations,
    reports,
    risks,
    safety,
    serve,
    situation,
    verdicts,
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Taishan: emergency management and work safety for a group of organisations."""


main.add_command(campaigns.campaigns)
main.add_command(demo.demo)
main.add_command(duties.duties)
main.add_command(hazards.hazards)
main.add_command(incidents.incidents)
main.add_command(ledger.ledger)
main.add_command(migrations.migrations)
main.add_command(serve.serve)
main.add_command(serve.worker)
main.add_command(organisation.organisation)
main.add_command(red_lines.red_lines)
main.add_command(regulations.regulations)
main.add_command(reports.reports)
main.add_command(risks.risks)
main.add_command(safety.safety)
main.add_command(situation.situation)
main.add_command(verdicts.verdicts)


@main.command()
def migrate() -> None:
    """Bring the database to this version's schema."""
    with context.database():
        context.migrate()
    click.echo("The database is of this version.")
