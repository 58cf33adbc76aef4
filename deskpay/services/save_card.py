"""Saving a captured card on the guest's profile. This takes no money."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from deskpay.domain.card import Expiry
from deskpay.domain.customer import Customer
from deskpay.domain.errors import Field, InputProblem, InputRefused
from deskpay.domain.intent import IntentKind, IntentRecord
from deskpay.services.checks import baseline_of
from deskpay.services.front_desk import FrontDesk

LIFE_S = 25 * 60
"""The vault keeps a captured card for 30 minutes (PCI Proxy, Secure Fields); five are left for the way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveCardOrder:
    """A card that was captured.

    Args:
        reference: drawn when the form opened.
        customer: whose card.
        transaction_id: the vault's short-lived reference, 18 digits; never shown, logged or stored.
        captured_at_s: when it was captured, on the clock's monotonic scale.
        expiry: as typed beside the hosted fields.
    """

    reference: str
    customer: Customer
    transaction_id: str = field(repr=False)
    captured_at_s: float
    expiry: Expiry


async def save_card(front: FrontDesk, order: SaveCardOrder) -> IntentRecord:
    """Make the intent durable and start it; return before the answer is there.

    Raises:
        InputRefused: the capture is too old or malformed, or the expiry is past; nothing was sent.
        GuestBeingChecked: another card of this guest is being saved, or was just now; nothing was sent.
        NotAllowed: the form was used already, DeskPay is closing, or whoever is at the desk may not do this, or not
            alone; nothing was sent.
        HotelUnavailable: the books could not be read before; nothing was sent.
        Refused: the books may not be read; nothing was sent.
        JournalError: the intent could not be written; nothing was sent.
    """
    if not re.fullmatch(r"[0-9]{18}", order.transaction_id):
        raise InputRefused(Field.CARD, InputProblem.BAD_FORM)
    known = await front.journal.of_customer(order.customer.id)
    cards = await front.records.credit_cards(order.customer.id)
    if front.clock.monotonic_s() - order.captured_at_s > LIFE_S:
        raise InputRefused(Field.CARD, InputProblem.GONE)
    if order.expiry.past(front.today):
        raise InputRefused(Field.EXPIRY, InputProblem.PAST)
    intent = replace(
        front.intent(IntentKind.SAVE_CARD, order.reference, order.customer, "", None),
        baseline=baseline_of((card.id for card in cards), known),
    )
    return await front.begin(intent, lambda: front.gateway.save_card(intent, order.transaction_id, order.expiry), known)
