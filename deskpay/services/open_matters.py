"""Everything that the night leaves to the morning, read from the journal and the hotel's books. It only reads."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from deskpay.domain.bill import balance
from deskpay.domain.business_day import Span
from deskpay.domain.customer import Reservation
from deskpay.domain.day_sheet import money_moment
from deskpay.domain.intent import IntentRecord, IntentState
from deskpay.domain.matters import (
    Matter,
    MatterKind,
    failed_automation,
    in_order,
    matters_of_payments,
    without_proof,
)
from deskpay.domain.payment import Payment
from deskpay.domain.payment_request import PaymentRequest
from deskpay.domain.reference import references_in
from deskpay.services.night_desk import NightDesk
from deskpay.services.scope import side_by_side

LOOK_BACK = timedelta(days=14)
"""How far back payments are read: what is open longer has been on many handover notes."""

LINKS_BACK = timedelta(days=60)
"""How far back requests to pay are read."""


@dataclass(frozen=True, slots=True)
class Handover:
    """The open matters of a business day.

    Args:
        matters: the most pressing first.
        guests: names by customer id.
    """

    matters: tuple[Matter, ...]
    guests: dict[str, str]


async def open_matters(night: NightDesk, span: Span) -> Handover:
    """Return what is open at the end of `span`.

    Raises:
        HotelUnavailable: the books could not be read whole.
        Refused: they may not be read.
        JournalError: our own acts could not be read.
    """
    front, books = night.front, night.books
    now_utc = front.records.server_now()
    async with side_by_side() as group:
        waiting = group.create_task(front.journal.unfinished())
        requests = group.create_task(books.open_requests(Span(span.end_utc - LINKS_BACK, now_utc)))
        left = group.create_task(books.stays_left(span))
        reading = group.create_task(_payments(night, Span(span.end_utc - LOOK_BACK, span.end_utc)))
    payments = reading.result()
    today = [payment for payment in payments if span.holds(money_moment(payment))]
    matters = [matter for record in waiting.result() if (matter := _of_intent(record)) is not None]
    # An act of ours that was answered stands under its own reference; its payment is not told a second time.
    ours = {record.outcome_id for record in waiting.result()}
    matters += matters_of_payments([payment for payment in payments if payment.id not in ours], now_utc)
    matters += without_proof(today)
    matters += [_of_request(request) for request in requests.result() if request.takes_money]
    matters += await _failed_automation(night, payments)
    matters += await _uneven_bills(night, left.result())
    in_turn = in_order(matters)
    return Handover(in_turn, await _names(night, {matter.customer_id for matter in in_turn}))


async def _payments(night: NightDesk, created: Span) -> list[Payment]:
    return [payment async for page in night.books.payment_pages(created) for payment in page]


async def _failed_automation(night: NightDesk, payments: list[Payment]) -> list[Matter]:
    front = night.front
    now_utc = front.records.server_now()
    guests = sorted({payment.customer_id for payment in payments if not payment.state.live})
    cards = await night.books.cards_of(guests) if guests else []
    return failed_automation(payments, cards, front.hotel, now_utc)


async def _uneven_bills(night: NightDesk, left: list[Reservation]) -> list[Matter]:
    front = night.front
    ended = {stay.customer_id: stay.ends_utc for stay in left if not stay.owned_by_company}
    if not ended:
        return []
    async with side_by_side() as group:
        items = group.create_task(front.records.open_items(sorted(ended)))
        payments = group.create_task(front.records.payments(sorted(ended)))
    matters: list[Matter] = []
    for customer_id, ends_utc in ended.items():
        owed = balance(
            [item for item in items.result() if item.customer_id == customer_id],
            [payment for payment in payments.result() if payment.customer_id == customer_id],
            front.hotel.currency,
        )
        if owed.minor:
            matters.append(
                Matter(
                    kind=MatterKind.BILL_UNEVEN,
                    id=customer_id,
                    customer_id=customer_id,
                    amount=owed,
                    since_utc=ends_utc,
                )
            )
    return matters


async def _names(night: NightDesk, customer_ids: Iterable[str]) -> dict[str, str]:
    wanted = sorted(customer_ids)
    found = await night.front.records.customers(wanted) if wanted else []
    return {customer.id: customer.full_name for customer in found}


def _of_intent(record: IntentRecord) -> Matter | None:
    intent = record.intent
    if intent.amount is None:
        return None
    unknown = record.outcome_id is None or record.state is IntentState.UNKNOWN
    kind = MatterKind.NOT_KNOWN if unknown else MatterKind.WAITING
    return Matter(
        kind=MatterKind.NOT_IN_BOOKS if record.state.took_unrecorded else kind,
        id=intent.id,
        customer_id=intent.customer_id,
        amount=intent.amount,
        since_utc=record.sent_utc or intent.drafted_utc,
        reference=intent.reference,
        subject=intent.subject,
    )


def _of_request(request: PaymentRequest) -> Matter:
    return Matter(
        kind=MatterKind.LINK_OPEN,
        id=request.id,
        customer_id=request.customer_id,
        amount=request.amount,
        since_utc=request.created_utc,
        reference=next(iter(references_in(request.notes)), ""),
    )
