"""Looking at an acquirer for what became of a charge, and proving that one which no card has reached never takes money.

The acquirer's charge has an id before anything is sent that could take money, so it is read and never searched for.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from datetime import datetime, timedelta

from deskpay.domain.acquirer import AcquirerCharge, AcquirerRefund, ChargeState, RefundState
from deskpay.domain.adoption import Sight, find_charge, find_given_back
from deskpay.domain.errors import DeskPayError, HotelUnavailable
from deskpay.domain.intent import IntentKind, IntentRecord, IntentState
from deskpay.services.acquirer import Acquirer
from deskpay.services.settled import Settled

UNDER_WAY = timedelta(minutes=3)
"""How long a request without an answer may still be on its way; a card that comes to a cancelled charge is refused."""


class AcquirerLook:
    """Reads the acquirer about one intent.

    Args:
        acquirer: where it was charged; None where the connection has none, so that its intents can only wait.
        server_now: the property system's UTC time.
    """

    def __init__(self, acquirer: Acquirer | None, server_now: Callable[[], datetime]) -> None:
        self._acquirer = acquirer
        self._server_now = server_now

    async def sight(self, record: IntentRecord) -> Sight:
        """Return what became of a charge or refund without an answer.

        A charge that no card has come to for long is cancelled: that takes no money and proves that none follows.

        Raises:
            HotelUnavailable: it could not be read.
            Refused: it may not be read now.
        """
        if record.intent.kind is IntentKind.REFUND:
            return Sight(find_given_back(record.intent, await self._refunds(record)), ())
        charge = await self._charge(record)
        sent = record.sent_utc
        if charge.untouched and sent is not None and self._server_now() - sent >= UNDER_WAY:
            charge = await self._ended(charge)
        return Sight(find_charge(charge), ())

    async def settled(self, record: IntentRecord) -> Settled | None:
        """Return the end of a charge or refund, None while it has none. Raises as `sight`."""
        if record.intent.kind is IntentKind.REFUND:
            return _end_of(record, await self._refunds(record))
        charge = await self._charge(record)
        if charge.payment is not None:
            return Settled(IntentState.TAKEN, charge.payment.id)
        if not charge.over:
            return None
        return Settled(IntentState.DECLINED, charge.id, charge.failure or ChargeState.CANCELLED.value)

    async def _refunds(self, record: IntentRecord) -> list[AcquirerRefund]:
        return await self._there.refunds(record.intent.external_identifier)

    async def _charge(self, record: IntentRecord) -> AcquirerCharge:
        if record.charge_id is None:
            raise AssertionError("a charge has its id before it is sent")
        return await self._there.charge(record.charge_id)

    async def _ended(self, charge: AcquirerCharge) -> AcquirerCharge:
        with contextlib.suppress(DeskPayError):  # whatever the answer, or none, reading tells
            await self._there.cancel(charge.id)
        return await self._there.charge(charge.id)

    @property
    def _there(self) -> Acquirer:
        if self._acquirer is None:
            raise HotelUnavailable("this connection has no acquirer")
        return self._acquirer


def _end_of(record: IntentRecord, refunds: list[AcquirerRefund]) -> Settled | None:
    """Return the end of a refund: landed, so that a person has to write it into the books, or failed."""
    found = next((refund for refund in refunds if refund.id == record.outcome_id), None)
    if found is None or found.state is RefundState.UNDER_WAY:
        return None
    landed = found.state is RefundState.LANDED
    return Settled(IntentState.TAKEN if landed else IntentState.DECLINED, found.id)
