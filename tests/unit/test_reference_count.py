"""PySide6 must give back every reference it takes.

A binding that drops one reference to `None` per call ends the process after a few thousand calls. PySide6 6.12.0 does
so on CPython 3.11; the pinned version must not.
"""

import sys

import pytest
from PySide6.QtCore import QObject, QTimer
from pytestqt.qtbot import QtBot

CALLS = 1_000
SLACK = 200
"""What the interpreter itself may gain or lose meanwhile."""

MORTAL = sys.version_info < (3, 12)
"""From Python 3.12 on these objects cannot die, and extension modules of the stable ABI leave odd counts behind."""


def survives(before: int, after: int) -> bool:
    return after > before - SLACK or not MORTAL


@pytest.mark.parametrize("value", [None, True, False], ids=str)
def test_calls_into_qt_lose_no_reference(value: bool | None) -> None:
    thing = QObject()
    before = sys.getrefcount(value)
    for _ in range(CALLS):
        thing.setObjectName("desk")
        thing.blockSignals(False)
        thing.signalsBlocked()
    assert survives(before, sys.getrefcount(value))


def test_timer_events_lose_no_reference(qtbot: QtBot) -> None:
    timer = QTimer()
    timer.setInterval(0)
    ticks = 0

    def tick() -> None:
        nonlocal ticks
        ticks += 1
        if ticks == CALLS:
            timer.stop()

    timer.timeout.connect(tick)
    before = sys.getrefcount(None)
    timer.start()
    qtbot.waitUntil(lambda: ticks == CALLS)
    assert survives(before, sys.getrefcount(None))
