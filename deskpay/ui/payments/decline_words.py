"""What to say of a declined card: what the refusal usually means, how often it was tried, and the ways on."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from deskpay.domain.decline import DeclineCause
from deskpay.ui.payments.wording import said


class Move(Enum):
    """A way on from an outcome; each has a key of its own."""

    CHARGE = "F2"
    PAY_LINK = "F4"
    SMALLER_PART = "F6"
    BANK_PAGE = "F7"
    END_CHARGE = "F10"


@dataclass(frozen=True, slots=True)
class MoveWords:
    """A way on, in words.

    Args:
        move: which.
        label: of its button.
        why: when it is the right one.
    """

    move: Move
    label: str
    why: str


def meaning(cause: DeclineCause) -> str:
    """Return what a refusal usually means, as something to tell the guest."""
    match cause:
        case DeclineCause.FUNDS:
            return said("Usually there is not enough money on the card.")
        case DeclineCause.LIMIT:
            return said("Usually the card has reached its limit for the day or the month.")
        case DeclineCause.EXPIRED:
            return said("The bank says that the card has expired. The guest may have a new one.")
        case DeclineCause.BLOCKED:
            return said("The bank has blocked this card. Don't try it again. Only the guest can ask their bank why.")
        case DeclineCause.DETAILS:
            return said("Number, expiry or code don't fit. Add the card anew rather than try again.")
        case DeclineCause.CARDHOLDER:
            return said("The bank wants the guest to confirm this payment. A pay link lets them do that.")
        case DeclineCause.UNREACHABLE:
            return said("The bank could not be reached. Wait some minutes before another try.")
        case DeclineCause.UNTOLD:
            return said("The bank gave no reason. Often it is a limit or a block that only the guest can have lifted.")


def tried(times: int) -> str:
    """Return how often the card was declined today, this time included; empty for the first time."""
    if times < 2:
        return ""
    return said("This card was declined {count} times today. More tries only make banks wary.").format(count=times)


def ways_on(*, can_link: bool) -> tuple[MoveWords, ...]:
    """Return the ways on after a declined card.

    Args:
        can_link: False where pay links cannot be sent.
    """
    another = MoveWords(Move.CHARGE, said("Charge another card…"), said("The guest has a second card"))
    link = MoveWords(Move.PAY_LINK, said("Send a pay link…"), said("The guest confirms with their bank on their phone"))
    smaller = MoveWords(Move.SMALLER_PART, said("Charge a smaller part…"), said("The card has a limit, the rest later"))
    return (another, link, smaller) if can_link else (another, smaller)
