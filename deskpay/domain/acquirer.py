"""An acquirer's side of a card payment: who the guest is there, which cards it keeps, and how far a charge has come.

An acquirer charges cards of its own vault and knows nothing of the hotel's books. Its charge is an object with an id of
its own that can take money once: reading it tells the truth, and cancelling it proves that nothing will follow.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from deskpay.domain.card import Expiry, card_label
from deskpay.domain.money import Money


@dataclass(frozen=True, slots=True)
class AcquirerCustomer:
    """A guest as the acquirer knows them.

    Args:
        id: the acquirer's.
        name: as it was given there.
        email: the same; unique at the acquirer.
        phone: digits with a plus sign in front, or empty.
    """

    id: str
    name: str
    email: str
    phone: str


@dataclass(frozen=True, slots=True)
class VaultedCard:
    """A card in the acquirer's vault, without anything that could be used to pay elsewhere.

    Args:
        id: of the payment method.
        brand: ``Visa``, ``Mastercard``; empty where it is not told.
        last_four: digits that may be shown.
        expiry: None where it is not told.
        holder: name on the card, as given with it; may be empty.
    """

    id: str
    brand: str
    last_four: str
    expiry: Expiry | None
    holder: str

    @property
    def label(self) -> str:
        """Brand and last four, as shown everywhere."""
        return card_label(self.brand or "Card", self.last_four)


class ChargeState(Enum):
    """How far a charge has come."""

    WAITS_FOR_CARD = "waits_for_card"
    WAITS_FOR_GUEST = "waits_for_guest"
    UNDER_WAY = "under_way"
    HELD = "held"
    TAKEN = "taken"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class AcquirerPayment:
    """Money that was taken, or a try that failed.

    Args:
        id: the acquirer's.
        amount: what the guest paid, before any fee.
        paid: False for a try that failed or is under way; what was given back later was paid.
        brand: of the card; empty where it is not told.
        last_four: of the card; empty where it is not told.
        charge_id: the charge that it belongs to; empty where it is not told.
        description: the words given with the charge.
        created_utc: when.
    """

    id: str
    amount: Money
    paid: bool
    brand: str
    last_four: str
    charge_id: str
    description: str
    created_utc: datetime


@dataclass(frozen=True, slots=True)
class AcquirerCharge:
    """One charge, which can succeed once.

    Args:
        id: the acquirer's.
        amount: how much.
        state: how far it has come.
        payment: the payment that succeeded; None before.
        bank_page: where the guest confirms; empty where nothing is asked of them.
        failure: code of the latest failed try; empty for none.
    """

    id: str
    amount: Money
    state: ChargeState
    payment: AcquirerPayment | None
    bank_page: str
    failure: str

    @property
    def untouched(self) -> bool:
        """True while no card has come to it."""
        return self.state is ChargeState.WAITS_FOR_CARD and not self.failure

    @property
    def over(self) -> bool:
        """True when it has taken no money and will not: it was cancelled, or its one card failed."""
        return self.state is ChargeState.CANCELLED or (self.state is ChargeState.WAITS_FOR_CARD and bool(self.failure))


class RefundState(Enum):
    """How far a refund has come."""

    UNDER_WAY = "under_way"
    LANDED = "landed"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class AcquirerRefund:
    """Money on its way back to a card.

    Args:
        id: the acquirer's.
        payment_id: the payment that it gives back.
        amount: positive.
        state: how far it has come.
        note: the words given with it.
    """

    id: str
    payment_id: str
    amount: Money
    state: RefundState
    note: str = ""
