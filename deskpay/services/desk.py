"""Who acts, and where."""

from __future__ import annotations

from dataclasses import dataclass

from deskpay.services.seat import Seat


@dataclass(frozen=True, slots=True)
class Desk:
    """The workstation and the seat at it.

    Args:
        id: stable id of the workstation, kept with every intent.
        seat: who acts, and what they may do.
    """

    id: str
    seat: Seat
