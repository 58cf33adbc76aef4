"""A hotel to connect to."""

from __future__ import annotations

from dataclasses import dataclass, field

from deskpay.app.training import TrainingHotel
from deskpay.ui.connect_page import TypedConnection


@dataclass(frozen=True, slots=True)
class Connection:
    """Where a hotel answers, and the tokens that open it.

    Args:
        address: of its Connector API; loopback, for every connection is a training one so far.
        fields_address: of its card fields; empty where cards cannot be added.
        client_token: as the Connector API asks.
        access_token: as the Connector API asks.
        lasting: True when the hotel outlives this process, and so must the journal.
    """

    address: str
    fields_address: str
    client_token: str = field(repr=False)
    access_token: str = field(repr=False)
    lasting: bool

    @classmethod
    def to(cls, hotel: TrainingHotel, *, lasting: bool) -> Connection:
        """Return the connection to a training hotel; `lasting` when it was not started here."""
        return cls(hotel.connector, hotel.fields, hotel.client_token, hotel.access_token, lasting)

    @classmethod
    def typed(cls, typed: TypedConnection) -> Connection:
        """Return the connection that was typed in."""
        return cls(typed.address, typed.fields_address, typed.client_token, typed.access_token, lasting=True)
