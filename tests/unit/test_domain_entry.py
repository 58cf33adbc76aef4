"""What a clerk types: the good is understood, the bad is refused with its reason."""

from datetime import date

import pytest

from deskpay.domain.card import Expiry
from deskpay.domain.entry import (
    MAX_MINOR,
    MAX_NOTE,
    check_last_four,
    check_text,
    holds_card_number,
    parse_amount,
    parse_expiry,
    without_long_numbers,
)
from deskpay.domain.errors import Field, InputProblem, InputRefused
from deskpay.domain.money import Currency, Money

GBP, JPY, KWD = Currency("GBP", 2), Currency("JPY", 0), Currency("KWD", 3)
TODAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("text", "minor"),
    [
        ("312.40", 31_240),
        ("312.4", 31_240),
        ("312,4", 31_240),
        ("312,40", 31_240),
        (" 1,234.56 ", 123_456),
        ("1,234", 123_400),
        ("12,345,678.9", 1_234_567_890),
        ("1 234.56", 123_456),
        ("1\u202f234\u00a0567.00", 123_456_700),
        ("1'234.50", 123_450),
        ("1\u2019234.50", 123_450),
        (".5", 50),
        (",5", 50),
        ("5.", 500),
        ("007", 700),
        ("0.01", 1),
        ("0,50", 50),
        ("0,500", 50),
        ("12.300", 1_230),
        ("1000000000.00", MAX_MINOR),
    ],
)
def test_an_amount_is_understood(text: str, minor: int) -> None:
    assert parse_amount(text, GBP) == Money(minor, GBP)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", InputProblem.EMPTY),
        (" \u00a0", InputProblem.EMPTY),
        ("abc", InputProblem.NOT_A_NUMBER),
        ("1e5", InputProblem.NOT_A_NUMBER),
        ("1.2.3", InputProblem.NOT_A_NUMBER),
        ("1,23,456", InputProblem.NOT_A_NUMBER),
        ("12,34.5", InputProblem.NOT_A_NUMBER),
        ("1.234,5", InputProblem.NOT_A_NUMBER),
        (".", InputProblem.NOT_A_NUMBER),
        (",", InputProblem.NOT_A_NUMBER),
        ("-", InputProblem.NOT_A_NUMBER),
        ("5-", InputProblem.NOT_A_NUMBER),
        ("+5", InputProblem.NOT_A_NUMBER),
        ("£5", InputProblem.NOT_A_NUMBER),
        ("\u0663", InputProblem.NOT_A_NUMBER),
        ("NaN", InputProblem.NOT_A_NUMBER),
        ("0", InputProblem.ZERO),
        ("0.00", InputProblem.ZERO),
        ("-1", InputProblem.NEGATIVE),
        ("\u22121", InputProblem.NEGATIVE),
        ("1.001", InputProblem.TOO_MANY_DECIMALS),
        ("0,001", InputProblem.TOO_MANY_DECIMALS),
        ("1000000000.01", InputProblem.TOO_LARGE),
        ("9" * 400, InputProblem.TOO_LARGE),
    ],
)
def test_a_bad_amount_is_refused_with_its_reason(text: str, problem: InputProblem) -> None:
    with pytest.raises(InputRefused) as refusal:
        parse_amount(text, GBP)
    assert (refusal.value.field, refusal.value.problem) == (Field.AMOUNT, problem)


@pytest.mark.parametrize(
    ("text", "decimal", "group", "minor"),
    [
        ("1.234,56", ",", ".", 123_456),
        ("1.234", ",", ".", 123_400),
        ("12.5", ",", ".", 1_250),
        ("312,4", ",", ".", 31_240),
        ("1 234,56", ",", "\u202f", 123_456),
        ("1\u202f234,56", ",", "\u202f", 123_456),
        ("1'234.56", ".", "\u2019", 123_456),
    ],
)
def test_marks_are_the_hotels(text: str, decimal: str, group: str, minor: int) -> None:
    assert parse_amount(text, GBP, decimal_mark=decimal, group_mark=group).minor == minor


def test_decimals_are_the_currencys() -> None:
    assert parse_amount("1500", JPY).minor == 1_500
    assert parse_amount("0,500", KWD).minor == 500
    with pytest.raises(InputRefused, match="too_many_decimals"):
        parse_amount("1500.5", JPY)


@pytest.mark.parametrize(
    ("text", "expiry"),
    [
        ("04/28", Expiry(2028, 4)),
        (" 4/28 ", Expiry(2028, 4)),
        ("0428", Expiry(2028, 4)),
        ("042028", Expiry(2028, 4)),
        ("4/2028", Expiry(2028, 4)),
        ("04 - 28", Expiry(2028, 4)),
        ("04.28", Expiry(2028, 4)),
        ("11/26", Expiry(2026, 11)),
        ("12/99", Expiry(2099, 12)),
    ],
)
def test_an_expiry_is_understood(text: str, expiry: Expiry) -> None:
    assert parse_expiry(text, TODAY) == expiry


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", InputProblem.EMPTY),
        ("soon", InputProblem.BAD_FORM),
        ("428", InputProblem.BAD_FORM),
        ("13/28", InputProblem.BAD_FORM),
        ("00/28", InputProblem.BAD_FORM),
        ("04/1928", InputProblem.BAD_FORM),
        ("04/28/01", InputProblem.BAD_FORM),
        ("10/26", InputProblem.PAST),
        ("04/00", InputProblem.PAST),
    ],
)
def test_a_bad_expiry_is_refused_with_its_reason(text: str, problem: InputProblem) -> None:
    with pytest.raises(InputRefused) as refusal:
        parse_expiry(text, TODAY)
    assert (refusal.value.field, refusal.value.problem) == (Field.EXPIRY, problem)


def test_a_text_is_trimmed_and_bounded() -> None:
    assert check_text("  Dinner, table 4 ", Field.NOTE) == "Dinner, table 4"
    assert check_text(" ", Field.NOTE) == ""
    assert check_text(" " + "x" * MAX_NOTE, Field.NOTE) == "x" * MAX_NOTE
    cases = [
        (" ", True, InputProblem.EMPTY),
        ("x" * (MAX_NOTE + 1), False, InputProblem.TOO_LONG),
        ("card 4111 1111 1111 1111", False, InputProblem.CARD_NUMBER),
    ]
    for text, required, problem in cases:
        with pytest.raises(InputRefused) as refusal:
            check_text(text, Field.REASON, required=required)
        assert (refusal.value.field, refusal.value.problem) == (Field.REASON, problem)


def test_the_last_four_are_four() -> None:
    assert check_last_four(" 1111 ") == "1111"
    assert check_last_four("", required=False) == ""
    cases = [
        ("", InputProblem.EMPTY),
        ("111", InputProblem.BAD_FORM),
        ("11111", InputProblem.BAD_FORM),
        ("\u0661\u0661\u0661\u0661", InputProblem.BAD_FORM),
        ("4111111111111111", InputProblem.CARD_NUMBER),
    ]
    for text, problem in cases:
        with pytest.raises(InputRefused) as refusal:
            check_last_four(text)
        assert (refusal.value.field, refusal.value.problem) == (Field.LAST_FOUR, problem)


@pytest.mark.parametrize(
    "text",
    [
        "4111111111111111",
        "4111 1111 1111 1111",
        "4111-1111-1111-1111",
        "4111\u20131111\u20131111\u20131111",
        "4111\u22121111\u20111111\u200b1111",
        "4111.1111/1111_1111",
        "4111\n1111\t1111\u00a01111",
        "3782 822463 10005",
        "\uff13\uff17\uff18\uff12\uff18\uff12\uff12\uff14\uff16\uff13\uff11\uff10\uff10\uff10\uff15",
        "\u0664\u0661\u0661\u0661\u0661\u0661\u0661\u0661\u0661\u0661\u0661\u0661\u0661\u0661\u0661\u0661",
        "my card is 4111 1111 1111 1111 04/28 123",
        "04/28 4111 1111 1111 1111",
        "room 12 4111 1111 1111 1111",
        "4111111111111111123",
        "3782822463100051234",
        "6304000000000000000",
        "x4111111111111111x",
        "30569309025904",
        "4222222222222",
        "500000000009",
    ],
)
def test_a_card_number_is_seen_however_it_is_written(text: str) -> None:
    assert holds_card_number(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "room 204, 2 nights",
        "4111 1111 1111 1112",
        "4111 1111 and later 1111 1111",
        "+44 20 7946 0958",
        "2026-11-20",
        "411111******1111",
        "12345678903",  # valid by Luhn, and eleven digits long
        "DP-7K2M-4QXA",
    ],
)
def test_what_is_no_card_number_may_be_written(text: str) -> None:
    assert not holds_card_number(text)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Card 4111 1111 1111 1111 was declined.", "Card \u2026 was declined."),
        ("Capture 1234567890123456789 has expired", "Capture \u2026 has expired"),
        ("Amount 1,234.56 above the limit of 500", "Amount 1,234.56 above the limit of 500"),
        ("Call 44 20 7946 095", "Call 44 20 7946 095"),
    ],
)
def test_a_sentence_from_outside_is_kept_without_its_long_numbers(text: str, kept: str) -> None:
    assert without_long_numbers(text) == kept
