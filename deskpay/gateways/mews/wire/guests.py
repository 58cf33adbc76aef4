"""Guests and their stays."""

from __future__ import annotations

from dataclasses import dataclass

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
    second_last_name: Text | None = None
    loyalty_code: Text | None = None


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
        second_last_name=row.second_last_name or "",
        loyalty_code=row.loyalty_code or "",
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
    group_id: Id | None = None
    partner_company_id: Id | None = None
    cancelled_utc: Utc | None = None
    cancellation_reason: StrictStr | None = None
    credit_card_id: Id | None = None
    travel_agency_id: Id | None = None
    service_id: Id | None = None


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
        group_id=row.group_id or "",
        payer_ids=tuple(payer for payer in (row.partner_company_id, row.travel_agency_id) if payer is not None),
        service_id=row.service_id or "",
        canceled_utc=row.cancelled_utc,
        no_show=row.cancellation_reason == "NoShow",
        credit_card_id=row.credit_card_id,
    )


def decode_reservations(body: bytes) -> Page[Reservation]:
    """Return the stays of an answer of reservations/getAll/2023-06-06.

    Raises:
        WireError: the answer is not what the contract says.
    """
    return read_page(body, "Reservations", _ReservationRow, _reservation)


class _CompanionshipRow(IdentifiedRow):
    customer_id: Id
    reservation_id: Id | None = None


@dataclass(frozen=True, slots=True)
class Companionship:
    """Somebody in a group or, with a stay, in it. The profile is None where it did not come along."""

    id: str
    reservation_id: str | None
    customer: Customer | None


def decode_companionships(body: bytes) -> Page[Companionship]:
    """Return who shares stays, of an answer of companionships/getAll with its extent of customers.

    Raises:
        WireError: the answer is not what the contract says.
    """
    who = {
        customer.id: customer for customer in read_page(body, "Customers", _CustomerRow, _customer, nullable=True).rows
    }
    return read_page(
        body,
        "Companionships",
        _CompanionshipRow,
        lambda row: Companionship(row.id, row.reservation_id, who.get(row.customer_id)),
        nullable=True,
    )


class _CompanyRow(IdentifiedRow):
    name: Text
    invoicing_email: Text | None = None
    telephone: Text | None = None
    notes: Text | None = None


def _company(row: _CompanyRow) -> Customer:
    return Customer(
        id=row.id,
        first_name="",
        last_name=row.name,
        email=row.invoicing_email or "",
        phone=row.telephone or "",
        notes=row.notes or "",
        classifications=frozenset(),
        is_company=True,
    )


def decode_companies(body: bytes) -> Page[Customer]:
    """Return the companies and travel agencies of an answer of companies/getAll.

    Raises:
        WireError: the answer is not what the contract says.
    """
    return read_page(body, "Companies", _CompanyRow, _company)


@dataclass(frozen=True, slots=True)
class Group:
    """A group of stays; its name may be empty."""

    id: str
    name: str


class _GroupRow(IdentifiedRow):
    name: Text | None = None


def decode_groups(body: bytes) -> Page[Group]:
    """Return the groups of an answer of reservationGroups/getAll.

    Raises:
        WireError: the answer is not what the contract says.
    """
    return read_page(body, "ReservationGroups", _GroupRow, lambda row: Group(row.id, row.name or ""))
