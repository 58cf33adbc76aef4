"""What the property system tells by itself, as far as the desk cares.

Source: Mews Connector API, "WebSocket events": reservations, resources and device commands; never payments or guests.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StayChanged:
    """A stay was made or changed; what it is now is to be read."""

    reservation_id: str


@dataclass(frozen=True, slots=True)
class RoomChanged:
    """A room was changed."""

    room_id: str


@dataclass(frozen=True, slots=True)
class CommandChanged:
    """A command to a device moved on.

    Args:
        command_id: which one.
        state: the property system's word, such as ``Processed``; one that is not known is no success.
    """

    command_id: str
    state: str


@dataclass(frozen=True, slots=True)
class Reconnected:
    """The line is there, at first or again; what was told meanwhile is lost."""


HotelEvent = StayChanged | RoomChanged | CommandChanged | Reconnected
