"""What happens by itself, once the clock reaches it."""

from collections.abc import Callable
from datetime import datetime
from heapq import heappop, heappush

Act = Callable[[datetime], None]


class Agenda:
    """At most one thing to come for each row; a newer one replaces it."""

    def __init__(self) -> None:
        self._heap: list[tuple[datetime, int, str]] = []
        self._acts: dict[str, tuple[int, Act]] = {}
        self._entries = 0

    def put(self, row_id: str, moment: datetime, act: Act) -> None:
        """Let `act` happen to row `row_id` at `moment`; it is told that moment."""
        self._entries += 1
        self._acts[row_id] = (self._entries, act)
        heappush(self._heap, (moment, self._entries, row_id))

    def forget(self, row_id: str) -> None:
        """Nothing happens to row `row_id` by itself any more."""
        self._acts.pop(row_id, None)

    def run(self, now: datetime) -> None:
        """Do everything that is due, in the order of its moments; what that brings about is due too."""
        while self._heap and self._heap[0][0] <= now:
            moment, entry, row_id = heappop(self._heap)
            known = self._acts.get(row_id)
            if known is not None and known[0] == entry:
                del self._acts[row_id]
                known[1](moment)
