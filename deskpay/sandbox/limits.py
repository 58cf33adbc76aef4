"""The request limit: so many per access token in a sliding window (API guidelines, "Request limits")."""

from collections import defaultdict, deque
from collections.abc import Callable
from math import ceil

from deskpay.sandbox.errors import Rejected

WINDOW_S = 30.0


class RateLimit:
    """Counts requests per access token.

    Args:
        requests: Most requests in 30 seconds; 0 means no limit.
        monotonic: Seconds that never run backwards. Not the sandbox's clock, which tests move.
    """

    def __init__(self, requests: int, monotonic: Callable[[], float]) -> None:
        self._requests = requests
        self._monotonic = monotonic
        self._seen: defaultdict[str, deque[float]] = defaultdict(deque)

    def count(self, access_token: str) -> None:
        """Admit one more request of this token.

        Raises:
            Rejected: 429 with ``Retry-After`` in whole seconds; the request does not count then.
        """
        now = self._monotonic()
        seen = self._seen[access_token]
        while seen and now - seen[0] >= WINDOW_S:
            seen.popleft()
        if self._requests and len(seen) >= self._requests:
            wait_s = max(1, ceil(WINDOW_S - (now - seen[0])))
            raise Rejected(429, "Too many requests.", {"Retry-After": str(wait_s)})
        seen.append(now)

    def reset(self) -> None:
        """Forget every request."""
        self._seen.clear()
