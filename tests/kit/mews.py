"""The Mews client against what a test says: canned answers without sockets, or a server of a few lines on loopback."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx2
from pydantic import SecretStr

from deskpay.domain.environment import Environment
from deskpay.domain.intent import Intent, IntentKind
from deskpay.domain.money import Currency, Money
from deskpay.gateways.http import ConnectorAddress, connector_address, money_door, reading_door
from deskpay.gateways.limiter import Limiter
from deskpay.gateways.mews.acts import MewsGateway
from deskpay.gateways.mews.audit import MewsAuditBooks
from deskpay.gateways.mews.calls import Calls, Tokens
from deskpay.gateways.mews.client import MewsConnection
from deskpay.gateways.mews.events import EventStream
from deskpay.gateways.mews.office import MewsOffice
from deskpay.gateways.mews.reads import MewsRecords
from deskpay.services.ports import Clock

VECTORS = Path(__file__).resolve().parents[1] / "vectors" / "mews"
CLIENT_TOKEN = "CLIENT-TOKEN-CANARY"
ACCESS_TOKEN = "ACCESS-TOKEN-CANARY"
GBP = Currency("GBP", 2)
EUR = Currency("EUR", 2)
CURRENCIES = {"GBP": GBP, "EUR": EUR, "USD": Currency("USD", 2)}
NOW = datetime(2026, 11, 20, 9, 14, tzinfo=UTC)


def vector(operation: str) -> dict[str, Any]:
    """The docs' own sample of `operation`, numbers with a point as Decimal."""
    text = (VECTORS / f"{operation.replace('/', '.')}.json").read_text()
    loaded: dict[str, Any] = json.loads(text, parse_float=Decimal)
    return loaded


def vector_answer(operation: str) -> bytes:
    """The answer in the docs' sample, as bytes."""
    answer: object = json.loads((VECTORS / f"{operation.replace('/', '.')}.json").read_text())["response"]
    return json.dumps(answer).encode()


class LoopClock:
    """The running loop's time as the `Clock` port; the wall starts at `NOW`, wherever the loop's zero lies."""

    def __init__(self) -> None:
        self._born_s: float | None = None

    def monotonic_s(self) -> float:
        """Return the loop's time."""
        return asyncio.get_running_loop().time()

    def now(self) -> datetime:
        """Return `NOW` and what has passed since the first question."""
        if self._born_s is None:
            self._born_s = self.monotonic_s()
        return NOW + timedelta(seconds=self.monotonic_s() - self._born_s)

    async def sleep(self, seconds: float) -> None:
        """Wait on the loop."""
        await asyncio.sleep(seconds)


@dataclass
class CannedMews:
    """Answers by operation and remembers what was asked.

    Attributes:
        answers: By operation: a body, or a function of the request's fields and the httpx2 request.
        asked: Operation and fields of every request, in order.
    """

    answers: dict[str, Any] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        for operation in ("configuration/get", "currencies/getAll"):
            self.answers.setdefault(operation, vector_answer(operation))

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        operation = request.url.path.removeprefix("/api/connector/v1/")
        fields = json.loads(request.content, parse_float=Decimal)
        self.asked.append((operation, fields))
        answer = self.answers[operation]
        if callable(answer):
            answer = answer(fields)
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, httpx2.Response):
            return answer
        return json_answer(answer)

    def of(self, operation: str) -> list[dict[str, Any]]:
        """The fields of every request of `operation`, without tokens."""
        names = {"ClientToken", "AccessToken", "Client"}
        return [
            {name: value for name, value in fields.items() if name not in names}
            for asked, fields in self.asked
            if asked == operation
        ]


def json_answer(body: object, status: int = 200, **headers: str) -> httpx2.Response:
    """An answer of the API; `body` is bytes, or something to write as JSON. Header names have _ for -."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx2.Response(status, content=content, headers={"Content-Type": "application/json", **named})


def error_answer(status: int, message: str = "Invalid Something", **headers: str) -> httpx2.Response:
    """The API's error body."""
    return json_answer({"Message": message, "RequestId": "from-body", "Details": None}, status, **headers)


TRAINING = ConnectorAddress(Environment.TRAINING, "http://127.0.0.1:9")


@asynccontextmanager
async def connected(
    handler: Callable[[httpx2.Request], httpx2.Response] | httpx2.AsyncBaseTransport,
    *,
    clock: Clock | None = None,
    budget: int = 100,
    tokens: tuple[str, str] = (CLIENT_TOKEN, ACCESS_TOKEN),
) -> AsyncIterator[MewsConnection]:
    """A connection whose bytes go to `handler`. No socket is opened."""
    clock = clock or LoopClock()
    transport = handler if isinstance(handler, httpx2.AsyncBaseTransport) else httpx2.MockTransport(handler)
    secrets = Tokens(SecretStr(tokens[0]), SecretStr(tokens[1]))
    calls = Calls(
        reading_door(TRAINING, transport=transport),
        money_door(TRAINING, transport=transport),
        Limiter(clock, budget),
        clock,
        secrets,
    )
    records = MewsRecords(calls)
    gateway, office = MewsGateway(calls, records), MewsOffice(calls, records)
    audit, events = MewsAuditBooks(calls, records), EventStream(TRAINING, secrets, clock)
    connection = MewsConnection(records, audit, gateway, office, calls, events)
    try:
        yield connection
    finally:
        await connection.aclose()


Behaviour = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def tiny_server(behaviour: Behaviour) -> AsyncIterator[ConnectorAddress]:
    """A server on loopback that does to every connection what `behaviour` does."""
    at_work: set[asyncio.Task[Any]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        at_work.add(task)
        try:
            await behaviour(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # the client may leave when it likes; and 3.11 complains of a server's task that ends cancelled
        finally:
            writer.close()
            at_work.discard(task)

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    try:
        yield connector_address(Environment.TRAINING, f"http://127.0.0.1:{port}")
    finally:
        server.close()
        for task in at_work:
            task.cancel()
        await asyncio.gather(*at_work, return_exceptions=True)
        await server.wait_closed()


async def read_request(reader: asyncio.StreamReader) -> bytes:
    """Return head and body of one request."""
    head = await reader.readuntil(b"\r\n\r\n")
    length = next(
        int(line.partition(b":")[2]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")
    )
    return head + await reader.readexactly(length)


def response_bytes(body: bytes, status: str = "200 OK", media: str = "application/json", extra: str = "") -> bytes:
    """A whole HTTP answer."""
    head = f"HTTP/1.1 {status}\r\nContent-Type: {media}\r\nContent-Length: {len(body)}\r\n{extra}\r\n"
    return head.encode() + body


def an_intent(kind: IntentKind = IntentKind.CHARGE, **changes: Any) -> Intent:
    """A complete decision of `kind`; keywords replace its fields."""
    fields: dict[str, Any] = {
        "id": "11111111-2222-4333-8444-555555555555",
        "reference": "DP-7K3Q-9XYZ",
        "kind": kind,
        "enterprise_id": "851df8c8-90f2-4c4a-8e01-a4fc46b25178",
        "desk_id": "desk-1",
        "operator": "Ada",
        "drafted_utc": NOW,
        "customer_id": "fadd5bb6-b428-45d5-94f8-fd0d89fece6d",
        "customer_name": "John Smith",
        "subject": "Visa •••• 1111",
        "amount": None if kind is IntentKind.SAVE_CARD else Money(31240, GBP),
        "credit_card_id": "866d3f51-5b8b-4e8f-a3af-5b84768c522d" if kind is IntentKind.CHARGE else None,
        "payment_id": "f6313945-94c1-4e27-b402-031c2a8c989f" if kind is IntentKind.REFUND else None,
    }
    return Intent(**{**fields, **changes})
