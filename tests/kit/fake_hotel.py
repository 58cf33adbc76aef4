"""A hotel in memory: the books and the gateway behind the services' ports, with a counter of what each act did.

It breaks on demand, act by act and reading by reading, and all its delays run on the loop's clock. What it does to
money is counted by reference, which is what the safety tests assert on.
"""

import asyncio
from collections import Counter, deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from typing_extensions import override

from deskpay.domain.bill import Bill, OrderItem
from deskpay.domain.card import CardFormat, CardKind, CreditCard, Expiry
from deskpay.domain.customer import Customer, Reservation
from deskpay.domain.exchange import ExchangeRate
from deskpay.domain.hotel import AccountingCategory, Hotel
from deskpay.domain.intent import Intent, IntentKind
from deskpay.domain.money import Currency, Money
from deskpay.domain.payment import Payment, PaymentKind, PaymentMethod, PaymentState
from deskpay.domain.payment_request import PaymentRequest, PaymentRequestState
from deskpay.domain.preauthorization import Preauthorization
from deskpay.domain.reference import with_reference
from deskpay.domain.terminal import Command, CommandState, Terminal
from deskpay.services.ports import Begun, HotelRecords, PaymentGateway

GBP = Currency("GBP", 2)
EUR = Currency("EUR", 2)
JPY = Currency("JPY", 0)
NEXT_YEARS = Expiry(2028, 4)
LONG_AGO = datetime(2026, 11, 1, tzinfo=UTC)

ANNA = Customer("anna", "Anna", "Ødegård", "anna@example.com", "", "", frozenset())
BORIS = Customer("boris", "Boris", "Novák", "boris@example.com", "", "", frozenset())

TheHotel = Hotel(
    id="enterprise",
    name="Hotel Meridian",
    zone=ZoneInfo("Europe/London"),
    currencies=(GBP, EUR),
    gross_pricing=True,
    tenders=("Cash", "Voucher"),
    card_storage_key="key",
    is_portfolio=False,
)

_Row = TypeVar("_Row")


def pounds(minor: int) -> Money:
    """`minor` pence."""
    return Money(minor, GBP)


def card(
    credit_card_id: str,
    customer_id: str = ANNA.id,
    *,
    kind: CardKind = CardKind.GATEWAY,
    enabled: bool = True,
    active: bool = True,
    expiry: Expiry | None = NEXT_YEARS,
) -> CreditCard:
    """A saved card."""
    return CreditCard(
        id=credit_card_id,
        customer_id=customer_id,
        brand="Visa",
        obfuscated_number="411111••••••1111",
        expiry=expiry,
        enabled=enabled,
        active=active,
        kind=kind,
        format=CardFormat.PHYSICAL,
        created_utc=LONG_AGO,
    )


def payment(
    payment_id: str,
    amount: Money,
    created_utc: datetime,
    *,
    customer_id: str = ANNA.id,
    state: PaymentState = PaymentState.CHARGED,
    kind: PaymentKind = PaymentKind.PAYMENT,
    method: PaymentMethod = PaymentMethod.CREDIT_CARD,
    credit_card_id: str | None = "visa",
    external_identifier: str = "",
    notes: str = "",
    reservation_id: str | None = None,
    origin: str = "",
) -> Payment:
    """A row of the books, such as a colleague makes in the property system itself."""
    return Payment(
        id=payment_id,
        customer_id=customer_id,
        amount=amount,
        original_amount=amount,
        state=state,
        kind=kind,
        method=method,
        credit_card_id=credit_card_id if method is PaymentMethod.CREDIT_CARD else None,
        bill_id=None,
        reservation_id=reservation_id,
        tender="",
        external_identifier=external_identifier,
        notes=notes,
        origin=origin,
        created_utc=created_utc,
        charged_utc=created_utc if state is PaymentState.CHARGED else None,
        open_on_bill=True,
    )


def pay_request(
    request_id: str,
    amount: Money,
    created_utc: datetime,
    *,
    customer_id: str = ANNA.id,
    reservation_id: str | None = None,
    state: PaymentRequestState = PaymentRequestState.PENDING,
    takes_money: bool = True,
    notes: str = "",
) -> PaymentRequest:
    """A link that the guest was sent."""
    expires = created_utc + timedelta(days=7)
    return PaymentRequest(
        request_id, customer_id, reservation_id, amount, state, takes_money, notes, created_utc, expires
    )


def bill(bill_id: str, *, is_open: bool = True) -> Bill:
    """A bill of Anna's."""
    return Bill(bill_id, ANNA.id, "", "", is_open, LONG_AGO)


@dataclass(frozen=True, slots=True, kw_only=True)
class Meets:
    """How the hotel meets one act.

    Attributes:
        before_s: Time until anything happens.
        done: Whether it takes effect.
        state: Of the row it makes.
        after_s: Time between the effect and the answer.
        error: What the caller gets instead of the answer.
        echoes: Whether the note comes back with the row.
        surcharge_minor: What the hotel adds on its own to money that it takes.
    """

    before_s: float = 0
    done: bool = True
    state: PaymentState = PaymentState.CHARGED
    after_s: float = 0
    error: BaseException | None = None
    echoes: bool = True
    surcharge_minor: int = 0


@dataclass(eq=False)
class FakeHotel(HotelRecords, PaymentGateway):
    """The hotel.

    Attributes:
        now: Its clock.
        requests: How many requests reached it, by reference.
        effects: How many rows those made, by reference.
        truth: The payment or saved card that each reference made, whatever the books tell of it.
        pay_requests: What guests were asked to pay by a link.
        rates: Of exchange.
        asked: How often each reading was made, by name.
        holds: What banks hold on Anna's cards.
        coming: How it meets the next acts; beyond them all goes well.
        failing: What the next readings raise; None lets one pass.
        unread: What every reading of that name raises.
        closed: What every reading raises, until taken back.
        slow_s: How long the next reading of that name takes, having looked at its beginning.
        captures: Capture references that reached it.
        devices: Terminals that it drives.
        orders: How far each order to a terminal has come.
        address: Where guests finish alternative payments.
    """

    now: Callable[[], datetime]
    cards: list[CreditCard] = field(default_factory=lambda: [card("visa")])
    guests: list[Customer] = field(default_factory=lambda: [ANNA, BORIS])
    stays: list[Reservation] = field(default_factory=list)
    bill_rows: list[Bill] = field(default_factory=lambda: [bill("bill")])
    items: list[OrderItem] = field(default_factory=list)
    rows: list[Payment] = field(default_factory=list)
    pay_requests: list[PaymentRequest] = field(default_factory=list)
    rates: list[ExchangeRate] = field(default_factory=list)
    asked: Counter[str] = field(default_factory=Counter)
    holds: list[Preauthorization] = field(default_factory=list)
    requests: Counter[str] = field(default_factory=Counter)
    effects: Counter[str] = field(default_factory=Counter)
    truth: dict[str, str] = field(default_factory=dict)
    coming: deque[Meets] = field(default_factory=deque)
    failing: deque[Exception | None] = field(default_factory=deque)
    unread: dict[str, Exception] = field(default_factory=dict)
    closed: Exception | None = None
    slow_s: dict[str, float] = field(default_factory=dict)
    captures: list[str] = field(default_factory=list)
    devices: list[Terminal] = field(default_factory=lambda: [Terminal("term-1", "Reception")])
    orders: dict[str, CommandState] = field(default_factory=dict)
    address: str = "http://127.0.0.1:9/pay"
    _at_terminal: dict[str, Intent] = field(default_factory=dict)
    _made: int = 0

    def settle(self, payment_id: str, state: PaymentState) -> None:
        """Bring a row to another state."""
        self.rows = [replace(row, state=state) if row.id == payment_id else row for row in self.rows]

    def made(self, reference: str) -> list[Payment]:
        """The rows that carry `reference`."""
        return [row for row in self.rows if reference in row.notes]

    @override
    def server_now(self) -> datetime:
        return self.now()

    @override
    async def hotel(self) -> Hotel:
        return TheHotel

    @override
    async def rooms(self) -> dict[str, str]:
        await self.read("rooms", [])
        return {"room-312": "312", "room-9": "9"}

    @override
    async def accounting_categories(self) -> list[AccountingCategory]:
        return []

    @override
    async def stays_touching(self, start_utc: datetime, end_utc: datetime) -> list[Reservation]:
        return await self.read("stays", [s for s in self.stays if s.starts_utc < end_utc and s.ends_utc > start_utc])

    @override
    async def stays_numbered(self, number: str) -> list[Reservation]:
        return await self.read("stays", [stay for stay in self.stays if stay.number == number])

    @override
    async def stays_of(self, customer_ids: Sequence[str]) -> list[Reservation]:
        return await self.read("stays", [stay for stay in self.stays if stay.customer_id in customer_ids])

    @override
    async def exchange_rates(self) -> list[ExchangeRate]:
        return await self.read("exchange_rates", self.rates)

    @override
    async def customers(self, customer_ids: Sequence[str]) -> list[Customer]:
        return await self.read("customers", [guest for guest in self.guests if guest.id in customer_ids])

    @override
    async def customers_in_house(self, name: str) -> list[Customer]:
        return await self.read("customers", [guest for guest in self.guests if name in guest.full_name])

    @override
    async def customers_named(self, last_names: Sequence[str]) -> list[Customer]:
        return await self.read("customers", [guest for guest in self.guests if guest.last_name in last_names])

    @override
    async def customers_with_email(self, email: str) -> list[Customer]:
        return await self.read("customers", [guest for guest in self.guests if guest.email == email])

    @override
    async def credit_cards(self, customer_id: str) -> list[CreditCard]:
        return await self.read("cards", [card for card in self.cards if card.customer_id == customer_id])

    @override
    async def credit_cards_by_id(self, credit_card_ids: Sequence[str]) -> list[CreditCard]:
        return await self.read("cards", [card for card in self.cards if card.id in credit_card_ids])

    @override
    async def bills(self, customer_id: str) -> list[Bill]:
        return await self.read("bills", [bill for bill in self.bill_rows if bill.customer_id == customer_id])

    @override
    async def preauthorizations(self, customer_id: str) -> list[Preauthorization]:
        await self.read("preauthorizations", [])
        return self.holds if customer_id == ANNA.id else []

    @override
    async def items_of_stay(self, reservation_id: str) -> list[OrderItem]:
        return await self.read("items", [item for item in self.items if item.reservation_id == reservation_id])

    @override
    async def open_items(self, customer_ids: Sequence[str]) -> list[OrderItem]:
        return await self.read("items", [item for item in self.items if item.customer_id in customer_ids])

    @override
    async def payments(
        self,
        customer_ids: Sequence[str],
        *,
        created_from_utc: datetime | None = None,
        created_to_utc: datetime | None = None,
    ) -> list[Payment]:
        return await self.read(
            "payments",
            [
                row
                for row in self.rows
                if row.customer_id in customer_ids
                and (created_from_utc is None or row.created_utc >= created_from_utc)
                and (created_to_utc is None or row.created_utc < created_to_utc)
            ],
        )

    @override
    async def payments_of_stay(self, reservation_id: str, *, created_from_utc: datetime) -> list[Payment]:
        found = [p for p in self.rows if p.reservation_id == reservation_id and p.created_utc >= created_from_utc]
        return await self.read("payments of the stay", found, in_turn=False)

    @override
    async def open_payment_requests(self, customer_id: str, reservation_id: str | None) -> list[PaymentRequest]:
        stays = {reservation_id} - {None}
        found = [r for r in self.pay_requests if r.customer_id == customer_id or r.reservation_id in stays]
        open_ones = [request for request in found if request.state.open]
        return await self.read("payment requests", open_ones, in_turn=False)

    @override
    async def payment_requests(self, customer_id: str) -> list[PaymentRequest]:
        found = [request for request in self.pay_requests if request.customer_id == customer_id]
        return await self.read("payment requests", found)

    @override
    async def payment_requests_by_id(self, request_ids: Sequence[str]) -> list[PaymentRequest]:
        return await self.read("payment requests", [r for r in self.pay_requests if r.id in request_ids])

    @override
    async def terminals(self) -> list[Terminal]:
        return await self.read("terminals", self.devices)

    @override
    async def commands(self, command_ids: Sequence[str]) -> list[Command]:
        found = [Command(i, state) for i, state in self.orders.items() if i in command_ids]
        return await self.read("commands", found)

    @override
    async def payments_by_id(self, payment_ids: Sequence[str]) -> list[Payment]:
        return await self.read("payments", [row for row in self.rows if row.id in payment_ids])

    @override
    async def charge(self, intent: Intent) -> str:
        return await self._act(intent, self._payment)

    @override
    async def refund(self, intent: Intent) -> str:
        return await self._act(intent, self._payment)

    @override
    async def record_card(self, intent: Intent) -> str:
        return await self._act(intent, self._slip)

    @override
    async def record_external(self, intent: Intent) -> str:
        return await self._act(intent, self._payment)

    @override
    async def save_card(self, intent: Intent, transaction_id: str, expiry: Expiry) -> str:
        self.captures.append(transaction_id)
        return await self._act(intent, lambda intent, _meets: self._card(intent, CardKind.GATEWAY, expiry))

    @override
    async def send_pay_link(self, intent: Intent) -> str:
        return await self._act(intent, self._ask)

    @override
    async def cancel_pay_link(self, request_id: str) -> None:
        meets = self.coming.popleft() if self.coming else Meets()
        if meets.done:
            self.turn(request_id, PaymentRequestState.CANCELED)
        if meets.error is not None:
            raise meets.error

    @override
    async def begin_alternative(self, intent: Intent, return_address: str) -> Begun:
        return Begun(await self._act(intent, self._payment), self.address)

    @override
    async def order_terminal(self, intent: Intent) -> str:
        return await self._act(intent, self._order)

    def turn(self, request_id: str, state: PaymentRequestState) -> None:
        """Bring a request to pay to another state."""
        self.pay_requests = [replace(r, state=state) if r.id == request_id else r for r in self.pay_requests]

    def pays_at_terminal(self, reference: str) -> str:
        """Let the guest pay what the terminal was sent; return the payment's id."""
        intent = self._at_terminal[reference]
        assert intent.amount is not None
        made = payment(self._new_id("payment"), intent.amount, self.now(), credit_card_id="guest's", origin="Terminal")
        self.rows.append(made)
        self.orders[self.truth[reference]] = CommandState.PROCESSED
        return made.id

    def _ask(self, intent: Intent, meets: Meets) -> str:
        assert intent.amount is not None
        note = with_reference(intent.note, intent.reference) if meets.echoes else ""
        made = pay_request(
            self._new_id("request"),
            intent.amount,
            self.now(),
            customer_id=intent.customer_id,
            reservation_id=intent.reservation_id,
            notes=note,
        )
        self.pay_requests.append(made)
        self.truth[intent.reference] = made.id
        return made.id

    def _order(self, intent: Intent, _meets: Meets) -> str:
        command_id = self._new_id("command")
        self.orders[command_id] = CommandState.UNDER_WAY
        self.truth[intent.reference] = command_id
        self._at_terminal[intent.reference] = intent
        return command_id

    async def read(self, name: str, found: Iterable[_Row], *, in_turn: bool = True) -> list[_Row]:
        """Answer one reading, as slowly and as badly as was ordered; count it."""
        answer = list(found)
        self.asked[name] += 1
        await asyncio.sleep(self.slow_s.pop(name, 0))
        problem = self.closed or self.unread.get(name) or (self.failing.popleft() if in_turn and self.failing else None)
        if problem is not None:
            raise problem
        return answer

    async def _act(self, intent: Intent, effect: Callable[[Intent, Meets], str]) -> str:
        self.requests[intent.reference] += 1
        meets = self.coming.popleft() if self.coming else Meets()
        await asyncio.sleep(meets.before_s)
        outcome_id = ""
        if meets.done:
            self.effects[intent.reference] += 1
            outcome_id = effect(intent, meets)
        await asyncio.sleep(meets.after_s)
        if meets.error is not None:
            raise meets.error
        return outcome_id

    def _new_id(self, what: str) -> str:
        self._made += 1
        return f"{what}-{self._made}"

    def _card(self, intent: Intent, kind: CardKind, expiry: Expiry | None) -> str:
        made = card(self._new_id("card"), intent.customer_id, kind=kind, expiry=expiry)
        self.cards.append(replace(made, created_utc=self.now()))
        self.truth[intent.reference] = made.id
        return made.id

    def _slip(self, intent: Intent, meets: Meets) -> str:
        credit_card_id = self._card(intent, CardKind.TERMINAL, None)
        self._payment(replace(intent, credit_card_id=credit_card_id), meets)
        return credit_card_id

    def _payment(self, intent: Intent, meets: Meets) -> str:
        assert intent.amount is not None
        back = intent.kind is IntentKind.REFUND
        bare = back or intent.kind is IntentKind.ALTERNATIVE
        asked = replace(intent.amount, minor=intent.amount.minor + (0 if bare else meets.surcharge_minor))
        # That a refund's reason comes back is not documented, so it does not here.
        alternative = intent.kind is IntentKind.ALTERNATIVE
        note = with_reference(intent.note, intent.reference) if meets.echoes and not back and not alternative else ""
        method = PaymentMethod.EXTERNAL if intent.kind is IntentKind.RECORD_EXTERNAL else PaymentMethod.CREDIT_CARD
        made = payment(
            self._new_id("payment"),
            -asked if back else asked,
            self.now(),
            customer_id=intent.customer_id,
            state=meets.state,
            kind=PaymentKind.REFUND if back else PaymentKind.PAYMENT,
            method=PaymentMethod.ALTERNATIVE if alternative else method,
            credit_card_id=intent.credit_card_id,
            external_identifier=intent.external_identifier,
            notes=note,
        )
        self.rows.append(replace(made, bill_id=intent.bill_id, reservation_id=intent.reservation_id))
        self.truth[intent.reference] = made.id
        return made.id
