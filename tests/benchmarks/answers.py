"""Checking daily health reports, as a million of them pass each morning, on one core.

The floor is reading the same reports as JSON, which every door must do before.
"""

from __future__ import annotations

import json
import random
import time
from datetime import UTC, datetime
from typing import Any

from tests.benchmarks.table import Line

REPORTS = 20_000
LIMIT_US = 30


def build(number: int) -> str:
    """Return a report; one in twenty is of somebody unwell, who answers more."""
    report: dict[str, Any] = {
        "health_status": "well",
        "body_temperature": round(36 + random.random(), 1),
        "current_location": "usual_place",
        "travel_14_days": "no",
        "contact_14_days": "no",
        "quarantine_status": "none",
        "work_ability": "on_site",
    }
    if number % 20 == 0:
        report |= {
            "health_status": "unwell",
            "symptoms": ["cough", "fever"],
            "symptom_onset": "2020-02-10",
            "body_temperature": 38.1,
            "current_location": "elsewhere_same_country",
            "current_address": "武汉市武昌区珞珈山路1号",
            "travel_14_days": "yes",
            "travel_places": "2月3日至9日在武汉",
            "work_ability": "unable",
        }
    return json.dumps(report)


def run() -> list[Line]:
    from taishan.cli import context

    context.prepare()
    from taishan.core import answers
    from taishan.forms import compiling, library

    form = compiling.compile_form(library.workbook_of("daily_health"))
    checker = answers.compile(form.definition)
    random.seed(7)
    written = [build(number) for number in range(REPORTS)]
    now = datetime(2020, 2, 12, 8, tzinfo=UTC)
    began = time.process_time()
    reports = [json.loads(one) for one in written]
    floor = time.process_time() - began
    began = time.process_time()
    good = sum(1 for report in reports if not checker.check(report, now=now).problems)
    took = time.process_time() - began
    if good != REPORTS:
        raise AssertionError(f"{REPORTS - good} reports were refused")
    name = f"{REPORTS:,} daily reports, {took / REPORTS * 1e6:.1f} µs each"
    return [Line(name=name, seconds=took, floor=floor, limit=REPORTS * LIMIT_US / 1e6)]
