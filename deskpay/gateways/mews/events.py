"""The event socket: what the hotel tells by itself. The one door to WebSockets.

::

    waiting ──► connected (`Reconnected`) ──► events … ──► lost ──► waiting 1, 2, 4 … 60 s, with jitter

It never raises: without it the desk is slower, not wrong, because whatever it tells is also read at every beat. Nothing
is replayed after a loss, so every connection is announced and the listeners read what they missed.

Source: Mews Connector API, "WebSocket events": `[WebSocketAddress]/ws/connector`, tokens in cookies.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Callable

from typing_extensions import override
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from deskpay.domain.environment import Environment
from deskpay.domain.hotel_event import HotelEvent, Reconnected
from deskpay.gateways.http import ConnectorAddress
from deskpay.gateways.mews.calls import Tokens
from deskpay.gateways.mews.wire.base import WireError
from deskpay.gateways.mews.wire.events import decode_events
from deskpay.services.announcer import Announcer
from deskpay.services.ports import Clock, HotelEvents

PATH = "/ws/connector"
HOSTS = {Environment.LIVE: "ws.mews.com", Environment.DEMO: "ws.mews-demo.com"}
"""Source: Mews Connector API guidelines, "Environments"."""

FIRST_WAIT_S, LONGEST_WAIT_S = 1.0, 60.0
STEADY_S = 60.0
"""A line that held for so long begins again with the shortest wait."""

OPEN_TIMEOUT_S = 10.0
PING_S = 20.0
MAX_MESSAGE_BYTES = 1024 * 1024

_LOG = logging.getLogger("deskpay.events")

_SILENT = logging.getLogger("deskpay.events.wire")
_SILENT.disabled = True
"""For the library, whose debug lines hold the cookies and so the tokens."""


def events_url(address: ConnectorAddress) -> str:
    """Return where the events of a connection come from: the one host of its environment, or the training hotel."""
    host = HOSTS.get(address.environment)
    return (f"wss://{host}" if host is not None else f"ws{address.base_url.removeprefix('http')}") + PATH


class _Straight(connect):
    """A connection that is made where it was meant to, or not at all: the cookies are for nobody else."""

    @override
    def process_redirect(self, exc: Exception) -> Exception | str:
        return exc


class EventStream(HotelEvents):
    """Listens to one hotel.

    Args:
        address: of the connection.
        tokens: of the connection.
        clock: time.
    """

    def __init__(self, address: ConnectorAddress, tokens: Tokens, clock: Clock) -> None:
        self._url = events_url(address)
        self._cookie = f"ClientToken={tokens.client.get_secret_value()}; AccessToken={tokens.access.get_secret_value()}"
        self._clock = clock
        self._events: Announcer[HotelEvent] = Announcer()

    @override
    def listen(self, listener: Callable[[HotelEvent], None]) -> Callable[[], None]:
        return self._events.listen(listener)

    async def run(self) -> None:
        """Listen until cancelled, connecting again whenever the line is lost."""
        failures = 0
        while True:
            began_s = self._clock.monotonic_s()
            reason = await self._listen_once()
            failures = 0 if self._clock.monotonic_s() - began_s >= STEADY_S else failures + 1
            wait_s = min(FIRST_WAIT_S * 2 ** max(failures - 1, 0), LONGEST_WAIT_S)
            wait_s *= random.uniform(0.5, 1.0)  # noqa: S311 - spreads desks, guards no secret
            _LOG.info("events lost: %s; again in %.1f s", reason, wait_s)
            await self._clock.sleep(wait_s)

    async def _listen_once(self) -> str:
        """Listen to one connection until it ends; return why it did, without anything it carried."""
        try:
            async with _Straight(
                self._url,
                additional_headers={"Cookie": self._cookie},
                open_timeout=OPEN_TIMEOUT_S,
                ping_interval=PING_S,
                ping_timeout=PING_S,
                max_size=MAX_MESSAGE_BYTES,
                proxy=None,
                logger=_SILENT,
            ) as connection:
                self._events.announce(Reconnected())
                await self._hear(connection)
        except (OSError, WebSocketException) as problem:
            return type(problem).__name__
        return "closed"

    async def _hear(self, connection: ClientConnection) -> None:
        async for message in connection:
            try:
                events = decode_events(message.encode() if isinstance(message, str) else message)
            except WireError as problem:
                _LOG.info("event not understood: %s", problem)
                continue
            for event in events:
                self._events.announce(event)
