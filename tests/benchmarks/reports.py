"""Storing daily reports in bulk, after they are parsed and checked, and what each takes on disk.

As a file is taken in: unit by unit, and while one batch is stored, the next is made ready. The day
before was taken in so too: a database that is new writes its log into files that it has to make
first. The floor is a bare COPY of the same rows, in their order, into the same table.
"""

from __future__ import annotations

import gc
import io
import json
import random
import time
from datetime import datetime, timedelta
from datetime import time as clock
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from tests.benchmarks import answers, instance
from tests.benchmarks.table import Line

if TYPE_CHECKING:
    from taishan.reporting.submissions import Submission

PEOPLE, UNITS, BATCH = 50_000, 500, 10_000
RATIO = 4.0
LIMIT_BYTES = 250
ONE_DAY = timedelta(days=1)


def run() -> list[Line]:
    with instance.fresh():
        _set_up()
        _take_in(instance.NOW - ONE_DAY)
        took = _take_in(instance.NOW)
        size = _bytes_each()
        floor = _bare_copy()
    if size > LIMIT_BYTES:
        raise AssertionError(f"{size:.0f} bytes a report, more than {LIMIT_BYTES}")
    name = f"{PEOPLE:,} reports stored, {size:.0f} bytes each"
    return [Line(name=name, seconds=took, floor=floor, ratio=RATIO)]


def _take_in(now: datetime) -> float:
    """Store everybody's report of the day; return the seconds from what was checked to the end."""
    from taishan.kit import ahead
    from taishan.reporting import actions, intake

    checked = [intake.examine(now, batch, None) for batch in _batches(now)]
    gc.freeze()  # what was parsed is not gone through again and again while it is stored
    began = time.perf_counter()
    who = instance.ACTOR, now
    prepared = (actions._prepare(*who, found) for found in checked)
    for _became in ahead.each(prepared, partial(actions._take, *who)):
        pass
    return time.perf_counter() - began


def _set_up() -> None:
    """Open the group, with its people, who owe the daily report."""
    from taishan.core.schedules import Mark, Marks
    from taishan.organisation import roster
    from taishan.reporting import scheduling
    from taishan.reporting.models import Schedule

    instance.open_group(UNITS)
    out = io.StringIO("staff_no,name,unit\n")
    out.seek(0, io.SEEK_END)
    for number in range(PEOPLE):
        out.write(f"S{number:06},张{number},U{_unit(number):04}\n")
    who: dict[str, Any] = {"actor": instance.ACTOR, "now": instance.NOW}
    roster.import_people(**who, on=instance.OPENED, content=out.getvalue().encode())
    marks = Marks(
        opens=Mark(at=clock(6)), due=Mark(at=clock(9)), late=Mark(at=clock(10)),
        closes=Mark(day=1, at=clock(0)),
    )  # fmt: skip
    details = scheduling.Details(
        form="daily_health", unit="HQ", owed_by=Schedule.OwedBy.PEOPLE, marks=marks,
        starts=instance.OPENED,
    )  # fmt: skip
    scheduling.add_schedule(**who, details=details)


def _unit(number: int) -> int:
    return number % (UNITS - 1) + 1


def _batches(now: datetime) -> list[list[Submission]]:
    """Return everybody's report of the day, unit by unit, as ``sheet`` puts those of a file."""
    from taishan.reporting.models import Door
    from taishan.reporting.submissions import Submission

    random.seed(7)
    people = sorted(range(PEOPLE), key=_unit)

    def sent_at() -> datetime:
        return now - timedelta(seconds=random.randrange(600))

    reports = [
        Submission(
            form="daily_health", subject=f"S{number:06}", period=now.date(), client=uuid4(),
            answers=json.loads(answers.build(number)), door=Door.PHONE, device_at=sent_at(),
        )
        for number in people
    ]  # fmt: skip
    return [reports[start : start + BATCH] for start in range(0, PEOPLE, BATCH)]


def _bytes_each() -> float:
    """Return the bytes a report takes in its table with all indexes."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_total_relation_size('reporting_report')::float / count(*)"
            " FROM reporting_report"
        )
        return float(cursor.fetchone()[0])


def _bare_copy() -> float:
    """Return the seconds of a COPY of the day's rows, as of another day; nothing of it stays."""
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT * FROM reporting_report WHERE period = %s ORDER BY unit_id, subject_id",
            [instance.DAY],
        )
        columns = [column.name for column in cursor.description]
        rows = cursor.fetchall()
        place = columns.index("period")
        out = "COPY reporting_report ({}) FROM STDIN".format(", ".join(columns))
        began = time.perf_counter()
        with cursor.copy(out) as copy:
            for row in rows:
                copy.write_row((*row[:place], instance.OPENED, *row[place + 1 :]))
        took = time.perf_counter() - began
        transaction.set_rollback(True)
    return took
