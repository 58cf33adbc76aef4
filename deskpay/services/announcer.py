"""Announcements: services say what changed, whoever cares decides what to do about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Announcer(Generic[T]):
    """Calls every listener, in the order in which they came, on the loop's thread."""

    def __init__(self) -> None:
        self._listeners: dict[object, Callable[[T], None]] = {}

    def listen(self, listener: Callable[[T], None]) -> Callable[[], None]:
        """Call `listener` with every announcement until the function returned here is called."""
        key = object()
        self._listeners[key] = listener

        def stop() -> None:
            self._listeners.pop(key, None)

        return stop

    def announce(self, news: T) -> None:
        """Tell all listeners."""
        for listener in tuple(self._listeners.values()):
            listener(news)
