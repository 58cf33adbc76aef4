"""`python -m tests.bench.large`: the whole app at the large training hotel, counted and timed.

The hotel runs in a process of its own. It counts the requests itself. To time a guest's page, every answer is held up
for as long as a far server takes, so that what is measured is whether the page waits for its slowest request or for
several of them in turn.
"""

import asyncio
import json
import logging
import statistics
import sys
import tempfile
import time
from pathlib import Path

from typing_extensions import override

from deskpay.app.clerk import Clerk
from deskpay.app.connection import Connection
from deskpay.app.desk import Program, wear
from deskpay.app.loop import make_application, run
from deskpay.services.training_staff import CLERK
from deskpay.settings import Settings
from tests.bench.heartbeat import Heartbeat, percentile
from tests.kit.hotel import Hotel, running_sandbox

FAR_S = 0.15
"""Until a far server answers."""

GUESTS = 15
_SETTLED_S = 3.0


class _Answers(logging.Handler):
    """How long each request took, as the client's own log tells."""

    def __init__(self) -> None:
        super().__init__()
        self.took_ms: list[int] = []

    @override
    def emit(self, record: logging.LogRecord) -> None:
        self.took_ms.append(int(record.getMessage().rpartition("elapsed_ms=")[2]))


async def measure(program: Program, hotel: Hotel) -> dict[str, float]:
    """Open the app, count, then open guests, count and time."""
    connection = Connection(hotel.connector, hotel.fields, hotel.client_token, hotel.access_token, lasting=True)
    program.window.show()
    guests, panel = program.window.desk.guests, program.window.desk.panel
    async with Heartbeat() as heart:
        began_s = time.perf_counter()
        await program.connect(connection)
        await Clerk(program.window).until("the lists of guests", lambda: guests.state == "guests")
        opened_s = time.perf_counter() - began_s
        await asyncio.sleep(_SETTLED_S)
    opening = _requests(await hotel.aledger())
    await asyncio.to_thread(hotel.fault, "*", "delay", times=None, seconds=FAR_S)
    answers = _Answers()
    logging.getLogger("deskpay.calls").addHandler(answers)
    read = asyncio.Event()
    panel.announced.connect(lambda _words: read.set())  # said once the page is wholly read
    ratios, counts = list[float](), list[int]()
    keys = [line.key for row in range(guests.model.rowCount()) if hasattr(line := guests.model.line(row), "key")]
    for key in keys[:: max(1, len(keys) // GUESTS)][:GUESTS]:
        answers.took_ms.clear()
        began_s = time.perf_counter()
        read.clear()
        program.window.desk.guest_chosen.emit(key)
        await read.wait()
        ratios.append((time.perf_counter() - began_s) * 1e3 / max(answers.took_ms))
        counts.append(len(answers.took_ms))
    return {
        "opening_requests": float(opening),
        "opening_s": opened_s,
        "held_ms": 1e3 * percentile(heart.worked_s),
        "held_wall_ms": 1e3 * percentile(heart.held_s),
        "guest_requests": float(max(counts)),
        "panel_ratio": statistics.median(ratios),
    }


def _requests(ledger: dict[str, dict[str, int]]) -> int:
    return sum(ledger["requests"].values())


def main() -> int:
    """Measure and print one line of JSON."""
    application = make_application()
    figures: dict[str, float] = {}
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        settings = Settings(appearance="light", data_folder=Path(folder), request_budget=200)
        wear(application, settings.appearance)
        with running_sandbox(Path(folder) / "ready.json", "--size", "large", "--rate-limit", "0") as hotel:

            async def work() -> int:
                program = Program(settings, CLERK)
                figures.update(await measure(program, hotel))
                await program.aclose()
                return 0

            logging.getLogger("deskpay.calls").setLevel(logging.INFO)
            code = run(application, work)
    sys.stdout.write(json.dumps(figures) + "\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
