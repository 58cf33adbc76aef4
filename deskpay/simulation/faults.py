"""What can go wrong, by name. The errors are those that the gateway's table of classification makes of it.

An act is met by the property system in one of these ways; a reading and a write fail in theirs. Faults that would make
a promise of the interface untrue are not drawn: a refused act (400, 401, 404, 413, 429) is never carried out, a row
behind a 403 can be read at once, and a row without our reference has our amount, for nobody could know it as ours.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from types import MappingProxyType

from deskpay.domain.errors import (
    Declined,
    HotelUnavailable,
    JournalAway,
    JournalError,
    JournalUnavailable,
    NotMews,
    NotSent,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    Unauthorized,
)
from deskpay.domain.payment import PaymentState


class OwnBug(RuntimeError):
    """Stands for a fault in DeskPay's own code while an act is under way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """How the property system meets one act.

    Args:
        fault: name, empty when all is well.
        effect_s: seconds until the act takes effect, None when it does nothing.
        answer_s: seconds until the caller hears.
        error: what the caller hears instead of the answer.
        state: of the row that is made.
        settles_to: state that the row comes to.
        settles_s: seconds until then.
        echoes: the row carries our reference.
        surcharge_percent: what is added to money that is taken; 4 is the most that a card network allows.
        hidden_s: seconds for which readings do not show the row.
    """

    fault: str = ""
    effect_s: float | None = 0.0
    answer_s: float = 0.0
    error: type[BaseException] | None = None
    state: PaymentState = PaymentState.CHARGED
    settles_to: PaymentState | None = None
    settles_s: float = 0.0
    echoes: bool = True
    surcharge_percent: int = 0
    hidden_s: float = 0.0


FINE = Meeting()


def _lost(name: str, kind: type[BaseException] = OutcomeUnknown, *, answer_s: float = 0.0) -> tuple[Meeting, Meeting]:
    """Return the same silence twice: with nothing done, and with the act carried out."""
    return (
        Meeting(fault=f"{name}, not done", effect_s=None, error=kind, answer_s=answer_s),
        Meeting(fault=f"{name}, done", error=kind, answer_s=answer_s),
    )


def _refused(name: str, kind: type[BaseException]) -> Meeting:
    return Meeting(fault=name, effect_s=None, error=kind)


_SHOWN_LATE = tuple(
    replace(meeting, fault=f"{meeting.fault or 'answered'}, row shown late", hidden_s=hidden_s)
    for meeting in (FINE, Meeting(fault="reply lost, done", error=OutcomeUnknown))
    for hidden_s in (4.0, 90.0)
)
_PENDING, _VERIFYING, _FAILED = PaymentState.PENDING, PaymentState.VERIFYING, PaymentState.FAILED

MEETINGS: tuple[Meeting, ...] = (
    *_lost("reply lost"),
    *_lost("408"),
    *_lost("409"),
    *_lost("500"),
    *_lost("garbage"),
    *_lost("cut off by the deadline", answer_s=60.0),
    *_lost("broken off inside the client", asyncio.CancelledError),
    *_lost("bug in the client", OwnBug),
    Meeting(fault="carried out after the deadline", effect_s=65.0, answer_s=60.0, error=OutcomeUnknown),
    Meeting(fault="carried out minutes later", effect_s=400.0, answer_s=0.0, error=OutcomeUnknown),
    Meeting(fault="portal page", effect_s=None, error=OutcomeUnknown),
    _refused("not sent", NotSent),
    _refused("400", Rejected),
    _refused("401", Unauthorized),
    _refused("404", Rejected),
    _refused("413", Rejected),
    _refused("429", RateLimited),
    _refused("403", Declined),
    Meeting(fault="403 with a failed row", error=Declined, state=_FAILED),
    Meeting(fault="403 with a living row", error=Declined),
    Meeting(fault="slow answer", effect_s=1.0, answer_s=50.0),
    Meeting(fault="slow effect", effect_s=29.0, answer_s=30.0),
    Meeting(fault="failed at once", state=_FAILED),
    Meeting(fault="pending, then charged", state=_PENDING, settles_to=PaymentState.CHARGED, settles_s=40.0),
    Meeting(fault="pending, then failed", state=_PENDING, settles_to=_FAILED, settles_s=40.0),
    Meeting(fault="pending for ever", state=_PENDING),
    Meeting(fault="verifying, then canceled", state=_VERIFYING, settles_to=PaymentState.CANCELED, settles_s=200.0),
    Meeting(
        fault="reply lost, pending, then failed",
        error=OutcomeUnknown,
        state=_PENDING,
        settles_to=_FAILED,
        settles_s=4.0,
    ),
    Meeting(fault="reply lost, failed row", error=OutcomeUnknown, state=_FAILED),
    Meeting(fault="no echo", echoes=False),
    Meeting(fault="reply lost, no echo", echoes=False, error=OutcomeUnknown),
    Meeting(fault="surcharge", surcharge_percent=4),
    Meeting(fault="reply lost, surcharge", surcharge_percent=4, error=OutcomeUnknown),
    *_SHOWN_LATE,
)
"""Every way in which an act is met, other than well."""

READ_FAULTS = MappingProxyType(
    {
        "read: refused connection": HotelUnavailable,
        "read: 500": HotelUnavailable,
        "read: 408": HotelUnavailable,
        "read: garbage": HotelUnavailable,
        "read: pages repeat": HotelUnavailable,
        "read: too large": HotelUnavailable,
        "read: slow drip": HotelUnavailable,
        "read: portal page": NotMews,
        "read: 401": Unauthorized,
        "read: 429": RateLimited,
        "read: bug": OwnBug,
    }
)
"""What a reading raises."""

SLOW_READ = "read: slow"
"""A reading that is made at once and comes late, so that what was read has changed by then."""


@dataclass(frozen=True, slots=True)
class WriteFault:
    """How a commit fails.

    Args:
        error: what it raises.
        stands: it was made all the same.
        away_s: seconds for which a shared journal is out of reach from then on.
        everywhere: it is so for every desk, not for this one alone.
    """

    error: type[JournalError]
    stands: bool = False
    away_s: float = 0.0
    everywhere: bool = False


_SHORT_S, _LONG_S = 12.0, 120.0

WRITE_FAULTS = MappingProxyType(
    {
        "disk: locked": WriteFault(JournalUnavailable),
        "disk: full": WriteFault(JournalUnavailable),
        "disk: failed after the commit": WriteFault(JournalUnavailable, stands=True),
        "journal: link cut": WriteFault(JournalAway),
        "journal: out of a desk's reach": WriteFault(JournalAway, away_s=_SHORT_S),
        "journal: out of a desk's reach after the commit": WriteFault(JournalAway, stands=True, away_s=_LONG_S),
        "journal: server down": WriteFault(JournalAway, away_s=_LONG_S, everywhere=True),
        "journal: server down after the commit": WriteFault(JournalAway, stands=True, away_s=_SHORT_S, everywhere=True),
    }
)
"""How commits fail. A commit whose reply alone is lost is read anew by the store, so it is no fault here."""
