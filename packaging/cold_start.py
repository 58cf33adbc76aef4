"""How long a frozen DeskPay takes to its window, beside the same one from source: `python cold_start.py PROGRAM`.

On Linux with Xvfb and xwininfo. Both are started in turns, with their files still in memory and with them thrown out
of it, and timed from outside: until the X server shows the window. A desk that knows no hotel yet needs no network.
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
from pathlib import Path

from release import ROOT

ROUNDS = 9
MOST_RATIO = 1.3
"""Longest a frozen start may take, in starts from source."""

_PATIENCE_S = 60.0
_PAUSE_S = 0.005


def main() -> int:
    """Measure the program named on the command line; return 1 when it is too slow."""
    frozen = Path(sys.argv[1]).resolve()
    source = [Path(sys.prefix), Path(sysconfig.get_path("stdlib")), ROOT / "deskpay", ROOT / "resources"]
    ways = {"frozen": ([str(frozen)], [frozen.parent]), "source": ([sys.executable, "-m", "deskpay"], source)}
    ok = True
    with _screen() as display:
        for state in ("warm", "cold"):
            taken: dict[str, list[float]] = {way: [] for way in ways}
            for _ in range(ROUNDS):
                for way, (command, folders) in ways.items():
                    if state == "cold":
                        for folder in folders:
                            _forget(folder)
                    taken[way].append(_started(command, display))
            median = {way: statistics.median(times) for way, times in taken.items()}
            ratio = median["frozen"] / median["source"]
            ok = ok and ratio <= MOST_RATIO
            print(f"{state}: {median['frozen']:.2f} s frozen, {median['source']:.2f} s from source: {ratio:.2f} times")
    return 0 if ok else 1


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


def _started(command: Sequence[str], display: str) -> float:
    """Return seconds from the start of a process to its window."""
    with tempfile.TemporaryDirectory(prefix="deskpay-start-", ignore_cleanup_errors=True) as home:
        environment = {"PATH": os.environ["PATH"], "HOME": home, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}
        look = ["xwininfo", "-display", display, "-name", "DeskPay"]
        began = time.monotonic()
        program = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL)
        try:
            while b"IsViewable" not in subprocess.run(look, capture_output=True, check=False).stdout:
                if time.monotonic() - began > _PATIENCE_S or program.poll() is not None:
                    raise OSError(f"{command[0]} shows no window: {program.poll()}")
                time.sleep(_PAUSE_S)  # noqa: TID251 - nothing else runs in this script
            return time.monotonic() - began
        finally:
            program.terminate()
            program.wait(_PATIENCE_S)


if __name__ == "__main__":
    sys.exit(main())
