"""Saved cards: what may be shown of them and which of them can be charged."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum


@dataclass(frozen=True, slots=True, order=True)
class Expiry:
    """The month after which a card is no longer good.

    Args:
        year: four digits.
        month: 1 to 12.
    """

    year: int
    month: int

    def __post_init__(self) -> None:
        if not (1 <= self.month <= 12 and 2000 <= self.year <= 2099):
            raise ValueError(f"not an expiry: {self.month}/{self.year}")

    def past(self, today: date) -> bool:
        """Tell whether the last day of the month is over."""
        return today > date(self.year, self.month, calendar.monthrange(self.year, self.month)[1])

    def months_left(self, today: date) -> int:
        """Return how many calendar months lie between `today` and the month of expiry; negative when past."""
        return (self.year - today.year) * 12 + self.month - today.month

    @property
    def label(self) -> str:
        """As printed on a card, ``04/28``."""
        return f"{self.month:02d}/{self.year % 100:02d}"


class CardKind(Enum):
    """Where the card's token lives; only gateway cards can be charged."""

    GATEWAY = "gateway"
    TERMINAL = "terminal"
    UNKNOWN = "unknown"


class CardFormat(Enum):
    """A virtual card is issued by a booking site for one stay."""

    PHYSICAL = "physical"
    VIRTUAL = "virtual"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class CreditCard:
    """A saved card, without anything that could be used to pay.

    Args:
        id: card id.
        customer_id: owner.
        brand: the property system's word, such as ``Visa``; empty when not told.
        obfuscated_number: first six and last four at most, the rest hidden; may be empty.
        expiry: None when not told.
        enabled: False once the card was switched off.
        active: False once the card was deleted.
        kind: where the token lives.
        format: physical or virtual.
        created_utc: when it was saved.
    """

    id: str
    customer_id: str
    brand: str
    obfuscated_number: str
    expiry: Expiry | None
    enabled: bool
    active: bool
    kind: CardKind
    format: CardFormat
    created_utc: datetime

    @property
    def last_four(self) -> str:
        """The digits that may be shown, at most four."""
        tail = self.obfuscated_number[-4:]
        return tail if tail.isdigit() else ""

    @property
    def virtual(self) -> bool:
        """True for a card that a booking site issued for one stay."""
        return self.format is CardFormat.VIRTUAL

    @property
    def label(self) -> str:
        """Brand and last four, as shown everywhere."""
        return card_label(self.brand, self.last_four)


def card_label(brand: str, last_four: str) -> str:
    """Return ``Visa •••• 1111``."""
    return f"{brand} •••• {last_four}".strip()


class NotChargeable(Enum):
    """Why a card cannot be picked for a charge."""

    DISABLED = "disabled"
    EXPIRED = "expired"
    TERMINAL = "terminal"
    UNKNOWN_KIND = "unknown_kind"


def not_chargeable(card: CreditCard, today: date) -> NotChargeable | None:
    """Return why `card` cannot be charged, None when it can.

    Source: Mews Connector API, credit cards: only active, enabled cards of kind Gateway can be charged.
    """
    # A terminal's card is never active, which nobody brought about and nobody can change.
    if card.kind is CardKind.TERMINAL:
        return NotChargeable.TERMINAL
    if not (card.active and card.enabled):
        return NotChargeable.DISABLED
    if card.kind is not CardKind.GATEWAY:
        return NotChargeable.UNKNOWN_KIND
    if card.expiry is not None and card.expiry.past(today):
        return NotChargeable.EXPIRED
    return None
