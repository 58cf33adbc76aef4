"""The one door to HTTP.

Nothing else imports the HTTP library. A door sends one request and returns what came back, or tells why nothing did
and, above all, whether the request had begun to leave: that is what separates "not sent" from "nobody knows". The class
of an exception does not tell it; the library's trace does. A socket that is closed before anything was read reports a
complete request body all the same, so completion proves nothing: only the absence of a start does.
"""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import re
import ssl
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from types import MappingProxyType
from urllib.parse import urlsplit

import httpx2

from deskpay.domain.environment import HOSTS, Environment
from deskpay.domain.errors import Field, InputProblem, InputRefused

PAYMONGO_HOSTS = {Environment.LIVE: "api.paymongo.com", Environment.DEMO: "api.paymongo.com"}
"""Source: PayMongo, "Authentication": one host; the key decides between test and live."""

MAX_BODY_BYTES = 5 * 1024 * 1024
"""A page of a thousand rows is some 2 MB; anything beyond this is no answer."""

IN_FLIGHT = 8
"""Reads at a time: with more, the window's frames begin to stutter."""

READ_DEADLINE_S = 30.0
MONEY_DEADLINE_S = 60.0

_CONNECT_TIMEOUT_S = 10.0
_REQUEST_ID = re.compile(r"[\w.:|/+=-]{1,128}", re.ASCII)


@dataclass(frozen=True, slots=True)
class ConnectorAddress:
    """Where a connection may go. It cannot be made for any other place.

    Args:
        environment: what the connection is.
        base_url: scheme and host without a path, as `connector_address` writes it.
    """

    environment: Environment
    base_url: str

    def __post_init__(self) -> None:
        if self.base_url != _allowed_base(self.environment, self.base_url, HOSTS):
            raise ValueError("not an allowed address")


@dataclass(frozen=True, slots=True)
class PayMongoAddress:
    """Where a connection to PayMongo may go. It cannot be made for any other place.

    Args:
        environment: what the connection is.
        base_url: scheme and host without a path, as `paymongo_address` writes it.
    """

    environment: Environment
    base_url: str

    def __post_init__(self) -> None:
        if self.base_url != _allowed_base(self.environment, self.base_url, PAYMONGO_HOSTS):
            raise ValueError("not an allowed address")


Address = ConnectorAddress | PayMongoAddress


def connector_address(environment: Environment, url: str) -> ConnectorAddress:
    """Return `url` as the address of a connection, if `environment` may go there.

    A live or demo connection goes to its one host, compiled in, over TLS; a training connection to a loopback address,
    given as a number, and nowhere else.

    Raises:
        InputRefused: the field is the address; empty, not a URL, or not allowed.
    """
    if not url.strip():
        raise InputRefused(Field.ADDRESS, InputProblem.EMPTY)
    return ConnectorAddress(environment, _allowed_base(environment, url.strip(), HOSTS))


def paymongo_address(environment: Environment, url: str = "") -> PayMongoAddress:
    """Return `url` as the address of a connection to PayMongo, by the same rules as `connector_address`.

    Args:
        environment: what the connection is.
        url: where to; empty for the host that is compiled in, which training has none of.

    Raises:
        InputRefused: the field is the address; empty, not a URL, or not allowed.
    """
    host = PAYMONGO_HOSTS.get(environment, "")
    there = url.strip() or (f"https://{host}" if host else "")
    if not there:
        raise InputRefused(Field.ADDRESS, InputProblem.EMPTY)
    return PayMongoAddress(environment, _allowed_base(environment, there, PAYMONGO_HOSTS))


def _allowed_base(environment: Environment, url: str, hosts: Mapping[Environment, str]) -> str:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise InputRefused(Field.ADDRESS, InputProblem.BAD_FORM) from None
    if not host or "@" in parts.netloc or parts.path.strip("/") or parts.query or parts.fragment:
        raise InputRefused(Field.ADDRESS, InputProblem.BAD_FORM)
    if environment is not Environment.TRAINING:
        allowed = parts.scheme == "https" and host == hosts[environment] and port in {None, 443}
        base = f"https://{host}"
    else:
        allowed = parts.scheme == "http" and _is_loopback(host)
        base = f"http://[{host}]" if ":" in host else f"http://{host}"
        base += f":{port}" if port is not None else ""
    if not allowed:
        raise InputRefused(Field.ADDRESS, InputProblem.NOT_ALLOWED)
    return base


def _is_loopback(host: str) -> bool:
    try:
        return "%" not in host and ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@dataclass(frozen=True, slots=True)
class Sent:
    """An answer to a request that left.

    Args:
        status: HTTP status.
        headers: response headers, names in lower case.
        body: decoded body, at most `MAX_BODY_BYTES`.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def request_id(self) -> str | None:
        """The server's id of the request, None when missing or unfit for a log line."""
        told = self.headers.get("request-id", "")
        return told if _REQUEST_ID.fullmatch(told) else None

    @property
    def date(self) -> datetime | None:
        """The server's clock in UTC, to the second."""
        return _http_date(self.headers.get("date", ""))

    @property
    def says_json(self) -> bool:
        """True when the body is declared as JSON."""
        media = self.headers.get("content-type", "").partition(";")[0].strip().lower()
        return media == "application/json" or (media.startswith("application/") and media.endswith("+json"))

    @property
    def retry_after_s(self) -> float | None:
        """Seconds to wait before the next request, None when the server did not say.

        Source: RFC 9110, 10.2.3: whole seconds or a date.
        """
        told = self.headers.get("retry-after", "").strip()
        if re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,9})?", told):
            return float(told)
        until, now = _http_date(told), self.date
        if until is None:
            return None
        return max((until - (now or datetime.now(UTC))).total_seconds(), 0.0)


def _http_date(text: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(text)
        return date.replace(tzinfo=UTC) if date.tzinfo is None else date.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


class NoAnswer(Exception):
    """Nothing usable came back.

    It does not chain the library's exception, which holds the request and with it the tokens.

    Args:
        what: name of the exception's class.
        started: False only when it is proven that no byte of the request left.
    """

    def __init__(self, what: str, *, started: bool) -> None:
        super().__init__(what)
        self.what = what
        self.started = started


class BodyTooLargeError(Exception):
    """The body went beyond `MAX_BODY_BYTES`."""


@dataclass(frozen=True, slots=True, repr=False)
class _Request:
    method: str
    path: str
    body: bytes | None
    headers: Mapping[str, str]


class _Trace:
    """Watches whether the request began to leave."""

    def __init__(self) -> None:
        self.started = False

    async def __call__(self, event: str, _details: Mapping[str, object]) -> None:
        if event.endswith(".send_request_headers.started"):
            self.started = True


async def _at_once() -> None:
    """Wait for nothing."""


class HttpDoor:
    """Posts bodies to one address.

    Args:
        client: the library's client, made by `reading_door` or `money_door`.
        deadline_s: longest time for a whole call, from connecting to the last byte.
        in_flight: calls at a time, None for no limit.
    """

    def __init__(self, client: httpx2.AsyncClient, *, deadline_s: float, in_flight: int | None = None) -> None:
        _quiet_library()
        self._client = client
        self._deadline_s = deadline_s
        self._gate: AbstractAsyncContextManager[None] = (
            asyncio.Semaphore(in_flight) if in_flight is not None else nullcontext()
        )

    async def post(self, path: str, body: bytes, turn: Callable[[], Awaitable[None]] = _at_once) -> Sent:
        """Send `body` once and return the answer, whatever its status; as `send`."""
        return await self.send("POST", path, body, {}, turn)

    async def send(
        self,
        method: str,
        path: str,
        body: bytes | None,
        headers: Mapping[str, str],
        turn: Callable[[], Awaitable[None]] = _at_once,
    ) -> Sent:
        """Send one request once and return the answer, whatever its status.

        Args:
            method: ``GET``, ``POST``, ``PUT`` or ``DELETE``.
            path: absolute path on the door's address, with its query.
            body: JSON; None for none.
            headers: beside those of the body.
            turn: awaited last before sending, outside the deadline; what it raises passes through.

        Raises:
            NoAnswer: no complete answer came.
        """
        request = _Request(method, path, body, headers)
        async with self._gate:
            await turn()
            trace = _Trace()
            try:
                async with asyncio.timeout(self._deadline_s):
                    return await self._exchange(request, trace)
            except Exception as problem:  # noqa: BLE001 - whatever broke the call, the trace tells what is known
                # A proxy's CONNECT is a request of its own and starts the trace; its failure means ours never left.
                started = trace.started and not isinstance(problem, httpx2.ProxyError)
                failure = NoAnswer(type(problem).__name__, started=started)
        raise failure  # outside the handler, so that the library's exception is not kept with it

    async def _exchange(self, request: _Request, trace: _Trace) -> Sent:
        kind = {"Content-Type": "application/json"} if request.body is not None else {}
        async with self._client.stream(
            request.method,
            request.path,
            content=request.body,
            headers={**kind, **request.headers},
            extensions={"trace": trace},
        ) as response:
            received = bytearray()
            async for chunk in response.aiter_bytes():
                received += chunk
                if len(received) > MAX_BODY_BYTES:
                    raise BodyTooLargeError
            headers = {name.lower(): value for name, value in response.headers.items()}
            return Sent(response.status_code, MappingProxyType(headers), bytes(received))

    async def aclose(self) -> None:
        """Close its connections."""
        await self._client.aclose()


def _quiet_library() -> None:
    """Keep the HTTP library's own log lines out: below WARNING they hold headers and addresses."""
    for name in ("httpx2", "httpcore2"):
        logging.getLogger(name).setLevel(logging.WARNING)


def system_trust() -> ssl.SSLContext:
    """Return what every door trusts: the roots of the system, whatever the variables of its user say."""
    return httpx2.create_ssl_context(trust_env=False)


def reading_door(
    address: Address,
    *,
    deadline_s: float = READ_DEADLINE_S,
    transport: httpx2.AsyncBaseTransport | None = None,
) -> HttpDoor:
    """Return a door for reads, which keeps connections open. Making it takes a tenth of a second: do it in a thread.

    Args:
        address: where to.
        deadline_s: longest time for a whole call.
        transport: what carries the bytes instead of sockets, for tests of single bytes.
    """
    client = httpx2.AsyncClient(
        base_url=address.base_url,
        follow_redirects=False,
        trust_env=False,
        timeout=httpx2.Timeout(deadline_s, connect=_CONNECT_TIMEOUT_S),
        limits=httpx2.Limits(max_connections=IN_FLIGHT, max_keepalive_connections=IN_FLIGHT),
        transport=transport,
    )
    return HttpDoor(client, deadline_s=deadline_s, in_flight=IN_FLIGHT)


def money_door(
    address: Address,
    *,
    deadline_s: float = MONEY_DEADLINE_S,
    transport: httpx2.AsyncBaseTransport | None = None,
) -> HttpDoor:
    """Return a door for acts: every call on a connection of its own, nothing tried again, nothing compressed.

    A kept connection may have died unnoticed, which would turn a call that never arrived into an unknown outcome.

    Args:
        address: where to.
        deadline_s: longest time for a whole call.
        transport: what carries the bytes instead of sockets, for tests of single bytes.
    """
    client = httpx2.AsyncClient(
        base_url=address.base_url,
        headers={"Accept-Encoding": "identity"},
        follow_redirects=False,
        trust_env=False,
        timeout=httpx2.Timeout(deadline_s, connect=_CONNECT_TIMEOUT_S),
        limits=httpx2.Limits(max_keepalive_connections=0),
        transport=transport,
    )
    return HttpDoor(client, deadline_s=deadline_s)
