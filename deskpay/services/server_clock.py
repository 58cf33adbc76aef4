"""The property system's time between two of its answers."""

from __future__ import annotations

from datetime import datetime, timedelta

from deskpay.services.ports import Clock

_LARGEST_SKEW = timedelta(days=366)


class ServerClock:
    """Goes on from the last answer by the monotonic clock, so that setting this computer's clock does not move it.

    An act's time is written between two answers and decides where its payment is looked for: a step of two days in that
    moment would hide the payment from every look. While a computer sleeps some monotonic clocks stand still; this one
    is then behind until the next answer, and whoever looks for a payment looks from too early on, not too late.

    Args:
        clock: of this computer; its wall clock counts until the first answer.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._told: tuple[datetime, float] | None = None

    def now(self) -> datetime:
        """Return the property system's UTC time as far as its last answer tells."""
        if self._told is None:
            return self._clock.now()
        server_now, at_s = self._told
        return server_now + timedelta(seconds=self._clock.monotonic_s() - at_s)

    def learn(self, server_now: datetime) -> None:
        """Take `server_now` for the time at this moment, unless it cannot be meant seriously."""
        if abs(server_now - self._clock.now()) <= _LARGEST_SKEW:
            self._told = server_now, self._clock.monotonic_s()
