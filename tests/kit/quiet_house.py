"""A desk that keeps its people fresh over the real client, at a hotel where nothing changes, on a virtual clock."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from deskpay.services.announcer import Announcer
from deskpay.services.keep_fresh import KeepFresh, PeopleNews
from deskpay.services.read_people import PeopleReader
from deskpay.services.scope import TaskScope
from tests.kit.fake_desk import VirtualTime, fake_desk
from tests.kit.fake_hotel import FakeHotel
from tests.kit.memory_journal import MemoryJournal
from tests.kit.mews import CURRENCIES, CannedMews, connected, vector_answer
from tests.kit.virtual_clock import VirtualClockLoop

STAYS = "reservations/getAll/2023-06-06"
_OPERATIONS = (
    STAYS,
    "resources/getAll",
    "customers/getAll",
    "companionships/getAll",
    "companies/getAll",
    "reservationGroups/getAll",
    "creditCards/getAll",
    "orderItems/getAll",
    "payments/getAll",
)


@dataclass(frozen=True)
class QuietHouse:
    """The desk.

    Attributes:
        mews: What answers.
        reader: Who is at hand.
        fresh: Reads round after round already.
        told: What the rounds brought.
    """

    mews: CannedMews
    reader: PeopleReader
    fresh: KeepFresh
    told: list[PeopleNews]


def _unchanged(answer: bytes) -> Callable[[dict[str, object]], object]:
    """Answer with `answer`, and with nothing to the question what changed."""
    rows: dict[str, object] = json.loads(answer)
    nothing = {name: list[object]() if isinstance(kept, list) else None for name, kept in rows.items()}
    return lambda fields: nothing if "UpdatedUtc" in fields else answer


@asynccontextmanager
async def quiet_house(loop: VirtualClockLoop) -> AsyncIterator[QuietHouse]:
    """The desk, which begins to read."""
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
        reader = PeopleReader(front, connection.records)
        house = QuietHouse(mews, reader, KeepFresh(reader, Announcer(), clock), [])
        house.fresh.news.listen(house.told.append)
        scope = TaskScope(desk.faults.append)
        scope.start(house.fresh.run(), name="keep fresh")
        try:
            yield house
        finally:
            await scope.close()
        assert desk.faults == []


async def requests_of_a_quiet_hour(loop: VirtualClockLoop) -> int:
    """Return how many requests leave the desk in an hour, opening it included."""
    async with quiet_house(loop) as house:
        await asyncio.sleep(3600)
        return len(house.mews.asked)
