"""A risk point closed while the job opens its checks: what the job opened is waived too."""

from __future__ import annotations

from pathlib import Path

from tests.processes import migrated, run_at_once

WORK = """
import threading, time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from taishan.cli import context
with context.database():
    from django.db import connection, transaction
    from taishan.duties.models import Duty
    from taishan.safety import risk_checks, risks
    from tests import people
    from tests.safety.registering import measure, point, post

    cast = people.found_group()
    of = point(cast["safety_officer"])
    measure(cast["safety_officer"], of, post(cast["employee"]))
    given = {"actor": people.ACTOR, "now": people.NOW + timedelta(hours=1)}
    opened = threading.Event()

    def work():
        with transaction.atomic():
            number = risk_checks.open_checks(**given)
            opened.set()
            time.sleep(1)
        connection.close()
        return number

    def close():
        opened.wait()
        risks.close(**given, point=of, reason="Dismantled")
        connection.close()

    with ThreadPoolExecutor(2) as pool:
        both = [pool.submit(one) for one in (work, close)]
        print(both[0].result(), both[1].result(), Duty.objects.filter(ended=None).count())
"""


def test_a_check_that_opens_while_its_point_is_closed_is_waived(tmp_path: Path) -> None:
    assert run_at_once(WORK, migrated(tmp_path / "home")) == "1 None 0"
