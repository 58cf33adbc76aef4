"""A person says that what an acquirer took stands in the books by their own hand: in time, once, and for ever."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from deskpay.domain.errors import (
    DeskPayError,
    Field,
    InputProblem,
    InputRefused,
    NotSignedIn,
    OutcomeUnknown,
    Rejected,
    ReleaseProblem,
    ReleaseRefused,
)
from deskpay.domain.intent import Evidence, IntentRecord, IntentState
from deskpay.domain.policy import may_close
from deskpay.services.charge_acquirer import charge_acquirer
from deskpay.services.close_by_hand import close_by_hand
from deskpay.services.desk import Desk
from tests.kit.fake_acquirer import Takes
from tests.kit.fake_desk import FakeDesk, Shift, an_acquirer_charge, new_shift
from tests.kit.fake_hotel import Meets, payment, pounds
from tests.kit.loops import VirtualRunner
from tests.kit.seats import seat_of

REFERENCE = an_acquirer_charge().reference
WHERE = "On the company bill, by me"


@pytest.fixture
def shift(run_virtual: VirtualRunner) -> Iterator[Shift]:
    yield from new_shift(run_virtual)


async def begun(desk: FakeDesk) -> IntentRecord:
    return await charge_acquirer(desk.front, an_acquirer_charge(), "https://return.deskpay.invalid/")


async def refused_by_mews(desk: FakeDesk) -> IntentRecord:
    """What was taken, after Mews has refused the entry."""
    record = await begun(desk)
    await desk.until(lambda: desk.now(record).events[-1].evidence is Evidence.REFUSED)
    return record


async def closed(desk: FakeDesk, record: IntentRecord, *, looked: bool = True) -> IntentRecord:
    return await close_by_hand(desk.front, record.intent.id, WHERE, looked_in_mews=looked)


async def release(desk: FakeDesk, record: IntentRecord, *, looked: bool = True) -> ReleaseProblem:
    with pytest.raises(ReleaseRefused) as refusal:
        await closed(desk, record, looked=looked)
    return refusal.value.problem


def test_what_mews_refuses_is_written_by_hand_and_nothing_more_is_sent(shift: Shift) -> None:
    shift.hotel.coming.extend([Meets(done=False, error=Rejected("Invalid CreditCard"))] * 50)

    async def story(desk: FakeDesk) -> IntentRecord:
        record = await refused_by_mews(desk)
        ended = await closed(desk, record)
        requests = shift.hotel.requests[REFERENCE]
        await desk.front.clock.sleep(24 * 3600)
        assert shift.hotel.requests[REFERENCE] == requests
        assert await release(desk, record) is ReleaseProblem.NOT_OPEN
        return ended

    record = shift(story)
    last = record.events[-1]
    assert (last.state, last.evidence, last.message, last.people) == (
        IntentState.RESOLVED,
        Evidence.PERSON,
        WHERE,
        ("Dana",),
    )
    assert record.taken_id == f"pay-{REFERENCE}"
    assert shift.hotel.made(REFERENCE) == []


def test_while_an_entry_may_be_on_its_way_nobody_says_so(shift: Shift) -> None:
    shift.hotel.coming.append(Meets(done=False, error=OutcomeUnknown("late")))

    async def story(desk: FakeDesk) -> IntentRecord:
        record = await begun(desk)
        await desk.until(lambda: desk.now(record).events[-1].evidence is Evidence.NO_ANSWER)
        assert await release(desk, record) is ReleaseProblem.TOO_EARLY
        return await desk.ends(record)

    assert shift(story).state is IntentState.CONFIRMED


def test_two_entries_are_ended_by_a_person(shift: Shift) -> None:
    async def story(desk: FakeDesk) -> IntentRecord:
        record = await desk.reaches(await begun(desk), IntentState.TAKEN)
        rows = [payment(f"double-{n}", pounds(31240), shift.clock.now(), notes=REFERENCE) for n in range(2)]
        shift.hotel.rows.extend(rows)
        await desk.front.clock.sleep(3600)
        assert desk.now(record).state is IntentState.RECORDING
        return await closed(desk, record)

    assert shift(story).state is IntentState.RESOLVED


def test_an_entry_being_sent_is_waited_for_before_a_person_is_heard(shift: Shift) -> None:
    shift.hotel.coming.append(Meets(before_s=30))

    async def story(desk: FakeDesk) -> IntentRecord:
        record = await begun(desk)
        await desk.until(lambda: desk.now(record).events[-1].evidence is Evidence.ABOUT_TO_SEND)
        await desk.until(lambda: desk.now(record).state is IntentState.RECORDING)
        assert await release(desk, record) in {ReleaseProblem.TOO_EARLY, ReleaseProblem.NOT_OPEN}
        return await desk.ends(record)

    assert shift(story).state is IntentState.CONFIRMED
    assert len(shift.hotel.made(REFERENCE)) == 1


def test_what_is_not_taken_yet_is_not_ended(shift: Shift) -> None:
    shift.acquirer.coming.append(Takes(error=OutcomeUnknown("lost")))

    async def story(desk: FakeDesk) -> IntentRecord:
        record = await desk.reaches(await begun(desk), IntentState.UNKNOWN)
        assert await release(desk, record) is ReleaseProblem.NOT_OPEN
        return await desk.ends(record)

    assert shift(story).state is IntentState.CONFIRMED


def test_without_looking_without_words_or_without_anybody_nothing_is_ended(shift: Shift) -> None:
    shift.hotel.coming.extend([Meets(done=False, error=Rejected("Invalid CreditCard"))] * 50)

    async def refuse(desk: FakeDesk, record: IntentRecord, where: str, kind: type[DeskPayError]) -> DeskPayError:
        with pytest.raises(kind) as refusal:
            await close_by_hand(desk.front, record.intent.id, where, looked_in_mews=True)
        return refusal.value

    async def story(desk: FakeDesk) -> IntentRecord:
        record = await refused_by_mews(desk)
        assert await release(desk, record, looked=False) is ReleaseProblem.NOT_LOOKED
        empty = await refuse(desk, record, "  ", InputRefused)
        assert isinstance(empty, InputRefused)
        assert (empty.field, empty.problem) == (Field.REASON, InputProblem.EMPTY)
        await refuse(desk, record, "card 4343434343434345", InputRefused)
        vacant = seat_of("Dana", desk.front.clock)
        vacant.leave()
        desk.front = replace(desk.front, desk=Desk("desk-1", vacant))
        await refuse(desk, record, WHERE, NotSignedIn)
        return await desk.on_record(record)

    assert shift(story).state.took_unrecorded


def test_what_was_never_taken_is_not_closed_by_hand(shift: Shift) -> None:
    async def story(desk: FakeDesk) -> None:
        record = await desk.reaches(await begun(desk), IntentState.SENDING)
        assert not may_close(record, shift.clock.now())
        ended = await desk.ends(record)
        assert await release(desk, ended) is ReleaseProblem.NOT_OPEN

    shift(story)
