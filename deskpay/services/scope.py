"""Ownership of tasks: every coroutine that runs beside its caller belongs to a scope.

Windows own reads and presentation; one application scope owns money movements. Closing a scope cancels what it owns and
waits for it, so nothing outlives its owner and no failure is lost.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any, Protocol


class Owned(Protocol):
    """A task as its starter sees it: it may be cancelled, and need not be awaited, because its scope does."""

    def cancel(self) -> bool:
        """Ask it to stop."""
        ...

    def done(self) -> bool:
        """Tell whether it ended."""
        ...

    def add_done_callback(self, fn: Callable[[Any], object], /) -> None:
        """Call `fn` with the task once it ended, even if it was cancelled before its first step."""
        ...


class TaskScope:
    """Owns tasks and ends them together.

    Args:
        on_failure: called with the exception of a task that failed and that nobody awaits; never for cancellation.
    """

    def __init__(self, on_failure: Callable[[BaseException], None]) -> None:
        self._on_failure = on_failure
        self._tasks: set[asyncio.Task[Any]] = set()
        self._closed = False

    def start(self, work: Coroutine[Any, Any, object], *, name: str) -> Owned:
        """Run `work` as a task of this scope, on the running loop.

        Args:
            work: the coroutine; it is closed unrun when the scope is closed already.
            name: what the task does, for diagnostics.

        Raises:
            RuntimeError: the scope is closed.
        """
        if self._closed:
            work.close()
            raise RuntimeError(f"the scope is closed, cannot start {name}")
        task = asyncio.get_running_loop().create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    def report(self, failure: BaseException) -> None:
        """Hand on a failure that must not end the task in which it came up."""
        self._on_failure(failure)

    async def close(self) -> None:
        """Take no more work, cancel what runs and wait for its end."""
        self._closed = True
        tasks = set(self._tasks)
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if task.cancelled():
            return
        failure = task.exception()
        if failure is not None:
            self._on_failure(failure)


@asynccontextmanager
async def side_by_side() -> AsyncGenerator[asyncio.TaskGroup, None]:
    """Give a task group whose first failure is raised as itself, not wrapped in a group; the rest is cancelled."""
    try:
        async with asyncio.TaskGroup() as group:
            yield group
    except BaseExceptionGroup as problems:
        raise problems.exceptions[0] from None


def being_cancelled() -> bool:
    """Tell whether this very task was asked to stop, rather than something that it waited for."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
