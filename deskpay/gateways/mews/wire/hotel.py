"""The property: configuration, rooms, services, accounting categories."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import StrictBool, StrictStr

from deskpay.domain.hotel import AccountingCategory, Hotel
from deskpay.gateways.mews.wire.base import (
    Id,
    IdentifiedRow,
    Page,
    Row,
    Text,
    Utc,
    WireError,
    duration,
    read_body,
    read_page,
)
from deskpay.gateways.mews.wire.money import Currencies


class _AcceptedCurrency(Row):
    currency: StrictStr
    is_default: StrictBool
    is_enabled: StrictBool


class _Accounting(Row):
    enabled_external_payment_types: list[Text]


class _Enterprise(Row):
    id: Id
    name: Text
    time_zone_identifier: StrictStr
    pricing: StrictStr
    currencies: list[_AcceptedCurrency]
    accounting_configuration: _Accounting | None = None
    business_day_closing_offset: StrictStr | None = None
    is_portfolio: StrictBool


class _CardStorage(Row):
    public_key: Text


class _Configuration(Row):
    now_utc: Utc
    enterprise: _Enterprise
    payment_card_storage: _CardStorage | None = None


def decode_configuration(body: bytes, currencies: Currencies) -> tuple[Hotel, datetime]:
    """Return the hotel and the server's clock.

    Args:
        body: answer of configuration/get.
        currencies: answer of currencies/getAll.

    Raises:
        WireError: something needed is missing, or the zone, the pricing, the accounting currency or the
            closing hour is not known.
    """
    answer = read_body(_Configuration, body)
    enterprise = answer.enterprise
    if enterprise.pricing not in {"Gross", "Net"}:
        raise WireError("neither gross nor net pricing")
    taken = [accepted for accepted in enterprise.currencies if accepted.is_default or accepted.is_enabled]
    codes = [accepted.currency for accepted in sorted(taken, key=lambda accepted: not accepted.is_default)]
    if not taken or not any(accepted.is_default for accepted in taken) or codes[0] not in currencies:
        raise WireError("no accounting currency")
    try:
        zone = ZoneInfo(enterprise.time_zone_identifier)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise WireError("an unknown time zone") from None
    storage = answer.payment_card_storage
    accounting = enterprise.accounting_configuration
    hotel = Hotel(
        id=enterprise.id,
        name=enterprise.name,
        zone=zone,
        currencies=tuple(currencies[code] for code in codes if code in currencies),
        gross_pricing=enterprise.pricing == "Gross",
        tenders=tuple(accounting.enabled_external_payment_types) if accounting else (),
        card_storage_key=storage.public_key if storage else None,
        is_portfolio=enterprise.is_portfolio,
        closing_offset=duration(enterprise.business_day_closing_offset or "PT0S"),
    )
    return hotel, answer.now_utc


@dataclass(frozen=True, slots=True)
class Named:
    """Something of the hotel's with a name, such as a room."""

    id: str
    name: str


class _ResourceRow(IdentifiedRow):
    name: Text


def decode_resources(body: bytes) -> Page[Named]:
    """Return the rooms and other resources of an answer of resources/getAll.

    Raises:
        WireError: the answer is not what the contract says.
    """
    return read_page(body, "Resources", _ResourceRow, lambda row: Named(row.id, row.name), nullable=True)


class _ServiceData(Row):
    discriminator: StrictStr


class _ServiceRow(IdentifiedRow):
    is_active: StrictBool
    data: _ServiceData | None = None


@dataclass(frozen=True, slots=True)
class Service:
    """A service of the hotel; stays belong to the bookable ones."""

    id: str
    bookable: bool


def decode_services(body: bytes) -> Page[Service]:
    """Return the services of an answer of services/getAll.

    Raises:
        WireError: the answer is not what the contract says.
    """
    return read_page(body, "Services", _ServiceRow, _service)


def _service(row: _ServiceRow) -> Service:
    return Service(row.id, row.is_active and row.data is not None and row.data.discriminator == "Bookable")


class _CategoryRow(IdentifiedRow):
    name: Text
    is_active: StrictBool
    classification: StrictStr | None = None


@dataclass(frozen=True, slots=True)
class Category:
    """An accounting category, and whether payments may be booked under it."""

    id: str
    name: str
    for_payments: bool

    @property
    def at_home(self) -> AccountingCategory:
        """What the desk knows of it."""
        return AccountingCategory(self.id, self.name)


def decode_categories(body: bytes) -> Page[Category]:
    """Return the categories of an answer of accountingCategories/getAll.

    Raises:
        WireError: the answer is not what the contract says.
    """
    return read_page(body, "AccountingCategories", _CategoryRow, _category)


def _category(row: _CategoryRow) -> Category:
    return Category(row.id, row.name, row.is_active and row.classification == "Payments")
