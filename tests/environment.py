"""The environment of a test run, set before Django reads its settings (pytest loads this first)."""

import os
import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

RUN = os.environ.setdefault("TESTS_OF_TAISHAN", str(os.getpid()))
HOME = Path(tempfile.gettempdir()) / f"taishan-tests-{RUN}"

os.environ |= {
    "TAISHAN_HOME": str(HOME),
    "TAISHAN_SIGN_IN_LINKS": "1",
    "TAISHAN_DATABASE_NAME": f"test_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}",
    "TAISHAN_CLOCK_OFFSET_S": str(
        (datetime(2020, 2, 12, tzinfo=UTC) - datetime.now(UTC)).total_seconds()
    ),
}


def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave nothing behind: a run's databases are some hundred megabytes."""
    if not hasattr(config, "workerinput"):
        shutil.rmtree(HOME, ignore_errors=True)
