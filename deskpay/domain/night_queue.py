"""The night's queue: charges of guests who are not there, proposed, reviewed by a person, then carried out in order.

A queue is fixed once it is confirmed, and holds ids and amounts only. How far it has come is written nowhere: the
reference of each try follows from the queue, the row and the number of the try, so the journal of intents itself tells
after a restart which rows are done. And as the journal takes a reference once, no row can be carried out twice.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum

from deskpay.domain.acquirer import VaultedCard
from deskpay.domain.card import CreditCard, NotChargeable, not_chargeable
from deskpay.domain.customer import Customer, Reservation
from deskpay.domain.intent import IntentRecord, IntentState
from deskpay.domain.money import Currency, Money, total
from deskpay.domain.reference import ALPHABET, new_reference


class Why(Enum):
    """Why money is due of somebody who is not there."""

    NO_SHOW = "no_show"
    CANCELED_LATE = "canceled_late"
    DEPARTED_UNPAID = "departed_unpaid"


class Obstacle(Enum):
    """Why a candidate cannot be charged by the queue."""

    NO_CARD = "no_card"
    EXPIRED = "expired"
    DISABLED = "disabled"
    NOT_HERE = "not_here"
    GUEST_AWAY = "guest_away"
    VIRTUAL_TOO_EARLY = "virtual_too_early"
    PAID_BY_COMPANY = "paid_by_company"
    PAID_ALREADY = "paid_already"
    UNDER_WAY = "under_way"
    LINK_OPEN = "link_open"
    BEING_CHECKED = "being_checked"


_CARD_OBSTACLES = {
    NotChargeable.DISABLED: Obstacle.DISABLED,
    NotChargeable.EXPIRED: Obstacle.EXPIRED,
    NotChargeable.TERMINAL: Obstacle.NOT_HERE,
    NotChargeable.UNKNOWN_KIND: Obstacle.NOT_HERE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Somebody the hotel may charge.

    Args:
        why: what for.
        stay: which stay.
        customer: whose account.
        card: the card chosen, None where there is none.
        proposed: what is billed for the stay and not paid; nothing at all where an amount must be typed.
        obstacles: why it cannot be charged, the weightiest first; empty where it can.
        kept_elsewhere: a card of an acquirer's vault, shown where there is no other; no queue can charge it.
    """

    why: Why
    stay: Reservation
    customer: Customer
    card: CreditCard | None
    proposed: Money
    obstacles: tuple[Obstacle, ...]
    kept_elsewhere: VaultedCard | None = None


def choose_card(
    stay: Reservation, cards: Sequence[CreditCard], today: date, virtual_from: date
) -> tuple[CreditCard | None, Obstacle | None]:
    """Return the card to charge for a stay and what stands against it.

    The card that came with the booking goes first, then any that can be charged, in the order given.

    Args:
        stay: the stay.
        cards: of the guest, newest first.
        today: the hotel's calendar day, for expiry.
        virtual_from: the first day on which a booking site's virtual card of this stay probably works.
    """
    own = [card for card in cards if card.customer_id == stay.customer_id]
    in_order = sorted(own, key=lambda card: card.id != stay.credit_card_id)
    tried = [(card, _against(card, today, virtual_from)) for card in in_order]
    for card, obstacle in tried:
        if obstacle is None:
            return card, None
    return tried[0] if tried else (None, Obstacle.NO_CARD)


def _against(card: CreditCard, today: date, virtual_from: date) -> Obstacle | None:
    problem = not_chargeable(card, today)
    if problem is not None:
        return _CARD_OBSTACLES[problem]
    return Obstacle.VIRTUAL_TOO_EARLY if card.virtual and today < virtual_from else None


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One charge of a queue.

    Args:
        number: its place, from 1.
        why: what for.
        reservation_id: which stay.
        customer_id: whose account.
        credit_card_id: which card.
        amount: how much.
    """

    number: int
    why: Why
    reservation_id: str
    customer_id: str
    credit_card_id: str
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuePlan:
    """A queue as it was confirmed.

    Args:
        id: unique.
        enterprise_id: the hotel.
        operator: who confirmed it.
        day: the business day.
        seen_utc: when what guests owe was read for whoever confirmed it; what they pay from then on stops their row.
        confirmed_utc: when they did.
        rows: in the order in which they are charged.
    """

    id: str
    enterprise_id: str
    operator: str
    day: date
    seen_utc: datetime
    confirmed_utc: datetime
    rows: tuple[QueueRow, ...]

    def reference(self, row: QueueRow, attempt: int) -> str:
        """Return the reference of a try of a row, always the same one."""
        digest = hashlib.sha256(f"{self.id}/{row.number}/{attempt}".encode()).digest()
        values = iter(digest)
        return new_reference(lambda letters: letters[next(values) % len(ALPHABET)])

    def totals(self) -> tuple[Money, ...]:
        """Return what the rows come to, one sum for each currency."""
        return totals_by_currency(row.amount for row in self.rows)


def totals_by_currency(amounts: Iterable[Money]) -> tuple[Money, ...]:
    """Return one sum for each currency, by its code."""
    by_currency: dict[Currency, list[Money]] = {}
    for amount in amounts:
        by_currency.setdefault(amount.currency, []).append(amount)
    currencies = sorted(by_currency, key=lambda currency: currency.code)
    return tuple(total(by_currency[currency], currency) for currency in currencies)


class RowState(Enum):
    """Where a row of a running queue stands."""

    WAITING = "waiting"
    CHARGING = "charging"
    CHARGED = "charged"
    UNDER_WAY = "under_way"
    DECLINED = "declined"
    REFUSED = "refused"
    SKIPPED = "skipped"
    NOT_SENT = "not_sent"
    NOT_KNOWN = "not_known"
    DECIDED = "decided"

    @property
    def ended(self) -> bool:
        """True when the queue does nothing more about it; what provably never left may be tried again."""
        return self not in {RowState.WAITING, RowState.CHARGING, RowState.NOT_KNOWN, RowState.NOT_SENT}


_ROW_STATES = {
    IntentState.DRAFTED: RowState.CHARGING,
    IntentState.SENDING: RowState.CHARGING,
    IntentState.ACCEPTED: RowState.UNDER_WAY,
    IntentState.CONFIRMED: RowState.CHARGED,
    IntentState.DECLINED: RowState.DECLINED,
    IntentState.REJECTED: RowState.REFUSED,
    IntentState.UNKNOWN: RowState.NOT_KNOWN,
    IntentState.NOT_SENT: RowState.NOT_SENT,
    IntentState.ABANDONED: RowState.NOT_SENT,
    IntentState.RESOLVED: RowState.DECIDED,
}


def row_state(record: IntentRecord) -> RowState:
    """Return where a row stands whose latest try is `record`."""
    return _ROW_STATES[record.state]
