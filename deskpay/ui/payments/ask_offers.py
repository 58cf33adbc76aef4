"""In which ways a guest can be asked to pay at this desk, and what a form starts with."""

from __future__ import annotations

from dataclasses import dataclass

from deskpay.domain.exchange import ExchangeRate
from deskpay.domain.money import Money
from deskpay.domain.payment_request import PayReason
from deskpay.domain.terminal import Terminal
from deskpay.services.guest_pages import GuestPages


@dataclass(frozen=True, slots=True, kw_only=True)
class AskOffers:
    """What every form offers.

    Args:
        pages: which alternative methods there are.
        terminals: that the property system drives.
        no_terminal: why there is none, in a sentence; empty where there are some.
        rates: the hotel's own, for display.
    """

    pages: GuestPages
    terminals: tuple[Terminal, ...] = ()
    no_terminal: str = ""
    rates: tuple[ExchangeRate, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AskStart:
    """What one form starts with.

    Args:
        amount: None for what is owed.
        reason: why the guest is asked.
    """

    amount: Money | None = None
    reason: PayReason = PayReason.OTHER
