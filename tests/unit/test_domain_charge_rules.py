"""What a charge goes by: parts, rates, booking sites' cards, lost marks, refusals, and what a desk remembers."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskpay.domain.card import CardFormat
from deskpay.domain.customer import Customer
from deskpay.domain.decline import DeclineCause, cause_of, declined_on
from deskpay.domain.exchange import ExchangeRate, about, rate_between
from deskpay.domain.intent import IntentKind, IntentState
from deskpay.domain.money import Currency, Money
from deskpay.domain.remembered import Remembered
from deskpay.domain.split import Split, shares
from deskpay.domain.unusual import ten_times_normal
from deskpay.domain.virtual_card import Agency, Guess, guess_for
from tests.kit.guest_file import make_customer
from tests.kit.intents import EUR, GBP, NOW, gbp, make_card, make_intent, make_record

JPY = Currency("JPY", 0)


@given(st.integers(1, 10**9), st.integers(1, 9))
def test_parts_add_up_and_differ_by_one_at_most(minor: int, parts: int) -> None:
    if minor < parts:
        with pytest.raises(ValueError, match="parts"):
            shares(gbp(minor), parts)
        return
    found = [share.minor for share in shares(gbp(minor), parts)]
    assert sum(found) == minor
    assert max(found) - min(found) <= 1
    assert found == sorted(found, reverse=True)


def test_no_parts_are_no_parts() -> None:
    with pytest.raises(ValueError, match="parts"):
        shares(gbp(1), 0)


@given(st.integers(1, 10**6), st.integers(2, 6))
def test_a_sum_taken_part_by_part_is_taken_whole_and_no_more(minor: int, parts: int) -> None:
    split: Split | None = Split(gbp(minor), parts)
    taken = 0
    while split is not None:
        share = split.share
        taken += share.minor
        number = split.number
        split = split.after(share, f"payment-{number}")
        if split is not None:
            assert split.number == number + 1
            assert len(split.taken) == number
    assert taken == minor


def test_another_amount_than_the_share_leaves_the_rest_to_the_others() -> None:
    rest = Split(gbp(10_000), 3).after(gbp(5_000), "one")
    assert rest == Split(gbp(5_000), 3, 2, frozenset({"one"}))
    assert rest.share == gbp(2_500)
    assert rest.after(gbp(5_000), "two") is None


@pytest.mark.parametrize(
    ("minor", "known", "normal"),
    [
        (31_240, [gbp(3_124)], gbp(3_124)),
        (31_239, [gbp(3_124)], None),
        (31_240, [gbp(3_124), gbp(5_000)], None),
        (31_240, [], None),
        (31_240, [gbp(0), gbp(-500)], None),
        (31_240, [Money(1, EUR)], None),
    ],
)
def test_ten_times_what_is_known_is_not_normal(minor: int, known: list[Money], normal: Money | None) -> None:
    assert ten_times_normal(gbp(minor), known) == normal


RATES = (ExchangeRate("EUR", "GBP", Decimal("0.8505342")), ExchangeRate("GBP", "JPY", Decimal(190)))


def test_an_amount_is_shown_at_the_hotels_own_rate() -> None:
    assert about(Money(10_000, EUR), GBP, RATES) == gbp(8_505)
    assert about(gbp(8_505), EUR, RATES) == Money(10_000, EUR)
    assert about(gbp(100), JPY, RATES) == Money(190, JPY)
    assert about(Money(100, EUR), JPY, RATES) is None
    assert rate_between(EUR, GBP, RATES) == Decimal("0.8505342")


@pytest.mark.parametrize(
    ("sentence", "cause"),
    [
        ("Transaction was declined (Refused).", DeclineCause.UNTOLD),
        ("Transaction was declined (Not enough balance).", DeclineCause.FUNDS),
        ("Transaction was declined (Withdrawal amount exceeded).", DeclineCause.LIMIT),
        ("EXPIRED CARD", DeclineCause.EXPIRED),
        ("Blocked Card", DeclineCause.BLOCKED),
        ("CVC Declined", DeclineCause.DETAILS),
        ("3D Not Authenticated", DeclineCause.CARDHOLDER),
        ("Issuer Unavailable", DeclineCause.UNREACHABLE),
        ("", DeclineCause.UNTOLD),
    ],
)
def test_a_refusal_is_read_for_what_it_usually_means(sentence: str, cause: DeclineCause) -> None:
    assert cause_of(sentence) is cause


def test_only_declined_charges_of_the_card_and_the_day_are_tries() -> None:
    zone = ZoneInfo("Europe/London")
    declined = make_record(make_intent(), IntentState.SENDING, IntentState.DECLINED)
    charged = make_record(make_intent(2), IntentState.SENDING, IntentState.ACCEPTED, IntentState.CONFIRMED)
    yesterday = make_record(
        make_intent(3, drafted_utc=NOW - timedelta(days=1)), IntentState.SENDING, IntentState.DECLINED
    )
    other_card = make_record(make_intent(4, credit_card_id="other"), IntentState.SENDING, IntentState.DECLINED)
    refund = make_record(make_intent(5, kind=IntentKind.REFUND), IntentState.SENDING, IntentState.DECLINED)
    acts = [declined, charged, yesterday, other_card, refund]
    assert declined_on(NOW.date(), zone, "card", acts) == 1
    assert declined_on(NOW.date(), zone, "card", [*acts, declined]) == 2


@pytest.mark.parametrize(
    ("kept", "following"),
    [("R-0099", "R-0100"), ("999", "1000"), ("2026/17", "2026/18"), ("0041", "0042"), ("", "")],
)
def test_the_next_receipt_number_follows_the_last(kept: str, following: str) -> None:
    assert Remembered.of("", kept).next_receipt == following


@pytest.mark.parametrize("typed", ["for Mrs Pepperwick", "Ottoline", "4242424242424242", "x" * 60, "R-1-" + "1" * 40])
def test_nothing_that_may_tell_of_a_guest_is_remembered(typed: str) -> None:
    assert Remembered.of("category", typed) == Remembered("category")


AGENCIES = (
    Agency("Booking.com", ("guest.booking.com",), 0, 100),
    Agency("Expedia", ("m.expediapartnercentral.com",), 1, 85),
)
OTHERS = Agency("Other", (), 0, 100)
VIRTUAL = make_card(format=CardFormat.VIRTUAL)
ARRIVAL = date(2026, 11, 20)


def by(email: str) -> Customer:
    return replace(make_customer(), email=email)


def test_a_virtual_card_works_from_the_sites_day_and_up_to_its_share() -> None:
    guest = by("x.1@m.expediapartnercentral.com")
    guess = guess_for(VIRTUAL, guest, ARRIVAL, [gbp(30_000), gbp(10_001)], AGENCIES)
    assert guess == Guess("Expedia", date(2026, 11, 21), gbp(34_001))
    assert guess.too_early(ARRIVAL)
    assert not guess.too_early(date(2026, 11, 21))
    assert guess.too_much(gbp(34_002))
    assert not guess.too_much(gbp(34_001))
    assert not guess.too_much(Money(99_999, EUR))


def test_what_is_not_known_of_a_virtual_card_is_not_guessed() -> None:
    guest = by("ottoline@pepperwick.example")
    assert guess_for(make_card(), by("a@guest.booking.com"), ARRIVAL, [], AGENCIES) is None
    assert guess_for(VIRTUAL, guest, ARRIVAL, [], AGENCIES) is None
    guess = guess_for(VIRTUAL, guest, None, [gbp(-100)], (*AGENCIES, OTHERS))
    assert guess == Guess("", None, None)
    assert not guess.too_early(ARRIVAL)
    assert not guess.too_much(gbp(10**9))
    named = guess_for(VIRTUAL, by("a@eu.GUEST.booking.com"), ARRIVAL, [], (OTHERS, *AGENCIES))
    assert named == Guess("Booking.com", ARRIVAL, None)
