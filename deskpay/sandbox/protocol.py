"""HTTP whose connections an application can cut, which ASGI itself does not allow."""

import asyncio
from typing import Any

from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

_TRANSPORT = "deskpay.sandbox.transport"


class AbortableProtocol(H11Protocol):
    """Puts its transport into the scope of every request."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        served = self.app

        async def with_transport(scope: Scope, receive: Receive, send: Send) -> None:
            scope[_TRANSPORT] = self.transport
            await served(scope, receive, send)

        self.app = with_transport


async def cut(scope: Scope, receive: Receive) -> None:
    """Close the connection of `scope` without an answer, and return once it is closed."""
    transport: asyncio.Transport = scope[_TRANSPORT]
    transport.abort()
    while (await receive())["type"] != "http.disconnect":
        pass
