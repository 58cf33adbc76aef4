"""A desk as a process that can die between any two steps."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

from typing_extensions import override

from deskpay.services.ports import Clock
from deskpay.simulation.loop import SimulatedLoop


class Process(Clock):
    """One run of DeskPay on one computer: whether it lives, and its clock.

    Args:
        loop: tells the time that passes.
        start: the time that is, at the process's birth.
        skew_s: how far this computer's clock is from it.
    """

    def __init__(self, loop: SimulatedLoop, start: datetime, skew_s: float) -> None:
        self.alive = True
        self._loop = loop
        self._born_s = loop.time()
        self._start = start
        self._skew = timedelta(seconds=skew_s)

    def check(self) -> None:
        """Let nothing pass once the process is dead.

        Whoever still runs is being cancelled; that is how a task meets its end here.

        Raises:
            asyncio.CancelledError: it is dead.
        """
        if not self.alive:
            raise asyncio.CancelledError

    def jump(self, skew_s: float) -> None:
        """Set this computer's clock wrong by `skew_s`."""
        self._skew = timedelta(seconds=skew_s)

    @override
    def now(self) -> datetime:
        return self._start + self._skew + timedelta(seconds=self._loop.time() - self._born_s)

    @override
    def monotonic_s(self) -> float:
        return self._loop.time()

    @override
    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
