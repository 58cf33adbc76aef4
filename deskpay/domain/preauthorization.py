"""Amounts that banks hold on cards. They are shown and nothing is promised: DeskPay cannot take or release them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from deskpay.domain.money import Money


class PreauthorizationState(Enum):
    """What became of the hold. A word not known yet counts as held: the money may not be free."""

    CHARGEABLE = "chargeable"
    PENDING = "pending"
    CHARGED = "charged"
    CANCELED = "canceled"
    EXPIRED = "expired"
    FAILED = "failed"
    UNKNOWN = "unknown"

    @property
    def held(self) -> bool:
        """True while the bank may keep the amount from the guest."""
        return self in {self.CHARGEABLE, self.PENDING, self.UNKNOWN}


@dataclass(frozen=True, slots=True)
class Preauthorization:
    """One hold.

    Args:
        id: of the hold.
        credit_card_id: the card that it is on.
        amount: positive.
        state: what became of it.
        reservation_id: stay that it belongs to, where there is one.
        active: False once the property system set it aside.
    """

    id: str
    credit_card_id: str
    amount: Money
    state: PreauthorizationState
    reservation_id: str | None
    active: bool

    @property
    def held(self) -> bool:
        """True while the bank may keep the amount from the guest."""
        return self.active and self.state.held
