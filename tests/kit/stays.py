"""Stays and what is on their bills, around the day on which the virtual clock begins."""

from datetime import UTC, datetime

from deskpay.domain.bill import OrderItem
from deskpay.domain.customer import Reservation, ReservationState
from deskpay.domain.money import Money
from tests.kit.fake_hotel import ANNA, LONG_AGO


def stay(
    reservation_id: str,
    customer_id: str = ANNA.id,
    *,
    state: ReservationState = ReservationState.STARTED,
    room_id: str | None = "room-312",
    starts_utc: datetime = datetime(2026, 11, 18, 15, tzinfo=UTC),
    ends_utc: datetime = datetime(2026, 11, 22, 11, tzinfo=UTC),
    owned_by_company: bool = False,
) -> Reservation:
    """A stay around the day on which the virtual clock begins."""
    return Reservation(
        id=reservation_id,
        number=reservation_id.removeprefix("stay-"),
        customer_id=customer_id,
        owned_by_company=owned_by_company,
        state=state,
        room_id=room_id,
        starts_utc=starts_utc,
        ends_utc=ends_utc,
        channel_number="",
    )


def item(item_id: str, amount: Money, customer_id: str = ANNA.id) -> OrderItem:
    """Something on the guest's open bill."""
    return OrderItem(item_id, customer_id, None, None, "Night", amount, 1, LONG_AGO, is_open=True)
