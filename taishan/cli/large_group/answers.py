"""What people of an invented group answer: a handful of fates, so many of a thousand each."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from taishan.cli.demo_reports import WELL
from taishan.cli.large_group.plan import Plan
from taishan.core import situation
from taishan.core.answers import Checker
from taishan.forms import queries as forms
from taishan.forms.models import FormVersion
from taishan.reporting import packing, tallies
from taishan.reporting.models import Indicator

FINE: dict[str, Any] = WELL | {"body_temperature": 36.5, "work_ability": "on_site"}
AT_HOME: dict[str, Any] = FINE | {"work_ability": "remote", "quarantine_status": "home"}
ILL: dict[str, Any] = FINE | {
    "health_status": "unwell", "symptoms": ["cough", "sore_throat"], "work_ability": "unable",
}  # fmt: skip
FEVERISH: dict[str, Any] = ILL | {"symptoms": ["fever", "cough"], "body_temperature": 38.2}
FATES: tuple[tuple[float, Mapping[str, Any]], ...] = (
    (560, FINE),
    (329, FINE | {"work_ability": "remote"}),
    (40, AT_HOME | {"travel_14_days": "yes", "travel_places": "外地，三日"}),
    (15, FINE | {"current_location": "abroad", "current_address": "海外项目部宿舍"}),
    (10, ILL | {"quarantine_status": "designated_place"}),
    (22, ILL),
    (8, AT_HOME | {"contact_14_days": "yes", "contact_details": "同宿舍"}),
    (14, FEVERISH),
    (1.8, FEVERISH | {"quarantine_status": "medical_observation"}),
    (0.2, FEVERISH | {"quarantine_status": "confirmed"}),
)
"""Of a thousand reports, how many say what."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What one report says, ready to be stored. ``amounts`` are by the id of their indicator."""

    answers: str
    tally: tallies.Content
    amounts: Mapping[int, Decimal]


class Desk:
    """Reads answers to the version of a form in force as the intake does."""

    def __init__(self, form: str, plan: Plan) -> None:
        version = forms.get_version(form)
        self.form, self.version = version.form, version.number
        self._plan = plan
        self._checker: Checker = forms.get_checker(version)
        self._places = packing.names(self._checker.definition)
        self._ids = _indicator_ids(version)

    def read(self, answers: Mapping[str, Any]) -> Said:
        """Return what is stored of the answers. Raises ValueError where the form refuses them."""
        checked = self._checker.check(answers, now=self._plan.now)
        if checked.problems:
            raise ValueError(f"{self.form.code}: {checked.problems}")
        packed = packing.pack(self._places, checked.values)
        return Said(
            answers=json.dumps(packed, ensure_ascii=False, separators=(",", ":")),
            tally=tallies.content(checked.indicators),
            amounts={
                self._ids[name]: situation.exact(amount)
                for name, amount in checked.indicators.items()
                if amount
            },
        )


def _indicator_ids(version: FormVersion) -> dict[str, int]:
    names = [one.name for one in forms.get_definition(version).indicators()]
    Indicator.objects.bulk_create([Indicator(name=name) for name in names], ignore_conflicts=True)
    return dict(Indicator.objects.filter(name__in=names).values_list("name", "pk"))


def split(chosen: random.Random, number: int, shares: Sequence[float]) -> list[int]:
    """Return how many of so many fall to each share, by chance; together they are all."""
    left, weight = number, sum(shares)
    parts = []
    for share in shares[:-1]:
        part = draw(chosen, left, share / weight)
        parts.append(part)
        left, weight = left - part, weight - share
    return [*parts, left]


def draw(chosen: random.Random, number: int, chance: float) -> int:
    """Return how many of so many it happens to: one by one where it is rare, else about so."""
    mean = number * chance
    if mean > 20:
        return min(max(round(chosen.gauss(mean, (mean * (1 - chance)) ** 0.5)), 0), number)
    found, place = 0, chosen.expovariate(chance) if chance > 0 else number
    while place < number and found < number:
        found, place = found + 1, place + chosen.expovariate(chance)
    return found
