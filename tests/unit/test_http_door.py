"""What a door proves about a call that brought no answer, against a real server and byte by byte."""

import asyncio
import gzip
import logging

import httpx2
import pytest
from typing_extensions import override

from deskpay.domain.environment import Environment
from deskpay.gateways.http import (
    MAX_BODY_BYTES,
    ConnectorAddress,
    HttpDoor,
    NoAnswer,
    Sent,
    money_door,
    reading_door,
)
from tests.kit.loops import CoroutineRunner, VirtualRunner
from tests.kit.mews import TRAINING, Behaviour, read_request, response_bytes, tiny_server

_BODY = b'{"AccessToken":"CANARY"}'


def _families(root: type[BaseException]) -> set[type[BaseException]]:
    return {root}.union(*(_families(child) for child in root.__subclasses__()))


def _library_errors() -> list[type[BaseException]]:
    """Every exception that the library exports, with all their subclasses wherever they live."""
    exported = [
        thing
        for name in dir(httpx2)
        if isinstance(thing := getattr(httpx2, name), type) and issubclass(thing, BaseException)
    ]
    return sorted(set().union(*(_families(root) for root in exported)), key=lambda kind: kind.__name__)


def _an(kind: type[BaseException]) -> BaseException:
    problem = kind.__new__(kind)
    Exception.__init__(problem, "broken")
    return problem


class _Breaking(httpx2.AsyncBaseTransport):
    """Fails with `problem`, before or after the request began to leave."""

    def __init__(self, problem: BaseException, *, started: bool) -> None:
        self._problem = problem
        self._started = started

    @override
    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        if self._started:
            await request.extensions["trace"]("http11.send_request_headers.started", {})
        raise self._problem


async def _failure(door: HttpDoor) -> NoAnswer:
    try:
        with pytest.raises(NoAnswer) as caught:
            await door.post("/x", _BODY)
        return caught.value
    finally:
        await door.aclose()


def test_the_library_has_the_errors_we_think_it_has() -> None:
    names = {kind.__name__ for kind in _library_errors()}
    assert {"ConnectError", "ReadTimeout", "PoolTimeout", "ProxyError", "InvalidURL", "StreamClosed"} <= names
    assert len(names) >= 29


@pytest.mark.parametrize("kind", _library_errors(), ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("started", [False, True])
@pytest.mark.parametrize("make", [reading_door, money_door])
def test_every_error_of_the_library_is_judged_by_the_trace_alone(
    run_plain: CoroutineRunner, kind: type[BaseException], started: bool, make: type
) -> None:
    async def scene() -> NoAnswer:
        return await _failure(make(TRAINING, transport=_Breaking(_an(kind), started=started)))

    failure = run_plain(scene())
    assert failure.what == kind.__name__
    assert failure.started is (started and not issubclass(kind, httpx2.ProxyError))


@pytest.mark.parametrize("problem", [OSError("reset"), RuntimeError("closed"), ValueError("odd")])
def test_errors_of_other_origin_are_judged_in_the_same_way(run_plain: CoroutineRunner, problem: Exception) -> None:
    async def scene() -> NoAnswer:
        return await _failure(money_door(TRAINING, transport=_Breaking(problem, started=True)))

    assert run_plain(scene()).started is True


def test_a_failure_keeps_nothing_of_the_request(run_plain: CoroutineRunner) -> None:
    problem = httpx2.ReadError("lost", request=httpx2.Request("POST", "http://x", content=_BODY))

    async def scene() -> NoAnswer:
        return await _failure(money_door(TRAINING, transport=_Breaking(problem, started=True)))

    failure = run_plain(scene())
    assert failure.__cause__ is None
    assert failure.__context__ is None
    assert failure.args == ("ReadError",)


def test_cancellation_passes_through(run_plain: CoroutineRunner) -> None:
    entered = asyncio.Event()

    async def behaviour(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        await read_request(reader)
        entered.set()
        await asyncio.Event().wait()

    async def scene() -> None:
        async with tiny_server(behaviour) as address:
            door = money_door(address)
            call = asyncio.get_running_loop().create_task(door.post("/x", _BODY))
            await entered.wait()
            call.cancel()
            with pytest.raises(asyncio.CancelledError):
                await call
            await door.aclose()

    run_plain(scene())


def _refused_address() -> ConnectorAddress:
    import socket

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return ConnectorAddress(Environment.TRAINING, f"http://127.0.0.1:{free.getsockname()[1]}")


@pytest.mark.parametrize("make", [reading_door, money_door])
def test_a_refused_connection_proves_that_nothing_left(run_plain: CoroutineRunner, make: type) -> None:
    async def scene() -> NoAnswer:
        return await _failure(make(_refused_address()))

    failure = run_plain(scene())
    assert (failure.what, failure.started) == ("ConnectError", False)


async def _close_before_reading(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.transport.abort()


async def _reset_after_body(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await read_request(reader)
    writer.transport.abort()


async def _close_mid_answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await read_request(reader)
    writer.write(response_bytes(b'{"PaymentId":"x"}')[:-5])
    await writer.drain()


async def _no_http(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await read_request(reader)
    writer.write(b"220 mail.example ESMTP\r\n")
    await writer.drain()


async def _bad_gzip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await read_request(reader)
    writer.write(response_bytes(b"no gzip", extra="Content-Encoding: gzip\r\n"))
    await writer.drain()


async def _huge(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await read_request(reader)
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1073741824\r\n\r\n")
    while True:
        writer.write(b" " * 65536)
        await writer.drain()


async def _bomb(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await read_request(reader)
    writer.write(response_bytes(gzip.compress(b" " * (MAX_BODY_BYTES + 1)), extra="Content-Encoding: gzip\r\n"))
    await writer.drain()


@pytest.mark.parametrize(
    "behaviour",
    [_close_before_reading, _reset_after_body, _close_mid_answer, _no_http, _bad_gzip, _huge, _bomb],
    ids=lambda behaviour: behaviour.__name__,
)
@pytest.mark.parametrize("make", [reading_door, money_door])
def test_whatever_breaks_after_connecting_leaves_a_doubt(
    run_plain: CoroutineRunner, behaviour: Behaviour, make: type
) -> None:
    async def scene() -> NoAnswer:
        async with tiny_server(behaviour) as address:
            return await _failure(make(address))

    assert run_plain(scene()).started is True


@pytest.mark.parametrize("body", [b" " * MAX_BODY_BYTES, b""])
def test_a_body_up_to_the_cap_comes_whole(run_plain: CoroutineRunner, body: bytes) -> None:
    async def behaviour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_request(reader)
        writer.write(response_bytes(body, extra="Request-Id: 0HN-1\r\n"))
        await writer.drain()

    async def scene() -> Sent:
        async with tiny_server(behaviour) as address:
            door = reading_door(address)
            sent = await door.post("/x", _BODY)
            await door.aclose()
            return sent

    sent = run_plain(scene())
    assert (sent.status, len(sent.body), sent.request_id, sent.says_json) == (200, len(body), "0HN-1", True)


def test_a_dripping_answer_ends_at_the_deadline(run_virtual: VirtualRunner) -> None:
    async def behaviour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_request(reader)
        for byte in response_bytes(b" " * 1000):
            writer.write(bytes([byte]))
            await asyncio.sleep(1)

    async def scene() -> tuple[NoAnswer, float]:
        async with tiny_server(behaviour) as address:
            before = run_virtual.clock.time()
            failure = await _failure(money_door(address, deadline_s=60))
            return failure, run_virtual.clock.time() - before

    failure, took = run_virtual(scene(), timeout_s=1000)
    assert (failure.what, failure.started) == ("TimeoutError", True)
    assert took == pytest.approx(60, abs=0.1)


def test_a_server_that_never_answers_ends_at_the_deadline(run_virtual: VirtualRunner) -> None:
    async def behaviour(_reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        await asyncio.Event().wait()

    async def scene() -> NoAnswer:
        async with tiny_server(behaviour) as address:
            return await _failure(reading_door(address, deadline_s=30))

    assert run_virtual(scene(), timeout_s=1000).started is True


class _Counting:
    """Answers well, closes kept connections behind the client's back, and counts."""

    def __init__(self) -> None:
        self.connections = 0
        self.requests = 0

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        await read_request(reader)
        self.requests += 1
        writer.write(response_bytes(b"{}"))
        await writer.drain()
        await read_request(reader)
        self.requests += 1
        writer.transport.abort()


def test_a_read_on_a_stale_connection_is_a_doubt_and_money_never_meets_one(run_plain: CoroutineRunner) -> None:
    async def scene() -> None:
        reads, money = _Counting(), _Counting()
        async with tiny_server(reads) as address:
            door = reading_door(address)
            await door.post("/x", _BODY)
            assert (await _failure(door)).started is True
            assert reads.connections == 1
        async with tiny_server(money) as address:
            door = money_door(address)
            for _ in range(3):
                assert (await door.post("/x", _BODY)).status == 200
            await door.aclose()
            assert (money.connections, money.requests) == (3, 3)

    run_plain(scene())


def test_a_redirect_is_an_answer_and_is_not_followed(run_plain: CoroutineRunner) -> None:
    requests = 0

    async def behaviour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal requests
        await read_request(reader)
        requests += 1
        writer.write(response_bytes(b"", "307 Temporary Redirect", extra="Location: /y\r\n"))
        await writer.drain()

    async def scene() -> int:
        async with tiny_server(behaviour) as address:
            door = money_door(address)
            sent = await door.post("/x", _BODY)
            await door.aclose()
            return sent.status

    assert run_plain(scene()) == 307
    assert requests == 1


def test_no_more_than_eight_reads_are_in_flight(run_plain: CoroutineRunner) -> None:
    in_flight, most, gate = 0, 0, asyncio.Event()

    async def behaviour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal in_flight, most
        while True:
            await read_request(reader)
            in_flight += 1
            most = max(most, in_flight)
            if in_flight == 8:
                gate.set()
            await gate.wait()
            in_flight -= 1
            writer.write(response_bytes(b"{}"))
            await writer.drain()

    async def scene() -> None:
        async with tiny_server(behaviour) as address:
            door = reading_door(address)
            await asyncio.gather(*(door.post("/x", _BODY) for _ in range(30)))
            await door.aclose()

    run_plain(scene())
    assert most == 8


def test_what_a_turn_raises_passes_and_nothing_is_sent(run_plain: CoroutineRunner) -> None:
    class NotNow(Exception):
        pass

    async def turn() -> None:
        raise NotNow

    async def scene() -> None:
        door = money_door(TRAINING, transport=_Breaking(AssertionError("was sent"), started=True))
        with pytest.raises(NotNow):
            await door.post("/x", _BODY, turn)
        await door.aclose()

    run_plain(scene())


@pytest.mark.parametrize(
    ("headers", "request_id", "says_json", "retry_after_s"),
    [
        ({}, None, False, None),
        ({"request-id": "a b"}, None, False, None),
        ({"request-id": "0HN:1.2"}, "0HN:1.2", False, None),
        ({"content-type": "application/json; charset=utf-8"}, None, True, None),
        ({"content-type": "application/problem+json"}, None, True, None),
        ({"content-type": "text/html"}, None, False, None),
        ({"retry-after": "7"}, None, False, 7.0),
        ({"retry-after": "soon"}, None, False, None),
        ({"retry-after": "-3"}, None, False, None),
        (
            {"retry-after": "Fri, 20 Nov 2026 09:14:30 GMT", "date": "Fri, 20 Nov 2026 09:14:00 GMT"},
            None,
            False,
            30.0,
        ),
        ({"retry-after": "Fri, 20 Nov 2006 09:14:30 GMT"}, None, False, 0.0),
    ],
)
def test_headers_are_read_with_suspicion(
    headers: dict[str, str], request_id: str | None, says_json: bool, retry_after_s: float | None
) -> None:
    sent = Sent(200, headers, b"")
    assert (sent.request_id, sent.says_json, sent.retry_after_s) == (request_id, says_json, retry_after_s)


@pytest.mark.parametrize("date", ["", "yesterday", "Fri, 99 Nov 2026 09:14:30 GMT", "Fri, 31 Dec 9999 23:59:59 -1400"])
def test_a_date_that_is_none_is_none(date: str) -> None:
    assert Sent(200, {"date": date}, b"").date is None


def test_the_library_keeps_quiet_below_warning() -> None:
    money_door(TRAINING)
    for name in ("httpx2", "httpcore2.http11", "httpcore2.connection"):
        assert not logging.getLogger(name).isEnabledFor(logging.INFO)
