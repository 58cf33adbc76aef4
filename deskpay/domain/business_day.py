"""The hotel's business day: it ends when the hotel closes its books, not at midnight by accident.

Source: Mews Connector API, configuration/get, `TimeZoneIdentifier` and `BusinessDayClosingOffset`. The offset counts on
the wall clock after the midnight that ends the day, so the books close at the same hour by the clock on the wall in
summer and winter; the day in which clocks are changed is an hour shorter or longer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open span of time.

    Args:
        start_utc: its first moment.
        end_utc: the first moment after it.
    """

    start_utc: datetime
    end_utc: datetime

    def holds(self, moment: datetime) -> bool:
        """Tell whether `moment` lies in it."""
        return self.start_utc <= moment < self.end_utc


def closing_of(day: date, zone: ZoneInfo, closing_offset: timedelta) -> datetime:
    """Return the UTC moment at which the books of `day` close.

    Args:
        day: of the hotel.
        zone: of the hotel.
        closing_offset: after the midnight that ends `day`, on the wall clock; negative for an earlier hour.
    """
    midnight = datetime.combine(day + _ONE_DAY, time.min)
    return (midnight + closing_offset).replace(tzinfo=zone).astimezone(UTC)


def span_of_day(day: date, zone: ZoneInfo, closing_offset: timedelta) -> Span:
    """Return the business day `day`: it begins where the day before it ends, so that no moment lies in two."""
    return Span(closing_of(day - _ONE_DAY, zone, closing_offset), closing_of(day, zone, closing_offset))


def business_day_at(now_utc: datetime, zone: ZoneInfo, closing_offset: timedelta) -> date:
    """Return the business day that `now_utc` lies in."""
    day = (now_utc.astimezone(zone).replace(tzinfo=None) - closing_offset).date() - _ONE_DAY
    # Around a change of clocks the wall's arithmetic may be a day early or late; the spans themselves decide.
    while closing_of(day, zone, closing_offset) <= now_utc:
        day += _ONE_DAY
    return day


def shifts_of_day(day: date, zone: ZoneInfo, closing_offset: timedelta, changes: Sequence[time]) -> tuple[Span, ...]:
    """Return the shifts of a business day, in order and without gaps.

    Args:
        day: of the hotel.
        zone: of the hotel.
        closing_offset: as for `closing_of`.
        changes: hours on the wall at which shifts change.
    """
    whole = span_of_day(day, zone, closing_offset)
    moments = {
        datetime.combine(day + timedelta(days=days), change, zone).astimezone(UTC)
        for change in changes
        for days in (-1, 0, 1)
    }
    inside = sorted(moment for moment in moments if whole.start_utc < moment < whole.end_utc)
    return tuple(Span(start, end) for start, end in pairwise((whole.start_utc, *inside, whole.end_utc)))
