"""An acquirer in memory behind the services' port. It breaks on demand, and counts what it took."""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from typing_extensions import override

from deskpay.domain.acquirer import (
    AcquirerCharge,
    AcquirerCustomer,
    AcquirerPayment,
    AcquirerRefund,
    ChargeState,
    RefundState,
    VaultedCard,
)
from deskpay.domain.card import Expiry
from deskpay.domain.customer import Customer
from deskpay.domain.errors import Rejected
from deskpay.domain.intent import Intent
from deskpay.domain.money import Money
from deskpay.services.acquirer import Acquirer, AcquirerLinks, Terms
from tests.kit.fake_hotel import GBP

VAULTED = VaultedCard("pm-visa", "", "4345", Expiry(2030, 12), "Anna Ødegård")


@dataclass(eq=False)
class MemoryLinks(AcquirerLinks):
    """Links in memory.

    Attributes:
        held: Customer by guest.
    """

    held: dict[str, str] = field(default_factory=dict)

    @override
    async def customer_of(self, guest_id: str) -> str | None:
        return self.held.get(guest_id)

    @override
    async def keep(self, guest_id: str, customer_id: str) -> None:
        self.held[guest_id] = customer_id

    @override
    async def forget(self, guest_id: str) -> None:
        self.held.pop(guest_id, None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Takes:
    """How the acquirer meets one card.

    Attributes:
        state: Where the charge goes.
        failure: Why the card failed.
        done: Whether the card reaches it at all.
        before_s: Time until it does.
        error: What the caller gets instead of the answer.
    """

    state: ChargeState = ChargeState.TAKEN
    failure: str = ""
    done: bool = True
    before_s: float = 0
    error: BaseException | None = None


@dataclass(eq=False)
class FakeAcquirer(Acquirer):
    """The acquirer.

    Attributes:
        now: Its clock.
        coming: How it meets the next cards; beyond them all goes well.
        charges: By id, as they stand.
        opening: What the next making of a charge raises.
        reading: What the next readings raise.
        cancelling: What the next cancelling raises, done or not.
        attached: Charges that a card was sent to, one entry for each time.
        cancelled: Charges that were asked to end.
        customers: By id.
        saved: Cards by customer.
        saving: For whom each charge was to save its card.
        given: Refunds by id.
        forgets: Whether a card that is to be forgotten goes.
        links: Which of its customers a guest is.
    """

    now: Callable[[], datetime]
    coming: deque[Takes] = field(default_factory=deque)
    charges: dict[str, AcquirerCharge] = field(default_factory=dict)
    opening: deque[Exception] = field(default_factory=deque)
    reading: deque[Exception] = field(default_factory=deque)
    cancelling: deque[Exception] = field(default_factory=deque)
    attached: list[str] = field(default_factory=list)
    cancelled: list[str] = field(default_factory=list)
    customers: dict[str, AcquirerCustomer] = field(default_factory=dict)
    saved: dict[str, list[VaultedCard]] = field(default_factory=dict)
    saving: list[str | None] = field(default_factory=list)
    given: dict[str, AcquirerRefund] = field(default_factory=dict)
    forgets: bool = True
    links: MemoryLinks = field(default_factory=MemoryLinks)

    @property
    @override
    def terms(self) -> Terms:
        return Terms(Money(2_000, GBP), Money(99_999_999, GBP))

    @property
    def taken(self) -> list[AcquirerPayment]:
        """Every payment that was taken."""
        return [charge.payment for charge in self.charges.values() if charge.payment is not None]

    @override
    async def open_charge(self, intent: Intent, saved_for: str | None) -> AcquirerCharge:
        if self.opening:
            raise self.opening.popleft()
        assert intent.amount is not None
        charge_id = f"pi-{intent.reference}"
        self.saving.append(saved_for)
        opened = AcquirerCharge(charge_id, intent.amount, ChargeState.WAITS_FOR_CARD, None, "", "")
        return self.charges.setdefault(charge_id, opened)

    @override
    async def attach(self, charge_id: str, card_id: str, return_address: str) -> AcquirerCharge:
        self.attached.append(charge_id)
        takes = self.coming.popleft() if self.coming else Takes()
        await asyncio.sleep(takes.before_s)
        if takes.done:
            if self.charges[charge_id].state is ChargeState.CANCELLED:
                raise Rejected(code="resource_cancelled_state")
            self.turn(charge_id, takes.state, takes.failure)
        if takes.error is not None:
            raise takes.error
        return self.charges[charge_id]

    def turn(self, charge_id: str, state: ChargeState, failure: str = "") -> None:
        """Bring a charge to another state."""
        charge = self.charges[charge_id]
        payment = None
        if state is ChargeState.TAKEN:
            payment_id = charge_id.replace("pi-", "pay-")
            payment = AcquirerPayment(
                payment_id, charge.amount, True, "Visa", "4345", charge_id, charge_id.removeprefix("pi-"), self.now()
            )
        page = "https://bank.example/" if state is ChargeState.WAITS_FOR_GUEST else ""
        self.charges[charge_id] = replace(charge, state=state, payment=payment, failure=failure, bank_page=page)

    @override
    async def charge(self, charge_id: str) -> AcquirerCharge:
        if self.reading:
            raise self.reading.popleft()
        return self.charges[charge_id]

    @override
    async def cancel(self, charge_id: str) -> AcquirerCharge:
        self.cancelled.append(charge_id)
        if self.charges[charge_id].payment is not None:
            raise Rejected(code="resource_succeeded_state")
        self.turn(charge_id, ChargeState.CANCELLED)
        if self.cancelling:
            raise self.cancelling.popleft()
        return self.charges[charge_id]

    @override
    async def find_customers(self, email: str) -> list[AcquirerCustomer]:
        return [customer for customer in self.customers.values() if customer.email == email]

    @override
    async def create_customer(self, guest: Customer) -> AcquirerCustomer:
        made = AcquirerCustomer(f"cus-{guest.id}", guest.full_name, guest.email, "")
        self.customers[made.id] = made
        self.saved[made.id] = []
        return made

    @override
    async def delete_customer(self, customer_id: str) -> None:
        del self.customers[customer_id], self.saved[customer_id]

    @override
    async def cards(self, customer_id: str) -> list[VaultedCard] | None:
        if self.reading:
            raise self.reading.popleft()
        kept = self.saved.get(customer_id)
        return None if kept is None else list(kept)

    @override
    async def card(self, card_id: str) -> VaultedCard:
        return replace(VAULTED, id=card_id)

    @override
    async def delete_card(self, customer_id: str, card_id: str) -> None:
        if self.forgets:
            self.saved[customer_id] = [card for card in self.saved[customer_id] if card.id != card_id]

    @override
    async def payments_since(self, since_utc: datetime) -> list[AcquirerPayment]:
        if self.reading:
            raise self.reading.popleft()
        return [payment for payment in self.taken if payment.created_utc >= since_utc]

    @override
    async def refund(self, intent: Intent) -> AcquirerRefund:
        assert intent.amount is not None
        takes = self.coming.popleft() if self.coming else Takes()
        refund_id, under_way = f"ref-{intent.reference}", RefundState.UNDER_WAY
        made = AcquirerRefund(refund_id, intent.external_identifier, intent.amount, under_way, intent.reference)
        if takes.done:
            self.given.setdefault(refund_id, made)
        if takes.error is not None:
            raise takes.error
        return made

    @override
    async def refunds(self, payment_id: str) -> list[AcquirerRefund]:
        if self.reading:
            raise self.reading.popleft()
        return [refund for refund in self.given.values() if refund.payment_id == payment_id]

    def land(self, reference: str, state: RefundState = RefundState.LANDED) -> None:
        """Bring a refund to its end."""
        refund_id = f"ref-{reference}"
        self.given[refund_id] = replace(self.given[refund_id], state=state)
