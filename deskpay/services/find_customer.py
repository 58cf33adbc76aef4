"""Finding guests beyond those at hand, by asking the hotel's books.

The API's filters take whole values only: whole last and first names, addresses, codes and numbers. What was asked once
is remembered for a minute, so that going back a letter costs nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from deskpay.domain.customer import Customer, Reservation
from deskpay.domain.entry import holds_card_number
from deskpay.domain.errors import Field, InputProblem, InputRefused
from deskpay.domain.guest import Guest
from deskpay.domain.spelling import compact
from deskpay.services.front_desk import FrontDesk
from deskpay.services.people import People
from deskpay.services.ports import GuestRecords
from deskpay.services.scope import side_by_side

SHORTEST_ASKED = 3
"""Letters below which nobody is asked for: no whole name is meant yet."""

REMEMBERED_S = 60.0
MOST_ELSEWHERE = 50

_NUMBER = re.compile(r"#?\s*([0-9][0-9 ]*)")
_CODE = re.compile(r"(?=.*[0-9])[\w/-]+")


class FindElsewhere:
    """Asks the books for guests.

    Args:
        front: the desk.
        guests: what is asked.
    """

    def __init__(self, front: FrontDesk, guests: GuestRecords) -> None:
        self._clock = front.clock
        self._hotel = front.hotel
        self._records = front.records
        self._guests = guests
        self._remembered: dict[str, tuple[float, list[Guest]]] = {}

    def forget(self) -> None:
        """Drop what was remembered."""
        self._remembered = {}

    async def find(self, typed: str, people: People) -> list[Guest]:
        """Return who is called exactly what was typed, anywhere and at any time, those nearest to today first.

        Args:
            typed: a name, an address, a code, a number or a room.
            people: who is at hand; they know the rooms' names.

        Raises:
            InputRefused: a card number was typed; it goes nowhere.
            HotelUnavailable: the books could not be read whole.
            Refused: they may not be read; RateLimited where too much was asked.
        """
        if holds_card_number(typed):
            raise InputRefused(Field.SEARCH, InputProblem.CARD_NUMBER)
        asked = " ".join(typed.split())
        if len(compact(asked)) < SHORTEST_ASKED and not asked.startswith("#") and not _rooms_called(asked, people):
            return []
        now_s = self._clock.monotonic_s()
        self._remembered = {key: kept for key, kept in self._remembered.items() if kept[0] > now_s - REMEMBERED_S}
        if asked not in self._remembered:
            self._remembered[asked] = (now_s, await self._ask(asked, people))
        return self._remembered[asked][1]

    async def _ask(self, asked: str, people: People) -> list[Guest]:
        if "@" in asked:
            return await self._with_stays(await self._records.customers_with_email(asked), people)
        if number := _NUMBER.fullmatch(asked):
            return await self._numbered(number[1].replace(" ", ""), people)
        if _CODE.fullmatch(asked):
            return await self._coded(asked, people)
        return await self._named(asked, people)

    async def _numbered(self, number: str, people: People) -> list[Guest]:
        now = self._records.server_now()
        rooms = _rooms_called(number, people)
        async with side_by_side() as group:
            reading = [
                group.create_task(self._records.stays_numbered(number)),
                group.create_task(self._guests.stays_booked_as(number)),
                *(
                    group.create_task(self._guests.stays_in_room(room, now - timedelta(days=30), now))
                    for room in rooms[:1]
                ),
            ]
        return await self._of([stay for task in reading for stay in task.result()], people)

    async def _coded(self, code: str, people: People) -> list[Guest]:
        async with side_by_side() as group:
            booked = group.create_task(self._guests.stays_booked_as(code))
            loyal = group.create_task(self._guests.customers_with_loyalty(code))
        return _distinct([*await self._of(booked.result(), people), *await self._with_stays(loyal.result(), people)])

    async def _named(self, asked: str, people: People) -> list[Guest]:
        names = _spelled(asked)
        async with side_by_side() as group:
            here = group.create_task(self._records.customers_in_house(asked))
            last = group.create_task(self._records.customers_named(names))
            first = group.create_task(self._guests.customers_first_named(names))
            companies = group.create_task(self._guests.companies_named(names))
        # Of the many who share a word of a name, those whose whole name was typed come first.
        found = [*here.result(), *last.result(), *first.result(), *companies.result()]
        wanted = {compact(word) for word in asked.split()}
        found.sort(key=lambda who: -len(wanted & {compact(who.first_name), compact(who.last_name)}))
        return await self._with_stays(found, people)

    async def _of(self, stays: Sequence[Reservation], people: People) -> list[Guest]:
        distinct = {stay.id: stay for stay in stays}
        guests = sorted({stay.customer_id for stay in distinct.values() if not stay.owned_by_company})
        companies = sorted({stay.customer_id for stay in distinct.values() if stay.owned_by_company})
        async with side_by_side() as group:
            reading_guests = group.create_task(self._customers(guests))
            reading_companies = group.create_task(self._companies(companies))
        who = {customer.id: customer for customer in (*reading_guests.result(), *reading_companies.result())}
        now = self._records.server_now()
        nearest = sorted(distinct.values(), key=lambda stay: _distance(stay, now))
        return [_guest(who[stay.customer_id], stay, people) for stay in nearest if stay.customer_id in who]

    async def _customers(self, ids: list[str]) -> list[Customer]:
        return await self._records.customers(ids) if ids else []

    async def _companies(self, ids: list[str]) -> list[Customer]:
        return await self._guests.companies(ids) if ids else []

    async def _with_stays(self, customers: Iterable[Customer], people: People) -> list[Guest]:
        """Return the guests, each with the stay nearest to today."""
        distinct = list({customer.id: customer for customer in customers}.values())[:MOST_ELSEWHERE]
        ids = [customer.id for customer in distinct if not customer.is_company]
        stays = await self._records.stays_of(ids) if ids else []
        now = self._records.server_now()
        nearest = {
            stay.customer_id: stay for stay in sorted(stays, key=lambda stay: _distance(stay, now), reverse=True)
        }
        return [_guest(customer, nearest.get(customer.id), people) for customer in distinct]


def _guest(customer: Customer, stay: Reservation | None, people: People) -> Guest:
    room = people.rooms.get(stay.room_id or "", "") if stay is not None else ""
    return Guest(customer, stay, room, None)


def _distance(stay: Reservation, now: datetime) -> tuple[bool, timedelta]:
    return not stay.in_house, abs(stay.starts_utc - now)


def _distinct(guests: Iterable[Guest]) -> list[Guest]:
    return list({guest.key: guest for guest in guests}.values())


def _rooms_called(name: str, people: People) -> list[str]:
    return [room_id for room_id, room in people.rooms.items() if room.casefold() == name.casefold()]


def _spelled(text: str) -> list[str]:
    """Whole names are compared as they stand, so the usual ways to write what was typed are all asked for.

    A name may be any word of what was typed, or its end, as in `Maria de la Cruz`.
    """
    pieces = text.replace(",", " ").split()
    parts = {" ".join(pieces[start:]) for start in range(len(pieces))} | set(pieces)
    written = {way for part in parts for way in (part, part.title(), part.capitalize(), part.upper())}
    return sorted(written)
