"""The last value that still counts and the first that does not, for every limit of the money rules."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from deskpay.domain.adoption import Finding, Sight, Verdict
from deskpay.domain.entry import (
    MAX_NOTE,
    check_text,
    holds_card_number,
    parse_amount,
    parse_expiry,
    without_long_numbers,
)
from deskpay.domain.errors import Field, Hand, InputProblem, InputRefused
from deskpay.domain.money import Currency, Money
from deskpay.domain.repeat import SKEW, TOLERANCE_PERCENT, WINDOW, find_repeats, similar
from tests.kit.intents import GBP, NOW, gbp, make_payment

TODAY = date(2026, 11, 20)


def test_amounts_are_compared_at_their_edge() -> None:
    one, same, more = gbp(1), gbp(1), gbp(2)
    assert [one < same, one <= same, one > same, one >= same] == [False, True, False, True]
    assert [one < more, one <= more, one > more, one >= more] == [True, True, False, False]
    assert [more < one, more <= one, more > one, more >= one] == [False, False, True, True]


@pytest.mark.parametrize(("minor", "text"), [(0, "0.00"), (1, "0.01"), (-1, "-0.01"), (-100, "-1.00")])
def test_only_less_than_nothing_has_a_minus(minor: int, text: str) -> None:
    assert str(gbp(minor).to_decimal()) == text
    assert Money.from_decimal(Decimal(text), GBP) == gbp(minor)


def test_an_amount_without_its_sign_is_never_negative() -> None:
    assert [abs(gbp(minor)) for minor in (-5, 0, 5)] == [gbp(5), gbp(0), gbp(5)]


def test_books_that_show_nothing_offer_nothing() -> None:
    assert Sight.nothing() == Sight(Verdict(Finding.NOTHING), ())


def test_a_currency_has_none_to_four_decimals() -> None:
    assert [Currency("GBP", precision).precision for precision in (0, 4)] == [0, 4]
    for precision in (-1, 5):
        with pytest.raises(ValueError, match="decimals"):
            Currency("GBP", precision)


def test_only_marks_and_spaces_are_left_out_of_an_amount() -> None:
    assert parse_amount("1 234.50", GBP, decimal_mark=".", group_mark=",") == gbp(123_450)
    with pytest.raises(InputRefused) as refusal:
        parse_amount("1X2", GBP, decimal_mark=".", group_mark=",")
    assert refusal.value.problem is InputProblem.NOT_A_NUMBER


@pytest.mark.parametrize("month", [1, 12])
def test_the_first_and_the_last_month_are_months(month: int) -> None:
    assert parse_expiry(f"{month:02}/28", TODAY).month == month


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("00/28", InputProblem.BAD_FORM),
        ("13/28", InputProblem.BAD_FORM),
        ("04/2000", InputProblem.PAST),
        ("04/00", InputProblem.PAST),
    ],
)
def test_what_lies_beyond_is_no_expiry(text: str, problem: InputProblem) -> None:
    with pytest.raises(InputRefused) as refusal:
        parse_expiry(text, TODAY)
    assert refusal.value.problem is problem


@pytest.mark.parametrize(
    "text",
    [
        "7538 9469 1777",  # twelve digits
        "3296 5796 9612 8865 976",  # nineteen
        "44957611542456597",  # sixteen with one behind
        "24789451399475775",  # sixteen with one before
        "13358192727957568",  # fifteen with two before
    ],
)
def test_the_shortest_and_the_longest_card_number_are_seen(text: str) -> None:
    assert holds_card_number(text) is True


@pytest.mark.parametrize(
    "text",
    [
        "72131985466",  # eleven digits that pass the check
        "8511 9193 1527 2418 3548",  # twenty that do
        "8883595795551188",  # sixteen that do not, though fifteen of them would
    ],
)
def test_what_is_shorter_or_longer_is_no_card_number(text: str) -> None:
    assert holds_card_number(text) is False


def test_twelve_digits_are_taken_out_of_a_sentence_and_eleven_stay() -> None:
    assert without_long_numbers("see 123456789012") == "see …"
    assert without_long_numbers("see 12345678901") == "see 12345678901"


def test_a_note_may_be_as_long_as_it_may() -> None:
    assert check_text("x" * MAX_NOTE, Field.NOTE) == "x" * MAX_NOTE
    with pytest.raises(InputRefused):
        check_text("x" * (MAX_NOTE + 1), Field.NOTE)


def test_amounts_are_similar_up_to_the_highest_surcharge() -> None:
    assert similar(gbp(1), gbp(1))
    assert not similar(gbp(0), gbp(0))
    assert similar(gbp(10_000), gbp(10_000 + 100 * TOLERANCE_PERCENT))
    assert not similar(gbp(10_000), gbp(10_000 + 100 * TOLERANCE_PERCENT + 1))
    assert not similar(gbp(10_000), Money(10_000, Currency("EUR", 2)))


@pytest.mark.parametrize(
    ("age", "counts"),
    [
        (WINDOW, True),
        (WINDOW + timedelta(microseconds=1), False),
        (-SKEW, True),
        (-SKEW - timedelta(microseconds=1), False),
    ],
)
def test_a_payment_counts_for_a_day_and_a_little_ahead(age: timedelta, counts: bool) -> None:
    payment = make_payment(created_utc=NOW - age)
    found = find_repeats(payment.amount, [payment], [], [], "guest-1", NOW)
    assert bool(found) is counts


@pytest.mark.parametrize(
    ("origin", "hand"),
    [
        ("Operations", Hand.COLLEAGUE),
        ("PointOfSales", Hand.COLLEAGUE),
        ("AutomaticPayment", Hand.AUTOMATION),
        ("System", Hand.AUTOMATION),
        ("BillBalancing", Hand.AUTOMATION),
        ("PaymentToInvoiceLinking", Hand.AUTOMATION),
        ("PaymentRequest", Hand.LINK),
        ("OnlineCheckin", Hand.GUEST),
        ("OnlineCheckout", Hand.GUEST),
        ("BookingEngine", Hand.GUEST),
        ("Terminal", Hand.TERMINAL),
        ("ChannelManager", Hand.CHANNEL),
        ("Api", Hand.PROGRAM),
        ("Something new", Hand.UNTOLD),
    ],
)
def test_every_origin_is_told_as_the_hand_it_is(origin: str, hand: Hand) -> None:
    payment = make_payment(origin=origin, created_utc=NOW)
    (repeat,) = find_repeats(payment.amount, [payment], [], [], "guest-1", NOW)
    assert repeat.hand is hand
