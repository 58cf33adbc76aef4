"""Fixtures that run coroutines to their end and fail when a task is left behind.

`run` drives Qt's own loop, as the app does; `run_plain` a plain asyncio loop; `run_virtual` one whose waits cost
nothing. Each keeps one loop for the whole test, so that a client made in one call can be used in the next.
"""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from typing import Any, TypeVar

import pytest
import qasync
from PySide6.QtWidgets import QApplication

from tests.kit.virtual_clock import VirtualClockLoop

TIMEOUT_S = 60.0
"""The longest a single run may take; less than pytest's own limit, so that the failure names the coroutine."""

_GRACE_TURNS = 20
"""Loop turns a task may still need after the coroutine's end: a cancelled one has to run its `finally`."""

_T = TypeVar("_T")


class CoroutineRunner:
    """Runs coroutines one after the other on one loop.

    Attributes:
        loop: The loop all of them run on.
    """

    def __init__(self, make_loop: Callable[[], asyncio.AbstractEventLoop]) -> None:
        self._runner = asyncio.Runner(loop_factory=make_loop)
        self.loop = self._runner.get_loop()

    def __call__(self, coroutine: Coroutine[Any, Any, _T], *, timeout_s: float = TIMEOUT_S) -> _T:
        """Run to the end and return the result.

        Raises:
            TimeoutError: It took longer than `timeout_s` on the loop's clock.
            AssertionError: Tasks were still alive a few turns after the end.
        """
        return self._runner.run(_run_and_look(coroutine, timeout_s))

    def close(self) -> None:
        """Cancel what is left and close the loop with its threads."""
        self._runner.close()


class VirtualRunner(CoroutineRunner):
    """A runner on a virtual clock.

    Attributes:
        clock: The loop, for `clock.time()`, `clock.now()` and `clock.advance(seconds)`.
    """

    def __init__(self) -> None:
        self.clock = VirtualClockLoop()
        super().__init__(lambda: self.clock)


async def _run_and_look(coroutine: Coroutine[Any, Any, _T], timeout_s: float) -> _T:
    async with asyncio.timeout(timeout_s):
        result = await coroutine
    this = asyncio.current_task()
    for _ in range(_GRACE_TURNS):
        left = asyncio.all_tasks() - {this}
        if not left:
            return result
        await asyncio.sleep(0)
    names = sorted(f"{task.get_name()}: {task.get_coro()}" for task in asyncio.all_tasks() - {this})
    assert not names, f"tasks outlived the coroutine that was run: {names}"
    return result


@pytest.fixture
def run(qapp: QApplication) -> Iterator[CoroutineRunner]:
    """`run(coroutine)` on Qt's loop. Never call `qtbot.wait…` inside the coroutine: it nests a loop and hangs."""
    runner = CoroutineRunner(lambda: qasync.QEventLoop(qapp))
    yield runner
    runner.close()


@pytest.fixture
def run_plain() -> Iterator[CoroutineRunner]:
    """`run_plain(coroutine)` on a plain asyncio loop in real time."""
    runner = CoroutineRunner(asyncio.SelectorEventLoop)
    yield runner
    runner.close()


@pytest.fixture
def run_virtual() -> Iterator[VirtualRunner]:
    """`run_virtual(coroutine)` on a plain loop where sleeping costs nothing; `run_virtual.clock` tells the time."""
    runner = VirtualRunner()
    yield runner
    runner.close()
