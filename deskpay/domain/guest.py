"""A guest as the desk thinks of one: a person or a company, and the stay that matters."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum
from zoneinfo import ZoneInfo

from deskpay.domain.customer import Customer, Reservation, ReservationState
from deskpay.domain.money import Money

_COMING = {
    ReservationState.CONFIRMED,
    ReservationState.OPTIONAL,
    ReservationState.REQUESTED,
    ReservationState.INQUIRED,
}


class Presence(IntEnum):
    """Where a guest is in the course of a stay, those likeliest to stand at the desk first."""

    LEAVING = 0
    IN_HOUSE = 1
    ARRIVING = 2
    DEPARTED = 3
    ELSEWHERE = 4


@dataclass(frozen=True, slots=True)
class Guest:
    """A guest with the stay that matters now.

    Args:
        customer: who.
        reservation: which stay, None where there is none near.
        room: room name; empty until assigned.
        balance: what is owed in the accounting currency, None where it was not read.
        companion: True for one who shares the stay of another.
        card_ends: last four digits of cards on file.
        references: of our acts for this guest.
        group: name of the group that the stay belongs to, where it has one.
    """

    customer: Customer
    reservation: Reservation | None
    room: str
    balance: Money | None
    companion: bool = False
    card_ends: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    group: str = ""

    @property
    def key(self) -> str:
        """What tells this guest from all others: the stay where there is one, for a guest may have several."""
        if self.reservation is None:
            return self.customer.id
        return f"{self.reservation.id}/{self.customer.id}" if self.companion else self.reservation.id

    @property
    def owes(self) -> bool:
        """True where a balance was read and is not nil."""
        return self.balance is not None and self.balance.minor != 0

    def presence(self, today: date, zone: ZoneInfo) -> Presence:
        """Return where the guest is on the hotel's day `today`. A departure counts for as long as it is indexed."""
        stay = self.reservation
        if stay is None:
            return Presence.ELSEWHERE
        if stay.in_house:
            return Presence.LEAVING if stay.leaves_on(today, zone) else Presence.IN_HOUSE
        if stay.state is ReservationState.PROCESSED:
            left = stay.ends_utc.astimezone(zone).date()
            return Presence.DEPARTED if today - left <= RECENT else Presence.ELSEWHERE
        arrives = stay.starts_utc.astimezone(zone).date()
        near = timedelta(days=-1) <= arrives - today <= SOON
        return Presence.ARRIVING if stay.state in _COMING and near else Presence.ELSEWHERE


RECENT = timedelta(days=7)
"""How long after leaving a guest still counts as departed rather than as one of long ago."""

SOON = timedelta(days=3)
"""How far ahead an arrival is one of the coming days."""
