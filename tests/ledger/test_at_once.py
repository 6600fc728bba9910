"""Transactions that end in another order than they began: none is left out, none twice."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from taishan.kit import postgres
from tests.processes import PATIENCE_S, ask, environment, migrated, taishan

LATE = """
import threading
from taishan.cli import context
with context.database():
    from django.db import connection, transaction
    from taishan.ledger import sealing
    from tests import people
    from tests.ledger.building import happen
    begun, sealed = threading.Event(), threading.Event()
    def late():
        with transaction.atomic():
            happen(1)
            begun.set()
            sealed.wait(60)
        context._close()
    other = threading.Thread(target=late)
    other.start()
    begun.wait(60)
    happen(1, minutes=[5])
    sealing.seal_all(now=people.NOW)
    sealed.set()
    other.join()
    [seal] = sealing.seal_all(now=people.NOW)
    print(seal.size)
"""
AT_ONCE = """
from taishan.cli import context
with context.database():
    from taishan.ledger import sealing
    from tests import people
    from tests.ledger.building import happen
    for _ in range(40):
        happen(5)
        sealing.seal(now=people.NOW)
"""
NUMBERS = """
SELECT count(*), min(number), max(number), count(DISTINCT (unit_id, entry_id)),
  (SELECT count(*) FROM ledger_entry), (SELECT count(*) FROM ledger_unsealed)
FROM ledger_leaf
"""


def run(home: Path, script: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", script], env=environment(home))


def test_what_commits_late_and_what_is_sealed_at_once_gets_one_number_each(tmp_path: Path) -> None:
    home = migrated(tmp_path / "home")
    with postgres.running(home):
        assert run(home, LATE).wait(PATIENCE_S) == 0

        sealers = [run(home, AT_ONCE) for _ in range(2)]
        assert [one.wait(PATIENCE_S) for one in sealers] == [0, 0]
        assert taishan(home, "ledger", "seal").wait(PATIENCE_S) == 0

        [(count, first, last, distinct, entries, waiting)] = ask(home, NUMBERS)
        assert (first, last, waiting) == (0, int(str(count)) - 1, 0)
        assert count == distinct == entries
        verified = taishan(home, "ledger", "verify").wait(PATIENCE_S)
        assert verified == 0, (home / "log").read_text()
