"""The names of payments taken elsewhere, as the desk says them."""

from __future__ import annotations

import re

from PySide6.QtCore import QCoreApplication

_WORDS = {
    "Cash": "Cash",
    "WireTransfer": "Bank transfer",
    "Voucher": "Voucher",
    "GiftCard": "Gift card",
    "Cheque": "Cheque",
    "Invoice": "Invoice",
    "CrossSettlement": "Cross settlement",
    "DepositWireTransfer": "Deposit by bank transfer",
    "DepositCash": "Deposit in cash",
    "DepositCheck": "Deposit by cheque",
    "Bacs": "Bacs transfer",
    "BadDebts": "Bad debt",
    "LoyaltyPoints": "Loyalty points",
    "DirectDebit": "Direct debit",
    "Prepayment": "Prepayment",
    "Complimentary": "Complimentary",
    "Ideal": "iDEAL",
    "ApplePay": "Apple Pay",
    "GooglePay": "Google Pay",
}


def tender_words(code: str) -> str:
    """Return the name of an external payment type; one that is not known here keeps its own words, spaced."""
    if code in _WORDS:
        return QCoreApplication.translate("Tenders", _WORDS[code])
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", code)


def tender_icon(code: str) -> str:
    """Return the outline beside it."""
    if "Cash" in code:
        return "banknote"
    return "landmark" if "Transfer" in code or "Bacs" in code else "hand-coins"
