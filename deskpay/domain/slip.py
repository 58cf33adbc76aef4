"""How the slip of an outside terminal is written down: as itself while the property system takes it, then as a type."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

SLIPS_END = date(2028, 1, 10)
"""From this day payments/addCreditCard answers no more (Mews Connector API, deprecation of 29 July 2026)."""

ANY_CARD = "CreditCard"

_TENDERS = {
    "Visa": "Visa",
    "Mastercard": "MasterCard",
    "Amex": "Amex",
    "Diners Club": "DinersClub",
    "Discover": "Discover",
    "JCB": "Jcb",
    "UnionPay": "UnionPay",
}


def takes_slips(today: date) -> bool:
    """Tell whether a slip can be written down with its card on the hotel's day `today`."""
    return today < SLIPS_END


def slip_tender(brand: str, tenders: Collection[str]) -> str:
    """Return the external payment type for a card of `brand`; empty where the hotel enabled none for it.

    Args:
        brand: in the desk's own words.
        tenders: what the hotel enabled. New integrations get no type for cards (Mews Connector API, 14 July 2025).
    """
    return next((code for code in (_TENDERS.get(brand, ""), ANY_CARD) if code in tenders), "")
