"""Qt's loop under asyncio, for as long as a day at a busy desk."""

import asyncio
import sys

import pytest
from PySide6.QtCore import QTimer

from tests.kit.loops import CoroutineRunner

TURNS = 200_000
SLACK = 1_000
MORTAL = sys.version_info < (3, 12)
"""From Python 3.12 on `None` cannot die and its count means nothing."""


@pytest.mark.soak
@pytest.mark.timeout(600)
def test_two_hundred_thousand_turns_lose_no_reference(run: CoroutineRunner) -> None:
    ticks = 0

    def tick() -> None:
        nonlocal ticks
        ticks += 1

    async def turn() -> None:
        timer = QTimer()
        timer.timeout.connect(tick)
        timer.start(1)
        for number in range(TURNS):
            await asyncio.sleep(0.001 if number % 100 == 0 else 0)
        timer.stop()

    before = sys.getrefcount(None)
    run(turn(), timeout_s=540)
    after = sys.getrefcount(None)
    assert abs(after - before) < SLACK or not MORTAL
    assert ticks > TURNS / 100
