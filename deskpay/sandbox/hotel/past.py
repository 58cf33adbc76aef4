"""The large hotel's past: 60,000 guests and 100,000 payments of ninety days, built when looked at.

Everything follows from a number by arithmetic: guest 45,017 is always the same guest, with the same stay, bill, card
and payments, and an id tells its number. So the hotel opens at once, and a page of a listing builds only its own rows.

Guests before the last 15,000 were brought over from an older system: profiles and stays, but no bills. Every later one
has a stay that is over, a closed bill and what was paid on it: a deposit, extras paid as they came, and the rest on
leaving. Three of them in turn made 6, 7 and 7 payments.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from hashlib import blake2b
from typing import Any

from deskpay.sandbox.clock import utc_text, utc_time
from deskpay.sandbox.hotel import house
from deskpay.sandbox.hotel.calendar import Calendar
from deskpay.sandbox.hotel.people import Person, everybody
from deskpay.sandbox.hotel.state import Hotel
from deskpay.sandbox.hotel.stays import DEPARTED, Stay

Row = dict[str, Any]

GUESTS, STAYERS = 60_000, 15_000
DAYS, OLDER_DAYS = 90, 1000
OLDER = GUESTS - STAYERS
_SMALL_HOURS = 3
_EXTRAS = (
    ("Supper, The Saucer Room", 4200),
    ("The Kettle Bar", 1850),
    ("Spa", 6500),
    ("Laundry", 1400),
    ("Minibar", 960),
)


class PastIds:
    """Ids of one kind of rows that tell their number: a scrambled number, signed with the seed.

    Args:
        seed: The hotel's seed.
        kind: What the rows are.
        size: How many there are.
    """

    def __init__(self, seed: int, kind: str, size: int) -> None:
        self._key = f"{seed} {kind}".encode()
        self._size = size

    def of(self, number: int) -> str:
        """The id of row `number`."""
        rest = blake2b(number.to_bytes(4, "big"), digest_size=12, key=self._key).hexdigest()
        return f"{number * _SCRAMBLE % _WORD:08x}-{rest[:4]}-4{rest[4:7]}-{_VARIANT[rest[7]]}{rest[8:11]}-{rest[11:23]}"

    def number(self, row_id: str) -> int | None:
        """The number of the row with this id, or None where it is no id of these."""
        try:
            number = int(row_id[:8], 16) * _UNSCRAMBLE % _WORD
        except ValueError:
            return None
        return number if number < self._size and self.of(number) == row_id else None


_WORD = 1 << 32
_SCRAMBLE = 0x9E3779B1
_UNSCRAMBLE = pow(_SCRAMBLE, -1, _WORD)
_VARIANT = {digit: "89ab"[int(digit, 16) % 4] for digit in "0123456789abcdef"}


class Turns:
    """Things that guests have by turns: three of them in turn have so many, and the next three again.

    Args:
        counts: How many each of the three has.
    """

    def __init__(self, *counts: int) -> None:
        self._firsts = (0, counts[0], counts[0] + counts[1])
        self._round = sum(counts)

    def of(self, stayer: int) -> range:
        """The numbers of what guest `stayer` has."""
        return range(self._first(stayer), self._first(stayer + 1))

    def split(self, number: int) -> tuple[int, int]:
        """Whose thing `number` is, and which of theirs."""
        rounds, rest = divmod(number, self._round)
        turn = 2 if rest >= self._firsts[2] else 1 if rest >= self._firsts[1] else 0
        return rounds * 3 + turn, rest - self._firsts[turn]

    def _first(self, stayer: int) -> int:
        rounds, turn = divmod(stayer, 3)
        return rounds * self._round + self._firsts[turn]


PAYMENTS = Turns(6, 7, 7)
LINES = Turns(5, 6, 6)
"""A bill has a line for the nights and one for each extra; the nights were paid in two parts."""


class Past:
    """What is true of each guest of long ago.

    Args:
        hotel: The hotel they stayed in, with its rooms and books.
        calendar: Its days.
        seed: Its seed.
    """

    def __init__(self, hotel: Hotel, calendar: Calendar, seed: int) -> None:
        self.hotel = hotel
        self.calendar = calendar
        self.people = everybody()
        self.rooms = list(hotel.rooms)
        self.services = {row["Name"]: row["Id"] for row in hotel.services}
        self.categories = {row["Name"]: row["Id"] for row in hotel.categories}
        self._seed = seed
        self._hours: dict[tuple[int, int], int] = {}

    def draw(self, number: int, what: int) -> int:
        """A large number that is always the same for guest `number` and purpose `what`."""
        mixed = (number * 0x9E3779B1 + what * 0x85EBCA6B + self._seed * 0xC2B2AE35) & 0xFFFFFFFF
        mixed = (mixed ^ mixed >> 15) * 0x2C1B3C6D & 0xFFFFFFFF
        return mixed >> 8

    def person(self, guest: int) -> Person:
        """Who it was: the given names of one, the surnames of another."""
        one, other = self.people[self.first(guest)], self.people[self.last(guest)]
        return Person(one.first, other.last, other.second, one.sex, other.nationality, other.language)

    def first(self, guest: int) -> int:
        """Whose given names a guest bears."""
        return self.draw(guest, 1) % len(self.people)

    def last(self, guest: int) -> int:
        """Whose surnames a guest bears."""
        return self.draw(guest, 2) % len(self.people)

    def leaves(self, guest: int) -> int:
        """The day of departure, from today."""
        if guest >= OLDER:
            return (guest - OLDER) * DAYS // STAYERS - DAYS
        return guest * OLDER_DAYS // OLDER - OLDER_DAYS - DAYS

    def nights(self, guest: int) -> int:
        """How long the stay was."""
        return 1 + self.draw(guest, 3) % 2

    def booked(self, guest: int) -> int:
        """When the profile and the stay were made, in seconds since 1970."""
        day = self.leaves(guest) - self.nights(guest) - 2 - self.draw(guest, 4) % 45
        return self.at(day, 9 * 60 + self.draw(guest, 5) % 480)

    def closed(self, guest: int) -> int:
        """When the bill was closed, in seconds since 1970."""
        return self.at(self.leaves(guest), 10 * 60 + 45)

    def room(self, guest: int) -> Row:
        """The room of the stay."""
        return self.rooms[guest % len(self.rooms)]

    def stay(self, guest: int) -> Stay:
        """The stay."""
        leaves = self.leaves(guest)
        return Stay(self.room(guest)["Name"], leaves - self.nights(guest), leaves, DEPARTED, 100_000 + guest)

    def price(self, guest: int, line: int) -> Decimal:
        """What a line of the bill comes to, in pounds."""
        if line == 0:
            return house.kind_of(self.room(guest)["Name"]).night * self.nights(guest)
        pence = self.bought(guest, line)[1] * (80 + self.draw(guest * 8 + line, 6) % 60) // 100
        return Decimal(pence).scaleb(-2)

    def bought(self, guest: int, line: int) -> tuple[str, int]:
        """What a later line of the bill is for, and its usual price in pence."""
        return _EXTRAS[self.draw(guest * 8 + line, 7) % len(_EXTRAS)]

    def paid(self, guest: int, part: int) -> Decimal:
        """How much part `part` of the payments of a guest was, in pounds."""
        last = len(PAYMENTS.of(guest - OLDER)) - 1
        if 0 < part < last:
            return self.price(guest, part)
        deposit = self.price(guest, 0) / 2
        return deposit if part == 0 else self.price(guest, 0) - deposit

    def paid_at(self, guest: int, part: int) -> int:
        """When part `part` of the payments was made, in seconds since 1970."""
        leaves, nights = self.leaves(guest), self.nights(guest)
        if part == len(PAYMENTS.of(guest - OLDER)) - 1:
            return self.at(leaves, 10 * 60 + 30)
        if part == 0:
            return self.at(leaves - nights, 15 * 60 + 10 + self.draw(guest, 8) % 40)
        return self.at(leaves - nights + part % nights, 16 * 60 + part * 70 + self.draw(guest * 8 + part, 9) % 60)

    def at(self, day: int, minute: int) -> int:
        """Seconds since 1970 of a minute of a day, from today, in the hotel's time."""
        # Clocks change in the small hours; before and after, a day is counted from an hour of its own.
        hour = 0 if minute < _SMALL_HOURS * 60 else _SMALL_HOURS
        start = self._hours.get((day, hour))
        if start is None:
            start = self._hours[day, hour] = int(utc_time(self.calendar.at(day, hour)).timestamp())
        return start + (minute - hour * 60) * 60

    def named(self, field: str, names: frozenset[Any]) -> Iterator[int]:
        """The guests whose ``FirstName`` or ``LastName`` is among `names`."""
        of = self.first if field == "FirstName" else self.last
        people = [(one.first if field == "FirstName" else one.last) or None for one in self.people]
        bearing = frozenset(place for place, name in enumerate(people) if name in names)
        return (guest for guest in range(GUESTS) if of(guest) in bearing) if bearing else iter(())


def text_of(seconds: int) -> str:
    """`seconds` since 1970 as UTC text."""
    return utc_text(datetime.fromtimestamp(seconds, UTC))
