"""When an address may be written to: its pace, its quiet hours, and how often it is tried."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from taishan.communications.models import Address

DAILY_AT = time(8, 0)
WAITS_MIN = (1, 2, 5, 10, 20, 30, 60, 120, 240, 480, 720)
"""After each failed try; the last try comes some 28 hours after the first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """An address's own: ``quiet`` from and until a local time, None where it has no quiet hours."""

    time_zone: str
    is_daily: bool = False
    quiet: tuple[time, time] | None = None

    def first(self, now: datetime, *, is_urgent: bool) -> datetime:
        """Return when news of now is due: urgent news at once, whatever the hour."""
        if is_urgent:
            return now
        return self._next(now, DAILY_AT) if self.is_daily else self.awake(now)

    def again(self, now: datetime, tries: int, *, is_urgent: bool) -> datetime | None:
        """Return when to try after so many failed tries; None where that was the last."""
        if tries > len(WAITS_MIN):
            return None
        later = now + timedelta(minutes=WAITS_MIN[tries - 1])
        return later if is_urgent else self.awake(later)

    def awake(self, at: datetime) -> datetime:
        """Return the instant itself, or the end of the quiet hours it falls into."""
        if self.quiet is None:
            return at
        starts, ends = self.quiet
        local = at.astimezone(ZoneInfo(self.time_zone)).time()
        is_quiet = starts <= local < ends if starts < ends else not ends <= local < starts
        return self._next(at, ends) if is_quiet and starts != ends else at

    def _next(self, after: datetime, at: time) -> datetime:
        zone = ZoneInfo(self.time_zone)
        day = after.astimezone(zone).date()
        found = datetime.combine(day, at, zone)
        if found <= after:
            found = datetime.combine(day + timedelta(days=1), at, zone)
        return found.astimezone(after.tzinfo)


def of(address: Address) -> Hours:
    """Return the hours of an address."""
    starts, ends = address.quiet_from, address.quiet_until
    return Hours(
        time_zone=address.time_zone,
        is_daily=address.pace == Address.Pace.DAILY,
        quiet=(starts, ends) if starts is not None and ends is not None else None,
    )
