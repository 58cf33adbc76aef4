"""Announcements: services say what changed, whoever cares decides what to do about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Announcer(Generic[T]):
    """Calls every listener, in the order in which they came, on the loop's thread.

    Args:
        on_failure: called with what a listener raised; without it a failure is raised where the news came from, and
            the listeners behind hear nothing.
    """

    def __init__(self, on_failure: Callable[[Exception], None] | None = None) -> None:
        self._on_failure = on_failure
        self._listeners: dict[object, Callable[[T], None]] = {}

    @property
    def heard(self) -> bool:
        """True while somebody listens."""
        return bool(self._listeners)

    def listen(self, listener: Callable[[T], None]) -> Callable[[], None]:
        """Call `listener` with every announcement until the function returned here is called."""
        key = object()
        self._listeners[key] = listener

        def stop() -> None:
            self._listeners.pop(key, None)

        return stop

    def announce(self, news: T) -> None:
        """Tell all listeners; one that is stopped by another on the way is told no more."""
        for key in tuple(self._listeners):
            listener = self._listeners.get(key)
            if listener is None:
                continue
            try:
                listener(news)
            except Exception as failure:
                if self._on_failure is None:
                    raise
                self._on_failure(failure)
