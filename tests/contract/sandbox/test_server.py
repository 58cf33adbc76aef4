"""The running process: real sockets, faults that break connections, the control API, and a clean end."""

import http.client
import io
import json
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from deskpay.sandbox.access import ACCESS_TOKEN
from deskpay.sandbox.asgi import PREFIX
from deskpay.sandbox.faults import Faults, from_json, from_spec
from deskpay.sandbox.operations import OPERATIONS
from deskpay.sandbox.serve import main
from tests.contract.sandbox.door import TOKENS, Door
from tests.contract.sandbox.running import TIMEOUT_S, Running

ROOT = Path(__file__).resolve().parents[3]


def charges(running: Running) -> tuple[int, int]:
    """How often the gateway took money, and how many requests got as far as asking for it."""
    ledger = running.ledger()
    return len(ledger["charges"]), ledger["attempts"].get("DP-7K4M-2Q9C", 0)


@pytest.mark.parametrize(("fault", "executed"), [("drop_before", 0), ("drop_after", 1)])
def test_a_dropped_connection_gives_no_answer(running: Running, fault: str, executed: int) -> None:
    running.fault(fault)
    with pytest.raises((http.client.RemoteDisconnected, ConnectionResetError)):
        running.charge()
    assert charges(running) == (executed, executed)
    assert running.charge()[0] == 200  # once only


@pytest.mark.parametrize(("fault", "executed"), [("status_before", 0), ("status_after", 1)])
def test_an_injected_status_carries_an_error_body(running: Running, fault: str, executed: int) -> None:
    running.fault(fault, status=503)
    status, headers, body = running.charge()
    assert (status, json.loads(body)["Message"]) == (503, "Injected fault")
    assert json.loads(body)["RequestId"] == headers["request-id"]
    assert charges(running) == (executed, executed)


@pytest.mark.parametrize(("fault", "executed"), [("garbage", 0), ("garbage_after", 1)])
def test_garbage_is_no_json_although_the_status_says_success(running: Running, fault: str, executed: int) -> None:
    running.fault(fault)
    status, _, body = running.charge()
    assert status == 200
    with pytest.raises(ValueError, match=r"."):
        json.loads(body)
    assert charges(running) == (executed, executed)


def test_a_page_of_html_answers_instead_of_the_api(running: Running) -> None:
    running.fault("html")
    status, headers, body = running.charge()
    assert (status, headers["content-type"]) == (502, "text/html; charset=utf-8")
    assert body.startswith(b"<!doctype html>")
    assert charges(running) == (0, 0)


@pytest.mark.parametrize(("given", "header"), [(7, "7"), (0.5, "0.5"), (None, None)])
def test_too_many_requests_names_a_wait_only_if_told(running: Running, given: float | None, header: str | None) -> None:
    running.fault("too_many", retry_after=given)
    status, headers, _ = running.charge()
    assert (status, headers.get("retry-after")) == (429, header)
    assert charges(running) == (0, 0)


def test_a_delayed_request_is_executed_although_its_client_has_gone(running: Running) -> None:
    running.fault("delay", seconds=0.3)
    with pytest.raises(TimeoutError):
        running.charge(timeout_s=0.05)
    assert charges(running) == (0, 0)
    running.fault("delay", seconds=0.4)  # ends after the first delay has ended
    assert running.charge()[0] == 200
    assert charges(running) == (2, 2)


def test_a_request_delayed_across_a_reset_is_never_executed(running: Running) -> None:
    running.fault("delay", seconds=0.3)
    with pytest.raises(TimeoutError):
        running.charge(timeout_s=0.05)
    assert running.request("POST", "/_sandbox/reset")[0] == 200
    running.fault("delay", seconds=0.4)  # ends after the first delay has ended
    assert running.charge()[0] == 200
    assert charges(running) == (1, 1)


def test_a_dripping_answer_is_whole_in_the_end(running: Running) -> None:
    running.fault("drip", seconds=0.001)
    status, headers, body = running.charge()
    assert status == 200
    assert len(body) == int(headers["content-length"])
    assert json.loads(body)["PaymentId"] == running.ledger()["charges"][0]["payment_id"]


def test_a_dripping_answer_outlasts_an_impatient_client(running: Running) -> None:
    running.fault("drip", seconds=0.5)
    with pytest.raises(TimeoutError):
        running.charge(timeout_s=0.05)
    assert charges(running) == (1, 1)


def test_a_client_that_leaves_while_sending_changes_nothing(running: Running) -> None:
    host, port = running.listeners.api_address.split(":")
    with socket.create_connection((host, int(port)), TIMEOUT_S) as client:
        head = f"POST {PREFIX}creditCards/charge HTTP/1.1\r\nHost: {host}\r\nContent-Length: 500\r\n\r\n"
        client.sendall(head.encode() + b'{"ClientToken"')
    assert running.request("GET", "/_sandbox/ledger")[0] == 200
    assert charges(running) == (0, 0)


def test_faults_are_lifted_and_last_until_then(running: Running) -> None:
    running.fault("status_before", times=None, operation="*")
    assert [running.charge()[0] for _ in range(3)] == [500] * 3
    assert running.request("DELETE", "/_sandbox/faults")[0] == 200
    assert running.charge()[0] == 200


def test_the_first_matching_fault_is_used_and_counted_off() -> None:
    faults = Faults()
    for fault in from_spec("creditCards/charge=drop_after*2; payments/getAll=status_before:502;*=html", OPERATIONS):
        faults.add(fault)
    taken = [faults.take("creditCards/charge") for _ in range(3)]
    assert [fault.fault for fault in taken if fault] == ["drop_after", "drop_after", "html"]
    failing = faults.take("payments/getAll")
    assert failing
    assert (failing.fault, failing.status, failing.times) == ("status_before", 502, None)
    faults.clear()
    assert faults.take("payments/getAll") is None


def test_a_spec_carries_the_setting_that_its_fault_needs() -> None:
    spec = "payments/refund=delay:1.5;payments/refund=drip:0.1*3;payments/refund=too_many:9;;"
    delay, drip, too_many = from_spec(spec, OPERATIONS)
    assert (delay.seconds, drip.seconds, drip.times, too_many.retry_after) == (1.5, 0.1, 3, 9)


@pytest.mark.parametrize("spec", ["creditCards/charge", "x=html", "payments/refund=burn", "payments/refund=html*x"])
def test_a_spec_that_is_none_is_refused(spec: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        from_spec(spec, OPERATIONS)


@pytest.mark.parametrize(
    "change",
    [
        {"operation": "creditCards/burn"},
        {"operation": None},
        {"fault": "burn"},
        {"times": 0},
        {"times": 1.5},
        {"times": True},
        {"times": "1"},
        {"seconds": -1},
        {"seconds": "soon"},
        {"retry_after": -1},
        {"retry_after": []},
        {"status": 200},
        {"status": "500"},
        {"often": 1},
    ],
)
def test_a_fault_that_is_none_is_refused(running: Running, change: dict[str, Any]) -> None:
    body = {"operation": "creditCards/charge", "fault": "html"} | change
    with pytest.raises(ValueError, match=r"."):
        from_json(body, OPERATIONS)
    assert running.request("POST", "/_sandbox/faults", body)[0] == 400
    assert running.charge()[0] == 200


def test_the_clock_is_set_and_advanced(running: Running) -> None:
    status, _, body = running.request("POST", "/_sandbox/clock", {"now": "2027-01-31T23:30:00+01:00"})
    assert (status, json.loads(body)) == (200, {"now": "2027-01-31T22:30:00Z"})
    _, _, body = running.request("POST", "/_sandbox/clock", {"advance_s": 90.5})
    assert json.loads(body) == {"now": "2027-01-31T22:31:30Z"}
    _, headers, body = running.request("POST", PREFIX + "configuration/get", TOKENS)
    assert json.loads(body)["NowUtc"] == "2027-01-31T22:31:30Z"
    assert headers["date"] == "Sun, 31 Jan 2027 22:31:30 GMT"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("clock", {}),
        ("clock", {"now": "2027-01-31T23:30:00"}),
        ("clock", {"now": "soon"}),
        ("clock", {"now": "2027-01-31T23:30:00Z", "advance_s": 1}),
        ("clock", {"advance_s": "1"}),
        ("clock", {"advance_s": None}),
        ("clock", {"advance_s": True}),
        ("clock", {"advance_s": 1e300}),
        ("clock", {"advance_s": 1e10}),
        ("clock", []),
        ("faults", []),
        ("fields", []),
        ("fields", {}),
        ("fields", {"script_available": 1}),
        ("evil", []),
        ("evil", {}),
        ("evil", {"attack": "unheard of"}),
        ("evil", {"attack": ["popup"]}),
    ],
)
def test_control_calls_that_make_no_sense_are_refused(running: Running, path: str, body: object) -> None:
    status, _, text = running.request("POST", f"/_sandbox/{path}", body)
    assert status == 400
    assert json.loads(text)["Message"]
    assert running.request("POST", PREFIX + "configuration/get", TOKENS)[0] == 200


def test_the_control_api_grants_and_withholds_operations(running: Running) -> None:
    asked = {"access_token": ACCESS_TOKEN, "operation": "creditCards/charge", "granted": False}
    assert running.request("POST", "/_sandbox/permissions", asked)[0] == 200
    assert running.charge()[0] == 401
    running.request("POST", "/_sandbox/permissions", asked | {"granted": True})
    assert running.charge()[0] == 200


@pytest.mark.parametrize("wrong", [{"access_token": "x"}, {"operation": "x"}, {"operation": []}, {"granted": 1}])
def test_a_grant_that_says_nothing_is_refused(running: Running, wrong: dict[str, Any]) -> None:
    asked = {"access_token": ACCESS_TOKEN, "operation": "creditCards/charge", "granted": False}
    assert running.request("POST", "/_sandbox/permissions", asked | wrong)[0] == 400


def test_a_reset_returns_to_the_first_day(running: Running) -> None:
    assert running.charge()[0] == 200
    running.fault("html", times=None)
    running.request("POST", "/_sandbox/fields", {"script_available": False})
    running.request("POST", "/_sandbox/clock", {"advance_s": 1_000_000})
    seeded = running.world.hotel.enterprise_id
    assert running.request("POST", "/_sandbox/reset")[0] == 200
    ledger = running.ledger()
    assert ledger == {
        "charges": [],
        "declined": [],
        "records": [],
        "refunds": [],
        "cards": [],
        "alternatives": [],
        "elsewhere": [],
        "requests": {},
        "attempts": {},
    }
    assert running.world.hotel.enterprise_id == seeded
    assert json.loads(running.request("POST", PREFIX + "configuration/get", TOKENS)[2])["NowUtc"].startswith("2026-11")
    assert len(Door(running.world).payments("Pepperwick")) == 4
    assert running.charge()[0] == 200


def test_the_fields_live_on_another_host_and_neither_serves_the_other(running: Running) -> None:
    script = "/upp/payment/js/secure-fields-2.0.0.js"
    fields = running.listeners.fields_origin.removeprefix("http://")
    assert fields.startswith("localhost:")
    assert running.listeners.api_origin.startswith("http://127.0.0.1:")
    assert running.request("GET", script, address=fields)[0] == 200
    assert running.request("GET", script)[0] == 404
    assert running.request("GET", "/_sandbox/ledger", address=fields)[0] == 404
    assert running.request("POST", PREFIX + "configuration/get", TOKENS, address=fields)[0] == 404
    running.request("POST", "/_sandbox/fields", {"script_available": False})
    assert running.request("GET", script, address=fields)[0] == 503


def test_the_vault_turns_evil_on_demand_alone(running: Running) -> None:
    script, file = "/upp/payment/js/secure-fields-2.0.0.js", "/upp/payment/evil.sh"
    fields = running.listeners.fields_origin.removeprefix("http://")
    honest = running.request("GET", script, address=fields)[2]
    assert running.request("GET", file, address=fields)[0] == 404
    assert running.request("POST", "/_sandbox/evil", {"attack": "popup"})[0] == 200
    evil = running.request("GET", script, address=fields)[2]
    assert evil != honest
    assert f'"vault": "{running.listeners.fields_origin}"'.encode() in evil
    frame = "/upp/payment/SecureFields/paymentField"
    assert running.request("GET", frame, address=fields)[0] == 200
    assert running.request("GET", file, address=fields)[0] == 200
    assert running.request("POST", "/_sandbox/evil/trap/popup/page/open", {})[0] == 200
    told = json.loads(running.request("GET", "/_sandbox/evil")[2])
    assert told == {"attack": "popup", "caught": ["POST popup/page/open"]}
    assert running.request("POST", "/_sandbox/reset")[0] == 200
    assert running.request("GET", script, address=fields)[2] == honest
    assert json.loads(running.request("GET", "/_sandbox/evil")[2]) == {"attack": "", "caught": []}


def test_what_is_not_built_yet_answers_not_found_in_json(running: Running) -> None:
    address = str(running.listeners.as_json()["websocket"]).replace("ws://", "http://")
    status, _, body = running.request("GET", address.removeprefix(running.listeners.api_origin) + "/v1")
    assert (status, json.loads(body)["Message"]) == (404, "Not found")


def start(*arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "deskpay.sandbox", *arguments],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def test_the_process_says_where_it_listens_and_ends_with_its_input(tmp_path: Path) -> None:
    ready = tmp_path / "ready.json"
    with start("--ready-file", str(ready), "--die-with-stdin", "--faults", "configuration/get=html*1") as process:
        assert process.stdout
        assert process.stdin
        line = process.stdout.readline()
        said = json.loads(line)
        assert ready.read_bytes() == line
        assert list(tmp_path.iterdir()) == [ready]
        assert said["pid"] == process.pid
        assert said["client_token"] != said["access_token"]
        address = said["connector"].removeprefix("http://")
        for status in (502, 200):
            connection = http.client.HTTPConnection(address, timeout=TIMEOUT_S)
            connection.request(
                "POST", PREFIX + "configuration/get", json.dumps(TOKENS), {"Content-Type": "application/json"}
            )
            assert connection.getresponse().status == status
            connection.close()
        process.stdin.close()
        assert process.wait(TIMEOUT_S) == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_process_ends_cleanly_on_a_signal(number: signal.Signals) -> None:
    with start() as process:
        assert process.stdout
        assert process.stderr
        assert process.stdout.readline()
        process.send_signal(number)
        assert process.wait(TIMEOUT_S) == 0
        assert process.stderr.read() == b""


@pytest.fixture
def ended_input(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[bytes], None]]:
    """Standard input that is about to end, and the signal handlers as they were."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def give(text: bytes) -> None:
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(text)))

    yield give
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.0.0.2"])
def test_the_command_serves_loopback_addresses(
    host: str, capsys: pytest.CaptureFixture[str], ended_input: Callable[[bytes], None]
) -> None:
    ended_input(b"read and ignored")
    assert main(["--host", host, "--seed", "4", "--size", "large", "--die-with-stdin"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["connector"].startswith("http://127.0.0.")
    assert set(said) == {
        "connector",
        "fields",
        "paymongo",
        "paymongo_secret_key",
        "paymongo_public_key",
        "control",
        "trainer",
        "websocket",
        "client_token",
        "access_token",
        "limited_access_token",
        "net_access_token",
        "portfolio_access_token",
        "pid",
    }


@pytest.mark.parametrize(
    "arguments",
    [
        ["--host", "0.0.0.0"],  # noqa: S104 - to see it refused
        ["--host", "192.0.2.1"],
        ["--host", "hotel.example"],
        ["--faults", "configuration/get"],
        ["--size", "huge"],
    ],
)
def test_arguments_that_make_no_sense_are_refused(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert capsys.readouterr().err


def test_a_port_that_is_taken_is_said_so(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        assert main(["--port", str(taken.getsockname()[1])]) == 1
    assert "cannot listen on 127.0.0.1" in capsys.readouterr().err


def test_amounts_in_the_ledger_have_the_decimals_of_their_currency(running: Running) -> None:
    assert running.charge()[0] == 200
    entry = running.ledger()["charges"][0]
    assert (entry["amount"], entry["currency"]) == ("10.00", "GBP")
    assert Decimal(entry["amount"]) == 10
