"""Twenty thousand people who do not exist, and a hotel that tells of them at once."""

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from typing_extensions import override

from deskpay.domain.bill import OrderItem
from deskpay.domain.card import CreditCard
from deskpay.domain.customer import Companion, Customer, Reservation, ReservationState
from deskpay.domain.payment import Payment
from tests.kit.fake_hotel import FakeHotel
from tests.kit.guest_books import GuestBooks

ROOMS = 400
_SYLLABLES = [consonant + vowel for consonant in "bdfghjklmnprstvwz" for vowel in "aeio"]
_ENDS = ("", "n", "r", "s", "ü", "sen", "ø", "é", "ić", "-Roe")
_STATES = (ReservationState.STARTED, ReservationState.CONFIRMED, ReservationState.PROCESSED)


class CrowdHotel(FakeHotel):
    """A hotel in memory with a crowd in its books.

    Args:
        count: How many people.

    Attributes:
        people: Their profiles by id.
    """

    def __init__(self, count: int) -> None:
        super().__init__(lambda: datetime.now(UTC))
        dice = random.Random(1)  # noqa: S311 - the same crowd every time
        firsts = [_name(dice, 2) for _ in range(800)]
        lasts = [_name(dice, 3) for _ in range(count // 2)]
        self.people: dict[str, Customer] = {}
        now = self.server_now()
        for number in range(count):
            who = _person(dice, number, dice.choice(firsts), dice.choice(lasts))
            self.people[who.id] = who
            self.stays.append(_stay(number, who, now))

    @override
    async def rooms(self) -> dict[str, str]:
        return {f"room-{number}": str(100 + number) for number in range(ROOMS)}

    @override
    async def stays_touching(self, start_utc: datetime, end_utc: datetime) -> list[Reservation]:
        return self.stays

    @override
    async def customers(self, customer_ids: Sequence[str]) -> list[Customer]:
        return [self.people[customer_id] for customer_id in customer_ids]

    @override
    async def open_items(self, customer_ids: Sequence[str]) -> list[OrderItem]:
        return []

    @override
    async def payments(
        self,
        customer_ids: Sequence[str],
        *,
        created_from_utc: datetime | None = None,
        created_to_utc: datetime | None = None,
    ) -> list[Payment]:
        return []


class CrowdBooks(GuestBooks):
    """What the crowd's hotel tells of changes: some five hundred stays at every question."""

    def __init__(self, hotel: CrowdHotel) -> None:
        super().__init__(hotel)
        self._crowd = hotel

    @override
    async def stays_departed(self, start_utc: datetime, end_utc: datetime) -> list[Reservation]:
        return []

    @override
    async def stays_changed(self, start_utc: datetime, end_utc: datetime) -> list[Reservation]:
        return self._crowd.stays[::40]

    @override
    async def customers_changed(self, start_utc: datetime, end_utc: datetime) -> list[Customer]:
        return []

    @override
    async def accounts_changed(self, start_utc: datetime, end_utc: datetime) -> set[str]:
        return set()

    @override
    async def companions(self, reservation_ids: Sequence[str]) -> list[Companion]:
        return []

    @override
    async def cards_of(self, customer_ids: Sequence[str]) -> list[CreditCard]:
        return []


def _name(dice: random.Random, syllables: int) -> str:
    return "".join(dice.choice(_SYLLABLES) for _ in range(syllables)).title() + dice.choice(_ENDS)


def _person(dice: random.Random, number: int, first: str, last: str) -> Customer:
    return Customer(
        f"{number:08d}-0000-4000-8000-000000000000",
        first,
        last,
        f"{first}.{last}.{number}@example{number % 300}.com",
        f"+44 7{dice.randrange(10**9):09d}",
        "",
        frozenset(),
    )


def _stay(number: int, who: Customer, now: datetime) -> Reservation:
    return Reservation(
        f"{number:08d}-0000-4000-9000-000000000000",
        str(40_000 + number),
        who.id,
        owned_by_company=False,
        state=_STATES[number % 3],
        room_id=f"room-{number % ROOMS}",
        starts_utc=now - timedelta(days=number % 9),
        ends_utc=now + timedelta(days=number % 5 - 1),
        channel_number=f"BDC-{10**8 + number}",
        group_id=f"{number:08d}-0000-4000-a000-000000000000",
    )
