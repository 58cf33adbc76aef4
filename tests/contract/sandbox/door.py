"""A door into the sandbox without a network."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from deskpay.sandbox.access import ACCESS_TOKEN, CLIENT_TOKEN
from deskpay.sandbox.asgi import PREFIX, ConnectorApi
from deskpay.sandbox.clock import Clock
from deskpay.sandbox.world import World

Json = dict[str, Any]

# A Thursday afternoon in winter time.
NOON = datetime(2026, 11, 12, 14, 32, 5, tzinfo=UTC)
TOKENS = {"ClientToken": CLIENT_TOKEN, "AccessToken": ACCESS_TOKEN, "Client": "DeskPay tests 1.0.0"}
PAGE = {"Count": 1000}


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: dict[str, str]
    text: bytes

    @property
    def body(self) -> Json:
        """The body, amounts as exact decimals."""
        parsed: Json = json.loads(self.text, parse_float=Decimal)
        return parsed

    @property
    def message(self) -> str:
        message: str = self.body["Message"]
        return message


class Door:
    """Calls one world's Connector API."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._api = ConnectorApi(world)

    def send(
        self,
        operation: str,
        payload: bytes,
        *,
        method: str = "POST",
        path: str | None = None,
        content_type: bytes = b"application/json",
        prefer: bytes = b"",
    ) -> Answer:
        """Send raw bytes."""
        scope = {
            "type": "http",
            "method": method,
            "path": path or PREFIX + operation,
            "headers": [(b"content-type", content_type), (b"prefer", prefer)],
        }
        chunks = [payload[:10], payload[10:]]
        sent: list[Json] = []

        async def receive() -> Json:
            return {"type": "http.request", "body": chunks.pop(0), "more_body": bool(chunks)}

        async def send(message: Any) -> None:
            sent.append(message)

        asyncio.run(self._api(scope, receive, send))
        headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
        return Answer(sent[0]["status"], headers, b"".join(message["body"] for message in sent[1:]))

    def call(self, operation: str, body: Mapping[str, Any] | None = None, **fields: Any) -> Answer:
        """Send a request with the right tokens; `body` may override them."""
        request = TOKENS | dict(body or {}) | fields
        return self.send(operation, json.dumps(request, default=_as_number).encode())

    def ok(self, operation: str, body: Mapping[str, Any] | None = None, **fields: Any) -> Json:
        """As `call`, but it must succeed."""
        answer = self.call(operation, body, **fields)
        assert answer.status == 200, answer.text
        return answer.body

    def guest(self, last_name: str) -> Json:
        """A seeded customer by surname."""
        return next(row for row in self.world.hotel.customers.in_use() if row["LastName"] == last_name)

    def card(self, last_name: str, last_four: str, kind: str = "Gateway") -> Json:
        """A seeded card by its owner's surname and its last digits."""
        owner = self.guest(last_name)["Id"]
        return next(
            row
            for row in self.world.hotel.cards.in_use()
            if row["CustomerId"] == owner and row["Kind"] == kind and row["ObfuscatedNumber"].endswith(last_four)
        )

    def payments(self, last_name: str) -> list[Json]:
        """All payments of a guest, newest first, as the API tells them."""
        answer = self.ok("payments/getAll", AccountIds=[self.guest(last_name)["Id"]], Limitation=PAGE)
        payments: list[Json] = answer["Payments"]
        return payments

    def charge(self, card: Json, value: str = "10.00", notes: str | None = "DP-7K4M-2Q9C", **fields: Any) -> Answer:
        """Charge a card in pounds."""
        body = {"CreditCardId": card["Id"], "Amount": pounds(value), "Notes": notes}
        return self.call("creditCards/charge", body, **fields)


def pounds(value: str) -> Json:
    """An amount as requests carry it."""
    return {"Currency": "GBP", "GrossValue": Decimal(value), "TaxCodes": []}


def new_world(size: str = "small") -> World:
    """A hotel on a stopped Thursday, without a request limit."""
    return World(size=size, clock=Clock(lambda: NOON), rate=0)


def _as_number(value: object) -> float:
    assert isinstance(value, Decimal)
    return float(value)
