"""Two hotels, each with desks of its own, so that two deaths can be tried at a time."""

import queue
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.kit.crash_points import Desks, Point, desks_at
from tests.kit.hotel import running_sandbox

Lanes = queue.SimpleQueue[Desks]


@contextmanager
def open_lanes(folders: Sequence[Path]) -> Iterator[Lanes]:
    """Give a lane for each folder until the block ends."""
    free: Lanes = queue.SimpleQueue()
    with ExitStack() as closing:
        for folder in folders:
            hotel = closing.enter_context(running_sandbox(folder / "ready.json"))
            free.put(closing.enter_context(desks_at(hotel, folder)))
        yield free


@contextmanager
def a_lane(lanes: Lanes) -> Iterator[Desks]:
    """Wait for a free lane and keep it until the block ends."""
    desks = lanes.get()
    try:
        yield desks
    finally:
        lanes.put(desks)


def deaths(lanes: Lanes, deadly: Sequence[Point], dies: Callable[[Desks, Point], bool]) -> list[Point]:
    """Try every point, two at a time, and return those of which `dies` says that the desk died there."""

    def tried(point: Point) -> bool:
        with a_lane(lanes) as desks:
            return dies(desks, point)

    with ThreadPoolExecutor(2) as pool:
        return [point for point, died in zip(deadly, pool.map(tried, deadly), strict=True) if died]
