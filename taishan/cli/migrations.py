"""``taishan migrations``: write, or check for, the migrations that the models ask for."""

from __future__ import annotations

import click

from taishan.cli import context


@click.command()
@click.option("--check", "only_check", is_flag=True, help="fail where one is missing; write none")
def migrations(only_check: bool) -> None:
    """Write the migrations that the models ask for."""
    with context.database():
        from django.core.management import call_command

        labels = ("ledger", "organisation", "regulations", "forms", "reporting", "resumption")
        call_command("makemigrations", *labels, check_changes=only_check)
