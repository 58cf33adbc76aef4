"""Keeping the people at hand fresh: a round of reading at a slow beat, at once when the hotel tells of a change.

::

    load ── round ──► wait BEAT_S ──► round …           nothing happens: 40 rounds of three questions in an hour
              │            └─ a stay changed: SETTLE_S, then a round, but never two within GAP_S
              └─ failed ──► wait 5, 10, 20, 40, 60 s ──► round …    what was known stays known, with its age

A failed round is told with its reason; the first that succeeds again is told too, so that everything returns by itself.
"""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass

from deskpay.domain.errors import DeskPayError, RateLimited
from deskpay.domain.hotel_event import HotelEvent, Reconnected, StayChanged
from deskpay.services.announcer import Announcer
from deskpay.services.ports import Clock, HotelEvents
from deskpay.services.read_people import PeopleReader

BEAT_S = 90.0
"""Between rounds in a quiet house: some four questions each, 160 in an hour, under the 200 that a desk may use."""

SETTLE_S = 2.0
"""After an event: others of the same act follow within a moment, and one round serves them all."""

GAP_S = 15.0
"""Between rounds in a busy house: ten desks then use 60 of the 200 requests that they share in 30 s."""

FIRST_RETRY_S, LONGEST_RETRY_S = 5.0, 60.0


@dataclass(frozen=True, slots=True)
class PeopleNews:
    """What a round of reading brought.

    Args:
        accounts: those whose money changed.
        problem: why the round failed, None where it did not; what was known before is still known.
        took_s: how long it took, in seconds.
    """

    accounts: frozenset[str] = frozenset()
    problem: DeskPayError | None = None
    took_s: float = 0.0


class KeepFresh:
    """Reads round after round until it is cancelled.

    Args:
        reader: reads the people.
        events: what the property system tells by itself.
        clock: time.

    Announces on `news` what every round brought.
    """

    def __init__(self, reader: PeopleReader, events: HotelEvents, clock: Clock) -> None:
        self._reader = reader
        self._events = events
        self._clock = clock
        self._soon = asyncio.Event()
        self._now = asyncio.Event()
        self.news: Announcer[PeopleNews] = Announcer()

    def wake(self) -> None:
        """Begin the next round at once."""
        self._now.set()
        self._soon.set()

    async def run(self) -> None:
        """Read round after round; the first reads everybody."""
        stop = self._events.listen(self._on_event)
        failures = 0
        try:
            while True:
                news = await self._round()
                failures = 0 if news.problem is None else failures + 1
                self.news.announce(news)
                if news.problem is None:
                    await self._quiet()
                else:
                    await self._within(self._now, _retry_s(news.problem, failures))
        finally:
            stop()

    async def _round(self) -> PeopleNews:
        self._now.clear()
        self._soon.clear()
        began_s = self._clock.monotonic_s()
        try:
            accounts = await self._reader.refresh()
        except DeskPayError as problem:
            return PeopleNews(problem=problem, took_s=self._clock.monotonic_s() - began_s)
        return PeopleNews(accounts, took_s=self._clock.monotonic_s() - began_s)

    async def _quiet(self) -> None:
        """Wait for the next beat, for a moment after an event, or until woken."""
        await self._within(self._now, GAP_S - SETTLE_S)
        await self._within(self._soon, BEAT_S - GAP_S)
        await self._within(self._now, SETTLE_S)

    async def _within(self, event: asyncio.Event, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(0 if self._now.is_set() else seconds):
                await event.wait()

    def _on_event(self, event: HotelEvent) -> None:
        if isinstance(event, StayChanged | Reconnected):
            self._soon.set()


def _retry_s(problem: DeskPayError, failures: int) -> float:
    told_s = problem.retry_after_s if isinstance(problem, RateLimited) else None
    doubled_s: float = FIRST_RETRY_S * 2 ** (failures - 1)
    return max(min(doubled_s, LONGEST_RETRY_S), told_s or 0.0)
