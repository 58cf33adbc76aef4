"""The only card numbers the test vault takes: the provider's published test cards and its own failure triggers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum


class Trigger(Enum):
    """What a trigger number makes the test vault do; the numbers are never sent anywhere else."""

    NOT_FOUND = "tokenizes, but the id cannot be redeemed"
    EXPIRED = "tokenizes, but the id is expired at once"
    REFUSED = "is refused"
    FORM_EXPIRED = "is answered with an expired form"
    SERVER_ERROR = "is answered with HTTP 500 and HTML"
    SILENT = "is never answered"
    SLOW = "is answered after eight seconds"
    NO_FACTS = "succeeds without card facts"
    MARKUP_FACTS = "succeeds with card facts full of markup and 10,000 characters long"
    TWICE = "succeeds, and the frame says so twice"
    NO_ID = "succeeds without an id, with an error"
    MALFORMED_ID = "succeeds with letters for an id"
    RELOAD = "the frame reloads itself after the submit"


@dataclass(frozen=True, slots=True)
class TestCard:
    """A number the vault takes: its brand code, the facts told about it, and its trigger if it is one."""

    __test__ = False

    brand: str
    facts: Mapping[str, str]
    trigger: Trigger | None = None


_ISSUER = "DATATRANS"

# brand code -> (name told in the facts, type, country)
_BRANDS: Mapping[str, tuple[str, str, str]] = {
    "VIS": ("VISA CREDIT", "credit", "GB"),
    "ECA": ("MASTERCARD", "credit", "CH"),
    "AMX": ("AMERICAN EXPRESS", "credit", "US"),
    "DIN": ("DINERS CLUB", "credit", "CH"),
    "DIS": ("DISCOVER", "credit", "US"),
    "JCB": ("JCB", "credit", "JP"),
    "ELO": ("ELO", "credit", "BR"),
    "HPC": ("HIPERCARD", "credit", "BR"),
    "CUP": ("UNIONPAY", "debit", "CN"),
    "DNK": ("DANKORT", "debit", "DK"),
}

_PUBLISHED = """
VIS 4242424242424242 4900000000000086 4900000000000003 4035501000000008 4360000001000005
VIS 4000001000000018 4000001000000026 4000001000000034 4000001000000042
ECA 5404000000000001 5200000000000007 5200000000000080
ECA 5100001000000014 5100001000000022 5100001000000030 5100001000000048
AMX 375811111111115 375000000000007 375811111111123
AMX 340000100000016 340000100000024 340000100000032 340000100000040
DIN 36168002586009 36167719110012 30569309025904
DIS 6011000000000004
JCB 3569990010030442 3569990010030400 3550998599961037
ELO 6550000000000001 6362970000457013
HPC 3841000000000007
CUP 6222821234560017 6223164991230014
DNK 5019717010103742 5019555544445555
"""

_TRIGGERS: Mapping[str, Trigger] = {
    "4900000000007016": Trigger.NOT_FOUND,
    "4900000000007024": Trigger.EXPIRED,
    "4900000000007032": Trigger.REFUSED,
    "4900000000007040": Trigger.FORM_EXPIRED,
    "4900000000007057": Trigger.SERVER_ERROR,
    "4900000000007065": Trigger.SILENT,
    "4900000000007073": Trigger.SLOW,
    "4900000000007081": Trigger.NO_FACTS,
    "4900000000007099": Trigger.MARKUP_FACTS,
    "4900000000007107": Trigger.TWICE,
    "4900000000007115": Trigger.NO_ID,
    "4900000000007123": Trigger.MALFORMED_ID,
    "4900000000007131": Trigger.RELOAD,
}

_MARKUP = "<img src=x onerror=alert(1)><b>" + "A" * 10_000


def _facts(brand: str) -> dict[str, str]:
    name, kind, country = _BRANDS[brand]
    return {"brand": name, "type": kind, "usage": "consumer", "country": country, "issuer": _ISSUER}


def _accepted() -> Iterator[tuple[str, TestCard]]:
    for line in _PUBLISHED.strip().splitlines():
        brand, *numbers = line.split()
        for number in numbers:
            yield number, TestCard(brand, _facts(brand))
    for number, trigger in _TRIGGERS.items():
        facts = _facts("VIS")
        if trigger is Trigger.MARKUP_FACTS:
            facts = dict.fromkeys(facts, _MARKUP)
        yield number, TestCard("VIS", facts, trigger)


CARDS: Mapping[str, TestCard] = dict(_accepted())
"""Every number the vault takes. Nothing else is stored, logged or looked at."""

ACCOUNTS: frozenset[tuple[str, ...]] = frozenset({("DE85123456781234512345",), ("31510604", "100000")})
"""The bank accounts the vault takes: an IBAN, or an account's and a branch's number."""


def masked(number: str) -> str:
    """Return `number` with all but the first six and last four digits as `x`, as the provider prints it."""
    return number[:6] + "x" * (len(number) - 10) + number[-4:]
