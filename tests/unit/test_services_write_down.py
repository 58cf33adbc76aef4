"""The second step of an acquirer's charge where it cannot go on: what was taken stays on record."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from deskpay.domain.acquirer import AcquirerPayment
from deskpay.domain.card import Expiry
from deskpay.domain.errors import JournalUnavailable, OutcomeUnknown
from deskpay.domain.intent import CardSlip, Evidence, IntentKind, IntentRecord, IntentState
from deskpay.services.charge_acquirer import charge_acquirer
from deskpay.services.write_down import written_down
from tests.kit.fake_desk import FakeDesk, Shift, an_acquirer_charge, new_shift
from tests.kit.fake_hotel import Meets, pounds
from tests.kit.intents import NOW, make_intent
from tests.kit.loops import VirtualRunner

REFERENCE = an_acquirer_charge().reference


@pytest.fixture
def shift(run_virtual: VirtualRunner) -> Iterator[Shift]:
    yield from new_shift(run_virtual)


async def begun(desk: FakeDesk) -> IntentRecord:
    return await charge_acquirer(desk.front, an_acquirer_charge(), "https://return.deskpay.invalid/")


def test_a_step_that_cannot_be_written_stops_the_desk_and_the_money_stays_on_record(shift: Shift) -> None:
    async def story(desk: FakeDesk) -> IntentRecord:
        record = await desk.reaches(await begun(desk), IntentState.RECORDING)
        await desk.until(lambda: desk.now(record).events[-1].evidence is Evidence.NO_ANSWER)
        shift.journal.failures[shift.journal.writes + 1] = (JournalUnavailable("full"), False)
        await desk.until(lambda: desk.runner.stopped is not None)
        return await desk.on_record(record)

    shift.hotel.coming.append(Meets(done=False, error=OutcomeUnknown("late")))
    assert shift(story).state.took_unrecorded


def test_a_charge_that_was_taken_without_its_id_on_record_is_a_fault_and_not_written_down(shift: Shift) -> None:
    async def taken(desk: FakeDesk) -> IntentRecord:
        return await desk.reaches(await begun(desk), IntentState.TAKEN)

    story = shift.journal.stories
    record = shift(taken)
    events = tuple(replace(event, outcome_id=None) for event in record.events)
    story[record.intent.id] = replace(record, events=events)

    async def resumed(desk: FakeDesk) -> None:
        await desk.runner.resume()
        await desk.until(lambda: bool(desk.faults))

    shift(resumed)
    assert isinstance(shift.fault(), AssertionError)
    assert shift.hotel.requests[REFERENCE] == 0


def test_while_the_acquirer_does_not_show_the_payment_nothing_is_written_down(shift: Shift) -> None:
    async def taken(desk: FakeDesk) -> IntentRecord:
        return await desk.reaches(await begun(desk), IntentState.TAKEN)

    record = shift(taken)
    charge_id = record.charge_id or ""
    shown = shift.acquirer.charges[charge_id]
    shift.acquirer.charges[charge_id] = replace(shown, payment=None)

    async def resumed(desk: FakeDesk) -> IntentRecord:
        await desk.runner.resume()
        await desk.front.clock.sleep(3600)
        assert desk.now(record).state is IntentState.TAKEN
        assert shift.hotel.requests[REFERENCE] == 0
        shift.acquirer.charges[charge_id] = shown
        return await desk.ends(record)

    assert shift(resumed).state is IntentState.CONFIRMED
    assert shift.hotel.requests[REFERENCE] == 1


# What is written down

PAID = AcquirerPayment(
    id="pay_1",
    amount=pounds(31_240),
    paid=True,
    brand="MasterCard",
    last_four="4345",
    charge_id="pi_1",
    description=REFERENCE,
    created_utc=NOW,
)
CHARGE = make_intent(
    kind=IntentKind.ACQUIRER_CHARGE, bill_id="bill", slip=CardSlip("Visa", "1111", "Zoë", Expiry(2028, 4))
)


def test_an_entry_tells_the_card_as_it_was_charged_and_the_payment_as_its_receipt() -> None:
    entry = written_down(CHARGE, PAID)
    assert entry.slip == CardSlip("MasterCard", "4345", "Zoë", Expiry(2028, 4))
    assert (entry.kind, entry.external_identifier) == (IntentKind.RECORD_CARD, "pay_1")
    assert (entry.bill_id, entry.credit_card_id) == ("bill", None)


def test_what_the_acquirer_does_not_tell_of_the_card_is_told_as_it_was_chosen() -> None:
    untold = replace(PAID, brand="", last_four="")
    assert written_down(CHARGE, untold).slip == CHARGE.slip
    assert written_down(replace(CHARGE, slip=None), PAID).slip == CardSlip("MasterCard", "4345", "", None)
    assert written_down(replace(CHARGE, slip=None), untold).slip == CardSlip("", "", "", None)


def test_where_the_hotel_has_a_type_for_it_the_entry_is_of_that_type_and_has_no_card() -> None:
    entry = written_down(replace(CHARGE, tender="PayMongo"), PAID)
    assert (entry.kind, entry.slip, entry.tender) == (IntentKind.RECORD_EXTERNAL, None, "PayMongo")


def test_off_its_bill_an_entry_names_none() -> None:
    assert written_down(CHARGE, PAID, on_the_bill=False).bill_id is None
