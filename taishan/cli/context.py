"""What commands share: an instance with its database running and Django ready."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from taishan.kit import postgres

if TYPE_CHECKING:
    from taishan.organisation.access import Viewer


def prepare() -> None:
    """Set Django up without its database, for what only reads files."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "taishan.config.settings")
    import django

    django.setup()


@contextlib.contextmanager
def instance() -> Iterator[None]:
    """Set Django up with its database, which must be of this version."""
    with database():
        if _is_behind():
            raise click.ClickException(
                "the database is new, or of another version: run `taishan migrate` first"
            )
        yield


@contextlib.contextmanager
def database() -> Iterator[None]:
    """Set Django up with its database: the embedded server, or the one the settings name."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "taishan.config.settings")
    from django.conf import settings

    environment = settings.TAISHAN
    server = (
        contextlib.nullcontext() if environment.database_url else postgres.running(environment.home)
    )
    try:
        with server, _full_disk_named(environment.home):
            prepare()
            yield
            _close()
    except postgres.DatabaseUnavailable as error:
        raise click.ClickException(str(error)) from None


@contextlib.contextmanager
def _full_disk_named(home: Path) -> Iterator[None]:
    """Say that the disk is full where that is why a command failed, however it came to show."""
    from django.db import DatabaseError

    try:
        yield
    except (DatabaseError, OSError):
        if not postgres.is_full(home):
            raise
        raise click.ClickException(
            f"{postgres.DISK_FULL}. What was not yet committed is not recorded."
        ) from None


def _close() -> None:
    from django.db import connections

    for connection in connections.all(initialized_only=True):
        connection.close()
        close_pool = getattr(connection, "close_pool", None)
        if close_pool is not None:
            close_pool()


def migrate(verbosity: int = 0) -> None:
    """Bring the database to this version's schema, as its owner; record what comes with Taishan:
    the standards' places, the built-in forms and checklists.

    All of it does nothing the second time.
    """
    from django.core.management import call_command

    from taishan.forms import actions as forms
    from taishan.kit import clock
    from taishan.kit.actor import Actor
    from taishan.organisation import places
    from taishan.safety import checklists

    _grant_on_external_server()
    call_command("migrate", database="owner", interactive=False, verbosity=verbosity)
    actor = Actor(label="taishan migrate", door="cli")
    places.load_places(actor=actor, now=clock.now())
    forms.load_library(actor=actor, now=clock.now())
    forms.load_library(actor=actor, now=clock.now(), folder=checklists.FOLDER)


def _grant_on_external_server() -> None:
    """Let the application's role use what the owner is about to create; ours comes so already."""
    import psycopg
    from django.conf import settings

    url = settings.TAISHAN.owner_database_url
    if url:
        with psycopg.connect(url, autocommit=True) as connection:
            postgres.grant_application(connection, settings.DATABASES["default"]["USER"])


def _is_behind() -> bool:
    """Tell whether the database still wants migrations of this version."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def everyone(day: date) -> Viewer:
    """Return a viewer who sees the whole group: whoever runs commands owns the instance."""
    from taishan.organisation.access import Viewer
    from taishan.organisation.models import UnitVersion

    roots = UnitVersion.objects.filter(parent=None, valid__contains=day)
    grants = tuple(("inspector", root.path) for root in roots)
    return Viewer(account_id=0, person_id=None, name="command line", grants=grants)
