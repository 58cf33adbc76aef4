"""What really happened through the API since the start or the last reset.

This is what safety tests assert on: it counts what was executed, whether or not an answer ever got out.
"""

import re
from collections import Counter
from typing import Any

from deskpay.sandbox.hotel.state import Hotel
from deskpay.sandbox.money import text

Row = dict[str, Any]

# DeskPay's references, in Crockford's alphabet without I, L, O and U.
_REFERENCE = re.compile(r"DP-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}")


def reference_in(*texts: str | None) -> str | None:
    """The first reference that one of `texts` carries."""
    for candidate in texts:
        found = _REFERENCE.search(candidate or "")
        if found:
            return found[0]
    return None


class Ledger:
    """Remembers which rows came through the API; their state is read from the hotel when asked."""

    def __init__(self) -> None:
        self.requests: Counter[str] = Counter()
        self.attempts: Counter[str] = Counter()
        self._charges: list[tuple[str | None, str]] = []
        self._records: list[tuple[str | None, str]] = []
        self._refunds: list[tuple[str, str, str]] = []
        self._cards: list[str] = []
        self._alternatives: list[str] = []
        self._elsewhere: list[tuple[str, str]] = []

    def attempted(self, reference: str | None) -> None:
        """A charge request reached execution."""
        self.attempts[reference or ""] += 1

    def charged(self, reference: str | None, payment_id: str) -> None:
        """The gateway was asked; the payment says with what result."""
        self._charges.append((reference, payment_id))

    def recorded(self, reference: str | None, payment_id: str) -> None:
        """A payment taken elsewhere was put on record."""
        self._records.append((reference, payment_id))

    def refunded(self, payment_id: str, refund_id: str, reason: str) -> None:
        """Money was given back."""
        self._refunds.append((payment_id, refund_id, reason))

    def card_added(self, credit_card_id: str) -> None:
        """A card came out of the vault."""
        self._cards.append(credit_card_id)

    def began(self, payment_id: str) -> None:
        """A payment by another method than a card was begun."""
        self._alternatives.append(payment_id)

    def paid_elsewhere(self, by: str, payment_id: str) -> None:
        """Somebody else took or made a payment: a guest on a page, a colleague, a robot, a terminal."""
        self._elsewhere.append((by, payment_id))

    def as_json(self, hotel: Hotel) -> Row:
        """The whole ledger; money as decimal strings. A declined charge moved nothing and is listed apart."""
        charges = [_charge(hotel, *entry) for entry in self._charges]
        return {
            "charges": [charge for charge in charges if charge["state"] != "Failed"],
            "declined": [charge for charge in charges if charge["state"] == "Failed"],
            "records": [_record(hotel, *entry) for entry in self._records],
            "refunds": [_refund(hotel, *entry) for entry in self._refunds],
            "cards": [_card(hotel, card_id) for card_id in self._cards],
            "alternatives": [_charge(hotel, None, payment_id) for payment_id in self._alternatives],
            "elsewhere": [{"by": by} | _charge(hotel, None, payment_id) for by, payment_id in self._elsewhere],
            "requests": dict(self.requests),
            "attempts": dict(self.attempts),
        }


def _payment(hotel: Hotel, payment_id: str) -> Row:
    payment = hotel.payments.get(payment_id)
    assert payment is not None  # noqa: S101 - rows are never removed
    return payment


def _money(payment: Row) -> Row:
    original = payment["OriginalAmount"]
    return {"amount": text(abs(original["GrossValue"]), original["Currency"]), "currency": original["Currency"]}


def _card_id(payment: Row) -> str | None:
    paid_by = (payment["Data"] or {}).get("CreditCard")
    return paid_by["CreditCardId"] if paid_by else None


def _charge(hotel: Hotel, reference: str | None, payment_id: str) -> Row:
    payment = _payment(hotel, payment_id)
    return {
        "reference": reference,
        "payment_id": payment_id,
        "customer_id": payment["AccountId"],
        "credit_card_id": _card_id(payment),
        **_money(payment),
        "state": payment["State"],
    }


def _record(hotel: Hotel, reference: str | None, payment_id: str) -> Row:
    payment = _payment(hotel, payment_id)
    external = (payment["Data"] or {}).get("External") or {}
    return {
        "reference": reference,
        "payment_id": payment_id,
        "credit_card_id": _card_id(payment),
        "customer_id": payment["AccountId"],
        **_money(payment),
        "type": external.get("Type", payment["Type"]),
        "external_identifier": external.get("ExternalIdentifier"),
    }


def _refund(hotel: Hotel, payment_id: str, refund_id: str, reason: str) -> Row:
    refund = _payment(hotel, refund_id)
    return {
        "reference": reference_in(reason),
        "payment_id": payment_id,
        "refund_id": refund_id,
        **_money(refund),
        "state": refund["State"],
        "reason": reason,
    }


def _card(hotel: Hotel, card_id: str) -> Row:
    card = hotel.cards.get(card_id)
    assert card is not None  # noqa: S101 - rows are never removed
    return {
        "credit_card_id": card_id,
        "customer_id": card["CustomerId"],
        "obfuscated_number": card["ObfuscatedNumber"],
        "expiration": card["Expiration"],
    }
