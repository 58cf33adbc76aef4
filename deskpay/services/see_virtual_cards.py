"""The board of virtual cards: every card that a booking site issued for a stay around tonight. It only reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from deskpay.domain.bill import OrderItem, balance
from deskpay.domain.business_day import Span
from deskpay.domain.card import CreditCard
from deskpay.domain.customer import Customer, Reservation
from deskpay.domain.payment import Payment
from deskpay.domain.virtual_board import BoardRow, in_order, last_try, standing_of
from deskpay.domain.virtual_card import guess_for
from deskpay.services.front_desk import FrontDesk
from deskpay.services.night_desk import NightDesk
from deskpay.services.scope import side_by_side

BACK = timedelta(days=3)
"""How long after its arrival a stay's card is still looked after here."""

AHEAD = timedelta(days=14)
"""How far ahead arrivals are looked at."""


async def see_virtual_cards(night: NightDesk, span: Span) -> tuple[BoardRow, ...]:
    """Return the virtual cards of the stays that begin around a business day, what needs a hand first.

    Raises:
        HotelUnavailable: the books could not be read whole.
        Refused: they may not be read.
    """
    front, books = night.front, night.books
    due = await books.stays_due(Span(span.start_utc - BACK, span.end_utc + AHEAD))
    stays = sorted((stay for stay in due if not stay.owned_by_company), key=lambda stay: stay.starts_utc)
    cards = [card for card in await books.cards_of(sorted({stay.customer_id for stay in stays})) if card.virtual]
    ids = sorted({card.customer_id for card in cards})
    if not ids:
        return ()
    async with side_by_side() as group:
        customers = group.create_task(front.records.customers(ids))
        items = group.create_task(front.records.open_items(ids))
        payments = group.create_task(front.records.payments(ids))
    known = _Known(stays, items.result(), payments.result())
    of_id = {customer.id: customer for customer in customers.result()}
    return in_order([_row(front, card, of_id[card.customer_id], known) for card in cards if card.customer_id in of_id])


@dataclass(frozen=True, slots=True)
class _Known:
    stays: Sequence[Reservation]
    items: Sequence[OrderItem]
    payments: Sequence[Payment]


def _row(front: FrontDesk, card: CreditCard, customer: Customer, known: _Known) -> BoardRow:
    stay = _stay_of(card, known.stays)
    arrival = stay.starts_utc.astimezone(front.hotel.zone).date()
    currency = front.hotel.currency
    items = [item for item in known.items if item.customer_id == customer.id]
    payments = [payment for payment in known.payments if payment.customer_id == customer.id]
    prices = [i.amount for i in items if i.reservation_id == stay.id and i.amount.currency == currency]
    guess = guess_for(card, customer, arrival, prices, front.agencies)
    last = last_try(card, payments)
    return BoardRow(
        card=card,
        customer=customer,
        stay=stay,
        arrival=arrival,
        guess=guess,
        owed=balance(items, payments, currency),
        last=last,
        standing=standing_of(card, guess, last, front.today),
    )


def _stay_of(card: CreditCard, stays: Sequence[Reservation]) -> Reservation:
    """Return the stay that a card came with, or else the first of its guest's."""
    of_guest = [stay for stay in stays if stay.customer_id == card.customer_id]
    return next((stay for stay in of_guest if stay.credit_card_id == card.id), of_guest[0])
