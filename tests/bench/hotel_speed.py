"""How soon the training hotel answers after its process was started, and how long it takes for a simple request.

One connection asks one question after the other, so that asking and answering share one core between them.
"""

import http.client
import json
import statistics
import tempfile
import time
from contextlib import AbstractContextManager
from pathlib import Path
from urllib.parse import urlsplit

from tests.kit.hotel import Hotel, running_sandbox

ROUNDS = 5
REQUESTS = 3000
SIMPLE: tuple[str, dict[str, object]] = ("configuration/get", {})


class Asking:
    """One kept connection to a running hotel.

    Args:
        hotel: Which.
    """

    def __init__(self, hotel: Hotel) -> None:
        self._tokens = {"ClientToken": hotel.client_token, "AccessToken": hotel.access_token, "Client": "Bench 1.0.0"}
        self._connection = http.client.HTTPConnection(urlsplit(hotel.connector).netloc, timeout=30)

    def ask(self, operation: str, body: dict[str, object]) -> bytes:
        """Ask, and return the answer.

        Raises:
            AssertionError: it is not a yes.
        """
        asked = json.dumps(self._tokens | body)
        headers = {"Content-Type": "application/json"}
        self._connection.request("POST", f"/api/connector/v1/{operation}", asked, headers)
        answer = self._connection.getresponse()
        text = answer.read()
        assert answer.status == 200, text
        return text

    def close(self) -> None:
        """Let the connection go."""
        self._connection.close()


def ready_ms(size: str) -> float:
    """Return the middle time from the start of a hotel's process to its first answer."""
    return statistics.median(_ready_ms(size) for _ in range(ROUNDS))


def _ready_ms(size: str) -> float:
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        with running_sandbox(Path(folder) / "ready.json", "--size", size) as hotel:
            asking = Asking(hotel)
            asking.ask(*SIMPLE)
            took_s = time.perf_counter() - began
            asking.close()
    return took_s * 1e3


def request_ms() -> float:
    """Return how long a simple request takes, over some thousand of them."""
    with tempfile.TemporaryDirectory() as folder, _tireless(Path(folder)) as hotel:
        asking = Asking(hotel)
        for _ in range(REQUESTS // 10):
            asking.ask(*SIMPLE)
        began = time.perf_counter()
        for _ in range(REQUESTS):
            asking.ask(*SIMPLE)
        took_s = time.perf_counter() - began
        asking.close()
    return took_s / REQUESTS * 1e3


def _tireless(folder: Path) -> AbstractContextManager[Hotel]:
    return running_sandbox(folder / "ready.json", "--rate-limit", "0")
