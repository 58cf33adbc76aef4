"""The PayMongo client against what a test says, without sockets; and a guest's page that makes payment methods."""

import base64
import http.client
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx2
from typing_extensions import override

from deskpay.domain.acquirer import AcquirerCharge
from deskpay.domain.environment import Environment
from deskpay.domain.money import Currency, Money
from deskpay.gateways.http import paymongo_address, reading_door
from deskpay.gateways.limiter import Limiter
from deskpay.gateways.paymongo.calls import BUDGET, Calls
from deskpay.gateways.paymongo.client import PayMongo, SavedList, connect_paymongo
from deskpay.gateways.paymongo.keys import keys_of
from deskpay.services.system_clock import SystemClock
from tests.kit.hotel import Hotel
from tests.kit.mews import LoopClock, an_intent

VECTORS = Path(__file__).resolve().parents[1] / "vectors" / "paymongo"
SECRET, PUBLIC = "sk_test_CANARYCANARYCANARY", "pk_test_CANARYCANARYCANARY"
PESO = Currency("PHP", 2)
RETURN = "https://return.deskpay.invalid/"

Handler = Callable[[httpx2.Request], httpx2.Response]


def sample(name: str) -> dict[str, Any]:
    """The published sample `name`: request and response."""
    loaded: dict[str, Any] = json.loads((VECTORS / f"{name}.json").read_text(encoding="utf-8"))
    return loaded


def sample_answer(name: str) -> httpx2.Response:
    """The answer in a sample."""
    response = sample(name)["response"]
    body = response["body"]
    if isinstance(body, str):
        return httpx2.Response(response["status"], text=body)
    return httpx2.Response(response["status"], json=body)


class Canned:
    """Answers each request with the next of `answers`, the last one for ever, and remembers what was asked."""

    def __init__(self, *answers: httpx2.Response | Exception) -> None:
        self._answers = list(answers)
        self.asked: list[httpx2.Request] = []

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        self.asked.append(request)
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


class _Started(httpx2.MockTransport):
    """Tells the trace that the request began to leave, as a socket would."""

    @override
    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        await request.extensions["trace"]("http11.send_request_headers.started", {})
        return await super().handle_async_request(request)


@asynccontextmanager
async def canned_paymongo(handler: Handler, saved_list: SavedList = SavedList.V1) -> AsyncIterator[PayMongo]:
    """A connection whose bytes go to `handler`. No socket is opened."""
    address = paymongo_address(Environment.DEMO, "https://api.paymongo.com")
    transport, clock = _Started(handler), LoopClock()
    doors = reading_door(address, transport=transport), reading_door(address, transport=transport)
    calls = Calls(*doors, Limiter(clock, BUDGET), clock, keys_of(Environment.DEMO, SECRET, PUBLIC), Environment.DEMO)
    connection = PayMongo(calls, saved_list)
    try:
        yield connection
    finally:
        await connection.aclose()


@asynccontextmanager
async def training_paymongo(sandbox: Hotel, saved_list: SavedList = SavedList.V1) -> AsyncIterator[PayMongo]:
    """A connection to the training merchant."""
    origin = "{0.scheme}://{0.netloc}".format(urlsplit(sandbox.paymongo))
    address = paymongo_address(Environment.TRAINING, origin)
    keys = keys_of(Environment.TRAINING, sandbox.paymongo_secret_key, sandbox.paymongo_public_key)
    account = await connect_paymongo(address, keys, SystemClock(), saved_list=saved_list)
    try:
        yield account
    finally:
        await account.aclose()


def at_bank(charge: AcquirerCharge, choice: str) -> None:
    """Press a button of the bank's page: `authorize` or `fail`."""
    address = urlsplit(charge.bank_page)
    connection = http.client.HTTPConnection(address.netloc, timeout=20)
    try:
        form = f"{address.query}&choice={choice}"
        connection.request("POST", address.path, form, {"Content-Type": "application/x-www-form-urlencoded"})
        answer = connection.getresponse()
        answer.read()
        assert answer.status in {200, 303}, answer.status
    finally:
        connection.close()


def a_peso_intent(minor: int = 150_050, **changes: Any) -> Any:
    """A decision to take pesos."""
    return an_intent(amount=Money(minor, PESO), **changes)


def card_page(sandbox: Hotel, number: str) -> str:
    """Make a payment method as the card page does, with the public key, and return its id."""
    address = urlsplit(sandbox.paymongo)
    details = {"card_number": number, "exp_month": 12, "exp_year": 2030, "cvc": "123"}
    attributes = {"type": "card", "details": details, "billing": {"name": "Ottoline Pepperwick"}}
    connection = http.client.HTTPConnection(address.netloc, timeout=20)
    named = base64.b64encode(f"{sandbox.paymongo_public_key}:".encode()).decode()
    headers = {"Content-Type": "application/json", "Authorization": f"Basic {named}"}
    try:
        body = json.dumps({"data": {"attributes": attributes}})
        connection.request("POST", f"{address.path}/v1/payment_methods", body, headers)
        answer = connection.getresponse()
        told = json.loads(answer.read())
        assert answer.status == 200, told
        return str(told["data"]["id"])
    finally:
        connection.close()
