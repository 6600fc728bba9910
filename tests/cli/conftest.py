"""Commands run in the test's own process and transaction."""

import contextlib
from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result

from taishan.cli import context
from taishan.cli.main import main

Run = Callable[..., Result]


@pytest.fixture
def taishan(monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command line; the instance is the test's database, which is running already."""
    monkeypatch.setattr(context, "instance", contextlib.nullcontext)

    def run(*arguments: object) -> Result:
        return CliRunner().invoke(main, [str(a) for a in arguments], catch_exceptions=False)

    return run
