"""The night desk on fakes: whole spans of the hotel in memory, and a queue store that survives the desk."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from typing_extensions import override

from deskpay.domain.business_day import Span
from deskpay.domain.card import CreditCard
from deskpay.domain.customer import Reservation
from deskpay.domain.night_queue import QueuePlan
from deskpay.domain.payment import Payment
from deskpay.domain.payment_request import PaymentRequest
from deskpay.services.night_desk import NightDesk
from deskpay.services.ports import AuditBooks, QueueStore
from tests.kit.fake_desk import FakeDesk
from tests.kit.fake_hotel import FakeHotel


@dataclass(eq=False)
class FakeBooks(AuditBooks):
    """Spans of the fake hotel's books, in pages of `page_rows`.

    Attributes:
        hotel: The hotel.
        page_rows: Rows of a page.
        breaks_at: The page at which reading payments fails; None for never.
        problem: What it fails with.
    """

    hotel: FakeHotel
    page_rows: int = 2
    breaks_at: int | None = None
    problem: Exception | None = None

    @override
    async def payment_pages(self, created: Span, charged: Span | None = None) -> AsyncIterator[Sequence[Payment]]:
        found = [
            row
            for row in self.hotel.rows
            if created.holds(row.created_utc)
            and (charged is None or (row.charged_utc is not None and charged.holds(row.charged_utc)))
        ]
        for number, start in enumerate(range(0, max(len(found), 1), self.page_rows)):
            if number == self.breaks_at and self.problem is not None:
                raise self.problem
            yield found[start : start + self.page_rows]

    @override
    async def stays_due(self, span: Span) -> list[Reservation]:
        return [stay for stay in self.hotel.stays if span.holds(stay.starts_utc)]

    @override
    async def stays_left(self, span: Span) -> list[Reservation]:
        return [stay for stay in self.hotel.stays if span.holds(stay.ends_utc)]

    @override
    async def stays_by_id(self, reservation_ids: Sequence[str]) -> list[Reservation]:
        return [stay for stay in self.hotel.stays if stay.id in reservation_ids]

    @override
    async def cards_of(self, customer_ids: Sequence[str]) -> list[CreditCard]:
        return [card for card in self.hotel.cards if card.customer_id in customer_ids]

    @override
    async def open_requests(self, changed: Span) -> list[PaymentRequest]:
        return [r for r in self.hotel.pay_requests if changed.holds(r.created_utc) and r.state.open]


@dataclass(eq=False)
class MemoryQueues(QueueStore):
    """A queue store in memory.

    Attributes:
        plan: What is kept.
    """

    plan: QueuePlan | None = None

    @override
    async def keep(self, plan: QueuePlan) -> None:
        self.plan = plan

    @override
    async def unfinished(self) -> QueuePlan | None:
        return self.plan

    @override
    async def finish(self) -> None:
        self.plan = None


def night_desk(desk: FakeDesk, hotel: FakeHotel, queues: QueueStore | None = None) -> NightDesk:
    """The night desk of an open fake desk."""
    return NightDesk(desk.front, FakeBooks(hotel), queues or MemoryQueues())
