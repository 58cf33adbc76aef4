"""Who is called what: words, and the numbers of the people that each belongs to.

A word is found whole, by its beginning, by something inside it, or nearly, with typing errors forgiven. Whole and
beginning cost a look-up and a bisection, what is inside a search through one long text, and what is near a comparison
with every beginning, by a library in C.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable
from itertools import accumulate

from rapidfuzz import process
from rapidfuzz.distance import OSA

SHORTEST_NEAR = 4
"""Letters below which a typing error is not forgiven: too much would be near."""

_LONG = 8
"""Letters from which two typing errors are."""

_BEYOND = "\U0010ffff"
_END = "\n"
"""Between words; no folded word holds it."""

_Beginnings = dict[tuple[int, str], set[str]]


class Postings:
    """Words of one kind, such as names or numbers of rooms.

    Args:
        crowd: how many words may begin alike before that says nothing and finds nobody; None for any number.
    """

    def __init__(self, crowd: int | None = None) -> None:
        self._crowd = crowd
        self._people: dict[str, tuple[int, ...]] = {}
        self._words: list[str] = []
        self._beginnings: dict[int, _Beginnings] = {}
        self._text = ""
        self._starts: list[int] = []

    def add(self, word: str, person: int) -> None:
        """Note that `person` is called `word`; a second time changes nothing."""
        people = self._people.get(word)
        if people is None:
            insort(self._words, word)
            self._starts.clear()
            for length, beginnings in self._beginnings.items():
                _note_beginning(beginnings, word, length)
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
        """Return who has a word with `part`, which is not empty, anywhere in it; nobody where a crowd has."""
        if not self._starts:
            self._text = _END.join([*self._words, ""])
            self._starts = list(accumulate((len(word) + 1 for word in self._words), initial=0))
        found: list[str] = []
        at = self._text.find(part)
        while at >= 0:
            word = bisect_right(self._starts, at) - 1
            found.append(self._words[word])
            if self._crowd is not None and len(found) > self._crowd:
                return set()
            at = self._text.find(part, self._starts[word + 1])
        return self._of(found)

    def near(self, word: str) -> dict[int, int]:
        """Return who has a word that begins nearly like `word`, each with the least number of typing errors.

        An error is a letter wrong, missing or too many, or two letters swapped. A beginning that `word` only goes on
        from says nothing and does not count.
        """
        if len(word) < SHORTEST_NEAR:
            return {}
        most = 2 if len(word) >= _LONG else 1
        # Who errs in the first letter does not err in the second as well; this spares nine comparisons in ten.
        alike = [(0, word[0]), (0, word[1]), (1, word[0]), (1, word[1])]
        distances: dict[str, int] = {}
        for length in range(len(word) - most, len(word) + most + 1):
            beginnings = self._beginnings_of(length)
            near = set[str]().union(*[beginnings.get(place, ()) for place in alike])
            found = process.extract(word, near, scorer=OSA.distance, score_cutoff=most, limit=None)
            distances |= {start: distance for start, distance, _ in found if not word.startswith(start)}
        errors: dict[int, int] = {}
        for start in sorted(distances, key=distances.__getitem__, reverse=True):
            errors.update(dict.fromkeys(self.beginning(start), distances[start]))
        return errors

    def _of(self, words: Iterable[str]) -> set[int]:
        return set[int]().union(*[self._people[word] for word in words])

    def _beginnings_of(self, length: int) -> _Beginnings:
        """Return the beginnings of `length` letters by their first and by their second letter."""
        known = self._beginnings.get(length)
        if known is None:
            known = self._beginnings[length] = {}
            for word in self._words:
                _note_beginning(known, word, length)
        return known


def _note_beginning(known: _Beginnings, word: str, length: int) -> None:
    if len(word) >= max(length - 1, 2):
        for place in (0, word[0]), (1, word[1]):
            known.setdefault(place, set()).add(word[:length])
