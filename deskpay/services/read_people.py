"""Reading the people of the day, and what changed of them since.

Opening reads the stays around today in two questions, their guests, companions and payers in packs of a thousand, and
the balances of those likeliest at the desk. After that only changes are asked for, by `UpdatedUtc`: of stays, of
profiles, of what was sold and of what was paid. The rest of the balances, and the cards, follow a pack at a time.

Source: Mews Connector API, request limits (200 in 30 s for all desks together) and "Best practices": caching, few
calls, `UpdatedUtc`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from deskpay.domain.bill import OrderItem, balance
from deskpay.domain.card import CardKind, CreditCard
from deskpay.domain.customer import Companion, Customer, Reservation
from deskpay.domain.errors import NotMews, Rejected, Unauthorized
from deskpay.domain.guest import SOON
from deskpay.domain.payment import Payment
from deskpay.services.front_desk import FrontDesk
from deskpay.services.people import People
from deskpay.services.ports import GuestRecords
from deskpay.services.scope import side_by_side

REACH = timedelta(days=30)
"""How far back stays are read: a guest who overstays was due to leave some days ago."""

DEPARTED_REACH = timedelta(days=3)
SERVED_REACH = timedelta(days=30)
"""How far back our own acts are looked through for their references."""

OVERLAP = timedelta(minutes=2)
"""By how much spans of changes overlap, for clocks that differ and rows that appear late."""

TOO_OLD = timedelta(hours=12)
"""People who were not refreshed for so long are read anew instead of caught up with."""

BALANCES_AT_ONCE = 200
"""Accounts whose balance is read on opening: two packs of a hundred, four requests."""

BALANCES_PER_ROUND = 100
CARDS_PER_ROUND = 1000

SLICE = 50
"""People taken in before the loop has its turn: some four milliseconds."""

_Found = TypeVar("_Found")


@dataclass(frozen=True, slots=True)
class _Read:
    """What one reading brought together, before it is taken in."""

    customers: dict[str, Customer]
    companions: list[Companion]


@dataclass(frozen=True, slots=True)
class _Put:
    """A guest to be taken in."""

    customer: Customer
    stay: Reservation | None
    companion: bool = False


class PeopleReader:
    """Reads people into memory.

    Args:
        front: the desk.
        guests: what is asked.
    """

    def __init__(self, front: FrontDesk, guests: GuestRecords) -> None:
        self._front = front
        self._hotel = front.hotel
        self._records = front.records
        self._guests = guests
        self._refused: set[str] = set()
        self.people = People(front.today, front.hotel.zone)
        self.read_utc: datetime | None = None

    def forget(self) -> None:
        """Drop everybody; the next reading begins from nothing."""
        self.people, self.read_utc = People(self._front.today, self._hotel.zone), None

    async def load(self) -> None:
        """Read everybody. Whoever was known stays findable until the new people are complete.

        Raises:
            HotelUnavailable: the books could not be read whole.
            Refused: they may not be read.
        """
        now = self._records.server_now()
        today = self._hotel.today(now)
        if not self.people.rooms:
            self.people.name_rooms(await self._records.rooms())
        start, _ = self._hotel.day_utc(today)
        _, end = self._hotel.day_utc(today + SOON)
        async with side_by_side() as group:
            near = group.create_task(self._records.stays_touching(start - REACH, end))
            departed = group.create_task(self._guests.stays_departed(start - DEPARTED_REACH, now + OVERLAP))
        stays = {stay.id: stay for stay in (*near.result(), *departed.result())}
        served = await self._served()
        fresh = self.people.successor(today) if len(self.people) else self.people
        await self._take_in(fresh, list(stays.values()), also=served)
        await self._read_balances(fresh, fresh.without_balance(most=BALANCES_AT_ONCE))
        self.people, self.read_utc = fresh, now

    async def refresh(self) -> frozenset[str]:
        """Read what changed since the last time, or everybody where that was too long ago or on another day.

        Returns:
            The accounts whose money changed.

        Raises:
            HotelUnavailable: the books could not be read whole; what was known is unchanged.
            Refused: they may not be read.
        """
        now, since = self._records.server_now(), self.read_utc
        if since is None or now - since > TOO_OLD or self._hotel.today(now) != self.people.today:
            await self.load()
            return frozenset()
        span = (since - OVERLAP, now + OVERLAP)
        async with side_by_side() as group:
            stays = group.create_task(self._guests.stays_changed(*span))
            customers = group.create_task(self._guests.customers_changed(*span))
            accounts = group.create_task(self._guests.accounts_changed(*span))
        for customer in customers.result():
            self.people.rename(customer)
        await self._take_in(self.people, [stay for stay in stays.result() if self._matters(stay)])
        changed = accounts.result()
        await self._read_balances(self.people, self.people.with_balance(sorted(changed)))
        self.read_utc = now
        await self._read_on()
        return frozenset(changed)

    async def _read_on(self) -> None:
        """Read a pack more of what opening left for later."""
        await self._read_balances(self.people, self.people.without_balance(most=BALANCES_PER_ROUND))
        without = self.people.without_cards(most=CARDS_PER_ROUND)
        if without:
            cards = await self._granted("cards", lambda: self._guests.cards_of(without))
            self.people.has_cards(_ends_by_guest(without, cards))

    async def _served(self) -> list[str]:
        """Return the guests of our own acts of the last weeks, and note the acts' references."""
        today = self._front.clock.now().date()
        acts = await self._front.journal.drafted_on(today - SERVED_REACH, today)
        for act in acts:
            self.people.has_reference(act.intent.customer_id, act.intent.reference)
        return list(dict.fromkeys(act.intent.customer_id for act in acts))

    async def _take_in(self, people: People, stays: Sequence[Reservation], *, also: Iterable[str] = ()) -> None:
        if not stays and not also:
            return
        read = await self._who(people, stays, also)
        hosts = {stay.id: stay for stay in stays}
        put = [_Put(owner, stay) for stay in stays if (owner := read.customers.get(stay.customer_id))]
        put += [
            _Put(shared.customer, host, companion=True)
            for shared in read.companions
            if (host := hosts.get(shared.reservation_id)) and shared.customer.id != host.customer_id
        ]
        with_stay = {stay.customer_id for stay in stays}
        put += [_Put(who, None) for who in read.customers.values() if who.id not in with_stay]
        for first in range(0, len(put), SLICE):
            for each in put[first : first + SLICE]:
                people.put(each.customer, each.stay, companion=each.companion)
            await self._front.clock.sleep(0)

    async def _who(self, people: People, stays: Sequence[Reservation], also: Iterable[str]) -> _Read:
        guest_ids = {stay.customer_id for stay in stays if not stay.owned_by_company} | set(also)
        company_ids = {stay.customer_id for stay in stays if stay.owned_by_company}
        company_ids |= {payer for stay in stays for payer in stay.payer_ids}
        group_ids = {stay.group_id for stay in stays if stay.group_id}
        stay_ids = [stay.id for stay in stays]
        async with side_by_side() as group:
            customers = group.create_task(self._customers(sorted(guest_ids)))
            companions = group.create_task(self._asked("companions", stay_ids, self._guests.companions))
            companies = group.create_task(self._asked("companies", sorted(company_ids), self._guests.companies))
            shared = sorted(_shared(stays, group_ids))
            names = group.create_task(self._asked("groups", shared, self._named_groups))
        people.name_groups(dict(names.result()))
        found = {who.id: who for who in (*customers.result(), *companies.result())}
        return _Read(found, companions.result())

    async def _customers(self, ids: list[str]) -> list[Customer]:
        return await self._records.customers(ids) if ids else []

    async def _named_groups(self, ids: Sequence[str]) -> list[tuple[str, str]]:
        return list((await self._guests.group_names(ids)).items())

    async def _asked(
        self, what: str, ids: Sequence[str], ask: Callable[[Sequence[str]], Awaitable[list[_Found]]]
    ) -> list[_Found]:
        return await self._granted(what, lambda: ask(ids)) if ids else []

    async def _granted(self, what: str, ask: Callable[[], Awaitable[list[_Found]]]) -> list[_Found]:
        """Return what `ask` brings; nothing where the hotel has not granted it, which is then not asked again.

        Source: Mews Connector API, "Errors": 401 on one endpoint alone switches off that feature, not the client.
        """
        if what in self._refused:
            return []
        try:
            return await ask()
        except (Unauthorized, Rejected, NotMews):
            self._refused.add(what)
            return []

    async def _read_balances(self, people: People, accounts: list[str]) -> None:
        if not accounts:
            return
        async with side_by_side() as group:
            reading_items = group.create_task(self._records.open_items(accounts))
            reading_payments = group.create_task(self._records.payments(accounts))
        items, payments = defaultdict[str, list[OrderItem]](list), defaultdict[str, list[Payment]](list)
        for item in reading_items.result():
            items[item.customer_id].append(item)
        for payment in reading_payments.result():
            payments[payment.customer_id].append(payment)
        currency = self._hotel.currency
        people.owes({account: balance(items[account], payments[account], currency) for account in accounts})

    def _matters(self, stay: Reservation) -> bool:
        """Tell whether a changed stay is one of the days that are kept, or of somebody who is known already."""
        start, _ = self._hotel.day_utc(self.people.today)
        _, end = self._hotel.day_utc(self.people.today + SOON)
        near = stay.starts_utc < end and stay.ends_utc >= start - DEPARTED_REACH
        return near or stay.in_house or self.people.get(stay.id) is not None


def _shared(stays: Sequence[Reservation], group_ids: Iterable[str]) -> set[str]:
    """Return the groups of more than one stay; a group of one is what every booking is."""
    counts = dict.fromkeys(group_ids, 0)
    for stay in stays:
        if stay.group_id in counts:
            counts[stay.group_id] += 1
    return {group for group, count in counts.items() if count > 1}


def _ends_by_guest(guests: Iterable[str], cards: Iterable[CreditCard]) -> dict[str, tuple[str, ...]]:
    ends: dict[str, tuple[str, ...]] = dict.fromkeys(guests, ())
    for card in cards:
        last = card.obfuscated_number[-4:]
        if card.active and card.kind is not CardKind.TERMINAL and last.isdigit():
            ends[card.customer_id] = (*ends.get(card.customer_id, ()), last)
    return ends
