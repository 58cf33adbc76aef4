"""Whole spans of the hotel's books over the Connector API, for the night audit."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Protocol, TypeVar

from typing_extensions import override

from deskpay.domain.business_day import Span
from deskpay.domain.card import CreditCard
from deskpay.domain.customer import Reservation
from deskpay.domain.payment import Payment
from deskpay.domain.payment_request import PaymentRequest
from deskpay.gateways.mews.calls import Calls
from deskpay.gateways.mews.paging import all_rows, portions, row_pages
from deskpay.gateways.mews.reads import MAX_IDS, MewsRecords, newest_first
from deskpay.gateways.mews.wire import cards, guests, payment_requests, payments
from deskpay.gateways.mews.wire.base import Fields, Page, given, utc_text
from deskpay.services.ports import AuditBooks

MAX_STREAMED_PAGES = 500
"""Half a million rows; no hotel takes as many payments in three months, so more is a list that goes round."""


class _Identified(Protocol):
    @property
    def id(self) -> str: ...


Row = TypeVar("Row", bound=_Identified)


_Ask = Callable[[Fields], Awaitable[Page[Row]]]


class MewsAuditBooks(AuditBooks):
    """Reads of the night audit.

    Args:
        calls: of the connection.
        records: of the same connection, which knows the currencies.
    """

    def __init__(self, calls: Calls, records: MewsRecords) -> None:
        self._calls = calls
        self._records = records

    @override
    async def payment_pages(self, created: Span, charged: Span | None = None) -> AsyncIterator[Sequence[Payment]]:
        currencies = await self._records.known_currencies()
        windows = given(created_utc=_interval(created), charged_utc=_interval(charged) if charged else None)
        ask = self._asking("payments/getAll", lambda body: payments.decode_payments(body, currencies), windows)
        async for page in row_pages("payments/getAll", ask, MAX_STREAMED_PAGES):
            yield page

    @override
    async def stays_due(self, span: Span) -> list[Reservation]:
        return await self._stays(scheduled_start_utc=_interval(span))

    @override
    async def stays_left(self, span: Span) -> list[Reservation]:
        return await self._stays(actual_end_utc=_interval(span))

    @override
    async def stays_by_id(self, reservation_ids: Sequence[str]) -> list[Reservation]:
        return [
            stay
            for portion in portions(reservation_ids, MAX_IDS)
            for stay in await self._stays(reservation_ids=portion)
        ]

    async def _stays(self, **filters: object) -> list[Reservation]:
        operation = "reservations/getAll/2023-06-06"
        return await all_rows(operation, self._asking(operation, guests.decode_reservations, given(**filters)))

    @override
    async def cards_of(self, customer_ids: Sequence[str]) -> list[CreditCard]:
        operation = "creditCards/getAll"
        found = [
            card
            for portion in portions(customer_ids, MAX_IDS)
            for card in await all_rows(
                operation, self._asking(operation, cards.decode_credit_cards, given(customer_ids=portion))
            )
        ]
        return newest_first(found)

    @override
    async def open_requests(self, changed: Span) -> list[PaymentRequest]:
        operation = "paymentRequests/getAll"
        currencies = await self._records.known_currencies()
        # States are not sent: a word that is not known yet counts as open.
        ask = self._asking(
            operation,
            lambda body: payment_requests.decode_payment_requests(body, currencies),
            given(updated_utc=_interval(changed)),
        )
        return newest_first([request for request in await all_rows(operation, ask) if request.state.open])

    def _asking(self, operation: str, decode: Callable[[bytes], Page[Row]], fields: Fields) -> _Ask[Row]:
        async def ask(limitation: Fields) -> Page[Row]:
            return await self._calls.read(operation, {**fields, **limitation}, decode)

        return ask


def _interval(span: Span) -> Fields:
    return {"StartUtc": utc_text(span.start_utc), "EndUtc": utc_text(span.end_utc)}
