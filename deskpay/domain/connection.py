"""A hotel that this computer has been connected to. Its tokens are no part of it."""

from __future__ import annotations

from dataclasses import dataclass

from deskpay.domain.environment import Environment


@dataclass(frozen=True, slots=True)
class KnownConnection:
    """A connection to one hotel.

    Args:
        environment: what it is.
        hotel_id: enterprise id; tokens of another hotel are not taken for it.
        name: of the hotel.
        address: of its Connector API.
        fields_address: of its card fields in training; empty elsewhere, where the vault is compiled in.
    """

    environment: Environment
    hotel_id: str
    name: str
    address: str
    fields_address: str = ""

    @property
    def id(self) -> str:
        """What it is called among this computer's connections and in the keyring."""
        return f"{self.environment.value}-{self.hotel_id}"
