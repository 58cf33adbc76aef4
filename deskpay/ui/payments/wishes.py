"""What a clerk wants next, said where one dialog ends and another may begin."""

from __future__ import annotations

from dataclasses import dataclass

from deskpay.domain.money import Money
from deskpay.ui.payments.charge_start import ChargeStart


@dataclass(frozen=True, slots=True)
class ChargeWish:
    """A charge of one of the guest's cards.

    Args:
        customer_id: who is to pay.
        start: what the form starts with.
    """

    customer_id: str
    start: ChargeStart


@dataclass(frozen=True, slots=True)
class PayLinkWish:
    """A pay link instead of a card that was declined.

    Args:
        customer_id: who is to pay.
        reservation_id: the stay that it is for, where there is one.
        amount: that was declined.
    """

    customer_id: str
    reservation_id: str | None
    amount: Money
