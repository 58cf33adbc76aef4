"""The Gilded Teapot Hotel, the same for the same seed, laid around the day it opens."""

from collections.abc import Iterator
from datetime import datetime
from itertools import cycle

from deskpay.sandbox.hotel import cast, house, office
from deskpay.sandbox.hotel.calendar import Calendar
from deskpay.sandbox.hotel.ids import Ids
from deskpay.sandbox.hotel.people import Person, everybody
from deskpay.sandbox.hotel.state import Hotel
from deskpay.sandbox.hotel.stays import CANCELED, CONFIRMED, DEPARTED, IN_HOUSE, NO_SHOW, OPTIONAL, Builder, Row, Stay

# Guests of the small hotel, its cast included; the large one multiplies them.
IN_HOUSE_TOTAL, ARRIVING, LEAVING = 42, 11, 9
_OTHERS = ((DEPARTED, 36), (CONFIRMED, 16), (CANCELED, 5), (NO_SHOW, 4), (OPTIONAL, 4))
LARGE_FACTOR, LARGE_ROOMS = 7, 400
_FIRST_NUMBER = 47300

_FLOORS = (
    *(f"{number}" for number in range(101, 118)),
    "126",
    *(f"{number}" for number in range(201, 217)),
    *(f"{number}" for number in range(301, 319)),
    *(f"{number}" for number in range(401, 409)),
)


def seed_hotel(seed: int, size: str, now: datetime) -> Hotel:
    """Build the hotel.

    Args:
        seed: Draws every id and every choice; the same seed gives the same hotel.
        size: ``small`` (60 rooms) or ``large`` (400, and the past of ninety days).
        now: The moment it opens; stays are laid around its day in the hotel's zone.
    """
    factor = LARGE_FACTOR if size == "large" else 1
    ids, calendar = Ids(seed), Calendar(now)
    upstairs = LARGE_ROOMS - len(_FLOORS) if size == "large" else 0
    names = [*_FLOORS, *(f"{5 + extra // 40}{1 + extra % 40:02}" for extra in range(upstairs))]
    hotel = house.build(ids, calendar, names)
    builder = Builder(hotel, ids, calendar, hotel.enterprise["ChainId"])
    builder.category_ids = {kind.name: ids.new() for kind in house.KINDS} | {"rate": ids.new(), "adult": ids.new()}
    if size == "large":
        from deskpay.sandbox.hotel.archives import open_archives
        from deskpay.sandbox.hotel.past import Past
        from deskpay.sandbox.hotel.past_books import PastBooks

        past = Past(hotel, calendar, seed)
        open_archives(past, seed, builder.category_ids)
        hotel.earlier = PastBooks(past).balance
    cast.lay(builder)
    _Crowd(builder, factor).lay()
    office.furnish(hotel, seed)
    return hotel


class _Crowd:
    """Everybody who is not in the cast."""

    def __init__(self, builder: Builder, factor: int) -> None:
        self._builder = builder
        self._factor = factor
        self._people: Iterator[Person] = cycle(everybody())
        taken = {known.stay.room for known in cast.KNOWN} | {"214"}
        self._rooms = iter([row["Name"] for row in builder.hotel.rooms if row["Name"] not in taken])
        self._number = _FIRST_NUMBER

    def lay(self) -> None:
        known = [entry.stay for entry in cast.KNOWN]
        in_house = 1 + sum(stay.phase == IN_HOUSE for stay in known)
        leaving = sum(stay.phase == IN_HOUSE and stay.leaves == 0 for stay in known)
        arriving = sum(stay.phase == CONFIRMED and stay.arrives == 0 for stay in known)
        today = LEAVING * self._factor - leaving
        random = self._builder.ids.random
        for index in range(IN_HOUSE_TOTAL * self._factor - in_house):
            leaves = 0 if index < today else 1 + random.randrange(6)
            self._guest(Stay(next(self._rooms), -1 - random.randrange(5), leaves, IN_HOUSE, self._next_number()))
        for index in range(ARRIVING * self._factor - arriving):
            # One in three has no room yet: assigned at the desk.
            room = None if index % 3 == 2 else next(self._rooms, None)
            self._guest(Stay(room, 0, 1 + random.randrange(5), CONFIRMED, self._next_number()))
        for phase, count in _OTHERS:
            for _ in range(count * self._factor):
                self._guest(self._other(phase))

    def _other(self, phase: str) -> Stay:
        random = self._builder.ids.random
        nights = 1 + random.randrange(5)
        if phase == DEPARTED:
            room = random.choice(_FLOORS)
            leaves = -1 - random.randrange(40)
            return Stay(room, leaves - nights, leaves, phase, self._next_number())
        day = -1 if phase == NO_SHOW else 1 + random.randrange(60)
        return Stay(None, day, day + nights, phase, self._next_number())

    def _guest(self, stay: Stay) -> None:
        customer = self._builder.person(next(self._people), stay.arrives)
        self._cards(customer)
        if self._builder.customers % 7 == 0:
            customer |= {"Email": f"guest.{stay.number}@booking.example", "HasOtaEmail": True}
        self._builder.stay(customer, stay)

    def _cards(self, customer: Row) -> None:
        """Cards of every kind, by turns; every fifth guest has none."""
        builder = self._builder
        last = f"{builder.ids.random.randrange(4000, 9000)}"  # none of the numbers the gateway treats specially
        match builder.customers % 10:
            case 0 | 5:
                return
            case 1:
                builder.card(customer, "Visa", f"422222******{last}", 15, State="Disabled", IsActive=False)
            case 2:
                builder.card(customer, "MasterCard", f"530000******{last}", -4)
            case 3:
                builder.card(customer, "MasterCard", f"533300******{last}", 2, Format="Virtual")
            case 4:
                builder.card(customer, "Visa", f"************{last}", 12, Kind="Terminal")
            case 6:
                builder.card(customer, "Amex", f"374200*****{last}", 22)
            case 7:
                builder.card(customer, None, f"************{last}", 8)
            case _:
                builder.card(customer, "Visa", f"431000******{last}", 19)

    def _next_number(self) -> int:
        self._number += 1
        return self._number
