"""A night's queue of five hundred charges at the training hotel's own request limit, on a virtual clock.

The real client, budget, queue and runner; the hotel answers in this process, after a far server's time, and counts
requests by the same clock. So minutes of waiting cost nothing, and what is measured is the waiting alone.
"""

import asyncio
from datetime import timedelta

import httpx2
from typing_extensions import override

from deskpay.domain.night_queue import QueueRow, RowState
from deskpay.gateways.limiter import HARD_CAP, WINDOW_S
from deskpay.sandbox.access import ACCESS_TOKEN, CLIENT_TOKEN
from deskpay.sandbox.asgi import ConnectorApi
from deskpay.sandbox.clock import Clock
from deskpay.sandbox.world import World
from deskpay.services.desk import Desk
from deskpay.services.find_candidates import find_candidates
from deskpay.services.front_desk import FrontDesk
from deskpay.services.intent_runner import IntentRunner
from deskpay.services.look_up import LookUp
from deskpay.services.night_desk import NightDesk
from deskpay.services.run_night_queue import NightQueue, confirm_queue
from deskpay.services.scope import TaskScope
from tests.kit.fake_desk import VirtualTime
from tests.kit.fake_night import MemoryQueues
from tests.kit.memory_journal import MemoryJournal
from tests.kit.mews import connected
from tests.kit.night_hotel import PLAIN, lay_no_shows
from tests.kit.seats import seat_of
from tests.kit.virtual_clock import VirtualClockLoop

CHARGES = 500
FAR_S = 0.15
_TOO_MANY = 429


class _FarHotel(httpx2.AsyncBaseTransport):
    """The hotel behind a line on which every answer takes its time.

    Attributes:
        requests: how many there were.
        refused: how many of them came too soon.
    """

    def __init__(self, world: World) -> None:
        self._hotel = httpx2.ASGITransport(ConnectorApi(world))
        self.requests = self.refused = 0

    @override
    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        await asyncio.sleep(FAR_S)
        answer = await self._hotel.handle_async_request(request)
        self.requests += 1
        self.refused += answer.status_code == _TOO_MANY
        return answer


async def _charged(loop: VirtualClockLoop) -> dict[str, float]:
    world = World(clock=Clock(loop.now), rate=HARD_CAP, monotonic=loop.time)
    lay_no_shows(world, (PLAIN,) * CHARGES)
    time, faults, line = VirtualTime(loop), list[BaseException](), _FarHotel(world)
    scope = TaskScope(faults.append)
    async with connected(line, clock=time, budget=HARD_CAP, tokens=(CLIENT_TOKEN, ACCESS_TOKEN)) as mews:
        journal, now = MemoryJournal(), mews.records.server_now
        runner = IntentRunner(journal, LookUp(mews.records), time, now, scope)
        front = FrontDesk(
            hotel=await mews.records.hotel(),
            desk=Desk("desk-1", seat_of("Wren", time)),
            clock=time,
            records=mews.records,
            gateway=mews.gateway,
            journal=journal,
            runner=runner,
        )
        night = NightDesk(front, mews.audit, MemoryQueues())
        day = front.hotel.business_day(now()) - timedelta(days=1)
        seen_utc = front.records.server_now()
        found = await find_candidates(night, front.hotel.span_of(day))
        rows = [
            QueueRow(0, c.why, c.stay.id, c.customer.id, c.card.id, c.proposed)
            for c in found
            if c.card is not None and not c.obstacles and c.proposed.positive
        ]
        queue = NightQueue(night, await confirm_queue(night, day, rows, seen_utc))
        await asyncio.sleep(WINDOW_S)
        began_s, asked = loop.time(), line.requests
        await queue.run()
        took_s, asked_until = loop.time() - began_s, line.requests
        await asyncio.sleep(WINDOW_S)  # the last one is read until it is final
        await scope.close()
        queue.leave()
    assert not faults, faults
    assert line.refused == 0, "the hotel's limit was met"
    assert [news.state for news in queue.rows] == [RowState.CHARGED] * CHARGES
    assert world.ledger.requests["creditCards/charge"] == CHARGES
    requests = asked_until - asked
    return {"requests": float(requests), "took_s": took_s, "allowed_s": (requests / HARD_CAP - 1) * WINDOW_S}


def queue_of_charges() -> dict[str, float]:
    """Charge them all and return how long it took, and how long the request limit alone takes for so many requests.

    Raises:
        AssertionError: somebody was not charged, or not once, or the hotel's limit was met.
    """
    loop = VirtualClockLoop()
    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        return runner.run(_charged(loop))
