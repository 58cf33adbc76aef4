"""One request's answer, with the trouble that was asked for."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any
from uuid import uuid4

from starlette.types import Receive, Scope, Send

from deskpay.sandbox.clock import Clock, http_date
from deskpay.sandbox.errors import Rejected
from deskpay.sandbox.faults import Fault
from deskpay.sandbox.jsontext import render
from deskpay.sandbox.protocol import cut

_JSON = b"application/json; charset=utf-8"


def error_body(message: str, request_id: str) -> dict[str, Any]:
    """The Connector API's form of an error."""
    return {"Message": message, "RequestId": request_id, "Details": None}


class Reply:
    """The ways one request can be answered, faults included.

    Args:
        clock: For the date.
        scope: Of the request.
        receive: Of the request.
        send: Of the request.
        error_of: Makes the body of an error from its sentence and the request's id.

    Attributes:
        request_id: Named in the answer.
    """

    def __init__(
        self,
        clock: Clock,
        scope: Scope,
        receive: Receive,
        send: Send,
        error_of: Callable[[str, str], Any] = error_body,
    ) -> None:
        self._clock = clock
        self._error_of = error_of
        self._scope = scope
        self._receive = receive
        self._send = send
        self.request_id = uuid4().hex

    async def json(self, status: int, body: Any, headers: Mapping[str, str]) -> None:
        """Answer `body`; None is an empty one."""
        await self.whole(status, _rendered(body), _JSON, headers)

    async def error(self, rejected: Rejected) -> None:
        """Answer an error."""
        await self.json(rejected.status, self._error_of(rejected.message, self.request_id), rejected.headers)

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
                await self.whole(502, page, b"text/html; charset=utf-8", {})
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
                await self._drip(status, _rendered(body), headers, fault.seconds)
            case _:
                return False
        return True

    async def _garbage(self) -> None:
        await self.whole(200, b'{"PaymentId": "\xff\xfe', _JSON, {})

    async def whole(self, status: int, body: bytes, media_type: bytes, headers: Mapping[str, str]) -> None:
        """Answer bytes of any kind."""
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
                    (b"date", http_date(self._clock.now()).encode()),
                    (b"request-id", self.request_id.encode()),
                    (b"cache-control", b"no-store"),
                    *((name.lower().encode(), value.encode()) for name, value in headers.items()),
                ],
            }
        )


def _rendered(body: Any) -> bytes:
    return b"" if body is None else render(body)
