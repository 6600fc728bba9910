"""The tests' database: an embedded server of the run's own, used through the application's role."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from tests.environment import HOME


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes a minute by itself: begun last, it lets the other worker wait."""
    items.sort(key=lambda item: item.path.name != "test_tutorial.py")


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    """Create this worker's database as the owner; tests then connect as the application."""
    from django.conf import settings

    from taishan.cli import context
    from taishan.kit import postgres

    with postgres.running(HOME) as server:
        postgres.create_database(server, settings.DATABASES["default"]["NAME"])
        with django_db_blocker.unblock():  # type: ignore[attr-defined]
            context.migrate()
        yield
        with django_db_blocker.unblock():  # type: ignore[attr-defined]
            context._close()


@pytest.fixture(autouse=True, scope="session")
def _own_transactions() -> Iterator[None]:
    """Take no test's transaction for one that an action has begun.

    What writes the ledger or puts off a job outside of any is refused by every running instance,
    and was by no test.
    """
    from django.db import connection
    from django.db.transaction import TransactionManagementError

    from taishan.kit import jobs
    from taishan.ledger import actions

    def in_its_own(work: Callable[..., None]) -> Callable[..., None]:
        def done(*given: Any) -> None:
            if all(one._from_testcase for one in connection.atomic_blocks):
                raise TransactionManagementError("only the test's own transaction is there")
            work(*given)

        return done

    with (
        mock.patch.object(actions, "_write", in_its_own(actions._write)),
        mock.patch.object(jobs, "defer_each", in_its_own(jobs.defer_each)),
    ):
        yield


@pytest.fixture
def cast(db: None) -> dict[str, object]:
    from tests import founding

    return dict(founding.found_group())


@pytest.fixture
def library(cast: dict[str, object]) -> None:
    """The shipped library, recorded."""
    from taishan.regulations import actions, schemas
    from tests import people

    shipped = Path(schemas.__file__).parent / "libraries"
    for file in sorted(shipped.rglob("*.yaml")):
        actions.import_library(
            actor=people.ACTOR,
            now=people.NOW,
            library=schemas.parse(file.read_text(encoding="utf-8"), file.name),
        )


@pytest.fixture
def media(tmp_path: Path, settings: Any) -> Path:
    """An empty media folder of the test's own."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"
