"""The sandbox on real sockets, in a thread of the test."""

import http.client
import json
import threading
from typing import Any

from deskpay.sandbox.asgi import PREFIX
from deskpay.sandbox.serve import Listeners, Server
from deskpay.sandbox.world import World
from tests.contract.sandbox.door import TOKENS, Door, new_world

TIMEOUT_S = 10.0


class Running:
    """A sandbox on sockets of its own, in a thread."""

    def __init__(self) -> None:
        self.world: World = new_world()
        self.listeners = Listeners("127.0.0.1", 0)
        listening = threading.Event()
        self._server = Server(self.world, self.listeners, listening.set)
        self._thread = threading.Thread(target=self._server.run_until_stopped)
        self._thread.start()
        assert listening.wait(TIMEOUT_S)

    def stop(self) -> None:
        self._server.stop()
        self._thread.join(TIMEOUT_S)
        assert not self._thread.is_alive()

    def request(
        self, method: str, path: str, body: object = None, *, address: str | None = None, timeout_s: float = TIMEOUT_S
    ) -> tuple[int, dict[str, str], bytes]:
        connection = http.client.HTTPConnection(address or self.listeners.api_address, timeout=timeout_s)
        try:
            payload = None if body is None else json.dumps(body)
            connection.request(method, path, payload, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
        finally:
            connection.close()

    def charge(self, *, timeout_s: float = TIMEOUT_S) -> tuple[int, dict[str, str], bytes]:
        card = Door(self.world).card("Pepperwick", "1111")["Id"]
        amount = {"Currency": "GBP", "GrossValue": 10, "TaxCodes": []}
        body = TOKENS | {"CreditCardId": card, "Amount": amount, "Notes": "DP-7K4M-2Q9C"}
        return self.request("POST", PREFIX + "creditCards/charge", body, timeout_s=timeout_s)

    def fault(self, fault: str, **settings: Any) -> None:
        body = {"operation": "creditCards/charge", "fault": fault, "times": 1} | settings
        assert self.request("POST", "/_sandbox/faults", body)[0] == 200

    def ledger(self) -> dict[str, Any]:
        ledger: dict[str, Any] = json.loads(self.request("GET", "/_sandbox/ledger")[2])
        return ledger
