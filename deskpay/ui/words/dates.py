"""Days, hours and stays as the desk reads them: in the hotel's time zone, on a 24 hour clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.dates import format_date
from PySide6.QtCore import QCoreApplication

DASH = "\N{EN DASH}"
_WEEK = 7


def _said(words: str) -> str:
    return QCoreApplication.translate("DateWords", words)


@dataclass(frozen=True, slots=True)
class DateWords:
    """How one hotel writes days and hours.

    Args:
        zone: the hotel's time zone.
        locale: its language and region, for example `en_GB`.
    """

    zone: ZoneInfo
    locale: str = "en_GB"

    def local(self, when: datetime) -> datetime:
        """Return `when` on the hotel's clock.

        Raises:
            ValueError: `when` has no time zone, so it could mean any hour.
        """
        if when.tzinfo is None:
            raise ValueError("a moment without a time zone")
        return when.astimezone(self.zone)

    def _write(self, day: date, pattern: str) -> str:
        return _written(day, pattern, self.locale)

    def day(self, day: date) -> str:
        """Return a full day: "Thu 12 Nov 2026"."""
        return self._write(day, "EEE d MMM y")

    def short_day(self, day: date, today: date) -> str:
        """Return a day beside others: "Tue 10 Nov", with its year only where it is another."""
        return self._write(day, "EEE d MMM" if day.year == today.year else "EEE d MMM y")

    def clock(self, when: datetime, *, seconds: bool = False) -> str:
        """Return the hour: "14:32", or "14:32:05" with `seconds`."""
        return f"{self.local(when):{'%H:%M:%S' if seconds else '%H:%M'}}"

    def moment(self, when: datetime, now: datetime) -> str:
        """Return a past moment: "Today 09:14", "Wed 11, 20:41", "2 Nov, 20:41" or "2 Nov 2025, 20:41"."""
        then, today = self.local(when), self.local(now).date()
        hour = self.clock(when)
        if then.date() == today:
            return _said("Today {hour}").format(hour=hour)
        if 0 < (today - then.date()).days < _WEEK:
            return f"{self._write(then.date(), 'EEE d')}, {hour}"
        pattern = "d MMM" if then.year == today.year else "d MMM y"
        return f"{self._write(then.date(), pattern)}, {hour}"

    def span(self, first: date, last: date, today: date) -> str:
        """Return the days of a stay: "Tue 10 - Fri 13 Nov", "Thu 29 Oct - Mon 2 Nov", with an en dash."""
        same_year = first.year == last.year
        start = "EEE d" if same_year and first.month == last.month else "EEE d MMM" if same_year else "EEE d MMM y"
        end = "EEE d MMM" if same_year and last.year == today.year else "EEE d MMM y"
        return f"{self._write(first, start)} {DASH} {self._write(last, end)}"

    def stay(self, first: date, last: date, today: date) -> str:
        """Return a stay with its length: "Tue 10 - Fri 13 Nov, 3 nights", with an en dash."""
        nights = (last - first).days
        length = _said("1 night") if nights == 1 else _said("{count} nights").format(count=nights)
        return f"{self.span(first, last, today)}, {length}"

    def _near(self, day: date, today: date) -> str:
        same_month = (day.year, day.month) == (today.year, today.month)
        return self._write(day, "EEE d") if same_month else self.short_day(day, today)

    def leaves(self, day: date, today: date) -> str:
        """Return when a guest leaves or left: "Leaves tomorrow", "Leaves Sat 14", "Left 10 days ago"."""
        days = (day - today).days
        if days < -1:
            return _said("Left {count} days ago").format(count=-days)
        words = {-1: "Left yesterday", 0: "Leaves today", 1: "Leaves tomorrow"}
        return _said(words[days]) if days in words else _said("Leaves {day}").format(day=self._near(day, today))

    def arrives(self, day: date, today: date) -> str:
        """Return when a guest arrives: "Arrives today", "Arrives tomorrow", "Arrives Sat 14"."""
        days = (day - today).days
        words = {0: "Arrives today", 1: "Arrives tomorrow"}
        return _said(words[days]) if days in words else _said("Arrives {day}").format(day=self._near(day, today))


@lru_cache(maxsize=1024)
def _written(day: date, pattern: str, locale: str) -> str:
    return str(format_date(day, pattern, locale=locale))
