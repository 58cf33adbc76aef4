"""A line to the training hotel that can be broken for one operation at a time, and cut altogether.

What is not scripted is carried through as it is. A script sees the request, may have the hotel carry it out, and writes
whatever bytes it likes in answer; the connection ends after it.
"""

import asyncio
import json
import re
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.kit.hotel import Hotel

_PREFIX = "/api/connector/v1/"
_CHUNK = 65_536


@dataclass(slots=True)
class Exchange:
    """One request on the line.

    Attributes:
        request: its body.
        head: its first lines, as they came.
        hotel: host and port.
        writer: towards the desk.
    """

    request: bytes
    head: bytes
    hotel: tuple[str, int]
    writer: asyncio.StreamWriter

    async def carried_out(self, **changes: object) -> bytes:
        """Have the hotel do it, perhaps with other fields, and return its whole answer, head and body."""
        body = json.dumps({**json.loads(self.request), **changes}).encode() if changes else self.request
        head = re.sub(rb"(?i)content-length: *[0-9]+", b"Content-Length: %d" % len(body), self.head)
        reader, writer = await asyncio.open_connection(*self.hotel)
        try:
            writer.write(head + body)
            head = await reader.readuntil(b"\r\n\r\n")
            return head + await reader.readexactly(_length(head))
        finally:
            writer.close()
            await writer.wait_closed()

    async def rows(self, table: str, **changes: object) -> dict[str, Any]:
        """Have the hotel answer a list, perhaps asked for with other fields, and return it decoded."""
        answer: dict[str, Any] = json.loads((await self.carried_out(**changes)).partition(b"\r\n\r\n")[2])
        assert table in answer
        return answer

    async def say(self, body: bytes, status: str = "200 OK", media: str = "application/json") -> None:
        """Answer with `body`."""
        head = f"HTTP/1.1 {status}\r\nContent-Type: {media}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        self.writer.write(head.encode() + body)
        await self.writer.drain()

    async def passed(self) -> None:
        """Carry it through, for once."""
        self.writer.write(await self.carried_out())
        await self.writer.drain()

    async def flood(self, size: int) -> None:
        """Answer with `size` bytes, or as many as the desk takes."""
        self.writer.write(
            f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {size}\r\n\r\n".encode()
        )
        for _ in range(size // _CHUNK):
            self.writer.write(b" " * _CHUNK)
            await self.writer.drain()

    async def say_json(self, answer: Mapping[str, Any]) -> None:
        """Answer with `answer`."""
        await self.say(json.dumps(answer).encode())


Script = Callable[[Exchange], Awaitable[None]]


@dataclass
class ScriptedLine:
    """A line that is open. Made by `line_to`.

    Attributes:
        hotel: host and port at the far end.
        scripts: what happens to the requests of an operation, first come first served; the last one stays.
        seen: how many requests of each operation came.
        address: where a desk connects.
    """

    hotel: tuple[str, int]
    scripts: dict[str, list[Script]] = field(default_factory=dict)
    seen: Counter[str] = field(default_factory=Counter)
    address: str = ""
    _server: asyncio.Server | None = None

    def play(self, operation: str, *scripts: Script) -> None:
        """Play `scripts`, one for each request of `operation`, and then carry through again."""
        self.scripts[operation] = list(scripts)

    def cut(self) -> None:
        """Refuse new connections from now on."""
        assert self._server is not None
        self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while await self._one(reader, writer):
                continue
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            return  # the desk may leave when it likes; and 3.11 complains of a server's task that ends cancelled
        finally:
            writer.close()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = await reader.readuntil(b"\r\n\r\n")
        operation = head.split(b" ", 2)[1].decode().removeprefix(_PREFIX)
        exchange = Exchange(await reader.readexactly(_length(head)), head, self.hotel, writer)
        self.seen[operation] += 1
        waiting = self.scripts.get(operation)
        if waiting:
            await waiting.pop(0)(exchange)
            return False
        writer.write(await exchange.carried_out())
        await writer.drain()
        return True


def _length(head: bytes) -> int:
    fields = dict(line.lower().split(b":", 1) for line in head.split(b"\r\n")[1:] if b":" in line)
    return int(fields[b"content-length"])


@asynccontextmanager
async def line_to(hotel: Hotel) -> AsyncIterator[ScriptedLine]:
    """Open a line to `hotel` until the block ends."""
    host, _, port = hotel.connector.removeprefix("http://").partition(":")
    line = ScriptedLine((host, int(port)))
    tasks: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        try:
            await line._serve(reader, writer)
        finally:
            tasks.discard(task)

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    line._server = server
    line.address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield line
    finally:
        server.close()
        ended = tuple(tasks)
        for task in ended:
            task.cancel()
        await asyncio.gather(*ended, return_exceptions=True)
