"""The sandbox's own time, which tests may move."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta


def real_now() -> datetime:
    """The machine's time, in UTC."""
    return datetime.now(UTC)


class Clock:
    """Runs like the real one, shifted by what the control API asked for.

    Args:
        source: The time it is shifted from.
    """

    def __init__(self, source: Callable[[], datetime] = real_now) -> None:
        self._source = source
        self._shift = timedelta()

    def now(self) -> datetime:
        """Current sandbox time, in UTC."""
        return self._source() + self._shift

    def set(self, moment: datetime) -> None:
        """Make it `moment` now; time runs on from there."""
        self._shift = moment - self._source()

    def advance(self, seconds: float) -> None:
        """Jump by `seconds`, which may be negative."""
        self._shift += timedelta(seconds=seconds)

    def reset(self) -> None:
        """Return to real time."""
        self._shift = timedelta()


def utc_text(moment: datetime) -> str:
    """``YYYY-MM-DDThh:mm:ssZ``, the API's form of a time (guidelines, "Serialization")."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def utc_time(text: str) -> datetime:
    """The inverse of `utc_text`; fractions of seconds are accepted too."""
    return datetime.fromisoformat(text)


def http_date(moment: datetime) -> str:
    """The ``Date`` header's form (RFC 9110, section 5.6.7), whatever the process's locale is."""
    days = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
    months = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
    utc = moment.astimezone(UTC)
    return f"{days[utc.weekday()]}, {utc:%d} {months[utc.month - 1]} {utc:%Y %H:%M:%S} GMT"
