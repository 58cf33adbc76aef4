"""What a clerk may have meant by what stands in the search box.

A text has several readings: `48 213` are two words and one number, `smith-jones` is one name and two, 王小明 is a
surname and a first name. The guest who fits one of them best is the one meant.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from deskpay.domain.spelling import compact, fold, syllables, words, written_out


class Facet(Enum):
    """What of a guest a word may name."""

    NAME = "name"
    ROOM = "room"
    NUMBER = "number"
    CARD = "card"
    PHONE = "phone"
    MAIL = "mail"


_ANY = frozenset(Facet)
_LETTERS = _ANY - {Facet.CARD, Facet.PHONE}
_PHONE_DIGITS = 4
_CARD_DIGITS = 4
_COUNTRY_DIGITS = 3
_LEAST_WITHOUT_COUNTRY = 7
_ROOM = re.compile(r"(?:r|rm|room)[\s.]*(\d\w*)", re.IGNORECASE)
_NUMBER = re.compile(r"#\s*(\w[\w\s/-]*)")
_FIGURES = re.compile(r"[\d\s()+./-]*\d[\d\s()+./-]*")


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a reading.

    Args:
        spelled: its spellings, the plain one first.
        facets: what it may name.
        phones: the digits by which it may name a telephone.
    """

    spelled: tuple[str, ...]
    facets: frozenset[Facet]
    phones: tuple[str, ...] = ()


Reading = tuple[Word, ...]


def readings(typed: str) -> tuple[Reading, ...]:
    """Return what `typed` may mean, the plainest first; nothing for a text without letters and figures."""
    text = typed.strip()
    if found := _ROOM.fullmatch(text):
        return _distinct((Word((fold(found[1]),), frozenset({Facet.ROOM})),), tuple(map(_word, text.split())))
    if found := _NUMBER.fullmatch(text):
        return _distinct((Word((compact(found[1]),), frozenset({Facet.NUMBER})),))
    pieces = text.split()
    if _FIGURES.fullmatch(text):
        whole = (_word(text),)
        return _distinct(tuple(map(_word, pieces)), whole)
    apart = tuple(map(_word, words(text)))
    found_readings = [tuple(map(_word, pieces)), apart if "@" not in text else ()]
    if len(pieces) == 1:
        parts = syllables(text)
        found_readings += [
            (_word("".join(parts[:end])), _word("".join(parts[end:]))) for end in range(1, min(len(parts), 3))
        ]
    return _distinct(*found_readings)


def phone_digits(text: str) -> str:
    """Return the digits of a telephone number without what is only dialled: `+44 (0)20` and `0044 20` are 4420."""
    bare = re.sub(r"[^\d+]", "", text.replace("(0)", ""))
    if bare.startswith("+"):
        return bare.replace("+", "")
    return bare[2:] if bare.startswith("00") else bare.lstrip("0")


def _distinct(*found: Reading) -> tuple[Reading, ...]:
    return tuple(dict.fromkeys(tuple(word for word in reading if word.spelled[0]) for reading in found if any(
        word.spelled[0] for word in reading)))  # fmt: skip


def _word(text: str) -> Word:
    if "@" in text:
        return Word((fold(text),), frozenset({Facet.MAIL}))
    plain = compact(text)
    if not plain.isdigit():
        spelled = dict.fromkeys((plain, compact(written_out(text))))
        return Word(tuple(spelled), _LETTERS)
    facets = _ANY if len(plain) == _CARD_DIGITS else _ANY - {Facet.CARD}
    return Word((plain,), facets, _phones(text) if len(plain) >= _PHONE_DIGITS else ())


def _phones(text: str) -> tuple[str, ...]:
    digits = phone_digits(text)
    found = [digits]
    if text.strip().startswith(("+", "00")):
        # Where the guest's own number was noted without its country, the country typed here is in the way.
        found += [digits[cut:] for cut in range(1, _COUNTRY_DIGITS + 1) if len(digits) - cut >= _LEAST_WITHOUT_COUNTRY]
    return tuple(found)
