"""The hotel's days: offsets from its today, in its own time zone, as UTC text."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from deskpay.sandbox.clock import utc_text

ZONE = "Europe/London"


class Calendar:
    """Lays stays around the moment the hotel opened.

    Args:
        now: That moment, in UTC.
        zone: IANA name of the hotel's time zone.
    """

    def __init__(self, now: datetime, zone: str = ZONE) -> None:
        self.now = now
        self.zone = ZoneInfo(zone)
        self.today = now.astimezone(self.zone).date()

    def at(self, day: int, hour: int, minute: int = 0) -> str:
        """Local wall time `day` days from today, as UTC text."""
        local = datetime.combine(self.today + timedelta(days=day), time(hour, minute), self.zone)
        return utc_text(local)

    def past(self, day: int, hour: int, minute: int = 0) -> str:
        """As `at`, but never later than a few minutes ago: nothing that happened lies ahead."""
        return min(self.at(day, hour, minute), utc_text(self.now - timedelta(minutes=5)))

    def month(self, months: int) -> str:
        """``MM/YYYY`` of the month `months` from this one, the form of a card's expiration."""
        year, month = divmod(self.today.year * 12 + self.today.month - 1 + months, 12)
        return f"{month + 1:02}/{year}"
