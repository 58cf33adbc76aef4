"""The property system's time does not move with this computer's clock."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from typing_extensions import override

from deskpay.services.ports import Clock
from deskpay.services.server_clock import ServerClock

NINE = datetime(2026, 11, 20, 9, tzinfo=UTC)


@dataclass
class Watch(Clock):
    """A computer's two clocks, set by hand."""

    wall: datetime = NINE
    running_s: float = 100.0

    @override
    def now(self) -> datetime:
        return self.wall

    @override
    def monotonic_s(self) -> float:
        return self.running_s

    @override
    async def sleep(self, seconds: float) -> None:
        raise AssertionError("nobody waits here")


def test_before_the_first_answer_this_computers_clock_counts() -> None:
    watch = Watch()
    clock = ServerClock(watch)
    watch.wall += timedelta(hours=1)
    assert clock.now() == NINE + timedelta(hours=1)


@pytest.mark.parametrize("step", [timedelta(days=2), timedelta(days=-2), timedelta(hours=1)])
def test_a_step_of_this_computers_clock_does_not_move_it(step: timedelta) -> None:
    watch = Watch()
    clock = ServerClock(watch)
    clock.learn(NINE + timedelta(minutes=7))
    watch.wall += step
    watch.running_s += 5
    assert clock.now() == NINE + timedelta(minutes=7, seconds=5)


def test_the_last_answer_counts() -> None:
    watch = Watch()
    clock = ServerClock(watch)
    clock.learn(NINE + timedelta(minutes=7))
    watch.running_s += 60
    clock.learn(NINE + timedelta(days=1))
    assert clock.now() == NINE + timedelta(days=1)


def test_a_time_that_cannot_be_meant_is_not_believed() -> None:
    clock = ServerClock(Watch())
    clock.learn(NINE + timedelta(days=366))
    clock.learn(NINE + timedelta(days=366, seconds=1))
    assert clock.now() == NINE + timedelta(days=366)
    clock.learn(NINE - timedelta(days=367))
    assert clock.now() == NINE + timedelta(days=366)
