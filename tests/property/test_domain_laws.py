"""Laws that hold for every amount, every slip of the keyboard, every account and every story."""

import re
from decimal import Decimal
from random import Random

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from deskpay.domain.entry import MAX_MINOR, holds_card_number, parse_amount, without_long_numbers
from deskpay.domain.errors import InputRefused
from deskpay.domain.intent import LEGAL_MOVES, IllegalMoveError, IntentKind, IntentState
from deskpay.domain.money import Currency, InexactAmountError, Money, total
from deskpay.domain.payment import OwnRefund, Payment, PaymentKind, PaymentState, refundable_remainder
from deskpay.domain.reference import new_reference, references_in, with_reference
from tests.kit.intents import GBP, gbp, make_event, make_intent, make_payment, make_record

unhurried = settings(deadline=None)
"""A busy machine is no failure of arithmetic."""

currencies = st.builds(Currency, st.just("GBP"), st.integers(0, 4))
minors = st.integers(-(10**15), 10**15)
amounts = minors.map(gbp)


@unhurried
@given(minors, currencies)
def test_money_goes_to_decimal_and_back_unchanged(minor: int, currency: Currency) -> None:
    value = Money(minor, currency).to_decimal()
    assert Money.from_decimal(value, currency) == Money(minor, currency)
    assert value.as_tuple().exponent == -currency.precision
    assert value * 10**currency.precision == minor


@unhurried
@given(st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**9), max_value=10**9), currencies)
def test_a_decimal_becomes_money_exactly_or_not_at_all(value: Decimal, currency: Currency) -> None:
    fits = value == round(value, currency.precision)
    if fits:
        assert Money.from_decimal(value, currency).to_decimal() == value
    else:
        with pytest.raises(InexactAmountError):
            Money.from_decimal(value, currency)


@unhurried
@given(amounts, amounts, amounts)
def test_money_adds_and_compares_as_whole_numbers_do(a: Money, b: Money, c: Money) -> None:
    assert (a + b).minor == a.minor + b.minor
    assert a + b == b + a
    assert (a + b) + c == a + (b + c)
    assert a - b == a + -b
    assert a - a == Money.zero(GBP)
    assert abs(a) == (a if a.minor >= 0 else -a)
    assert (a < b, a <= b, a > b, a >= b) == (
        a.minor < b.minor,
        a.minor <= b.minor,
        a.minor > b.minor,
        a.minor >= b.minor,
    )
    assert a.positive == (a > Money.zero(GBP))
    assert total([a, b, c], GBP) == total((c, b, a), GBP) == a + b + c


@unhurried
@given(
    st.integers(1, MAX_MINOR), currencies, st.sampled_from([(".", ","), (",", "."), (",", "\u202f"), (".", "\u2019")])
)
def test_an_amount_as_printed_is_read_back(minor: int, currency: Currency, marks: tuple[str, str]) -> None:
    decimal_mark, group_mark = marks
    printed = f"{Money(minor, currency).to_decimal():,}"
    localized = printed.translate({ord("."): decimal_mark, ord(","): group_mark})
    # One group and no decimals may be either: three digits follow, so the locale's group mark means groups.
    read = parse_amount(localized, currency, decimal_mark=decimal_mark, group_mark=group_mark)
    assert read == Money(minor, currency)


@unhurried
@given(st.text(st.sampled_from("0123456789.,-' e\u2212"), max_size=12) | st.text(max_size=12))
def test_whatever_is_typed_is_a_payable_amount_or_refused(text: str) -> None:
    try:
        amount = parse_amount(text, GBP)
    except InputRefused:
        return
    assert 0 < amount.minor <= MAX_MINOR
    # The digits typed, without leading and trailing noughts, are the digits meant: nothing is guessed.
    assert re.sub(r"\D", "", text).strip("0") == str(amount.minor).strip("0")


def _with_check_digit(digits: str) -> str:
    doubled = [int(d) * (2 if i % 2 == 0 else 1) for i, d in enumerate(reversed(digits))]
    return digits + str(-sum(n - 9 if n > 9 else n for n in doubled) % 10)


card_numbers = st.from_regex(r"[2-6][0-9]{11,17}", fullmatch=True).map(_with_check_digit)


@st.composite
def spaced_numbers(draw: st.DrawFn) -> str:
    digits = draw(card_numbers)
    gaps = st.text(st.sampled_from(" \t\u00a0-./\u00b7_\u2010\u2011\u2013\u2014\u2212\u200b"), max_size=2)
    return "".join(digit + draw(gaps) for digit in digits[:-1]) + digits[-1]


@unhurried
@given(st.text("abc ,;:", max_size=8), spaced_numbers(), st.text("abc ,;:", max_size=8))
def test_a_card_number_is_seen_in_any_text_and_taken_out_of_any(before: str, number: str, after: str) -> None:
    text = before + number + after
    assert holds_card_number(text)
    assert not holds_card_number(without_long_numbers(text))


@unhurried
@given(card_numbers, st.sampled_from([" ", "-", " / "]), st.integers(0, 9999).map(str))
def test_a_code_or_date_beside_a_number_does_not_hide_it(number: str, gap: str, beside: str) -> None:
    assert holds_card_number(f"{number}{gap}{beside}")
    assert holds_card_number(f"{beside}{gap}{number}")


@unhurried
@given(st.text(st.sampled_from("0123456789 -"), max_size=14))
def test_fewer_than_twelve_digits_are_never_a_card_number(text: str) -> None:
    assume(sum(letter.isdigit() for letter in text) < 12)
    assert not holds_card_number(text)
    assert without_long_numbers(text) == text


@st.composite
def accounts(draw: st.DrawFn) -> tuple[list[Payment], list[OwnRefund]]:
    """Payments and what went back, ours and others'."""
    payments = [make_payment(n, amount=gbp(draw(st.integers(1, 1_000)))) for n in range(1, 1 + draw(st.integers(1, 3)))]
    rows, own = list[Payment](), list[OwnRefund]()
    for number in range(10, 10 + draw(st.integers(0, 5))):
        kind = draw(st.sampled_from([PaymentKind.REFUND, PaymentKind.CHARGEBACK, PaymentKind.CHARGEBACK_REVERSAL]))
        sign = 1 if kind is PaymentKind.CHARGEBACK_REVERSAL else -1
        minor = draw(st.integers(1, 1_000))
        rows.append(
            make_payment(number, kind=kind, amount=gbp(sign * minor), state=draw(st.sampled_from(PaymentState)))
        )
        if kind is PaymentKind.REFUND and draw(st.booleans()):
            known = draw(st.sampled_from([f"payment-{number}", None]))
            own.append(OwnRefund(draw(st.sampled_from(payments)).id, known, gbp(minor)))
    return [*payments, *rows], own


@unhurried
@given(accounts(), st.randoms(use_true_random=False))
def test_no_more_goes_back_than_came_in(account: tuple[list[Payment], list[OwnRefund]], random: Random) -> None:
    rows, own = account
    zero = gbp(0)
    for payment in (row for row in rows if row.kind is PaymentKind.PAYMENT):
        left = refundable_remainder(payment, rows, own)
        given_back = total([refund.amount for refund in own if refund.payment_id == payment.id], GBP)
        assert zero <= left <= max(payment.amount - given_back, zero)
        shuffled = list(rows)
        random.shuffle(shuffled)
        assert refundable_remainder(payment, shuffled, own[::-1]) == left
        if left.positive:
            again = [*own, OwnRefund(payment.id, None, left)]
            assert refundable_remainder(payment, rows, again) == zero
        stranger = make_payment(99, kind=PaymentKind.REFUND, amount=gbp(-1))
        assert refundable_remainder(payment, [*rows, stranger], own) <= left


@unhurried
@given(st.sampled_from(IntentKind), st.lists(st.sampled_from(IntentState), max_size=12))
def test_a_story_goes_only_where_the_figure_leads(kind: IntentKind, wanted: list[IntentState]) -> None:
    record = make_record(make_intent(kind=kind))
    for state in wanted:
        before = record
        if state in LEGAL_MOVES[record.state]:
            record = record.moved(make_event(state))
            assert record.state is state
            assert record.events[:-1] == before.events
            assert not before.state.final
            # A guest once let go is never held again by the same intent.
            assert before.holds_claim or not record.holds_claim
        else:
            with pytest.raises(IllegalMoveError):
                record.moved(make_event(state))
    states = [event.state for event in record.events]
    assert states.count(IntentState.SENDING) <= 1
    assert sum(state.final for state in states) == record.state.final


@unhurried
@given(st.text(max_size=30), st.randoms(use_true_random=False))
def test_a_reference_in_a_note_is_found_again(note: str, random: Random) -> None:
    reference = new_reference(random.choice)
    assert references_in(with_reference(note, reference))[-1] == reference
