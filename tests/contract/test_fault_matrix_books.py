"""The fault matrix, rows about what the hotel's books say afterwards: looks that fail, clocks, and other hands."""

import asyncio
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from typing_extensions import override

from deskpay.domain.errors import GuestBeingChecked, InputRefused, LooksRepeated, Unauthorized
from deskpay.domain.intent import Evidence, IntentKind, IntentRecord, IntentState
from deskpay.services.save_card import LIFE_S
from deskpay.services.system_clock import SystemClock
from tests.kit.crash_desk import BareDesk
from tests.kit.crash_line import Exchange, ScriptedLine
from tests.kit.crash_points import OPERATIONS
from tests.kit.crash_stage import CHARGE, LOOKS, Stage, final, looked_for
from tests.kit.hotel import Hotel
from tests.kit.loops import CoroutineRunner

S = IntentState
E = Evidence
K = IntentKind
READ_TRIES = 3
NO_REFERENCE: dict[str, Any] = {"Notes": "At the bar", "ReceiptIdentifier": None}


@pytest.fixture
def stage(run_plain: CoroutineRunner, sandbox: Hotel, tmp_path: Path) -> Stage:
    return Stage(run_plain, sandbox, tmp_path / "journal.sqlite")


async def _lost(exchange: Exchange) -> None:
    """Carry it out and lose the answer."""
    await exchange.carried_out()


async def _many_rows(exchange: Exchange, rows: int) -> dict[str, Any]:
    answer = await exchange.rows("Payments", Limitation={"Count": 1000})
    row = answer["Payments"][0]
    answer["Payments"] = [{**row, "Id": str(uuid.uuid4())} for _ in range(rows)]
    return answer


async def _too_many_rows(exchange: Exchange) -> None:
    await exchange.say_json(await _many_rows(exchange, 1001))


async def _a_gigabyte(exchange: Exchange) -> None:
    await exchange.flood(1024**3)


@pytest.mark.parametrize(
    "pages", [[_too_many_rows], [_a_gigabyte] * READ_TRIES], ids=["1,001 items", "1 GiB, at every try of the read"]
)
def test_huge_page_is_a_look_that_failed_not_an_empty_one(stage: Stage, pages: list[Any]) -> None:
    record = _after_a_bad_look(stage, pages)
    assert [event.evidence for event in record.events[2:5]] == [E.NO_ANSWER, E.COULD_NOT_LOOK, E.FOUND]


@pytest.mark.parametrize("cursors", ["AA", "ABA"], ids=["repeated", "A-B-A"])
def test_cursor_loop_or_repeat_is_a_look_that_failed(stage: Stage, cursors: str) -> None:
    def page(cursor: str) -> Any:
        async def told(exchange: Exchange) -> None:
            await exchange.say_json(await _many_rows(exchange, 1000) | {"Cursor": cursor})

        return told

    record = _after_a_bad_look(stage, [page(cursor) for cursor in cursors])
    assert [event.evidence for event in record.events[2:5]] == [E.NO_ANSWER, E.COULD_NOT_LOOK, E.FOUND]


def _after_a_bad_look(stage: Stage, pages: list[Any]) -> IntentRecord:
    """Lose the answer to a charge, and let the first look meet `pages`."""

    async def scene(desk: BareDesk, line: ScriptedLine) -> IntentRecord:
        async def lost(exchange: Exchange) -> None:
            await exchange.carried_out()
            line.play(LOOKS, *pages)

        line.play(CHARGE, lost)
        return await desk.reaches(await desk.act(K.CHARGE), final)

    record = stage(scene)
    assert (record.state, stage.done(), stage.requests()) == (S.CONFIRMED, 1, 1)
    return record


@dataclass
class JumpyClock(SystemClock):
    """This computer's clock, which somebody sets, and which a sleep moves on."""

    wall: timedelta = timedelta()
    steady_s: float = 0

    @override
    def now(self) -> datetime:
        return super().now() + self.wall

    @override
    def monotonic_s(self) -> float:
        return super().monotonic_s() + self.steady_s


SKEWS = {"two days ahead": 172_800, "two days behind": -172_800}


@pytest.mark.parametrize("skew_s", SKEWS.values(), ids=SKEWS)
def test_clock_skew_of_the_hotel_does_not_hide_a_lost_charge(stage: Stage, skew_s: float) -> None:
    stage.hotel.advance_clock(skew_s)
    stage.hotel.fault(CHARGE, "drop_after")
    record = stage.charge(final)
    assert (record.state, stage.done(), stage.requests()) == (S.CONFIRMED, 1, 1)


@pytest.mark.parametrize("skew_s", [3600, -300], ids=["an hour on", "five minutes back"])
def test_clock_skew_that_comes_while_a_charge_is_sent_does_not_hide_it(stage: Stage, skew_s: float) -> None:
    async def scene(desk: BareDesk, line: ScriptedLine) -> IntentRecord:
        async def lost(exchange: Exchange) -> None:
            await exchange.carried_out()
            await asyncio.to_thread(stage.hotel.advance_clock, skew_s)

        line.play(CHARGE, lost)
        return await desk.reaches(await desk.act(K.CHARGE), final)

    assert (stage(scene).state, stage.done(), stage.requests()) == (S.CONFIRMED, 1, 1)


def test_clock_skew_of_summer_time_does_not_hide_a_lost_charge(stage: Stage) -> None:
    # London's clocks went back at this second.
    stage.hotel.set_clock(datetime.fromisoformat("2026-10-25T00:59:59+00:00"))
    stage.hotel.fault(CHARGE, "drop_after")
    assert stage.charge(final).state is S.CONFIRMED
    assert (stage.done(), stage.requests()) == (1, 1)


JUMPS = {"two hours on": 2, "two days on": 48, "two hours back": -2, "two days back": -48}


@pytest.mark.parametrize("hours", JUMPS.values(), ids=JUMPS)
def test_sleep_or_resume_moves_the_wall_clock_mid_charge_and_hides_nothing(stage: Stage, hours: int) -> None:
    clock = JumpyClock()

    async def scene(desk: BareDesk, line: ScriptedLine) -> IntentRecord:
        async def asleep(exchange: Exchange) -> None:
            await exchange.carried_out()
            clock.wall = timedelta(hours=hours)

        line.play(CHARGE, asleep)
        return await desk.reaches(await desk.act(K.CHARGE), final)

    assert stage(scene, clock=clock).state is S.CONFIRMED
    assert (stage.done(), stage.requests()) == (1, 1)


def test_401_revoked_between_steps_leaves_the_intent_as_it_is(stage: Stage) -> None:
    async def scene(desk: BareDesk, line: ScriptedLine) -> None:
        refused = asyncio.Event()

        async def revoked(exchange: Exchange) -> None:
            await exchange.say(b'{"Message": "Invalid AccessToken"}', "401 Unauthorized")
            refused.set()

        async def charged(exchange: Exchange) -> None:
            line.play(LOOKS, *[revoked] * 50)
            await exchange.passed()

        line.play(CHARGE, charged)
        begun = await desk.act(K.CHARGE)
        await refused.wait()
        with pytest.raises(Unauthorized):
            await desk.act(K.CHARGE, guest="Brambleworth", reference="DP-CRAS-H002")
        (waiting,) = await desk.front.journal.unfinished()
        assert waiting.state is S.ACCEPTED
        line.play(LOOKS)
        assert (await desk.reaches(begun, final)).state is S.CONFIRMED

    stage(scene)
    assert (stage.done(), stage.requests()) == (1, 1)


def test_payment_stays_pending_and_is_listed_until_it_lands(stage: Stage) -> None:
    async def scene(desk: BareDesk, line: ScriptedLine) -> None:
        enough = asyncio.Event()

        async def last(exchange: Exchange) -> None:
            enough.set()
            await exchange.passed()

        begun = await desk.act(K.CHARGE, guest="Larkspindle")
        await desk.reaches(begun, lambda record: record.state is S.ACCEPTED)
        line.play(LOOKS, *[Exchange.passed] * 5, last)
        await enough.wait()
        (waiting,) = await desk.front.journal.unfinished()
        assert waiting.state is S.ACCEPTED
        with pytest.raises(GuestBeingChecked):
            await desk.act(K.CHARGE, guest="Larkspindle", reference="DP-CRAS-H002")
        await asyncio.to_thread(stage.hotel.advance_clock, 30)
        assert (await desk.reaches(begun, final)).state is S.CONFIRMED

    stage(scene)
    assert (stage.done(), stage.requests()) == (1, 1)


def test_charge_made_in_mews_before_the_baseline_stops_ours(stage: Stage) -> None:
    async def scene(desk: BareDesk, line: ScriptedLine) -> None:
        line.play(CHARGE, _made_by_a_colleague)
        await desk.reaches(await desk.act(K.CHARGE), looked_for())

    stage(scene)
    colleagues = stage.done()
    stage.file.unlink()

    async def ours(desk: BareDesk, _line: ScriptedLine) -> None:
        with pytest.raises(LooksRepeated):
            await desk.act(K.CHARGE, reference="DP-CRAS-H002")

    stage(ours)
    assert (colleagues, stage.done(), stage.requests()) == (1, 1, 1)


async def _made_by_a_colleague(exchange: Exchange) -> None:
    """Let ours be lost on the way, while the same charge is made in Mews."""
    await exchange.carried_out(**NO_REFERENCE)


def test_charge_made_in_mews_after_the_baseline_is_never_taken_for_ours(stage: Stage) -> None:
    async def scene(desk: BareDesk, line: ScriptedLine) -> None:
        line.play(CHARGE, _made_by_a_colleague)
        record = await desk.reaches(await desk.act(K.CHARGE), looked_for(2))
        assert (record.state, record.events[-1].evidence) == (S.UNKNOWN, E.SEVERAL_FOUND)
        assert record.outcome_id is None

    stage(scene)


def test_refund_reply_lost_is_adopted(stage: Stage) -> None:
    async def scene(desk: BareDesk, line: ScriptedLine) -> None:
        line.play(OPERATIONS[K.REFUND], _lost)
        begun = await desk.act(K.REFUND)
        await desk.reaches(begun, lambda record: record.state is S.ACCEPTED)
        await asyncio.to_thread(stage.hotel.advance_clock, 30)
        assert (await desk.reaches(begun, final)).state is S.CONFIRMED

    stage(scene)
    assert (stage.done(K.REFUND), stage.requests(K.REFUND)) == (1, 1)


def test_refund_reply_lost_with_two_identical_refunds_goes_to_a_person(stage: Stage) -> None:
    async def scene(desk: BareDesk, line: ScriptedLine) -> None:
        async def both(exchange: Exchange) -> None:
            await exchange.carried_out(Reason="By a colleague")
            await exchange.carried_out()

        line.play(OPERATIONS[K.REFUND], both)
        record = await desk.reaches(await desk.act(K.REFUND), looked_for(2))
        assert (record.state, record.events[-1].evidence) == (S.UNKNOWN, E.SEVERAL_FOUND)
        with pytest.raises(GuestBeingChecked):
            await desk.act(K.REFUND, reference="DP-CRAS-H002")

    stage(scene)
    assert stage.done(K.REFUND) == 2


def test_transaction_id_too_old_begins_nothing(stage: Stage) -> None:
    clock = JumpyClock()

    async def scene(desk: BareDesk, line: ScriptedLine) -> None:
        async def slow(exchange: Exchange) -> None:
            # The clerk left the dialog open: by the time of the confirmation the capture is too old.
            clock.steady_s = LIFE_S + 1
            await exchange.passed()

        line.play("creditCards/getAll", slow)
        with pytest.raises(InputRefused):
            await desk.act(K.SAVE_CARD, transaction_id="1" * 18)
        assert await desk.stories() == []

    stage(scene, clock=clock)
    assert stage.requests(K.SAVE_CARD) == 0


def test_duplicate_clicks_make_one_intent_per_form(stage: Stage) -> None:
    async def scene(desk: BareDesk, _line: ScriptedLine) -> None:
        clicks = await asyncio.gather(*(desk.act(K.CHARGE) for _ in range(20)), return_exceptions=True)
        (begun,) = [click for click in clicks if isinstance(click, IntentRecord)]
        assert (await desk.reaches(begun, final)).state is S.CONFIRMED
        assert len(await desk.stories()) == 1

    stage(scene)
    assert (stage.done(), stage.requests()) == (1, 1)
