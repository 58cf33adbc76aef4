"""Charging a card of an acquirer's vault. This takes money there, and then writes it down in the hotel's books."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, replace

from deskpay.domain.acquirer import AcquirerCharge, VaultedCard
from deskpay.domain.customer import Customer
from deskpay.domain.entry import check_text
from deskpay.domain.errors import (
    Declined,
    DeskPayError,
    Field,
    HotelUnavailable,
    InputProblem,
    InputRefused,
    NotAllowed,
    NotSent,
    OutcomeUnknown,
)
from deskpay.domain.intent import CardSlip, Intent, IntentKind, IntentRecord
from deskpay.domain.money import Money
from deskpay.domain.operator import Right
from deskpay.services.acquirer import Acquirer, Terms
from deskpay.services.acquirer_guest import customer_to_save_for
from deskpay.services.checks import baseline_of, check_amount, check_not_repeated, check_not_waiting, see_money
from deskpay.services.front_desk import FrontDesk
from deskpay.services.scope import side_by_side


@dataclass(frozen=True, slots=True, kw_only=True)
class AcquirerOrder:
    """What the clerk confirmed.

    Args:
        reference: drawn when the form opened, so that one form makes one intent.
        customer: whose card.
        reservation_id: the stay, where there is one.
        bill_id: bill to write it down on; None for the guest's open one.
        card: in the acquirer's vault; what is not known of one just taken is read there.
        keep: True to save the card for the guest by this payment.
        amount: how much.
        tender: external type to write it down as; empty for a card payment.
        note: shown in the property system; may be empty.
        repeat_reason: why this is another payment, where it looks like a repeat.
        repeat_of: ids of what it looked like, as shown to whoever gave the reason.
    """

    reference: str
    customer: Customer
    reservation_id: str | None
    bill_id: str | None = None
    card: VaultedCard
    keep: bool = False
    amount: Money
    tender: str = ""
    note: str = ""
    repeat_reason: str = ""
    repeat_of: frozenset[str] = frozenset()


async def charge_acquirer(front: FrontDesk, order: AcquirerOrder, return_address: str) -> IntentRecord:
    """Check everything afresh, make the intent durable and start it; return before the answer is there.

    Args:
        front: the desk.
        order: what was confirmed.
        return_address: where the bank sends the guest afterwards; reaching it proves nothing.

    Raises:
        InputRefused: amount, currency, note, tender or card cannot be used, or the card cannot be saved; nothing was
            taken.
        LooksRepeated: the same money seems to be taken already, and a person has not seen all of that; nothing was
            taken.
        GuestBeingChecked: an earlier act for this guest has no known outcome, or another came first; nothing was taken.
        NotAllowed: the connection has no acquirer, the form was used already, DeskPay is closing, or whoever is at the
            desk may not do this, or not alone; nothing was taken.
        HotelUnavailable: the books could not be read before, or the acquirer cannot be reached; nothing was taken.
        Refused: the books may not be read, or the acquirer does not take the charge; nothing was taken.
        JournalError: the intent could not be written; nothing was taken.
    """
    acquirer = front.acquirer
    if acquirer is None:
        raise NotAllowed("this connection has no acquirer")
    check_amount(order.amount, front.hotel)
    _check_terms(order.amount, acquirer.terms)
    if order.card.expiry is not None and order.card.expiry.past(front.today):
        raise InputRefused(Field.CARD, InputProblem.EXPIRED)
    holder = check_text(order.card.holder, Field.HOLDER, required=True)
    if order.tender and order.tender not in front.hotel.tenders:
        raise InputRefused(Field.TENDER, InputProblem.NOT_TAKEN)
    note = check_text(order.note, Field.NOTE)
    reason = check_text(order.repeat_reason, Field.REASON)
    known = await front.journal.of_customer(order.customer.id)
    check_not_waiting(known)
    async with side_by_side() as group:
        reading_card = group.create_task(_whole(acquirer, replace(order.card, holder=holder)))
        seeing = group.create_task(see_money(front.records, order.customer.id, order.reservation_id))
        reading_bills = group.create_task(front.records.bills(order.customer.id))
    seen = seeing.result()
    if order.bill_id is not None and not any(b.id == order.bill_id and b.is_open for b in reading_bills.result()):
        raise InputRefused(Field.BILL, InputProblem.GONE)
    repeat_of = check_not_repeated(order.amount, seen, order.customer.id, known, reason, order.repeat_of)
    card = reading_card.result()
    intent = replace(
        front.intent(IntentKind.ACQUIRER_CHARGE, order.reference, order.customer, card.label, order.amount),
        credit_card_id=card.id,
        reservation_id=order.reservation_id,
        bill_id=order.bill_id,
        tender=order.tender,
        slip=CardSlip(card.brand, card.last_four, card.holder, card.expiry),
        note=note,
        reason=reason,
        repeat_of=repeat_of,
        baseline=baseline_of(seen.ids, known),
    )
    saved_for = await customer_to_save_for(front, order.customer) if order.keep else None
    sending = _Sending(acquirer, intent, saved_for, return_address)
    return await front.begin(intent, sending.attach, known, sending.open)


class _Sending:
    """The two calls of a charge: one that takes nothing and gives it an id, one that takes the money."""

    def __init__(self, acquirer: Acquirer, intent: Intent, saved_for: str | None, return_address: str) -> None:
        self._acquirer = acquirer
        self._intent = intent
        self._saved_for = saved_for
        self._return_address = return_address
        self._charge_id = ""

    async def open(self) -> str:
        try:
            charge = await self._acquirer.open_charge(self._intent, self._saved_for)
        except DeskPayError as problem:
            raise _nothing_taken(problem) from problem
        if charge.amount != self._intent.amount or not charge.untouched:
            raise HotelUnavailable("the acquirer made another charge than was asked for", operation="open_charge")
        self._charge_id = charge.id
        return charge.id

    async def attach(self) -> str:
        card_id = self._intent.credit_card_id or ""
        try:
            charge = await self._acquirer.attach(self._charge_id, card_id, self._return_address)
        except Declined as problem:
            # Its sentence may tell a guest that their card was stolen; the code is told in words of ours.
            raise Declined(
                problem.detail, operation=problem.operation, server_message=problem.code, code=problem.code
            ) from problem
        return charge.id


def _nothing_taken(problem: DeskPayError) -> DeskPayError:
    """Return a failure to make the charge as what it is: whether it was made or not, no card has come to it."""
    doubt = isinstance(problem, OutcomeUnknown | NotSent)
    return HotelUnavailable(problem.detail, operation=problem.operation) if doubt else problem


async def cancel_charge(front: FrontDesk, record: IntentRecord) -> AcquirerCharge:
    """End a charge that waits for the guest, and return what became of it.

    Whatever the answer, or none, reading tells; where the guest has confirmed meanwhile, it is taken.

    Raises:
        NotAllowed: the connection has no acquirer, nothing was sent yet, or whoever is at the desk may not do this.
        HotelUnavailable: what became of it could not be read.
        Refused: it may not be read.
    """
    front.desk.seat.check(Right.CHARGE)
    acquirer, charge_id = front.acquirer, record.charge_id
    if acquirer is None or charge_id is None:
        raise NotAllowed("there is no charge to cancel")
    with contextlib.suppress(DeskPayError):
        await acquirer.cancel(charge_id)
    charge = await acquirer.charge(charge_id)
    front.runner.check_now(record.intent.id)
    return charge


def _check_terms(amount: Money, terms: Terms) -> None:
    if amount.currency != terms.least.currency:
        raise InputRefused(Field.CURRENCY, InputProblem.NOT_TAKEN)
    if amount < terms.least:
        raise InputRefused(Field.AMOUNT, InputProblem.TOO_SMALL)
    if amount > terms.most:
        raise InputRefused(Field.AMOUNT, InputProblem.TOO_LARGE)


async def _whole(acquirer: Acquirer, card: VaultedCard) -> VaultedCard:
    """Return a card with the digits that may be shown; one that was just taken tells them only there."""
    if card.last_four:
        return card
    kept = await acquirer.card(card.id)
    return replace(card, last_four=kept.last_four, expiry=kept.expiry or card.expiry)
