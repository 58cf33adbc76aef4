"""Guests and their stays."""

from __future__ import annotations

from pydantic import StrictStr

from deskpay.domain.customer import Customer, Reservation, ReservationState
from deskpay.gateways.mews.wire.base import Id, IdentifiedRow, Page, Row, Text, Utc, read_page

_STATES = {
    "Inquired": ReservationState.INQUIRED,
    "Requested": ReservationState.REQUESTED,
    "Optional": ReservationState.OPTIONAL,
    "Confirmed": ReservationState.CONFIRMED,
    "Started": ReservationState.STARTED,
    "Processed": ReservationState.PROCESSED,
    "Canceled": ReservationState.CANCELED,
}


class _CustomerRow(IdentifiedRow):
    first_name: Text | None = None
    last_name: Text
    email: Text | None = None
    phone: Text | None = None
    notes: Text | None = None
    classifications: list[Text] | None = None
    preferred_language_code: Text | None = None
    language_code: Text | None = None


def _customer(row: _CustomerRow) -> Customer:
    return Customer(
        id=row.id,
        first_name=row.first_name or "",
        last_name=row.last_name,
        email=row.email or "",
        phone=row.phone or "",
        notes=row.notes or "",
        classifications=frozenset(row.classifications or ()),
        language=row.preferred_language_code or row.language_code or "",
    )


def decode_customers(body: bytes) -> Page[Customer]:
    """Return the guests of an answer of customers/getAll.

    Raises:
        WireError: the answer is not what the contract says.
    """
    return read_page(body, "Customers", _CustomerRow, _customer)


class _SearchResult(Row):
    customer: _CustomerRow


def decode_search(body: bytes) -> Page[Customer]:
    """Return the guests of an answer of customers/search.

    Raises:
        WireError: the answer is not what the contract says.
    """
    return read_page(body, "Customers", _SearchResult, lambda row: _customer(row.customer))


class _ReservationRow(IdentifiedRow):
    number: Text
    account_id: Id
    account_type: StrictStr
    state: StrictStr
    assigned_resource_id: Id | None = None
    scheduled_start_utc: Utc
    actual_start_utc: Utc | None = None
    scheduled_end_utc: Utc
    actual_end_utc: Utc | None = None
    channel_number: Text | None = None


def _reservation(row: _ReservationRow) -> Reservation:
    return Reservation(
        id=row.id,
        number=row.number,
        customer_id=row.account_id,
        owned_by_company=row.account_type != "Customer",
        state=_STATES.get(row.state, ReservationState.UNKNOWN),
        room_id=row.assigned_resource_id,
        starts_utc=row.actual_start_utc or row.scheduled_start_utc,
        ends_utc=row.actual_end_utc or row.scheduled_end_utc,
        channel_number=row.channel_number or "",
    )


def decode_reservations(body: bytes) -> Page[Reservation]:
    """Return the stays of an answer of reservations/getAll/2023-06-06.

    Raises:
        WireError: the answer is not what the contract says.
    """
    return read_page(body, "Reservations", _ReservationRow, _reservation)
