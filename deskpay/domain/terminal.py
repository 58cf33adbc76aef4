"""Card terminals of the property system, and what became of an order to one of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


@dataclass(frozen=True, slots=True)
class Terminal:
    """A terminal that the property system can drive.

    Args:
        id: device id.
        name: as the hotel calls it.
    """

    id: str
    name: str


class CommandState(Enum):
    """How far a terminal has come. A word not known yet counts as under way.

    Source: Mews Connector API, commands, "Command state".
    """

    UNDER_WAY = "under_way"
    PROCESSED = "processed"
    CANCELLED = "cancelled"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Command:
    """One order to a terminal.

    Args:
        id: command id.
        state: how far it has come.
    """

    id: str
    state: CommandState
