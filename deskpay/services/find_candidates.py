"""Who may be charged tonight without being there: no-shows, late cancellations, and guests who left unpaid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from deskpay.domain.bill import OrderItem, balance
from deskpay.domain.business_day import Span
from deskpay.domain.card import CreditCard
from deskpay.domain.customer import Customer, Reservation, ReservationState
from deskpay.domain.errors import HotelUnavailable, Refused
from deskpay.domain.intent import IntentRecord
from deskpay.domain.money import Money, total
from deskpay.domain.night_queue import Candidate, Obstacle, Why, choose_card
from deskpay.domain.payment import Payment, PaymentState
from deskpay.domain.payment_request import PaymentRequest
from deskpay.domain.virtual_card import works_from
from deskpay.services.acquirer_guest import saved_cards
from deskpay.services.front_desk import FrontDesk
from deskpay.services.night_desk import NightDesk
from deskpay.services.scope import side_by_side

LATE = timedelta(days=1)
"""How shortly before arrival a cancellation counts as late. The rate's own rule is not told by the API; the person who
reviews the queue knows it."""

LINKS_BACK = timedelta(days=60)
"""How far back requests to pay are read; the charge itself asks for all of them again."""


@dataclass(frozen=True, slots=True)
class _Known:
    cards: Sequence[CreditCard]
    items: Sequence[OrderItem]
    payments: Sequence[Payment]
    requests: Sequence[PaymentRequest]
    waiting: Sequence[IntentRecord]


async def find_candidates(night: NightDesk, span: Span) -> tuple[Candidate, ...]:
    """Return the candidates of a business day, those that can be charged first, each by confirmation number.

    Raises:
        HotelUnavailable: the books could not be read whole.
        Refused: they may not be read.
        JournalError: our own acts could not be read.
    """
    front, books = night.front, night.books
    async with side_by_side() as group:
        due = group.create_task(books.stays_due(span))
        left = group.create_task(books.stays_left(span))
    stays = {stay.id: (stay, why) for stay in left.result() if (why := _why_left(stay)) is not None}
    stays |= {stay.id: (stay, why) for stay in due.result() if (why := _why_due(stay, span)) is not None}
    ids = sorted({stay.customer_id for stay, _ in stays.values()})
    if not ids:
        return ()
    now_utc = front.records.server_now()
    async with side_by_side() as group:
        reading_customers = group.create_task(front.records.customers(ids))
        cards = group.create_task(books.cards_of(ids))
        items = group.create_task(front.records.open_items(ids))
        payments = group.create_task(front.records.payments(ids))
        requests = group.create_task(books.open_requests(Span(now_utc - LINKS_BACK, now_utc)))
        waiting = group.create_task(front.journal.unfinished())
    customers = {customer.id: customer for customer in reading_customers.result()}
    known = _Known(cards.result(), items.result(), payments.result(), requests.result(), waiting.result())
    found = [
        _candidate(night, stay, why, customers.get(stay.customer_id) or _nobody(stay), known)
        for stay, why in stays.values()
    ]
    # Somebody who left and owes nothing is no matter of the night.
    wanted = [await _with_kept(front, c) for c in found if c.why is not Why.DEPARTED_UNPAID or c.proposed.positive]
    return tuple(sorted(wanted, key=lambda c: (bool(c.obstacles), c.why.value, c.stay.number)))


async def _with_kept(front: FrontDesk, candidate: Candidate) -> Candidate:
    """Return a candidate without a card together with one that the guest saved at the acquirer.

    Such a card takes no money while the guest is away: it is charged with its code, typed in each time. Source:
    PayMongo, "Card vaulting", session type ``on_session``.
    """
    if candidate.card is not None or front.acquirer is None or front.acquirer_links is None:
        return candidate
    try:
        kept = await saved_cards(front, candidate.customer)
    except (HotelUnavailable, Refused):
        return candidate  # without it the row says less, and nothing wrong
    if not kept:
        return candidate
    obstacles = tuple(Obstacle.GUEST_AWAY if o is Obstacle.NO_CARD else o for o in candidate.obstacles)
    return replace(candidate, obstacles=obstacles, kept_elsewhere=kept[0])


def _why_due(stay: Reservation, span: Span) -> Why | None:
    if stay.state is ReservationState.CONFIRMED or (stay.state is ReservationState.CANCELED and stay.no_show):
        return Why.NO_SHOW
    late = stay.canceled_utc is not None and stay.starts_utc - LATE <= stay.canceled_utc < span.end_utc
    return Why.CANCELED_LATE if stay.state is ReservationState.CANCELED and late else None


def _why_left(stay: Reservation) -> Why | None:
    return Why.DEPARTED_UNPAID if stay.state is ReservationState.PROCESSED else None


def _nobody(stay: Reservation) -> Customer:
    """Return a stand-in for an owner that is no guest: a company, whose bill is not for a guest's card."""
    return Customer(stay.customer_id, "", "", "", "", "", frozenset())


def _candidate(night: NightDesk, stay: Reservation, why: Why, customer: Customer, known: _Known) -> Candidate:
    hotel = night.front.hotel
    arrival = stay.starts_utc.astimezone(hotel.zone).date()
    virtual_from = works_from(customer, arrival, night.front.agencies)
    card, against = choose_card(stay, known.cards, night.front.today, virtual_from)
    owed = _owed(stay, known, Money.zero(hotel.currency))
    obstacles = [*_obstacles(stay, owed, known), *([against] if against is not None else [])]
    return Candidate(
        why=why,
        stay=stay,
        customer=customer,
        card=card,
        proposed=max(owed, Money.zero(hotel.currency)),
        obstacles=tuple(obstacles),
    )


def _owed(stay: Reservation, known: _Known, nothing: Money) -> Money:
    """Return what is billed for the stay and not paid: never more than the account owes as a whole."""
    mine = [item for item in known.items if item.customer_id == stay.customer_id]
    paid = [payment for payment in known.payments if payment.customer_id == stay.customer_id]
    currency = nothing.currency
    of_stay = total([i.amount for i in mine if i.reservation_id == stay.id and i.amount.currency == currency], currency)
    return min(of_stay, balance(mine, paid, currency))


def _obstacles(stay: Reservation, owed: Money, known: _Known) -> list[Obstacle]:
    account = stay.customer_id
    of_stay = [p for p in known.payments if p.reservation_id == stay.id and p.state.live and p.amount.positive]
    obstacles: list[Obstacle] = []
    if any(record.intent.customer_id == account and record.holds_claim for record in known.waiting):
        obstacles.append(Obstacle.BEING_CHECKED)
    not_in_books = any(record.intent.customer_id == account and record.owes_entry for record in known.waiting)
    if not_in_books or any(payment.state is not PaymentState.CHARGED for payment in of_stay):
        obstacles.append(Obstacle.UNDER_WAY)
    if any(request.customer_id == account and request.takes_money for request in known.requests):
        obstacles.append(Obstacle.LINK_OPEN)
    billed = any(item.customer_id == account and item.reservation_id == stay.id for item in known.items)
    if not owed.positive and (billed or of_stay):
        obstacles.append(Obstacle.PAID_ALREADY)
    elif stay.owned_by_company or (stay.payer_ids and not billed):
        obstacles.append(Obstacle.PAID_BY_COMPANY)
    return obstacles
