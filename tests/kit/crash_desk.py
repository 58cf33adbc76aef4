"""A desk without a window: the real client, services and journal over real sockets and a real file.

It is put together as the app does it, with nothing of Qt, so that a test may kill it, cut its line or move its clock.
"""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from deskpay.domain.acquirer import VaultedCard
from deskpay.domain.card import Expiry, not_chargeable
from deskpay.domain.customer import Customer
from deskpay.domain.environment import Environment
from deskpay.domain.intent import CardSlip, IntentEvent, IntentKind, IntentRecord
from deskpay.domain.money import Money
from deskpay.domain.payment import OwnRefund, Payment, PaymentMethod, PaymentState
from deskpay.domain.payment_request import LinkTerms, PayReason
from deskpay.gateways.http import connector_address, paymongo_address
from deskpay.gateways.mews.client import MewsConnection, connect
from deskpay.gateways.paymongo.client import Deadlines, PayMongo, connect_paymongo
from deskpay.gateways.paymongo.keys import keys_of
from deskpay.gateways.paymongo.wire.base import PESO
from deskpay.journal.journal import open_journal, open_shared_journal
from deskpay.journal.server import Place
from deskpay.services.ask_guest import AskOrder, ask_guest
from deskpay.services.charge_acquirer import AcquirerOrder, charge_acquirer
from deskpay.services.desk import Desk
from deskpay.services.front_desk import FrontDesk
from deskpay.services.guest_pages import GuestPages
from deskpay.services.intent_runner import IntentRunner, Timings
from deskpay.services.look_up import LookUp
from deskpay.services.ports import AuditBooks, Clock, IntentJournal, PaymentGateway
from deskpay.services.record_payment import RecordOrder, record_payment
from deskpay.services.refund_payment import RefundOrder, refund_payment
from deskpay.services.save_card import SaveCardOrder, save_card
from deskpay.services.scope import TaskScope
from deskpay.services.system_clock import SystemClock
from deskpay.services.take_payment import ChargeOrder, take_payment
from deskpay.services.write_down import WriteDown
from tests.kit.seats import seat_of

REFERENCE = "DP-CRAS-H001"
AMOUNT_MINOR = 1234
GUEST = "Pepperwick"

RETURN = "https://return.deskpay.invalid/"

SWIFT = Timings(
    looks_s=(0.02, 0.05, 0.1),
    later_looks_s=0.2,
    polls_s=(0, 0.05, 0.1),
    later_polls_s=0.2,
    guest_polls_s=(0, 0.05, 0.1),
    entries_s=(0.02, 0.05, 0.1),
)
"""Looks and readings in an order as at a desk, in less time."""


@dataclass(frozen=True, slots=True)
class Line:
    """Where a desk is connected, and how patient it is.

    Args:
        address: of the Connector API.
        client_token: of the program.
        access_token: of the property.
        read_deadline_s: longest time of a read.
        money_deadline_s: longest time of an act.
        paymongo_secret_key: of the hotel's account at PayMongo; empty where it has none.
        paymongo_public_key: of the same account.
    """

    address: str
    client_token: str
    access_token: str
    read_deadline_s: float = 10.0
    money_deadline_s: float = 5.0
    paymongo_secret_key: str = ""
    paymongo_public_key: str = ""


@dataclass(frozen=True, slots=True)
class BareDesk:
    """An open desk without a window.

    Args:
        front: what every act needs.
        books: whole spans of the hotel's books, for the night audit.
        scope: the application's scope; it owns the money.
        faults: what was reported as a fault of our own.
    """

    front: FrontDesk
    books: AuditBooks
    scope: TaskScope
    faults: list[BaseException]

    async def guest(self, last_name: str = GUEST) -> Customer:
        """Find a guest in the hotel's books."""
        (customer,) = await self.front.records.customers_named([last_name])
        return customer

    async def act(
        self, kind: IntentKind, *, guest: str = GUEST, reference: str = REFERENCE, transaction_id: str = ""
    ) -> IntentRecord:
        """Do as the dialogs do when the clerk confirms; return once the intent is durable.

        Args:
            kind: what is done, for `AMOUNT_MINOR`.
            guest: last name.
            reference: of the form.
            transaction_id: of the vault, for saving a card; of the card in the acquirer's vault. With any, a refund
                gives back what the acquirer took.
        """
        front, customer = self.front, await self.guest(guest)
        amount = Money(AMOUNT_MINOR, front.hotel.currency)
        match kind:
            case IntentKind.CHARGE:
                return await take_payment(
                    front,
                    ChargeOrder(
                        reference=reference,
                        customer=customer,
                        reservation_id=None,
                        credit_card_id=await self.card_of(customer),
                        amount=amount,
                    ),
                )
            case IntentKind.REFUND:
                payment = await self.refundable(customer, 150_050 if transaction_id else 45_000)
                order = RefundOrder(
                    reference=reference,
                    customer=customer,
                    payment_id=payment.id,
                    amount=Money(AMOUNT_MINOR, payment.original_amount.currency),
                    reason="Broken heating",
                )
                return await refund_payment(front, order)
            case IntentKind.RECORD_CARD | IntentKind.RECORD_EXTERNAL:
                by_card = kind is IntentKind.RECORD_CARD
                return await record_payment(
                    front,
                    RecordOrder(
                        reference=reference,
                        customer=customer,
                        amount=amount,
                        reservation_id=None,
                        bill_id=None,
                        slip=CardSlip("Visa", "1111", "O. Pepperwick", None) if by_card else None,
                        tender="" if by_card else "Cash",
                    ),
                )
            case IntentKind.PAY_LINK | IntentKind.ALTERNATIVE | IntentKind.TERMINAL:
                return await ask_guest(front, await self._asking(kind, reference, customer, amount))
            case IntentKind.SAVE_CARD:
                return await save_card(front, self._saving(reference, customer, transaction_id))
            case IntentKind.ACQUIRER_CHARGE:
                return await charge_acquirer(front, _at_acquirer(reference, customer, transaction_id), RETURN)

    def _saving(self, reference: str, customer: Customer, transaction_id: str) -> SaveCardOrder:
        return SaveCardOrder(
            reference=reference,
            customer=customer,
            transaction_id=transaction_id,
            captured_at_s=self.front.clock.monotonic_s(),
            expiry=Expiry(datetime.now(UTC).year + 2, 10),
        )

    async def _asking(self, kind: IntentKind, reference: str, customer: Customer, amount: Money) -> AskOrder:
        records = self.front.records
        until = records.server_now() + timedelta(days=1)
        link = LinkTerms(PayReason.OTHER, until, "Please pay", by_email=False)
        return AskOrder(
            reference=reference,
            customer=customer,
            reservation_id=None,
            amount=amount,
            link=link if kind is IntentKind.PAY_LINK else None,
            method="ApplePay" if kind is IntentKind.ALTERNATIVE else "",
            terminal=(await records.terminals())[0] if kind is IntentKind.TERMINAL else None,
        )

    async def card_of(self, customer: Customer) -> str:
        """Return the first of the guest's cards that can be charged."""
        cards = await self.front.records.credit_cards(customer.id)
        return next(card.id for card in cards if not_chargeable(card, self.front.today) is None)

    async def refundable(self, customer: Customer, minor: int = 45_000) -> Payment:
        """Return a payment of the guest, of so much, that can be given back in part."""
        return next(
            payment
            for payment in await self.front.records.payments([customer.id])
            if payment.method is PaymentMethod.CREDIT_CARD
            and payment.state is PaymentState.CHARGED
            and payment.original_amount.minor == minor
        )

    async def stories(self) -> list[IntentRecord]:
        """Return everything on record, newest first."""
        return await self.front.journal.drafted_on(date.min, date.max)

    async def reaches(self, record: IntentRecord, reached: Callable[[IntentRecord], bool]) -> IntentRecord:
        """Wait until the news of an act satisfy `reached`; return its story."""
        return await reaches(self.front.runner, record, reached)


def _at_acquirer(reference: str, customer: Customer, card_id: str) -> AcquirerOrder:
    card = VaultedCard(card_id, "Visa", "4345", Expiry(2030, 12), "Ottoline Pepperwick")
    return AcquirerOrder(
        reference=reference, customer=customer, reservation_id=None, card=card, amount=Money(150_050, PESO)
    )


@dataclass
class WatchedJournal:
    """A journal that tells of each of its writes right before and right after it is durable.

    Attributes:
        inner: the real one.
        at: called with the number of the write, counted from one, and ``before`` or ``after``.
        written: how many writes there were.
    """

    inner: IntentJournal
    at: Callable[[int, str], None]
    written: int = 0

    async def draft(self, record: IntentRecord) -> None:
        """As the port says."""
        self.written += 1
        self.at(self.written, "before")
        await self.inner.draft(record)
        self.at(self.written, "after")

    async def append(self, intent_id: str, event: IntentEvent) -> IntentRecord:
        """As the port says."""
        self.written += 1
        self.at(self.written, "before")
        record = await self.inner.append(intent_id, event)
        self.at(self.written, "after")
        return record

    async def find(self, intent_id: str) -> IntentRecord | None:
        return await self.inner.find(intent_id)

    async def unfinished(self) -> list[IntentRecord]:
        return await self.inner.unfinished()

    async def of_customer(self, customer_id: str) -> list[IntentRecord]:
        return await self.inner.of_customer(customer_id)

    async def own_refunds(self, payment_ids: Sequence[str]) -> list[OwnRefund]:
        return await self.inner.own_refunds(payment_ids)

    async def drafted_on(self, first: date, last: date) -> list[IntentRecord]:
        return await self.inner.drafted_on(first, last)


async def reaches(runner: IntentRunner, record: IntentRecord, reached: Callable[[IntentRecord], bool]) -> IntentRecord:
    """Wait until the news of an act satisfy `reached`; return its story."""
    while True:
        news = runner.latest(record.intent.id)
        if news is not None and reached(news.record):
            return news.record
        await runner._stories.next_change()


async def _connected(line: Line, clock: Clock, opening: AsyncExitStack) -> MewsConnection:
    mews = await connect(
        connector_address(Environment.TRAINING, line.address),
        line.client_token,
        line.access_token,
        clock,
        200,
        read_deadline_s=line.read_deadline_s,
        money_deadline_s=line.money_deadline_s,
    )
    opening.push_async_callback(mews.aclose)
    return mews


async def _acquirer(line: Line, clock: Clock, opening: AsyncExitStack) -> PayMongo | None:
    if not line.paymongo_secret_key:
        return None
    training = Environment.TRAINING
    keys = keys_of(training, line.paymongo_secret_key, line.paymongo_public_key)
    deadlines = Deadlines(line.read_deadline_s, line.money_deadline_s)
    acquirer = await connect_paymongo(paymongo_address(training, line.address), keys, clock, deadlines=deadlines)
    opening.push_async_callback(acquirer.aclose)
    return acquirer


def _same(port: IntentJournal) -> IntentJournal:
    return port


def _plain(port: PaymentGateway) -> PaymentGateway:
    return port


@asynccontextmanager
async def open_bare_desk(
    line: Line,
    path: Path | Place,
    *,
    timings: Timings = SWIFT,
    desk_id: str = "desk-1",
    clock: Clock | None = None,
    journal_around: Callable[[IntentJournal], IntentJournal] = _same,
    gateway_around: Callable[[PaymentGateway], PaymentGateway] = _plain,
) -> AsyncIterator[BareDesk]:
    """Open a desk on the journal at `path`, take up what an earlier run left, and close everything in order.

    Args:
        line: where to.
        path: of the journal, or its place on a server that desks share.
        timings: when acts are looked up and read.
        desk_id: name of the workstation.
        clock: this computer's time.
        journal_around: puts something around the journal.
        gateway_around: puts something around the acts.
    """
    clock = clock or SystemClock()
    faults: list[BaseException] = []
    async with AsyncExitStack() as opening:
        mews = await _connected(line, clock, opening)
        hotel = await mews.records.hotel()
        if isinstance(path, Place):
            shared_by, opened = desk_id, await open_shared_journal(path, desk_id)
        else:
            shared_by, opened = None, await open_journal(path)
        opening.push_async_callback(opened.aclose)
        journal = journal_around(opened)
        scope = TaskScope(faults.append)
        opening.push_async_callback(scope.close)
        acquirer = await _acquirer(line, clock, opening)
        look_up, now = LookUp(mews.records, acquirer), mews.records.server_now
        write_down = WriteDown(mews.records, mews.gateway, acquirer, now, timings) if acquirer is not None else None
        runner = IntentRunner(journal, look_up, clock, now, scope, timings, write_down=write_down)
        front = FrontDesk(
            hotel=hotel,
            desk=Desk(desk_id, seat_of("Poppy Inkwell", clock)),
            clock=clock,
            records=mews.records,
            gateway=gateway_around(mews.gateway),
            journal=journal,
            runner=runner,
            acquirer=acquirer,
            guest_pages=GuestPages(("ApplePay",)),
        )
        await runner.resume(shared_by)
        yield BareDesk(front, mews.audit, scope, faults)
