"""Everything the desk shows of one guest, read in parallel."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TypeVar

from deskpay.domain.acquirer import VaultedCard
from deskpay.domain.bill import Bill, BillSheet, OrderItem, balance, charges_total, paid_total, sheets_of
from deskpay.domain.card import CardKind, CreditCard, not_chargeable
from deskpay.domain.customer import Customer, Reservation
from deskpay.domain.errors import DeskPayError
from deskpay.domain.hotel import Hotel
from deskpay.domain.intent import IntentKind, IntentRecord
from deskpay.domain.money import Money
from deskpay.domain.own_refund import own_refund
from deskpay.domain.payment import (
    NotRefundable,
    OwnRefund,
    Payment,
    PaymentMethod,
    not_refundable,
    refundable_remainder,
)
from deskpay.domain.payment_request import PaymentRequest
from deskpay.domain.preauthorization import Preauthorization
from deskpay.services.acquirer_guest import saved_cards
from deskpay.services.front_desk import FrontDesk
from deskpay.services.ports import HotelRecords
from deskpay.services.scope import side_by_side

_Row = TypeVar("_Row")


_ACQUIRER_S = 5.0
"""How long a guest's page waits for cards of an acquirer, which it can do without."""


@dataclass(frozen=True, slots=True)
class GuestFile:
    """One guest, as read at one moment.

    Args:
        customer: the guest.
        reservation: the stay in question, None where there is none.
        cards: saved cards, those that can be charged first, each newest first; terminal rows left out.
        terminal_cards: what is known of cards that were read by a terminal, each once; they can never be charged.
        bills: open bills first, then closed ones, each newest first.
        items: open items.
        payments: newest first, in every state.
        payment_cards: every card that a payment names, by id.
        intents: our own acts for this guest, newest first.
        own_refunds: our refunds of these payments that did not fail.
        requests: what the guest was asked to pay by a link, in every state, newest first.
        hotel: whose guest.
        read_utc: when, by the property system's clock.
        other_stays: ids of the guest's stays that are not in question and of which something open is left.
        held: what banks hold on the guest's cards; empty where that may not be read.
        vaulted: cards that an acquirer keeps of the guest; empty where that cannot be read.
    """

    customer: Customer
    reservation: Reservation | None
    cards: tuple[CreditCard, ...]
    bills: tuple[Bill, ...]
    items: tuple[OrderItem, ...]
    payments: tuple[Payment, ...]
    payment_cards: dict[str, CreditCard]
    intents: tuple[IntentRecord, ...]
    own_refunds: tuple[OwnRefund, ...]
    hotel: Hotel
    read_utc: datetime
    terminal_cards: tuple[CreditCard, ...] = ()
    other_stays: frozenset[str] = frozenset()
    requests: tuple[PaymentRequest, ...] = ()
    held: tuple[Preauthorization, ...] = ()
    vaulted: tuple[VaultedCard, ...] = ()

    @property
    def sheets(self) -> tuple[BillSheet, ...]:
        """The bills with what stands on them, the guest's default bill first."""
        return sheets_of(self.bills, self.items, self.payments, self.hotel.currency)

    @property
    def balance(self) -> Money:
        """What the guest owes in the accounting currency."""
        return balance(self.items, self.payments, self.hotel.currency)

    @property
    def charges(self) -> Money:
        """Open items in the accounting currency."""
        return charges_total(self.items, self.hotel.currency)

    @property
    def paid(self) -> Money:
        """What counts as paid on open bills in the accounting currency."""
        return paid_total(self.payments, self.hotel.currency)

    @property
    def stay_balance(self) -> Money:
        """What the guest owes for the stay in question: the balance without what belongs to other stays of theirs."""
        items = [item for item in self.items if item.reservation_id not in self.other_stays]
        payments = [payment for payment in self.payments if payment.reservation_id not in self.other_stays]
        return balance(items, payments, self.hotel.currency)

    @property
    def due(self) -> Money:
        """What to ask for unless the clerk says otherwise: for the stay, and never more than the account owes."""
        return max(min(self.stay_balance, self.balance), Money.zero(self.hotel.currency))

    @property
    def unresolved(self) -> IntentRecord | None:
        """The act that keeps this guest's money waiting, None when there is none."""
        return next((r for r in self.intents if r.holds_claim and r.intent.amount is not None), None)

    def with_intent(self, record: IntentRecord) -> GuestFile:
        """Return the file with `record` in its latest state; the books are as they were read."""
        before = next((known for known in self.intents if known.intent.id == record.intent.id), None)
        others = tuple(known for known in self.intents if known is not before)
        refunds = list(self.own_refunds)
        if before is not None and (counted := own_refund(before)) in refunds:
            refunds.remove(counted)
        counts = own_refund(record)
        # What failed can be given back at once, not only when the books have been read again.
        own_refunds = (*refunds, counts) if counts is not None else tuple(refunds)
        return replace(self, intents=(record, *others), own_refunds=own_refunds)

    def card_of(self, payment: Payment) -> CreditCard | None:
        """Return the card of `payment`, None where it has none or it could not be read."""
        return self.payment_cards.get(payment.credit_card_id or "")

    def acquirer_payment(self, payment: Payment) -> str:
        """Return the acquirer's id of what `payment` only writes down; empty where no acquirer took it for us."""
        charges = (r for r in self.intents if r.intent.kind is IntentKind.ACQUIRER_CHARGE)
        return next((r.taken_id or "" for r in charges if r.outcome_id == payment.id), "")

    def why_not_refundable(self, payment: Payment) -> NotRefundable | None:
        """Return why `payment` cannot be given back from here, None where it can, by Mews or by who took it for us."""
        card, left = self.card_of(payment), self.refundable(payment)
        problem = not_refundable(payment, card, left)
        if problem is not NotRefundable.RECORDED or not self.acquirer_payment(payment):
            return problem
        return None if left.positive else NotRefundable.NOTHING_LEFT

    def refundable(self, payment: Payment) -> Money:
        """Return how much of `payment` can still be given back."""
        return refundable_remainder(payment, self.payments, self.own_refunds)


async def read_guest(front: FrontDesk, customer: Customer, reservation: Reservation | None) -> GuestFile:
    """Return the guest's file.

    Raises:
        HotelUnavailable: the books could not be read whole.
        Refused: they may not be read.
        JournalError: our own acts could not be read.
    """
    records, journal = front.records, front.journal
    async with side_by_side() as group:
        cards = group.create_task(_of_person(customer, records.credit_cards))
        bills = group.create_task(_of_person(customer, records.bills))
        items = group.create_task(records.open_items([customer.id]))
        payments = group.create_task(records.payments([customer.id]))
        requests = group.create_task(records.payment_requests(customer.id))
        intents = group.create_task(journal.of_customer(customer.id))
        held = group.create_task(_held(records, customer, reservation))
        vaulted = group.create_task(_vaulted(front, customer))
    found = payments.result()
    async with side_by_side() as group:
        others = group.create_task(_other_stays(records, customer, reservation, items.result(), found))
        payment_cards = group.create_task(_payment_cards(records, found, cards.result()))
        own_refunds = group.create_task(journal.own_refunds([payment.id for payment in found]))
    return GuestFile(
        customer=customer,
        reservation=reservation,
        cards=_saved_cards(cards.result(), front.today),
        terminal_cards=_terminal_cards(cards.result()),
        bills=tuple(sorted(bills.result(), key=lambda bill: not bill.is_open)),
        items=tuple(items.result()),
        payments=tuple(found),
        payment_cards=payment_cards.result(),
        intents=tuple(intents.result()),
        own_refunds=tuple(own_refunds.result()),
        hotel=front.hotel,
        read_utc=records.server_now(),
        other_stays=others.result(),
        requests=tuple(requests.result()),
        held=held.result(),
        vaulted=vaulted.result(),
    )


def _saved_cards(cards: list[CreditCard], today: date) -> tuple[CreditCard, ...]:
    saved = [card for card in cards if card.active and card.kind is not CardKind.TERMINAL]
    return tuple(sorted(saved, key=lambda card: not_chargeable(card, today) is not None))


def _terminal_cards(cards: Iterable[CreditCard]) -> tuple[CreditCard, ...]:
    """Return one row for each card: every slip that was written down has made a row of its own."""
    rows = [card for card in cards if card.active and card.kind is CardKind.TERMINAL]
    return tuple({(card.label, card.expiry): card for card in reversed(rows)}.values())


async def _of_person(customer: Customer, read: Callable[[str], Awaitable[list[_Row]]]) -> list[_Row]:
    """Return what `read` brings; nothing for a company, which these readings do not know (bills/getAll, cards)."""
    return [] if customer.is_company else await read(customer.id)


async def _other_stays(
    records: HotelRecords,
    customer: Customer,
    reservation: Reservation | None,
    items: Iterable[OrderItem],
    payments: Iterable[Payment],
) -> frozenset[str]:
    """Return the other stays of the guest's of which something is open; most guests have none, and nothing is asked.

    What another service sold, such as a supper, names an order of its own that is no stay (orderItems/getAll).
    """
    if reservation is None or customer.is_company:
        return frozenset()
    sold = {item.reservation_id for item in items if item.is_open and _of_service(item, reservation)}
    paid = {payment.reservation_id for payment in payments if payment.open_on_bill}
    others = (sold | paid) - {None, reservation.id}
    stays = await records.stays_of([customer.id]) if others else []
    return frozenset(stay.id for stay in stays if stay.id in others)


def _of_service(item: OrderItem, reservation: Reservation) -> bool:
    return not (item.service_id and reservation.service_id) or item.service_id == reservation.service_id


async def _held(
    records: HotelRecords, customer: Customer, reservation: Reservation | None
) -> tuple[Preauthorization, ...]:
    """Return what banks hold; it decides nothing, so a token without the right to read it shows none."""
    if reservation is None or customer.is_company:
        return ()
    try:
        return tuple(hold for hold in await records.preauthorizations(customer.id) if hold.held)
    except DeskPayError:
        return ()


async def _vaulted(front: FrontDesk, customer: Customer) -> tuple[VaultedCard, ...]:
    """Return what an acquirer keeps; it decides nothing, so what cannot be read, or not soon, shows none."""
    if front.acquirer is None:
        return ()
    try:
        async with asyncio.timeout(_ACQUIRER_S):
            return await saved_cards(front, customer)
    except (DeskPayError, TimeoutError):
        return ()


async def _payment_cards(
    records: HotelRecords, payments: list[Payment], cards: list[CreditCard]
) -> dict[str, CreditCard]:
    known = {card.id: card for card in cards}
    wanted = {
        payment.credit_card_id
        for payment in payments
        if payment.method is PaymentMethod.CREDIT_CARD and payment.credit_card_id is not None
    }
    missing = sorted(wanted - known.keys())
    if missing:
        known |= {card.id: card for card in await records.credit_cards_by_id(missing)}
    return known
