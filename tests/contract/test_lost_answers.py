"""A lost answer makes no second row, card or charge: the real services, journal and client against the real hotel."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from deskpay.domain.card import Expiry
from deskpay.domain.customer import Customer
from deskpay.domain.environment import Environment
from deskpay.domain.errors import Hand, LooksRepeated
from deskpay.domain.intent import CardSlip, IntentRecord, IntentState
from deskpay.domain.money import Money
from deskpay.gateways.http import connector_address
from deskpay.gateways.mews.client import connect
from deskpay.journal.journal import open_journal
from deskpay.services.desk import Desk
from deskpay.services.front_desk import FrontDesk
from deskpay.services.intent_runner import IntentNews, IntentRunner, Timings
from deskpay.services.look_up import LookUp
from deskpay.services.record_payment import RecordOrder, record_payment
from deskpay.services.save_card import SaveCardOrder, save_card
from deskpay.services.scope import TaskScope
from deskpay.services.system_clock import SystemClock
from deskpay.services.take_payment import ChargeOrder, take_payment
from tests.contract.test_client_against_sandbox import _captured
from tests.kit.hotel import Hotel
from tests.kit.loops import CoroutineRunner
from tests.kit.mews import GBP
from tests.kit.seats import seat_of

SOON = Timings(looks_s=(0.01,), later_looks_s=0.05, polls_s=(0, 0.01), later_polls_s=0.05)
ASKED = Money(4_550, GBP)
REFERENCE = "DP-7K3Q-0001"
FAULTS = [("drop_before", 0), ("drop_after", 1), ("garbage_after", 1), ("html", 0)]


@asynccontextmanager
async def open_front(sandbox: Hotel, file: Path) -> AsyncIterator[FrontDesk]:
    """A desk as the app assembles it, looking sooner."""
    faults: list[BaseException] = []
    clock = SystemClock()
    address = connector_address(Environment.TRAINING, sandbox.connector)
    mews = await connect(address, sandbox.client_token, sandbox.access_token, clock, 200, money_deadline_s=1.0)
    journal, scope = await open_journal(file), TaskScope(faults.append)
    runner = IntentRunner(journal, LookUp(mews.records), clock, mews.records.server_now, scope, SOON)
    try:
        yield FrontDesk(
            hotel=await mews.records.hotel(),
            desk=Desk("desk-1", seat_of("Ada", clock)),
            clock=clock,
            records=mews.records,
            gateway=mews.gateway,
            journal=journal,
            runner=runner,
        )
    finally:
        await scope.close()
        await journal.aclose()
        await mews.aclose()
    assert faults == []


Order = Callable[[FrontDesk, Customer], Awaitable[IntentRecord]]


def play(run: CoroutineRunner, sandbox: Hotel, file: Path, order: Order, looks: int = 3) -> IntentRecord:
    """Begin an act whose answer gets lost, and wait until it ends, or until so many looks found nothing."""

    async def whole() -> IntentRecord:
        async with open_front(sandbox, file) as front:
            (guest,) = await front.records.customers_named(["Pepperwick"])
            latest: asyncio.Queue[IntentNews] = asyncio.Queue()
            front.runner.changed.listen(latest.put_nowait)
            begun = await order(front, guest)
            record = begun
            while not record.state.final and len(record.events) < 3 + looks:
                record = (await latest.get()).record
            return record

    return run(whole())


async def external(front: FrontDesk, guest: Customer) -> IntentRecord:
    order = RecordOrder(
        reference=REFERENCE, customer=guest, amount=ASKED, reservation_id=None, bill_id=None, tender="Cash"
    )
    return await record_payment(front, order)


async def slip(front: FrontDesk, guest: Customer) -> IntentRecord:
    order = RecordOrder(
        reference=REFERENCE,
        customer=guest,
        amount=ASKED,
        reservation_id=None,
        bill_id=None,
        slip=CardSlip("Visa", "1111", "O Pepperwick", None),
    )
    return await record_payment(front, order)


@pytest.mark.parametrize(("fault", "made"), FAULTS)
@pytest.mark.parametrize(("operation", "order"), [("payments/addExternal", external), ("payments/addCreditCard", slip)])
def test_a_record_whose_answer_is_lost_is_written_at_most_once(
    run_plain: CoroutineRunner, sandbox: Hotel, tmp_path: Path, operation: str, order: Order, fault: str, made: int
) -> None:
    sandbox.fault(operation, fault, times=None)
    record = play(run_plain, sandbox, tmp_path / "journal.sqlite", order)
    ledger = sandbox.ledger()
    assert record.state is (IntentState.CONFIRMED if made else IntentState.UNKNOWN)
    assert [row["reference"] for row in ledger["records"]] == [REFERENCE] * made
    assert ledger["requests"][operation] == 1
    if made:
        assert record.outcome_id == ledger["records"][0]["payment_id"]


@pytest.mark.parametrize(("fault", "made"), FAULTS)
def test_a_card_whose_answer_is_lost_is_saved_at_most_once(
    run_plain: CoroutineRunner, sandbox: Hotel, tmp_path: Path, fault: str, made: int
) -> None:
    async def save(front: FrontDesk, guest: Customer) -> IntentRecord:
        captured = await asyncio.to_thread(_captured, sandbox, front.hotel.card_storage_key or "")
        order = SaveCardOrder(
            reference=REFERENCE,
            customer=guest,
            transaction_id=captured,
            captured_at_s=front.clock.monotonic_s(),
            expiry=Expiry(2028, 10),
        )
        return await save_card(front, order)

    sandbox.fault("creditCards/addTokenized", fault, times=None)
    record = play(run_plain, sandbox, tmp_path / "journal.sqlite", save)
    ledger = sandbox.ledger()
    assert record.state is (IntentState.CONFIRMED if made else IntentState.UNKNOWN)
    assert len(ledger["cards"]) == made
    assert ledger["requests"]["creditCards/addTokenized"] == 1
    if made:
        assert record.outcome_id == ledger["cards"][0]["credit_card_id"]


def test_a_record_by_another_desk_is_asked_about(run_plain: CoroutineRunner, sandbox: Hotel, tmp_path: Path) -> None:
    play(run_plain, sandbox, tmp_path / "another.sqlite", external)

    async def whole() -> LooksRepeated:
        async with open_front(sandbox, tmp_path / "journal.sqlite") as front:
            (guest,) = await front.records.customers_named(["Pepperwick"])
            cards = await front.records.credit_cards(guest.id)
            visa = next(card for card in cards if card.brand == "Visa")
            order = ChargeOrder(
                reference="DP-7K3Q-0002",
                customer=guest,
                reservation_id=None,
                credit_card_id=visa.id,
                amount=ASKED,
            )
            with pytest.raises(LooksRepeated) as caught:
                await take_payment(front, order)
            return caught.value

    repeat = run_plain(whole()).repeat
    assert (repeat.reference, repeat.hand, repeat.operator) == (REFERENCE, Hand.DESKPAY, "")
    assert sandbox.ledger()["charges"] == []
