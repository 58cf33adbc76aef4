"""Saved cards."""

from __future__ import annotations

import re

from pydantic import StrictBool, StrictStr

from deskpay.domain.card import CardFormat, CardKind, CreditCard, Expiry
from deskpay.gateways.mews.wire.base import Id, IdentifiedRow, Page, Text, Utc, read_page
from deskpay.gateways.mews.wire.brands import home_brand

_KINDS = {"Gateway": CardKind.GATEWAY, "Terminal": CardKind.TERMINAL}
_FORMATS = {"Physical": CardFormat.PHYSICAL, "Virtual": CardFormat.VIRTUAL}

_SHOWN_DIGITS = 10
"""First six and last four (PCI DSS 3.4.1); a longer number is hidden down to its last four before anyone sees it."""


class _CardRow(IdentifiedRow):
    customer_id: Id
    is_active: StrictBool
    state: StrictStr
    kind: StrictStr
    format: StrictStr
    type: Text | None = None
    obfuscated_number: Text | None = None
    expiration: StrictStr | None = None
    created_utc: Utc


def _card(row: _CardRow) -> CreditCard:
    return CreditCard(
        id=row.id,
        customer_id=row.customer_id,
        brand=home_brand(row.type or ""),
        obfuscated_number=_hidden(row.obfuscated_number or ""),
        expiry=decode_expiry(row.expiration or ""),
        enabled=row.state == "Enabled",
        active=row.is_active,
        kind=_KINDS.get(row.kind, CardKind.UNKNOWN),
        format=_FORMATS.get(row.format, CardFormat.UNKNOWN),
        created_utc=row.created_utc,
    )


def _hidden(number: str) -> str:
    shown = sum(character.isdigit() for character in number)
    return number if shown <= _SHOWN_DIGITS else "*" * (len(number) - 4) + number[-4:]


def decode_expiry(text: str) -> Expiry | None:
    """Return an expiry told as MM/YYYY (the docs' table) or YYYY-MM (their sample), None when it is neither."""
    if match := re.fullmatch(r"([0-9]{2})/([0-9]{4})", text):
        month, year = match.groups()
    elif match := re.fullmatch(r"([0-9]{4})-([0-9]{2})", text):
        year, month = match.groups()
    else:
        return None
    try:
        return Expiry(int(year), int(month))
    except ValueError:
        return None


def decode_credit_cards(body: bytes) -> Page[CreditCard]:
    """Return the cards of an answer of creditCards/getAll.

    Raises:
        WireError: the answer is not what the contract says.
    """
    return read_page(body, "CreditCards", _CardRow, _card)
