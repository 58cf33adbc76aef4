"""An event loop on which waiting costs nothing.

Time stands still while anything can run, and then jumps to the next timer. A test of a thirty-second deadline takes
milliseconds and passes or fails in the same way on every machine. Work handed to a thread stops the clock until it is
back, for how long a thread takes is not the loop's to say.
"""

import asyncio
import selectors
from collections.abc import Callable
from concurrent.futures import Executor
from datetime import UTC, datetime, timedelta
from typing import TypeVar, TypeVarTuple

from typing_extensions import override

START_S = 1_000.0
"""The loop's monotonic time at birth. Not zero, so that nothing passes because it forgot to read the clock."""

START = datetime(2026, 11, 20, 9, 14, tzinfo=UTC)
"""The wall clock at birth."""

STUCK_AFTER_S = 10.0
"""Real seconds after which a loop that nothing can wake is called stuck."""

_Ts = TypeVarTuple("_Ts")
_T = TypeVar("_T")


class StuckError(RuntimeError):
    """Nothing can happen any more: no timer is set, nothing is readable, no thread is at work."""


class _JumpingSelector(selectors.DefaultSelector):
    """Looks at the files without waiting; where the loop would wait, the clock jumps."""

    def __init__(self, jump: Callable[[float], bool]) -> None:
        super().__init__()
        self._jump = jump

    @override
    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if ready or (timeout is not None and timeout <= 0):
            return ready
        if timeout is not None and self._jump(timeout):
            return []
        ready = super().select(STUCK_AFTER_S)
        if not ready and timeout is None:
            raise StuckError("every task waits for something that can no longer happen")
        return ready


class VirtualClockLoop(asyncio.SelectorEventLoop):
    """A selector loop whose `time` moves only when there is nothing else to do."""

    def __init__(self) -> None:
        self._now_s = START_S
        self._threads_at_work = 0
        super().__init__(_JumpingSelector(self._jump))
        # asyncio runs every timer due within one resolution. A jump lands within a rounding error of its timer.
        self._clock_resolution = 1e-6

    @override
    def time(self) -> float:
        return self._now_s

    def now(self) -> datetime:
        """The wall clock in UTC, moving with `time`."""
        return START + timedelta(seconds=self._now_s - START_S)

    def advance(self, seconds: float) -> None:
        """Move the clock on by hand; timers that fall due run in the loop's next turn."""
        self._now_s += seconds

    @override
    def run_in_executor(
        self,
        executor: Executor | None,
        func: Callable[[*_Ts], _T],
        *args: *_Ts,
    ) -> "asyncio.Future[_T]":
        future = super().run_in_executor(executor, func, *args)
        self._threads_at_work += 1
        future.add_done_callback(self._thread_is_back)
        return future

    @override
    async def shutdown_default_executor(self, timeout: float | None = None) -> None:  # asyncio's name
        """Wait for the threads as long as they take; `timeout` came with Python 3.12 and is real time, not ours."""
        self._threads_at_work += 1
        try:
            await super().shutdown_default_executor()
        finally:
            self._threads_at_work -= 1

    def _thread_is_back(self, _future: "asyncio.Future[_T]") -> None:
        self._threads_at_work -= 1

    def _jump(self, seconds: float) -> bool:
        if self._threads_at_work:
            return False
        self._now_s += seconds
        return True
