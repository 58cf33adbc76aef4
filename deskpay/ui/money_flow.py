"""From a key pressed to an outcome shown: ask, act, and follow what becomes of it.

Dialogs ask and services act; this joins the two. What was sent belongs to the runner: hiding a dialog, or closing the
window, changes nothing about it.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any, TypeVar

from PySide6.QtWidgets import QWidget

from deskpay.domain.errors import DeskPayError, LooksRepeated, UserCancelled
from deskpay.domain.hotel import AccountingCategory
from deskpay.domain.intent import Intent, IntentRecord, IntentState
from deskpay.domain.policy import no_trace
from deskpay.domain.reference import new_reference
from deskpay.services.announcer import Announcer
from deskpay.services.front_desk import FrontDesk
from deskpay.services.intent_runner import IntentNews
from deskpay.services.read_guest import GuestFile
from deskpay.services.record_payment import RecordOrder, record_payment
from deskpay.services.refund_payment import refund_payment
from deskpay.services.resolve import resolve, see_candidates
from deskpay.services.save_card import save_card
from deskpay.services.scope import TaskScope
from deskpay.services.take_payment import ChargeOrder, take_payment
from deskpay.ui.ask import Asking
from deskpay.ui.cards.add_card_dialog import AddCardDialog, MakePane
from deskpay.ui.components.environment_bar import Environment
from deskpay.ui.payments.charge_dialog import ChargeDialog
from deskpay.ui.payments.decide_dialog import DecideDialog
from deskpay.ui.payments.outcome_dialog import OutcomeDialog
from deskpay.ui.payments.record_dialog import RecordDialog
from deskpay.ui.payments.refund_dialog import RefundDialog
from deskpay.ui.payments.repeat_dialog import RepeatDialog
from deskpay.ui.payments.wording import GuestWords
from deskpay.ui.words.dates import DateWords

Order = TypeVar("Order")
Act = Callable[[FrontDesk, Order], Coroutine[Any, Any, IntentRecord]]


class MoneyFlow:
    """Asks for acts, starts them, and shows what becomes of them.

    Args:
        window: over which dialogs lie.
        front: what acts.
        environment: where a charge would go.
        make_pane: makes the card pane of a dialog; None where cards cannot be added.
        scope: owns the dialogs.

    `charge_wanted` announces the id of a customer who is to pay another way, after an outcome that was shown by itself.
    One dialog is open at a time: what is asked for meanwhile is not done.
    """

    def __init__(
        self,
        window: QWidget,
        front: FrontDesk,
        environment: Environment,
        make_pane: MakePane | None,
        scope: TaskScope,
    ) -> None:
        self._window = window
        self._front = front
        self._environment = environment
        self._make_pane = make_pane
        self._scope = scope
        self._categories: list[AccountingCategory] = []
        self._asking = False
        self._deciding = False
        # References of forms that were left while their act was just beginning, and what began all the same: what was
        # sent must be shown as soon as no other dialog is open.
        self._left: set[str] = set()
        self._unseen: dict[str, IntentRecord] = {}
        self.charge_wanted: Announcer[str] = Announcer(scope.report)
        self._stop_listening = front.runner.changed.listen(self._on_news)

    def start(self) -> None:
        """Read what the forms offer, so that none of them has to wait for it."""
        self._scope.start(self._read_categories(), name="read the categories")

    def stop(self) -> None:
        """Open no more dialogs."""
        self._stop_listening()
        self._left.clear()
        self._unseen.clear()

    @property
    def busy(self) -> bool:
        """True while a dialog is open."""
        return self._asking

    @property
    def can_add_card(self) -> bool:
        """True where the hotel stores cards and a vault can be reached."""
        return self._make_pane is not None and self._front.hotel.card_storage_key is not None

    async def charge(self, file: GuestFile, room: str, credit_card_id: str | None = None) -> None:
        """Ask for a charge of a saved card, start it and show its outcome; then of another card, if that is wanted."""
        if self._asking:
            return
        about = GuestWords(file, room).about
        again, card_wanted = True, False

        def want_card() -> None:
            nonlocal card_wanted
            card_wanted = True
            dialog.reject()

        while again:
            reference = new_reference()
            dialog = ChargeDialog(
                self._window, file, self._categories, self._environment, reference, room, credit_card_id
            )
            dialog.add_card_requested.connect(want_card)
            again = await self._through(self._asked(dialog, take_payment, reference, _charge_again), about)
        if card_wanted:
            await self.add_card(file, room)

    async def record(self, file: GuestFile, room: str) -> None:
        """Ask for a payment taken elsewhere, write it down and show its outcome."""
        if self._asking:
            return
        reference = new_reference()
        dialog = RecordDialog(self._window, file, self._environment, reference, room)
        asking = self._asked(dialog, record_payment, reference, _record_again)
        await self._through(asking, GuestWords(file, room).about)

    async def refund(self, file: GuestFile, room: str, payment_id: str | None = None) -> None:
        """Ask what to give back, start it and show its outcome."""
        if self._asking:
            return
        reference = new_reference()
        dialog = RefundDialog(self._window, file, self._environment, reference, room, payment_id)
        await self._through(self._asked(dialog, refund_payment, reference), GuestWords(file, room).about)

    async def add_card(self, file: GuestFile, room: str) -> None:
        """Take a card into the vault, save it and show its outcome."""
        if self._asking or self._make_pane is None or not self.can_add_card:
            return
        reference = new_reference()
        dialog = AddCardDialog(self._window, file, self._environment, reference, room, self._make_pane)
        await self._through(self._asked(dialog, save_card, reference), GuestWords(file, room).about)

    def show_unresolved(self, customer_id: str | None = None) -> None:
        """Show an act without a known outcome: one of the guest's, else the oldest.

        Args:
            customer_id: the guest whose page is shown, None where there is none.
        """
        waiting = [news.record for news in self._front.runner.unfinished]
        if not waiting:
            return
        order = [
            *(record for record in waiting if record.intent.customer_id == customer_id),
            *(record for record in waiting if record.state is IntentState.UNKNOWN),
            *waiting,
        ]
        self._scope.start(self._show(order[0]), name="show an unresolved act")

    def show_story(self, intent_id: str) -> None:
        """Show what happened to one act so far."""
        news = self._front.runner.latest(intent_id)
        if news is not None:
            self._scope.start(self._show(news.record), name="show an unresolved act")

    def decide(self, intent_id: str) -> None:
        """Ask two people what became of one act."""
        news = self._front.runner.latest(intent_id)
        if news is not None:
            self._scope.start(self._decide_alone(news.record.intent), name="ask two people")

    async def _decide_alone(self, intent: Intent) -> None:
        if self._asking:
            return
        self._asking = True
        try:
            await self._decide(intent, intent.customer_name)
        finally:
            self._free()

    async def _through(self, asking: Coroutine[Any, Any, IntentRecord], about: str) -> bool:
        """Ask, and follow what began; return True when the clerk wants to charge another card."""
        self._asking = True
        try:
            return await self._follow(await asking, about)
        except UserCancelled:
            return False
        finally:
            self._free()

    async def _show(self, record: IntentRecord) -> None:
        """Show an act by itself, unless a dialog is open."""
        if self._asking:
            return
        self._asking = True
        try:
            again = await self._follow(record)
        finally:
            self._free()
        if again:
            self.charge_wanted.announce(record.intent.customer_id)

    async def _show_unseen(self) -> None:
        if self._unseen and not self._asking:
            await self._show(self._unseen.pop(next(iter(self._unseen))))

    def _free(self) -> None:
        """Take note that the dialog is gone; what began behind a form that was left is shown now."""
        self._asking = False
        if self._unseen:
            self._scope.start(self._show_unseen(), name="show what was left")

    async def _asked(
        self,
        dialog: Asking[Order],
        act: Act[Order],
        reference: str,
        again: Callable[[Order, str, LooksRepeated], Order] | None = None,
    ) -> IntentRecord:
        """Return the intent that came of a dialog; what is refused is said on it, and it may be answered again.

        Args:
            dialog: what asks.
            act: what is done with the answer.
            reference: drawn for this form.
            again: returns the order with the reason why it is none of what was shown; None for acts that cannot be
                repeats.

        Raises:
            UserCancelled: the clerk left.
        """
        try:
            order = await dialog.answer()
            while True:
                try:
                    return await self._begun(dialog, act(self._front, order), reference)
                except LooksRepeated as problem:
                    if again is None:
                        raise
                    # What turns up while the clerk gives a reason is shown and asked about like the first finding.
                    order = again(order, await self._why_again(problem, dialog), problem)
                except UserCancelled:
                    raise
                except DeskPayError as problem:
                    dialog.show_problem(problem)
                    order = await dialog.answer()
        finally:
            dialog.finish()

    async def _begun(
        self, dialog: Asking[Order], beginning: Coroutine[Any, Any, IntentRecord], reference: str
    ) -> IntentRecord:
        try:
            return await dialog.checked(beginning)
        except UserCancelled:
            self._left.add(reference)
            raise

    async def _why_again(self, problem: LooksRepeated, dialog: Asking[Order]) -> str:
        repeat = RepeatDialog(self._window, problem.repeats, dialog.confirm_words, self._environment)
        try:
            return await repeat.answer()
        finally:
            repeat.finish()

    async def _follow(self, record: IntentRecord, about: str = "") -> bool:
        """Show what becomes of an act until the clerk hides it; hiding stops nothing.

        Returns:
            True when the clerk wants to charge another card.
        """
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
        )
        left: asyncio.Future[bool] = asyncio.get_running_loop().create_future()

        def leave(*, again: bool) -> None:
            if not left.done():
                left.set_result(again)

        def hear(news: IntentNews) -> None:
            if news.record.intent.id == intent.id:
                dialog.show_news(news, front.records.server_now())

        stop = front.runner.changed.listen(hear)
        dialog.check_now_requested.connect(lambda: front.runner.check_now(intent.id))
        dialog.decide_requested.connect(lambda: self._ask_people(intent, about or intent.customer_name))
        dialog.hidden.connect(lambda: leave(again=False))
        dialog.another_card_requested.connect(lambda: leave(again=True))
        try:
            dialog.open()
            return await left
        finally:
            stop()
            dialog.finish()

    def _ask_people(self, intent: Intent, about: str) -> None:
        if not self._deciding:
            self._deciding = True
            self._scope.start(self._decide(intent, about), name="ask two people")

    async def _decide(self, intent: Intent, about: str) -> None:
        """Ask two people what became of an act until their answer stands or they leave; checking goes on meanwhile."""
        front = self._front
        dates = DateWords(front.hotel.zone)
        dialog = DecideDialog(self._window, self._environment, about, intent, front.policy, dates)
        try:
            await self._show_candidates(dialog, intent.id)
            while True:
                said = await dialog.answer()
                deciding = resolve(
                    front,
                    intent.id,
                    said.decision,
                    said.reason,
                    said.people,
                    looked_in_mews=said.looked_in_mews,
                )
                try:
                    await dialog.checked(deciding)
                except UserCancelled:
                    raise
                except DeskPayError as problem:
                    await self._show_candidates(dialog, intent.id)
                    dialog.show_problem(problem)
                else:
                    return
        except UserCancelled:
            return
        finally:
            self._deciding = False
            dialog.finish()

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

    async def _read_categories(self) -> None:
        """Read the categories; without them payments go under the hotel's default, and nothing is held up."""
        with contextlib.suppress(DeskPayError):
            self._categories = await self._front.records.accounting_categories()

    def _on_news(self, news: IntentNews) -> None:
        reference = news.record.intent.reference
        if reference not in self._left:
            return
        self._left.discard(reference)
        self._unseen[reference] = news.record
        if not self._asking:
            self._free()


def _charge_again(order: ChargeOrder, reason: str, problem: LooksRepeated) -> ChargeOrder:
    return replace(order, repeat_reason=reason, repeat_of=_shown(problem))


def _record_again(order: RecordOrder, reason: str, problem: LooksRepeated) -> RecordOrder:
    return replace(order, repeat_reason=reason, repeat_of=_shown(problem))


def _shown(problem: LooksRepeated) -> frozenset[str]:
    return frozenset(repeat.payment_id for repeat in problem.repeats)
