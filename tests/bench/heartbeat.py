"""How long the loop was held: a task that wants to run every millisecond, and how late it was let."""

import asyncio
import time
from typing import Self

from deskpay.app.loop import report_failure
from deskpay.services.scope import TaskScope

_EVERY_S = 0.001


def percentile(values: list[float], share: float = 0.99) -> float:
    """Return the value that `share` of the values do not exceed."""
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


class Heartbeat:
    """Beats while the block lasts.

    Attributes:
        held_s: By how much each beat was late, in seconds of the wall clock.
        worked_s: Processor time of this process between two beats, in seconds: what the loop itself was held for,
            whatever else the machine did.
    """

    def __init__(self) -> None:
        self.held_s: list[float] = []
        self.worked_s: list[float] = []
        self._scope = TaskScope(report_failure)

    async def __aenter__(self) -> Self:
        self._scope.start(self._beat(), name="beat")
        return self

    async def __aexit__(self, *_exception: object) -> None:
        await self._scope.close()

    async def _beat(self) -> None:
        while True:
            began_s, worked_s = time.perf_counter(), time.thread_time()
            await asyncio.sleep(_EVERY_S)
            self.held_s.append(time.perf_counter() - began_s - _EVERY_S)
            self.worked_s.append(time.thread_time() - worked_s)
