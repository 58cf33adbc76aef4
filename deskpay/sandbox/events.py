"""The event socket ``/ws/connector``: what the hotel tells by itself of stays, rooms and devices.

Source: Mews Connector API, "WebSocket events": tokens in cookies, ``{"Events": [...]}``. Nothing is replayed, and a
connection outlives a reset, as it would outlive a night at the real hotel.
"""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket

from deskpay.sandbox.access import CLIENT_TOKEN, Access
from deskpay.sandbox.jsontext import render

Row = dict[str, Any]

_PATH = "ws/connector"
_SETTLED_EVERY_S = 0.25


class Events:
    """Who listens to which properties."""

    def __init__(self) -> None:
        self._listeners: dict[asyncio.Queue[Row], frozenset[str]] = {}

    def tell(self, enterprise_id: str, event: Row) -> None:
        """Let everybody hear `event` who listens to that property."""
        for heard, enterprise_ids in self._listeners.items():
            if enterprise_id in enterprise_ids:
                heard.put_nowait(event)

    def listen(self, enterprise_ids: frozenset[str]) -> asyncio.Queue[Row]:
        """A queue of what these properties tell from now on."""
        heard: asyncio.Queue[Row] = asyncio.Queue()
        self._listeners[heard] = enterprise_ids
        return heard

    def leave(self, heard: asyncio.Queue[Row]) -> None:
        """Tell this queue nothing more."""
        del self._listeners[heard]

    def __len__(self) -> int:
        """How many listen."""
        return len(self._listeners)


class EventSocket:
    """Serves WebSockets.

    Args:
        events: What is told.
        accesses: The hotel's access tokens, as they are now.
        settle: Moves what is due; done while somebody listens, for nobody need ask then.
    """

    def __init__(
        self, events: Events, accesses: Callable[[], Mapping[str, Access]], settle: Callable[[], None]
    ) -> None:
        self._events = events
        self._accesses = accesses
        self._settle = settle

    def routes(self) -> list[WebSocketRoute]:
        """The addresses served; every other one is refused."""
        return [WebSocketRoute("/{path:path}", self._serve)]

    async def _serve(self, socket: WebSocket) -> None:
        access = self._accesses().get(socket.cookies.get("AccessToken", ""))
        known = socket.cookies.get("ClientToken") == CLIENT_TOKEN and socket.path_params["path"] == _PATH
        if access is None or not known:
            await socket.close()  # before it was accepted: answered by 403
            return
        await self._tell(socket, frozenset(hotel.enterprise_id for hotel in access.hotel.members))

    async def _tell(self, socket: WebSocket, enterprise_ids: frozenset[str]) -> None:
        heard = self._events.listen(enterprise_ids)
        try:
            await socket.accept()
            async with asyncio.TaskGroup() as tasks:
                meanwhile = [tasks.create_task(each) for each in (_pass_on(socket, heard), self._live())]
                while (await socket.receive())["type"] != "websocket.disconnect":
                    pass  # nothing a client says here means anything
                for task in meanwhile:
                    task.cancel()
        finally:
            self._events.leave(heard)

    async def _live(self) -> None:
        while True:
            self._settle()
            await asyncio.sleep(_SETTLED_EVERY_S)


async def _pass_on(socket: WebSocket, heard: asyncio.Queue[Row]) -> None:
    while True:
        await socket.send_text(render({"Events": [await heard.get()]}).decode())


def of_stay(stay: Row) -> Row:
    """A stay that came, went or changed."""
    return {
        "Type": "Reservation",
        "Id": stay["Id"],
        "State": stay["State"],
        "StartUtc": stay["ScheduledStartUtc"],
        "EndUtc": stay["ScheduledEndUtc"],
        "AssignedResourceId": stay["AssignedResourceId"],
    }


def of_room(room: Row) -> Row:
    """A room that was cleaned, inspected or left."""
    return {"Type": "Resource", "Id": room["Id"], "State": room["State"]}


def of_order(command: Row) -> Row:
    """An order to a device that came further."""
    return {"Type": "DeviceCommand", "Id": command["Id"], "State": command["State"]}
