"""The hotel's books over the Connector API."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Protocol, TypeVar

from typing_extensions import override

from deskpay.domain.bill import Bill, OrderItem
from deskpay.domain.card import CreditCard
from deskpay.domain.customer import Companion, Customer, Reservation
from deskpay.domain.errors import NotMews, Rejected
from deskpay.domain.exchange import ExchangeRate
from deskpay.domain.hotel import AccountingCategory, Hotel
from deskpay.domain.money import Currency
from deskpay.domain.payment import Payment
from deskpay.domain.payment_request import PaymentRequest
from deskpay.domain.preauthorization import Preauthorization
from deskpay.domain.terminal import Command, Terminal
from deskpay.gateways.mews.calls import Calls
from deskpay.gateways.mews.paging import all_rows, portions
from deskpay.gateways.mews.wire import (
    bills,
    cards,
    guests,
    money,
    payment_requests,
    payments,
    preauthorizations,
    terminals,
)
from deskpay.gateways.mews.wire import hotel as property_
from deskpay.gateways.mews.wire.base import Fields, Page, given, utc_text
from deskpay.services.ports import GuestRecords, HotelRecords
from deskpay.services.scope import side_by_side

MAX_IDS = 1000
MAX_ACCOUNTS = 100
"""Ids per filter; accounts of payments and items have a limit of their own. Source: the operations' tables."""

LONGEST_WINDOW = timedelta(days=89)
"""The API allows three months, which may be as few days."""

_ACTIVE = "Active"


class _Dated(Protocol):
    @property
    def created_utc(self) -> datetime: ...


class _Identified(Protocol):
    @property
    def id(self) -> str: ...


Row = TypeVar("Row", bound=_Identified)
Found = TypeVar("Found")
DatedRow = TypeVar("DatedRow", bound=_Dated)


class MewsRecords(HotelRecords, GuestRecords):
    """Reads, each with all its pages.

    Args:
        calls: of the connection.
    """

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._currencies: dict[str, Currency] | None = None
        self._hotel: Hotel | None = None

    @override
    def server_now(self) -> datetime:
        return self._calls.server_now()

    @override
    async def hotel(self) -> Hotel:
        """Return the hotel behind the token, asked for anew.

        Raises:
            NotMews: what answers is no property system, or tells of a hotel that cannot be served.
            Rejected: the token is one over several hotels, which cannot charge.
        """
        operation = "configuration/get"
        currencies = await self.known_currencies()
        found, now_utc = await self._calls.read(
            operation, {}, lambda body: property_.decode_configuration(body, currencies), misread=NotMews
        )
        self._calls.learn_time(now_utc)
        if found.is_portfolio:
            raise Rejected("the access token is for a portfolio; DeskPay needs a property's own", operation=operation)
        self._hotel = found
        return found

    async def known_hotel(self) -> Hotel:
        """Return the hotel as last read, reading it if that has not happened yet. Raises as `hotel`."""
        return self._hotel or await self.hotel()

    async def known_currencies(self) -> dict[str, Currency]:
        """Return the currencies by code, read once. Raises as `hotel`."""
        if self._currencies is None:
            self._currencies = await self._calls.read("currencies/getAll", {}, money.decode_currencies, misread=NotMews)
        return self._currencies

    @override
    async def rooms(self) -> dict[str, str]:
        found = await self._all("resources/getAll", property_.decode_resources, {"Extent": {"Resources": True}})
        return {room.id: room.name for room in found}

    async def bookable_services(self) -> list[str]:
        """Return ids of the services that stays belong to. Source: Mews Connector API, services/getAll."""
        found = await self._all("services/getAll", property_.decode_services, {})
        return [service.id for service in found if service.bookable]

    @override
    async def accounting_categories(self) -> list[AccountingCategory]:
        found = await self._all(
            "accountingCategories/getAll", property_.decode_categories, given(activity_states=[_ACTIVE])
        )
        return [category.at_home for category in found if category.for_payments]

    @override
    async def exchange_rates(self) -> list[ExchangeRate]:
        return await self._calls.read("exchangeRates/getAll", {}, money.decode_exchange_rates)

    @override
    async def stays_touching(self, start_utc: datetime, end_utc: datetime) -> list[Reservation]:
        return await self._stays(colliding_utc=_interval(start_utc, end_utc), states=["Confirmed", "Started"])

    @override
    async def stays_numbered(self, number: str) -> list[Reservation]:
        return await self._stays(numbers=[number])

    @override
    async def stays_departed(self, start_utc: datetime, end_utc: datetime) -> list[Reservation]:
        return await self._stays(actual_end_utc=_interval(start_utc, end_utc), states=["Processed"])

    @override
    async def stays_changed(self, start_utc: datetime, end_utc: datetime) -> list[Reservation]:
        return await self._stays(updated_utc=_interval(start_utc, end_utc))

    @override
    async def stays_of(self, customer_ids: Sequence[str]) -> list[Reservation]:
        found = await _of_each(portions(customer_ids, MAX_IDS), lambda portion: self._stays(account_ids=portion))
        return sorted(found, key=lambda stay: stay.starts_utc, reverse=True)

    @override
    async def stays_booked_as(self, number: str) -> list[Reservation]:
        return await self._stays(channel_numbers=[number])

    @override
    async def stays_in_room(self, room_id: str, start_utc: datetime, end_utc: datetime) -> list[Reservation]:
        return await self._stays(assigned_resource_ids=[room_id], colliding_utc=_interval(start_utc, end_utc))

    async def _stays(self, **filters: object) -> list[Reservation]:
        return await self._all("reservations/getAll/2023-06-06", guests.decode_reservations, given(**filters))

    @override
    async def customers(self, customer_ids: Sequence[str]) -> list[Customer]:
        return await _of_each(portions(customer_ids, MAX_IDS), lambda portion: self._customers(customer_ids=portion))

    @override
    async def customers_in_house(self, name: str) -> list[Customer]:
        fields = {"Name": name, "Extent": {"Customers": True}}
        page = await self._calls.read("customers/search", fields, guests.decode_search)
        return list({customer.id: customer for customer in page.rows}.values())

    @override
    async def customers_named(self, last_names: Sequence[str]) -> list[Customer]:
        return await _of_each(
            portions(last_names, MAX_IDS),
            lambda portion: self._customers(last_names=portion, activity_states=[_ACTIVE]),
        )

    @override
    async def customers_with_email(self, email: str) -> list[Customer]:
        return await self._customers(emails=[email], activity_states=[_ACTIVE])

    @override
    async def customers_changed(self, start_utc: datetime, end_utc: datetime) -> list[Customer]:
        return await self._customers(updated_utc=_interval(start_utc, end_utc), activity_states=[_ACTIVE])

    @override
    async def customers_first_named(self, first_names: Sequence[str]) -> list[Customer]:
        return await _of_each(
            portions(first_names, MAX_IDS),
            lambda portion: self._customers(first_names=portion, activity_states=[_ACTIVE]),
        )

    @override
    async def customers_with_loyalty(self, code: str) -> list[Customer]:
        return await self._customers(loyalty_codes=[code], activity_states=[_ACTIVE])

    async def _customers(self, **filters: object) -> list[Customer]:
        fields = {"Extent": {"Customers": True, "Addresses": False}, **given(**filters)}
        return await self._all("customers/getAll", guests.decode_customers, fields)

    @override
    async def companions(self, reservation_ids: Sequence[str]) -> list[Companion]:
        found = await _of_each(
            portions(reservation_ids, MAX_IDS),
            lambda portion: self._all(
                "companionships/getAll",
                guests.decode_companionships,
                {"Extent": {"Customers": True}, **given(reservation_ids=portion)},
            ),
        )
        return [
            Companion(shared.reservation_id, shared.customer)
            for shared in found
            if shared.reservation_id is not None and shared.customer is not None
        ]

    @override
    async def companies(self, company_ids: Sequence[str]) -> list[Customer]:
        return await _of_each(portions(company_ids, MAX_IDS), lambda portion: self._companies(ids=portion))

    @override
    async def companies_named(self, names: Sequence[str]) -> list[Customer]:
        return await _of_each(
            portions(names, MAX_IDS), lambda portion: self._companies(names=portion, activity_states=[_ACTIVE])
        )

    async def _companies(self, **filters: object) -> list[Customer]:
        return await self._all("companies/getAll", guests.decode_companies, given(**filters))

    @override
    async def group_names(self, group_ids: Sequence[str]) -> dict[str, str]:
        found = await _of_each(
            portions(group_ids, MAX_IDS),
            lambda portion: self._all(
                "reservationGroups/getAll", guests.decode_groups, given(reservation_group_ids=portion)
            ),
        )
        return {group.id: group.name for group in found if group.name}

    @override
    async def cards_of(self, customer_ids: Sequence[str]) -> list[CreditCard]:
        return await _of_each(portions(customer_ids, MAX_IDS), lambda portion: self._cards(customer_ids=portion))

    @override
    async def accounts_changed(self, start_utc: datetime, end_utc: datetime) -> set[str]:
        currencies = await self.known_currencies()
        window = _interval(start_utc, end_utc)
        async with side_by_side() as group:
            items = group.create_task(
                self._all(
                    "orderItems/getAll",
                    lambda body: bills.decode_order_items(body, currencies),
                    given(updated_utc=window),
                )
            )
            paid = group.create_task(self._payments(updated_utc=window))
        return {item.customer_id for item in items.result()} | {payment.customer_id for payment in paid.result()}

    @override
    async def credit_cards(self, customer_id: str) -> list[CreditCard]:
        return newest_first(await self._cards(customer_ids=[customer_id]))

    @override
    async def credit_cards_by_id(self, credit_card_ids: Sequence[str]) -> list[CreditCard]:
        return await _of_each(portions(credit_card_ids, MAX_IDS), lambda portion: self._cards(credit_card_ids=portion))

    async def _cards(self, **filters: object) -> list[CreditCard]:
        return await self._all("creditCards/getAll", cards.decode_credit_cards, given(**filters))

    @override
    async def bills(self, customer_id: str) -> list[Bill]:
        return newest_first(await self._all("bills/getAll", bills.decode_bills, given(customer_ids=[customer_id])))

    @override
    async def preauthorizations(self, customer_id: str) -> list[Preauthorization]:
        currencies = await self.known_currencies()
        return await self._calls.read(
            "preauthorizations/getAllByCustomers",
            given(customer_ids=[customer_id]),
            lambda body: preauthorizations.decode_preauthorizations(body, currencies),
        )

    @override
    async def items_of_stay(self, reservation_id: str) -> list[OrderItem]:
        currencies = await self.known_currencies()
        return await self._all(
            "orderItems/getAll",
            lambda body: bills.decode_order_items(body, currencies),
            given(service_order_ids=[reservation_id], accounting_states=["Open"]),
        )

    @override
    async def open_items(self, customer_ids: Sequence[str]) -> list[OrderItem]:
        currencies = await self.known_currencies()
        return await _of_each(
            portions(customer_ids, MAX_ACCOUNTS),
            lambda portion: self._all(
                "orderItems/getAll",
                lambda body: bills.decode_order_items(body, currencies),
                given(account_ids=portion, accounting_states=["Open"]),
            ),
        )

    @override
    async def payments(
        self,
        customer_ids: Sequence[str],
        *,
        created_from_utc: datetime | None = None,
        created_to_utc: datetime | None = None,
    ) -> list[Payment]:
        start, end = _whole_seconds(created_from_utc), _whole_seconds(created_to_utc, up=True)
        window = _sendable(start, end or self.server_now() + timedelta(days=1))
        found = await _of_each(
            portions(customer_ids, MAX_ACCOUNTS),
            lambda portion: self._payments(account_ids=portion, created_utc=window),
        )
        # A span that could not be sent was not asked for, so it is applied here; elsewhere this changes nothing.
        return newest_first(
            [
                payment
                for payment in found
                if (start is None or payment.created_utc >= start) and (end is None or payment.created_utc < end)
            ]
        )

    @override
    async def payments_of_stay(self, reservation_id: str, *, created_from_utc: datetime) -> list[Payment]:
        start = _whole_seconds(created_from_utc) or created_from_utc
        window = _sendable(start, self.server_now() + timedelta(days=1))
        found = await self._payments(reservation_ids=[reservation_id], created_utc=window)
        return newest_first([payment for payment in found if payment.created_utc >= start])

    @override
    async def open_payment_requests(self, customer_id: str, reservation_id: str | None) -> list[PaymentRequest]:
        # Filters narrow each other, so the guest and the stay are asked for apart. States are not sent: a word that is
        # not known yet counts as open.
        found = await self._payment_requests(account_ids=[customer_id])
        if reservation_id is not None:
            found += await self._payment_requests(reservation_ids=[reservation_id])
        distinct = {request.id: request for request in found if request.state.open}
        return newest_first(list(distinct.values()))

    @override
    async def payment_requests(self, customer_id: str) -> list[PaymentRequest]:
        return newest_first(await self._payment_requests(account_ids=[customer_id]))

    @override
    async def payment_requests_by_id(self, request_ids: Sequence[str]) -> list[PaymentRequest]:
        return await _of_each(
            portions(request_ids, MAX_IDS), lambda portion: self._payment_requests(payment_request_ids=portion)
        )

    @override
    async def terminals(self) -> list[Terminal]:
        return await self._calls.read("devices/getAll", {}, terminals.decode_terminals)

    @override
    async def commands(self, command_ids: Sequence[str]) -> list[Command]:
        return await _of_each(
            portions(command_ids, MAX_IDS),
            lambda portion: self._all("commands/getAllByIds", terminals.decode_commands, given(command_ids=portion)),
        )

    async def _payment_requests(self, **filters: object) -> list[PaymentRequest]:
        currencies = await self.known_currencies()
        return await self._all(
            "paymentRequests/getAll",
            lambda body: payment_requests.decode_payment_requests(body, currencies),
            given(**filters),
        )

    @override
    async def payments_by_id(self, payment_ids: Sequence[str]) -> list[Payment]:
        return await _of_each(portions(payment_ids, MAX_IDS), lambda portion: self._payments(payment_ids=portion))

    async def _payments(self, **filters: object) -> list[Payment]:
        currencies = await self.known_currencies()
        return await self._all(
            "payments/getAll", lambda body: payments.decode_payments(body, currencies), given(**filters)
        )

    async def _all(self, operation: str, decode: Callable[[bytes], Page[Row]], fields: Fields) -> list[Row]:
        async def ask(limitation: Fields) -> Page[Row]:
            return await self._calls.read(operation, {**fields, **limitation}, decode)

        return await all_rows(operation, ask)


async def _of_each(groups: Iterable[list[str]], ask: Callable[[list[str]], Awaitable[list[Found]]]) -> list[Found]:
    return [row for group in groups for row in await ask(group)]


def newest_first(rows: Sequence[DatedRow]) -> list[DatedRow]:
    """Return `rows` as the API lists them, whatever pages and filters they came by."""
    return sorted(rows, key=lambda row: row.created_utc, reverse=True)


def _interval(start_utc: datetime, end_utc: datetime) -> Fields:
    return {"StartUtc": utc_text(start_utc), "EndUtc": utc_text(end_utc)}


def _sendable(start_utc: datetime | None, end_utc: datetime) -> Fields | None:
    """Return the span as a filter; None where the API takes none: without a beginning, empty, or too long."""
    if start_utc is None or not timedelta() < end_utc - start_utc <= LONGEST_WINDOW:
        return None
    return _interval(start_utc, end_utc)


def _whole_seconds(moment: datetime | None, *, up: bool = False) -> datetime | None:
    """Return `moment` in whole seconds, widened outwards: the API's times have no fractions to compare with."""
    if moment is None:
        return None
    whole = moment.astimezone(UTC).replace(microsecond=0)
    return whole + timedelta(seconds=1) if up and moment.microsecond else whole
