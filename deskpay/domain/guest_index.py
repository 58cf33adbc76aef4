"""The people at hand, found at the speed of typing.

Every guest has a number, and for each facet (name, room, number, card, telephone, e-mail) the words by which they go.
A search takes each word typed in each facet, keeps who matches all of them, and orders them by how well they match,
then by how likely they stand at the desk. The guest data lives in memory only.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from heapq import nsmallest
from itertools import chain, islice
from zoneinfo import ZoneInfo

from deskpay.domain.guest import Guest, Presence
from deskpay.domain.postings import Postings
from deskpay.domain.query import Facet, Reading, Word, phone_digits, readings
from deskpay.domain.spelling import compact, fold, spellings, words

MOST_FOUND = 20
"""Nobody reads further: one more letter is quicker."""

_FEW = 5
"""Below so many matches, what was typed may be misspelled."""

_CONSIDERED = 80
"""How many of the likeliest are compared closely where thousands match a first letter."""

_WHOLE = {
    Facet.ROOM: 0,
    Facet.NUMBER: 1,
    Facet.NAME: 2,
    Facet.MAIL: 2,
    Facet.PHONE: 4,
    Facet.CARD: 5,
}
_BEGINNING = {Facet.NAME: 10, Facet.ROOM: 20, Facet.NUMBER: 22, Facet.MAIL: 24}
_INSIDE = {Facet.PHONE: 12, Facet.NUMBER: 40, Facet.ROOM: 42}
_NEAR = 60
"""How good a match is: less is better. The sums over the words of a search are compared."""

_INSIDE_DIGITS = 3
_FEW_INSIDE_DIGITS = 2
"""Figures from which they are looked for inside numbers. Beside a name they only narrow, and rooms are few."""

_CROWD = 2000
_NEVER_CROWDED = frozenset({Facet.NAME, Facet.ROOM})
"""The first figure of long numbers, or the letters of a booking site, begin thousands of words and tell nothing."""


_Tiers = list[tuple[int, Collection[int]]]
_Likelihood = tuple[int, int, int]
_UNPLACED = (0, 0, 0)


@dataclass(frozen=True, slots=True)
class Found:
    """A guest found.

    Args:
        guest: who.
        presence: where they are in their stay.
    """

    guest: Guest
    presence: Presence


class GuestIndex:
    """Guests by everything they may be called.

    Args:
        today: the hotel's day; how likely a guest stands at the desk is judged by it.
        zone: the hotel's time zone.
    """

    def __init__(self, today: date, zone: ZoneInfo) -> None:
        self.today = today
        self._zone = zone
        self._facets = {facet: Postings(None if facet in _NEVER_CROWDED else _CROWD) for facet in Facet}
        self._numbers: dict[str, int] = {}
        self._guests: list[Guest] = []
        self._likelihood: list[_Likelihood] = []
        self._alike: dict[_Likelihood, set[int]] = {}
        self._presences: list[Presence] = []

    def __len__(self) -> int:
        return len(self._numbers)

    def __iter__(self) -> Iterator[Guest]:
        return iter(self._guests)

    def of(self, *presences: Presence) -> list[Guest]:
        """Return the guests in one of the `presences`, in no order, without companions: their host stands for them."""
        return [
            guest
            for guest, presence in zip(self._guests, self._presences, strict=True)
            if presence in presences and not guest.companion
        ]

    def get(self, key: str) -> Guest | None:
        """Return the guest of `key`, None where there is none."""
        number = self._numbers.get(key)
        return None if number is None else self._guests[number]

    def presence(self, guest: Guest) -> Presence:
        """Return where `guest` is on the index's day."""
        return guest.presence(self.today, self._zone)

    def put(self, guest: Guest) -> None:
        """Take `guest` in, in place of what was known under the same key."""
        number = self._numbers.get(guest.key)
        if number is None:
            number = self._numbers[guest.key] = len(self._guests)
            before: set[tuple[Facet, str]] = set()
            self._guests.append(guest)
            self._likelihood.append(_UNPLACED)
            self._presences.append(Presence.ELSEWHERE)
        else:
            before = set(_called(self._guests[number]))
        now = set(_called(guest))
        for facet, word in now - before:
            self._facets[facet].add(word, number)
        for facet, word in before - now:
            self._facets[facet].remove(word, number)
        presence = self.presence(guest)
        self._guests[number] = guest
        self._presences[number] = presence
        self._place(number, (int(presence), int(guest.companion), int(not guest.owes)))

    def _place(self, number: int, likelihood: _Likelihood) -> None:
        self._alike.get(self._likelihood[number], set()).discard(number)
        self._alike.setdefault(likelihood, set()).add(number)
        self._likelihood[number] = likelihood

    def search(self, typed: str, limit: int = MOST_FOUND) -> list[Found]:
        """Return who matches `typed`, the likeliest meant first, at most `limit`."""
        meant = readings(typed)
        known: dict[tuple[Word, int], _Tiers] = {}
        best = self._best(meant, known)
        if len(best) < _FEW:
            near = {word.spelled[0]: list(self._near(word)) for word, _ in known}
            nearly = {key: tiers + near[key[0].spelled[0]] for key, tiers in known.items()}
            for number, quality in self._best(meant, nearly).items():
                best.setdefault(number, quality)
        found = nsmallest(limit, best, key=lambda number: (best[number], *self._rank(number)))
        return [Found(self._guests[number], self._presences[number]) for number in found]

    def _rank(self, number: int) -> tuple[_Likelihood, int, int, str]:
        """Return where `number` stands among equally good matches; of a longer name less was typed."""
        guest = self._guests[number]
        return self._likelihood[number], len(guest.customer.last_name), len(guest.room), guest.room

    def _best(self, meant: Iterable[Reading], known: dict[tuple[Word, int], _Tiers]) -> dict[int, int]:
        best: dict[int, int] = {}
        for reading in meant:
            for number, quality in self._matching(reading, known):
                best[number] = min(best.get(number, quality), quality)
        return best

    def _matching(self, reading: Reading, known: dict[tuple[Word, int], _Tiers]) -> Iterator[tuple[int, int]]:
        """Return the likeliest who match every word, and how well; what is looked up for it is kept in `known`."""
        named = any(not word.spelled[0].isdigit() for word in reading)
        digits = _FEW_INSIDE_DIGITS if named else _INSIDE_DIGITS
        for word in reading:
            if (word, digits) not in known:
                known[word, digits] = self._tiers(word, inside_digits=digits)
        tiers = [known[word, digits] for word in reading]
        matching = [set[int]().union(*(people for _, people in of_word)) for of_word in tiers]
        everyone = matching[0].intersection(*matching[1:])
        considered = set(self._likeliest(everyone))
        for of_word in tiers:
            # Whoever is called just so is looked at, however unlikely at the desk.
            for quality, people in of_word:
                if quality < _BEGINNING[Facet.NAME]:
                    considered.update(self._likeliest(everyone.intersection(people)))
        for number in considered:
            yield number, sum(next(q for q, people in of_word if number in people) for of_word in tiers)

    def _likeliest(self, people: set[int]) -> set[int]:
        """Return some of the people, those likeliest at the desk; there are few likelihoods, and many of each."""
        if len(people) <= _CONSIDERED:
            return people
        in_order = (people & self._alike[likelihood] for likelihood in sorted(self._alike))
        return set(islice(chain.from_iterable(in_order), _CONSIDERED))

    def _tiers(self, word: Word, *, inside_digits: int) -> _Tiers:
        """Return who matches `word`, by how well, best first."""
        tiers: _Tiers = []
        for facet in word.facets:
            postings = self._facets[facet]
            if facet is Facet.PHONE:
                tiers += [(_WHOLE[facet], postings.whole(digits)) for digits in word.phones]
                tiers += [(_INSIDE[facet], postings.inside(digits)) for digits in word.phones]
                continue
            for spelled in word.spelled:
                tiers.append((_WHOLE[facet], postings.whole(spelled)))
                if facet in _BEGINNING:
                    tiers.append((_BEGINNING[facet], postings.beginning(spelled)))
                least = _FEW_INSIDE_DIGITS if facet is Facet.ROOM else inside_digits
                if facet in _INSIDE and spelled.isdigit() and len(spelled) >= least:
                    tiers.append((_INSIDE[facet], postings.inside(spelled)))
        return sorted(((quality, people) for quality, people in tiers if people), key=lambda tier: tier[0])

    def _near(self, word: Word) -> Iterator[tuple[int, Collection[int]]]:
        """Return who is called nearly like `word`, by the number of errors; figures are never nearly meant."""
        spelled = word.spelled[0]
        named = Facet.NAME in word.facets and not spelled.isdigit()
        errors = self._facets[Facet.NAME].near(spelled) if named else {}
        for count in sorted(set(errors.values())):
            yield _NEAR + 10 * count, {number for number, of_one in errors.items() if of_one == count}


def _called(guest: Guest) -> Iterator[tuple[Facet, str]]:
    """Return everything that `guest` goes by."""
    customer, stay = guest.customer, guest.reservation
    for name in (customer.first_name, customer.last_name, customer.second_last_name, guest.group):
        yield from ((Facet.NAME, word) for word in spellings(name))
    if guest.room:
        yield Facet.ROOM, compact(guest.room)
    numbers = (stay.number, stay.channel_number) if stay else ()
    for number in (*numbers, customer.loyalty_code, *guest.references):
        if number:
            yield Facet.NUMBER, compact(number)
            yield from ((Facet.NUMBER, word) for word in words(number) if len(word) >= _PART)
    if customer.email:
        address = fold(customer.email)
        yield Facet.MAIL, address
        yield from ((Facet.MAIL, part) for part in re.split(r"[^0-9a-z]+", address.rpartition(".")[0]) if part)
    if digits := phone_digits(customer.phone):
        yield Facet.PHONE, digits
    yield from ((Facet.CARD, ends) for ends in guest.card_ends)


_PART = 4
"""Shorter parts of a compound number, such as the channel's letters, would find half the house."""
