"""Charging a saved card. This takes money."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from deskpay.domain.customer import Customer
from deskpay.domain.entry import check_text
from deskpay.domain.errors import Field
from deskpay.domain.intent import IntentKind, IntentRecord
from deskpay.domain.money import Money
from deskpay.services.checks import (
    baseline_of,
    check_amount,
    check_card,
    check_not_repeated,
    check_not_waiting,
    check_nothing_since,
    see_money,
)
from deskpay.services.front_desk import FrontDesk
from deskpay.services.scope import side_by_side


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargeOrder:
    """What the clerk confirmed.

    Args:
        reference: drawn when the form opened, so that one form makes one intent.
        customer: whose card.
        reservation_id: the stay, where there is one.
        credit_card_id: which card.
        amount: how much.
        note: shown in the property system; may be empty.
        accounting_category_id: None for the hotel's default.
        receipt_number: of the desk's own receipt block; may be empty.
        repeat_reason: why this is another payment, where it looks like a repeat.
        repeat_of: ids of what it looked like, as shown to whoever gave the reason.
        unpaid_since: when a person last saw what the guest had paid, where that was not just now; a payment of any
            amount since then stops the charge. None for a clerk with the guest at the desk.
    """

    reference: str
    customer: Customer
    reservation_id: str | None
    credit_card_id: str
    amount: Money
    note: str = ""
    accounting_category_id: str | None = None
    receipt_number: str = ""
    repeat_reason: str = ""
    repeat_of: frozenset[str] = frozenset()
    unpaid_since: datetime | None = None


async def take_payment(front: FrontDesk, order: ChargeOrder) -> IntentRecord:
    """Check everything afresh, make the intent durable and start it; return before the answer is there.

    Raises:
        InputRefused: amount, currency, note, receipt number or card cannot be used; nothing was sent.
        LooksRepeated: the same money seems to be taken already, and a person has not seen all of that; nothing was
            sent.
        GuestBeingChecked: an earlier act for this guest has no known outcome, or another came first; nothing was sent.
        NotAllowed: the form was used already, DeskPay is closing, or whoever is at the desk may not do this, or not
            alone; nothing was sent.
        HotelUnavailable: the books could not be read before; nothing was sent.
        Refused: the books may not be read; nothing was sent.
        JournalError: the intent could not be written; nothing was sent.
    """
    check_amount(order.amount, front.hotel)
    note = check_text(order.note, Field.NOTE)
    receipt = check_text(order.receipt_number, Field.RECEIPT)
    reason = check_text(order.repeat_reason, Field.REASON)
    known = await front.journal.of_customer(order.customer.id)
    check_not_waiting(known)
    async with side_by_side() as group:
        reading_cards = group.create_task(front.records.credit_cards(order.customer.id))
        seeing = group.create_task(see_money(front.records, order.customer.id, order.reservation_id))
    seen = seeing.result()
    card = check_card(reading_cards.result(), order.credit_card_id, front.today)
    repeat_of = check_not_repeated(order.amount, seen, order.customer.id, known, reason, order.repeat_of)
    if order.unpaid_since is not None:
        check_nothing_since(order.unpaid_since, seen, order.customer.id, known, repeat_of)
    intent = replace(
        front.intent(IntentKind.CHARGE, order.reference, order.customer, card.label, order.amount),
        credit_card_id=card.id,
        reservation_id=order.reservation_id,
        accounting_category_id=order.accounting_category_id,
        external_identifier=receipt,
        note=note,
        reason=reason,
        repeat_of=repeat_of,
        baseline=baseline_of(seen.ids, known),
    )
    return await front.begin(intent, lambda: front.gateway.charge(intent), known)
