"""What a simulated guest was asked for: a link, or an order to a terminal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from deskpay.domain.intent import Intent
from deskpay.domain.money import Money
from deskpay.domain.payment import PaymentState
from deskpay.domain.payment_request import PaymentRequest, PaymentRequestState
from deskpay.domain.terminal import Command, CommandState

LINK, TERMINAL = "PaymentRequest", "Terminal"
"""Where a payment of such a guest was made."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One of them. Its state is told as a payment's: pending until the guest decides.

    Args:
        id: of the request or the command.
        intent: what asked.
        made_utc: when.
        notes: what the property system keeps of a link.
        state: how far the guest has come.
    """

    id: str
    intent: Intent
    made_utc: datetime
    notes: str
    state: PaymentState = PaymentState.PENDING

    @property
    def amount(self) -> Money:
        """How much."""
        if self.intent.amount is None:
            raise AssertionError("a guest is asked for an amount")
        return self.intent.amount

    @property
    def request(self) -> PaymentRequest:
        """The same as a link in the books."""
        state = PaymentRequestState.COMPLETED if self.state.live else PaymentRequestState.EXPIRED
        return PaymentRequest(
            id=self.id,
            customer_id=self.intent.customer_id,
            reservation_id=None,
            amount=self.amount,
            state=state if self.state.final else PaymentRequestState.PENDING,
            takes_money=True,
            notes=self.notes,
            created_utc=self.made_utc,
            expires_utc=self.made_utc + timedelta(days=1),
        )

    @property
    def command(self) -> Command:
        """The same as an order to a terminal."""
        state = CommandState.PROCESSED if self.state.live else CommandState.CANCELLED
        return Command(self.id, state if self.state.final else CommandState.UNDER_WAY)
