"""The second step of an acquirer's charge where it cannot go on: what was taken stays on record."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from deskpay.domain.errors import JournalUnavailable, OutcomeUnknown
from deskpay.domain.intent import Evidence, IntentRecord, IntentState
from deskpay.services.charge_acquirer import charge_acquirer
from tests.kit.fake_desk import FakeDesk, Shift, an_acquirer_charge, new_shift
from tests.kit.fake_hotel import Meets
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
