"""An event loop without files, threads or waiting: time jumps to the next timer, and the order of things is fixed.

asyncio's own loops ask the operating system at every turn and break ties between timers as the heap happens to lie.
Here ties are broken by the order of asking, so that one seed gives one run, and a turn costs no system call.
"""

from __future__ import annotations

import asyncio
import heapq
import types
from collections import deque
from collections.abc import Callable, Coroutine, Generator
from contextvars import Context, copy_context
from typing import Any, TypeVar, TypeVarTuple

from typing_extensions import override

T = TypeVar("T")
Ts = TypeVarTuple("Ts")

START_S = 1_000.0
"""Monotonic time at birth. Not zero, so that nothing passes because it forgot to read the clock."""


class StuckError(RuntimeError):
    """Nothing can happen any more: nothing is ready and no timer is set."""


class _Due(asyncio.TimerHandle):
    """A handle without what asyncio keeps for its debug mode; a campaign makes a million of them a minute.

    Attributes:
        due_s: when it is due; for a callback without a timer, the moment of asking.
        work: what is called.
        words: with what.
        within: in which context.
        off: it was cancelled.
    """

    __slots__ = ("due_s", "off", "within", "words", "work")

    def __init__(
        self, due_s: float, callback: Callable[..., object], args: tuple[Any, ...], context: Context | None
    ) -> None:
        self.due_s = due_s
        self.work = callback
        self.words = args
        self.within = context or copy_context()
        self.off = False

    @override
    def cancel(self) -> None:
        self.off = True

    @override
    def cancelled(self) -> bool:
        return self.off

    @override
    def when(self) -> float:
        return self.due_s


class SimulatedLoop(asyncio.AbstractEventLoop):
    """As much of a loop as coroutines, tasks, futures, timeouts and task groups need.

    Attributes:
        failures: what was reported as lost, such as the exception of a task that nobody awaited.
    """

    def __init__(self) -> None:
        self._now_s = START_S
        self._ready: deque[_Due] = deque()
        self._timers: list[tuple[float, int, _Due]] = []
        self._asked = 0
        self.failures: list[dict[str, Any]] = []

    def play(self, main: Coroutine[Any, Any, T]) -> T:
        """Run `main` to its end and return its result.

        Raises:
            StuckError: it waits for something that cannot happen.
        """
        asyncio._set_running_loop(self)  # noqa: SLF001 - how a loop declares itself, see asyncio's own base_events
        try:
            task: asyncio.Task[T] = asyncio.Task(main, loop=self)
            while not task.done():
                self._turn()
            return task.result()
        finally:
            asyncio._set_running_loop(None)  # noqa: SLF001 - as above

    def _turn(self) -> None:
        """Run what is ready, and what is due by now; where nothing is ready, time jumps."""
        ready, timers = self._ready, self._timers
        if not ready:
            if not timers:
                raise StuckError("every task waits for something that can no longer happen")
            self._now_s = max(self._now_s, timers[0][0])
        while timers and timers[0][0] <= self._now_s:
            ready.append(heapq.heappop(timers)[2])
        self._ready = deque()
        for due in ready:
            if not due.off:
                due.within.run(due.work, *due.words)

    @override
    def time(self) -> float:
        return self._now_s

    @override
    def call_soon(
        self, callback: Callable[[*Ts], object], *args: *Ts, context: Context | None = None
    ) -> asyncio.Handle:
        handle = _Due(self._now_s, callback, args, context)
        self._ready.append(handle)
        return handle

    @override
    def call_later(
        self, delay: float, callback: Callable[[*Ts], object], *args: *Ts, context: Context | None = None
    ) -> asyncio.TimerHandle:
        return self.call_at(self._now_s + delay, callback, *args, context=context)

    @override
    def call_at(
        self, when: float, callback: Callable[[*Ts], object], *args: *Ts, context: Context | None = None
    ) -> asyncio.TimerHandle:
        handle = _Due(when, callback, args, context)
        self._asked += 1
        heapq.heappush(self._timers, (when, self._asked, handle))
        return handle

    @override
    def create_future(self) -> asyncio.Future[Any]:
        return asyncio.Future(loop=self)

    @override
    def create_task(  # asyncio's own takes a few more words in later versions
        self,
        coro: Generator[Any, None, T] | Coroutine[Any, Any, T],
        *,
        name: str | None = None,
        context: Context | None = None,
        **kwargs: Any,
    ) -> asyncio.Task[T]:
        return asyncio.Task(coro, loop=self, name=name, context=context, **kwargs)

    @override
    def get_debug(self) -> bool:
        return False

    @override
    def is_running(self) -> bool:
        return True

    @override
    def is_closed(self) -> bool:
        return False

    @override
    def call_exception_handler(self, context: dict[str, Any]) -> None:
        self.failures.append(context)


@types.coroutine
def turns(count: int) -> Generator[None]:
    """Let the loop turn `count` times."""
    for _ in range(count):
        yield


def new_loop() -> SimulatedLoop:
    """Return a loop at the beginning of its time."""
    return SimulatedLoop()  # type: ignore[abstract]  # files, sockets and subprocesses are what it does without
