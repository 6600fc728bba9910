"""``taishan migrations``: write, or check for, the migrations that the models ask for."""

from __future__ import annotations

import click

from taishan.cli import context


@click.command()
@click.option("--check", "only_check", is_flag=True, help="fail where one is missing; write none")
def migrations(only_check: bool) -> None:
    """Write the migrations that the models ask for."""
    with context.database():
        from django.apps import apps
        from django.core.management import call_command

        ours = [app for app in apps.get_app_configs() if app.name.startswith("taishan.")]
        labels = [app.label for app in ours if app.models_module]
        call_command("makemigrations", *labels, check_changes=only_check)
