"""What the card page may tell the program, and nothing else.

The page speaks by navigating to `deskpay://capture/event?…` or `…/done?…`. Every such navigation is refused; its
address is read here, by pattern and with the load's own nonce. Anything that does not match to the letter is None.

The addresses are of the page's own origin, because the engine prepares another process for any other one before it asks
whether it may go there, and the page loses the keyboard (measured with Qt 6.11.3).
"""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass, field
from enum import Enum
from typing import Literal

from deskpay.ui.cards.capture.host_page import VAULT_REFERENCE

_MAX_LENGTH = 256
_FORM = re.compile(
    r"deskpay://capture/(?P<route>event|done)\?n=(?P<nonce>[A-Za-z0-9_-]{32})&(?P<rest>[A-Za-z0-9_&=-]{1,80})"
)
_READY = re.compile(r"k=ready")
_STATE = re.compile(r"k=state&b=(?P<brand>(?:[A-Z]{3})?)&v=(?P<valid>[01])")
_INVALID = re.compile(r"k=invalid&f=(?P<field>number|code)")
_ERROR = re.compile(r"k=error&w=(?P<what>blocked|init|refused|expired|malformed)")
_DONE = "t=(?P<id>{references})&b=(?P<brand>(?:[A-Z]{{3}})?)"


@dataclass(frozen=True, slots=True)
class Ready:
    """Every field is loaded."""


@dataclass(frozen=True, slots=True)
class Typed:
    """What the vault tells while the fields are typed in: the brand's code or "", and whether all are valid."""

    brand: str
    valid: bool


@dataclass(frozen=True, slots=True)
class Invalid:
    """The submit was not sent: `where` is the first one to correct."""

    where: Literal["number", "code"]


class Complaint(Enum):
    """Why the page gave up."""

    BLOCKED = "blocked"
    INIT = "init"
    REFUSED = "refused"
    EXPIRED = "expired"
    MALFORMED = "malformed"


@dataclass(frozen=True, slots=True)
class Broken:
    """The page cannot go on."""

    complaint: Complaint


@dataclass(frozen=True, slots=True)
class Done:
    """The card is in the vault. The id may be a short-lived bearer reference and stays out of every repr."""

    transaction_id: str = field(repr=False)
    brand: str


Return = Ready | Typed | Invalid | Broken | Done


def parse(url: str, nonce: str, references: str = VAULT_REFERENCE) -> Return | None:
    """Return what `url` tells, or None when it is not of this load or not of the pattern.

    Args:
        url: the address the page navigated to.
        nonce: this load's return nonce, 32 URL-safe characters.
        references: pattern of the id of a card.
    """
    if len(url) > _MAX_LENGTH or not (form := _FORM.fullmatch(url)):
        return None
    if not hmac.compare_digest(form["nonce"], nonce):
        return None
    rest = form["rest"]
    if form["route"] == "done":
        done = re.fullmatch(_DONE.format(references=references), rest)
        return Done(done["id"], done["brand"]) if done else None
    return _event(rest)


def _event(rest: str) -> Return | None:
    if _READY.fullmatch(rest):
        return Ready()
    if state := _STATE.fullmatch(rest):
        return Typed(state["brand"], state["valid"] == "1")
    if invalid := _INVALID.fullmatch(rest):
        return Invalid("number" if invalid["field"] == "number" else "code")
    if error := _ERROR.fullmatch(rest):
        return Broken(Complaint(error["what"]))
    return None
