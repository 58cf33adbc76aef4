"""The business day: when it begins and ends by the hotel's clock, whatever the clocks do."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskpay.domain.business_day import Span, business_day_at, shifts_of_day, span_of_day

LONDON, SYDNEY, LORD_HOWE = ZoneInfo("Europe/London"), ZoneInfo("Australia/Sydney"), ZoneInfo("Australia/Lord_Howe")
THREE = timedelta(hours=3)
CHANGES = (time(7), time(15), time(23))


def utc(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


def test_a_day_goes_on_after_midnight_until_the_hotel_closes_it() -> None:
    assert span_of_day(date(2026, 11, 12), LONDON, THREE) == Span(utc(11, 12, 3), utc(11, 13, 3))
    assert business_day_at(utc(11, 13, 2, 59), LONDON, THREE) == date(2026, 11, 12)
    assert business_day_at(utc(11, 13, 3), LONDON, THREE) == date(2026, 11, 13)


@pytest.mark.parametrize(
    ("day", "zone", "hours"),
    [
        (date(2026, 3, 28), LONDON, 23),
        (date(2026, 3, 29), LONDON, 24),
        (date(2026, 10, 24), LONDON, 25),
        (date(2026, 10, 3), SYDNEY, 23),
        (date(2026, 4, 4), SYDNEY, 25),
        (date(2026, 4, 4), LORD_HOWE, 24.5),
    ],
)
def test_the_day_that_ends_after_the_change_of_clocks_is_shorter_or_longer(
    day: date, zone: ZoneInfo, hours: float
) -> None:
    span = span_of_day(day, zone, THREE)
    assert span.end_utc - span.start_utc == timedelta(hours=hours)


@given(
    st.datetimes(datetime(2024, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - zoned below
    st.sampled_from([LONDON, SYDNEY, LORD_HOWE, ZoneInfo("America/New_York"), ZoneInfo("Asia/Kathmandu")]),
    st.sampled_from([timedelta(0), timedelta(hours=2, minutes=30), THREE, timedelta(hours=6), timedelta(hours=-2)]),
)
def test_every_moment_lies_in_exactly_one_day_and_one_shift(
    moment: datetime, zone: ZoneInfo, closing: timedelta
) -> None:
    day = business_day_at(moment, zone, closing)
    days = [day + timedelta(days=n) for n in (-2, -1, 0, 1, 2)]
    assert [d for d in days if span_of_day(d, zone, closing).holds(moment)] == [day]
    shifts = shifts_of_day(day, zone, closing, CHANGES)
    assert sum(shift.holds(moment) for shift in shifts) == 1
    whole = span_of_day(day, zone, closing)
    assert (shifts[0].start_utc, shifts[-1].end_utc) == (whole.start_utc, whole.end_utc)
    assert all(before.end_utc == after.start_utc for before, after in pairwise(shifts))


def test_shifts_change_at_hours_on_the_wall() -> None:
    shifts = shifts_of_day(date(2026, 7, 1), LONDON, THREE, CHANGES)
    assert [shift.start_utc for shift in shifts] == [utc(7, 1, 2), utc(7, 1, 6), utc(7, 1, 14), utc(7, 1, 22)]
    assert shifts[-1].end_utc == utc(7, 2, 2)
    assert len(shifts_of_day(date(2026, 7, 1), LONDON, THREE, ())) == 1
