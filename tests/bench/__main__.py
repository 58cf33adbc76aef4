"""`python -m tests.bench`: measure, print, and leave `bench.json`."""

import argparse
import asyncio
import json
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.bench.hotel_speed import ready_ms, request_ms
from tests.bench.journal import commits
from tests.bench.queue import queue_of_charges
from tests.bench.window import first_window
from tests.kit.quiet_house import requests_of_a_quiet_hour
from tests.kit.source import ROOT
from tests.kit.virtual_clock import VirtualClockLoop

COMMIT_RATIO = 1.5
WINDOW_RATIO = 2.5
FRAME_MS = 1000 / 60


@dataclass(frozen=True)
class Figure:
    """One figure.

    Attributes:
        name: What was measured.
        value: DeskPay's own.
        unit: Of `value` and `floor`.
        limit: The most that `ratio` may be.
        floor: What the machine takes without DeskPay, or the bound that is set where that would be nothing.
        ratio: `value` by `floor`.
        ok: Whether the limit is kept.
    """

    name: str
    value: float
    unit: str
    limit: float
    floor: float
    ratio: float
    ok: bool


def figure(name: str, value_s: float, floor_s: float, limit: float) -> Figure:
    """Return the figure for `value_s` against `floor_s`, in milliseconds."""
    ratio = value_s / floor_s
    return Figure(name, round(value_s * 1e3, 3), "ms", limit, round(floor_s * 1e3, 3), round(ratio, 2), ratio <= limit)


def within(name: str, value_s: float, floor_s: float, limit: float) -> Figure:
    """Return the figure for `value_s` against `floor_s`, in seconds."""
    ratio = value_s / floor_s
    return Figure(name, round(value_s, 3), "s", limit, round(floor_s, 3), round(ratio, 2), ratio <= limit)


def bounded(name: str, value: float, unit: str, bound: float) -> Figure:
    """Return the figure for `value` where `bound` is the most that it may be."""
    return Figure(name, round(value, 3), unit, 1.0, bound, round(value / bound, 2), value <= bound)


def finding() -> list[Figure]:
    """Return the figures of finding a guest: the index, the loop, the requests and the guest's page."""
    index, large = _told_by("tests.bench.search"), _told_by("tests.bench.large")
    loop = VirtualClockLoop()
    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        quiet = runner.run(requests_of_a_quiet_hour(loop))
    return [
        bounded("letter to painted results, 20,000 people, p99", index["keystroke_ms"], "ms", 16.0),
        bounded("index of 20,000 people with its people", index["memory_mb"], "MB", 60.0),
        bounded("loop held: built, refreshed, searched, p99", index["held_ms"], "ms", 16.0),
        bounded("loop held: opening at the large hotel, p99", large["held_ms"], "ms", 16.0),
        bounded("requests to open at the large hotel", large["opening_requests"], "", 15.0),
        bounded("requests in a quiet hour, opening included", quiet, "", 200.0),
        bounded("requests to open a guest", large["guest_requests"], "", 6.0),
        bounded("guest's page by its slowest request", large["panel_ratio"], "x", 1.5),
    ]


def training_hotel() -> list[Figure]:
    """Return the figures of the training hotel: ready in a process of its own, and a simple request."""
    return [
        bounded("training hotel ready, small", ready_ms("small"), "ms", 400.0),
        bounded("training hotel ready, large", ready_ms("large"), "ms", 3000.0),
        bounded("simple request, asked and answered on one core", request_ms(), "ms", 2.0),
    ]


def auditing() -> list[Figure]:
    """Return the figures of the night audit: reading days, what it weighs, and the queue of charges."""
    audit, queue = _told_by("tests.bench.audit"), queue_of_charges()
    return [
        bounded(f"day of {audit['day_rows']:,.0f} payments, beside the server", audit["day_s"], "s", 3.0),
        bounded("its first rows, beside the server", audit["first_s"], "s", 0.3),
        bounded(f"loop held: {audit['quarter_rows']:,.0f} payments read, p99", audit["quarter_held_ms"], "ms", 16.0),
        bounded("they weigh", audit["quarter_mb"], "MB", 250.0),
        bounded("a step of scrolling in them, p99", audit["scroll_ms"], "ms", 2 * FRAME_MS),
        bounded("a filter over them to painted rows and totals", audit["filter_ms"], "ms", 2 * FRAME_MS),
        figure("decoding a page, against pydantic-core alone", audit["decode_s"], audit["decode_floor_s"], 1.5),
        within("queue of 500 charges, against the limit alone", queue["took_s"], queue["allowed_s"], 1.1),
    ]


def _told_by(module: str) -> dict[str, float]:
    done = subprocess.run([sys.executable, "-m", module], cwd=ROOT, stdout=subprocess.PIPE, check=True, timeout=600)
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


def main() -> int:
    """Measure what the command line asks for; return 1 when a limit is not kept."""
    parser = argparse.ArgumentParser(prog="dev.py bench", description=__doc__)
    parser.add_argument("--folder", type=Path, default=ROOT, help="on the disk where journals lie")
    parser.add_argument("--out", type=Path, default=ROOT / "bench.json")
    chosen = parser.parse_args()
    ours, bare = commits(chosen.folder)
    shown, empty = first_window()
    figures = [
        figure("journal commit against bare SQLite", ours, bare, COMMIT_RATIO),
        figure("first window against an empty one", shown, empty, WINDOW_RATIO),
        *finding(),
        *training_hotel(),
        *auditing(),
    ]
    for each in figures:
        mark = "ok  " if each.ok else "SLOW"
        sys.stdout.write(
            f"{mark}  {each.name:<46}{each.value:>9.2f} {each.unit}  floor {each.floor:>8.2f} {each.unit}"
            f"  ratio {each.ratio:.2f} of {each.limit}\n"
        )
    chosen.out.write_text(json.dumps([asdict(each) for each in figures], indent=1) + "\n", encoding="utf-8")
    return 0 if all(each.ok for each in figures) else 1


if __name__ == "__main__":
    sys.exit(main())
