"""What every act is checked for before its intent is written. Buttons may be grey as well; the rule stands here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from deskpay.domain.card import CreditCard, NotChargeable, not_chargeable
from deskpay.domain.entry import MAX_MINOR
from deskpay.domain.errors import Field, GuestBeingChecked, InputProblem, InputRefused, LooksRepeated
from deskpay.domain.hotel import Hotel
from deskpay.domain.intent import IntentRecord
from deskpay.domain.money import Money
from deskpay.domain.payment import Payment
from deskpay.domain.repeat import find_repeat

_CARD_PROBLEMS = {
    NotChargeable.DISABLED: InputProblem.DISABLED,
    NotChargeable.EXPIRED: InputProblem.EXPIRED,
    NotChargeable.TERMINAL: InputProblem.TERMINAL,
    NotChargeable.UNKNOWN_KIND: InputProblem.NOT_ALLOWED,
}


def check_amount(amount: Money, hotel: Hotel) -> None:
    """Refuse an amount that no act may move.

    Raises:
        InputRefused: zero, negative, too large, or in a currency that the hotel does not take.
    """
    if not hotel.accepts(amount.currency):
        raise InputRefused(Field.CURRENCY, InputProblem.NOT_TAKEN)
    if amount.minor == 0:
        raise InputRefused(Field.AMOUNT, InputProblem.ZERO)
    if amount.minor < 0:
        raise InputRefused(Field.AMOUNT, InputProblem.NEGATIVE)
    if amount.minor > MAX_MINOR:
        raise InputRefused(Field.AMOUNT, InputProblem.TOO_LARGE)


def check_card(cards: Sequence[CreditCard], credit_card_id: str, today: date) -> CreditCard:
    """Return the card to charge.

    Raises:
        InputRefused: it is gone, or cannot be charged.
    """
    card = next((card for card in cards if card.id == credit_card_id), None)
    if card is None:
        raise InputRefused(Field.CARD, InputProblem.GONE)
    problem = not_chargeable(card, today)
    if problem is not None:
        raise InputRefused(Field.CARD, _CARD_PROBLEMS[problem])
    return card


def check_not_waiting(intents: Sequence[IntentRecord]) -> None:
    """Refuse while an earlier act with this guest's money has no known outcome.

    Raises:
        GuestBeingChecked: there is one.
    """
    for record in intents:
        if record.holds_claim and record.intent.amount is not None:
            raise GuestBeingChecked(record.intent.reference)


def baseline_of(ids: Iterable[str], intents: Sequence[IntentRecord]) -> frozenset[str]:
    """Return what existed before an act: what was read, and what our own acts made and a reading may not show yet.

    Args:
        ids: of the rows that were read.
        intents: our earlier acts for this guest.
    """
    made = {event.outcome_id for record in intents for event in record.events}
    return frozenset(ids) | {outcome_id for outcome_id in made if outcome_id is not None}


def check_not_repeated(amount: Money, payments: Sequence[Payment], now_utc: datetime, reason: str) -> None:
    """Refuse what looks like money taken already, unless a person said why it is another payment.

    Raises:
        LooksRepeated: an equal payment was found and there is no reason.
    """
    repeat = find_repeat(amount, payments, now_utc)
    if repeat is not None and not reason:
        raise LooksRepeated(repeat)
