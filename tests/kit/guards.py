"""Guards around every test: no unexpected log record, and nothing left alive behind it."""

import gc
import logging
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QTimer
from PySide6.QtWidgets import QApplication, QWidget
from typing_extensions import override

_THREAD_GRACE_S = 2.0
"""How long a thread that was told to stop may take to end."""


@dataclass(eq=False)
class LogWatch(logging.Handler):
    """Holds every record of WARNING and above; those a test expected are struck off.

    Call it with a pattern to say that such a record must come: `expect_log(r"journal is read-only")`.
    """

    records: list[logging.LogRecord] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(logging.WARNING)

    def __call__(self, pattern: str) -> None:
        """Expect at least one record whose message matches `pattern` (a regular expression, searched for)."""
        self.expected.append(pattern)

    @override
    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)

    def complaints(self) -> list[str]:
        """What went against expectation: records nobody expected, and expected ones that did not come."""
        messages = [record.getMessage() for record in self.records]
        stray = [
            f"unexpected log record: {record.levelname} {record.name}: {message}"
            for record, message in zip(self.records, messages, strict=True)
            if not any(re.search(pattern, message) for pattern in self.expected)
        ]
        missing = [
            f"expected log record did not come: {pattern}"
            for pattern in self.expected
            if not any(re.search(pattern, message) for message in messages)
        ]
        return stray + missing


@pytest.fixture(autouse=True)
def expect_log() -> Iterator[LogWatch]:
    """Fail on any log record of WARNING or above that the test did not announce by `expect_log(pattern)`."""
    watch = LogWatch()
    root = logging.getLogger()
    root.addHandler(watch)
    yield watch
    root.removeHandler(watch)
    complaints = watch.complaints()
    if complaints:
        pytest.fail("\n".join(complaints), pytrace=False)


@pytest.fixture(autouse=True, scope="session")
def loaded_code_set_aside() -> None:
    """Keep what was imported out of every collection: there are some 3,000 of them."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def nothing_leaks(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail when a thread, a window or a running QTimer outlives its test."""
    threads = set(threading.enumerate())
    windows = set(_windows())
    yield
    complaints = _leaked_threads(threads)
    shows = "qapp" in request.fixturenames
    gc.collect(2 if shows else 1)
    if QApplication.instance() is not None and shows:
        complaints += _leaked_windows(windows) + _leaked_timers()
    if complaints:
        pytest.fail("\n".join(complaints), pytrace=False)


def _leaked_threads(before: set[threading.Thread]) -> list[str]:
    complaints = []
    for thread in set(threading.enumerate()) - before:
        # Threads that Qt or Chromium made appear here once they have called into Python; they are not ours to join.
        if isinstance(thread, threading._DummyThread):  # the only name of that class
            continue
        thread.join(_THREAD_GRACE_S)
        if thread.is_alive():
            complaints.append(f"thread left running: {thread}")
    return complaints


def _windows() -> list[QWidget]:
    return QApplication.topLevelWidgets() if QApplication.instance() is not None else []


def _is_ours(widget: QWidget) -> bool:
    # Qt keeps hidden windows of its own (the tooltip's label, a combo's list); those of ours count even when hidden.
    return widget.isVisible() or type(widget).__module__.split(".")[0] in {"deskpay", "tests"}


def _leaked_windows(before: set[QWidget]) -> list[str]:
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    left = [widget for widget in _windows() if widget not in before and _is_ours(widget)]
    if left:
        del left
        gc.collect()
        left = [widget for widget in _windows() if widget not in before and _is_ours(widget)]
    complaints = [f"window left open: {widget}" for widget in left]
    for widget in left:  # the next test is to start clean all the same
        widget.hide()
        widget.deleteLater()
    return complaints


def _leaked_timers() -> list[str]:
    timers = [thing for thing in gc.get_objects() if type(thing) is QTimer and thing.isActive()]
    complaints = [f"timer left running: {timer} every {timer.interval()} ms" for timer in timers]
    for timer in timers:
        timer.stop()
    return complaints
