"""The domain's clock. Sessions and tokens use real time; everything a rule speaks of uses this."""

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

HOME = "Asia/Shanghai"
"""The time zone of whoever reads the whole group's clock."""


def now() -> datetime:
    """Return the domain's instant, aware, in UTC: real time moved by the instance's offset."""
    return datetime.now(UTC) + timedelta(seconds=settings.TAISHAN.clock_offset_s)


def read(text: str) -> datetime | None:
    """Return the instant that a phone says; None where it says none, or of no time zone.

    A phone's clock proves nothing, so one that cannot be read is none.
    """
    with suppress(ValueError):
        found = datetime.fromisoformat(text)
        return found if found.tzinfo else None
    return None


def today(time_zone: str = HOME) -> date:
    """Return the local day of a time zone at the domain's instant."""
    return day_at(now(), time_zone)


def day_at(instant: datetime, time_zone: str = HOME) -> date:
    """Return the local day of a time zone at an instant."""
    return instant.astimezone(ZoneInfo(time_zone)).date()
