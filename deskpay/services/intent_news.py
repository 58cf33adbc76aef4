"""What is known of an intent at a moment, and when more will be asked for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, repeat

from deskpay.domain.errors import JournalError
from deskpay.domain.intent import IntentKind, IntentRecord


@dataclass(frozen=True, slots=True)
class Timings:
    """When to look and to poll.

    Args:
        looks_s: waits before each look after a lost answer; they add up to 2, 5, 15, 30, 60 s, 5 and 15 min.
        later_looks_s: wait between looks after those.
        polls_s: waits before each reading of an accepted act.
        later_polls_s: wait between readings after those.
        guest_polls_s: waits before each reading while a guest pays at the desk by an act of their own.
        link_polls_s: wait between later readings of a link, which may be open for days.
        entries_s: waits before each look for an entry of what an acquirer took, from the moment it was sent.
    """

    looks_s: tuple[float, ...] = (2, 3, 10, 15, 30, 240, 600)
    later_looks_s: float = 900
    polls_s: tuple[float, ...] = (0, 1, 2, 3, 5, 10, 20, 30)
    later_polls_s: float = 60
    guest_polls_s: tuple[float, ...] = (0, 1, 2, *(5,) * 180)
    link_polls_s: float = 300
    entries_s: tuple[float, ...] = (2, 5, 15, 60, 300, 600)

    def entry_waits(self) -> Iterator[float]:
        """Return the waits before each look for an entry of what an acquirer took, without end."""
        return chain(self.entries_s, repeat(self.later_looks_s))

    def readings(self, kind: IntentKind) -> Iterator[float]:
        """Return the waits before each reading of an accepted act, without end."""
        link = kind is IntentKind.PAY_LINK
        at_the_desk = (kind.asks_guest and not link) or kind.in_two_steps
        first = self.guest_polls_s if at_the_desk else self.polls_s
        return chain(first, repeat(self.link_polls_s if link else self.later_polls_s))


@dataclass(frozen=True, slots=True)
class IntentNews:
    """What is known of an intent now.

    Args:
        record: its story.
        next_look_at_s: on the clock's monotonic scale, when DeskPay looks again; None when it does not wait.
        trouble: the journal failed and the story here may be ahead of the one on the disk.
        late_id: an entry that turned up after people had decided that there was none; somebody must look at once.
    """

    record: IntentRecord
    next_look_at_s: float | None = None
    trouble: JournalError | None = None
    late_id: str | None = None
