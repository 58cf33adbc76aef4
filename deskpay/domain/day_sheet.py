"""The payments of a business day as the night auditor reads them, one row each.

A payment belongs to the day in which its money was taken, or in which it was begun as long as it was not. What is
picked of the rows, and the totals of just that, are in `deskpay.domain.day_totals`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from functools import lru_cache
from sys import intern

from deskpay.domain.card import CreditCard
from deskpay.domain.errors import Hand
from deskpay.domain.intent import IntentKind, IntentRecord, IntentState
from deskpay.domain.money import Money
from deskpay.domain.payment import Payment, PaymentKind, PaymentMethod, PaymentState, is_recorded
from deskpay.domain.reference import references_in
from deskpay.domain.repeat import hand_of
from deskpay.domain.spelling import fold


class Means(Enum):
    """How the money came, as the day's totals tell it."""

    SAVED_CARD = "saved_card"
    TERMINAL = "terminal"
    CASH = "cash"
    PAY_LINK = "pay_link"
    TRANSFER = "transfer"
    OTHER = "other"


class Standing(Enum):
    """What a row of the day is worth.

    What an acquirer moved and the books do not show yet is counted once they do, by the day that they show it on.
    """

    CHARGED = "charged"
    RECORDED = "recorded"
    PENDING = "pending"
    VERIFYING = "verifying"
    FAILED = "failed"
    CANCELED = "canceled"
    NOT_IN_BOOKS = "not_in_books"
    NOT_KNOWN = "not_known"
    UNTOLD = "untold"

    @property
    def counted(self) -> bool:
        """True where the books hold that the money moved."""
        return self in {Standing.CHARGED, Standing.RECORDED}

    @property
    def needs_attention(self) -> bool:
        """True where somebody has to look after it."""
        return not self.counted and self is not Standing.CANCELED


_CARD_TENDERS = frozenset(
    {"CreditCard", "DepositCreditCard", "MasterCard", "Visa", "Amex", "Discover", "DinersClub", "Jcb", "UnionPay"}
)
_TRANSFERS = frozenset({"WireTransfer", "DepositWireTransfer", "Bacs", "DirectDebit"})
_CASH = frozenset({"Cash", "DepositCash"})
_STANDINGS = {
    PaymentState.CHARGED: Standing.CHARGED,
    PaymentState.PENDING: Standing.PENDING,
    PaymentState.VERIFYING: Standing.VERIFYING,
    PaymentState.FAILED: Standing.FAILED,
    PaymentState.CANCELED: Standing.CANCELED,
    PaymentState.UNKNOWN: Standing.UNTOLD,
}
_OWN_STANDINGS = {
    IntentState.ACCEPTED: Standing.PENDING,
    IntentState.TAKEN: Standing.NOT_IN_BOOKS,
    IntentState.RECORDING: Standing.NOT_IN_BOOKS,
}
"""What an act of ours is worth that the books do not show; whatever is not named here is not known."""


def money_moment(payment: Payment) -> datetime:
    """Return when the payment counts: when its money was taken, or when it was begun as long as it was not."""
    return payment.charged_utc or payment.created_utc


def means_of(payment: Payment, card: CreditCard | None) -> Means:
    """Return how the money came.

    Args:
        payment: the row.
        card: its card, where it has one and the card could be read.
    """
    hand = hand_of(payment)
    if hand is Hand.LINK or payment.method is PaymentMethod.ALTERNATIVE:
        return Means.PAY_LINK
    if payment.method is PaymentMethod.CREDIT_CARD:
        return Means.TERMINAL if hand is Hand.TERMINAL or is_recorded(payment, card) else Means.SAVED_CARD
    if payment.method is PaymentMethod.CASH or payment.tender in _CASH:
        return Means.CASH
    if payment.tender in _CARD_TENDERS:
        return Means.TERMINAL
    return Means.TRANSFER if payment.tender in _TRANSFERS else Means.OTHER


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One row of the day.

    Args:
        id: of the payment, or of our intent where no payment is known.
        at_utc: when it counts.
        customer_id: whose account.
        guest: name; empty where it could not be read.
        room: room name; empty where there is none.
        amount: positive for money received, negative for money given back.
        means: how it came.
        standing: what it is worth.
        kind: direction and cause.
        hand: who made it, or what.
        subject: the card, or empty.
        tender: code of the external type; empty for others.
        reference: ours; empty when it was made elsewhere.
        operator: the person at a desk, where our journal knows.
        payment: the payment, None for an intent of ours without one.
        searched: what a search looks at, folded.
        heap: what it is added up with, as one word: currency, standing, means and direction.
        minor: of the amount; what a hundred thousand rows are added up from.
    """

    id: str
    at_utc: datetime
    customer_id: str
    guest: str
    room: str
    amount: Money
    means: Means
    standing: Standing
    kind: PaymentKind
    hand: Hand
    subject: str
    tender: str
    reference: str
    operator: str
    payment: Payment | None
    searched: str = field(repr=False)
    heap: str = field(init=False, repr=False)
    minor: int = field(init=False, repr=False)

    def __post_init__(self) -> None:
        direction = "-" if self.amount.minor < 0 else "+"
        words = (self.amount.currency.code, str(self.amount.currency.precision), self.standing.value, self.means.value)
        object.__setattr__(self, "heap", intern(" ".join((*words, direction))))
        object.__setattr__(self, "minor", self.amount.minor)

    @property
    def counted(self) -> bool:
        """True where the money moved."""
        return self.standing.counted

    @property
    def given_back(self) -> bool:
        """True for money that went to the guest."""
        return self.amount.minor < 0


def entry_of_payment(
    payment: Payment, card: CreditCard | None, guest: str, room: str, ours: IntentRecord | None
) -> Entry:
    """Return the row of a payment.

    Args:
        payment: the payment.
        card: its card, where it has one and the card could be read.
        guest: name of whose account it is.
        room: name of the room.
        ours: our intent that made it, where the journal knows.
    """
    written = next(iter(references_in(f"{payment.notes} {payment.external_identifier}")), "")
    reference = ours.intent.reference if ours is not None else written
    subject = card.label if card is not None else ""
    standing = _STANDINGS[payment.state]
    if standing is Standing.CHARGED and is_recorded(payment, card):
        standing = Standing.RECORDED
    return Entry(
        id=payment.id,
        at_utc=money_moment(payment),
        customer_id=payment.customer_id,
        guest=guest,
        room=room,
        # Counted in the currency that it was taken in: that is what lies in the drawer and on the terminal's slip.
        amount=payment.original_amount,
        means=means_of(payment, card),
        standing=standing,
        kind=payment.kind,
        hand=hand_of(payment),
        subject=subject,
        tender=payment.tender,
        reference=reference,
        operator=ours.intent.operator if ours is not None else "",
        payment=payment,
        searched=_searched(guest, room, reference, subject, payment.external_identifier),
    )


def entry_of_intent(record: IntentRecord, amount: Money, room: str) -> Entry:
    """Return the row of an act of ours that the books do not show, so that it stands beside the payments, uncounted.

    Args:
        record: the story.
        amount: that it moves.
        room: name of the room.
    """
    intent = record.intent
    refund = intent.kind is IntentKind.REFUND
    return Entry(
        id=intent.id,
        at_utc=record.sent_utc or intent.drafted_utc,
        customer_id=intent.customer_id,
        guest=intent.customer_name,
        room=room,
        amount=-amount if refund else amount,
        means=Means.OTHER if intent.kind is IntentKind.RECORD_EXTERNAL else Means.SAVED_CARD,
        standing=_OWN_STANDINGS.get(record.state, Standing.NOT_KNOWN),
        kind=PaymentKind.REFUND if refund else PaymentKind.PAYMENT,
        hand=Hand.DESKPAY,
        subject=intent.subject,
        tender=intent.tender,
        reference=intent.reference,
        operator=intent.operator,
        payment=None,
        searched=_searched(intent.customer_name, room, intent.reference, intent.subject, ""),
    )


def folded_name(name: str) -> str:
    """Return `name` as `fold` does; names come again and again, and folding letter by letter takes its time."""
    return name.casefold() if name.isascii() else _folded(name)


_folded = lru_cache(maxsize=65_536)(fold)


def _searched(*parts: str) -> str:
    # All of it is ASCII: words are looked for in that several times as fast as where a letter takes two bytes.
    return " ".join(map(folded_name, parts))
