"""The budget is exact, fair, and puts payments first."""

import asyncio
from itertools import pairwise
from unittest.mock import patch

import pytest

from deskpay.gateways.limiter import HARD_CAP, MAX_HOLD_S, WINDOW_S, Limiter, NoTurn
from tests.kit.loops import VirtualRunner
from tests.kit.mews import LoopClock


async def _start(limiter: Limiter, name: str, starts: list[tuple[str, float]], *, urgent: bool = False) -> None:
    await limiter.turn(urgent=urgent, patience_s=1e6)
    starts.append((name, asyncio.get_running_loop().time()))


def test_no_window_holds_more_starts_than_the_budget(run_virtual: VirtualRunner) -> None:
    starts: list[tuple[str, float]] = []

    async def scene() -> None:
        limiter = Limiter(LoopClock(), budget=7)
        async with asyncio.TaskGroup() as group:
            for number in range(40):
                group.create_task(_start(limiter, str(number), starts))
                await asyncio.sleep(0.37)

    run_virtual(scene(), timeout_s=1000)
    times = [at for _, at in starts]
    assert len(times) == 40
    assert all(later - earlier >= WINDOW_S for earlier, later in zip(times, times[7:], strict=False))
    assert times[7] - times[0] == pytest.approx(WINDOW_S, abs=0.01)  # and no slower than it must be
    assert [name for name, _ in starts] == [str(number) for number in range(40)]


def test_a_burst_larger_than_two_windows_comes_out_in_three(run_virtual: VirtualRunner) -> None:
    starts: list[tuple[str, float]] = []

    async def scene() -> None:
        limiter = Limiter(LoopClock(), budget=3)
        async with asyncio.TaskGroup() as group:
            for number in range(8):
                group.create_task(_start(limiter, str(number), starts))

    run_virtual(scene(), timeout_s=1000)
    times = [round(at - starts[0][1]) for _, at in starts]
    assert times == [0, 0, 0, 30, 30, 30, 60, 60]


def test_a_payment_overtakes_the_reads_that_wait(run_virtual: VirtualRunner) -> None:
    starts: list[tuple[str, float]] = []

    async def scene() -> None:
        limiter = Limiter(LoopClock(), budget=2)
        async with asyncio.TaskGroup() as group:
            for number in range(4):
                group.create_task(_start(limiter, f"read {number}", starts))
                await asyncio.sleep(2)
            group.create_task(_start(limiter, "charge", starts, urgent=True))

    run_virtual(scene(), timeout_s=1000)
    assert [name for name, _ in starts] == ["read 0", "read 1", "charge", "read 2", "read 3"]
    assert starts[4][1] - starts[0][1] == pytest.approx(2 * WINDOW_S, abs=0.01)


def test_who_cannot_wait_is_told_so_and_takes_no_turn(run_virtual: VirtualRunner) -> None:
    async def scene() -> None:
        limiter = Limiter(LoopClock(), budget=1)
        await limiter.turn(urgent=False, patience_s=0)
        with pytest.raises(NoTurn) as refusal:
            await limiter.turn(urgent=True, patience_s=29)
        assert refusal.value.wait_s == pytest.approx(WINDOW_S, abs=0.01)
        await limiter.turn(urgent=True, patience_s=30.01)

    run_virtual(scene())


def test_a_cancelled_wait_leaves_its_place_to_others(run_virtual: VirtualRunner) -> None:
    starts: list[tuple[str, float]] = []

    async def scene() -> None:
        limiter = Limiter(LoopClock(), budget=1)
        async with asyncio.TaskGroup() as group:
            group.create_task(_start(limiter, "first", starts))
            given_up = group.create_task(_start(limiter, "given up", starts))
            await asyncio.sleep(1)
            given_up.cancel()
            await asyncio.sleep(0)
            group.create_task(_start(limiter, "next", starts))

    run_virtual(scene(), timeout_s=1000)
    assert [name for name, _ in starts] == ["first", "next"]
    assert starts[1][1] - starts[0][1] == pytest.approx(WINDOW_S, abs=0.01)


def test_a_refusal_holds_everyone_as_long_as_the_server_says(run_virtual: VirtualRunner) -> None:
    async def scene() -> float:
        loop = asyncio.get_running_loop()
        limiter = Limiter(LoopClock(), budget=100)
        limiter.refused(12.0)
        limiter.refused(3.0)  # a shorter word does not end a longer hold
        before = loop.time()
        await asyncio.gather(*(limiter.turn(urgent=urgent, patience_s=60) for urgent in (True, False, False)))
        return loop.time() - before

    assert run_virtual(scene()) == pytest.approx(12.0, abs=0.01)


def test_a_hold_has_an_end_whatever_the_server_says(run_virtual: VirtualRunner) -> None:
    async def scene() -> float:
        return Limiter(LoopClock()).refused(1e9)

    assert run_virtual(scene()) == MAX_HOLD_S


def test_without_a_word_the_hold_doubles_and_an_answer_ends_the_doubling(run_virtual: VirtualRunner) -> None:
    async def scene() -> list[float]:
        limiter = Limiter(LoopClock(), budget=100)
        holds = []
        for _ in range(7):
            holds.append(limiter.refused(None))
            limiter.refused(None)  # of the same salvo: no further doubling
            await limiter.turn(urgent=False, patience_s=100)
        limiter.answered()
        holds.append(limiter.refused(None))
        return holds

    with patch("deskpay.gateways.limiter.random.uniform", lambda _low, high: high):
        *rising, last = run_virtual(scene(), timeout_s=1000)
    assert rising == [1, 2, 4, 8, 16, 30, 30]
    assert last == 1


def test_the_back_off_is_spread(run_virtual: VirtualRunner) -> None:
    async def scene() -> list[float]:
        return [Limiter(LoopClock()).refused(None) for _ in range(20)]

    holds = run_virtual(scene())
    assert all(0.5 <= hold <= 1 for hold in holds)
    assert any(first != second for first, second in pairwise(holds))


def test_no_setting_goes_beyond_what_the_server_allows(run_virtual: VirtualRunner) -> None:
    async def scene() -> None:
        limiter = Limiter(LoopClock(), budget=10_000)
        for _ in range(HARD_CAP):
            await limiter.turn(urgent=False, patience_s=0)
        with pytest.raises(NoTurn):
            await limiter.turn(urgent=False, patience_s=0)
        with pytest.raises(ValueError, match="at least one"):
            Limiter(LoopClock(), budget=0)

    run_virtual(scene())
