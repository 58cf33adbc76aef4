"""The request budget of a token, kept on our side so that the server never has to.

Source: Mews Connector API guidelines, "Request limits": 200 requests per access token in a sliding 30 seconds, all
workstations of the property together; clients that go on after a 429 are blocked.
"""

from __future__ import annotations

import random
from bisect import insort
from collections import deque
from dataclasses import dataclass
from itertools import count

from deskpay.services.ports import Clock

WINDOW_S = 30.0
_APART_S = WINDOW_S + 0.001  # a hair more, so that no rounding of clocks makes it less
DEFAULT_BUDGET = 100
HARD_CAP = 200

MAX_HOLD_S = 300.0
"""A server that asks for longer is asked again after this."""

_FIRST_HOLD_S = 1.0
_LONGEST_BACKOFF_S = 30.0
_MAX_DOUBLINGS = 10
_SHORTEST_SLEEP_S = 0.001


class NoTurn(Exception):
    """The turn would come later than the caller can wait.

    Args:
        wait_s: seconds until it would come.
    """

    def __init__(self, wait_s: float) -> None:
        super().__init__(f"no turn within {wait_s:.1f} s")
        self.wait_s = wait_s


@dataclass(frozen=True, slots=True, order=True)
class _Ticket:
    rank: int
    number: int


class Limiter:
    """Lets at most `budget` calls begin in any window of 30 s: payments before reads, else in order of arrival.

    Args:
        clock: time.
        budget: starts per window, at least 1; never more than `HARD_CAP` however it is set.
    """

    def __init__(self, clock: Clock, budget: int = DEFAULT_BUDGET) -> None:
        if budget < 1:
            raise ValueError("a budget allows at least one request")
        self._clock = clock
        self._budget = min(budget, HARD_CAP)
        self._starts: deque[float] = deque()
        self._waiting: list[_Ticket] = []
        self._numbers = count()
        self._held_until_s = clock.monotonic_s()
        self._refusals = 0

    async def turn(self, *, urgent: bool, patience_s: float) -> None:
        """Return when a call may begin, and count it as begun.

        Args:
            urgent: True for payments.
            patience_s: longest wait.

        Raises:
            NoTurn: the wait would be longer; nothing was counted.
        """
        ticket = _Ticket(0 if urgent else 1, next(self._numbers))
        insort(self._waiting, ticket)
        give_up_s = self._clock.monotonic_s() + patience_s
        try:
            while True:
                now_s = self._clock.monotonic_s()
                wait_s = self._turn_of(ticket, now_s) - now_s
                if wait_s <= 0:
                    self._starts.append(now_s)
                    return
                if now_s + wait_s > give_up_s:
                    raise NoTurn(wait_s)
                await self._clock.sleep(max(wait_s, _SHORTEST_SLEEP_S))
        finally:
            self._waiting.remove(ticket)

    def _turn_of(self, ticket: _Ticket, now_s: float) -> float:
        """Return when `ticket` may start if all before it start as soon as they may."""
        while self._starts and self._starts[0] + _APART_S <= now_s:
            self._starts.popleft()
        rounds, place = divmod(len(self._starts) + self._waiting.index(ticket), self._budget)
        if rounds == 0:
            return max(now_s, self._held_until_s)
        # The place is freed by whoever started a window earlier; that may itself be one who still waits.
        freed_s = self._starts[place] if place < len(self._starts) else max(now_s, self._held_until_s)
        return max(freed_s + rounds * _APART_S, self._held_until_s)

    def refused(self, retry_after_s: float | None) -> float:
        """Hold all further starts after a 429 and return for how long, in seconds.

        Args:
            retry_after_s: as the server said; None for a back-off that doubles with each refusal in a row.
        """
        now_s = self._clock.monotonic_s()
        if now_s >= self._held_until_s:  # calls in flight together are refused together: that is one refusal
            self._refusals = min(self._refusals + 1, _MAX_DOUBLINGS)
        if retry_after_s is None:
            longest_s = min(_FIRST_HOLD_S * 2 ** max(self._refusals - 1, 0), _LONGEST_BACKOFF_S)
            hold_s = random.uniform(longest_s / 2, longest_s)  # noqa: S311 - spreads desks, guards no secret
        else:
            hold_s = min(retry_after_s, MAX_HOLD_S)
        self._held_until_s = max(self._held_until_s, now_s + hold_s)
        return hold_s

    def answered(self) -> None:
        """Note that a call was let through: the next refusal starts from the shortest hold."""
        self._refusals = 0
