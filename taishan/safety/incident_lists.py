"""The list of incidents, narrowed as its address says; the latest first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, cast

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.utils.functional import cached_property

from taishan.kit import arrays, clock, days, search_words, searching
from taishan.organisation import history
from taishan.organisation.models import Unit, UnitVersion
from taishan.safety import incident_queries
from taishan.safety.incident_models import Incident

PAGE = 30
MOST_COUNTED = 3_000
"""How far a list is counted, and turned over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a list is narrowed to; what is empty narrows nothing. Days are those of the units,
    ``within`` is the code of a unit.
    """

    text: str = ""
    kind: str = ""
    grade: str = ""
    stage: str = ""
    country: str = ""
    since: date | None = None
    until: date | None = None
    within: str = ""

    def given(self) -> dict[str, str]:
        """Return it as ``ask`` reads it: what narrows nothing is left out."""
        return {name: str(value) for name, value in asdict(self).items() if value}


def ask(given: Mapping[str, str], within: str) -> Wanted:
    """Return how an address narrows the list of a subtree ("": of the whole group)."""
    return Wanted(
        text=given.get("text", "")[:100], kind=given.get("kind", ""), grade=given.get("grade", ""),
        stage=given.get("stage", ""), country=given.get("country", "")[:2].upper(),
        since=_day(given.get("since", "")), until=_day(given.get("until", "")), within=within,
    )  # fmt: skip


def _day(text: str) -> date | None:
    try:
        return days.read(text)
    except ValueError:
        return None


def narrow(rows: QuerySet[Incident], wanted: Wanted) -> QuerySet[Incident]:
    """Return those of the incidents that are wanted, the words left aside."""
    exact = {
        name: value for name in ("kind", "grade", "stage", "country")
        if (value := getattr(wanted, name))
    }  # fmt: skip
    rows = rows.filter(**exact)
    top = Unit.objects.filter(code=wanted.within).first()
    if top is not None:
        rows = rows.filter(arrays.any_of("unit_id", _find_below(top)))
    return incident_queries.on_days(rows, wanted.since, wanted.until)


def _find_below(top: Unit) -> list[int]:
    """Return the ids of a unit and of those below it, as they are or were last."""
    ever = UnitVersion.objects.filter(path__passes_through=str(top.pk)).values("unit_id")
    versions = UnitVersion.objects.filter(unit_id__in=ever)
    last = history.latest_first(versions, clock.now()).distinct("unit_id")
    return [
        pk for pk, path in last.values_list("unit_id", "path") if str(top.pk) in path.split(".")
    ]


def search(rows: QuerySet[Incident], text: str) -> QuerySet[Incident]:
    """Return those of the incidents that have all the words of a text."""
    words = search_words.ask(text)
    return rows.filter(words__contains=words) if words else rows


class Pages(Paginator):  # type: ignore[type-arg]
    """Pages of a list that are counted no further than anybody turns them: history only grows."""

    def __init__(self, rows: QuerySet[Incident], text: str) -> None:
        super().__init__(search(rows, text), PAGE)
        self.rows, self.words = rows, search_words.ask(text)

    @cached_property
    def count(self) -> int:
        # Their order and the clocks of their units are nothing to count by.
        rows = cast("QuerySet[Incident]", self.object_list)
        return rows.order_by().values("pk")[:MOST_COUNTED].count()

    def page(self, number: Any) -> Page[Incident]:
        number = self.validate_number(number)
        start = (number - 1) * self.per_page
        stop = min(start + self.per_page, self.count)
        found = searching.find_latest(
            self.rows, self.words, at="occurred_at", start=start, stop=stop
        )
        return Page(found, number, self)
