"""Crash reports, kept on this computer alone: where DeskPay failed and when, never with what.

`report_failure` says the class of an error and the places it passed through; no value, for that may be a guest's. Here
those lines go into a small file, and a process that the system ends says where each thread was.
"""

from __future__ import annotations

import faulthandler
import logging
from collections.abc import Generator
from contextlib import ExitStack, contextmanager, suppress
from logging.handlers import RotatingFileHandler
from pathlib import Path

LINES, CRASH = "failures.log", "crash.log"
_MOST_BYTES = 100_000
_SOURCE = "deskpay.app.loop"


@contextmanager
def keeping_failures(folder: Path) -> Generator[None]:
    """Write failures of this process to `folder` while the block lasts; where nothing can be written, nothing is."""
    with ExitStack() as keeping:
        with suppress(OSError):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            keeping.callback(_tidy, folder)
            faulthandler.enable(keeping.enter_context((folder / CRASH).open("a", encoding="utf-8")))
            keeping.callback(faulthandler.disable)
            handler = RotatingFileHandler(
                folder / LINES, maxBytes=_MOST_BYTES, backupCount=1, encoding="utf-8", delay=True
            )
            handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
            source = logging.getLogger(_SOURCE)
            source.addHandler(handler)
            keeping.callback(handler.close)
            keeping.callback(source.removeHandler, handler)
        yield


def _tidy(folder: Path) -> None:
    """Leave nothing where nothing failed."""
    crash = folder / CRASH
    with suppress(OSError):  # somebody may have tidied up already, and a folder in use stays
        if crash.stat().st_size == 0:
            crash.unlink()
        folder.rmdir()


def kept_failures(folder: Path, most: int = 50) -> list[str]:
    """Return the last lines that were kept in `folder`, oldest first."""
    lines: list[str] = []
    for name in (CRASH, f"{LINES}.1", LINES):
        try:
            lines += (folder / name).read_text(encoding="utf-8", errors="replace").splitlines()
        except OSError:
            continue  # nothing was kept under this name
    return lines[-most:]
