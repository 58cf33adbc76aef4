"""Which payment in the hotel's books is the one that a lost answer was about.

A match must be new since the baseline, of the right kind, account, card and amount, and where the property system
carries our reference back it must bear it. One match is adopted. Several, or one that bears no reference where it
should, are for a person to judge: a wrong adoption hides a charge, which is worse than a question.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from deskpay.domain.card import CreditCard
from deskpay.domain.intent import Intent, IntentKind
from deskpay.domain.payment import Payment, PaymentKind, PaymentMethod
from deskpay.domain.reference import references_in


class Finding(Enum):
    """What a look came to."""

    NOTHING = "nothing"
    ONE = "one"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a look came to, with the row where there is exactly one.

    Args:
        finding: nothing, one, or unclear.
        payment: the row adopted; None for cards.
        credit_card_id: the card adopted; None for payments.
    """

    finding: Finding
    payment: Payment | None = None
    credit_card_id: str | None = None


def find_payment(intent: Intent, payments: Iterable[Payment]) -> Verdict:
    """Judge `payments`, all that the guest's account has since the intent was drafted."""
    new = [payment for payment in payments if payment.id not in intent.baseline and _fits(intent, payment)]
    if intent.kind is IntentKind.REFUND:
        return _only(new)
    bearing = [payment for payment in new if _bears(intent.reference, payment)]
    if bearing:
        return _only(bearing)
    strangers = [payment for payment in new if not references_in(payment.notes)]
    return Verdict(Finding.UNCLEAR) if strangers else Verdict(Finding.NOTHING)


def find_card(intent: Intent, cards: Iterable[CreditCard]) -> Verdict:
    """Judge `cards`, all that the guest has: a new active one is the one that was saved."""
    new = [card for card in cards if card.id not in intent.baseline and card.active]
    if len(new) == 1:
        return Verdict(Finding.ONE, credit_card_id=new[0].id)
    return Verdict(Finding.UNCLEAR if new else Finding.NOTHING)


def _only(matches: list[Payment]) -> Verdict:
    if len(matches) == 1:
        return Verdict(Finding.ONE, matches[0])
    return Verdict(Finding.UNCLEAR if matches else Finding.NOTHING)


def _bears(reference: str, payment: Payment) -> bool:
    return reference in references_in(payment.notes) or reference in references_in(payment.external_identifier)


def _fits(intent: Intent, payment: Payment) -> bool:
    if intent.amount is None or payment.customer_id != intent.customer_id:
        return False
    if intent.kind is IntentKind.REFUND:
        return payment.kind is PaymentKind.REFUND and payment.original_amount == -intent.amount
    if payment.original_amount != intent.amount:
        return False
    if intent.kind is IntentKind.CHARGE:
        return payment.method is PaymentMethod.CREDIT_CARD and payment.credit_card_id == intent.credit_card_id
    if intent.kind is IntentKind.RECORD_CARD:
        return payment.method is PaymentMethod.CREDIT_CARD and payment.credit_card_id != intent.credit_card_id
    return payment.method in {PaymentMethod.EXTERNAL, PaymentMethod.CASH, PaymentMethod.INVOICE}
