"""The import of people after its file is parsed, and their export before anything is analysed.

The floor is a bare COPY of the same people and memberships into the same tables.
"""

from __future__ import annotations

import io
import time

from tests.benchmarks import instance
from tests.benchmarks.table import Line

PEOPLE, UNITS = 200_000, 500
RATIO = 4.0
EXPORT_LIMIT_S = 10.0


def run() -> list[Line]:
    content = _file()
    with instance.fresh():
        from taishan.kit import tables
        from taishan.organisation import roster

        instance.open_group(UNITS)
        floor = _bare_copy()
        began = time.perf_counter()
        tables.read(content, columns=roster.COLUMNS)
        parsed = time.perf_counter()
        roster.import_people(
            actor=instance.ACTOR, now=instance.NOW, on=instance.OPENED, content=content
        )
        took = (time.perf_counter() - parsed) - (parsed - began)
        began = time.perf_counter()
        exported = sum(1 for _row in roster.export_people(on=instance.OPENED))
        export_took = time.perf_counter() - began
    if exported != PEOPLE:
        raise AssertionError(f"{exported} people of {PEOPLE} exported")
    return [
        Line(
            name=f"import of {PEOPLE:,} people, parsed", seconds=took, floor=floor, ratio=RATIO
        ),
        Line(
            name=f"export of {PEOPLE:,} people", seconds=export_took, floor=floor,
            limit=EXPORT_LIMIT_S,
        ),
    ]  # fmt: skip


def _file() -> bytes:
    """Return a csv of people spread evenly over the units."""
    out = io.StringIO()
    out.write("staff_no,name,unit\n")
    for number in range(PEOPLE):
        out.write(f"S{number:06},张{number},{_unit(number)}\n")
    return out.getvalue().encode()


def _unit(number: int) -> str:
    return f"U{number % (UNITS - 1) + 1:04}"


def _bare_copy() -> float:
    """Return the seconds of a COPY into both tables, as the owner; nothing of it stays."""
    from django.db import connection, transaction

    from taishan.kit import pinyin
    from taishan.organisation.models import Unit

    ids = dict(Unit.objects.values_list("code", "pk"))
    names = [(f"张{number}", pinyin.sort_key(f"张{number}")) for number in range(PEOPLE)]
    with transaction.atomic(), connection.cursor() as cursor:
        began = time.perf_counter()
        with cursor.copy(
            "COPY organisation_person (id, staff_no, name, sort_name) FROM STDIN"
        ) as copy:
            for number, (name, sort_name) in enumerate(names):
                copy.write_row((number + 1, f"S{number:06}", name, sort_name))
        with cursor.copy(
            "COPY organisation_membership (person_id, unit_id, valid) FROM STDIN"
        ) as copy:
            for number in range(PEOPLE):
                copy.write_row((number + 1, ids[_unit(number)], f"[{instance.OPENED},)"))
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        took = time.perf_counter() - began
        transaction.set_rollback(True)
    return took
