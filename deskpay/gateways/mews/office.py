"""Bills over the Connector API: closed by one request, printed by as many as it takes."""

from __future__ import annotations

from typing_extensions import override

from deskpay.domain.bill import BillKind
from deskpay.domain.errors import HotelUnavailable, NotSent
from deskpay.gateways.mews.calls import Calls
from deskpay.gateways.mews.reads import MewsRecords
from deskpay.gateways.mews.wire import acts, bills
from deskpay.gateways.mews.wire.base import given
from deskpay.services.ports import BillOffice


class MewsOffice(BillOffice):
    """The bills.

    Args:
        calls: of the connection.
        records: tell which hotel it is.
    """

    def __init__(self, calls: Calls, records: MewsRecords) -> None:
        self._calls = calls
        self._records = records

    @override
    async def close_bill(self, bill_id: str, kind: BillKind, note: str) -> None:
        operation = "bills/close"
        try:
            hotel = await self._records.known_hotel()
        except HotelUnavailable as problem:
            raise NotSent(f"{operation}: the hotel is not known: {problem.detail}", operation=operation) from problem
        fields = bills.encode_close_bill(hotel.id, bill_id, kind, note)
        await self._calls.act(operation, fields, acts.decode_nothing)

    @override
    async def bill_pdf(self, bill_id: str, event_id: str | None = None) -> bytes | str:
        fields = given(bill_id=bill_id, bill_print_event_id=event_id)
        # A read that is tried again prints once more, which costs one of the bill's 30 prints and nothing else.
        return await self._calls.read("bills/getPdf", fields, bills.decode_bill_pdf)
