"""Guests and their stays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Customer:
    """A guest's profile.

    Args:
        id: customer id, which is also the id of the guest's account.
        first_name: may be empty.
        last_name: the one name that is always there.
        email: may be empty.
        phone: may be empty.
        notes: the hotel's note, plain text; may be empty.
        classifications: the property system's marks, such as ``Cashlist`` (no post).
        language: that the guest prefers, such as ``de-DE``; may be empty.
        second_last_name: where guests have two; may be empty.
        loyalty_code: may be empty.
        is_company: True for a company or travel agency, whose name is the last name. An account's id is a guest's or
            a company's (Mews Connector API, accounts).
    """

    id: str
    first_name: str
    last_name: str
    email: str
    phone: str
    notes: str
    classifications: frozenset[str]
    language: str = ""
    second_last_name: str = ""
    loyalty_code: str = ""
    is_company: bool = False

    @property
    def full_name(self) -> str:
        """First and last names as spoken."""
        return " ".join(name for name in (self.first_name, self.last_name, self.second_last_name) if name)


class ReservationState(Enum):
    """State of a stay; a word not known yet is kept apart and never taken for a good one."""

    INQUIRED = "inquired"
    REQUESTED = "requested"
    OPTIONAL = "optional"
    CONFIRMED = "confirmed"
    STARTED = "started"
    PROCESSED = "processed"
    CANCELED = "canceled"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Reservation:
    """A stay.

    Args:
        id: reservation id.
        number: confirmation number shown to guests.
        customer_id: account that owns the stay; a company's id where `owned_by_company`.
        owned_by_company: True when the owner is no guest.
        state: state of the stay.
        room_id: assigned room, None until assigned.
        starts_utc: arrival as planned, or as it happened.
        ends_utc: departure as planned, or as it happened.
        channel_number: the booking site's number; may be empty.
        group_id: group that the stay belongs to; every stay has one, most groups have one stay.
        payer_ids: companies and travel agencies that the stay is booked through, which may pay for it.
        service_id: which of the hotel's services it is a stay of, empty where it is not told.
        canceled_utc: when it was canceled, None where it was not.
        no_show: True where it was canceled because nobody came.
        credit_card_id: the card that came with the booking.
    """

    id: str
    number: str
    customer_id: str
    owned_by_company: bool
    state: ReservationState
    room_id: str | None
    starts_utc: datetime
    ends_utc: datetime
    channel_number: str
    group_id: str = ""
    payer_ids: tuple[str, ...] = ()
    service_id: str = ""
    canceled_utc: datetime | None = None
    no_show: bool = False
    credit_card_id: str | None = None

    def arrives_on(self, day: date, zone: ZoneInfo) -> bool:
        """Tell whether the guest is expected on `day` and not here yet."""
        return self.state is ReservationState.CONFIRMED and self.starts_utc.astimezone(zone).date() == day

    def leaves_on(self, day: date, zone: ZoneInfo) -> bool:
        """Tell whether the guest is here and due to leave on `day` or was due before."""
        return self.in_house and self.ends_utc.astimezone(zone).date() <= day

    @property
    def in_house(self) -> bool:
        """True while the guest is checked in."""
        return self.state is ReservationState.STARTED

    def nights(self, zone: ZoneInfo) -> int:
        """Return the number of nights between the two local dates."""
        return (self.ends_utc.astimezone(zone).date() - self.starts_utc.astimezone(zone).date()).days


@dataclass(frozen=True, slots=True)
class Companion:
    """Somebody who shares a stay.

    Args:
        reservation_id: the stay that is shared.
        customer: who shares it; the stay's owner may be among them.
    """

    reservation_id: str
    customer: Customer
