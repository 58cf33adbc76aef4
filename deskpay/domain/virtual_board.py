"""The virtual cards of the days around tonight, each beside its stay: what is guessed, and what was tried.

What a card works from and carries is a guess from the hotel's own table; what was tried stands in the books.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum

from deskpay.domain.card import CreditCard, NotChargeable, not_chargeable
from deskpay.domain.customer import Customer, Reservation
from deskpay.domain.money import Money
from deskpay.domain.payment import Payment, PaymentKind
from deskpay.domain.virtual_card import Guess


class CardStanding(Enum):
    """Where a virtual card stands, what needs a hand first."""

    FAILED = "failed"
    OPEN = "open"
    TOO_EARLY = "too_early"
    UNDER_WAY = "under_way"
    CHARGED = "charged"
    EXPIRED = "expired"
    DISABLED = "disabled"


_ORDER = list(CardStanding)


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One virtual card with its stay.

    Args:
        card: the card.
        customer: whose account it is on.
        stay: the one that it came with, or else the first of its guest's.
        arrival: day of arrival in the hotel's zone.
        guess: what is guessed of it, None where the table says nothing.
        owed: what is on the guest's account and not paid; negative for money that is too much.
        last: the latest try to take money from it, None where there was none.
        standing: where it stands today.
    """

    card: CreditCard
    customer: Customer
    stay: Reservation
    arrival: date
    guess: Guess | None
    owed: Money
    last: Payment | None
    standing: CardStanding

    @property
    def id(self) -> str:
        """Id of the card."""
        return self.card.id


def last_try(card: CreditCard, payments: Iterable[Payment]) -> Payment | None:
    """Return the latest try to take money from `card`, whoever made it; what was given back is none."""
    tries = [p for p in payments if p.credit_card_id == card.id and p.kind in _TRIES and p.original_amount.positive]
    return max(tries, key=lambda payment: payment.created_utc, default=None)


_TRIES = frozenset({PaymentKind.PAYMENT, PaymentKind.UNTOLD})


def standing_of(card: CreditCard, guess: Guess | None, last: Payment | None, today: date) -> CardStanding:
    """Return where a virtual card stands.

    Args:
        card: the card.
        guess: what is guessed of it.
        last: the latest try.
        today: the hotel's calendar day.
    """
    if last is not None and last.state.live:
        return CardStanding.CHARGED if last.state.final else CardStanding.UNDER_WAY
    problem = not_chargeable(card, today)
    if problem is not None:
        return CardStanding.EXPIRED if problem is NotChargeable.EXPIRED else CardStanding.DISABLED
    if guess is not None and guess.too_early(today):
        return CardStanding.TOO_EARLY
    return CardStanding.FAILED if last is not None else CardStanding.OPEN


def in_order(rows: Sequence[BoardRow]) -> tuple[BoardRow, ...]:
    """Return the rows, what needs a hand first, then by arrival and confirmation number."""
    return tuple(sorted(rows, key=lambda row: (_ORDER.index(row.standing), row.arrival, row.stay.number)))
