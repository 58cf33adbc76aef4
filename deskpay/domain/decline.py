"""Why a card was declined, as far as the property system's sentence tells, and how often it was tried.

The sentence is the gateway's own and bound to no contract, so it is read for advice only: nothing is decided by it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from enum import Enum
from zoneinfo import ZoneInfo

from deskpay.domain.intent import IntentKind, IntentRecord, IntentState


class DeclineCause(Enum):
    """What a refusal usually means."""

    FUNDS = "funds"
    LIMIT = "limit"
    EXPIRED = "expired"
    BLOCKED = "blocked"
    DETAILS = "details"
    CARDHOLDER = "cardholder"
    UNREACHABLE = "unreachable"
    UNTOLD = "untold"


_MARKS: tuple[tuple[DeclineCause, tuple[str, ...]], ...] = (
    (DeclineCause.FUNDS, ("not enough balance", "insufficient", "no funds")),
    (DeclineCause.LIMIT, ("amount exceeded", "count exceeded", "limit")),
    (DeclineCause.EXPIRED, ("expired",)),
    (DeclineCause.BLOCKED, ("blocked", "restricted", "revocation", "lost", "stolen", "fraud", "closed account")),
    (DeclineCause.DETAILS, ("invalid card", "cvc", "cvv", "avs", "no checking account")),
    (DeclineCause.CARDHOLDER, ("3d not authenticated", "authentication required", "requires online pin", "3-d secure")),
    (DeclineCause.UNREACHABLE, ("issuer unavailable", "acquirer error", "timed out", "try again later")),
)
"""Words of the reasons that Mews quotes from its gateway, first match first (Adyen, "Refusal reasons")."""


def cause_of(sentence: str) -> DeclineCause:
    """Return what `sentence` usually means; UNTOLD where it names no reason."""
    folded = sentence.casefold()
    return next((cause for cause, marks in _MARKS if any(mark in folded for mark in marks)), DeclineCause.UNTOLD)


def declined_on(day: date, zone: ZoneInfo, credit_card_id: str, records: Iterable[IntentRecord]) -> int:
    """Return how often charges of a card, drafted on the hotel's `day`, were declined.

    Card networks count tries of one card and fine merchants who go on after a clear no.

    Args:
        day: of the hotel's calendar.
        zone: of the hotel.
        credit_card_id: the card.
        records: our acts for its owner.
    """
    return sum(
        record.intent.kind is IntentKind.CHARGE
        and record.intent.credit_card_id == credit_card_id
        and record.state is IntentState.DECLINED
        and record.intent.drafted_utc.astimezone(zone).date() == day
        for record in records
    )
