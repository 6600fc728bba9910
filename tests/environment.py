"""The environment of a test run, set before Django reads its settings (pytest loads this first)."""

import os
import tempfile
from datetime import UTC, datetime
from pathlib import Path

RUN = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))
HOME = Path(tempfile.gettempdir()) / f"taishan-tests-{RUN}"

os.environ |= {
    "TAISHAN_HOME": str(HOME),
    "TAISHAN_SIGN_IN_LINKS": "1",
    "TAISHAN_DATABASE_NAME": f"test_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}",
    "TAISHAN_CLOCK_OFFSET_S": str(
        (datetime(2020, 2, 12, tzinfo=UTC) - datetime.now(UTC)).total_seconds()
    ),
}
