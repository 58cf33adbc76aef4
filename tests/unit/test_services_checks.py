"""The checks before an intent is written, each at its edge."""

from dataclasses import replace
from datetime import timedelta

import pytest

from deskpay.domain.entry import MAX_MINOR
from deskpay.domain.errors import Field, InputProblem, InputRefused, LooksRepeated
from deskpay.domain.intent import IntentState
from deskpay.domain.money import Currency, Money
from deskpay.services.checks import Seen, baseline_of, check_amount, check_card, check_nothing_since
from tests.kit.fake_hotel import TheHotel, card
from tests.kit.intents import NOW, gbp, make_event, make_payment, make_record


@pytest.mark.parametrize("minor", [1, MAX_MINOR])
def test_the_smallest_and_the_largest_amount_may_be_moved(minor: int) -> None:
    check_amount(gbp(minor), TheHotel)


@pytest.mark.parametrize(
    ("amount", "field", "problem"),
    [
        (gbp(0), Field.AMOUNT, InputProblem.ZERO),
        (gbp(-1), Field.AMOUNT, InputProblem.NEGATIVE),
        (gbp(MAX_MINOR + 1), Field.AMOUNT, InputProblem.TOO_LARGE),
        (Money(1, Currency("JPY", 0)), Field.CURRENCY, InputProblem.NOT_TAKEN),
    ],
)
def test_no_other_may(amount: Money, field: Field, problem: InputProblem) -> None:
    with pytest.raises(InputRefused) as refusal:
        check_amount(amount, TheHotel)
    assert (refusal.value.field, refusal.value.problem) == (field, problem)


def test_the_card_that_was_chosen_is_charged_and_no_other() -> None:
    cards = [card("first"), card("second")]
    assert check_card(cards, "second", NOW.date()) is cards[1]
    with pytest.raises(InputRefused) as refusal:
        check_card(cards, "third", NOW.date())
    assert refusal.value.problem is InputProblem.GONE


def test_what_existed_before_an_act_is_what_was_read_and_what_our_own_acts_made() -> None:
    ours = make_record(None, IntentState.SENDING)
    ours = replace(ours, events=(*ours.events, make_event(IntentState.ACCEPTED, outcome_id="made")))
    assert baseline_of(["read"], [ours]) == {"read", "made"}


def test_what_was_shown_since_does_not_stop_and_whatever_was_not_does() -> None:
    paid = [make_payment(number, created_utc=NOW) for number in (1, 2, 3)]
    seen = Seen(account=paid[:2], stay=paid[1:], requests=(), now_utc=NOW)
    check_nothing_since(NOW, seen, "guest-1", (), frozenset({"payment-1", "payment-2", "payment-3"}))
    check_nothing_since(NOW + timedelta(seconds=1), seen, "guest-1", (), frozenset())
    with pytest.raises(LooksRepeated) as found:
        check_nothing_since(NOW, seen, "guest-1", (), frozenset({"payment-2"}))
    told = (found.value.repeat, *found.value.repeats)
    assert {repeat.payment_id for repeat in told} == {"payment-1", "payment-3"}
