"""What is said of an act at each point of its story, in the sentences of its kind."""

from __future__ import annotations

from dataclasses import dataclass

from deskpay.ui.components.state_chip import Chip, Tone


@dataclass(frozen=True, slots=True, kw_only=True)
class ActWords:
    """What to say of one act.

    Args:
        strip: the word on the environment strip.
        badge: of the card or the tender.
        what: amount and card, in the box.
        working: title while it is under way.
        hint: what happens while no answer comes.
        accepted: what Mews has taken over, and what is still awaited.
        accepted_hint: what that means.
        confirmed: title at the good end.
        confirmed_text: what that means.
        good: the chip at the good end.
        tone: colour of the good end.
        icon: outline of the good end.
        declined: title when Mews said no.
        nothing: that nothing happened.
        advice: what to do after a no; empty where that depends on the reason given.
        question: what is being checked while nothing is known.
        not_again: what must not be done while nothing is known.
        not_again_text: why.
        to_guest: what to tell the guest meanwhile; may be empty.
    """

    strip: str
    badge: str
    what: str
    working: str
    hint: str
    accepted: str
    accepted_hint: str
    confirmed: str
    confirmed_text: str
    good: Chip
    tone: Tone
    icon: str
    declined: str
    nothing: str
    advice: str
    question: str
    not_again: str
    not_again_text: str
    to_guest: str = ""
