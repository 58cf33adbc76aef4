"""Who is called what: words, and the numbers of the people that each belongs to.

A word is found whole, by its beginning, by something inside it, or nearly, with typing errors forgiven. Whole and
beginning cost a look-up and a bisection; the others walk over the words, not over the people.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable

from rapidfuzz import process
from rapidfuzz.distance import OSA

SHORTEST_NEAR = 4
"""Letters below which a typing error is not forgiven: too much would be near."""

_LONG = 8
"""Letters from which two typing errors are."""

_BEYOND = "\U0010ffff"


class Postings:
    """Words of one kind, such as names or numbers of rooms.

    Args:
        crowd: how many words may begin alike before that says nothing and finds nobody; None for any number.
    """

    def __init__(self, crowd: int | None = None) -> None:
        self._crowd = crowd
        self._people: dict[str, tuple[int, ...]] = {}
        self._words: list[str] = []
        self._beginnings: dict[int, tuple[str, ...]] = {}

    def add(self, word: str, person: int) -> None:
        """Note that `person` is called `word`; a second time changes nothing."""
        people = self._people.get(word)
        if people is None:
            insort(self._words, word)
            self._beginnings.clear()
            self._people[word] = (person,)
        elif person not in people:
            self._people[word] = (*people, person)

    def remove(self, word: str, person: int) -> None:
        """Note that `person` is called `word` no more. The word itself stays and finds nobody."""
        self._people[word] = tuple(other for other in self._people[word] if other != person)

    def whole(self, word: str) -> set[int]:
        """Return who is called exactly `word`."""
        return set(self._people.get(word, ()))

    def beginning(self, start: str) -> set[int]:
        """Return who has a word that begins with `start`, nobody where a crowd has."""
        first, last = bisect_left(self._words, start), bisect_left(self._words, start + _BEYOND)
        if self._crowd is not None and last - first > self._crowd:
            return set()
        return self._of(self._words[first:last])

    def inside(self, part: str) -> set[int]:
        """Return who has a word with `part` anywhere in it."""
        return self._of(word for word in self._words if part in word)

    def near(self, word: str) -> dict[int, int]:
        """Return who has a word that begins nearly like `word`, each with the least number of typing errors.

        An error is a letter wrong, missing or too many, or two letters swapped. A beginning that `word` only goes on
        from says nothing and does not count.
        """
        if len(word) < SHORTEST_NEAR:
            return {}
        most = 2 if len(word) >= _LONG else 1
        errors: dict[int, int] = {}
        for length in range(len(word) - most, len(word) + most + 1):
            for found, distance, _ in process.extract(
                word, self._beginnings_of(length), scorer=OSA.distance, score_cutoff=most, limit=None
            ):
                if word.startswith(found):
                    continue
                for person in self.beginning(found):
                    errors[person] = min(errors.get(person, most), distance)
        return errors

    def _of(self, words: Iterable[str]) -> set[int]:
        return set[int]().union(*(self._people[word] for word in words))

    def _beginnings_of(self, length: int) -> tuple[str, ...]:
        known = self._beginnings.get(length)
        if known is None:
            known = tuple({word[:length] for word in self._words if len(word) >= length - 1})
            self._beginnings[length] = known
        return known
