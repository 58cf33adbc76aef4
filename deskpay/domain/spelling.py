"""How names are compared, whatever the accents, the case, the script and the keyboard they were typed on.

A letter is decomposed (NFKD), freed of its marks, case-folded and, where it is still no ASCII letter, written in Latin
letters by `anyascii`. A name has several spellings: Müller is also Mueller, and Mueller is also Muller; O'Brien is
OBrien, but Brien finds him too; 王小明 is Wang Xiaoming and each of his syllables.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache

from anyascii import anyascii

_APOSTROPHES = frozenset(
    "'`\N{RIGHT SINGLE QUOTATION MARK}\N{LEFT SINGLE QUOTATION MARK}\N{ACUTE ACCENT}\N{MODIFIER LETTER APOSTROPHE}"
)
_UMLAUTS = {"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"}
_UMLAUT = re.compile("[" + "".join(_UMLAUTS) + "]", re.IGNORECASE)
_WRITTEN_OUT = re.compile(r"(?<!q)[aou]e|aa")
_SYLLABLE = "\x1f"
"""Stands before a letter that is a syllable of its own, as Chinese ones are."""

_BREAKS = re.compile(r"[^0-9a-z]+")


def fold(text: str) -> str:
    """Return `text` without accents, case and apostrophes, in Latin letters, for comparison only."""
    return "".join(map(_plain, text)).replace(_SYLLABLE, "")


def words(text: str) -> tuple[str, ...]:
    """Return the folded words of `text`, parted by everything that is no letter and no figure."""
    return tuple(_BREAKS.sub(" ", fold(text)).split())


def compact(text: str) -> str:
    """Return the letters and figures of `text` as one folded word."""
    return _BREAKS.sub("", fold(text))


def syllables(text: str) -> tuple[str, ...]:
    """Return the syllables of a text whose every letter is one, as in Chinese; empty for any other text."""
    plain = [_plain(letter) for letter in text]
    return tuple(part[1:] for part in plain) if plain and all(p.startswith(_SYLLABLE) for p in plain) else ()


def written_out(text: str) -> str:
    """Return `text` folded with its umlauts written as two letters: Mueller for Müller."""
    return fold("".join(_UMLAUTS.get(letter, letter) for letter in unicodedata.normalize("NFC", text.casefold())))


def spellings(name: str) -> frozenset[str]:
    """Return the folded words by which a name may be typed: its words, its compounds joined, umlauts in every way."""
    found: set[str] = set()
    for piece in name.split():
        for spelled in {_spelled(piece), written_out(piece)}:
            parts = [part for part in re.split(r"[^0-9a-z]+", spelled) if part]
            found.update(parts)
            found.add("".join(parts))
        found.update(words("".join(" " if letter in _APOSTROPHES else letter for letter in piece)))
    if " " in name.strip():
        found.add(compact(name))
    found |= {_WRITTEN_OUT.sub(lambda pair: pair[0][0], word) for word in found}
    found.discard("")
    return frozenset(found)


def marked(text: str, typed: str) -> tuple[tuple[int, int], ...]:
    """Return where words of `typed` stand in `text`, as (start, end) of the original characters, in order."""
    wanted = [word for word in words(typed) if word]
    wanted += [word for piece in typed.split() if (word := compact(piece)) not in wanted]
    found: set[tuple[int, int]] = set()
    found.update(_standing([_plain(letter) for letter in text], wanted))
    if _UMLAUT.search(text):
        found.update(_standing([_letter_written_out(letter) for letter in text], wanted))
    return tuple(sorted(found))


def _standing(letters: Sequence[str], wanted: Iterable[str]) -> Iterable[tuple[int, int]]:
    pieces = [letter.replace(_SYLLABLE, "") for letter in letters]
    folded = "".join(pieces)
    origins = [origin for origin, piece in enumerate(pieces) for _ in piece]
    for word in wanted:
        at = folded.find(word)
        while word and at >= 0:
            yield origins[at], origins[at + len(word) - 1] + 1
            at = folded.find(word, at + 1)


def _spelled(piece: str) -> str:
    return "".join(map(_plain, piece))


@lru_cache(maxsize=4096)
def _letter_written_out(letter: str) -> str:
    return written_out(letter)


@lru_cache(maxsize=4096)
def _plain(letter: str) -> str:
    if letter in _APOSTROPHES:
        return ""
    if letter.isascii():
        return letter.lower()
    bare = "".join(part for part in unicodedata.normalize("NFKD", letter) if not unicodedata.combining(part))
    latin = bare if bare.isascii() else anyascii(unicodedata.normalize("NFC", bare))
    is_syllable = unicodedata.category(letter) == "Lo" and latin[:1].isupper()
    return (_SYLLABLE if is_syllable else "") + latin.casefold()
