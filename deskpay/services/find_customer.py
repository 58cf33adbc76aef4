"""The people of the day, and finding one of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from deskpay.domain.bill import balance
from deskpay.domain.customer import Customer, Reservation
from deskpay.domain.hotel import Hotel
from deskpay.domain.matching import matches, words
from deskpay.domain.money import Money
from deskpay.services.ports import HotelRecords
from deskpay.services.scope import side_by_side

REACH = timedelta(days=30)
"""How far around today stays are read: a guest who overstays was due to leave some days ago."""


@dataclass(frozen=True, slots=True)
class Guest:
    """A guest with the stay that matters now.

    Args:
        customer: who.
        reservation: which stay, None where there is none near.
        room: room name; empty until assigned.
        balance: what is owed in the accounting currency, None where it was not read.
    """

    customer: Customer
    reservation: Reservation | None
    room: str
    balance: Money | None

    @property
    def searched(self) -> tuple[str, ...]:
        """What a search looks at."""
        stay = self.reservation
        numbers = (stay.number, stay.channel_number) if stay else ()
        return (self.room, self.customer.full_name, self.customer.email, *numbers)


@dataclass(frozen=True, slots=True)
class DayOfGuests:
    """The people of one day.

    Args:
        day: the hotel's calendar day.
        in_house: checked in, by room.
        arriving: expected today, by name.
        leaving: in house and due to leave today or before, by room.
        read_utc: when, by the property system's clock.
    """

    day: date
    in_house: tuple[Guest, ...]
    arriving: tuple[Guest, ...]
    leaving: tuple[Guest, ...]
    read_utc: datetime

    def with_balance(self, customer_id: str, owed: Money) -> DayOfGuests:
        """Return the day with what one guest owes as it was just read."""

        def renewed(guests: tuple[Guest, ...]) -> tuple[Guest, ...]:
            return tuple(replace(g, balance=owed) if g.customer.id == customer_id else g for g in guests)

        return replace(
            self,
            in_house=renewed(self.in_house),
            arriving=renewed(self.arriving),
            leaving=renewed(self.leaving),
        )

    def search(self, typed: str) -> tuple[Guest, ...]:
        """Return who matches every word of `typed`: in house first, then arriving, by how well the room fits."""
        wanted = words(typed)
        found = [guest for guest in (*self.in_house, *self.arriving) if matches(guest.searched, wanted)]
        return tuple(sorted(found, key=lambda guest: guest.room.casefold() not in wanted))


class FindCustomer:
    """Finds guests.

    Args:
        hotel: whose guests.
        records: the hotel's books.
    """

    def __init__(self, hotel: Hotel, records: HotelRecords) -> None:
        self._hotel = hotel
        self._records = records
        self._rooms: dict[str, str] = {}

    async def people_of_the_day(self) -> DayOfGuests:
        """Return who is in house, arriving and leaving today.

        Raises:
            HotelUnavailable: the books could not be read whole.
            Refused: they may not be read.
        """
        now = self._records.server_now()
        day, zone = self._hotel.today(now), self._hotel.zone
        if not self._rooms:
            self._rooms = await self._records.rooms()
        start, end = self._hotel.day_utc(day)
        stays = await self._records.stays_touching(start - REACH, end)
        wanted = [stay for stay in stays if stay.in_house or stay.arrives_on(day, zone)]
        guests = await self._guests(wanted, with_balance=True)
        by_room = sorted(guests, key=lambda guest: (len(guest.room), guest.room, guest.customer.last_name))
        in_house = tuple(g for g in by_room if g.reservation is not None and g.reservation.in_house)
        return DayOfGuests(
            day=day,
            in_house=in_house,
            arriving=tuple(
                sorted(
                    (g for g in guests if g.reservation is not None and not g.reservation.in_house),
                    key=lambda guest: guest.customer.last_name,
                )
            ),
            leaving=tuple(g for g in in_house if g.reservation is not None and g.reservation.leaves_on(day, zone)),
            read_utc=now,
        )

    async def elsewhere(self, typed: str) -> tuple[Guest, ...]:
        """Ask the hotel's books for guests beyond the day: whole last names, e-mail addresses, confirmation numbers.

        Source: Mews Connector API, customers/getAll and reservations/getAll: filters take whole values only.

        Raises:
            HotelUnavailable: the books could not be read whole.
            Refused: they may not be read.
        """
        text = typed.strip()
        if not text:
            return ()
        if "@" in text:
            return await self._with_stays(await self._records.customers_with_email(text))
        if re.fullmatch(r"#?[0-9]+", text):
            return tuple(await self._guests(await self._records.stays_numbered(text.lstrip("#")), with_balance=False))
        async with side_by_side() as group:
            inside = group.create_task(self._records.customers_in_house(text))
            named = group.create_task(self._records.customers_named(_last_names(text)))
        people = {customer.id: customer for customer in (*inside.result(), *named.result())}
        return await self._with_stays(list(people.values()))

    async def _with_stays(self, customers: Sequence[Customer]) -> tuple[Guest, ...]:
        guests: list[Guest] = []
        for customer in customers[:_MOST_ELSEWHERE]:
            stays = await self._records.stays_of(customer.id)
            stay = _nearest(stays, self._records.server_now())
            guests.append(Guest(customer, stay, self._room(stay), None))
        return tuple(guests)

    async def _guests(self, stays: Sequence[Reservation], *, with_balance: bool) -> list[Guest]:
        ids = sorted({stay.customer_id for stay in stays if not stay.owned_by_company})
        customers = {customer.id: customer for customer in await self._records.customers(ids)} if ids else {}
        owed = await self._owed(list(customers)) if with_balance and customers else {}
        return [
            Guest(customers[stay.customer_id], stay, self._room(stay), owed.get(stay.customer_id))
            for stay in stays
            if stay.customer_id in customers
        ]

    async def _owed(self, ids: list[str]) -> dict[str, Money]:
        async with side_by_side() as group:
            reading_items = group.create_task(self._records.open_items(ids))
            reading_payments = group.create_task(self._records.payments(ids))
        items, payments = reading_items.result(), reading_payments.result()
        return {
            account: balance(
                [item for item in items if item.customer_id == account],
                [payment for payment in payments if payment.customer_id == account],
                self._hotel.currency,
            )
            for account in ids
        }

    def _room(self, stay: Reservation | None) -> str:
        return self._rooms.get(stay.room_id or "", "") if stay else ""


_MOST_ELSEWHERE = 10


def _last_names(text: str) -> list[str]:
    """Whole names are compared as they stand, so the usual spellings of what was typed are all asked for."""
    last = text.rsplit(maxsplit=1)[-1]
    return sorted({text, last, text.title(), last.title(), last.capitalize(), last.upper()})


def _nearest(stays: Iterable[Reservation], now: datetime) -> Reservation | None:
    return min(stays, key=lambda stay: (not stay.in_house, abs(stay.starts_utc - now)), default=None)
