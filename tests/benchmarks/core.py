"""2,000 units × 60 days × 5,000 clauses in the core, as spans, on one core.

The floor is what no implementation can avoid: going once over every unit and its spans' days.
"""

from __future__ import annotations

import random
import time
from datetime import date, timedelta

from taishan.core import gate
from taishan.core import requirements as req
from taishan.core.clauses import Authority, Clause
from taishan.core.gate import Fact
from taishan.core.regulations import Rulebook, Subject
from tests.benchmarks.table import Line

UNITS, DAYS, CLAUSES, CITIES = 2_000, 60, 5_000, 340
LIMIT_S = 1.0
START = date(2020, 1, 20)


def build() -> tuple[list[Clause], list[Subject], list[list[Fact]]]:
    """Return a country of 31 provinces and 340 cities with units in them, from a fixed seed."""
    random.seed(7)
    cities = [(f"P{n % 31}", f"C{n}") for n in range(CITIES)]
    clauses = [_clause(n, cities) for n in range(CLAUSES)]
    subjects = []
    for n in range(UNITS):
        province, city = random.choice(cities)
        kinds = frozenset({random.choice(["ORD", "ORD", "ORD", "EPI"])})
        subjects.append(
            Subject(
                code=f"U{n}", chain=("CN", province, city), line=("HQ", f"U{n}"), kinds=kinds,
                head_count=random.randint(10, 900), floor_area_m2=2000.0,
            )
        )  # fmt: skip
    facts = [
        [Fact(condition="stock:mask", amount=random.randint(5, 30), starts=START)] for _ in subjects
    ]
    return clauses, subjects, facts


def _clause(number: int, cities: list[tuple[str, str]]) -> Clause:
    province, city = random.choice(cities)
    place, rank = random.choice([(province, 1), (city, 2), (city, 2), (city, 2), (city, 2)])
    starts = START + timedelta(days=random.randint(0, 55))
    kinds: list[req.Requirement] = [
        req.Suspend(), req.RemoteOnly(), req.Staggered(), req.OnSiteCap(share=0.5),
        req.StockCover(item="mask", days=14), req.Quarantine(days=14),
    ]  # fmt: skip
    return Clause(
        key=f"r{number}/1",
        regulation=f"r{number}",
        authority=Authority(code=place, rank=rank),
        requirement=random.choice(kinds),
        issued=starts,
        starts=starts,
        ends=starts + timedelta(days=random.randint(3, 20)),
        place=place,
        exempt_kinds=frozenset({"EPI"}),
    )


def run() -> list[Line]:
    clauses, subjects, facts = build()
    began = time.process_time()
    rulebook = Rulebook(clauses)
    spans = 0
    for subject, known in zip(subjects, facts, strict=True):
        found = gate.evaluate_spans(rulebook, subject, known, START, START + timedelta(days=DAYS))
        spans += sum(1 for _ in found)
    took = time.process_time() - began
    began = time.process_time()
    for subject in subjects:
        timeline = rulebook.lived(subject)
        for n in range(DAYS):
            timeline.read(START + timedelta(days=n))
    floor = time.process_time() - began
    name = f"{UNITS:,} × {DAYS} × {CLAUSES:,}, {spans:,} spans"
    return [Line(name=name, seconds=took, floor=floor, limit=LIMIT_S)]
