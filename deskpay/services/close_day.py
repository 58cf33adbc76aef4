"""Reading a business day's payments, page by page, with the names that people know them by. It only reads."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from deskpay.domain.business_day import Span
from deskpay.domain.card import CreditCard
from deskpay.domain.day_sheet import Entry, entry_of_intent, entry_of_payment, money_moment
from deskpay.domain.intent import IntentRecord
from deskpay.domain.payment import Payment, PaymentMethod
from deskpay.services.night_desk import NightDesk
from deskpay.services.scope import side_by_side

LATE = timedelta(days=31)
"""How long before the day a payment may have been begun whose money came in it; a 3-D Secure check takes a day, a bank
transfer some weeks."""

_AROUND = timedelta(days=1)
"""How much earlier than its payment an act may have been drafted."""


@dataclass(frozen=True, slots=True)
class DayPart:
    """Some rows of the day.

    Args:
        entries: in no order that matters.
        complete: True for the last part: all of the day was told.
    """

    entries: tuple[Entry, ...]
    complete: bool = False


@dataclass(slots=True)
class Names:
    """Names of guests and rooms, and cards, by id, as far as they were needed.

    Args:
        night: the desk.
    """

    night: NightDesk
    guests: dict[str, str] = field(default_factory=dict[str, str])
    cards: dict[str, CreditCard | None] = field(default_factory=dict[str, "CreditCard | None"])
    _rooms: dict[str, str] | None = None
    _room_of_stay: dict[str, str] = field(default_factory=dict[str, str])

    async def learn(self, customer_ids: Sequence[str], card_ids: Sequence[str], stay_ids: Sequence[str]) -> None:
        """Read what is not known yet, side by side. Raises as every reading."""
        records, books = self.night.front.records, self.night.books
        new_guests = sorted(set(customer_ids) - self.guests.keys())
        new_cards = sorted(set(card_ids) - self.cards.keys())
        new_stays = sorted(set(stay_ids) - self._room_of_stay.keys())
        async with side_by_side() as group:
            reading_rooms = group.create_task(records.rooms()) if self._rooms is None else None
            guests = group.create_task(records.customers(new_guests)) if new_guests else None
            cards = group.create_task(records.credit_cards_by_id(new_cards)) if new_cards else None
            stays = group.create_task(books.stays_by_id(new_stays)) if new_stays else None
        rooms = self._rooms = reading_rooms.result() if reading_rooms is not None else self._rooms or {}
        # What the books do not tell is kept as not there, so that it is not asked for again with every page.
        self.guests |= dict.fromkeys(new_guests, "")
        self.cards |= dict.fromkeys(new_cards)
        self._room_of_stay |= dict.fromkeys(new_stays, "")
        self.guests |= {guest.id: guest.full_name for guest in (guests.result() if guests else ())}
        self.cards |= {card.id: card for card in (cards.result() if cards else ())}
        self._room_of_stay |= {s.id: rooms.get(s.room_id or "", "") for s in (stays.result() if stays else ())}

    def room(self, stay_id: str | None) -> str:
        """Return the name of a stay's room; empty where there is none."""
        return self._room_of_stay.get(stay_id or "", "")


async def close_day(night: NightDesk, span: Span) -> AsyncGenerator[DayPart]:
    """Give the rows of `span` as they come: payments page by page, at the end our acts of which no payment is known.

    Only a part that says so completes the day. Money that was taken later than it was begun stands on the day it came.

    Raises:
        HotelUnavailable: the books could not be read whole; what was given before is a part and no more.
        Refused: they may not be read.
        JournalError: our own acts could not be read.
    """
    front, names = night.front, Names(night)
    acts = await front.journal.drafted_on((span.start_utc - _AROUND).date(), span.end_utc.date())
    ours = _by_payment(acts)
    borne: set[str] = set()
    before = Span(span.start_utc - LATE, span.start_utc)
    for created, charged in ((span, None), (before, span)):
        async for page in night.books.payment_pages(created, charged):
            mine = [payment for payment in page if span.holds(money_moment(payment))]
            entries = await _entries(names, mine, ours)
            borne |= {entry.reference for entry in entries}
            yield DayPart(entries)
    waiting = [record for record in await front.journal.unfinished() if _told_by_us_alone(record, span)]
    await names.learn((), (), [r.intent.reservation_id for r in waiting if r.intent.reservation_id])
    yield DayPart(
        tuple(
            entry_of_intent(record, record.intent.amount, names.room(record.intent.reservation_id))
            for record in waiting
            if record.intent.amount is not None and record.intent.reference not in borne
        ),
        complete=True,
    )


async def _entries(names: Names, payments: Sequence[Payment], ours: dict[str, IntentRecord]) -> tuple[Entry, ...]:
    await names.learn(
        [payment.customer_id for payment in payments],
        [p.credit_card_id for p in payments if p.credit_card_id and p.method is PaymentMethod.CREDIT_CARD],
        [payment.reservation_id for payment in payments if payment.reservation_id],
    )
    return tuple(
        entry_of_payment(
            payment,
            names.cards.get(payment.credit_card_id or ""),
            names.guests[payment.customer_id],
            names.room(payment.reservation_id),
            ours.get(payment.id) or ours.get(payment.credit_card_id or ""),
        )
        for payment in payments
    )


def _by_payment(acts: Sequence[IntentRecord]) -> dict[str, IntentRecord]:
    """Return our acts by what came of them; a recorded slip is known by its card row, and a saved card is no money."""
    return {act.outcome_id: act for act in acts if act.outcome_id is not None and act.intent.amount is not None}


def _told_by_us_alone(record: IntentRecord, span: Span) -> bool:
    """Tell whether the books show nothing of an act that is not over; an acquirer's ids are none of theirs."""
    untold = record.outcome_id is None or record.intent.in_two_steps
    return untold and span.holds(record.sent_utc or record.intent.drafted_utc)
