"""What becomes of a draft when the journal fails under it, and whose drafts a start takes up."""

import asyncio
from collections.abc import Iterator

import pytest

from deskpay.domain.errors import JournalUnavailable
from deskpay.domain.intent import Evidence, IntentState
from deskpay.services.take_payment import take_payment
from tests.kit.fake_desk import FakeDesk, Shift, a_charge, new_shift
from tests.kit.fake_hotel import Meets
from tests.kit.loops import VirtualRunner


@pytest.fixture
def shift(run_virtual: VirtualRunner) -> Iterator[Shift]:
    """Desks at the hotel in memory."""
    yield from new_shift(run_virtual)


def test_a_draft_that_stands_though_its_commit_failed_does_not_keep_the_guest_waiting(shift: Shift) -> None:
    shift.journal.failures[1] = (JournalUnavailable("the answer was lost"), True)

    async def story(desk: FakeDesk) -> None:
        with pytest.raises(JournalUnavailable):
            await take_payment(desk.front, a_charge(reference="DP-AAAA-0001"))
        assert desk.runner.stopped is None
        begun = await take_payment(desk.front, a_charge(reference="DP-AAAA-0002"))
        await desk.ends(begun)

    shift(story)
    first, second = shift.journal.stories.values()
    assert (first.state, first.events[-1].evidence) == (IntentState.ABANDONED, Evidence.NOTHING_LEFT)
    assert second.state is IntentState.CONFIRMED
    assert shift.hotel.requests == {"DP-AAAA-0002": 1}


def test_a_draft_of_which_nothing_can_be_told_stops_money_until_the_next_start(shift: Shift) -> None:
    shift.journal.failures[1] = (JournalUnavailable("the answer was lost"), True)
    shift.journal.slow_s = 5

    async def story(desk: FakeDesk) -> None:
        deciding = asyncio.gather(take_payment(desk.front, a_charge()), return_exceptions=True)
        await asyncio.sleep(2)
        shift.journal.unreadable = JournalUnavailable("locked")
        (told,) = await deciding
        assert isinstance(told, JournalUnavailable)
        shift.journal.unreadable = None
        assert isinstance(desk.runner.stopped, JournalUnavailable)

    async def next_start(desk: FakeDesk) -> None:
        await desk.runner.resume()

    shift(story)
    shift(next_start)
    assert [record.state for record in shift.journal.stories.values()] == [IntentState.ABANDONED]
    assert shift.hotel.requests == {}


@pytest.mark.parametrize(("desk_id", "taken_up"), [("desk-1", True), ("desk-2", False), (None, True)])
def test_a_desk_takes_up_what_it_left_itself(shift: Shift, desk_id: str | None, taken_up: bool) -> None:
    shift.hotel.coming.append(Meets(after_s=600))

    async def story(desk: FakeDesk) -> None:
        await take_payment(desk.front, a_charge())
        await asyncio.sleep(1)

    async def next_start(desk: FakeDesk) -> None:
        await desk.runner.resume(desk_id)
        await asyncio.sleep(60)

    shift(story)
    shift(next_start)
    (record,) = shift.journal.stories.values()
    assert record.state is (IntentState.CONFIRMED if taken_up else IntentState.SENDING)
