"""What a failing journal, a closing scope and a restart do to an act: no second request, no lost story."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from deskpay.domain.errors import (
    GuestBeingChecked,
    JournalCorrupt,
    JournalError,
    JournalUnavailable,
    NotAllowed,
    OutcomeUnknown,
)
from deskpay.domain.intent import Evidence, IllegalMoveError, IntentKind, IntentRecord, IntentState
from deskpay.domain.payment import PaymentState
from deskpay.services.refund_payment import refund_payment
from deskpay.services.take_payment import take_payment
from tests.kit.fake_desk import FakeDesk, Shift, a_charge, a_refund, new_shift
from tests.kit.fake_hotel import ANNA, BORIS, Meets, card, payment, pounds
from tests.kit.loops import VirtualRunner

REFERENCE = "DP-AAAA-0001"
LOST = OutcomeUnknown("the answer was lost")
FULL = JournalUnavailable("the disk is full")
BUG = IllegalMoveError("the stories differ")


@pytest.fixture
def shift(run_virtual: VirtualRunner) -> Iterator[Shift]:
    yield from new_shift(run_virtual)


def only(shift: Shift) -> IntentRecord:
    (record,) = shift.journal.stories.values()
    return record


async def begin(desk: FakeDesk) -> IntentRecord:
    return await take_payment(desk.front, a_charge())


async def settle(desk: FakeDesk) -> None:
    """Take up what is left and give it an hour."""
    await desk.runner.resume()
    await asyncio.sleep(3600)


@pytest.mark.parametrize("written", [False, True], ids=["not written", "written all the same"])
@pytest.mark.parametrize("failure", [FULL, BUG], ids=["disk", "bug"])
@pytest.mark.parametrize("write", [1, 2, 3, 4])
@pytest.mark.parametrize(
    "meets", [Meets(), Meets(error=LOST), Meets(done=False, error=LOST)], ids=["ok", "after", "before"]
)
def test_a_journal_failing_at_any_write_neither_sends_twice_nor_loses_the_story(
    shift: Shift, meets: Meets, write: int, failure: Exception, written: bool
) -> None:
    shift.hotel.cards = [card("visa"), card("visa", BORIS.id)]
    shift.hotel.coming.append(meets)
    shift.journal.failures[write] = (failure, written)

    async def story(desk: FakeDesk) -> None:
        if write == 1:
            with pytest.raises(type(failure)):
                await begin(desk)
            return
        begun = await begin(desk)
        await asyncio.sleep(600)
        latest = desk.runner.latest(begun.intent.id)
        assert latest is not None
        assert isinstance(latest.trouble, JournalError)
        assert latest.next_look_at_s is None
        with pytest.raises(type(latest.trouble), match="until restart"):
            await take_payment(
                desk.front, replace(a_charge(reference="DP-AAAA-0002"), customer=BORIS, reservation_id=None)
            )
        await desk.runner.all_answered()

    shift(story)
    if failure is BUG:
        assert shift.fault() is BUG
    shift.journal.failures.clear()
    shift(settle)
    assert shift.hotel.requests == ({} if write <= 2 else {REFERENCE: 1})
    for record in shift.journal.stories.values():
        paid = bool(shift.hotel.effects)
        open_end = record.state is IntentState.UNKNOWN and not paid
        assert open_end or record.state is (IntentState.CONFIRMED if paid else IntentState.ABANDONED)


def test_an_answer_that_could_not_be_written_is_shown_with_the_trouble(shift: Shift) -> None:
    shift.journal.failures[3] = (FULL, False)

    async def story(desk: FakeDesk) -> None:
        begun = await begin(desk)
        await desk.until(lambda: desk.news[-1].trouble is not None)
        assert desk.now(begun).state is IntentState.ACCEPTED
        assert (await desk.on_record(begun)).state is IntentState.SENDING

    shift(story)


def test_an_end_that_could_not_be_written_is_not_shown_as_one(shift: Shift) -> None:
    shift.journal.failures[4] = (FULL, False)

    async def story(desk: FakeDesk) -> None:
        begun = await begin(desk)
        await desk.until(lambda: desk.news[-1].trouble is not None)
        assert desk.now(begun).state is IntentState.ACCEPTED

    shift(story)


def test_what_could_not_be_taken_up_is_taken_up_at_the_next_try(shift: Shift) -> None:
    shift.hotel.coming.append(Meets(before_s=100))
    shift(_sent)

    async def story(desk: FakeDesk) -> None:
        shift.journal.failures[shift.journal.writes + 1] = (FULL, False)
        with pytest.raises(JournalUnavailable):
            await desk.runner.resume()
        await desk.runner.resume()
        await desk.runner.resume()
        await asyncio.sleep(10)
        assert shift.faults == []

    shift(story)
    assert [event.evidence for event in only(shift).events[2:]] == [
        Evidence.RESTARTED,
        Evidence.NOT_FOUND,
        Evidence.NOT_FOUND,
    ]


async def _sent(desk: FakeDesk) -> IntentRecord:
    begun = await begin(desk)
    await desk.reaches(begun, IntentState.SENDING)
    await asyncio.sleep(1)
    return begun


def test_a_desk_closed_while_sending_leaves_sending_on_record(shift: Shift) -> None:
    shift.hotel.coming.append(Meets(after_s=100))
    shift(_sent)
    assert only(shift).state is IntentState.SENDING
    assert shift.hotel.effects == {REFERENCE: 1}
    shift(settle)
    assert [event.evidence for event in only(shift).events[2:]] == [
        Evidence.RESTARTED,
        Evidence.FOUND,
        Evidence.READ_BACK,
    ]
    assert only(shift).state is IntentState.CONFIRMED
    assert shift.hotel.requests == {REFERENCE: 1}


def test_a_desk_closed_before_the_request_arrived_finds_nothing_and_sends_nothing(shift: Shift) -> None:
    shift.hotel.coming.append(Meets(before_s=100))
    shift(_sent)
    shift(settle)
    assert only(shift).state is IntentState.UNKNOWN
    assert shift.hotel.requests == {REFERENCE: 1}
    assert not shift.hotel.effects


def test_a_clock_behind_by_days_after_a_restart_does_not_hide_the_payment(shift: Shift) -> None:
    shift.hotel.coming.append(Meets(after_s=100))
    shift(_sent)
    now = shift.clock.now
    shift.hotel.now = lambda: now() - timedelta(days=2)
    shift(settle)
    assert only(shift).state is IntentState.CONFIRMED


def test_a_draft_that_was_never_sent_is_abandoned_by_a_restart(shift: Shift) -> None:
    shift.journal.slow_s = 5

    async def closed_while_drafting(desk: FakeDesk) -> None:
        window = asyncio.gather(begin(desk), return_exceptions=True)
        await asyncio.sleep(1)
        await desk.scope.close()
        (result,) = await window
        assert isinstance(result, NotAllowed)

    shift(closed_while_drafting)
    assert only(shift).state is IntentState.DRAFTED
    shift(settle)
    assert only(shift).state is IntentState.ABANDONED
    assert not shift.hotel.requests


def test_a_scope_that_closes_before_the_first_step_leaves_nobody_waiting(shift: Shift) -> None:
    async def story(desk: FakeDesk) -> None:
        # The reading of the books ends in the same turn in which the scope is closed.
        known = await shift.journal.of_customer("anna")
        intent = desk.front.intent(IntentKind.CHARGE, REFERENCE, ANNA, "", pounds(1))

        async def send() -> str:
            raise AssertionError("nothing may be sent")

        waiting = asyncio.gather(desk.runner.begin(intent, send, known), desk.scope.close(), return_exceptions=True)
        result, _ = await waiting
        assert isinstance(result, NotAllowed)
        with pytest.raises(NotAllowed, match="closing"):
            await desk.runner.begin(replace(intent, reference="DP-AAAA-0002"), send, known)

    shift(story)
    assert shift.journal.stories == {}


@pytest.mark.parametrize("problem", [JournalCorrupt("damaged"), ValueError("a bug")], ids=["disk", "bug"])
def test_a_journal_that_fails_after_the_draft_sends_nothing_and_frees_the_guest(
    shift: Shift, problem: Exception
) -> None:
    async def story(desk: FakeDesk) -> None:
        whole = shift.journal.draft

        async def draft_then_fail(record: IntentRecord) -> None:
            await whole(record)
            shift.journal.unreadable = problem

        shift.journal.draft = draft_then_fail  # type: ignore[method-assign]  # fails between two calls of the runner
        with pytest.raises(type(problem), match=str(problem)):
            await begin(desk)

    shift(story)
    if isinstance(problem, ValueError):
        assert shift.fault() is problem
    assert only(shift).state is IntentState.ABANDONED
    assert not shift.hotel.requests


@pytest.mark.parametrize("state", [PaymentState.PENDING, PaymentState.VERIFYING])
def test_an_accepted_payment_is_followed_after_a_restart(shift: Shift, state: PaymentState) -> None:
    shift.hotel.coming.append(Meets(state=state))

    async def accepted(desk: FakeDesk) -> None:
        await desk.reaches(await begin(desk), IntentState.ACCEPTED)

    shift(accepted)
    shift.hotel.settle(shift.hotel.rows[0].id, PaymentState.CHARGED)
    shift(settle)
    assert only(shift).state is IntentState.CONFIRMED


def test_what_stayed_unknown_overnight_is_looked_for_seconds_after_the_start(shift: Shift) -> None:
    shift.hotel.coming.append(Meets(done=False, error=LOST))

    async def night(desk: FakeDesk) -> None:
        await begin(desk)
        await asyncio.sleep(8 * 3600)

    shift(night)
    sent = only(shift).sent_utc
    assert sent is not None
    shift.hotel.rows.append(payment("late", pounds(31240), sent + timedelta(minutes=20), notes=REFERENCE))

    async def morning(desk: FakeDesk) -> None:
        await desk.runner.resume()
        with pytest.raises(GuestBeingChecked):
            await take_payment(desk.front, a_charge(reference="DP-AAAA-0002", amount=pounds(1)))
        await asyncio.sleep(3)

    shift(morning)
    assert only(shift).state is IntentState.CONFIRMED


def test_an_act_of_this_run_is_not_taken_up_a_second_time(shift: Shift) -> None:
    shift.hotel.coming.append(Meets(after_s=30))

    async def story(desk: FakeDesk) -> None:
        begun = await _sent(desk)
        await desk.runner.resume()
        assert (await desk.on_record(begun)).state is IntentState.SENDING
        await desk.ends(begun)

    shift(story)
    assert len(only(shift).events) == 4


def test_ended_acts_are_left_alone_by_a_restart(shift: Shift) -> None:
    async def ended(desk: FakeDesk) -> None:
        await desk.ends(await begin(desk))

    shift(ended)
    shift(settle)
    assert len(only(shift).events) == 4


def test_quitting_waits_for_answers_but_not_for_what_is_followed(shift: Shift) -> None:
    shift.hotel.coming.extend([Meets(after_s=30), Meets(state=PaymentState.PENDING)])

    async def story(desk: FakeDesk) -> None:
        await desk.runner.all_answered()
        await begin(desk)
        before = shift.clock.time()
        await desk.runner.all_answered()
        assert shift.clock.time() - before == pytest.approx(30)
        await desk.until(lambda: not desk.runner.unfinished)
        await take_payment(desk.front, a_charge(reference="DP-AAAA-0002", amount=pounds(2)))
        await desk.runner.all_answered()
        assert len(desk.runner.unfinished) == 1

    shift(story)


def test_a_refund_that_is_landing_is_followed_after_a_restart_and_counts(shift: Shift) -> None:
    shift.hotel.rows.append(payment("paid", pounds(5000), shift.clock.now() - timedelta(days=1)))
    shift.hotel.coming.append(Meets(state=PaymentState.PENDING))

    async def landing(desk: FakeDesk) -> None:
        await desk.reaches(await refund_payment(desk.front, a_refund("paid")), IntentState.ACCEPTED)

    shift(landing)
    shift.hotel.settle(shift.hotel.rows[1].id, PaymentState.FAILED)
    shift(settle)
    assert only(shift).state is IntentState.DECLINED


def test_the_desk_tells_what_stopped_it(shift: Shift) -> None:
    shift.journal.failures[2] = (FULL, False)

    async def story(desk: FakeDesk) -> None:
        assert desk.runner.stopped is None
        await begin(desk)
        await desk.until(lambda: desk.runner.stopped is not None)
        assert desk.runner.stopped is FULL

    shift(story)
    assert not shift.hotel.requests
