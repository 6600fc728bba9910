"""The situation of a million people in 2,000 units and 5 levels, after a month and after a year.

The floor is the bare sum of the day's counters, measured in the same run. The group is generated
into the folder that BENCHMARK_DATA names, once, or into one that is thrown away: it takes
some five minutes. What is measured after a year is held against the same after a month.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from tests.benchmarks.table import Line

if TYPE_CHECKING:
    from django.test import Client

DAYS = (30, 365)
RUNS = 15
RATIO, AGED_RATIO = 1.5, 1.2
LIMITS = {
    "one day": None,
    "full tree of one day": 0.030,
    "trend of 30 days": 0.050,
    "overview with the day before": 0.150,
    "page": 0.400,
    "first page of not reported": 0.400,
    "last page of not reported": 0.400,
}
FLOOR = """
SELECT indicator_id, sum(amount) FROM reporting_counter
WHERE form_id = %s AND period = %s GROUP BY indicator_id
"""


def run() -> list[Line]:
    with tempfile.TemporaryDirectory(prefix="taishan-bench-") as other:
        folder = Path(os.environ.get("BENCHMARK_DATA") or other)
        young, old = (_elsewhere(folder / str(days), days) for days in DAYS)
    return [
        *(_line(name, young, DAYS[0]) for name in LIMITS),
        *(_line(name, old, DAYS[1]) for name in LIMITS),
        *(
            Line(name=f"{name}: a year to a month", seconds=old[name], floor=young[name],
                 ratio=AGED_RATIO)
            for name in LIMITS
        ),
    ]  # fmt: skip


def _line(name: str, found: dict[str, float], days: int) -> Line:
    limit = LIMITS[name]
    return Line(
        name=f"{name}, after {days} days", seconds=found[name], floor=found["floor"], limit=limit,
        ratio=None if limit else RATIO,
    )  # fmt: skip


def _elsewhere(home: Path, days: int) -> dict[str, float]:
    """Measure in a process of its own: a process has one database."""
    command = [sys.executable, "-m", "tests.benchmarks.situation", str(days)]
    environment = os.environ | {"TAISHAN_HOME": str(home)}
    done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def main(days: int) -> None:
    from taishan.cli import context

    with context.database():
        context.migrate()
        _fill(days)
        print(json.dumps(_measure()))  # noqa: T201


def _fill(days: int) -> None:
    from taishan.cli.large_group import generating
    from taishan.cli.large_group.plan import Plan
    from taishan.kit import clock
    from taishan.organisation.models import Unit

    if not Unit.objects.exists():
        plan = Plan(
            people=1_000_000, units=2_000, levels=5, days=days, reports_days=1, seed=7,
            forms=("daily_health", "unit_daily"), now=clock.now(), today=clock.today(),
        )  # fmt: skip
        generating.generate(plan, lambda _rows: None)
        generating.tidy()


def _measure() -> dict[str, float]:
    from taishan.cli.context import everyone
    from taishan.core.situation import RECEIVED, RECEIVED_ON_TIME
    from taishan.forms.models import Form
    from taishan.kit import clock
    from taishan.organisation.models import Membership
    from taishan.reporting.models import Counter
    from taishan.situation import branches, counting, queries, signs

    form = Form.objects.get(code="daily_health")
    day = Counter.objects.filter(form_id=form.pk).order_by("-period")[0].period
    viewer, tomorrow, names = everyone(day), day + timedelta(days=1), counting.names()
    branch = branches.find_branch(viewer, "", day, tomorrow)
    top = branch.top(day)

    watched = {RECEIVED, RECEIVED_ON_TIME}
    watched |= {name for sign in signs.of(form.code) for name in sign.indicators}

    def children() -> object:
        return counting.sums(form.pk, branch.stays, (day, tomorrow), branch.row_of(top), names)

    def tree() -> object:
        return counting.sums(
            form.pk, branch.stays, (day, tomorrow), lambda stay: stay.unit_id, names, watched
        )

    address, client = f"?day={day}&form=daily_health", _client(day)
    missing = f"/situation/people/{address}&list=not_reported"
    late = Membership.objects.filter(valid__contains=day).order_by("-unit__code")[0].person_id
    return {
        "floor": _time(lambda: _bare(form.pk, day)),
        "one day": _time(children),
        "full tree of one day": _time(tree),
        "trend of 30 days": _time(lambda: queries.get_trend(viewer, form, day, "", clock.now())),
        "overview with the day before": _time(
            lambda: queries.get_overview(viewer, form, day, "", clock.now())
        ),
        "page": _time(lambda: client.get(f"/situation/{address}")),
        "first page of not reported": _time(lambda: client.get(missing)),
        "last page of not reported": _time(lambda: client.get(f"{missing}&behind={late}")),
    }


def _client(day: date) -> Client:
    """Return a browser of the duty office."""
    from django.test import Client

    from taishan.cli.large_group.generating import ACTOR
    from taishan.kit import clock
    from taishan.organisation import actions
    from taishan.organisation.models import Account

    office = Account.objects.filter(username="D0").first() or actions.grant_role(
        actor=ACTOR, now=clock.now(), on=day, staff_no="D0", name="周晓晨", role="duty_office",
        unit="HQ",
    )  # fmt: skip
    client = Client(headers={"host": "localhost"})
    client.force_login(office)
    return client


def _bare(form_id: int, day: date) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(FLOOR, [form_id, day])
        cursor.fetchall()


def _time(work: Callable[[], object]) -> float:
    """Return the seconds of the quickest run: other work on the machine only adds to it."""
    work()
    seconds = []
    for _run in range(RUNS):
        began = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - began)
    return min(seconds)


if __name__ == "__main__":
    main(int(sys.argv[1]))
