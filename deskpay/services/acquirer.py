"""What the services need of an acquirer that keeps cards of its own. A gateway implements it; tests put fakes here.

Reads raise `HotelUnavailable`, `Refused` and its kinds. Acts raise `NotSent`, `Refused` and its kinds, and
`OutcomeUnknown` for everything that leaves a doubt; every doubt about a charge ends by reading it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from deskpay.domain.acquirer import AcquirerCharge, AcquirerCustomer, AcquirerPayment, AcquirerRefund, VaultedCard
from deskpay.domain.customer import Customer
from deskpay.domain.intent import Intent
from deskpay.domain.money import Money


@dataclass(frozen=True, slots=True)
class Terms:
    """What an account can charge.

    Args:
        least: the smallest amount, in the one currency that is charged.
        most: the largest.
        renews_codes: False where the code of a saved card cannot be asked for again, so that each card is taken anew.
        tender: external type that charges are written down as in the hotel's books; empty for a card payment.
    """

    least: Money
    most: Money
    renews_codes: bool = True
    tender: str = ""


class AcquirerLinks(Protocol):
    """Which of the acquirer's customers a guest is. It outlives the program; each entry was confirmed by a person."""

    async def customer_of(self, guest_id: str) -> str | None:
        """Return the acquirer's id of a guest, None where no link was made.

        Raises:
            JournalError: what is kept cannot be read.
        """
        ...

    async def keep(self, guest_id: str, customer_id: str) -> None:
        """Link a guest, in place of any link before. Raises JournalError where it cannot be written."""
        ...

    async def forget(self, guest_id: str) -> None:
        """Forget the link of a guest. Raises JournalError where it cannot be written."""
        ...


class Acquirer(Protocol):
    """An acquirer's account of this hotel."""

    @property
    def terms(self) -> Terms:
        """What can be charged."""
        ...

    async def find_customers(self, email: str) -> list[AcquirerCustomer]:
        """Return whoever has this whole address; a person has to say whether it is the guest."""
        ...

    async def create_customer(self, guest: Customer) -> AcquirerCustomer:
        """Make the guest known. Asked twice for the same guest it makes one.

        Raises:
            InputRefused: the guest has no e-mail address, or no name; nothing was sent.
        """
        ...

    async def delete_customer(self, customer_id: str) -> None:
        """Forget a customer and all their cards, for good."""
        ...

    async def cards(self, customer_id: str) -> list[VaultedCard] | None:
        """Return the cards that the customer saved, None where there is no such customer any more."""
        ...

    async def card(self, card_id: str) -> VaultedCard:
        """Return one card."""
        ...

    async def delete_card(self, customer_id: str, card_id: str) -> None:
        """Forget a card."""
        ...

    async def open_charge(self, intent: Intent, saved_for: str | None) -> AcquirerCharge:
        """Make the charge, which takes nothing yet. Asked twice within a day for one intent, it makes one.

        Args:
            intent: the decision.
            saved_for: customer to save the card for; None where it is not to be saved.

        Raises:
            InputRefused: the account may not save cards, so it has to be charged without.
        """
        ...

    async def attach(self, charge_id: str, card_id: str, return_address: str) -> AcquirerCharge:
        """Charge the card. This takes money, or asks the guest to confirm at the bank.

        Args:
            charge_id: of a charge that waits for a card.
            card_id: the card.
            return_address: where the bank sends the guest; reaching it proves nothing.
        """
        ...

    async def charge(self, charge_id: str) -> AcquirerCharge:
        """Return the charge as it stands: the truth."""
        ...

    async def cancel(self, charge_id: str) -> AcquirerCharge:
        """End a charge that has taken nothing, so that it never can."""
        ...

    async def payments_since(self, since_utc: datetime) -> list[AcquirerPayment]:
        """Return the account's payments, newest first, back to a time."""
        ...

    async def refund(self, intent: Intent) -> AcquirerRefund:
        """Begin to give a payment back. Asked twice within a day for one intent, it makes one."""
        ...

    async def refunds(self, payment_id: str) -> list[AcquirerRefund]:
        """Return what was given back of a payment."""
        ...
