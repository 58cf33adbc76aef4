"""An hour in which nothing happens, at a desk over the real client, on a clock that costs nothing."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace

from deskpay.services.announcer import Announcer
from deskpay.services.keep_fresh import KeepFresh
from deskpay.services.read_people import PeopleReader
from deskpay.services.scope import TaskScope
from tests.kit.fake_desk import VirtualTime, fake_desk
from tests.kit.fake_hotel import FakeHotel
from tests.kit.memory_journal import MemoryJournal
from tests.kit.mews import CURRENCIES, CannedMews, connected, vector_answer
from tests.kit.virtual_clock import VirtualClockLoop

_OPERATIONS = (
    "resources/getAll",
    "reservations/getAll/2023-06-06",
    "customers/getAll",
    "companionships/getAll",
    "companies/getAll",
    "reservationGroups/getAll",
    "creditCards/getAll",
    "orderItems/getAll",
    "payments/getAll",
)


def _unchanged(answer: bytes) -> Callable[[dict[str, object]], object]:
    """Answer with `answer`, and with nothing to the question what changed."""
    rows: dict[str, object] = json.loads(answer)
    nothing = {name: list[object]() if isinstance(kept, list) else None for name, kept in rows.items()}
    return lambda fields: nothing if "UpdatedUtc" in fields else answer


async def requests_of_a_quiet_hour(loop: VirtualClockLoop) -> int:
    """Return how many requests leave the desk in an hour, opening it included."""
    mews = CannedMews({operation: _unchanged(vector_answer(operation)) for operation in _OPERATIONS})
    mews.answers["currencies/getAll"] = {
        "Currencies": [{"Code": currency.code, "Precision": 2} for currency in CURRENCIES.values()]
    }
    clock = VirtualTime(loop)
    async with (
        fake_desk(FakeHotel(loop.now), MemoryJournal(), loop) as desk,
        connected(mews, clock=clock) as connection,
    ):
        front = replace(desk.front, hotel=await connection.records.hotel(), records=connection.records)
        fresh = KeepFresh(PeopleReader(front, connection.records), Announcer(), clock)
        scope = TaskScope(desk.faults.append)
        scope.start(fresh.run(), name="keep fresh")
        await asyncio.sleep(3600)
        await scope.close()
        assert desk.faults == []
    return len(mews.asked)
