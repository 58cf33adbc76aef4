"""A journal that goes away and comes back: nothing is sent twice, the answer is kept, payments go on by themselves."""

import asyncio
from collections.abc import Iterator

import pytest

from deskpay.domain.errors import JournalAway, JournalCorrupt, NotSent, OutcomeUnknown
from deskpay.domain.intent import Evidence, IntentRecord, IntentState
from deskpay.services.standstill import RETURN_S
from deskpay.services.take_payment import take_payment
from tests.kit.fake_desk import FakeDesk, Shift, a_charge, new_shift
from tests.kit.fake_hotel import Meets, card
from tests.kit.intents import gbp
from tests.kit.loops import VirtualRunner

S = IntentState
E = Evidence
AWAY = JournalAway("the link is down")


@pytest.fixture
def shift(run_virtual: VirtualRunner) -> Iterator[Shift]:
    for shift in new_shift(run_virtual):
        shift.hotel.cards = [card("visa")]
        yield shift


async def begin(desk: FakeDesk) -> IntentRecord:
    return await take_payment(desk.front, a_charge())


def story(shift: Shift) -> list[Evidence]:
    (record,) = shift.journal.stories.values()
    return [event.evidence for event in record.events]


DONE = [E.DECIDED, E.ABOUT_TO_SEND, E.ANSWERED, E.READ_BACK]

BACK = {
    (2, False): [E.DECIDED, E.RESTARTED],
    (2, True): [E.DECIDED, E.ABOUT_TO_SEND, E.NOTHING_LEFT],
    (3, False): DONE,
    (3, True): DONE,
    (4, False): DONE,
    (4, True): DONE,
}


@pytest.mark.parametrize(("write", "written"), BACK)
def test_what_an_absent_journal_kept_from_going_on_goes_on_by_itself(shift: Shift, write: int, written: bool) -> None:
    shift.journal.failures[write] = (AWAY, written)

    async def play(desk: FakeDesk) -> None:
        begun = await begin(desk)
        await desk.until(lambda: desk.runner.stopped is not None)
        shift.journal.unreadable = AWAY
        await asyncio.sleep(3 * RETURN_S)
        assert desk.runner.stopped is AWAY
        shift.journal.unreadable = None
        await asyncio.sleep(600)
        assert desk.runner.stopped is None
        assert desk.now(begun).state.final
        latest = desk.runner.latest(begun.intent.id)
        assert latest is not None
        assert latest.trouble is None

    shift(play)
    assert story(shift) == BACK[write, written]
    assert shift.hotel.requests == ({} if write == 2 else {"DP-AAAA-0001": 1})


@pytest.mark.parametrize("written", [False, True])
def test_a_draft_that_an_absent_journal_may_hold_keeps_nobody_waiting(shift: Shift, written: bool) -> None:
    shift.journal.failures[1] = (AWAY, written)

    async def play(desk: FakeDesk) -> None:
        write = shift.journal._write

        async def away_from_now_on(record: IntentRecord) -> None:
            shift.journal.unreadable = AWAY
            await write(record)

        shift.journal._write = away_from_now_on  # type: ignore[method-assign] # the link breaks in this very write
        with pytest.raises(JournalAway):
            await begin(desk)
        shift.journal._write = write  # type: ignore[method-assign] # as above
        shift.journal.unreadable = None
        await asyncio.sleep(2 * RETURN_S)
        assert desk.runner.stopped is None

    shift(play)
    assert [record.state for record in shift.journal.stories.values()] == ([S.ABANDONED] if written else [])
    assert shift.hotel.requests == {}


def test_proof_that_nothing_left_is_kept_for_no_look_can_give_it(shift: Shift) -> None:
    shift.hotel.coming.append(Meets(done=False, error=NotSent("refused")))
    shift.journal.failures[3] = (AWAY, False)

    async def play(desk: FakeDesk) -> None:
        await begin(desk)
        await asyncio.sleep(600)

    shift(play)
    assert story(shift) == [E.DECIDED, E.ABOUT_TO_SEND, E.NOTHING_LEFT]


def test_a_journal_that_fails_again_on_its_return_is_waited_for_again(shift: Shift) -> None:
    shift.journal.failures |= {3: (AWAY, False), 4: (AWAY, False)}

    async def play(desk: FakeDesk) -> None:
        await begin(desk)
        await asyncio.sleep(600)
        assert desk.runner.stopped is None

    shift(play)
    assert story(shift) == DONE


def test_a_journal_that_goes_away_another_day_comes_back_as_well(shift: Shift) -> None:
    shift.journal.failures |= {3: (AWAY, False), 8: (AWAY, False)}

    async def play(desk: FakeDesk) -> None:
        await begin(desk)
        await asyncio.sleep(600)
        second = await take_payment(desk.front, a_charge(reference="DP-AAAA-0002", amount=gbp(400)))
        await desk.until(lambda: desk.runner.stopped is AWAY)
        await asyncio.sleep(RETURN_S + 1)
        assert desk.runner.stopped is None
        await asyncio.sleep(600)
        assert desk.now(second).state is S.CONFIRMED

    shift(play)


def test_a_journal_that_comes_back_damaged_stops_the_desk(shift: Shift) -> None:
    shift.journal.failures[3] = (AWAY, False)

    async def play(desk: FakeDesk) -> None:
        await begin(desk)
        await desk.until(lambda: desk.runner.stopped is not None)
        shift.journal.unreadable = JournalCorrupt("it lost what it had confirmed")
        await asyncio.sleep(600)
        assert isinstance(desk.runner.stopped, JournalCorrupt)

    shift(play)


def test_damage_that_shows_while_a_journal_is_awaited_is_not_forgotten_on_its_return(shift: Shift) -> None:
    shift.journal.failures[3] = (AWAY, False)

    async def play(desk: FakeDesk) -> None:
        await begin(desk)
        await desk.until(lambda: desk.runner.stopped is not None)
        desk.runner._standstill.begin(JournalCorrupt("another act saw it"))
        await asyncio.sleep(600)
        assert isinstance(desk.runner.stopped, JournalCorrupt)

    shift(play)


def test_an_unknown_outcome_is_looked_for_again_once_the_journal_is_back(shift: Shift) -> None:
    shift.hotel.coming.append(Meets(error=OutcomeUnknown("the answer was lost")))
    shift.journal.failures[4] = (AWAY, False)

    async def play(desk: FakeDesk) -> None:
        await begin(desk)
        await asyncio.sleep(600)

    shift(play)
    assert story(shift) == [E.DECIDED, E.ABOUT_TO_SEND, E.NO_ANSWER, E.FOUND, E.READ_BACK]


def test_a_desk_that_closes_waits_for_no_journal(shift: Shift) -> None:
    shift.journal.failures[3] = (AWAY, False)

    async def play(desk: FakeDesk) -> None:
        await begin(desk)
        await desk.until(lambda: desk.runner.stopped is not None)

    shift(play)
    assert story(shift) == [E.DECIDED, E.ABOUT_TO_SEND]
