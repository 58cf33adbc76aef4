"""A desk of the simulation: the real services in a process that can die, and clerks who click."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, cast

from deskpay.domain.acquirer import VaultedCard
from deskpay.domain.card import Expiry
from deskpay.domain.customer import Customer
from deskpay.domain.errors import DeskPayError, JournalAway, JournalError, LooksRepeated
from deskpay.domain.intent import CardSlip, IntentKind, IntentRecord, IntentState
from deskpay.domain.money import Money
from deskpay.domain.operator import Operator, Role, Rules
from deskpay.domain.payment_request import LinkTerms, PayReason
from deskpay.domain.terminal import Terminal
from deskpay.services.ask_guest import AskOrder, ask_guest
from deskpay.services.charge_acquirer import AcquirerOrder, charge_acquirer
from deskpay.services.desk import Desk
from deskpay.services.front_desk import FrontDesk
from deskpay.services.guest_pages import GuestPages
from deskpay.services.intent_runner import IntentRunner
from deskpay.services.look_up import LookUp
from deskpay.services.record_payment import RecordOrder, record_payment
from deskpay.services.refund_payment import RefundOrder, refund_payment
from deskpay.services.save_card import SaveCardOrder, save_card
from deskpay.services.scope import TaskScope
from deskpay.services.seat import Seat
from deskpay.services.take_payment import ChargeOrder, take_payment
from deskpay.services.write_down import WriteDown
from deskpay.simulation.acquirer import AcquirerLine, SimulatedAcquirer
from deskpay.simulation.disk import DeskJournal, Disk
from deskpay.simulation.faults import OwnBug
from deskpay.simulation.hotel import CAPTURED_EXPIRY, GBP, GUESTS, HOTEL, Line, SimulatedHotel, card_of
from deskpay.simulation.loop import SimulatedLoop
from deskpay.simulation.plan import Step
from deskpay.simulation.process import Process
from deskpay.simulation.watch import DID_NOTHING, LOST, Goal, Watch

if TYPE_CHECKING:
    from deskpay.services.acquirer import Acquirer
    from deskpay.services.ports import HotelRecords, PaymentGateway

_PATIENCE_S = 30.0
"""How long a clerk looks at the dialog."""

_LINK_LIFE = timedelta(days=1)
_TERMINAL = Terminal("terminal", "Reception")
_CLERK = Operator("dana", "Dana", Role.MANAGER)
"""Who may do everything alone: the simulation is about money, not about people."""

_VAULTED = VaultedCard("pm", "", "4345", Expiry(2030, 12), "A Berg")
_SLIP = CardSlip("Visa", "1111", "A Berg", None)


@dataclass(frozen=True, slots=True)
class Outside:
    """What all desks share.

    Args:
        hotel: the books.
        acquirer: who charges cards of its own vault.
    """

    hotel: SimulatedHotel
    acquirer: SimulatedAcquirer


class DeskRun:
    """One life of one desk, from its start to its end.

    Attributes:
        number: of the desk.
        process: whether it lives, and its clock.
        runner: carries out its intents.
        opened: what its last life left was taken up.
        desk: as it stands in the journal.
        clerks: owns those who click; windows close with it.
    """

    def __init__(
        self, number: int, loop: SimulatedLoop, outside: Outside, disk: Disk, watch: Watch, skew_s: float
    ) -> None:
        hotel = outside.hotel
        self.number = number
        self.process = Process(loop, hotel.now(), skew_s)
        self.opened = False
        self._watch = watch
        self._money = TaskScope(self._failed)
        self.clerks = TaskScope(self._failed)
        line = Line(hotel, self.process, watch)
        # The line has what the verbs of money read; a reading that it lacks ends the run with an AttributeError.
        records = cast("HotelRecords", line)
        journal = DeskJournal(disk, self.process)
        self.desk = Desk(f"desk-{number}", Seat(Rules(), self.process, _CLERK))
        acquirer = cast("Acquirer", AcquirerLine(outside.acquirer, line, self.process, watch))
        gateway = cast("PaymentGateway", line)
        self.runner = IntentRunner(
            journal,
            LookUp(records, acquirer),
            self.process,
            line.server_now,
            self._money,
            write_down=WriteDown(records, gateway, acquirer, line.server_now),
        )
        self._front = FrontDesk(
            hotel=HOTEL,
            desk=self.desk,
            clock=self.process,
            records=records,
            gateway=gateway,
            acquirer=acquirer,
            journal=journal,
            runner=self.runner,
            guest_pages=GuestPages(("ApplePay",)),
        )

    def _failed(self, failure: BaseException) -> None:
        if not isinstance(failure, OwnBug):
            self._watch.violated(LOST, f"{self.desk.id} failed: {type(failure).__name__}: {failure}")

    async def start(self) -> None:
        """Take up what the desk's last life left.

        Raises:
            JournalAway: the journal is out of reach, so there is no desk.
        """
        try:
            await self.runner.resume(self.desk.id)
        except JournalAway:
            raise
        except JournalError:
            return  # the runner knows that it is stopped, or the next start takes it up
        self.opened = True
        self._watch.note(f"{self.desk.id} is open")

    async def end(self) -> None:
        """Die: from now on nothing passes, whatever is still cancelled on the way out."""
        self._watch.note(f"{self.desk.id} dies")
        self.process.alive = False
        await self.clerks.close()
        await self._money.close()

    async def quit(self) -> None:
        """Close as the app does: let what was sent be answered, within a bound."""
        self._watch.note(f"{self.desk.id} quits")
        await self.clerks.close()
        try:
            async with asyncio.timeout(60):
                await self.runner.all_answered()
        except TimeoutError:
            pass
        await self._money.close()
        self.process.alive = False

    async def pursue(
        self, goal: Goal, step: Step, reference: str, new_reference: Callable[[], str], targets: list[str]
    ) -> None:
        """Be a clerk who wants `goal`.

        Args:
            goal: what is wanted.
            step: how.
            reference: of the form that is open.
            new_reference: of the next form.
            targets: payments that may be refunded.
        """
        for attempt in range(step.tries):
            if attempt:
                await asyncio.sleep(5)
                reference = new_reference()
                goal.references.append(reference)
            told = await self._confirm(step, reference, targets)
            if told is None or (told not in DID_NOTHING and not step.impatient):
                return

    async def _confirm(self, step: Step, reference: str, targets: list[str]) -> IntentState | None:
        """Return what the clerk is told after a while; None where a repeat was seen and left alone."""
        shown = frozenset[str]()
        for _ in range(3):
            try:
                begun = await self._act(step, reference, targets, shown)
            except LooksRepeated as repeated:
                if not step.meant:
                    return None
                shown |= {repeat.payment_id for repeat in repeated.repeats}
                continue
            except (DeskPayError, OwnBug):
                return IntentState.NOT_SENT
            await asyncio.sleep(_PATIENCE_S)
            news = self.runner.latest(begun.intent.id)
            told = news.record.state if news is not None else IntentState.UNKNOWN
            return None if told is IntentState.CONFIRMED else told
        return None

    async def _act(self, step: Step, reference: str, targets: list[str], shown: frozenset[str]) -> IntentRecord:
        customer, amount, front = GUESTS[step.guest], Money(step.amount_minor, GBP), self._front
        reason = "meant" if step.meant else ""
        match step.kind:
            case IntentKind.CHARGE:
                charge = ChargeOrder(
                    reference=reference,
                    customer=customer,
                    reservation_id=None,
                    credit_card_id=card_of(step.guest),
                    amount=amount,
                    repeat_reason=reason,
                    repeat_of=shown,
                )
                return await take_payment(front, charge)
            case IntentKind.ACQUIRER_CHARGE:
                order = self._at_acquirer(step, reference, reason, shown)
                return await charge_acquirer(front, order, "https://return.invalid/")
            case IntentKind.REFUND:
                target = targets[step.target % len(targets)]
                refund = RefundOrder(
                    reference=reference, customer=customer, payment_id=target, amount=amount, reason="minibar"
                )
                return await refund_payment(front, refund)
            case IntentKind.SAVE_CARD:
                return await save_card(front, self._captured(customer, reference))
            case IntentKind.PAY_LINK | IntentKind.ALTERNATIVE | IntentKind.TERMINAL:
                link = LinkTerms(PayReason.OTHER, front.records.server_now() + _LINK_LIFE, "Please pay", by_email=True)
                ask = AskOrder(
                    reference=reference,
                    customer=customer,
                    reservation_id=None,
                    amount=amount,
                    link=link if step.kind is IntentKind.PAY_LINK else None,
                    method="ApplePay" if step.kind is IntentKind.ALTERNATIVE else "",
                    terminal=_TERMINAL if step.kind is IntentKind.TERMINAL else None,
                    repeat_reason=reason,
                    repeat_of=shown,
                )
                return await ask_guest(front, ask)
            case IntentKind.RECORD_CARD | IntentKind.RECORD_EXTERNAL:
                by_card = step.kind is IntentKind.RECORD_CARD
                record = RecordOrder(
                    reference=reference,
                    customer=customer,
                    amount=amount,
                    reservation_id=None,
                    bill_id=None,
                    slip=_SLIP if by_card else None,
                    tender="" if by_card else "Cash",
                    repeat_reason=reason,
                    repeat_of=shown,
                )
                return await record_payment(front, record)

    def _captured(self, customer: Customer, reference: str) -> SaveCardOrder:
        return SaveCardOrder(
            reference=reference,
            customer=customer,
            transaction_id="260915091414123456",
            captured_at_s=self.process.monotonic_s(),
            expiry=CAPTURED_EXPIRY,
        )

    @staticmethod
    def _at_acquirer(step: Step, reference: str, reason: str, shown: frozenset[str]) -> AcquirerOrder:
        return AcquirerOrder(
            reference=reference,
            customer=GUESTS[step.guest],
            reservation_id=None,
            card=_VAULTED,
            amount=Money(step.amount_minor, GBP),
            tender="Cash" if step.target else "",
            repeat_reason=reason,
            repeat_of=shown,
        )
