"""The training hotel as a child process, and the door through which a test looks into it and breaks it.

The process is started once for the whole run and reset before each test. It is the same program that `deskpay demo`
starts; a test talks to it over its control API only.
"""

import asyncio
import http.client
import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

ROOT = Path(__file__).resolve().parents[2]

START_TIMEOUT_S = 30
_CONTROL_TIMEOUT_S = 20


@dataclass(frozen=True, slots=True)
class Hotel:
    """A running sandbox.

    The methods block for a few milliseconds; inside a coroutine use their `a`-twins, for the sandbox answers while the
    loop under test goes on.

    Attributes:
        connector: Base URL of the Connector API.
        fields: Base URL of the Secure Fields host.
        paymongo: Base URL of the PayMongo stand-in.
        control: Base URL of the server with the control API.
        websocket: URL of the event socket.
        client_token: Client token of the training property.
        access_token: Access token of the training property.
        paymongo_secret_key: Secret key of the training merchant.
        paymongo_public_key: Public key of the training merchant.
        pid: Its process id.
    """

    connector: str
    fields: str
    paymongo: str
    control: str
    websocket: str
    client_token: str
    access_token: str
    paymongo_secret_key: str
    paymongo_public_key: str
    pid: int

    def ask(self, method: str, name: str, body: object = None) -> Any:
        """Call the control API at `/_sandbox/<name>` and return the decoded answer, None when it is empty.

        Raises:
            AssertionError: The sandbox answered with anything but 2xx.
        """
        text = _asked(self.control, method, f"/_sandbox/{name}", body)
        return json.loads(text) if text else None

    def ledger(self) -> dict[str, Any]:
        """What happened through the API since the last reset; the shape is in the sandbox's control module."""
        ledger: dict[str, Any] = self.ask("GET", "ledger")
        return ledger

    def fault(  # one keyword per field of the control API's body
        self,
        operation: str,
        fault: str,
        *,
        times: int | None = 1,
        seconds: float | None = None,
        status: int | None = None,
        retry_after: float | None = None,
    ) -> None:
        """Break the next `times` calls (None: all) of `operation`, such as `creditCards/charge`, by `fault`.

        Args:
            operation: Resource and action as in the API's path.
            fault: `drop_before`, `drop_after`, `delay`, `drip`, `status_before`, `status_after`, `garbage`,
                `garbage_after`, `html` or `too_many`.
            times: How many calls; None for every call until the faults are cleared.
            seconds: Length of a delay, or the pause between two dripped bytes.
            status: The status to answer with.
            retry_after: Seconds to name in `Retry-After`; None leaves the header out.
        """
        optional = {"seconds": seconds, "status": status, "retry_after": retry_after}
        given = {name: value for name, value in optional.items() if value is not None}
        self.ask("POST", "faults", {"operation": operation, "fault": fault, "times": times, **given})

    def clear_faults(self) -> None:
        """Take back every fault."""
        self.ask("DELETE", "faults")

    def set_clock(self, now: datetime) -> datetime:
        """Set the hotel's clock to `now`, which must carry its time zone, and return what it shows."""
        return self._clock({"now": now.isoformat()})

    def advance_clock(self, seconds: float) -> datetime:
        """Move the hotel's clock on and return what it shows."""
        return self._clock({"advance_s": seconds})

    def _clock(self, body: dict[str, object]) -> datetime:
        return datetime.fromisoformat(self.ask("POST", "clock", body)["now"])

    def switch_off(self, credit_card_id: str) -> None:
        """Switch a card off, as a colleague does in Mews."""
        self.done("creditCards/disable", {"CreditCardId": credit_card_id})

    def done(self, operation: str, fields: Mapping[str, object]) -> bytes:
        """Have an operation of the Connector API done for a colleague, and return its answer."""
        tokens = {"ClientToken": self.client_token, "AccessToken": self.access_token, "Client": "Colleague"}
        return _asked(self.connector, "POST", f"/api/connector/v1/{operation}", {**tokens, **fields})

    def serve_fields(self, *, script_available: bool) -> None:
        """Say whether the script of Secure Fields is served or answers 503."""
        self.ask("POST", "fields", {"script_available": script_available})

    def reset(self) -> None:
        """Back to the seeded state: no faults, the first day's bills, an empty ledger."""
        self.ask("POST", "reset")

    async def aledger(self) -> dict[str, Any]:
        """`ledger` for use inside a coroutine."""
        return await asyncio.to_thread(self.ledger)

    async def aask(self, method: str, name: str, body: object = None) -> Any:
        """`ask` for use inside a coroutine."""
        return await asyncio.to_thread(self.ask, method, name, body)


def _asked(base: str, method: str, path: str, body: object) -> bytes:
    connection = http.client.HTTPConnection(urlsplit(base).netloc, timeout=_CONTROL_TIMEOUT_S)
    try:
        payload = None if body is None else json.dumps(body)
        headers = {} if payload is None else {"Content-Type": "application/json"}
        connection.request(method, path, payload, headers)
        answer = connection.getresponse()
        told = answer.read()
        assert answer.status // 100 == 2, f"{method} {path}: {answer.status} {told.decode()}"
        return told
    finally:
        connection.close()


@contextmanager
def running_sandbox(ready_file: Path, *arguments: str, module: str = "deskpay.sandbox") -> Iterator[Hotel]:
    """Start `python -m` the training hotel, or a `module` like it, yield it when it listens, and end it with its input.

    Raises:
        AssertionError: It ended before it listened; the message carries what it wrote.
    """
    command = [sys.executable, "-m", module, "--port", "0", "--ready-file", str(ready_file)]
    log = ready_file.with_suffix(".log")
    with log.open("wb") as errors:
        process = subprocess.Popen(
            [*command, "--die-with-stdin", *arguments],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
        )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        # One line when it listens, end of file when it died: no waiting in a circle, and no guess about its speed.
        line = process.stdout.readline()
        assert line, f"the sandbox did not start:\n{log.read_text(errors='replace')}"
        said = json.loads(line)
        yield Hotel(**{name: said[name] for name in Hotel.__dataclass_fields__})
    finally:
        process.stdin.close()
        try:
            process.wait(START_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()


@pytest.fixture(scope="session")
def sandbox_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hotel]:
    """One sandbox for the whole run. Tests take `sandbox`, which resets it."""
    with running_sandbox(tmp_path_factory.mktemp("sandbox") / "ready.json") as hotel:
        yield hotel


@pytest.fixture
def sandbox(sandbox_process: Hotel) -> Hotel:
    """The running sandbox, freshly reset."""
    sandbox_process.reset()
    return sandbox_process
