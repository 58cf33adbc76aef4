"""`python -m tests.bench.audit`: the night audit at the large training hotel, in the real window.

The hotel runs in a process of its own, so what it needs to answer is no time of DeskPay's: it is taken out of a day's
reading, as the client's own log tells it. Times of the loop are processor time of its thread, as in the other benches.
"""

import asyncio
import gc
import json
import logging
import os
import statistics
import sys
import tempfile
import time
from datetime import timedelta
from functools import partial
from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt
from typing_extensions import override

from deskpay.app.clerk import Clerk
from deskpay.app.connection import Connection
from deskpay.app.desk import Program, wear
from deskpay.app.loop import make_application, run
from deskpay.domain.business_day import Span
from deskpay.gateways.mews.wire import payments
from deskpay.services.training_staff import STAFF
from deskpay.settings import Settings
from deskpay.ui.audit.audit_flow import AuditFlow
from tests.bench.heartbeat import Heartbeat, percentile
from tests.kit.hotel import Hotel, running_sandbox
from tests.kit.mews import CURRENCIES

QUARTER = timedelta(days=92)
ROUNDS = 30
_STATM_RSS = 1
_LONG_S = 600.0
_SCROLLS = 400
_TYPED = ("smith", "dp-", "visa", "zzz", "1")


class _UnderWay(logging.Handler):
    """When requests were under way, as the client's own log tells once each is answered."""

    def __init__(self) -> None:
        super().__init__()
        self.spans: list[tuple[float, float]] = []

    @override
    def emit(self, record: logging.LogRecord) -> None:
        ended_s = time.perf_counter()
        self.spans.append((ended_s - int(record.getMessage().rpartition("elapsed_ms=")[2]) / 1e3, ended_s))

    def seconds(self, since_s: float, until_s: float) -> float:
        """Return for how long within these moments at least one was."""
        total, covered_s = 0.0, since_s
        for began_s, ended_s in sorted(self.spans):
            first_s, last_s = max(began_s, covered_s), min(ended_s, until_s)
            if last_s > first_s:
                total, covered_s = total + last_s - first_s, last_s
        return total


def _resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[_STATM_RSS])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


async def _day(audit: AuditFlow, log: _UnderWay, span: Span) -> dict[str, float]:
    """Read two days of a thousand payments each as one."""
    rows = audit._view.day_sheet.rows
    first: list[float] = []
    rows.rowsInserted.connect(lambda *_: first.append(time.perf_counter()))
    began_s = time.perf_counter()
    await audit._read_payments(span)
    ended_s = time.perf_counter()
    return {
        "day_rows": float(rows.rowCount()),
        "day_s": ended_s - began_s - log.seconds(began_s, ended_s),
        "day_wall_s": ended_s - began_s,
        "first_s": first[0] - began_s - log.seconds(began_s, first[0]),
        "first_wall_s": first[0] - began_s,
    }


async def _quarter(audit: AuditFlow, span: Span) -> dict[str, float]:
    """Read a quarter, and scroll and filter in it."""
    gc.collect()
    idle_mb = _resident_mb()
    began_s = time.perf_counter()
    async with Heartbeat() as heart:
        await audit._read_payments(span)
    took_s = time.perf_counter() - began_s
    figures = {
        "quarter_rows": float(len(audit.entries)),
        "quarter_s": took_s,
        "quarter_held_ms": 1e3 * percentile(heart.worked_s),
        "quarter_longest_ms": 1e3 * max(heart.worked_s),
        "quarter_mb": _resident_mb() - idle_mb,
    }
    figures["scroll_ms"] = 1e3 * percentile(_scrolled(audit))
    figures["filter_ms"] = 1e3 * statistics.median([took for _ in range(3) for took in await _filtered(audit)])
    async with Heartbeat() as heart:
        await _filtered(audit)
    return figures | {"filter_held_ms": 1e3 * max(heart.worked_s)}


def _scrolled(audit: AuditFlow) -> list[float]:
    bar = audit._view.day_sheet.verticalScrollBar()
    took: list[float] = []
    for step in range(_SCROLLS):
        began_s = time.thread_time()
        bar.setValue(step * bar.maximum() // _SCROLLS)
        QCoreApplication.sendPostedEvents()
        took.append(time.thread_time() - began_s)
    return took


async def _filtered(audit: AuditFlow) -> list[float]:
    """Type words into the filter and return what each took to painted rows and totals."""
    box = audit._view.filters.box
    took: list[float] = []
    for text in (*_TYPED, ""):
        began_s = time.thread_time()
        box.setText(text)
        box.textEdited.emit(text)
        picked, picking = asyncio.Event(), audit._picking
        assert picking is not None
        picking.add_done_callback(partial(_tell, picked))
        await picked.wait()
        QCoreApplication.sendPostedEvents()  # lays out and paints what changed, and nothing else
        took.append(time.thread_time() - began_s)
    return took


def _tell(event: asyncio.Event, _task: object) -> None:
    event.set()


def _decoding(body: bytes) -> dict[str, float]:
    """Compare what a page costs with what pydantic-core alone takes for the same bytes, in turns."""
    from deskpay.gateways.mews.wire.base import _rows_called

    bare = _rows_called("Payments", payments._PaymentRow)
    currencies = dict(CURRENCIES)
    ours_s = bare_s = float("inf")
    assert len(payments.decode_payments(body, currencies).rows) == 1000
    for _ in range(ROUNDS):
        began_s = time.thread_time()
        payments.decode_payments(body, currencies)
        between_s = time.thread_time()
        bare.model_validate_json(body)
        ours_s, bare_s = min(ours_s, between_s - began_s), min(bare_s, time.thread_time() - between_s)
    return {"decode_s": ours_s, "decode_floor_s": bare_s}


async def measure(program: Program, hotel: Hotel) -> dict[str, float]:
    """Open the app at the hotel and its audit, and read."""
    log = _UnderWay()
    logging.getLogger("deskpay.calls").addHandler(log)
    connection = Connection(hotel.connector, hotel.fields, hotel.client_token, hotel.access_token, lasting=True)
    program.window.show()
    clerk = Clerk(program.window)
    await program.connect(connection)
    await clerk.until("the lists of guests", lambda: program.window.desk.guests.state == "guests", _LONG_S)
    await clerk.press(Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    audit = program.audit
    assert audit is not None
    await clerk.until("the day", lambda: audit.complete, _LONG_S)
    now_utc = audit._front.records.server_now()
    morning = audit._hotel.span_of(audit._hotel.business_day(now_utc)).start_utc - timedelta(days=20)
    figures = await _day(audit, log, Span(morning, morning + timedelta(days=2)))
    figures |= await _quarter(audit, Span(now_utc - QUARTER + timedelta(days=1), now_utc))
    page = {"Limitation": {"Count": 1000}, "CreatedUtc": _interval(Span(morning, morning + timedelta(days=2)))}
    return figures | _decoding(await asyncio.to_thread(hotel.done, "payments/getAll", page))


def _interval(span: Span) -> dict[str, str]:
    return {"StartUtc": f"{span.start_utc:%Y-%m-%dT%H:%M:%SZ}", "EndUtc": f"{span.end_utc:%Y-%m-%dT%H:%M:%SZ}"}


def main() -> int:
    """Measure and print one line of JSON."""
    application = make_application()
    figures: dict[str, float] = {}
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        settings = Settings(appearance="light", data_folder=Path(folder), request_budget=200)
        wear(application, settings.appearance)
        with running_sandbox(Path(folder) / "ready.json", "--size", "large", "--rate-limit", "0") as hotel:

            async def work() -> int:
                program = Program(settings, STAFF[2])
                figures.update(await measure(program, hotel))
                await program.aclose()
                return 0

            logging.getLogger("deskpay.calls").setLevel(logging.INFO)
            code = run(application, work)
    sys.stdout.write(json.dumps(figures) + "\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
