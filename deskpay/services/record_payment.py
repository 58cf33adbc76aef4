"""Writing down a payment that was taken elsewhere. This moves no money and charges no card."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from deskpay.domain.card import card_label
from deskpay.domain.customer import Customer
from deskpay.domain.entry import check_last_four, check_text
from deskpay.domain.errors import Field, InputProblem, InputRefused
from deskpay.domain.intent import CardSlip, IntentKind, IntentRecord
from deskpay.domain.money import Money
from deskpay.domain.payment import Payment
from deskpay.services.checks import baseline_of, check_amount, check_not_repeated, check_not_waiting, see_money
from deskpay.services.front_desk import FrontDesk
from deskpay.services.scope import side_by_side


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordOrder:
    """What the clerk confirmed.

    Args:
        reference: drawn when the form opened.
        customer: who paid.
        amount: how much was taken.
        reservation_id: the stay, where there is one.
        bill_id: the open bill to write it on, None for the guest's default bill.
        slip: the card slip of an outside terminal; None for everything else.
        tender: code of the external type; empty with a slip.
        external_identifier: number of the slip, voucher or transfer; may be empty.
        note: shown in the property system; may be empty.
        repeat_reason: why this is another payment, where it looks like a repeat.
        repeat_of: ids of what it looked like, as shown to whoever gave the reason.
    """

    reference: str
    customer: Customer
    amount: Money
    reservation_id: str | None
    bill_id: str | None
    slip: CardSlip | None = None
    tender: str = ""
    external_identifier: str = ""
    note: str = ""
    repeat_reason: str = ""
    repeat_of: frozenset[str] = frozenset()


async def record_payment(front: FrontDesk, order: RecordOrder) -> IntentRecord:
    """Check everything afresh, make the intent durable and start it; return before the answer is there.

    Raises:
        InputRefused: something typed cannot be used; nothing was sent.
        LooksRepeated: the same payment seems to be on the books, and a person has not seen all of that; nothing was
            sent.
        GuestBeingChecked: an earlier act for this guest has no known outcome, or another came first; nothing was sent.
        NotAllowed: the form was used already, DeskPay is closing, or whoever is at the desk may not do this, or not
            alone; nothing was sent.
        HotelUnavailable: the books could not be read before; nothing was sent.
        Refused: the books may not be read; nothing was sent.
        JournalError: the intent could not be written; nothing was sent.
    """
    check_amount(order.amount, front.hotel)
    identifier = check_text(order.external_identifier, Field.RECEIPT)
    slip = _check_slip(order.slip, front) if order.slip else None
    if slip is None and order.tender not in front.hotel.tenders:
        raise InputRefused(Field.TENDER, InputProblem.NOT_TAKEN)
    note = check_text(order.note, Field.NOTE)
    reason = check_text(order.repeat_reason, Field.REASON)
    known = await front.journal.of_customer(order.customer.id)
    check_not_waiting(known)
    async with side_by_side() as group:
        seeing = group.create_task(see_money(front.records, order.customer.id, order.reservation_id))
        reading_bills = group.create_task(front.records.bills(order.customer.id))
    seen = seeing.result()
    if order.bill_id is not None and not any(b.id == order.bill_id and b.is_open for b in reading_bills.result()):
        raise InputRefused(Field.BILL, InputProblem.GONE)
    _check_identifier_unused(identifier, seen.account)
    repeat_of = check_not_repeated(order.amount, seen, order.customer.id, known, reason, order.repeat_of)
    subject = card_label(slip.brand, slip.last_four) if slip else order.tender
    kind = IntentKind.RECORD_CARD if slip else IntentKind.RECORD_EXTERNAL
    intent = replace(
        front.intent(kind, order.reference, order.customer, subject, order.amount),
        reservation_id=order.reservation_id,
        bill_id=order.bill_id,
        tender="" if slip else order.tender,
        external_identifier=identifier,
        slip=slip,
        note=note,
        reason=reason,
        repeat_of=repeat_of,
        baseline=baseline_of(seen.ids, known),
    )
    record = front.gateway.record_card if slip else front.gateway.record_external
    return await front.begin(intent, lambda: record(intent), known)


def _check_slip(slip: CardSlip, front: FrontDesk) -> CardSlip:
    """Return what is kept of the slip; the brand is checked too, for it may be typed."""
    cleaned = CardSlip(
        brand=check_text(slip.brand, Field.CARD),
        last_four=check_last_four(slip.last_four),
        holder=check_text(slip.holder, Field.HOLDER, required=True),
        expiry=slip.expiry,
    )
    if slip.expiry is not None and slip.expiry.past(front.today):
        raise InputRefused(Field.EXPIRY, InputProblem.PAST)
    return cleaned


def _check_identifier_unused(identifier: str, payments: Sequence[Payment]) -> None:
    if identifier and any(p.state.live and p.external_identifier == identifier for p in payments):
        raise InputRefused(Field.RECEIPT, InputProblem.RECORDED)
