"""The fault matrix, rows about the one request and its answer: real sockets, a real file, the hotel's own counter."""

import asyncio
import json
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx2
import pytest
from typing_extensions import override

from deskpay.domain.environment import Environment
from deskpay.domain.intent import Evidence, IntentKind, IntentState
from deskpay.gateways import http
from deskpay.gateways.inspection import inspected_by
from deskpay.services.ports import PaymentGateway
from tests.kit.crash_desk import BareDesk
from tests.kit.crash_line import Exchange, ScriptedLine
from tests.kit.crash_stage import CHARGE, Stage, final, looked_for
from tests.kit.hotel import Hotel
from tests.kit.inspecting import HOST, ISSUER, Proxy, inspecting_proxy, trusting
from tests.kit.loops import CoroutineRunner

S = IntentState
E = Evidence
CERTIFICATE = Path(__file__).resolve().parents[1] / "vectors" / "portal" / "unknown_issuer.pem"


@pytest.fixture
def stage(run_plain: CoroutineRunner, sandbox: Hotel, tmp_path: Path) -> Stage:
    return Stage(run_plain, sandbox, tmp_path / "journal.sqlite")


def test_request_never_left_is_not_sent_and_may_be_tried_again(stage: Stage) -> None:
    async def scene(desk: BareDesk, line: ScriptedLine) -> None:
        # Reads go on over the connections that exist; every act asks for a new one.
        line.cut()
        record = await desk.reaches(await desk.act(IntentKind.CHARGE), final)
        assert (record.state, record.events[-1].evidence) == (S.NOT_SENT, E.NOTHING_LEFT)

    stage(scene)
    assert stage.requests() == 0

    async def again(desk: BareDesk, _line: ScriptedLine) -> None:
        record = await desk.reaches(await desk.act(IntentKind.CHARGE, reference="DP-CRAS-H002"), final)
        assert record.state is S.CONFIRMED

    stage(again)
    assert stage.done() == 1


def test_sent_reply_lost_a_lookup_adopts_it(stage: Stage) -> None:
    stage.hotel.fault(CHARGE, "drop_after")
    record = stage.charge(final)
    assert [event.evidence for event in record.events[2:]] == [E.NO_ANSWER, E.FOUND, E.READ_BACK]
    assert (record.state, stage.done(), stage.requests()) == (S.CONFIRMED, 1, 1)


@pytest.mark.parametrize(("when", "end", "done"), [("after", S.CONFIRMED, 1), ("before", S.UNKNOWN, 0)])
def test_408_is_unknown_charged_or_not(stage: Stage, when: str, end: S, done: int) -> None:
    stage.hotel.fault(CHARGE, f"status_{when}", status=408)
    record = stage.charge(looked_for(2))
    assert (record.events[2].state, record.state) == (S.UNKNOWN, end)
    assert (stage.done(), stage.requests()) == (done, 1)


@pytest.mark.parametrize("retry_after", [None, 1])
def test_429_is_rejected_and_never_sent_again(stage: Stage, retry_after: float | None) -> None:
    stage.hotel.fault(CHARGE, "too_many", retry_after=retry_after)
    record = stage.charge(final)
    assert (record.state, stage.done(), stage.requests()) == (S.REJECTED, 0, 1)
    assert stage.restart(final) == record
    assert stage.requests() == 1


def test_500_after_charge_is_adopted(stage: Stage) -> None:
    stage.hotel.fault(CHARGE, "status_after", status=500)
    record = stage.charge(final)
    assert (record.events[2].state, record.state) == (S.UNKNOWN, S.CONFIRMED)
    assert (stage.done(), stage.requests()) == (1, 1)


def test_403_decline_counts_after_a_look_and_its_words_stay_text(stage: Stage) -> None:
    message = '<b>Declined</b> <img src="http://127.0.0.1:9/x">'

    async def scene(desk: BareDesk, line: ScriptedLine) -> None:
        async def decline(exchange: Exchange) -> None:
            assert line.seen["payments/getAll"] == looks
            await exchange.say(json.dumps({"Message": message}).encode(), "403 Forbidden")

        line.play(CHARGE, decline)
        begun = await desk.act(IntentKind.CHARGE)
        looks = line.seen["payments/getAll"]
        record = await desk.reaches(begun, final)
        assert line.seen["payments/getAll"] == looks + 1
        assert (record.state, record.message) == (S.DECLINED, message)

    stage(scene)
    assert stage.done() == 0


def test_403_decline_of_a_charge_that_was_made_all_the_same_is_not_believed(stage: Stage) -> None:
    stage.hotel.fault(CHARGE, "status_after", status=403)
    record = stage.charge(final)
    assert (record.state, stage.done(), stage.requests()) == (S.CONFIRMED, 1, 1)


def test_dns_failure_is_not_sent(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(*_asked: object, **_more: object) -> object:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    async def scene(desk: BareDesk, _line: ScriptedLine) -> None:
        with monkeypatch.context() as resolver:
            resolver.setattr(socket, "getaddrinfo", nobody)
            record = await desk.reaches(await desk.act(IntentKind.CHARGE), final)
        assert record.state is S.NOT_SENT

    stage(scene, gateway_around=lambda gateway: _by_demo_address(gateway, None))
    assert stage.requests() == 0


def _by_demo_address(gateway: PaymentGateway, transport: httpx2.AsyncBaseTransport | None) -> PaymentGateway:
    """Let acts go out to the hosted address, over TLS; reads stay as they are."""
    address = http.ConnectorAddress(Environment.DEMO, "https://api.mews-demo.com")
    calls = gateway._calls  # type: ignore[attr-defined]  # the real one, whose door is exchanged
    calls._money = http.money_door(address, transport=transport)
    return gateway


@asynccontextmanager
async def _inspecting(folder: Path) -> AsyncIterator[tuple[str, list[bytes]]]:
    """A server that speaks TLS under the hosted name, with a certificate that nobody here trusts."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    heard: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.read())
        writer.close()

    socket_path = str(folder / "portal")
    server = await asyncio.start_unix_server(serve, socket_path, ssl=context)
    try:
        yield socket_path, heard
    finally:
        server.close()


@pytest.mark.parametrize("who", ["captive portal", "TLS interception without its root"])
def test_captive_portal_or_tls_interception_with_an_unknown_certificate_is_not_sent(
    stage: Stage, tmp_path: Path, who: str
) -> None:
    async def scene(desk: BareDesk, _line: ScriptedLine) -> None:
        async with _inspecting(tmp_path) as (path, heard):
            _by_demo_address(desk.front.gateway, httpx2.AsyncHTTPTransport(uds=path))
            record = await desk.reaches(await desk.act(IntentKind.CHARGE), final)
            assert record.state is S.NOT_SENT, who
            assert b"".join(heard) == b""

    stage(scene)
    assert stage.requests() == 0


def test_tls_interception_with_its_root_goes_on_and_its_issuer_is_named(stage: Stage) -> None:
    async def scene(desk: BareDesk, _line: ScriptedLine) -> None:
        with inspecting_proxy(upstream=stage.hotel.connector) as proxy:
            inspected = _through(proxy)
            _by_demo_address(desk.front.gateway, inspected)
            record = await desk.reaches(await desk.act(IntentKind.CHARGE), final)
            assert record.state is S.CONFIRMED
            [read] = proxy.read
            assert record.intent.reference.encode() in read
            by = await asyncio.to_thread(inspected_by, HOST, dial=proxy.dial, trust=trusting())
            assert by == ISSUER

    stage(scene)
    assert (stage.done(), stage.requests()) == (1, 1)


def _through(proxy: Proxy) -> httpx2.AsyncBaseTransport:
    """Reach the hosted name by way of `proxy`, on a system that trusts its root."""

    class Diverted(httpx2.AsyncHTTPTransport):
        @override
        async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
            request.extensions["sni_hostname"] = HOST
            request.url = request.url.copy_with(host="127.0.0.1", port=proxy.port)
            return await super().handle_async_request(request)

    return Diverted(verify=trusting())


def test_captive_portal_page_that_says_200_is_unknown(stage: Stage) -> None:
    async def scene(desk: BareDesk, line: ScriptedLine) -> None:
        async def portal(exchange: Exchange) -> None:
            await exchange.say(b"<html><h1>Welcome to our wireless</h1></html>", media="text/html")

        line.play(CHARGE, portal)
        line.play("payments/getAll", *[Exchange.passed, portal, portal, portal, portal])
        record = await desk.reaches(await desk.act(IntentKind.CHARGE), looked_for(2))
        assert record.events[2].state is S.UNKNOWN
        # A page is no list without payments: that look failed, the one behind the portal found nothing.
        evidence = [event.evidence for event in record.events[3:]]
        assert evidence[0] is E.COULD_NOT_LOOK

    stage(scene)
    assert stage.done() == 0


BODIES = {
    "not JSON": b"{",
    "a list": b"[]",
    "null": b"null",
    "without the id": b"{}",
    "an id of the wrong type": b'{"PaymentId": 7}',
    "an id of null": b'{"PaymentId": null}',
    "an empty id": b'{"PaymentId": ""}',
    "cut off": b'{"PaymentId": "851df8c8',
    "no text": b"\xff\xfe\x00",
    "nothing": b"",
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_malformed_json_or_wrong_types_are_unknown_and_then_found(stage: Stage, body: bytes) -> None:
    async def scene(desk: BareDesk, line: ScriptedLine) -> None:
        async def garble(exchange: Exchange) -> None:
            await exchange.carried_out()
            await exchange.say(body)

        line.play(CHARGE, garble)
        record = await desk.reaches(await desk.act(IntentKind.CHARGE), final)
        assert (record.events[2].state, record.state) == (S.UNKNOWN, S.CONFIRMED)

    stage(scene)
    assert (stage.done(), stage.requests()) == (1, 1)


def test_slow_drip_ends_at_the_hard_deadline_and_is_unknown(stage: Stage) -> None:
    stage.hotel.fault(CHARGE, "drip", seconds=0.05)
    record = stage.charge(final, money_deadline_s=0.3)
    assert (record.events[2].state, record.state) == (S.UNKNOWN, S.CONFIRMED)
    assert (stage.done(), stage.requests()) == (1, 1)


def test_huge_answer_to_a_charge_stops_at_the_cap_and_is_unknown(stage: Stage) -> None:
    async def scene(desk: BareDesk, line: ScriptedLine) -> None:
        async def flood(exchange: Exchange) -> None:
            await exchange.carried_out()
            await exchange.flood(1024**3)

        line.play(CHARGE, flood)
        record = await desk.reaches(await desk.act(IntentKind.CHARGE), final)
        assert (record.events[2].state, record.state) == (S.UNKNOWN, S.CONFIRMED)

    stage(scene)
    assert (stage.done(), stage.requests()) == (1, 1)
