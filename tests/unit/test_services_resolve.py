"""People end what nobody can prove; a fresh look goes before them, and an alarm comes after them."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from deskpay.domain.adoption import Finding
from deskpay.domain.errors import (
    DeskPayError,
    Field,
    HotelUnavailable,
    InputRefused,
    JournalUnavailable,
    NotAllowed,
    NotSignedIn,
    OutcomeUnknown,
    ReleaseProblem,
    ReleaseRefused,
)
from deskpay.domain.intent import Evidence, IntentRecord, IntentState
from deskpay.domain.operator import Operator, Role
from deskpay.domain.payment import PaymentState
from deskpay.domain.policy import Decision, Found, NothingThere, no_trace
from deskpay.services.refund_payment import refund_payment
from deskpay.services.resolve import resolve, see_candidates
from deskpay.services.save_card import save_card
from deskpay.services.seat import Proven
from deskpay.services.take_payment import take_payment
from tests.kit.fake_desk import FakeDesk, Shift, a_charge, a_refund, new_shift
from tests.kit.fake_hotel import Meets, payment, pounds
from tests.kit.loops import VirtualRunner
from tests.kit.seats import somebody
from tests.kit.verbs import fresh_card

LOST = OutcomeUnknown("the answer was lost")
TWO = ("Dana", "Wren")
ASKED = pounds(31240)


@pytest.fixture
def shift(run_virtual: VirtualRunner) -> Iterator[Shift]:
    yield from new_shift(run_virtual)


async def lost(desk: FakeDesk) -> IntentRecord:
    """Charge, and lose the answer."""
    return await desk.reaches(await take_payment(desk.front, a_charge()), IntentState.UNKNOWN)


async def decide(
    desk: FakeDesk,
    record: IntentRecord,
    decision: Decision,
    *,
    second: Operator = somebody("Wren", Role.CLERK),  # noqa: B008 - a frozen value
    reason: str = " not in Mews ",
    looked: bool = True,
) -> IntentRecord:
    proven = Proven(second, desk.front.clock.monotonic_s())
    return await resolve(desk.front, record.intent.id, decision, reason, proven, looked_in_mews=looked)


async def refused(desk: FakeDesk, record: IntentRecord, decision: Decision) -> ReleaseProblem:
    with pytest.raises(ReleaseRefused) as caught:
        await decide(desk, record, decision)
    return caught.value.problem


def theirs(shift: Shift, number: int = 1, notes: str = "") -> str:
    """A colleague's payment that fits, made just now."""
    shift.hotel.rows.append(payment(f"theirs-{number}", ASKED, shift.clock.now(), notes=notes))
    return f"theirs-{number}"


def test_without_a_trace_two_people_free_the_guest(shift: Shift) -> None:
    shift.hotel.coming.append(Meets(done=False, error=LOST))

    async def story(desk: FakeDesk) -> None:
        record = await lost(desk)
        assert await refused(desk, record, NothingThere()) is ReleaseProblem.TOO_EARLY
        await desk.until(lambda: no_trace(desk.now(record)))
        ended = await decide(desk, record, NothingThere())
        assert ended == await desk.on_record(record) == desk.now(record)
        last = ended.events[-1]
        assert (last.state, last.evidence, last.outcome_id) == (IntentState.RESOLVED, Evidence.PERSON, None)
        assert (last.message, last.people) == ("not in Mews", TWO)
        assert not desk.runner.unfinished
        again = await desk.ends(await take_payment(desk.front, a_charge(reference="DP-AAAA-0002")))
        assert again.state is IntentState.CONFIRMED

    shift(story)
    assert shift.hotel.effects == {"DP-AAAA-0002": 1}


def test_failed_looks_never_lead_to_a_release(shift: Shift) -> None:
    shift.hotel.coming.append(Meets(done=False, error=LOST))

    async def story(desk: FakeDesk) -> None:
        record = await lost(desk)
        shift.hotel.closed = HotelUnavailable("away")
        await asyncio.sleep(4 * 3600)
        assert not no_trace(desk.now(record))
        with pytest.raises(HotelUnavailable):
            await decide(desk, record, NothingThere())
        shift.hotel.closed = None
        assert await refused(desk, record, NothingThere()) is ReleaseProblem.TOO_EARLY
        assert desk.now(record).state is IntentState.UNKNOWN

    shift(story)


@pytest.mark.parametrize("decision", [NothingThere(), Found("theirs-1")], ids=["nothing", "found"])
def test_nobody_decides_alone_or_unseen(shift: Shift, decision: Decision) -> None:
    shift.hotel.coming.append(Meets(done=False, error=LOST))

    async def story(desk: FakeDesk) -> None:
        record, seat = await lost(desk), desk.front.desk.seat
        await desk.until(lambda: no_trace(desk.now(record)))
        dana, ben, wren = somebody("Dana"), somebody("Ben", Role.CLERK), somebody("Wren", Role.CLERK)
        for first, second, looked, problem in (
            (dana, dana, True, ReleaseProblem.NEEDS_TWO),
            (ben, wren, True, ReleaseProblem.NEEDS_SUPERVISOR),
            (dana, wren, False, ReleaseProblem.NOT_LOOKED),
        ):
            seat.sit(Proven(first, desk.front.clock.monotonic_s()))
            with pytest.raises(ReleaseRefused) as caught:
                await decide(desk, record, decision, second=second, looked=looked)
            assert caught.value.problem is problem
        with pytest.raises(InputRefused) as typed:
            await decide(desk, record, decision, reason=" ")
        assert typed.value.field is Field.REASON
        seat.leave()
        with pytest.raises(NotSignedIn):
            await decide(desk, record, decision)
        assert desk.now(record).state is IntentState.UNKNOWN

    shift(story)


def test_the_look_before_the_release_finds_what_came_late(shift: Shift) -> None:
    """The books show the payment only after fifteen minutes; people are about to say that there is none."""
    shift.hotel.coming.append(Meets(error=LOST))

    async def story(desk: FakeDesk) -> IntentRecord:
        begun = await take_payment(desk.front, a_charge())
        await desk.until(lambda: bool(shift.hotel.rows))
        hidden, shift.hotel.rows = shift.hotel.rows, []
        await desk.until(lambda: no_trace(desk.now(begun)))
        shift.hotel.rows = hidden
        assert (await decide(desk, begun, NothingThere())).state is IntentState.ACCEPTED
        return await desk.ends(begun)

    record = shift(story)
    assert record.state is IntentState.CONFIRMED
    assert not any(event.people for event in record.events)


def test_several_are_shown_and_people_choose_one(shift: Shift) -> None:
    shift.hotel.coming.append(Meets(done=False, error=LOST))

    async def story(desk: FakeDesk) -> IntentRecord:
        record = await lost(desk)
        await asyncio.sleep(1)
        first = theirs(shift)
        await asyncio.sleep(1)
        second = theirs(shift, 2)
        sight = await see_candidates(desk.front, record)
        assert sight.verdict.finding is Finding.UNCLEAR
        assert [candidate.id for candidate in sight.candidates] == [second, first]
        return await decide(desk, record, Found(first))

    ended = shift(story)
    assert (ended.state, ended.outcome_id, ended.events[-1].people) == (IntentState.RESOLVED, "theirs-1", TWO)


def test_none_of_several_is_said_only_of_those_that_were_shown(shift: Shift) -> None:
    shift.hotel.coming.append(Meets(done=False, error=LOST))

    async def story(desk: FakeDesk) -> None:
        record = await lost(desk)
        await asyncio.sleep(1)
        first = theirs(shift)
        await desk.until(lambda: no_trace(desk.now(record)))
        second = theirs(shift, 2)
        assert await refused(desk, record, NothingThere(frozenset({first}))) is ReleaseProblem.CHANGED
        assert await refused(desk, record, Found("no such row")) is ReleaseProblem.CHANGED
        ended = await decide(desk, record, NothingThere(frozenset({first, second})))
        assert (ended.state, ended.outcome_id) == (IntentState.RESOLVED, None)
        await asyncio.sleep(30 * 3600)
        assert not desk.runner.alarms

    shift(story)


def test_an_entry_with_our_reference_cannot_be_talked_away(shift: Shift) -> None:
    """The hotel adds a surcharge, so the amount is not what was asked for, but the reference is ours."""
    shift.hotel.coming.append(Meets(surcharge_minor=625, error=LOST))

    async def story(desk: FakeDesk) -> IntentRecord:
        record = await lost(desk)
        await desk.until(lambda: no_trace(desk.now(record)))
        (row,) = shift.hotel.rows
        assert await refused(desk, record, NothingThere(frozenset({row.id}))) is ReleaseProblem.FOUND
        return await decide(desk, record, Found(row.id))

    ended = shift(story)
    assert (ended.state, ended.outcome_id) == (IntentState.RESOLVED, shift.hotel.truth["DP-AAAA-0001"])


@pytest.mark.parametrize("fails", [False, True])
def test_what_turns_up_after_a_release_raises_an_alarm(shift: Shift, fails: bool) -> None:
    shift.hotel.coming.append(Meets(done=False, error=LOST))

    async def story(desk: FakeDesk) -> None:
        record = await lost(desk)
        await desk.until(lambda: no_trace(desk.now(record)))
        await decide(desk, record, NothingThere())
        assert not desk.runner.alarms
        await asyncio.sleep(3600)
        if fails:
            shift.hotel.failing.append(HotelUnavailable("away"))
        late = theirs(shift, notes=record.intent.reference)
        await desk.until(lambda: bool(desk.runner.alarms))
        (alarm,) = desk.runner.alarms
        assert (alarm.late_id, alarm.record.intent.id) == (late, record.intent.id)
        assert alarm.record.state is IntentState.RESOLVED

    shift(story)


def test_the_watch_ends_after_a_day(shift: Shift) -> None:
    shift.hotel.coming.append(Meets(done=False, error=LOST))

    async def story(desk: FakeDesk) -> None:
        record = await lost(desk)
        await desk.until(lambda: no_trace(desk.now(record)))
        await decide(desk, record, NothingThere())
        await asyncio.sleep(25 * 3600)
        theirs(shift, notes=record.intent.reference)
        await asyncio.sleep(25 * 3600)
        assert not desk.runner.alarms

    shift(story)


def test_a_decision_between_two_looks_and_during_one_is_one_decision(shift: Shift) -> None:
    shift.hotel.coming.append(Meets(done=False, error=LOST))

    async def story(desk: FakeDesk) -> None:
        record = await lost(desk)
        await desk.until(lambda: no_trace(desk.now(record)))
        shift.hotel.slow_s["payments"] = 10
        desk.runner.check_now(record.intent.id)
        await asyncio.sleep(1)
        results = await asyncio.gather(
            *(decide(desk, record, NothingThere()) for _ in range(3)), return_exceptions=True
        )
        problems = [result.problem for result in results if isinstance(result, ReleaseRefused)]
        assert problems == [ReleaseProblem.NOT_OPEN, ReleaseProblem.NOT_OPEN]
        assert (await desk.on_record(record)).state is IntentState.RESOLVED

    shift(story)
    assert not shift.faults


def test_what_is_not_open_is_not_decided(shift: Shift) -> None:
    async def story(desk: FakeDesk) -> None:
        ended = await desk.ends(await take_payment(desk.front, a_charge()))
        assert await refused(desk, ended, NothingThere()) is ReleaseProblem.NOT_OPEN

    shift(story)


def test_an_accepted_act_is_not_decided(shift: Shift) -> None:
    shift.hotel.coming.append(Meets(state=PaymentState.PENDING))

    async def story(desk: FakeDesk) -> None:
        record = await desk.reaches(await take_payment(desk.front, a_charge()), IntentState.ACCEPTED)
        await asyncio.sleep(1)
        assert await refused(desk, record, NothingThere()) is ReleaseProblem.NOT_OPEN

    shift(story)


def test_a_decision_that_cannot_be_written_is_none(shift: Shift) -> None:
    shift.hotel.coming.append(Meets(done=False, error=LOST))

    async def story(desk: FakeDesk) -> None:
        record = await lost(desk)
        await desk.until(lambda: no_trace(desk.now(record)))
        shift.journal.failures[shift.journal.writes + 1] = (JournalUnavailable("full"), False)
        with pytest.raises(JournalUnavailable):
            await decide(desk, record, NothingThere())
        assert desk.now(record).state is IntentState.UNKNOWN
        assert await refused(desk, record, NothingThere()) is ReleaseProblem.NOT_OPEN
        assert isinstance(desk.runner.stopped, DeskPayError)

    shift(story)
    assert [record.state for record in shift.journal.stories.values()] == [IntentState.UNKNOWN]


def test_of_two_equal_refunds_people_choose(shift: Shift) -> None:
    shift.hotel.rows.append(payment("paid", pounds(5000), shift.clock.now() - timedelta(days=2)))
    shift.hotel.coming.append(Meets(error=LOST))

    async def story(desk: FakeDesk) -> IntentRecord:
        begun = await refund_payment(desk.front, a_refund("paid"))
        await desk.until(lambda: bool(shift.hotel.truth))
        ours = shift.hotel.rows[-1]
        shift.hotel.rows.append(replace(ours, id="theirs"))
        record = await desk.reaches(begun, IntentState.UNKNOWN)
        sight = await see_candidates(desk.front, record)
        assert {candidate.id for candidate in sight.candidates} == {ours.id, "theirs"}
        ended = await decide(desk, record, Found(ours.id))
        (own,) = await shift.journal.own_refunds(["paid"])
        assert own.refund_id == ours.id
        return ended

    assert shift(story).state is IntentState.RESOLVED


def test_a_card_is_chosen_among_cards(shift: Shift) -> None:
    shift.hotel.coming.append(Meets(error=LOST))

    async def story(desk: FakeDesk) -> IntentRecord:
        begun = await save_card(desk.front, fresh_card(desk))
        await desk.until(lambda: len(shift.hotel.cards) == 2)
        ours = shift.hotel.cards[-1]
        shift.hotel.cards.append(replace(ours, id="second"))
        record = await desk.reaches(begun, IntentState.UNKNOWN)
        sight = await see_candidates(desk.front, record)
        assert {candidate.id for candidate in sight.candidates} == {ours.id, "second"}
        return await decide(desk, record, Found(ours.id))

    ended = shift(story)
    assert (ended.state, ended.outcome_id) == (IntentState.RESOLVED, shift.hotel.truth["DP-DDDD-0001"])


def test_nothing_is_decided_while_the_desk_closes(shift: Shift) -> None:
    shift.hotel.coming.append(Meets(done=False, error=LOST))

    async def story(desk: FakeDesk) -> None:
        record = await lost(desk)
        await desk.scope.close()
        with pytest.raises(NotAllowed, match="closing"):
            await decide(desk, record, NothingThere())

    shift(story)
    assert [record.state for record in shift.journal.stories.values()] == [IntentState.UNKNOWN]
