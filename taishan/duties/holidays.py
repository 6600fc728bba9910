"""The days of rest of a country, and its worked weekends, as its documents arrange them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction

from taishan.duties.escalation_models import HolidayDay
from taishan.duties.holiday_files import Library
from taishan.duties.models import Duty
from taishan.kit.actor import Actor
from taishan.ledger import actions as ledger
from taishan.organisation.models import UnitVersion

OWN = {"CN-HK": "HK", "CN-MO": "MO", "CN-TW": "TW"}
"""Parts of a country in ISO 3166-2 with holidays of their own, by their ISO 3166-1 codes."""


def country_of(place: str) -> str:
    """Return the country whose days of rest hold in a place, by the place's code."""
    return OWN.get(place[:5], place[:2])


@transaction.atomic
def import_library(*, actor: Actor, now: datetime, library: Library) -> int:
    """Let a country's days be as a file says, and no others; return how many days changed.

    The same file twice changes nothing. What a unit says of a day itself goes before this.
    """
    rows = {
        day: HolidayDay(
            country=library.country, day=day, works=said.works, name_en=said.name[0],
            name_zh=said.name[1], source_en=said.source.en, source_zh=said.source.zh,
            source_url=said.source.url,
        )
        for day, said in library.days().items()
    }  # fmt: skip
    kept = HolidayDay.objects.select_for_update().filter(country=library.country)
    before = {one.day: _content(one) for one in kept}
    after = {day: _content(one) for day, one in rows.items()}
    changed = [day for day in before.keys() | after.keys() if before.get(day) != after.get(day)]
    if changed:
        kept.filter(day__in=changed).delete()
        HolidayDay.objects.bulk_create(rows[day] for day in sorted(changed) if day in rows)
        _look_anew(library.country, now)
        ledger.record(
            actor=actor, now=now, verb="calendar.imported",
            subject=("holidays", library.country),
            data={"library": library.code, "days": len(rows), "changed": len(changed)},
        )  # fmt: skip
    return len(changed)


def _content(one: HolidayDay) -> tuple[object, ...]:
    return (
        one.works, one.name_en, one.name_zh, one.source_en, one.source_zh, one.source_url,
    )  # fmt: skip


def _look_anew(country: str, now: datetime) -> None:
    """Have the country's open duties looked at again: sooner may be due now."""
    there = UnitVersion.objects.filter(place__code__startswith=country).values("unit_id")
    later = Duty.objects.filter(unit_id__in=there, ended=None).exclude(escalates_at__lte=now)
    later.filter(opened_at__lte=now).update(escalates_at=now)


def find_days(countries: Collection[str]) -> dict[str, dict[date, bool]]:
    """Return for each country on which days it works or rests against the week. One query."""
    found: dict[str, dict[date, bool]] = defaultdict(dict)
    for row in HolidayDay.objects.filter(country__in=countries):
        found[row.country][row.day] = row.works
    return found
