"""The simulated property system: its books, what it does to money, and the lines that the desks have to it.

It keeps the truth of every act by reference, whatever its answers and its readings tell. It takes no care of its own:
it charges twice when asked twice and gives back more than was paid, so that only DeskPay's rules prevent it. The one
thing it refuses is a refund that a colleague's refund in the same moments has made too large, as nobody else can.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, TypeVar
from zoneinfo import ZoneInfo

from deskpay.domain.bill import Bill, OrderItem
from deskpay.domain.card import CardFormat, CardKind, CreditCard, Expiry
from deskpay.domain.customer import Customer
from deskpay.domain.errors import Declined, HotelUnavailable
from deskpay.domain.hotel import Hotel
from deskpay.domain.intent import Intent, IntentKind
from deskpay.domain.money import Currency, Money
from deskpay.domain.payment import Payment, PaymentKind, PaymentMethod, PaymentState
from deskpay.domain.payment_request import PaymentRequest
from deskpay.domain.reference import with_reference
from deskpay.domain.terminal import Command
from deskpay.services.ports import Begun
from deskpay.services.server_clock import ServerClock
from deskpay.simulation.asked import LINK, TERMINAL, Asked
from deskpay.simulation.faults import FINE, READ_FAULTS, SLOW_READ, Meeting
from deskpay.simulation.loop import START_S, SimulatedLoop
from deskpay.simulation.plan import PAID_MINOR, Scenario
from deskpay.simulation.process import Process

if TYPE_CHECKING:
    from deskpay.simulation.watch import Watch

T = TypeVar("T")

START = datetime(2026, 11, 20, 9, 14, tzinfo=UTC)
"""The property system's clock at the beginning."""

COLLEAGUE, ROBOT = "Operations", "Api"
"""Where a payment was made: in the property system itself, or by a program such as this one."""

GBP = Currency("GBP", 2)
HOTEL = Hotel(
    id="enterprise",
    name="Hotel Meridian",
    zone=ZoneInfo("UTC"),
    currencies=(GBP,),
    gross_pricing=True,
    tenders=("Cash",),
    card_storage_key="key",
    is_portfolio=False,
)
GUESTS = (
    Customer("anna", "Anna", "Berg", "anna@example.com", "", "", frozenset()),
    Customer("boris", "Boris", "Novak", "boris@example.com", "", "", frozenset()),
)
_LONG_AGO = START - timedelta(days=3)
CAPTURED_EXPIRY = Expiry(2030, 5)
"""Of every card that is captured."""

_EXPIRY = Expiry(2030, 4)
_SLOW_S = 20.0
_GUEST_S = 40.0
"""How long a guest takes to pay what they were asked for."""


def card_of(guest: int) -> str:
    """Return the id of the card that the guest has from the beginning."""
    return f"visa-{GUESTS[guest].id}"


def _card(card_id: str, customer_id: str, kind: CardKind, created_utc: datetime) -> CreditCard:
    return CreditCard(
        id=card_id,
        customer_id=customer_id,
        brand="Visa",
        obfuscated_number="411111••••••1111",
        expiry=_EXPIRY,
        enabled=True,
        active=True,
        kind=kind,
        format=CardFormat.PHYSICAL,
        created_utc=created_utc,
    )


def _payment(payment_id: str, customer_id: str, minor: int, created_utc: datetime, card_id: str | None) -> Payment:
    amount = Money(minor, GBP)
    return Payment(
        id=payment_id,
        customer_id=customer_id,
        amount=amount,
        original_amount=amount,
        state=PaymentState.CHARGED,
        kind=PaymentKind.PAYMENT if minor > 0 else PaymentKind.REFUND,
        method=PaymentMethod.CREDIT_CARD,
        credit_card_id=card_id,
        bill_id=None,
        reservation_id=None,
        tender="",
        external_identifier="",
        notes="",
        origin=ROBOT,
        created_utc=created_utc,
        charged_utc=created_utc,
        open_on_bill=True,
    )


_CARDS = tuple(_card(card_of(n), guest.id, CardKind.GATEWAY, _LONG_AGO) for n, guest in enumerate(GUESTS))
_PAID = tuple(
    _payment(f"paid-{guest.id}", guest.id, PAID_MINOR, _LONG_AGO, card_of(n)) for n, guest in enumerate(GUESTS)
)


class SimulatedHotel:
    """The books and their truth.

    Attributes:
        rows: payments and refunds by id.
        cards: saved cards and terminal rows by id.
        made_by: reference of our act that made a row; rows of other hands are not in it.
        truth: row that each of our references made: the payment, the refund or the saved card.
        given_back: refund rows by the payment that they give back.
        asked: links and orders to terminals by id.
        open_at_s: until then every reading fails.
        faults: how often each fault was met.
    """

    def __init__(self, scenario: Scenario, loop: SimulatedLoop, watch: Watch) -> None:
        self.rows: dict[str, Payment] = {row.id: row for row in _PAID}
        self.cards: dict[str, CreditCard] = {card.id: card for card in _CARDS}
        self.made_by: dict[str, str] = {}
        self.truth: dict[str, str] = {}
        self.given_back: dict[str, list[str]] = {}
        self.asked: dict[str, Asked] = {}
        self.open_at_s = 0.0
        self.faults: Counter[str] = Counter()
        self.readings = 0
        self.read_s = scenario.read_s
        self.read_faults = dict(scenario.reads)
        self._meetings = iter(scenario.meetings)
        self._hidden_until_s: dict[str, float] = {}
        self._loop = loop
        self._watch = watch
        self._made = 0

    def now(self) -> datetime:
        """Return the property system's time."""
        return START + timedelta(seconds=self._loop.time() - START_S)

    def visible(self, row_id: str) -> bool:
        """Tell whether readings show the row by now."""
        hidden = self._hidden_until_s
        return not hidden or hidden.get(row_id, 0.0) <= self._loop.time()

    def next_meeting(self) -> Meeting:
        """Return how the next act is met."""
        meeting = next(self._meetings, FINE)
        if meeting.fault:
            self.faults[f"act: {meeting.fault}"] += 1
        return meeting

    def left_of(self, payment_id: str) -> int:
        """Return the minor units of a payment that are not given back, in truth."""
        back = (self.rows[refund_id] for refund_id in self.given_back.get(payment_id, ()))
        return self.rows[payment_id].amount.minor + sum(row.amount.minor for row in back if row.state.live)

    def crowded_out(self, intent: Intent) -> bool:
        """Tell whether a colleague's refund leaves no room for this one, as no check of ours can know."""
        if intent.kind is not IntentKind.REFUND or intent.payment_id is None or intent.amount is None:
            return False
        foreign = any(refund_id not in self.made_by for refund_id in self.given_back.get(intent.payment_id, ()))
        return foreign and self.left_of(intent.payment_id) < intent.amount.minor

    def carry_out(self, intent: Intent, meeting: Meeting) -> None:
        """Do what `intent` asks."""
        if self.crowded_out(intent):
            return
        if intent.kind is IntentKind.TERMINAL and meeting.error is Declined:
            return  # no row stands behind a refused order that could be read
        self._watch.effect(intent)
        now = self.now()
        if intent.kind is IntentKind.SAVE_CARD:
            made_id = self._save(intent, CardKind.GATEWAY, now)
        elif intent.kind in {IntentKind.PAY_LINK, IntentKind.TERMINAL}:
            made_id = self._ask(intent, meeting, now)
        else:
            made_id = self._pay(intent, meeting, now)
        self.truth[intent.reference] = made_id
        if meeting.hidden_s:
            self._hidden_until_s[made_id] = self._loop.time() + meeting.hidden_s
        if meeting.settles_to is not None and made_id in self.rows:
            self._loop.call_later(meeting.settles_s, self.settle, made_id, meeting.settles_to)

    def settle(self, row_id: str, state: PaymentState) -> None:
        """Bring a row to another state."""
        self.rows[row_id] = replace(self.rows[row_id], state=state)

    def state_of(self, row_id: str) -> PaymentState | None:
        """Return the state of a payment, or of what the guest was asked for; None for a card."""
        row = self.rows.get(row_id) or self.asked.get(row_id)
        return row.state if row is not None else None

    def _ask(self, intent: Intent, meeting: Meeting, now: datetime) -> str:
        notes = with_reference(intent.note, intent.reference) if meeting.echoes else ""
        asked = Asked(self._new_id(), intent, now, notes)
        self.asked[asked.id] = asked
        self.made_by[asked.id] = intent.reference
        end = meeting.settles_to or (PaymentState.CHARGED if meeting.state.live else meeting.state)
        self._loop.call_later(meeting.settles_s or _GUEST_S, self._guest_decides, asked.id, end)
        return asked.id

    def _guest_decides(self, asked_id: str, end: PaymentState) -> None:
        """Let the guest pay what was asked for, or not; a payment appears only when it was paid."""
        asked = self.asked[asked_id] = replace(self.asked[asked_id], state=end)
        if not end.live:
            return
        intent = asked.intent
        row = _payment(self._new_id(), intent.customer_id, asked.amount.minor, self.now(), None)
        self.rows[row.id] = replace(row, origin=LINK if intent.kind is IntentKind.PAY_LINK else TERMINAL)
        if intent.kind is IntentKind.TERMINAL:  # the act's end is the payment, not the order
            self.made_by[row.id] = intent.reference
            self.truth[intent.reference] = row.id

    def colleague_takes(self, guest: int, minor: int) -> None:
        """Let a colleague charge the guest's card in the property system itself."""
        row = _payment(self._new_id(), GUESTS[guest].id, minor, self.now(), card_of(guest))
        self.rows[row.id] = replace(row, origin=COLLEAGUE)

    def refunded_elsewhere(self, guest: int, minor: int, origin: str) -> None:
        """Let another hand give the guest money back, as far as there is some."""
        target = f"paid-{GUESTS[guest].id}"
        if self.left_of(target) >= minor:
            row = _payment(self._new_id(), GUESTS[guest].id, -minor, self.now(), card_of(guest))
            self.rows[row.id] = replace(row, origin=origin)
            self.given_back.setdefault(target, []).append(row.id)

    def _new_id(self) -> str:
        self._made += 1
        return f"row-{self._made}"

    def _save(self, intent: Intent, kind: CardKind, now: datetime) -> str:
        card = _card(self._new_id(), intent.customer_id, kind, now)
        self.cards[card.id] = card
        self.made_by[card.id] = intent.reference
        return card.id

    def _pay(self, intent: Intent, meeting: Meeting, now: datetime) -> str:
        if intent.amount is None:
            raise AssertionError("only saving a card moves no money")
        back, alone = intent.kind is IntentKind.REFUND, intent.kind is IntentKind.ALTERNATIVE
        minor = -intent.amount.minor if back else intent.amount.minor * (100 + meeting.surcharge_percent) // 100
        card_id = intent.credit_card_id
        if intent.kind is IntentKind.RECORD_CARD:
            card_id = self._save(intent, CardKind.TERMINAL, now)
        row = _payment(self._new_id(), intent.customer_id, minor, now, card_id)
        # That a refund's reason comes back is not documented, so it does not here.
        # An alternative payment takes no note at all.
        notes = with_reference(intent.note, intent.reference) if meeting.echoes and not (back or alone) else ""
        external = intent.kind is IntentKind.RECORD_EXTERNAL
        method = PaymentMethod.EXTERNAL if external else PaymentMethod.CREDIT_CARD
        method = PaymentMethod.ALTERNATIVE if alone else method
        self.rows[row.id] = replace(row, state=meeting.state, notes=notes, method=method)
        self.made_by[row.id] = intent.reference
        if back and intent.payment_id is not None:
            self.given_back.setdefault(intent.payment_id, []).append(row.id)
        return row.id


class Line:
    """What one desk has of the property system: its books and its acts (`HotelRecords`, `PaymentGateway`).

    Args:
        hotel: at the other end.
        process: the desk; when it dies, nothing passes any more.
        watch: sees every request.
    """

    def __init__(self, hotel: SimulatedHotel, process: Process, watch: Watch) -> None:
        self._hotel = hotel
        self._process = process
        self._watch = watch
        self._clock = ServerClock(process)

    def server_now(self) -> datetime:
        """Return the property system's time as far as its last answer told."""
        return self._clock.now()

    async def credit_cards(self, customer_id: str) -> list[CreditCard]:
        """Return the guest's cards."""
        return await self.read(
            lambda: [c for c in self._hotel.cards.values() if c.customer_id == customer_id and self._shows(c.id)]
        )

    async def credit_cards_by_id(self, credit_card_ids: Sequence[str]) -> list[CreditCard]:
        """Return these cards."""
        return await self.read(lambda: [self._hotel.cards[i] for i in credit_card_ids if i in self._hotel.cards])

    async def bills(self, _customer_id: str) -> list[Bill]:
        """Return no bills; nothing depends on them here."""
        return await self.read(list[Bill])

    async def open_items(self, _customer_ids: Sequence[str]) -> list[OrderItem]:
        """Return no items; nothing depends on them here."""
        return await self.read(list[OrderItem])

    async def open_payment_requests(self, customer_id: str, _reservation_id: str | None) -> list[PaymentRequest]:
        """Return what the guest may still pay by."""
        return [request for request in await self.payment_requests(customer_id) if request.state.open]

    async def payment_requests(self, customer_id: str) -> list[PaymentRequest]:
        """Return what the guest was asked to pay."""
        return await self.read(lambda: [r for r in self._links() if r.customer_id == customer_id])

    async def payment_requests_by_id(self, request_ids: Sequence[str]) -> list[PaymentRequest]:
        """Return these requests."""
        return await self.read(lambda: [r for r in self._links() if r.id in request_ids])

    async def commands(self, command_ids: Sequence[str]) -> list[Command]:
        """Return these orders to terminals."""
        asked = self._hotel.asked
        return await self.read(lambda: [asked[i].command for i in command_ids if i in asked and self._shows(i)])

    def _links(self) -> list[PaymentRequest]:
        links = [asked for asked in self._hotel.asked.values() if asked.intent.kind is IntentKind.PAY_LINK]
        return [asked.request for asked in links if self._shows(asked.id)]

    async def payments(
        self,
        customer_ids: Sequence[str],
        *,
        created_from_utc: datetime | None = None,
        created_to_utc: datetime | None = None,
    ) -> list[Payment]:
        """Return the guests' payments, perhaps of a span only."""
        return await self.read(
            lambda: [
                row
                for row in self._hotel.rows.values()
                if row.customer_id in customer_ids
                and (created_from_utc is None or row.created_utc >= created_from_utc)
                and (created_to_utc is None or row.created_utc < created_to_utc)
                and self._shows(row.id)
            ]
        )

    async def payments_by_id(self, payment_ids: Sequence[str]) -> list[Payment]:
        """Return these payments."""
        rows = self._hotel.rows
        return await self.read(lambda: [rows[i] for i in payment_ids if i in rows and self._shows(i)])

    async def charge(self, intent: Intent) -> str:
        """Take money."""
        return await self._act(intent)

    async def refund(self, intent: Intent) -> str:
        """Give money back."""
        return await self._act(intent)

    async def record_card(self, intent: Intent) -> str:
        """Write down a card payment; the answer names the card row."""
        return self._hotel.rows[await self._act(intent)].credit_card_id or ""

    async def record_external(self, intent: Intent) -> str:
        """Write down another payment."""
        return await self._act(intent)

    async def save_card(self, intent: Intent, transaction_id: str, expiry: Expiry) -> str:
        """Save a card."""
        if len(transaction_id) != 18 or expiry != CAPTURED_EXPIRY:
            raise AssertionError("this is not the card that was captured")
        return await self._act(intent)

    async def send_pay_link(self, intent: Intent) -> str:
        """Ask the guest by a link."""
        return await self._act(intent)

    async def begin_alternative(self, intent: Intent, _return_address: str) -> Begun:
        """Prepare what the guest pays elsewhere."""
        return Begun(await self._act(intent), "http://127.0.0.1/pay")

    async def order_terminal(self, intent: Intent) -> str:
        """Have a terminal take the payment; the answer names the order, even where the guest has paid already."""
        await self._act(intent)
        return next(asked.id for asked in self._hotel.asked.values() if asked.intent.reference == intent.reference)

    def _shows(self, row_id: str) -> bool:
        return self._hotel.visible(row_id)

    def next_meeting(self) -> Meeting:
        """Return how the next act is met, wherever it goes."""
        return self._hotel.next_meeting()

    async def read(self, select: Callable[[], T]) -> T:
        """Return what `select` finds, as slowly and as badly as the line is."""
        self._process.check()
        hotel = self._hotel
        hotel.readings += 1
        fault = hotel.read_faults.get(hotel.readings)
        await asyncio.sleep(hotel.read_s / 2)
        if hotel.open_at_s > asyncio.get_running_loop().time():
            hotel.faults["read: outage"] += 1
            raise HotelUnavailable("nobody answers")
        if fault is not None:
            hotel.faults[fault] += 1
            if fault != SLOW_READ:
                raise READ_FAULTS[fault](fault)
        answer = select()
        if fault is not None or hotel.read_s:
            await asyncio.sleep(_SLOW_S if fault is not None else hotel.read_s / 2)
        self._clock.learn(hotel.now())
        return answer

    async def _act(self, intent: Intent) -> str:
        self._process.check()
        hotel = self._hotel
        self._watch.request(intent)
        meeting = hotel.next_meeting()
        crowded_out = hotel.crowded_out(intent)
        if meeting.effect_s == 0.0:
            hotel.carry_out(intent, meeting)
        elif meeting.effect_s is not None:
            asyncio.get_running_loop().call_later(meeting.effect_s, hotel.carry_out, intent, meeting)
        await asyncio.sleep(meeting.answer_s)
        if meeting.error is not None:
            raise meeting.error(meeting.fault)
        if crowded_out or intent.reference not in hotel.truth:
            hotel.faults["act: 403, a colleague was first"] += 1
            raise Declined("more than is left")
        return hotel.truth[intent.reference]
