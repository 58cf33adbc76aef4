"""The end of an accepted act."""

from __future__ import annotations

from dataclasses import dataclass

from deskpay.domain.intent import IntentState


@dataclass(frozen=True, slots=True)
class Settled:
    """How an accepted act ended.

    Args:
        state: CONFIRMED or DECLINED; TAKEN where it is to be written down yet.
        outcome_id: the payment, refund, card, charge or request to pay.
        told: how it ended, where that is more than the state says: ``expired``, ``canceled``, ``error``.
    """

    state: IntentState
    outcome_id: str
    told: str = ""
