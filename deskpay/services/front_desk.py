"""What every act at one desk of one hotel needs, put together once."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from deskpay.domain.customer import Customer
from deskpay.domain.environment import Environment
from deskpay.domain.hotel import Hotel
from deskpay.domain.hotel_event import HotelEvent
from deskpay.domain.intent import Intent, IntentKind, IntentRecord
from deskpay.domain.money import Money
from deskpay.domain.virtual_card import Agency
from deskpay.services.acquirer import Acquirer, AcquirerLinks
from deskpay.services.announcer import Announcer
from deskpay.services.desk import Desk
from deskpay.services.guest_pages import GuestPages
from deskpay.services.intent_runner import IntentRunner, Send
from deskpay.services.look_up import LookUp
from deskpay.services.ports import Clock, HotelEvents, HotelRecords, IntentJournal, PaymentGateway


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontDesk:
    """One desk of one hotel.

    Args:
        hotel: for whom.
        desk: by whom.
        clock: this computer's time.
        records: the hotel's books.
        gateway: what carries the acts.
        journal: our own acts.
        runner: carries out intents.
        agencies: what is guessed of the cards of booking sites.
        environment: what the connection is.
        guest_pages: where guests pay by themselves.
        acquirer: who charges cards of its own vault; None where the connection has none.
        acquirer_links: which of its customers a guest is; None as well.
        events: what the property system tells by itself; nothing where there is no line for it.
    """

    hotel: Hotel
    desk: Desk
    clock: Clock
    records: HotelRecords
    gateway: PaymentGateway
    journal: IntentJournal
    runner: IntentRunner
    agencies: tuple[Agency, ...] = ()
    environment: Environment = Environment.TRAINING
    guest_pages: GuestPages = field(default_factory=GuestPages)
    acquirer: Acquirer | None = None
    acquirer_links: AcquirerLinks | None = None
    events: HotelEvents = field(default_factory=Announcer[HotelEvent])

    @property
    def look_up(self) -> LookUp:
        """Reads the books about one intent."""
        return LookUp(self.records, self.acquirer)

    @property
    def today(self) -> date:
        """The hotel's calendar day."""
        return self.hotel.today(self.records.server_now())

    def intent(
        self, kind: IntentKind, reference: str, customer: Customer, subject: str, amount: Money | None
    ) -> Intent:
        """Return a new intent of this desk, to be completed with `dataclasses.replace`.

        Raises:
            NotSignedIn: nobody is at the desk.
        """
        return Intent(
            id=str(uuid.uuid4()),
            reference=reference,
            kind=kind,
            enterprise_id=self.hotel.id,
            desk_id=self.desk.id,
            operator=self.desk.seat.operator.name,
            drafted_utc=self.records.server_now(),
            customer_id=customer.id,
            customer_name=customer.full_name,
            subject=subject,
            amount=amount,
        )

    async def begin(
        self, intent: Intent, send: Send, known: Sequence[IntentRecord], prepare: Send | None = None
    ) -> IntentRecord:
        """Let `intent` pass the seat, make it durable and carry it out: the one door for every act with money.

        Raises:
            NotSignedIn: nobody is at the desk, or another person than the one who began it.
            NotYourRight: their role does not allow it.
            NeedsApproval: it goes beyond what they may do alone.
            GuestBeingChecked: as `IntentRunner.begin` does, and everything else that it raises.
        """
        return await self.runner.begin(intent, send, known, self.desk.seat.passes(intent), prepare)
