"""Charging a card, as a clerk lives through it: what is sent, what is asked, what is known in the end."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from deskpay.domain.errors import (
    Declined,
    DeskPayError,
    GuestBeingChecked,
    HotelUnavailable,
    NotSent,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    Unauthorized,
)
from deskpay.domain.intent import Evidence, IntentRecord, IntentState
from deskpay.domain.payment import PaymentMethod, PaymentState
from deskpay.journal.journal import open_journal
from deskpay.services.intent_runner import IntentNews
from deskpay.services.look_up import LookUp
from deskpay.services.take_payment import take_payment
from tests.kit.fake_desk import FakeDesk, Shift, a_charge, fake_desk, new_shift
from tests.kit.fake_hotel import Meets, payment, pounds
from tests.kit.loops import VirtualRunner

REFERENCE = "DP-AAAA-0001"
LOST = OutcomeUnknown("the answer was lost")


@pytest.fixture
def shift(run_virtual: VirtualRunner) -> Iterator[Shift]:
    yield from new_shift(run_virtual)


def states(record: IntentRecord) -> list[IntentState]:
    return [event.state for event in record.events]


def evidences(record: IntentRecord) -> list[Evidence]:
    return [event.evidence for event in record.events]


async def charge_to_the_end(desk: FakeDesk) -> IntentRecord:
    return await desk.ends(await take_payment(desk.front, a_charge()))


async def charge_until_unknown(desk: FakeDesk) -> IntentRecord:
    return await desk.reaches(await take_payment(desk.front, a_charge()), IntentState.UNKNOWN)


async def resume_to_the_end(desk: FakeDesk) -> IntentRecord:
    await desk.runner.resume()
    (news,) = desk.runner.unfinished
    return await desk.ends(news.record)


def test_a_charge_is_drafted_sent_once_answered_and_read_back(shift: Shift) -> None:
    record = shift(charge_to_the_end)
    assert states(record) == [
        IntentState.DRAFTED,
        IntentState.SENDING,
        IntentState.ACCEPTED,
        IntentState.CONFIRMED,
    ]
    assert shift.hotel.requests == {REFERENCE: 1}
    (made,) = shift.hotel.made(REFERENCE)
    assert record.outcome_id == made.id
    assert made.original_amount == record.intent.amount == pounds(31240)
    assert record.intent.operator == "Dana"


def test_the_journal_on_the_disk_tells_the_same_story(run_virtual: VirtualRunner, tmp_path: Path) -> None:
    shift = Shift(run_virtual)
    shift.hotel.coming.append(Meets(error=LOST))

    async def story() -> IntentRecord:
        journal = await open_journal(tmp_path / "journal.sqlite")
        try:
            async with fake_desk(shift.hotel, journal, shift.clock) as desk:
                begun = await take_payment(desk.front, a_charge())
                with pytest.raises(GuestBeingChecked, match=REFERENCE):
                    await take_payment(desk.front, a_charge(reference="DP-AAAA-0002"))
                await desk.ends(begun)
                return await desk.on_record(begun)
        finally:
            await journal.aclose()

    record = run_virtual(story())
    assert record.state is IntentState.CONFIRMED
    assert evidences(record)[2:] == [Evidence.NO_ANSWER, Evidence.FOUND, Evidence.READ_BACK]
    assert shift.hotel.requests == {REFERENCE: 1}


def test_nothing_is_sent_before_the_draft_and_the_sending_are_durable(shift: Shift) -> None:
    shift.journal.slow_s = 5
    seen: list[tuple[IntentState, IntentState, int]] = []

    async def story(desk: FakeDesk) -> None:
        def look(news: IntentNews) -> None:
            on_disk = shift.journal.stories[news.record.intent.id].state
            seen.append((news.record.state, on_disk, shift.hotel.requests[REFERENCE]))

        desk.runner.changed.listen(look)
        before = shift.clock.time()
        begun = await take_payment(desk.front, a_charge())
        assert shift.clock.time() - before == pytest.approx(5)
        await desk.reaches(begun, IntentState.ACCEPTED)

    shift(story)
    assert seen[:3] == [
        (IntentState.DRAFTED, IntentState.DRAFTED, 0),
        (IntentState.SENDING, IntentState.SENDING, 0),
        (IntentState.ACCEPTED, IntentState.ACCEPTED, 1),
    ]


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (NotSent("no connection"), IntentState.NOT_SENT),
        (Rejected("400", server_message="Invalid CreditCardId"), IntentState.REJECTED),
        (Unauthorized("401"), IntentState.REJECTED),
        (RateLimited("429", retry_after_s=12), IntentState.REJECTED),
        (Declined("403", server_message="Insufficient funds"), IntentState.DECLINED),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else value.value,
)
def test_a_definite_no_ends_the_act_and_frees_the_guest(shift: Shift, error: DeskPayError, state: IntentState) -> None:
    shift.hotel.coming.append(Meets(done=False, error=error))

    async def story(desk: FakeDesk) -> IntentRecord:
        record = await charge_to_the_end(desk)
        again = await take_payment(desk.front, a_charge(reference="DP-AAAA-0002"))
        assert (await desk.ends(again)).state is IntentState.CONFIRMED
        return record

    record = shift(story)
    assert record.state is state
    assert record.message == (error.server_message or "")
    assert shift.hotel.requests == {REFERENCE: 1, "DP-AAAA-0002": 1}
    assert shift.hotel.effects == {"DP-AAAA-0002": 1}


def test_a_decline_that_left_a_failed_row_names_it(shift: Shift) -> None:
    shift.hotel.coming.append(Meets(state=PaymentState.FAILED, error=Declined("403", server_message="Do not honor")))
    record = shift(charge_to_the_end)
    assert record.state is IntentState.DECLINED
    assert record.outcome_id == shift.hotel.rows[0].id
    assert record.message == "Do not honor"


def test_a_refusal_beside_a_living_payment_is_the_payment(shift: Shift) -> None:
    shift.hotel.coming.append(Meets(error=Declined("403")))
    record = shift(charge_to_the_end)
    assert states(record)[2:] == [IntentState.ACCEPTED, IntentState.CONFIRMED]


def test_a_refusal_beside_a_payment_that_may_be_ours_goes_to_a_person(shift: Shift) -> None:
    shift.hotel.coming.append(Meets(echoes=False, error=Declined("403", server_message="No")))
    record = shift(charge_until_unknown)
    assert evidences(record)[-1] is Evidence.SEVERAL_FOUND
    assert record.message == "No"


def test_a_refusal_that_could_not_be_checked_is_a_decline_once_a_look_finds_nothing(shift: Shift) -> None:
    shift.hotel.coming.append(Meets(done=False, error=Declined("403", server_message="Insufficient funds")))
    shift.hotel.failing.extend([None, None, HotelUnavailable("down"), HotelUnavailable("down")])
    record = shift(charge_to_the_end)
    assert evidences(record)[2:] == [Evidence.REFUSED, Evidence.COULD_NOT_LOOK, Evidence.NOT_FOUND]
    assert record.state is IntentState.DECLINED
    assert record.message == "Insufficient funds"


def test_a_refusal_that_could_not_be_checked_is_the_payment_once_a_look_finds_it(shift: Shift) -> None:
    shift.hotel.coming.append(Meets(error=Declined("403")))
    shift.hotel.failing.extend([None, None, HotelUnavailable("down")])
    assert shift(charge_to_the_end).state is IntentState.CONFIRMED


@pytest.mark.parametrize("error", [LOST, RuntimeError("a bug"), asyncio.CancelledError()], ids=repr)
def test_an_answer_lost_after_the_charge_is_looked_up_and_adopted(shift: Shift, error: BaseException) -> None:
    shift.hotel.coming.append(Meets(error=error))
    record = shift(charge_to_the_end)
    assert evidences(record)[2:] == [Evidence.NO_ANSWER, Evidence.FOUND, Evidence.READ_BACK]
    assert record.state is IntentState.CONFIRMED
    assert shift.hotel.requests == {REFERENCE: 1}
    if isinstance(error, RuntimeError):
        assert shift.fault() is error


def test_an_answer_lost_before_the_charge_stays_open_and_is_never_sent_again(shift: Shift) -> None:
    shift.hotel.coming.append(Meets(done=False, error=LOST))

    async def story(desk: FakeDesk) -> list[timedelta]:
        begun = await take_payment(desk.front, a_charge())
        await asyncio.sleep(7 * 24 * 3600)
        with pytest.raises(GuestBeingChecked, match=REFERENCE):
            await take_payment(desk.front, a_charge(reference="DP-AAAA-0002"))
        record = await desk.on_record(begun)
        assert record.state is IntentState.UNKNOWN
        assert set(evidences(record)[3:]) == {Evidence.NOT_FOUND}
        return [event.at_utc - record.events[2].at_utc for event in record.events[3:]]

    looks = shift(story)
    first = [timedelta(seconds=seconds) for seconds in (2, 5, 15, 30, 60, 300, 900)]
    assert looks[:9] == [*first, timedelta(minutes=30), timedelta(minutes=45)]
    assert shift.hotel.requests == {REFERENCE: 1}


def test_the_charge_that_comes_late_is_still_found(shift: Shift) -> None:
    shift.hotel.coming.append(Meets(done=False, error=LOST))

    async def story(desk: FakeDesk) -> IntentRecord:
        begun = await take_payment(desk.front, a_charge())
        await asyncio.sleep(100)
        shift.hotel.rows.append(payment("late", pounds(31240), shift.clock.now(), notes=REFERENCE))
        return await desk.ends(begun)

    record = shift(story)
    assert (record.state, record.outcome_id) == (IntentState.CONFIRMED, "late")


@pytest.mark.parametrize(
    "meets",
    [Meets(echoes=False, error=LOST), Meets(surcharge_minor=312, error=LOST)],
    ids=["no reference came back", "the amount is another"],
)
def test_a_payment_that_may_be_ours_is_for_a_person(shift: Shift, meets: Meets) -> None:
    shift.hotel.coming.append(meets)

    async def story(desk: FakeDesk) -> IntentRecord:
        begun = await take_payment(desk.front, a_charge())
        await asyncio.sleep(3600)
        return await desk.on_record(begun)

    record = shift(story)
    assert record.state is IntentState.UNKNOWN
    assert set(evidences(record)[3:]) == {Evidence.SEVERAL_FOUND}


def test_two_payments_with_our_reference_are_for_a_person(shift: Shift) -> None:
    shift.hotel.rows.append(payment("before", pounds(100), shift.clock.now(), notes=REFERENCE))
    shift.hotel.coming.append(Meets(error=LOST))

    async def story(desk: FakeDesk) -> IntentRecord:
        begun = await take_payment(desk.front, a_charge())
        shift.hotel.rows.append(payment("twin", pounds(31240), shift.clock.now(), notes=REFERENCE))
        await asyncio.sleep(3600)
        return await desk.on_record(begun)

    assert evidences(shift(story))[-1] is Evidence.SEVERAL_FOUND


@pytest.mark.parametrize(
    "other",
    [
        {"amount": pounds(31241)},
        {"credit_card_id": "other"},
        {"customer_id": "boris"},
        {"method": PaymentMethod.CASH},
        {"notes": "DP-ZZZZ-9999"},
        {"state": PaymentState.FAILED},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_a_colleagues_payment_that_cannot_be_ours_is_not_adopted(shift: Shift, other: dict[str, object]) -> None:
    shift.hotel.coming.append(Meets(done=False, error=LOST))

    async def story(desk: FakeDesk) -> IntentRecord:
        begun = await take_payment(desk.front, a_charge())
        row = {"amount": pounds(31240)} | other
        shift.hotel.rows.append(payment("theirs", created_utc=shift.clock.now(), **row))  # type: ignore[arg-type]  # one field differs
        await asyncio.sleep(60)
        return await desk.on_record(begun)

    assert set(evidences(shift(story))[3:]) == {Evidence.NOT_FOUND}


def test_an_equal_payment_of_the_next_days_is_another_one(shift: Shift) -> None:
    shift.hotel.coming.append(Meets(done=False, error=LOST))

    async def story(desk: FakeDesk) -> IntentRecord:
        begun = await take_payment(desk.front, a_charge())
        await asyncio.sleep(2 * 24 * 3600)
        shift.hotel.rows.append(payment("theirs", pounds(31240), shift.clock.now()))
        await asyncio.sleep(3600)
        return await desk.on_record(begun)

    assert set(evidences(shift(story))[3:]) == {Evidence.NOT_FOUND}


@pytest.mark.parametrize("problem", [HotelUnavailable("down"), Unauthorized("401"), RateLimited("429")], ids=repr)
def test_a_look_that_fails_proves_nothing(shift: Shift, problem: Exception) -> None:
    shift.hotel.coming.append(Meets(error=LOST))

    async def story(desk: FakeDesk) -> IntentRecord:
        begun = await take_payment(desk.front, a_charge())
        shift.hotel.closed = problem
        await asyncio.sleep(3600)
        record = await desk.on_record(begun)
        assert record.state is IntentState.UNKNOWN
        assert set(evidences(record)[3:]) == {Evidence.COULD_NOT_LOOK}
        shift.hotel.closed = None
        return await desk.ends(begun)

    assert shift(story).state is IntentState.CONFIRMED


def test_a_bug_in_a_look_is_reported_and_the_looking_goes_on(shift: Shift) -> None:
    shift.hotel.coming.append(Meets(error=LOST))
    bug = KeyError("Payments")
    shift.hotel.failing.extend([None, None, bug])
    record = shift(charge_to_the_end)
    assert evidences(record)[3:] == [Evidence.COULD_NOT_LOOK, Evidence.FOUND, Evidence.READ_BACK]
    assert shift.fault() is bug


def test_a_look_broken_off_from_within_is_made_again(shift: Shift, monkeypatch: pytest.MonkeyPatch) -> None:
    shift.hotel.coming.append(Meets(error=LOST))
    whole = LookUp.verdict
    broken = [asyncio.CancelledError()]

    async def verdict(self: LookUp, record: IntentRecord) -> object:
        if broken:
            raise broken.pop()
        return await whole(self, record)

    monkeypatch.setattr(LookUp, "verdict", verdict)
    record = shift(charge_to_the_end)
    assert evidences(record)[3:] == [Evidence.COULD_NOT_LOOK, Evidence.FOUND, Evidence.READ_BACK]


@pytest.mark.parametrize(
    ("first", "then", "end"),
    [
        (PaymentState.PENDING, PaymentState.CHARGED, IntentState.CONFIRMED),
        (PaymentState.VERIFYING, PaymentState.CANCELED, IntentState.DECLINED),
        (PaymentState.UNKNOWN, PaymentState.FAILED, IntentState.DECLINED),
    ],
)
def test_a_payment_under_way_is_followed_to_its_end(
    shift: Shift, first: PaymentState, then: PaymentState, end: IntentState
) -> None:
    shift.hotel.coming.append(Meets(state=first))

    async def story(desk: FakeDesk) -> IntentRecord:
        begun = await take_payment(desk.front, a_charge())
        await asyncio.sleep(20 * 3600)
        assert (await desk.on_record(begun)).state is IntentState.ACCEPTED
        with pytest.raises(GuestBeingChecked):
            await take_payment(desk.front, a_charge(reference="DP-AAAA-0002"))
        shift.hotel.failing.append(HotelUnavailable("down"))
        shift.hotel.settle(shift.hotel.rows[0].id, then)
        return await desk.ends(begun)

    assert shift(story).state is end


def test_a_payment_that_is_not_shown_yet_is_waited_for(shift: Shift) -> None:
    async def story(desk: FakeDesk) -> IntentRecord:
        begun = await take_payment(desk.front, a_charge())
        await desk.reaches(begun, IntentState.ACCEPTED)
        rows, shift.hotel.rows = shift.hotel.rows, []
        await asyncio.sleep(600)
        assert (await desk.on_record(begun)).state is IntentState.ACCEPTED
        shift.hotel.rows = rows
        return await desk.ends(begun)

    assert shift(story).state is IntentState.CONFIRMED
