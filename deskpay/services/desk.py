"""Who acts, and where."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Desk:
    """The workstation and the person at it.

    Args:
        id: stable id of the workstation, kept with every intent.
        operator: name of the person, kept with every intent.
        role: what the person does, for display.
    """

    id: str
    operator: str
    role: str
