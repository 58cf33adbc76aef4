"""One thread for all that blocks on the journal, behind calls that can be awaited and cancelled."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


class Worker:
    """Runs work in its one thread, in the order in which it was asked for.

    Work that was asked for is always carried to its end. A caller that is cancelled hears of it only then: whoever
    looks into the journal afterwards finds either all of the commit or nothing, and nothing still on its way.
    """

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(1, thread_name_prefix="journal")

    async def run(self, work: Callable[[], T]) -> T:
        """Return what `work` returns, or raise what it raises."""
        future = asyncio.get_running_loop().run_in_executor(self._threads, work)
        cancelled: asyncio.CancelledError | None = None
        while not future.done():
            try:
                await asyncio.wait({future})
            except asyncio.CancelledError as cancellation:
                cancelled = cancellation
        if cancelled is not None:
            raise cancelled from future.exception()
        return future.result()

    def close(self) -> None:
        """End the thread once its work is done."""
        self._threads.shutdown()
