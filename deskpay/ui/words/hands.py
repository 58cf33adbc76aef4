"""Who made a payment, or what, as the desk says it."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from deskpay.domain.errors import Hand


def _said(words: str) -> str:
    return QCoreApplication.translate("Hands", words)


def hand_words(hand: Hand) -> str:
    """Return what to call whoever made a payment, where no name is known."""
    return {
        Hand.DESKPAY: _said("DeskPay, at another desk"),
        Hand.COLLEAGUE: _said("a colleague in Mews"),
        Hand.AUTOMATION: _said("Mews, by itself"),
        Hand.LINK: _said("pay link"),
        Hand.GUEST: _said("the guest, online"),
        Hand.TERMINAL: _said("card terminal"),
        Hand.CHANNEL: _said("booking site"),
        Hand.PROGRAM: _said("another program"),
        Hand.UNTOLD: _said("not by DeskPay"),
    }[hand]
