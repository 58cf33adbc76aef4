"""Reads are tried again and acts never; the log holds four facts; the tokens show nowhere."""

import asyncio
import logging
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest

from deskpay import __version__
from deskpay.domain.errors import (
    Declined,
    Field,
    HotelUnavailable,
    InputProblem,
    InputRefused,
    NotMews,
    NotSent,
    OutcomeUnknown,
    RateLimited,
    Refused,
    Rejected,
    Unauthorized,
)
from deskpay.gateways.mews.client import connect
from tests.kit.loops import CoroutineRunner, VirtualRunner
from tests.kit.mews import (
    ACCESS_TOKEN,
    CLIENT_TOKEN,
    NOW,
    TRAINING,
    CannedMews,
    LoopClock,
    an_intent,
    connected,
    error_answer,
    json_answer,
    read_request,
    response_bytes,
    tiny_server,
    vector_answer,
)

CHARGED = {"PaymentId": "pay-1"}
SEARCH = "customers/search"
CHARGE = "creditCards/charge"
EMPTY: dict[str, Any] = {"Customers": []}


def _in_turn(*answers: Any) -> Callable[[Any], Any]:
    """Give one answer after the other, the last one for ever."""
    left = list(answers)
    return lambda _fields: left.pop(0) if len(left) > 1 else left[0]


async def _search(mews: CannedMews) -> list[Any]:
    async with connected(mews) as connection:
        return list(await connection.records.customers_in_house("Smith"))


@pytest.mark.parametrize(
    "trouble",
    [
        httpx2.ConnectError("no"),
        httpx2.ReadTimeout("late"),
        error_answer(500),
        error_answer(503),
        error_answer(408),
        error_answer(409),
        error_answer(429, Retry_After="2"),
        error_answer(429),
        httpx2.Response(502, content=b"<html>", headers={"Content-Type": "text/html"}),
        b'{"Customers": [',
    ],
)
def test_a_read_survives_two_passing_troubles(run_virtual: VirtualRunner, trouble: Any) -> None:
    mews = CannedMews({SEARCH: _in_turn(trouble, trouble, EMPTY)})
    assert run_virtual(_search(mews), timeout_s=1000) == []
    assert len(mews.of(SEARCH)) == 3


@pytest.mark.parametrize(
    ("trouble", "kind"),
    [
        (httpx2.ConnectError("no"), HotelUnavailable),
        (error_answer(500), HotelUnavailable),
        (b'{"Customers": [', HotelUnavailable),
        (error_answer(429, Retry_After="2"), RateLimited),
    ],
)
def test_a_read_gives_up_after_three(run_virtual: VirtualRunner, trouble: Any, kind: type[Exception]) -> None:
    mews = CannedMews({SEARCH: trouble})
    with pytest.raises(kind) as error:
        run_virtual(_search(mews), timeout_s=1000)
    assert type(error.value) is kind
    assert len(mews.of(SEARCH)) == 3


@pytest.mark.parametrize(
    ("trouble", "kind"),
    [
        (error_answer(400), Rejected),
        (error_answer(401), Unauthorized),
        (error_answer(403), Rejected),
        (error_answer(404), NotMews),
        (httpx2.Response(404), NotMews),
        (httpx2.Response(302, headers={"Location": "/login"}), NotMews),
        (httpx2.Response(200, content=b"<html>", headers={"Content-Type": "text/html"}), NotMews),
    ],
)
def test_a_read_is_not_repeated_where_it_cannot_help(
    run_virtual: VirtualRunner, trouble: Any, kind: type[Exception]
) -> None:
    mews = CannedMews({SEARCH: trouble})
    with pytest.raises(kind) as error:
        run_virtual(_search(mews))
    assert type(error.value) is kind
    assert len(mews.of(SEARCH)) == 1


def test_a_read_waits_as_long_as_it_is_told(run_virtual: VirtualRunner) -> None:
    mews = CannedMews({SEARCH: _in_turn(error_answer(429, Retry_After="17"), EMPTY)})

    async def scene() -> float:
        before = run_virtual.clock.time()
        await _search(mews)
        return run_virtual.clock.time() - before

    assert run_virtual(scene()) == pytest.approx(17, abs=0.1)


def test_a_wait_longer_than_a_read_can_stand_is_told_at_once(run_virtual: VirtualRunner) -> None:
    mews = CannedMews({SEARCH: error_answer(429, Retry_After="120")})

    async def scene() -> tuple[RateLimited, float]:
        before = run_virtual.clock.time()
        with pytest.raises(RateLimited) as error:
            await _search(mews)
        return error.value, run_virtual.clock.time() - before

    error, took = run_virtual(scene())
    assert error.retry_after_s == pytest.approx(120, abs=2)
    assert took < 2
    assert len(mews.of(SEARCH)) == 1


_DOUBTFUL = [
    error_answer(408),
    error_answer(409),
    error_answer(500),
    httpx2.Response(429, content=b"slow down"),
    httpx2.Response(403, content=b"<html>", headers={"Content-Type": "text/html"}),
    httpx2.Response(200, content=b"<html>", headers={"Content-Type": "text/html"}),
    httpx2.Response(307, headers={"Location": "/elsewhere"}),
    httpx2.Response(204),
    json_answer({}),
    json_answer({"PaymentId": None}),
    json_answer(CHARGED, 201),
    json_answer(b'{"PaymentId": "pay-1"'),
]


@pytest.mark.parametrize("answer", _DOUBTFUL, ids=lambda answer: f"{answer.status_code} {answer.content[:20]!r}")
def test_a_doubtful_answer_to_a_charge_is_a_doubt_after_one_request(
    run_virtual: VirtualRunner, answer: httpx2.Response
) -> None:
    mews = CannedMews({CHARGE: answer})

    async def scene() -> None:
        async with connected(mews) as connection:
            with pytest.raises(OutcomeUnknown):
                await connection.gateway.charge(an_intent())

    run_virtual(scene())
    assert len(mews.of(CHARGE)) == 1


@pytest.mark.parametrize(
    ("status", "kind"),
    [(400, Rejected), (401, Unauthorized), (403, Declined), (404, Rejected), (413, Rejected), (429, RateLimited)],
)
def test_a_refusal_of_a_charge_is_definite_after_one_request(
    run_virtual: VirtualRunner, status: int, kind: type[Refused]
) -> None:
    mews = CannedMews({CHARGE: error_answer(status, "Transaction was declined.", Request_Id="R-9")})

    async def scene() -> Refused:
        async with connected(mews) as connection:
            with pytest.raises(Refused) as error:
                await connection.gateway.charge(an_intent())
            return error.value

    error = run_virtual(scene())
    assert type(error) is kind
    assert (error.operation, error.request_id, error.server_message) == (CHARGE, "R-9", "Transaction was declined.")
    assert len(mews.of(CHARGE)) == 1


def test_a_429_to_a_charge_holds_the_reads_too(run_virtual: VirtualRunner) -> None:
    mews = CannedMews({CHARGE: error_answer(429, Retry_After="9"), SEARCH: EMPTY})

    async def scene() -> float:
        async with connected(mews) as connection:
            with pytest.raises(RateLimited):
                await connection.gateway.charge(an_intent())
            before = run_virtual.clock.time()
            await connection.records.customers_in_house("x")
            return run_virtual.clock.time() - before

    assert run_virtual(scene()) == pytest.approx(9, abs=0.1)


def test_a_charge_that_gets_no_turn_was_not_sent(run_virtual: VirtualRunner) -> None:
    mews = CannedMews({CHARGE: CHARGED, SEARCH: EMPTY})

    async def scene() -> None:
        async with connected(mews, budget=3) as connection:
            await connection.records.hotel()  # two of three
            await connection.records.customers_in_house("x")
            with pytest.raises(NotSent) as error:
                await connection.gateway.charge(an_intent())
            assert error.value.operation == CHARGE
            await asyncio.sleep(20)  # ten seconds left, which a charge waits for
            assert await connection.gateway.charge(an_intent()) == "pay-1"

    run_virtual(scene(), timeout_s=1000)
    assert len(mews.of(CHARGE)) == 1


def test_a_charge_to_a_closed_door_was_not_sent_and_one_into_silence_is_a_doubt(run_plain: CoroutineRunner) -> None:
    async def silence(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = await read_request(reader)
        operation = request.split(b" ")[1].decode().removeprefix("/api/connector/v1/")
        if operation != CHARGE:
            writer.write(response_bytes(vector_answer(operation), extra="Connection: close\r\n"))
            await writer.drain()

    async def scene() -> None:
        async with tiny_server(silence) as address:
            connection = await connect(address, CLIENT_TOKEN, ACCESS_TOKEN, LoopClock())
            with pytest.raises(OutcomeUnknown):
                await connection.gateway.charge(an_intent())
        with pytest.raises(NotSent):
            await connection.gateway.charge(an_intent())
        await connection.aclose()

    run_plain(scene())


def test_every_request_says_who_asks(run_virtual: VirtualRunner) -> None:
    mews = CannedMews({SEARCH: EMPTY})
    run_virtual(_search(mews))
    ((_, fields),) = mews.asked
    assert (fields["ClientToken"], fields["AccessToken"]) == (CLIENT_TOKEN, ACCESS_TOKEN)
    assert fields["Client"] == f"DeskPay {__version__}"


@pytest.fixture
def everything_logged(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """Captured log at DEBUG, of libraries too."""
    with caplog.at_level(logging.DEBUG):
        yield caplog


def test_the_log_holds_four_facts_and_no_secret(
    run_plain: CoroutineRunner, everything_logged: pytest.LogCaptureFixture
) -> None:
    answers = {
        "currencies/getAll": vector_answer("currencies/getAll"),
        "configuration/get": vector_answer("configuration/get"),
        CHARGE: b'{"PaymentId": "PAYMENT-CANARY"}',
    }

    async def behaviour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            request = await read_request(reader)
            operation = request.split(b" ")[1].decode().removeprefix("/api/connector/v1/")
            writer.write(response_bytes(answers[operation], extra="Request-Id: R-77\r\nSet-Cookie: COOKIE-CANARY\r\n"))
            await writer.drain()

    async def scene() -> None:
        async with tiny_server(behaviour) as address:
            connection = await connect(address, CLIENT_TOKEN, ACCESS_TOKEN, LoopClock())
            await connection.gateway.charge(an_intent(note="NOTE-CANARY"))
            assert "CANARY" not in repr(connection.calls._tokens)
            await connection.aclose()

    run_plain(scene())
    text = "\n".join(f"{record.name} {record.getMessage()} {record.__dict__}" for record in everything_logged.records)
    assert "CANARY" not in text
    lines = [record.getMessage() for record in everything_logged.records if record.name == "deskpay.calls"]
    assert len(lines) == 3
    assert lines[2].startswith("creditCards/charge status=200 request_id=R-77 elapsed_ms=")


@pytest.mark.parametrize("answer", [error_answer(403, "CANARY?"), json_answer({"PaymentId": ["CANARY"]})])
def test_errors_say_nothing_of_tokens_or_bodies(run_virtual: VirtualRunner, answer: httpx2.Response) -> None:
    async def scene() -> BaseException:
        async with connected(CannedMews({CHARGE: answer})) as connection:
            with pytest.raises((Declined, OutcomeUnknown)) as error:
                await connection.gateway.charge(an_intent())
            return error.value

    error = run_virtual(scene())
    assert "CANARY" not in f"{error!r} {error.__cause__!r}"
    assert error.__cause__ is None


def _dated(moment: datetime) -> httpx2.Response:
    return json_answer(EMPTY, Date=moment.strftime("%a, %d %b %Y %H:%M:%S GMT"))


def test_the_servers_clock_is_learnt_from_every_answer(run_virtual: VirtualRunner) -> None:
    later = NOW + timedelta(days=2, seconds=5)
    mews = CannedMews({SEARCH: _in_turn(_dated(later), json_answer(EMPTY), _dated(NOW - timedelta(hours=1)))})

    async def scene() -> list[datetime]:
        async with connected(mews) as connection:
            told = [connection.records.server_now()]
            for _ in range(3):
                await connection.records.customers_in_house("x")
                told.append(connection.records.server_now())
            await asyncio.sleep(10)
            return [*told, connection.records.server_now()]

    assert run_virtual(scene()) == [
        NOW,
        later,
        later,
        NOW - timedelta(hours=1),
        NOW - timedelta(hours=1) + timedelta(seconds=10),
    ]


def test_a_clock_that_is_years_off_is_not_believed(run_virtual: VirtualRunner) -> None:
    async def scene() -> datetime:
        async with connected(CannedMews({SEARCH: _dated(datetime(9999, 12, 31, tzinfo=UTC))})) as connection:
            await connection.records.customers_in_house("x")
            return connection.records.server_now()

    assert run_virtual(scene()) == NOW


def test_a_large_body_is_read_beside_the_loop(run_plain: CoroutineRunner) -> None:
    customer = {"Id": "c-1", "LastName": "Smith", "Classifications": [], "Notes": "x" * 300_000}
    mews = CannedMews({SEARCH: {"Customers": [{"Customer": customer}]}})
    (found,) = run_plain(_search(mews))
    assert len(found.notes) == 300_000


@pytest.mark.parametrize(
    ("tokens", "field"),
    [(("", "a"), Field.CLIENT_TOKEN), (("c", "  "), Field.ACCESS_TOKEN), ((" ", ""), Field.CLIENT_TOKEN)],
)
def test_empty_tokens_are_refused_before_anything_is_sent(
    run_plain: CoroutineRunner, tokens: tuple[str, str], field: Field
) -> None:
    async def scene() -> None:
        with pytest.raises(InputRefused) as error:
            await connect(TRAINING, *tokens, LoopClock())
        assert (error.value.field, error.value.problem) == (field, InputProblem.EMPTY)

    run_plain(scene())
