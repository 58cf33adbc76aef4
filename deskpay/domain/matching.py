"""Does a guest match what was typed? Accents and case do not matter, and every word typed must begin a word."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence

_STROKES = str.maketrans({"ø": "o", "đ": "d", "ł": "l", "\u0131": "i", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th"})


def fold(text: str) -> str:
    """Return `text` without accents and case, for comparison only."""
    return "".join(part for part, _ in _folded(text))


def words(typed: str) -> tuple[str, ...]:
    """Return the folded words of what was typed."""
    return tuple(fold(word) for word in typed.split())


def spans(text: str, typed_words: Sequence[str], *, inside_words: bool = False) -> tuple[tuple[int, int], ...]:
    """Return where the typed words stand in `text`, as (start, end) of the original characters, in order.

    Args:
        text: as shown.
        typed_words: from `words`.
        inside_words: True finds them in the middle of a word too, for marking.
    """
    pieces = _folded(text)
    folded = "".join(piece for piece, _ in pieces)
    origins = [origin for piece, origin in pieces for _ in piece]
    found: set[tuple[int, int]] = set()
    for word in typed_words:
        at = folded.find(word)
        while word and at >= 0:
            if inside_words or at == 0 or not folded[at - 1].isalnum():
                found.add((origins[at], origins[at + len(word) - 1] + 1))
            at = folded.find(word, at + 1)
    return tuple(sorted(found))


def matches(fields: Iterable[str], typed_words: Sequence[str]) -> bool:
    """Tell whether every typed word begins a word of one of the fields."""
    texts = tuple(fields)
    return bool(typed_words) and all(any(spans(text, (word,)) for text in texts) for word in typed_words)


def _folded(text: str) -> list[tuple[str, int]]:
    pieces: list[tuple[str, int]] = []
    for origin, letter in enumerate(text):
        plain = unicodedata.normalize("NFKD", letter).casefold().translate(_STROKES)
        pieces.append(("".join(part for part in plain if not unicodedata.combining(part)), origin))
    return pieces
