"""Money and dates as people read and hear them."""

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from deskpay.domain.money import Currency, Money
from deskpay.ui.words.dates import DateWords
from deskpay.ui.words.money import MoneyWords

GBP, EUR, JPY, BHD = Currency("GBP", 2), Currency("EUR", 2), Currency("JPY", 0), Currency("BHD", 3)
TODAY = date(2026, 11, 12)
NOW = datetime(2026, 11, 12, 14, 32, 5, tzinfo=UTC)
LONDON = DateWords(ZoneInfo("Europe/London"))


@pytest.mark.parametrize(
    ("money", "shown"),
    [
        (Money(31240, GBP), "£312.40"),
        (Money(120400, GBP), "£1,204.00"),
        (Money(0, GBP), "£0.00"),
        (Money(-6200, GBP), "\N{MINUS SIGN}£62.00"),
        (Money(5, GBP), "£0.05"),
        (Money(1500, JPY), "JP¥1,500"),
        (Money(1234567, BHD), "BHD\N{NO-BREAK SPACE}1,234.567"),
        (Money(10**17 + 1, GBP), "£1,000,000,000,000,000.01"),
    ],
)
def test_amounts_are_shown_to_the_last_figure(money: Money, shown: str) -> None:
    assert MoneyWords().show(money) == shown


def test_the_hotels_decimals_rule_and_not_the_regions() -> None:
    assert MoneyWords().show(Money(1500, Currency("JPY", 2))) == "JP¥15.00"


def test_the_code_stands_beside_where_there_are_several_currencies() -> None:
    assert MoneyWords(with_code=True).show(Money(31240, EUR)) == "€312.40 EUR"


def test_another_region_writes_its_own_way() -> None:
    german = MoneyWords("de_DE")
    assert german.show(Money(120450, EUR)) == "1.204,50\N{NO-BREAK SPACE}€"
    assert german.figures(Money(120450, EUR)) == "1204,50"


@pytest.mark.parametrize("minor", [0, 1, 31240, 123456789])
def test_figures_can_be_read_back(minor: int) -> None:
    money = Money(minor, GBP)
    assert Money.from_decimal(Decimal(MoneyWords().figures(money)), GBP) == money


@pytest.mark.parametrize(
    ("money", "said"),
    [
        (Money(31240, GBP), "312 pounds 40"),
        (Money(100, GBP), "1 pound"),
        (Money(31205, GBP), "312 pounds 05"),
        (Money(-6200, GBP), "minus 62 pounds"),
        (Money(50, EUR), "0 euros 50"),
        (Money(1500, JPY), "1500 yen"),
        (Money(1234567, BHD), "1234 Bahraini dinars 567"),
    ],
)
def test_amounts_are_spoken(money: Money, said: str) -> None:
    assert MoneyWords().say(money) == said


def test_symbols_stand_before_the_amount_field() -> None:
    assert MoneyWords().symbol(GBP) == "£"
    assert MoneyWords().symbol(BHD) == "BHD"


@pytest.mark.parametrize(
    ("when", "shown"),
    [
        (datetime(2026, 11, 12, 9, 14, tzinfo=UTC), "Today 09:14"),
        (datetime(2026, 11, 11, 20, 41, tzinfo=UTC), "Wed 11, 20:41"),
        (datetime(2026, 11, 6, 8, 0, tzinfo=UTC), "Fri 6, 08:00"),
        (datetime(2026, 11, 5, 8, 0, tzinfo=UTC), "5 Nov, 08:00"),
        (datetime(2025, 11, 2, 20, 41, tzinfo=UTC), "2 Nov 2025, 20:41"),
        (datetime(2026, 11, 13, 8, 0, tzinfo=UTC), "13 Nov, 08:00"),
    ],
)
def test_moments(when: datetime, shown: str) -> None:
    assert LONDON.moment(when, NOW) == shown


def test_the_hotels_clock_decides_what_is_today() -> None:
    tokyo = DateWords(ZoneInfo("Asia/Tokyo"))
    late = datetime(2026, 11, 11, 16, 0, tzinfo=UTC)
    assert tokyo.moment(late, NOW) == "Today 01:00"
    assert LONDON.moment(late, NOW) == "Wed 11, 16:00"
    assert tokyo.clock(NOW, seconds=True) == "23:32:05"


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        LONDON.clock(datetime(2026, 11, 12, 9, 14))  # noqa: DTZ001  # the very thing to refuse


DASH = "\N{EN DASH}"


@pytest.mark.parametrize(
    ("first", "last", "shown"),
    [
        (date(2026, 11, 10), date(2026, 11, 13), f"Tue 10 {DASH} Fri 13 Nov, 3 nights"),
        (date(2026, 11, 12), date(2026, 11, 13), f"Thu 12 {DASH} Fri 13 Nov, 1 night"),
        (date(2026, 10, 29), date(2026, 11, 2), f"Thu 29 Oct {DASH} Mon 2 Nov, 4 nights"),
        (date(2027, 2, 4), date(2027, 2, 6), f"Thu 4 {DASH} Sat 6 Feb 2027, 2 nights"),
        (date(2026, 12, 30), date(2027, 1, 2), f"Wed 30 Dec 2026 {DASH} Sat 2 Jan 2027, 3 nights"),
    ],
)
def test_stays(first: date, last: date, shown: str) -> None:
    assert LONDON.stay(first, last, TODAY) == shown


@pytest.mark.parametrize(
    ("day", "shown"),
    [
        (date(2026, 11, 12), "Leaves today"),
        (date(2026, 11, 13), "Leaves tomorrow"),
        (date(2026, 11, 14), "Leaves Sat 14"),
        (date(2026, 12, 1), "Leaves Tue 1 Dec"),
        (date(2027, 11, 14), "Leaves Sun 14 Nov 2027"),
        (date(2026, 11, 11), "Left yesterday"),
        (date(2026, 11, 2), "Left 10 days ago"),
    ],
)
def test_leaving(day: date, shown: str) -> None:
    assert LONDON.leaves(day, TODAY) == shown


@pytest.mark.parametrize(
    ("day", "shown"),
    [
        (date(2026, 11, 12), "Arrives today"),
        (date(2026, 11, 13), "Arrives tomorrow"),
        (date(2026, 11, 14), "Arrives Sat 14"),
    ],
)
def test_arriving(day: date, shown: str) -> None:
    assert LONDON.arrives(day, TODAY) == shown


def test_days() -> None:
    assert LONDON.day(TODAY) == "Thu 12 Nov 2026"
    assert LONDON.short_day(date(2026, 11, 10), TODAY) == "Tue 10 Nov"
    assert LONDON.short_day(date(2025, 11, 10), TODAY) == "Mon 10 Nov 2025"
