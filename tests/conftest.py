"""A real PostgreSQL for the tests: an embedded server of their own, used by the serving role."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.db import connections

from taishan.kit import postgres


@pytest.fixture(scope="session")
def django_db_setup(
    tmp_path_factory: pytest.TempPathFactory, django_db_blocker: pytest.FixtureRequest
) -> Iterator[None]:
    """Give this process a migrated database of its own on a server that all workers share."""
    home = tmp_path_factory.getbasetemp()
    if os.environ.get("PYTEST_XDIST_WORKER"):
        home = home.parent
    with postgres.running(home) as server, django_db_blocker.unblock():
        name = f"test_{uuid.uuid4().hex[:12]}"
        postgres.create_database(server, name)
        for alias, role in (("default", postgres.APPLICATION), ("owner", postgres.OWNER)):
            connections[alias].settings_dict |= {
                "HOST": str(server.socket_dir),
                "NAME": name,
                "USER": role,
                "OPTIONS": {},
            }
        call_command("migrate", database="owner", interactive=False, verbosity=0)
        connections["owner"].close()
        yield
        connections.close_all()
