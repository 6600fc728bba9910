"""The board of the whole group, as its duty office sees it: server time and queries.

The floor is a bare query for the same rows: every unit of the day with its place, through psycopg.
"""

from __future__ import annotations

from tests.benchmarks import instance
from tests.benchmarks.table import Line

SIZES = (500, 2_000)
LIMIT_S = 0.150
FLOOR = """
SELECT v.*, u.code, p.* FROM organisation_unitversion v
JOIN organisation_unit u ON u.id = v.unit_id JOIN organisation_place p ON p.id = v.place_id
WHERE v.valid @> %s::date
"""


def run() -> list[Line]:
    return [line for units in SIZES for line in _measure(units)]


def _measure(units: int) -> list[Line]:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    with instance.fresh():
        instance.load_rules()
        instance.open_group(units)
        client = Client(headers={"host": "localhost"})
        client.force_login(instance.duty_office())
        address = f"/board/?day={instance.DAY}"
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        name = f"board of {units:,} units, {len(queries)} queries"
        took = instance.median(lambda: client.get(address))
        floor = instance.median(_bare_query)
    return [Line(name=name, seconds=took, floor=floor, limit=LIMIT_S)]


def _bare_query() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(FLOOR, [instance.DAY])
        cursor.fetchall()
