"""Clicking, closing windows and looking now, while a charge is on its way."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace

import pytest

from deskpay.domain.errors import (
    Declined,
    JournalUnavailable,
    LooksRepeated,
    NotAllowed,
    OutcomeUnknown,
)
from deskpay.domain.intent import Evidence, IntentEvent, IntentKind, IntentRecord, IntentState
from deskpay.services.intent_runner import IntentNews
from deskpay.services.take_payment import take_payment
from tests.kit.fake_desk import FakeDesk, Shift, a_charge, new_shift
from tests.kit.fake_hotel import ANNA, Meets, pounds
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


def test_looking_now_neither_sends_nor_uses_up_the_early_looks(shift: Shift) -> None:
    shift.hotel.coming.append(Meets(done=False, error=LOST))

    async def story(desk: FakeDesk) -> IntentRecord:
        begun = await charge_until_unknown(desk)
        for _ in range(20):
            await desk.until(lambda: desk.news[-1].next_look_at_s is not None)
            desk.runner.check_now(begun.intent.id)
            before = len(desk.news)
            await desk.until(lambda before=before: len(desk.news) >= before + 3)  # type: ignore[misc]  # bound now
        assert shift.clock.time() < 1_001
        latest = desk.runner.latest(begun.intent.id)
        assert latest is not None
        assert latest.next_look_at_s == shift.clock.time() + 2
        await asyncio.sleep(6)
        return await desk.on_record(begun)

    record = shift(story)
    assert len(record.events) == 3 + 20 + 2
    assert shift.hotel.requests == {REFERENCE: 1}


def test_looking_now_at_what_is_not_followed_does_nothing(shift: Shift) -> None:
    async def story(desk: FakeDesk) -> None:
        desk.runner.check_now("no such intent")
        record = await charge_to_the_end(desk)
        desk.runner.check_now(record.intent.id)
        assert desk.runner.latest("no such intent") is None
        assert desk.runner.unfinished == ()

    shift(story)


def test_a_double_click_is_one_request(shift: Shift) -> None:
    async def story(desk: FakeDesk) -> None:
        clicks = [take_payment(desk.front, a_charge()) for _ in range(100)]
        results = await asyncio.gather(*clicks, return_exceptions=True)
        (begun,) = [result for result in results if isinstance(result, IntentRecord)]
        assert all(isinstance(result, IntentRecord | NotAllowed) for result in results)
        await desk.ends(begun)

    shift(story)
    assert shift.hotel.requests == {REFERENCE: 1}


@pytest.mark.parametrize("reference", [REFERENCE, "DP-AAAA-0002"], ids=["the same form", "another window"])
@pytest.mark.parametrize("reason", ["", "two rooms"])
def test_a_second_click_whose_reading_was_slow_is_not_sent(shift: Shift, reference: str, reason: str) -> None:
    """Its books were read before the first charge, and the first charge was over before it was drafted."""

    async def story(desk: FakeDesk) -> None:
        shift.hotel.slow_s["payments"] = 10
        second = asyncio.gather(
            take_payment(desk.front, a_charge(reference=reference, repeat_reason=reason)), return_exceptions=True
        )
        await asyncio.sleep(1)
        await desk.ends(await take_payment(desk.front, a_charge(repeat_reason=reason)))
        (refused,) = await second
        assert isinstance(refused, NotAllowed)
        assert not isinstance(refused, LooksRepeated)

    shift(story)
    assert shift.hotel.requests == {REFERENCE: 1}
    held = [record for record in shift.journal.stories.values() if record.holds_claim]
    assert held == []


def test_an_act_that_came_first_and_sent_nothing_stops_nobody(shift: Shift) -> None:
    async def story(desk: FakeDesk) -> IntentRecord:
        shift.hotel.slow_s["payments"] = 10
        second = asyncio.gather(take_payment(desk.front, a_charge()))
        await asyncio.sleep(1)
        shift.journal.failures[shift.journal.writes + 1] = (JournalUnavailable("locked"), False)
        with pytest.raises(JournalUnavailable):
            await take_payment(desk.front, a_charge(reference="DP-AAAA-0002"))
        draft = IntentEvent(state=IntentState.DRAFTED, at_utc=shift.clock.now(), evidence=Evidence.DECIDED)
        other = desk.front.intent(IntentKind.CHARGE, "DP-AAAA-0003", ANNA, "", pounds(1))
        await shift.journal.draft(IntentRecord(other, (draft,)))
        await shift.journal.append(other.id, replace(draft, state=IntentState.ABANDONED))
        (begun,) = await second
        return await desk.ends(begun)

    assert shift(story).state is IntentState.CONFIRMED


def test_a_used_form_sends_nothing_more(shift: Shift) -> None:
    async def story(desk: FakeDesk) -> None:
        first = await charge_to_the_end(desk)
        with pytest.raises(NotAllowed, match="used already"):
            await take_payment(desk.front, a_charge(repeat_reason="again", repeat_of=[first.outcome_id or ""]))

    shift(story)
    assert shift.hotel.requests == {REFERENCE: 1}


def test_a_window_that_closes_does_not_stop_the_charge(shift: Shift) -> None:
    shift.journal.slow_s = 1

    async def story(desk: FakeDesk) -> None:
        window = asyncio.gather(take_payment(desk.front, a_charge()))
        await asyncio.sleep(0.5)
        window.cancel()
        with pytest.raises(asyncio.CancelledError):
            await window
        await desk.until(lambda: bool(desk.news) and not desk.runner.unfinished)

    shift(story)
    (record,) = shift.journal.stories.values()
    assert record.state is IntentState.CONFIRMED


def test_a_view_that_fails_on_the_news_is_reported_and_does_not_stop_the_charge(shift: Shift) -> None:
    async def story(desk: FakeDesk) -> IntentRecord:
        heard: list[IntentNews] = []

        def gone(_news: IntentNews) -> None:
            raise RuntimeError("Internal C++ object already deleted")

        stop = desk.runner.changed.listen(gone)
        desk.runner.changed.listen(heard.append)
        record = await charge_to_the_end(desk)
        stop()
        assert [news.record.state for news in heard][-1] is IntentState.CONFIRMED
        return record

    assert shift(story).state is IntentState.CONFIRMED
    assert shift.faults
    assert {str(fault) for fault in shift.faults} == {"Internal C++ object already deleted"}
    shift.faults.clear()


def test_a_server_that_quotes_a_number_does_not_get_it_into_the_journal(shift: Shift) -> None:
    said = "Card 4111 1111 1111 1111 refused, call 0800 123456"
    shift.hotel.coming.append(Meets(done=False, error=Declined("403", server_message=said)))
    assert shift(charge_to_the_end).message == "Card … refused, call 0800 123456"
