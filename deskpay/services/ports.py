"""What the services need of the outside world. Gateways and the journal implement these; tests put fakes here.

Reads raise `HotelUnavailable` (or `NotMews`), `Refused` and its kinds. Acts that move or write down money raise
`NotSent`, `Refused` and its kinds, and `OutcomeUnknown` for everything that leaves a doubt.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from deskpay.domain.bill import Bill, BillKind, OrderItem
from deskpay.domain.business_day import Span
from deskpay.domain.card import CreditCard, Expiry
from deskpay.domain.customer import Companion, Customer, Reservation
from deskpay.domain.exchange import ExchangeRate
from deskpay.domain.hotel import AccountingCategory, Hotel
from deskpay.domain.hotel_event import HotelEvent
from deskpay.domain.intent import Intent, IntentEvent, IntentRecord
from deskpay.domain.night_queue import QueuePlan
from deskpay.domain.operator import Account
from deskpay.domain.payment import OwnRefund, Payment
from deskpay.domain.payment_request import PaymentRequest
from deskpay.domain.preauthorization import Preauthorization
from deskpay.domain.remembered import Remembered
from deskpay.domain.security import SecurityEvent
from deskpay.domain.terminal import Command, Terminal


class Clock(Protocol):
    """Time, so that tests and simulations can hold it."""

    def now(self) -> datetime:
        """Return this computer's UTC time."""
        ...

    def monotonic_s(self) -> float:
        """Return seconds on a clock that never goes back."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait `seconds`."""
        ...


class HotelRecords(Protocol):
    """The hotel's books, read only. Every method reads all pages or fails; a partial list is never returned."""

    def server_now(self) -> datetime:
        """Return the property system's UTC time as far as its last answers tell."""
        ...

    async def hotel(self) -> Hotel:
        """Return the hotel behind the token.

        Raises:
            NotMews: what answers is no property system.
            Unauthorized: the tokens are wrong.
        """
        ...

    async def rooms(self) -> dict[str, str]:
        """Return room names by resource id."""
        ...

    async def accounting_categories(self) -> list[AccountingCategory]:
        """Return the active categories for payments."""
        ...

    async def exchange_rates(self) -> list[ExchangeRate]:
        """Return the hotel's own rates, for display. Source: Mews Connector API, exchangeRates/getAll."""
        ...

    async def stays_touching(self, start_utc: datetime, end_utc: datetime) -> list[Reservation]:
        """Return confirmed and started stays that touch the half-open span, at most three months long."""
        ...

    async def stays_numbered(self, number: str) -> list[Reservation]:
        """Return the stays with this whole confirmation number."""
        ...

    async def stays_of(self, customer_ids: Sequence[str]) -> list[Reservation]:
        """Return the stays that these guests own, newest first."""
        ...

    async def customers(self, customer_ids: Sequence[str]) -> list[Customer]:
        """Return the guests with these ids; ids that are no guests are left out."""
        ...

    async def customers_in_house(self, name: str) -> list[Customer]:
        """Return guests in the house whose name matches."""
        ...

    async def customers_named(self, last_names: Sequence[str]) -> list[Customer]:
        """Return guests, past and future, with one of these whole last names."""
        ...

    async def customers_with_email(self, email: str) -> list[Customer]:
        """Return guests with this whole address."""
        ...

    async def credit_cards(self, customer_id: str) -> list[CreditCard]:
        """Return the guest's cards, newest first."""
        ...

    async def credit_cards_by_id(self, credit_card_ids: Sequence[str]) -> list[CreditCard]:
        """Return these cards, terminal ones included."""
        ...

    async def bills(self, customer_id: str) -> list[Bill]:
        """Return the guest's bills, newest first."""
        ...

    async def preauthorizations(self, customer_id: str) -> list[Preauthorization]:
        """Return what banks hold on the guest's cards. Source: preauthorizations/getAllByCustomers."""
        ...

    async def items_of_stay(self, reservation_id: str) -> list[OrderItem]:
        """Return the open items of a stay, on whatever account they stand."""
        ...

    async def open_items(self, customer_ids: Sequence[str]) -> list[OrderItem]:
        """Return the open items of these accounts."""
        ...

    async def payments(
        self,
        customer_ids: Sequence[str],
        *,
        created_from_utc: datetime | None = None,
        created_to_utc: datetime | None = None,
    ) -> list[Payment]:
        """Return the payments of these accounts in every state, newest first, perhaps only those made in a span."""
        ...

    async def payments_of_stay(self, reservation_id: str, *, created_from_utc: datetime) -> list[Payment]:
        """Return the payments of a stay made since, on whatever account, in every state, newest first."""
        ...

    async def open_payment_requests(self, customer_id: str, reservation_id: str | None) -> list[PaymentRequest]:
        """Return the requests to pay that are still open, of this guest and of this stay, newest first.

        Source: Mews Connector API, paymentRequests/getAll.
        """
        ...

    async def payment_requests(self, customer_id: str) -> list[PaymentRequest]:
        """Return all that the guest was ever asked to pay, in every state, newest first."""
        ...

    async def payment_requests_by_id(self, request_ids: Sequence[str]) -> list[PaymentRequest]:
        """Return these requests."""
        ...

    async def terminals(self) -> list[Terminal]:
        """Return the card terminals that the property system drives. Source: devices/getAll.

        Raises:
            Unauthorized: the property has not granted this.
        """
        ...

    async def commands(self, command_ids: Sequence[str]) -> list[Command]:
        """Return these orders to terminals. Source: commands/getAllByIds."""
        ...

    async def payments_by_id(self, payment_ids: Sequence[str]) -> list[Payment]:
        """Return these payments."""
        ...


class GuestRecords(Protocol):
    """What finding guests asks of the hotel's books beside `HotelRecords`, under the same promise.

    Filters of the property system take whole values only. Spans are of UTC times, half-open.
    """

    async def stays_departed(self, start_utc: datetime, end_utc: datetime) -> list[Reservation]:
        """Return the stays that ended in the span by checking out."""
        ...

    async def stays_changed(self, start_utc: datetime, end_utc: datetime) -> list[Reservation]:
        """Return the stays, in any state, that were changed in the span."""
        ...

    async def stays_booked_as(self, number: str) -> list[Reservation]:
        """Return the stays with this whole number of a booking site."""
        ...

    async def stays_in_room(self, room_id: str, start_utc: datetime, end_utc: datetime) -> list[Reservation]:
        """Return the stays in the room that touch the span."""
        ...

    async def customers_changed(self, start_utc: datetime, end_utc: datetime) -> list[Customer]:
        """Return the guests, of the whole chain, whose profiles were changed in the span."""
        ...

    async def customers_first_named(self, first_names: Sequence[str]) -> list[Customer]:
        """Return guests, past and future, with one of these whole first names."""
        ...

    async def customers_with_loyalty(self, code: str) -> list[Customer]:
        """Return guests with this whole code of a loyalty programme."""
        ...

    async def companions(self, reservation_ids: Sequence[str]) -> list[Companion]:
        """Return who shares these stays."""
        ...

    async def companies(self, company_ids: Sequence[str]) -> list[Customer]:
        """Return these companies and travel agencies."""
        ...

    async def companies_named(self, names: Sequence[str]) -> list[Customer]:
        """Return the companies and travel agencies with one of these whole names."""
        ...

    async def group_names(self, group_ids: Sequence[str]) -> dict[str, str]:
        """Return the names of groups by id, as far as they have one."""
        ...

    async def cards_of(self, customer_ids: Sequence[str]) -> list[CreditCard]:
        """Return the cards of these guests."""
        ...

    async def accounts_changed(self, start_utc: datetime, end_utc: datetime) -> set[str]:
        """Return the accounts on which something was sold or paid, or changed of it, in the span."""
        ...


class HotelEvents(Protocol):
    """What the property system tells by itself. Nothing is replayed: after `Reconnected`, whatever matters is read."""

    def listen(self, listener: Callable[[HotelEvent], None]) -> Callable[[], None]:
        """Call `listener` with every event until the function returned here is called."""
        ...


@dataclass(frozen=True, slots=True)
class Begun:
    """An alternative payment that waits for the guest.

    Args:
        payment_id: of the payment, which is pending.
        address: where the guest pays, as it came from outside; empty where there is nothing to open.
    """

    payment_id: str
    address: str


class AuditBooks(Protocol):
    """What only the night audit reads: whole spans of the hotel's books. Every list is complete or fails."""

    def payment_pages(self, created: Span, charged: Span | None = None) -> AsyncIterator[Sequence[Payment]]:
        """Give the payments made in a span, in every state, newest first, page by page as they come.

        It ends normally only when all were told; what came before a failure is a part and no more.

        Args:
            created: when they were made, at most three months.
            charged: when their money was taken, where that narrows them too.
        """
        ...

    async def stays_due(self, span: Span) -> list[Reservation]:
        """Return the stays of every state that were to begin in `span`."""
        ...

    async def stays_left(self, span: Span) -> list[Reservation]:
        """Return the stays that ended in `span`."""
        ...

    async def stays_by_id(self, reservation_ids: Sequence[str]) -> list[Reservation]:
        """Return these stays; ids that are none are left out."""
        ...

    async def cards_of(self, customer_ids: Sequence[str]) -> list[CreditCard]:
        """Return the cards of these guests, newest first."""
        ...

    async def open_requests(self, changed: Span) -> list[PaymentRequest]:
        """Return the requests to pay that were made or changed in `changed` and are still open, newest first."""
        ...


class QueueStore(Protocol):
    """The durable record of the one queue that this desk carries out. It holds ids and amounts, nothing of a guest.

    All raise `JournalUnavailable` or `JournalCorrupt`.
    """

    async def keep(self, plan: QueuePlan) -> None:
        """Write `plan`; return once it is on the disk."""
        ...

    async def unfinished(self) -> QueuePlan | None:
        """Return the queue that was kept and not finished, None where there is none."""
        ...

    async def finish(self) -> None:
        """Take note that the queue is over."""
        ...


class PaymentGateway(Protocol):
    """The acts. Each sends exactly one request, once, and never repeats it."""

    async def charge(self, intent: Intent) -> str:
        """Take money from a saved card; return the payment's id. Its state is still to be read.

        Source: Mews Connector API, creditCards/charge.
        """
        ...

    async def refund(self, intent: Intent) -> str:
        """Give money back; return the refund's id. Source: payments/refund."""
        ...

    async def record_card(self, intent: Intent) -> str:
        """Write down a card payment taken elsewhere; return the id of the card row. Source: payments/addCreditCard."""
        ...

    async def record_external(self, intent: Intent) -> str:
        """Write down a payment taken elsewhere; return its id. Source: payments/addExternal."""
        ...

    async def save_card(self, intent: Intent, transaction_id: str, expiry: Expiry) -> str:
        """Attach a captured card to the guest; return the card's id. Source: creditCards/addTokenized.

        Args:
            intent: of kind SAVE_CARD.
            transaction_id: the vault's short-lived reference; kept nowhere.
            expiry: as typed beside the hosted fields.
        """
        ...

    async def send_pay_link(self, intent: Intent) -> str:
        """Ask the guest to pay by a link; return the request's id. Source: paymentRequests/add."""
        ...

    async def cancel_pay_link(self, request_id: str) -> None:
        """Withdraw a request that is still open. What became of it is to be read, whatever comes of this.

        Source: paymentRequests/cancel.
        """
        ...

    async def begin_alternative(self, intent: Intent, return_address: str) -> Begun:
        """Prepare a payment that the guest finishes elsewhere. Source: payments/addAlternative.

        Args:
            intent: of kind ALTERNATIVE.
            return_address: where the guest is sent afterwards.
        """
        ...

    async def order_terminal(self, intent: Intent) -> str:
        """Have a terminal take the payment; return the command's id. Source: commands/addPaymentTerminal.

        Raises:
            Unauthorized: the property has not granted this.
        """
        ...


class BillOffice(Protocol):
    """What is done with bills. It moves no money."""

    async def close_bill(self, bill_id: str, kind: BillKind, note: str) -> None:
        """Close a bill for good, in one request that is never repeated. Source: Mews Connector API, bills/close.

        Raises:
            NotSent: no byte left.
            Refused: a definite no.
            OutcomeUnknown: everything else; the bill's own state tells.
        """
        ...

    async def bill_pdf(self, bill_id: str, event_id: str | None = None) -> bytes | str:
        """Return the bill as a PDF, or the id of the printing to ask again by. Source: bills/getPdf.

        Args:
            bill_id: which bill.
            event_id: of a printing that was asked for before; asking by it does not count against the bill's quota.

        Raises:
            HotelUnavailable: no usable answer.
            Refused: a definite no.
        """
        ...


class DeskMemory(Protocol):
    """What the desk remembers from one form to the next. It is a comfort: it never fails, it merely forgets."""

    async def recall(self) -> Remembered:
        """Return what was remembered last."""
        ...

    async def remember(self, remembered: Remembered) -> None:
        """Keep this for the next form, also after a restart."""
        ...


class IntentJournal(Protocol):
    """The durable record. A method returns only after its rows are on the disk.

    All raise `JournalUnavailable` or `JournalCorrupt`.
    """

    async def draft(self, record: IntentRecord) -> None:
        """Write a new intent with its first event and take its claim.

        Raises:
            GuestBeingChecked: another unresolved intent holds the claim.
        """
        ...

    async def append(self, intent_id: str, event: IntentEvent) -> IntentRecord:
        """Add `event` to the story, and give up the claim where the record no longer holds it; return the record.

        Raises:
            IllegalMoveError: the state may not follow.
        """
        ...

    async def find(self, intent_id: str) -> IntentRecord | None:
        """Return an intent, None when there is none."""
        ...

    async def unfinished(self) -> list[IntentRecord]:
        """Return every intent that has not ended, oldest first."""
        ...

    async def of_customer(self, customer_id: str) -> list[IntentRecord]:
        """Return the guest's intents, newest first."""
        ...

    async def own_refunds(self, payment_ids: Sequence[str]) -> list[OwnRefund]:
        """Return our refunds of these payments that did not fail."""
        ...

    async def drafted_on(self, first: date, last: date) -> list[IntentRecord]:
        """Return the intents drafted on these UTC days, both included, newest first."""
        ...


class Roster(Protocol):
    """The list of operators, with what proves who they are."""

    async def accounts(self) -> Sequence[Account]:
        """Return every account, in the order in which they were added.

        Raises:
            JournalError: the list cannot be believed or read.
        """
        ...

    async def keep(self, account: Account) -> None:
        """Add an account, or put it in the place of the one with its id; return once it is durable.

        Raises:
            JournalError: it cannot be written.
        """
        ...


class SecretHasher(Protocol):
    """One-way keeping of PINs and passwords."""

    async def hashed(self, secret: str) -> str:
        """Return what is kept of `secret`."""
        ...

    async def fits(self, secret_hash: str, secret: str) -> bool:
        """Tell whether `secret` is the one that was kept; a hash that cannot be read fits nothing."""
        ...


class SecurityLog(Protocol):
    """The record of who came and who changed what."""

    async def note(self, event: SecurityEvent) -> None:
        """Add an event; return once it is durable.

        Raises:
            JournalError: it cannot be written.
        """
        ...

    async def events(self) -> Sequence[SecurityEvent]:
        """Return all of them, oldest first, proven by their chain.

        Raises:
            JournalError: they cannot be believed or read.
        """
        ...
