"""The Connector API's protocol: one address per operation, tokens in the body, errors as sentences.

The order of checks: path, size, faults, JSON, tokens, request limit, tables, and only then the operation.
"""

import asyncio
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from starlette.types import Receive, Scope, Send

from deskpay.sandbox.clock import http_date
from deskpay.sandbox.errors import Rejected
from deskpay.sandbox.faults import Fault
from deskpay.sandbox.jsontext import parse, render
from deskpay.sandbox.operations import OPERATIONS
from deskpay.sandbox.protocol import cut
from deskpay.sandbox.validation import validate
from deskpay.sandbox.world import ACCESS_TOKEN, CLIENT_TOKEN, World

PREFIX = "/api/connector/v1/"
MAX_BODY_BYTES = 1_000_000
_JSON = b"application/json; charset=utf-8"


class Gone(Exception):
    """The client hung up before its request was read."""


class ConnectorApi:
    """The ASGI application under `PREFIX`, and the JSON 404 for everything else.

    Args:
        world: What it serves; replaced inside on a reset, so always read through this reference.
    """

    def __init__(self, world: World) -> None:
        self._world = world

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        reply = _Reply(self._world, scope, receive, send)
        operation = scope["path"].removeprefix(PREFIX)
        if scope["method"] != "POST" or scope["path"] != PREFIX + operation or operation not in OPERATIONS:
            await reply.error(Rejected(404, "Not found"))
            return
        ledger = self._world.ledger
        ledger.requests[operation] += 1
        try:
            body = await _body(receive)
        except Gone:
            return
        except Rejected as rejected:
            await reply.error(rejected)
            return
        fault = self._world.faults.take(operation)
        if fault is not None and await reply.instead(fault):
            return
        if self._world.ledger is not ledger:
            # It was delayed across a reset: what it asked for belongs to a hotel that is gone.
            await cut(scope, receive)
            return
        status, answer, headers = self._outcome(operation, scope, body, reply.request_id)
        if fault is None or not await reply.afterwards(fault, status, answer, headers):
            await reply.json(status, answer, headers)

    def _outcome(
        self, operation: str, scope: Scope, body: bytes, request_id: str
    ) -> tuple[int, dict[str, Any], Mapping[str, str]]:
        try:
            return 200, self._run(operation, scope, body), {}
        except Rejected as rejected:
            return rejected.status, _error_body(rejected.message, request_id), rejected.headers

    def _run(self, operation: str, scope: Scope, body: bytes) -> dict[str, Any]:
        media_type = _header(scope, b"content-type").split(b";")[0].strip().lower()
        if media_type != b"application/json":
            raise Rejected(400, "Invalid Content-Type")
        request = parse(body)
        self._authenticate(request)
        self._world.limit.count(request["AccessToken"])
        validate(operation, request)
        return OPERATIONS[operation](self._world, request)

    @staticmethod
    def _authenticate(request: Mapping[str, Any]) -> None:
        for name, expected in (("ClientToken", CLIENT_TOKEN), ("AccessToken", ACCESS_TOKEN)):
            given = request.get(name)
            if given != expected:
                raise Rejected(401, f"Invalid {name}")


class _Reply:
    """The ways one request can be answered, faults included."""

    def __init__(self, world: World, scope: Scope, receive: Receive, send: Send) -> None:
        self._world = world
        self._scope = scope
        self._receive = receive
        self._send = send
        self.request_id = uuid4().hex

    async def json(self, status: int, body: Any, headers: Mapping[str, str]) -> None:
        await self._whole(status, render(body), _JSON, headers)

    async def error(self, rejected: Rejected) -> None:
        await self.json(rejected.status, _error_body(rejected.message, self.request_id), rejected.headers)

    async def instead(self, fault: Fault) -> bool:
        """Act out a fault that comes before the effect; whether the request is thereby dealt with."""
        match fault.fault:
            case "drop_before":
                await cut(self._scope, self._receive)
            case "status_before":
                await self.error(Rejected(fault.status, "Injected fault"))
            case "garbage":
                await self._garbage()
            case "html":
                page = b"<!doctype html><html><body><h1>502 Bad Gateway</h1></body></html>"
                await self._whole(502, page, b"text/html; charset=utf-8", {})
            case "too_many":
                wait = {} if fault.retry_after is None else {"Retry-After": f"{fault.retry_after:g}"}
                await self.error(Rejected(429, "Too many requests.", wait))
            case "delay":
                await asyncio.sleep(fault.seconds)
                return False
            case _:
                return False
        return True

    async def afterwards(self, fault: Fault, status: int, body: Any, headers: Mapping[str, str]) -> bool:
        """Act out a fault that comes after the effect; whether the request is thereby answered."""
        match fault.fault:
            case "drop_after":
                await cut(self._scope, self._receive)
            case "status_after":
                await self.error(Rejected(fault.status, "Injected fault"))
            case "garbage_after":
                await self._garbage()
            case "drip":
                await self._drip(status, render(body), headers, fault.seconds)
            case _:
                return False
        return True

    async def _garbage(self) -> None:
        await self._whole(200, b'{"PaymentId": "\xff\xfe', _JSON, {})

    async def _whole(self, status: int, body: bytes, media_type: bytes, headers: Mapping[str, str]) -> None:
        await self._start(status, len(body), media_type, headers)
        await self._send({"type": "http.response.body", "body": body})

    async def _drip(self, status: int, body: bytes, headers: Mapping[str, str], pause_s: float) -> None:
        await self._start(status, len(body), _JSON, headers)
        for index in range(len(body)):
            if await self._client_leaves(within_s=pause_s):
                return
            await self._send({"type": "http.response.body", "body": body[index : index + 1], "more_body": True})
        await self._send({"type": "http.response.body", "body": b""})

    async def _client_leaves(self, within_s: float) -> bool:
        try:
            # Nothing but the end can come after a whole request.
            await asyncio.wait_for(self._receive(), within_s)
        except TimeoutError:
            return False
        return True

    async def _start(self, status: int, length: int, media_type: bytes, headers: Mapping[str, str]) -> None:
        await self._send(
            {
                "type": "http.response.start",
                "status": status,
                "headers": [
                    (b"content-type", media_type),
                    (b"content-length", str(length).encode()),
                    (b"date", http_date(self._world.clock.now()).encode()),
                    (b"request-id", self.request_id.encode()),
                    (b"cache-control", b"no-store"),
                    *((name.lower().encode(), value.encode()) for name, value in headers.items()),
                ],
            }
        )


def _header(scope: Scope, name: bytes) -> bytes:
    headers: dict[bytes, bytes] = dict(scope["headers"])
    return headers.get(name, b"")


async def _body(receive: Receive) -> bytes:
    """The whole request body.

    Raises:
        Rejected: 413 when it is too large.
        Gone: when the client left.
    """
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Gone
        body += message.get("body", b"")
        if len(body) > MAX_BODY_BYTES:
            raise Rejected(413, "The request is too large.")
        if not message.get("more_body", False):
            return bytes(body)


def _error_body(message: str, request_id: str) -> dict[str, Any]:
    return {"Message": message, "RequestId": request_id, "Details": None}
