"""A desk at the hotel in memory: the real services on fakes, opened and closed as often as a test restarts it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from typing_extensions import override

from deskpay.domain.acquirer import VaultedCard
from deskpay.domain.card import Expiry
from deskpay.domain.intent import CardSlip, IntentRecord, IntentState
from deskpay.domain.money import Money
from deskpay.services.charge_acquirer import AcquirerOrder
from deskpay.services.desk import Desk
from deskpay.services.front_desk import FrontDesk
from deskpay.services.guest_pages import GuestPages
from deskpay.services.intent_runner import IntentNews, IntentRunner, Timings
from deskpay.services.look_up import LookUp
from deskpay.services.ports import Clock, IntentJournal
from deskpay.services.record_payment import RecordOrder
from deskpay.services.refund_payment import RefundOrder
from deskpay.services.save_card import SaveCardOrder
from deskpay.services.scope import TaskScope
from deskpay.services.take_payment import ChargeOrder
from deskpay.services.write_down import WriteDown
from tests.kit.fake_acquirer import VAULTED, FakeAcquirer
from tests.kit.fake_hotel import ANNA, FakeHotel, TheHotel, pounds
from tests.kit.loops import VirtualRunner
from tests.kit.memory_journal import MemoryJournal
from tests.kit.seats import seat_of
from tests.kit.virtual_clock import VirtualClockLoop

CAPTURE = "260915091414123456"
"""What the vault calls a captured card, 18 digits."""


class VirtualTime(Clock):
    """The virtual clock behind the services' port."""

    def __init__(self, loop: VirtualClockLoop) -> None:
        self._loop = loop

    @override
    def now(self) -> datetime:
        return self._loop.now()

    @override
    def monotonic_s(self) -> float:
        return self._loop.time()

    @override
    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


@dataclass(eq=False)
class FakeDesk:
    """An open desk.

    Attributes:
        front: What the verbs take.
        scope: What owns the money.
        journal: What is on record.
        news: All that was announced.
        faults: What was reported as a fault of DeskPay itself.
    """

    front: FrontDesk
    scope: TaskScope
    journal: IntentJournal
    news: list[IntentNews] = field(default_factory=list)
    faults: list[BaseException] = field(default_factory=list)

    @property
    def runner(self) -> IntentRunner:
        """What carries the acts out."""
        return self.front.runner

    async def until(self, holds: Callable[[], bool]) -> None:
        """Wait for the news after which `holds` is true."""
        moved = asyncio.Event()
        stop = self.runner.changed.listen(lambda _news: moved.set())
        while not holds():
            moved.clear()
            await moved.wait()
        stop()

    async def reaches(self, begun: IntentRecord, *states: IntentState) -> IntentRecord:
        """Wait until the intent is in one of `states` and return what the journal holds of it."""
        await self.until(lambda: self.now(begun).state in states)
        return await self.on_record(begun)

    async def ends(self, begun: IntentRecord) -> IntentRecord:
        """Wait until the story has ended."""
        return await self.reaches(begun, *(state for state in IntentState if state.final))

    def now(self, begun: IntentRecord) -> IntentRecord:
        """What the desk shows of the intent."""
        news = self.runner.latest(begun.intent.id)
        assert news is not None
        return news.record

    async def on_record(self, begun: IntentRecord) -> IntentRecord:
        """What the journal holds of the intent."""
        record = await self.journal.find(begun.intent.id)
        assert record is not None
        return record


@asynccontextmanager
async def fake_desk(
    hotel: FakeHotel,
    journal: IntentJournal,
    clock: VirtualClockLoop,
    timings: Timings | None = None,
    acquirer: FakeAcquirer | None = None,
) -> AsyncIterator[FakeDesk]:
    """Open a desk, and close it as quitting does: what is under way is broken off where it stands."""
    faults: list[BaseException] = []
    news: list[IntentNews] = []
    scope = TaskScope(faults.append)
    time = VirtualTime(clock)
    write_down = WriteDown(hotel, hotel, acquirer, hotel.server_now) if acquirer is not None else None
    runner = IntentRunner(
        journal, LookUp(hotel, acquirer), time, hotel.server_now, scope, timings, write_down=write_down
    )
    runner.changed.listen(news.append)
    front = FrontDesk(
        hotel=TheHotel,
        desk=Desk("desk-1", seat_of("Dana", time)),
        clock=time,
        records=hotel,
        gateway=hotel,
        journal=journal,
        runner=runner,
        acquirer=acquirer,
        acquirer_links=acquirer.links if acquirer is not None else None,
        guest_pages=GuestPages(("Ideal", "ApplePay")),
    )
    try:
        yield FakeDesk(front, scope, journal, news, faults)
    finally:
        await scope.close()


_T = TypeVar("_T")


class Shift:
    """Desks opened one after the other on the same hotel and journal, each for one story.

    Attributes:
        hotel: The hotel.
        acquirer: Who charges cards of its own vault.
        has_acquirer: Whether the next desks know it.
        journal: What survives a desk.
        clock: The loop, which is the clock.
        faults: What the desks reported as faults of DeskPay itself; a test that expects some takes them out.
    """

    def __init__(self, run: VirtualRunner) -> None:
        self._run = run
        self.clock = run.clock
        self.hotel = FakeHotel(run.clock.now)
        self.acquirer = FakeAcquirer(run.clock.now)
        self.has_acquirer = True
        self.journal = MemoryJournal()
        self.faults: list[BaseException] = []

    def __call__(self, story: Callable[[FakeDesk], Awaitable[_T]]) -> _T:
        """Open a desk, play the story and close the desk under whatever is still going on."""
        return self._run(self._play(story), timeout_s=30 * 24 * 3600)

    def fault(self) -> BaseException:
        """Take out the one fault that was reported."""
        assert len(self.faults) == 1, self.faults
        return self.faults.pop()

    async def _play(self, story: Callable[[FakeDesk], Awaitable[_T]]) -> _T:
        async with fake_desk(
            self.hotel, self.journal, self.clock, acquirer=self.acquirer if self.has_acquirer else None
        ) as desk:
            try:
                return await story(desk)
            finally:
                self.faults += desk.faults


def new_shift(run: VirtualRunner) -> Iterator[Shift]:
    """A shift that fails at its end when a fault was reported that the test did not take out."""
    shift = Shift(run)
    yield shift
    assert shift.faults == []


def a_charge(
    amount: Money = pounds(31240),  # noqa: B008 - a frozen value
    *,
    reference: str = "DP-AAAA-0001",
    credit_card_id: str = "visa",
    note: str = "",
    repeat_reason: str = "",
    repeat_of: Collection[str] = (),
) -> ChargeOrder:
    """Charge Anna's card."""
    return ChargeOrder(
        reference=reference,
        customer=ANNA,
        reservation_id="stay-52",
        credit_card_id=credit_card_id,
        amount=amount,
        note=note,
        repeat_reason=repeat_reason,
        repeat_of=frozenset(repeat_of),
    )


def an_acquirer_charge(
    amount: Money = pounds(31240),  # noqa: B008 - a frozen value
    *,
    reference: str = "DP-EEEE-0001",
    card: VaultedCard = VAULTED,
    bill_id: str | None = "bill",
    tender: str = "",
    note: str = "",
    repeat_reason: str = "",
    repeat_of: Collection[str] = (),
) -> AcquirerOrder:
    """Charge Anna's card in the acquirer's vault."""
    return AcquirerOrder(
        reference=reference,
        customer=ANNA,
        reservation_id="stay-52",
        bill_id=bill_id,
        card=card,
        amount=amount,
        tender=tender,
        note=note,
        repeat_reason=repeat_reason,
        repeat_of=frozenset(repeat_of),
    )


def a_slip(**changes: str) -> CardSlip:
    """The slip of an outside terminal."""
    told = {"brand": "Visa", "last_four": "1111", "holder": "A Odegard"} | changes
    return CardSlip(brand=told["brand"], last_four=told["last_four"], holder=told["holder"], expiry=None)


def a_record(
    amount: Money = pounds(5000),  # noqa: B008 - a frozen value
    *,
    reference: str = "DP-BBBB-0001",
    slip: CardSlip | None = None,
    tender: str = "Cash",
    external_identifier: str = "",
    bill_id: str | None = "bill",
    repeat_reason: str = "",
    repeat_of: Collection[str] = (),
) -> RecordOrder:
    """Write down what Anna paid elsewhere."""
    return RecordOrder(
        reference=reference,
        customer=ANNA,
        amount=amount,
        reservation_id=None,
        bill_id=bill_id,
        slip=slip,
        tender=tender,
        external_identifier=external_identifier,
        repeat_reason=repeat_reason,
        repeat_of=frozenset(repeat_of),
    )


def a_refund(
    payment_id: str,
    amount: Money = pounds(1000),  # noqa: B008 - a frozen value
    *,
    reference: str = "DP-CCCC-0001",
    reason: str = "minibar",
) -> RefundOrder:
    """Give Anna money back."""
    return RefundOrder(reference=reference, customer=ANNA, payment_id=payment_id, amount=amount, reason=reason)


def a_card(captured_at_s: float, *, reference: str = "DP-DDDD-0001", transaction_id: str = CAPTURE) -> SaveCardOrder:
    """Save the card that was captured just now."""
    return SaveCardOrder(
        reference=reference,
        customer=ANNA,
        transaction_id=transaction_id,
        captured_at_s=captured_at_s,
        expiry=Expiry(2029, 5),
    )
