"""The event socket against a server of a few lines: heard, lost, found again, and never a reason to fail."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from pydantic import SecretStr
from typing_extensions import override
from websockets.asyncio.server import ServerConnection, serve

from deskpay.domain.environment import Environment
from deskpay.domain.hotel_event import CommandChanged, HotelEvent, Reconnected, RoomChanged, StayChanged
from deskpay.gateways.http import ConnectorAddress, connector_address
from deskpay.gateways.mews.calls import Tokens
from deskpay.gateways.mews.events import LONGEST_WAIT_S, EventStream, events_url
from deskpay.gateways.mews.wire.base import WireError
from deskpay.gateways.mews.wire.events import decode_events
from deskpay.services.scope import TaskScope
from deskpay.services.system_clock import SystemClock
from tests.kit.loops import CoroutineRunner
from tests.kit.mews import ACCESS_TOKEN, CLIENT_TOKEN, VECTORS

TOKENS = Tokens(SecretStr(CLIENT_TOKEN), SecretStr(ACCESS_TOKEN))
RESERVATION = json.dumps({"Events": [{"Type": "Reservation", "Id": "stay-1", "State": "Started"}]})
COMMAND = json.dumps({"Events": [{"Type": "DeviceCommand", "Id": "command-1", "State": "Processed"}]})

Behaviour = Callable[[ServerConnection], Awaitable[None]]


class Hasty(SystemClock):
    """A clock on which nobody waits; it counts for how long they would have."""

    def __init__(self, patience: int = 1000) -> None:
        super().__init__()
        self.waits: list[float] = []
        self.enough = asyncio.Event()
        self._patience = patience

    @override
    async def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        if len(self.waits) == self._patience:
            self.enough.set()
        await asyncio.sleep(0.01)


@asynccontextmanager
async def hotel(behaviour: Behaviour) -> AsyncIterator[ConnectorAddress]:
    async with serve(behaviour, "127.0.0.1", 0) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        yield connector_address(Environment.TRAINING, f"http://127.0.0.1:{port}")


async def heard(
    address: ConnectorAddress, clock: Hasty, enough: Callable[[list[HotelEvent]], bool]
) -> list[HotelEvent]:
    """Listen until `enough` was heard."""
    stream, events, done = EventStream(address, TOKENS, clock), list[HotelEvent](), asyncio.Event()

    def hear(event: HotelEvent) -> None:
        events.append(event)
        if enough(events):
            done.set()

    stop = stream.listen(hear)
    scope = TaskScope(lambda problem: pytest.fail(repr(problem)))
    scope.start(stream.run(), name="listen")
    async with asyncio.timeout(20):
        await done.wait()
    await scope.close()
    stop()
    return events


def test_events_are_heard_with_the_tokens_in_cookies_and_nowhere_else(
    run_plain: CoroutineRunner, caplog: pytest.LogCaptureFixture
) -> None:
    seen: list[tuple[str, str]] = []

    async def tell(line: ServerConnection) -> None:
        assert line.request is not None
        seen.append((line.request.path, line.request.headers["Cookie"]))
        for message in ("{", RESERVATION, COMMAND.encode()):
            await line.send(message)
        await line.wait_closed()

    async def scene() -> None:
        with caplog.at_level(logging.DEBUG):
            async with hotel(tell) as address:
                assert await heard(address, Hasty(), lambda events: len(events) == 3) == [
                    Reconnected(),
                    StayChanged("stay-1"),
                    CommandChanged("command-1", "Processed"),
                ]

    run_plain(scene())
    assert seen == [("/ws/connector", f"ClientToken={CLIENT_TOKEN}; AccessToken={ACCESS_TOKEN}")]
    ours = "\n".join(
        record.getMessage() for record in caplog.records if not record.name.startswith("websockets.server")
    )
    assert CLIENT_TOKEN not in ours
    assert ACCESS_TOKEN not in ours


def test_a_line_that_is_lost_is_made_again_and_told(run_plain: CoroutineRunner) -> None:
    async def drop(line: ServerConnection) -> None:
        await line.send(RESERVATION)
        line.transport.abort()

    async def scene() -> list[HotelEvent]:
        async with hotel(drop) as address:
            return await heard(address, clock, lambda events: events.count(Reconnected()) == 4)

    clock = Hasty()
    assert run_plain(scene())[0] == Reconnected()
    assert all(0.5 <= wait <= 8 for wait in clock.waits)


@pytest.mark.parametrize("status", [401, 404, 302])
def test_a_hotel_without_events_costs_ever_rarer_questions(run_plain: CoroutineRunner, status: int) -> None:
    asked: list[str] = []

    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append((await reader.readuntil(b"\r\n\r\n")).decode())
        writer.write(f"HTTP/1.1 {status} No\r\nLocation: ws://localhost:1/\r\nContent-Length: 0\r\n\r\n".encode())
        writer.close()

    async def scene() -> None:
        server = await asyncio.start_server(refuse, "127.0.0.1", 0)
        address = connector_address(Environment.TRAINING, f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
        stream = EventStream(address, TOKENS, clock)
        scope = TaskScope(lambda problem: pytest.fail(repr(problem)))
        scope.start(stream.run(), name="listen")
        async with asyncio.timeout(20):
            await clock.enough.wait()
        await scope.close()
        server.close()
        await server.wait_closed()

    clock = Hasty(patience=9)
    run_plain(scene())
    assert all("Host: 127.0.0.1" in each for each in asked), "a redirection takes the tokens nowhere else"
    assert all(LONGEST_WAIT_S / 2 <= wait <= LONGEST_WAIT_S for wait in clock.waits[7:])
    assert clock.waits[0] <= 1


def test_a_line_that_held_for_long_is_made_again_at_once(run_plain: CoroutineRunner) -> None:
    class Late(Hasty):
        @override
        def monotonic_s(self) -> float:
            return super().monotonic_s() + 100 * len(self.waits) + 100 * self.looks

        looks = 0

    async def drop(line: ServerConnection) -> None:
        clock.looks += 1
        await line.close()

    async def scene() -> None:
        async with hotel(drop) as address:
            await heard(address, clock, lambda events: len(events) == 4)

    clock = Late()
    run_plain(scene())
    assert all(wait <= 1 for wait in clock.waits)


@pytest.mark.parametrize(
    ("environment", "base", "url"),
    [
        (Environment.LIVE, "https://api.mews.com", "wss://ws.mews.com/ws/connector"),
        (Environment.DEMO, "https://api.mews-demo.com", "wss://ws.mews-demo.com/ws/connector"),
        (Environment.TRAINING, "http://127.0.0.1:8000", "ws://127.0.0.1:8000/ws/connector"),
        (Environment.TRAINING, "http://[::1]:8000", "ws://[::1]:8000/ws/connector"),
    ],
)
def test_events_come_from_the_environments_own_host(environment: Environment, base: str, url: str) -> None:
    assert events_url(ConnectorAddress(environment, base)) == url


def test_events_of_the_socket_and_nothing_of_what_is_not_known() -> None:
    told = json.loads((VECTORS / "_events.json").read_text())["websocket"]["message"]
    assert decode_events(json.dumps(told).encode()) == [
        CommandChanged("2391a3df-1c61-4131-b6f8-c85b4234adcb", "Pending"),
        StayChanged("bfee2c44-1f84-4326-a862-5289598f6e2d"),
        RoomChanged("5ee074b1-6c86-48e8-915f-c7aa4702086f"),
    ]
    odd = {"Events": [{"Type": "Reservation"}, 7, {"Type": "DeviceCommand", "Id": "c"}]}
    assert decode_events(json.dumps(odd).encode()) == [CommandChanged("c", "")]
    for body in (b"", b"[]", b'{"Events": 7}', b"\xff"):
        with pytest.raises(WireError):
            decode_events(body)
