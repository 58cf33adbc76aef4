"""The office of a hotel in memory, which closes and prints bills."""

from collections import deque
from dataclasses import dataclass, field, replace

from typing_extensions import override

from deskpay.domain.bill import BillKind
from deskpay.domain.errors import DeskPayError
from deskpay.services.ports import BillOffice
from tests.kit.fake_hotel import FakeHotel


@dataclass
class FakeOffice(BillOffice):
    """The bills of a hotel in memory."""

    hotel: FakeHotel
    done: bool = True
    error: DeskPayError | None = None
    after_s: float = 0
    asked: list[tuple[str, BillKind, str]] = field(default_factory=list)
    prints: deque[bytes | str] = field(default_factory=deque)
    events: list[str | None] = field(default_factory=list)

    @override
    async def close_bill(self, bill_id: str, kind: BillKind, note: str) -> None:
        self.asked.append((bill_id, kind, note))
        if self.done:
            self.hotel.bill_rows = [
                replace(bill, is_open=False, number="R-1") if bill.id == bill_id else bill
                for bill in self.hotel.bill_rows
            ]
        if self.error is not None:
            raise self.error

    @override
    async def bill_pdf(self, bill_id: str, event_id: str | None = None) -> bytes | str:
        self.events.append(event_id)
        return self.prints.popleft()
