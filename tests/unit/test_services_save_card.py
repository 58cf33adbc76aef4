"""Saving a captured card: once, in time, and with its capture reference kept nowhere."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace

import pytest

from deskpay.domain.card import Expiry
from deskpay.domain.errors import (
    Field,
    GuestBeingChecked,
    InputProblem,
    InputRefused,
    NotAllowed,
    OutcomeUnknown,
    Rejected,
)
from deskpay.domain.intent import Evidence, IntentRecord, IntentState
from deskpay.services.save_card import LIFE_S, save_card
from tests.kit.fake_desk import CAPTURE, FakeDesk, Shift
from tests.kit.fake_hotel import ANNA, Meets, card
from tests.kit.loops import VirtualRunner
from tests.kit.verbs import (
    charge,
    fresh_card,
    record_slip,
    refused,
    refused_input,
    save,
    shift_with_a_payment,
)

LOST = OutcomeUnknown("the answer was lost")


@pytest.fixture
def shift(run_virtual: VirtualRunner) -> Iterator[Shift]:
    yield from shift_with_a_payment(run_virtual)


@pytest.mark.parametrize("transaction_id", ["", "4111111111111111", "26091509141412345x", CAPTURE + "7"])
def test_a_capture_of_another_form_is_refused_and_not_quoted(shift: Shift, transaction_id: str) -> None:
    problem = refused(shift, lambda desk: save_card(desk.front, fresh_card(desk, transaction_id)), InputRefused)
    assert isinstance(problem, InputRefused)
    assert (problem.field, problem.problem) == (Field.CARD, InputProblem.BAD_FORM)
    assert not transaction_id or transaction_id not in str(problem)


def test_a_capture_that_grew_old_is_not_sent(shift: Shift) -> None:
    async def late(desk: FakeDesk) -> IntentRecord:
        order = fresh_card(desk)
        await asyncio.sleep(LIFE_S - 1)
        shift.hotel.slow_s["cards"] = 2
        return await save_card(desk.front, order)

    assert refused_input(shift, late) == (Field.CARD, InputProblem.GONE)


def test_a_captured_card_that_is_past_is_not_sent(shift: Shift) -> None:
    async def past(desk: FakeDesk) -> IntentRecord:
        return await save_card(desk.front, replace(fresh_card(desk), expiry=Expiry(2026, 10)))

    assert refused_input(shift, past) == (Field.EXPIRY, InputProblem.PAST)


def test_the_capture_reaches_the_hotel_and_nothing_else(shift: Shift) -> None:
    said = f"Invalid StorageData {CAPTURE}"
    shift.hotel.coming.append(Meets(done=False, error=Rejected("400", server_message=said)))

    async def story(desk: FakeDesk) -> IntentRecord:
        assert CAPTURE not in repr(fresh_card(desk))
        done = await desk.ends(await save(desk))
        assert CAPTURE not in repr(desk.news)
        return done

    done = shift(story)
    assert shift.hotel.captures == [CAPTURE]
    assert done.message == "Invalid StorageData …"
    assert CAPTURE not in repr(shift.journal.stories)


def test_two_new_cards_after_a_lost_answer_are_for_a_person(shift: Shift) -> None:
    shift.hotel.coming.append(Meets(error=LOST))

    async def story(desk: FakeDesk) -> IntentRecord:
        begun = await save(desk)
        shift.hotel.cards.append(card("theirs"))
        await asyncio.sleep(60)
        return await desk.on_record(begun)

    assert shift(story).events[-1].evidence is Evidence.SEVERAL_FOUND


def test_a_terminals_row_is_not_the_card_that_was_saved(shift: Shift) -> None:
    shift.hotel.coming.append(Meets(done=False, error=LOST))

    async def story(desk: FakeDesk) -> IntentRecord:
        begun = await save(desk)
        await desk.ends(await record_slip(desk))
        await asyncio.sleep(60)
        return await desk.on_record(begun)

    left = shift(story)
    assert {event.evidence for event in left.events[3:]} == {Evidence.NOT_FOUND}


def test_a_card_that_is_not_shown_yet_is_waited_for(shift: Shift) -> None:
    async def story(desk: FakeDesk) -> IntentRecord:
        begun = await desk.reaches(await save(desk), IntentState.ACCEPTED)
        cards, shift.hotel.cards = shift.hotel.cards, []
        await asyncio.sleep(600)
        assert (await desk.on_record(begun)).state is IntentState.ACCEPTED
        shift.hotel.cards = cards
        return await desk.ends(begun)

    assert shift(story).state is IntentState.CONFIRMED


def test_a_captured_card_is_saved_once_however_often_it_is_clicked(shift: Shift) -> None:
    async def story(desk: FakeDesk) -> None:
        order = fresh_card(desk)
        shift.hotel.slow_s["cards"] = 10
        slow = asyncio.gather(save_card(desk.front, replace(order, reference="DP-DDDD-0002")), return_exceptions=True)
        await asyncio.sleep(1)
        await desk.ends(await save_card(desk.front, order))
        (result,) = await slow
        assert isinstance(result, NotAllowed)

    shift(story)
    assert shift.hotel.captures == [CAPTURE]


def test_saving_a_card_does_not_wait_for_the_guests_money(shift: Shift) -> None:
    shift.hotel.coming.append(Meets(done=False, error=LOST))

    async def story(desk: FakeDesk) -> IntentRecord:
        await desk.reaches(await charge(desk), IntentState.UNKNOWN)
        return await desk.ends(await save(desk))

    assert shift(story).intent.customer_id == ANNA.id


def test_a_card_that_was_being_saved_when_the_books_were_read_stops_the_next(shift: Shift) -> None:
    shift.hotel.coming.append(Meets(before_s=5))

    async def story(desk: FakeDesk) -> None:
        order = fresh_card(desk)
        first = await desk.reaches(await save_card(desk.front, order), IntentState.SENDING)
        shift.hotel.slow_s["cards"] = 20
        slow = asyncio.gather(save_card(desk.front, replace(order, reference="DP-DDDD-0002")), return_exceptions=True)
        await desk.ends(first)
        (result,) = await slow
        assert isinstance(result, GuestBeingChecked)
        assert result.reference == first.intent.reference

    shift(story)
    assert shift.hotel.captures == [CAPTURE]
