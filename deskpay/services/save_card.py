"""Saving a captured card on the guest's profile. This takes no money."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass, field

from deskpay.domain.card import Expiry
from deskpay.domain.customer import Customer
from deskpay.domain.errors import Field, InputProblem, InputRefused
from deskpay.domain.hotel import Hotel
from deskpay.domain.intent import Intent, IntentKind, IntentRecord
from deskpay.services.desk import Desk
from deskpay.services.intent_runner import IntentRunner
from deskpay.services.ports import Clock, HotelRecords, PaymentGateway

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


class SaveCard:
    """Saves captured cards.

    Args:
        hotel: for whom.
        desk: by whom.
        records: the hotel's books.
        gateway: what carries the card's reference.
        clock: for the life of that reference.
        runner: carries out intents.
    """

    def __init__(
        self,
        hotel: Hotel,
        desk: Desk,
        records: HotelRecords,
        gateway: PaymentGateway,
        clock: Clock,
        runner: IntentRunner,
    ) -> None:
        self._hotel = hotel
        self._desk = desk
        self._records = records
        self._gateway = gateway
        self._clock = clock
        self._runner = runner

    async def __call__(self, order: SaveCardOrder) -> IntentRecord:
        """Make the intent durable and start it; return before the answer is there.

        Raises:
            InputRefused: the capture is too old or malformed, or the expiry is past; nothing was sent.
            GuestBeingChecked: another card of this guest is being saved; nothing was sent.
            HotelUnavailable: the books could not be read before; nothing was sent.
            Refused: the books may not be read; nothing was sent.
            JournalError: the intent could not be written; nothing was sent.
        """
        if not re.fullmatch(r"[0-9]{18}", order.transaction_id):
            raise InputRefused(Field.CARD, InputProblem.BAD_FORM)
        cards = await self._records.credit_cards(order.customer.id)
        if self._clock.monotonic_s() - order.captured_at_s > LIFE_S:
            raise InputRefused(Field.CARD, InputProblem.GONE)
        now = self._records.server_now()
        if order.expiry.past(self._hotel.today(now)):
            raise InputRefused(Field.EXPIRY, InputProblem.PAST)
        intent = Intent(
            id=str(uuid.uuid4()),
            reference=order.reference,
            kind=IntentKind.SAVE_CARD,
            enterprise_id=self._hotel.id,
            desk_id=self._desk.id,
            operator=self._desk.operator,
            drafted_utc=now,
            customer_id=order.customer.id,
            customer_name=order.customer.full_name,
            subject="",
            amount=None,
            baseline=frozenset(card.id for card in cards),
        )
        return await self._runner.begin(
            intent, lambda: self._gateway.save_card(intent, order.transaction_id, order.expiry)
        )
