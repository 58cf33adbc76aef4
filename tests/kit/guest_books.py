"""What the hotel in memory tells of guests, companies and groups, and of what changed."""

from collections.abc import Sequence
from datetime import datetime

from typing_extensions import override

from deskpay.domain.card import CreditCard
from deskpay.domain.customer import Companion, Customer, Reservation, ReservationState
from deskpay.services.ports import GuestRecords
from tests.kit.fake_hotel import FakeHotel


class GuestBooks(GuestRecords):
    """The part of the books that finding guests needs, of a hotel in memory; read as that hotel is read.

    Args:
        hotel: whose.

    Attributes:
        shared: Who shares which stay.
        company_rows: Companies and travel agencies.
        groups: Names of groups by id.
        changed: Ids of stays, guests and accounts that are told as changed.
    """

    def __init__(self, hotel: FakeHotel) -> None:
        self._hotel = hotel
        self.shared: list[Companion] = []
        self.company_rows: list[Customer] = []
        self.groups: dict[str, str] = {}
        self.changed: set[str] = set()

    @override
    async def stays_departed(self, start_utc: datetime, end_utc: datetime) -> list[Reservation]:
        gone = [stay for stay in self._hotel.stays if stay.state is ReservationState.PROCESSED]
        return await self._hotel.read("departed", [stay for stay in gone if start_utc <= stay.ends_utc < end_utc])

    @override
    async def stays_changed(self, start_utc: datetime, end_utc: datetime) -> list[Reservation]:
        return await self._hotel.read("changed stays", [stay for stay in self._hotel.stays if stay.id in self.changed])

    @override
    async def stays_booked_as(self, number: str) -> list[Reservation]:
        return await self._hotel.read(
            "booked as", [stay for stay in self._hotel.stays if stay.channel_number == number]
        )

    @override
    async def stays_in_room(self, room_id: str, start_utc: datetime, end_utc: datetime) -> list[Reservation]:
        return await self._hotel.read("in room", [stay for stay in self._hotel.stays if stay.room_id == room_id])

    @override
    async def customers_changed(self, start_utc: datetime, end_utc: datetime) -> list[Customer]:
        return await self._hotel.read(
            "changed guests", [guest for guest in self._hotel.guests if guest.id in self.changed]
        )

    @override
    async def customers_first_named(self, first_names: Sequence[str]) -> list[Customer]:
        return await self._hotel.read(
            "first names", [guest for guest in self._hotel.guests if guest.first_name in first_names]
        )

    @override
    async def customers_with_loyalty(self, code: str) -> list[Customer]:
        return await self._hotel.read("loyalty", [guest for guest in self._hotel.guests if guest.loyalty_code == code])

    @override
    async def companions(self, reservation_ids: Sequence[str]) -> list[Companion]:
        return await self._hotel.read("companions", [s for s in self.shared if s.reservation_id in reservation_ids])

    @override
    async def companies(self, company_ids: Sequence[str]) -> list[Customer]:
        return await self._hotel.read(
            "companies", [company for company in self.company_rows if company.id in company_ids]
        )

    @override
    async def companies_named(self, names: Sequence[str]) -> list[Customer]:
        return await self._hotel.read(
            "companies", [company for company in self.company_rows if company.last_name in names]
        )

    @override
    async def group_names(self, group_ids: Sequence[str]) -> dict[str, str]:
        found = [(group, name) for group, name in self.groups.items() if group in group_ids]
        return dict(await self._hotel.read("groups", found))

    @override
    async def cards_of(self, customer_ids: Sequence[str]) -> list[CreditCard]:
        return await self._hotel.read(
            "cards of", [card for card in self._hotel.cards if card.customer_id in customer_ids]
        )

    @override
    async def accounts_changed(self, start_utc: datetime, end_utc: datetime) -> set[str]:
        accounts = {item.customer_id for item in self._hotel.items} | {row.customer_id for row in self._hotel.rows}
        return set(await self._hotel.read("changed accounts", accounts & self.changed))
