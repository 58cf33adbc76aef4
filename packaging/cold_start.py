"""How long a frozen DeskPay takes to its window, beside the same one from source: `python cold_start.py PROGRAM`.

On Linux with Xvfb and xwininfo. Both are timed from outside, until the X server shows the window, with their files
still in memory and with them thrown out of it; what the system itself keeps in memory stays there. A desk that knows no
hotel yet needs no network.

They are started in pairs, one right after the other and each first in every other pair. What is held against the limit
is the quickest start of each, for whatever else goes on at a computer only makes starts slower. The processor's time
and the middle of the pairs' ratios are told beside it.
"""

from __future__ import annotations

import os
import random
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from release import ROOT

PAIRS = 15
MOST_RATIO = 1.3
"""Longest a frozen start may take, in starts from source."""

_PATIENCE_S = 60.0
_PAUSE_S = 0.005


@dataclass(frozen=True)
class Way:
    """A way to start DeskPay.

    Attributes:
        command: Program and arguments.
        folders: Where its files lie.
    """

    command: Sequence[str]
    folders: Sequence[Path]


@dataclass(frozen=True)
class Start:
    """A start that was timed.

    Attributes:
        taken_s: Seconds from its beginning to its window.
        processor_s: What processors worked for it meanwhile, in seconds.
    """

    taken_s: float
    processor_s: float


def main() -> int:
    """Measure the program named on the command line; return 1 when it is too slow."""
    program = Path(sys.argv[1]).resolve()
    frozen = Way([str(program)], [program.parent])
    libraries = [Path(sys.prefix), Path(sysconfig.get_path("stdlib"))]
    source = Way([sys.executable, "-m", "deskpay"], [*libraries, ROOT / "deskpay", ROOT / "resources"])
    with _screen() as display:
        for way in (frozen, source):
            _started(way, display)  # lays byte code down, and nothing was in memory yet
        ratios = [_told(state, _pairs(frozen, source, display, cold=state == "cold")) for state in ("warm", "cold")]
    return 0 if max(ratios) <= MOST_RATIO else 1


def _pairs(frozen: Way, source: Way, display: str, *, cold: bool) -> list[tuple[Start, Start]]:
    pairs = list[tuple[Start, Start]]()
    for turn in range(PAIRS):
        starts = dict[str, Start]()
        ways = {"frozen": frozen, "source": source}
        for name, way in sorted(ways.items(), reverse=turn % 2 == 1):
            if cold:
                for folder in way.folders:
                    _forget(folder)
            starts[name] = _started(way, display)
        pairs.append((starts["frozen"], starts["source"]))
    return pairs


def _told(state: str, pairs: list[tuple[Start, Start]]) -> float:
    """Print what came of the pairs; return the ratio of the quickest starts."""
    frozen, source = ([pair[side] for pair in pairs] for side in (0, 1))
    quickest = [min(start.taken_s for start in starts) for starts in (frozen, source)]
    worked = [statistics.median(start.processor_s for start in starts) for starts in (frozen, source)]
    middle = statistics.median(ours.taken_s / theirs.taken_s for ours, theirs in pairs)
    print(
        f"{state} start to the window: {quickest[0]:.2f} s frozen, {quickest[1]:.2f} s from source, the quickest of"
        f" {len(pairs)} each: {quickest[0] / quickest[1]:.2f} times (processor {worked[0]:.2f} s against"
        f" {worked[1]:.2f} s: {worked[0] / worked[1]:.2f}; middle of the pairs {middle:.2f})",
        flush=True,
    )
    return quickest[0] / quickest[1]


@contextmanager
def _screen() -> Iterator[str]:
    """Yield the name of an X screen of our own."""
    reader, writer = os.pipe()
    # Some number, for a free one by the server's own choice may be another machine's on the same kernel.
    number = f":{random.randrange(1000, 50_000)}"  # noqa: S311 - no secret
    command = ["Xvfb", number, "-displayfd", str(writer), "-screen", "0", "1280x800x24", "-noreset", "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=[writer], stderr=subprocess.DEVNULL)
    os.close(writer)
    try:
        with os.fdopen(reader, encoding="ascii") as said:
            yield f":{said.readline().strip()}"
    finally:
        server.terminate()
        server.wait()


def _forget(folder: Path) -> None:
    """Throw the files of `folder` out of this machine's memory, as after it was switched on."""
    for file in folder.rglob("*"):
        if file.is_file() and not file.is_symlink():
            descriptor = os.open(file, os.O_RDONLY)
            os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
            os.close(descriptor)


def _started(way: Way, display: str) -> Start:
    with tempfile.TemporaryDirectory(prefix="deskpay-start-", ignore_cleanup_errors=True) as home:
        environment = {"PATH": os.environ["PATH"], "HOME": home, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}
        look = ["xwininfo", "-display", display, "-name", "DeskPay"]
        began = time.monotonic()
        program = subprocess.Popen(way.command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL)
        try:
            while b"IsViewable" not in subprocess.run(look, capture_output=True, check=False).stdout:
                if time.monotonic() - began > _PATIENCE_S or program.poll() is not None:
                    raise OSError(f"{way.command[0]} shows no window: {program.poll()}")
                time.sleep(_PAUSE_S)  # noqa: TID251 - nothing else runs in this script
            return Start(time.monotonic() - began, time.clock_gettime(_processor_clock(program.pid)))
        finally:
            program.kill()
            program.wait(_PATIENCE_S)


def _processor_clock(process: int) -> int:
    """Return the clock of a process's processor time, made as by Linux's `clock_getcpuclockid`."""
    return ~process << 3 | 2


if __name__ == "__main__":
    sys.exit(main())
