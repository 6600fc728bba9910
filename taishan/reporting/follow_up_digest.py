"""Once a day, at its own hour, a unit's officers are told how many people are newly followed up.

A message tells a number and leads to the list: nobody's name, nor anything of their health.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from taishan.communications import actions as communications
from taishan.communications.actions import Words
from taishan.communications.wording import LANGUAGES
from taishan.duties.matrix_models import Reached
from taishan.kit import clock
from taishan.kit.actor import Actor
from taishan.kit.arrays import any_of
from taishan.organisation import access
from taishan.organisation.access import Capability
from taishan.organisation.models import Membership, RoleGrant, UnitVersion
from taishan.reporting import followed
from taishan.reporting.follow_up_models import FollowUp

AT = time(8)
"""The local hour: before most reports of the day are due, when yesterday's have all been seen."""
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class _News:
    """How many people of a unit are newly followed up since an instant."""

    version: UnitVersion
    day: date
    since: datetime
    new: int
    waiting: int


def tell(*, actor: Actor, now: datetime) -> int:
    """Tell the officers of each unit where it is past the hour; return how many units there were.

    A worker that slept tells what came since the last time, once. Where nobody new is followed up,
    nobody is told.
    """
    zones = UnitVersion.objects.filter(valid__contains=clock.day_at(now)).order_by("time_zone")
    names = zones.values_list("time_zone", flat=True).distinct()
    return sum(_tell_zone(actor, now, name) for name in names)


@transaction.atomic
def _tell_zone(actor: Actor, now: datetime, zone: str) -> int:
    """Tell the units of a time zone; a second worker waits here, and then finds nothing to tell."""
    hour = _last_hour(now, zone)
    reached, _is_new = Reached.objects.select_for_update().get_or_create(
        what=f"follow_up_digest:{zone}", defaults={"until": hour - DAY}
    )
    if reached.until >= hour:
        return 0
    found = _find(zone, reached.until, hour)
    told = sum(_tell_unit(actor, now, news) for news in found)
    Reached.objects.filter(what=reached.what).update(until=hour)
    return told


def _last_hour(now: datetime, zone: str) -> datetime:
    day = clock.day_at(now, zone)
    hour = datetime.combine(day, AT, ZoneInfo(zone))
    return hour if hour <= now else datetime.combine(day - DAY, AT, ZoneInfo(zone))


def _find(zone: str, since: datetime, until: datetime) -> list[_News]:
    """Return the units that have anybody new, each person with the unit of today. Four queries."""
    day = clock.day_at(until, zone)
    opened = FollowUp.objects.filter(
        steps__number=1, steps__recorded_at__gte=since, steps__recorded_at__lt=until
    )
    people = Membership.objects.filter(
        person_id__in=opened.values("person_id"), valid__contains=day
    ).values_list("unit_id", flat=True)
    new = Counter(people)
    versions = UnitVersion.objects.filter(
        any_of("unit_id", new), valid__contains=day, time_zone=zone
    ).select_related("unit")
    waiting = followed.find_numbers(new, day) if new else {}
    return [
        _News(
            version=one, day=day, since=since, new=new[one.unit_id],
            waiting=waiting.get(one.unit_id, {}).get(followed.WAITING, 0),
        )
        for one in versions.order_by("path")
    ]  # fmt: skip


def _tell_unit(actor: Actor, now: datetime, news: _News) -> int:
    """Tell the unit's own officers; 0 where it has none: the lists show it to whoever is above."""
    unit = news.version.unit
    officers = RoleGrant.objects.filter(
        unit=unit, role__in=access.roles_with(Capability.SEE_HEALTH), valid__contains=news.day
    )
    people = set(officers.values_list("person_id", flat=True))
    if not people:
        return 0
    communications.send(
        actor=actor, now=now, unit_id=unit.pk, person_ids=people, words=_words(news),
        address=f"{reverse('follow_up:all')}?within={unit.code}",
    )  # fmt: skip
    return 1


def _words(news: _News) -> Words:
    since = news.since.astimezone(ZoneInfo(news.version.time_zone))
    said: dict[str, str] = {}
    for language, code in LANGUAGES.items():
        with translation.override(code):
            said[f"title_{language}"] = _("New follow-ups: %d") % news.new
            said[f"text_{language}"] = "\n".join(_lines(news, since))
    return Words(**said)


def _lines(news: _News, since: datetime) -> list[str]:
    about: Mapping[str, object] = {
        "unit": news.version.name, "n": news.new, "since": f"{since:%Y-%m-%d %H:%M}"
    }  # fmt: skip
    new = ngettext(
        "%(unit)s: %(n)d person is newly followed up since %(since)s.",
        "%(unit)s: %(n)d people are newly followed up since %(since)s.",
        news.new,
    )
    waiting = ngettext(
        "%d person waits for a decision.", "%d people wait for a decision.", news.waiting
    )
    return [new % about, waiting % news.waiting] if news.waiting else [new % about]
