"""The simulated acquirer: what it takes, and the line that a desk has to it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from deskpay.domain.acquirer import AcquirerCharge, AcquirerPayment, AcquirerRefund, ChargeState, RefundState
from deskpay.domain.errors import Rejected
from deskpay.domain.intent import Intent
from deskpay.domain.money import Money
from deskpay.domain.payment import PaymentState
from deskpay.services.acquirer import Terms
from deskpay.simulation.faults import Meeting
from deskpay.simulation.hotel import GBP, Line, SimulatedHotel

if TYPE_CHECKING:
    from deskpay.simulation.process import Process
    from deskpay.simulation.watch import Watch

TERMS = Terms(Money(1, GBP), Money(10**9, GBP))
_FAILED = "generic_decline"


class SimulatedAcquirer:
    """The truth about its charges. A charge takes money once, and none after it was cancelled.

    Attributes:
        charges: as they stand, by the reference that they were made for.
        given: what was given back, by reference as well.
    """

    def __init__(self, hotel: SimulatedHotel, watch: Watch) -> None:
        self.charges: dict[str, AcquirerCharge] = {}
        self.given: dict[str, AcquirerRefund] = {}
        self._hotel = hotel
        self._watch = watch

    def open(self, intent: Intent) -> AcquirerCharge:
        """Make the charge of an intent, the same one however often it is asked for."""
        if intent.amount is None:
            raise AssertionError("a charge has an amount")
        charge_id = f"pi {intent.reference}"
        self._hotel.made_by[charge_id] = intent.reference
        opened = AcquirerCharge(charge_id, intent.amount, ChargeState.WAITS_FOR_CARD, None, "", "")
        return self.charges.setdefault(intent.reference, opened)

    def card_comes(self, intent: Intent, meeting: Meeting) -> None:
        """Let a card come to the charge."""
        if not self.charges[intent.reference].untouched:
            return
        self._watch.effect(intent)
        self._turn(intent, meeting.state)
        if meeting.settles_to is not None:
            asyncio.get_running_loop().call_later(meeting.settles_s, self._turn, intent, meeting.settles_to)

    def _turn(self, intent: Intent, state: PaymentState) -> None:
        charge = self.charges[intent.reference]
        if charge.state is ChargeState.CANCELLED:
            return
        if not state.live:
            turned = replace(charge, state=ChargeState.WAITS_FOR_CARD, failure=_FAILED)
        elif not state.final:
            turned = replace(charge, state=ChargeState.WAITS_FOR_GUEST)
        else:
            payment_id = f"pay {intent.reference}"
            self._hotel.made_by[payment_id] = intent.reference
            payment = AcquirerPayment(payment_id, charge.amount, True, "Visa", "4345", charge.id, "", self._hotel.now())
            turned = replace(charge, state=ChargeState.TAKEN, payment=payment)
        self.charges[intent.reference] = turned

    def cancel(self, charge_id: str) -> AcquirerCharge:
        """End a charge that has taken nothing."""
        charge = self.of_id(charge_id)
        if charge.payment is not None:
            raise Rejected("it has succeeded")
        reference = self._hotel.made_by[charge_id]
        ended = self.charges[reference] = replace(charge, state=ChargeState.CANCELLED)
        return ended

    def of_id(self, charge_id: str) -> AcquirerCharge:
        """Return a charge."""
        return self.charges[self._hotel.made_by[charge_id]]

    def give_back(self, intent: Intent, meeting: Meeting) -> None:
        """Make the refund of an intent, once."""
        if intent.amount is None or intent.reference in self.given:
            return
        self._watch.effect(intent)
        refund_id, paid = f"ref {intent.reference}", intent.external_identifier
        self._hotel.made_by[refund_id] = intent.reference
        made = AcquirerRefund(refund_id, paid, intent.amount, RefundState.UNDER_WAY, intent.reference)
        self.given[intent.reference] = made
        self._land(intent, meeting.state)
        if meeting.settles_to is not None:
            asyncio.get_running_loop().call_later(meeting.settles_s, self._land, intent, meeting.settles_to)

    def _land(self, intent: Intent, state: PaymentState) -> None:
        if state.final:
            end = RefundState.LANDED if state.live else RefundState.FAILED
            self.given[intent.reference] = replace(self.given[intent.reference], state=end)

    def gave(self, reference: str) -> bool:
        """Tell whether money was given back for a reference."""
        refund = self.given.get(reference)
        return refund is not None and refund.state is not RefundState.FAILED

    def took(self, reference: str) -> bool:
        """Tell whether money was taken for a reference."""
        charge = self.charges.get(reference)
        return charge is not None and charge.payment is not None


class AcquirerLine:
    """What one desk has of the acquirer (`Acquirer`, as far as its money goes).

    Args:
        acquirer: at the other end.
        line: the desk's line to everything outside, whose faults are this one's too.
        process: the desk; when it dies, nothing passes any more.
        watch: sees every card that is sent.
    """

    def __init__(self, acquirer: SimulatedAcquirer, line: Line, process: Process, watch: Watch) -> None:
        self._acquirer = acquirer
        self._line = line
        self._process = process
        self._watch = watch
        self._intents: dict[str, Intent] = {}

    @property
    def terms(self) -> Terms:
        """What can be charged."""
        return TERMS

    async def open_charge(self, intent: Intent, _saved_for: str | None) -> AcquirerCharge:
        """Make the charge, which takes nothing yet."""
        opened = await self._line.read(lambda: self._acquirer.open(intent))
        self._intents[opened.id] = intent
        return opened

    async def attach(self, charge_id: str, _card_id: str, _return_address: str) -> AcquirerCharge:
        """Charge the card."""
        await self._sent(self._intents[charge_id], self._acquirer.card_comes)
        return self._acquirer.of_id(charge_id)

    async def refund(self, intent: Intent) -> AcquirerRefund:
        """Give money back."""
        await self._sent(intent, self._acquirer.give_back)
        return self._acquirer.given[intent.reference]

    async def refunds(self, payment_id: str) -> list[AcquirerRefund]:
        """Return what was given back of a payment."""
        given = self._acquirer.given
        return await self._line.read(lambda: [row for row in given.values() if row.payment_id == payment_id])

    async def charge(self, charge_id: str) -> AcquirerCharge:
        """Return the charge as it stands."""
        return await self._line.read(lambda: self._acquirer.of_id(charge_id))

    async def cancel(self, charge_id: str) -> AcquirerCharge:
        """End a charge that has taken nothing."""
        return await self._line.read(lambda: self._acquirer.cancel(charge_id))

    async def _sent(self, intent: Intent, effect: Callable[[Intent, Meeting], None]) -> None:
        """Send what moves money; return where it is answered well."""
        self._process.check()
        self._watch.request(intent)
        meeting = self._line.next_meeting()
        if meeting.effect_s == 0.0:
            effect(intent, meeting)
        elif meeting.effect_s is not None:
            asyncio.get_running_loop().call_later(meeting.effect_s, effect, intent, meeting)
        await asyncio.sleep(meeting.answer_s)
        if meeting.error is not None:
            raise meeting.error(meeting.fault)
