"""A throw-away instance with a group of any size in real places, under the shipped rules."""

from __future__ import annotations

import contextlib
import os
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from taishan.cli import context
from taishan.kit.actor import Actor

if TYPE_CHECKING:
    from django.test import Client

    from taishan.organisation.actions import UnitDetails
    from taishan.organisation.models import Account

DAY = date(2020, 2, 12)
NOW = datetime(2020, 2, 12, tzinfo=UTC)
OPENED = date(2020, 1, 1)
ACTOR = Actor(label="benchmark", door="cli")
RUNS = 9


@contextlib.contextmanager
def fresh() -> Iterator[None]:
    """Give an empty instance, its database on disk and safe (fsync on), thrown away afterwards."""
    with tempfile.TemporaryDirectory(prefix="taishan-bench-") as home:
        os.environ |= {"TAISHAN_HOME": home, "TAISHAN_SIGN_IN_LINKS": "1"}
        with context.database():
            context.migrate()
            yield


def settle() -> None:
    """Clear up and count, as the server does by itself some minutes later; only owners may."""
    from django.db import connections

    with connections["owner"].cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def load_rules() -> None:
    """Record every library that is shipped."""
    from taishan.regulations import actions, schemas

    for file in sorted((Path(schemas.__file__).parent / "libraries").rglob("*.yaml")):
        library = schemas.parse(file.read_text(encoding="utf-8"), file.name)
        actions.import_library(actor=ACTOR, now=NOW, library=library)


def open_group(units: int) -> None:
    """Open a headquarters and units in the prefectures of all provinces, from a fixed seed."""
    from taishan.organisation import actions
    from taishan.organisation.models import Place

    cities = list(
        Place.objects.filter(parent__parent__code="CN")
        .order_by("code")
        .values_list("code", flat=True)
    )
    chosen = random.Random(7)
    details = [_unit("HQ", "CN-BJ", "", 420)]
    for number in range(1, units):
        parent = "HQ" if number <= 200 else f"U{chosen.randint(1, 200):04}"
        size = chosen.randint(10, 900)
        details.append(_unit(f"U{number:04}", chosen.choice(cities), parent, size))
    actions.open_units(actor=ACTOR, now=NOW, on=OPENED, details=details)


def _unit(code: str, place: str, parent: str, size: int) -> UnitDetails:
    from taishan.organisation.actions import UnitDetails

    return UnitDetails(
        code=code, name_en=f"Unit {code}", name_zh=f"单位{code}", place=place, kind="company",
        time_zone="Asia/Shanghai", parent=parent,
        kinds_of_work=("EPI" if size % 4 == 0 else "ORD",), head_count=size,
        floor_area_m2=size * 9.0,
    )  # fmt: skip


def duty_office(number: int = 0) -> Account:
    """Return an account of the duty office over the whole group: one for each number."""
    from taishan.organisation import actions

    return actions.grant_role(
        actor=ACTOR, now=NOW, on=OPENED, staff_no=f"D{number}", name="周晓晨", role="duty_office",
        unit="HQ",
    )  # fmt: skip


def client() -> Client:
    """Return a browser of the duty office."""
    from django.test import Client

    from taishan.organisation.models import Account

    client = Client(headers={"host": "localhost"})
    client.force_login(Account.objects.get(username="D0"))
    return client


def page(browser: Client, path: str) -> Callable[[], object]:
    """Return a visit of an address, which must be answered."""

    def visit() -> object:
        answer = browser.get(path)
        if answer.status_code != 200:
            raise AssertionError(f"{path}: {answer.status_code}")
        return answer

    return visit


def bare(query: str, params: Sequence[Any] = ()) -> None:
    """Run a query beside everything else: a floor."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(query, params)
        cursor.fetchall()


def median(work: Callable[[], object], runs: int = RUNS) -> float:
    """Return the median of the seconds that it takes once it is warm."""
    work()
    seconds = []
    for _run in range(runs):
        began = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - began)
    return statistics.median(seconds)
