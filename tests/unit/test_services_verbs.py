"""What every verb of the desk promises, whatever it is about."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace

import pytest

from deskpay.domain.errors import (
    DeskPayError,
    Field,
    GuestBeingChecked,
    HotelUnavailable,
    InputProblem,
    JournalUnavailable,
    OutcomeUnknown,
    Unauthorized,
)
from deskpay.domain.intent import Evidence, IntentKind, IntentRecord, IntentState
from deskpay.domain.money import Money
from deskpay.services.record_payment import record_payment
from deskpay.services.refund_payment import refund_payment
from deskpay.services.save_card import save_card
from deskpay.services.take_payment import take_payment
from tests.kit.fake_desk import FakeDesk, Shift, a_charge, a_record, a_refund
from tests.kit.fake_hotel import JPY, Meets, pounds
from tests.kit.loops import VirtualRunner
from tests.kit.verbs import (
    MONEY,
    VERBS,
    Verb,
    fresh_card,
    refused,
    refused_input,
    shift_with_a_payment,
)

LOST = OutcomeUnknown("the answer was lost")


@pytest.fixture
def shift(run_virtual: VirtualRunner) -> Iterator[Shift]:
    yield from shift_with_a_payment(run_virtual)


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_writes_sends_once_and_reads_back(shift: Shift, verb: Verb) -> None:
    async def story(desk: FakeDesk) -> IntentRecord:
        return await desk.ends(await verb(desk))

    done = shift(story)
    assert [event.evidence for event in done.events] == [
        Evidence.DECIDED,
        Evidence.ABOUT_TO_SEND,
        Evidence.ANSWERED,
        Evidence.READ_BACK,
    ]
    assert done.state is IntentState.CONFIRMED
    assert shift.hotel.requests == shift.hotel.effects == {done.intent.reference: 1}
    rows = {row.id for row in shift.hotel.rows} | {card.id for card in shift.hotel.cards}
    assert done.outcome_id in rows - {"paid", "visa"}


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_adopts_what_a_lost_answer_did(shift: Shift, verb: Verb) -> None:
    shift.hotel.coming.append(Meets(error=LOST))

    async def story(desk: FakeDesk) -> IntentRecord:
        return await desk.ends(await verb(desk))

    done = shift(story)
    assert done.state is IntentState.CONFIRMED
    assert Evidence.FOUND in [event.evidence for event in done.events]
    assert shift.hotel.requests == {done.intent.reference: 1}


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_leaves_open_what_a_lost_answer_did_not_do(shift: Shift, verb: Verb) -> None:
    shift.hotel.coming.append(Meets(done=False, error=LOST))

    async def story(desk: FakeDesk) -> IntentRecord:
        begun = await verb(desk)
        await asyncio.sleep(24 * 3600)
        with pytest.raises(GuestBeingChecked):
            await again(desk, begun)
        return await desk.on_record(begun)

    left = shift(story)
    assert left.state is IntentState.UNKNOWN
    assert {event.evidence for event in left.events[3:]} == {Evidence.NOT_FOUND}
    assert shift.hotel.requests == {left.intent.reference: 1}


async def again(desk: FakeDesk, begun: IntentRecord) -> IntentRecord:
    """Try another act on what `begun` holds."""
    if begun.intent.kind is IntentKind.SAVE_CARD:
        return await save_card(desk.front, replace(fresh_card(desk), reference="DP-DDDD-0002"))
    return await take_payment(desk.front, a_charge(pounds(1), reference="DP-AAAA-0009"))


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("problem", [HotelUnavailable("down"), Unauthorized("401")], ids=repr)
def test_books_that_cannot_be_read_stop_every_verb(shift: Shift, verb: Verb, problem: DeskPayError) -> None:
    shift.hotel.closed = problem
    assert refused(shift, verb, type(problem)) is problem


@pytest.mark.parametrize("verb", VERBS)
def test_a_journal_that_cannot_be_read_stops_every_verb(shift: Shift, verb: Verb) -> None:
    shift.journal.unreadable = JournalUnavailable("locked")
    refused(shift, verb, JournalUnavailable)


@pytest.mark.parametrize("verb", VERBS)
def test_a_journal_that_cannot_be_written_stops_every_verb_and_the_form_may_be_sent_again(
    shift: Shift, verb: Verb
) -> None:
    shift.journal.failures[1] = (JournalUnavailable("locked"), False)
    refused(shift, verb, JournalUnavailable)

    async def story(desk: FakeDesk) -> IntentRecord:
        shift.journal.failures[shift.journal.writes + 1] = (JournalUnavailable("locked"), False)
        with pytest.raises(JournalUnavailable):
            await verb(desk)
        return await desk.ends(await verb(desk))

    assert shift(story).state is IntentState.CONFIRMED


@pytest.mark.parametrize("verb", VERBS)
def test_a_reading_that_is_cancelled_sends_nothing(shift: Shift, verb: Verb) -> None:
    shift.hotel.slow_s = {"payments": 100, "cards": 100}

    async def story(desk: FakeDesk) -> None:
        window = asyncio.gather(verb(desk))
        await asyncio.sleep(1)
        window.cancel()
        with pytest.raises(asyncio.CancelledError):
            await window

    shift(story)
    assert not shift.journal.stories
    assert not shift.hotel.requests


@pytest.mark.parametrize("first", MONEY)
@pytest.mark.parametrize("second", MONEY)
def test_no_act_with_the_guests_money_begins_beside_an_open_one(shift: Shift, first: Verb, second: Verb) -> None:
    shift.hotel.coming.append(Meets(done=False, error=LOST))

    async def story(desk: FakeDesk) -> None:
        begun = await desk.reaches(await first(desk), IntentState.UNKNOWN)
        with pytest.raises(GuestBeingChecked) as caught:
            await second(desk)
        assert caught.value.reference == begun.intent.reference

    shift(story)
    assert sum(shift.hotel.requests.values()) == 1


@pytest.mark.parametrize(
    ("amount", "field", "problem"),
    [
        (pounds(0), Field.AMOUNT, InputProblem.ZERO),
        (pounds(-1), Field.AMOUNT, InputProblem.NEGATIVE),
        (pounds(10**11 + 1), Field.AMOUNT, InputProblem.TOO_LARGE),
        (Money(100, JPY), Field.CURRENCY, InputProblem.NOT_TAKEN),
    ],
    ids=lambda value: value.name if isinstance(value, InputProblem) else "",
)
def test_no_verb_takes_an_amount_that_cannot_be(
    shift: Shift, amount: Money, field: Field, problem: InputProblem
) -> None:
    for verb in (
        lambda desk: take_payment(desk.front, a_charge(amount)),
        lambda desk: record_payment(desk.front, a_record(amount)),
        lambda desk: refund_payment(desk.front, a_refund("paid", amount)),
    ):
        assert refused_input(shift, verb) == (field, problem)
