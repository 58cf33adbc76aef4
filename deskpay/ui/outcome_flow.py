"""Showing what becomes of an act, and asking two people where nobody can prove it."""

from __future__ import annotations

import asyncio
import contextlib

from PySide6.QtWidgets import QWidget

from deskpay.domain.bill import balance
from deskpay.domain.decline import declined_on
from deskpay.domain.errors import DeskPayError, UserCancelled
from deskpay.domain.intent import Intent, IntentKind, IntentRecord, IntentState
from deskpay.domain.policy import no_trace
from deskpay.domain.security import SecurityKind
from deskpay.domain.split import Split
from deskpay.services.close_by_hand import close_by_hand
from deskpay.services.front_desk import FrontDesk
from deskpay.services.intent_runner import IntentNews
from deskpay.services.resolve import resolve, see_candidates
from deskpay.services.scope import TaskScope, side_by_side
from deskpay.services.staff import Staff
from deskpay.services.training_staff import TRAINING_PIN
from deskpay.ui.bank_flow import BankFlow
from deskpay.ui.code_flow import CodeFlow
from deskpay.ui.components.environment_bar import Environment
from deskpay.ui.payments.bank_dialog import MakeBankPane
from deskpay.ui.payments.by_hand_dialog import ByHandDialog
from deskpay.ui.payments.decide_dialog import Decided, DecideDialog
from deskpay.ui.payments.decline_words import Move
from deskpay.ui.payments.outcome_dialog import OutcomeDialog
from deskpay.ui.payments.wording import said
from deskpay.ui.receipts.receipt_flow import ReceiptFlow
from deskpay.ui.staff.words import training_hint
from deskpay.ui.words.dates import DateWords

Went = tuple[Move, IntentRecord]
"""The way on that a clerk chose, and how the act before it ended."""


class OutcomeFlow:
    """Follows acts before the clerk's eyes.

    Args:
        window: over which dialogs lie.
        front: what acts.
        environment: where acts go.
        scope: owns the dialogs.
        staff: proves who the second person is.
        make_bank_pane: makes the pane in which a guest answers their bank; None where there is none.

    Attributes:
        receipts: gives receipts of what ended well.
    """

    def __init__(
        self,
        window: QWidget,
        front: FrontDesk,
        environment: Environment,
        scope: TaskScope,
        staff: Staff,
        make_bank_pane: MakeBankPane | None = None,
    ) -> None:
        self._window = window
        self._front = front
        self._environment = environment
        self._scope = scope
        self._codes = CodeFlow(window, front, environment, scope)
        self._banks = BankFlow(window, front, environment, make_bank_pane)
        self._page = ""
        self.receipts = ReceiptFlow(window, front, environment, scope)
        self._staff = staff
        self._deciding = False

    async def follow(
        self,
        record: IntentRecord,
        about: str = "",
        split: Split | None = None,
        *,
        can_link: bool = False,
        language: str = "",
    ) -> Went | None:
        """Show what becomes of an act until the clerk hides it; hiding stops nothing.

        Args:
            record: the act.
            about: name, room and number of the guest.
            split: where the taking in parts stood when it was confirmed.
            can_link: True where a pay link can be sent instead of a card that was declined.
            language: of the guest, for what they read on their own screen.

        Returns:
            The way on that the clerk chose, and how the act ended; None where they are done.
        """
        try:
            while True:
                went = await self._tell(record, about, split, can_link=can_link)
                latest = self._latest(record)
                if await self._at_the_bank(went, latest, about):
                    continue
                if went is not None or not self._codes.can_show(latest):
                    return went
                if not await self._codes.show(latest, about, language):
                    return None
        finally:
            self._codes.close()

    async def _at_the_bank(self, went: Went | None, record: IntentRecord, about: str) -> bool:
        """Do what the outcome was left for where that concerns the guest's bank; return False where it does not."""
        page, self._page = self._page, ""
        if went is not None and went[0] is Move.END_CHARGE:
            await self._banks.end(record)
            return True
        if went is not None and went[0] is Move.BANK_PAGE:
            page = await self._banks.page_of(record)
        elif not page:
            return False
        if page:
            await self._banks.show(record, about or record.intent.customer_name, page)
        return True

    def _latest(self, record: IntentRecord) -> IntentRecord:
        news = self._front.runner.latest(record.intent.id)
        return news.record if news is not None else record

    async def _tell(self, record: IntentRecord, about: str, split: Split | None, *, can_link: bool) -> Went | None:
        """Show what becomes of an act until the clerk hides it, or until there is a code to show."""
        if self._codes.can_show(self._latest(record)):
            return None
        front, intent = self._front, record.intent
        dialog = OutcomeDialog(
            self._window,
            self._environment,
            about or intent.customer_name,
            front.hotel.zone,
            front.runner.latest(intent.id) or IntentNews(record),
            front.records.server_now(),
            clock=front.clock,
            scope=self._scope,
            can_link=can_link,
            next_part=_next_part(intent, split),
        )
        left: asyncio.Future[Move | None] = asyncio.get_running_loop().create_future()

        def leave(move: Move | None) -> None:
            if not left.done():
                left.set_result(move)

        def hear(news: IntentNews) -> None:
            if news.record.intent.id == intent.id:
                dialog.show_news(news, front.records.server_now())
                if self._codes.can_show(news.record):
                    leave(None)
                elif self._banks.first_time(news.record):
                    self._scope.start(seek_page(news.record), name="read the bank's page")
                self._remind(dialog, news.record)

        async def seek_page(accepted: IntentRecord) -> None:
            page = await self._banks.page_of(accepted)
            if page and not left.done():
                self._page = page
                leave(None)

        stop = front.runner.changed.listen(hear)
        dialog.check_now_requested.connect(lambda: front.runner.check_now(intent.id))
        dialog.decide_requested.connect(lambda: self._ask_people(intent, about or intent.customer_name, dialog))
        dialog.receipt_requested.connect(lambda: self.receipts.ask(self._latest(record), dialog))
        dialog.hidden.connect(lambda: leave(None))
        dialog.move_chosen.connect(leave)
        counting = self._scope.start(self._count_tries(dialog, intent), name="count the tries of a card")
        try:
            dialog.open()
            hear(front.runner.latest(intent.id) or IntentNews(record))
            move = await left
        finally:
            counting.cancel()
            stop()
            dialog.finish()
        return None if move is None else (move, self._latest(record))

    async def _count_tries(self, dialog: OutcomeDialog, intent: Intent) -> None:
        """Tell the dialog how often the card was declined before, on the same day; without the journal it does not."""
        if intent.kind is not IntentKind.CHARGE or intent.credit_card_id is None:
            return
        with contextlib.suppress(DeskPayError):
            zone = self._front.hotel.zone
            others = [r for r in await self._front.journal.of_customer(intent.customer_id) if r.intent.id != intent.id]
            day = intent.drafted_utc.astimezone(zone).date()
            dialog.know_tries(declined_on(day, zone, intent.credit_card_id, others))

    def _remind(self, dialog: OutcomeDialog, record: IntentRecord) -> None:
        """Say what a refund that was made left open."""
        if record.intent.kind is IntentKind.REFUND and record.state is IntentState.CONFIRMED:
            self._scope.start(self._read_owed(dialog, record.intent), name="read what a refund left open")

    async def _read_owed(self, dialog: OutcomeDialog, intent: Intent) -> None:
        """Tell the dialog what the guest owes now that money went back; without the books it does not."""
        records = self._front.records
        with contextlib.suppress(DeskPayError):
            async with side_by_side() as group:
                items = group.create_task(records.open_items([intent.customer_id]))
                payments = group.create_task(records.payments([intent.customer_id]))
            dialog.know_owed(balance(items.result(), payments.result(), self._front.hotel.currency))

    def _ask_people(self, intent: Intent, about: str, beneath: OutcomeDialog) -> None:
        if not self._deciding:
            self._deciding = True
            self._scope.start(self._decide_over(beneath, intent, about), name="ask two people")

    async def _decide_over(self, beneath: OutcomeDialog, intent: Intent, about: str) -> None:
        """Ask people, and give the keyboard back to the dialog beneath."""
        try:
            await self.decide(intent, about)
        finally:
            if not beneath.gone:
                beneath.activateWindow()

    async def decide(self, intent: Intent, about: str) -> None:
        """Ask two people what became of an act until their answer stands or they leave; checking goes on meanwhile.

        Args:
            intent: the act.
            about: whom it is about.
        """
        front, operator = self._front, self._front.desk.seat.taken_by
        if operator is None:
            return
        self._deciding = True
        news = front.runner.latest(intent.id)
        if news is not None and news.record.state.took_unrecorded:
            await self._write_by_hand(news.record, about)
            return
        people = [person for person in await self._staff.people() if person.id != operator.id]
        dialog = DecideDialog(
            self._window,
            self._environment,
            about,
            intent,
            operator,
            people,
            DateWords(front.hotel.zone),
            hint=training_hint(self._environment, TRAINING_PIN),
        )

        async def settle(decided: Decided) -> None:
            try:
                await self._resolve(intent, decided)
            except DeskPayError:
                await self._show_candidates(dialog, intent.id)
                raise

        try:
            await self._show_candidates(dialog, intent.id)
            await dialog.until_done(settle)
        except UserCancelled:
            return
        finally:
            self._deciding = False
            dialog.finish()

    async def _write_by_hand(self, record: IntentRecord, about: str) -> None:
        """Ask where in Mews a person wrote what DeskPay could not, until that is kept or they leave."""
        dialog = ByHandDialog(self._window, self._environment, about, record)
        try:
            await dialog.until_done(
                lambda where: close_by_hand(self._front, record.intent.id, where, looked_in_mews=True)
            )
        except UserCancelled:
            return
        finally:
            self._deciding = False
            dialog.finish()

    async def _resolve(self, intent: Intent, decided: Decided) -> IntentRecord:
        signed, why = decided.second, SecurityKind.WITNESSED
        second = await self._staff.prove(signed.operator_id, signed.secret, why, intent.reference)
        return await resolve(
            self._front,
            intent.id,
            decided.decision,
            decided.reason,
            second,
            looked_in_mews=decided.looked_in_mews,
        )

    async def _show_candidates(self, dialog: DecideDialog, intent_id: str) -> None:
        news = self._front.runner.latest(intent_id)
        if news is None:
            return
        dialog.open()
        try:
            sight = await see_candidates(self._front, news.record)
        except DeskPayError as problem:
            dialog.show_problem(problem)
        else:
            dialog.show_sight(sight, self._front.records.server_now(), may_deny=no_trace(news.record))


def _next_part(intent: Intent, split: Split | None) -> str:
    """Return the button for the part that follows a charge; empty where none does."""
    rest = split.after(intent.amount, "") if split is not None and intent.amount is not None else None
    return said("Charge part {number} of {parts}…").format(number=rest.number, parts=rest.parts) if rest else ""
