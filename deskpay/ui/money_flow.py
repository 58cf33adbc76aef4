"""From a key pressed to an outcome shown: ask, act, and follow what becomes of it.

Dialogs ask and services act; this joins the two. What was sent belongs to the runner: hiding a dialog, or closing the
window, changes nothing about it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import replace
from typing import Any, TypeVar

from PySide6.QtWidgets import QWidget

from deskpay.domain.errors import DeskPayError, LooksRepeated, NeedsApproval, UserCancelled
from deskpay.domain.intent import Intent, IntentRecord, IntentState
from deskpay.domain.payment_request import PaymentRequest
from deskpay.domain.receipt import has_receipt
from deskpay.domain.reference import new_reference
from deskpay.domain.remembered import Remembered
from deskpay.domain.split import Split
from deskpay.services.announcer import Announcer
from deskpay.services.ask_guest import AskOrder, ask_guest, cancel_link
from deskpay.services.charge_acquirer import AcquirerOrder
from deskpay.services.front_desk import FrontDesk
from deskpay.services.intent_runner import IntentNews
from deskpay.services.ports import DeskMemory
from deskpay.services.read_guest import GuestFile, read_guest
from deskpay.services.record_payment import RecordOrder, record_payment
from deskpay.services.refund_payment import refund_payment
from deskpay.services.save_card import save_card
from deskpay.services.scope import TaskScope
from deskpay.services.staff import Staff
from deskpay.services.take_payment import ChargeOrder, take_payment
from deskpay.ui.acquirer_flow import AcquirerFlow, AcquirerPanes
from deskpay.ui.ask import Asking
from deskpay.ui.cards.add_card_dialog import AddCardDialog, MakePane
from deskpay.ui.components.environment_bar import Environment
from deskpay.ui.outcome_flow import OutcomeFlow, Went
from deskpay.ui.payments.ask_dialog import AskDialog
from deskpay.ui.payments.ask_offers import AskOffers, AskStart
from deskpay.ui.payments.charge_dialog import ChargeDialog
from deskpay.ui.payments.charge_start import ChargeOffers, ChargeStart, start_after
from deskpay.ui.payments.decline_words import Move
from deskpay.ui.payments.link_dialog import LinkDialog
from deskpay.ui.payments.record_dialog import RecordDialog
from deskpay.ui.payments.refund_dialog import RefundDialog
from deskpay.ui.payments.repeat_dialog import RepeatDialog
from deskpay.ui.payments.wishes import ChargeWish, PayLinkWish
from deskpay.ui.payments.wording import GuestWords, said
from deskpay.ui.staff.approving import Approving

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
        memory: what the desk remembers from one form to the next.
        staff: proves who a second person is.
        panes: of the acquirer; None where the connection has none.

    `charge_wanted` announces a charge that is to follow an outcome that was shown by itself, `pay_link_wanted` a link
    that is to be sent because a card was declined; links are offered only while somebody listens. One dialog is open at
    a time: what is asked for meanwhile is not done.
    """

    def __init__(
        self,
        window: QWidget,
        front: FrontDesk,
        environment: Environment,
        make_pane: MakePane | None,
        scope: TaskScope,
        memory: DeskMemory,
        staff: Staff,
        panes: AcquirerPanes | None = None,
    ) -> None:
        self._window = window
        self._front = front
        self._environment = environment
        self._make_pane = make_pane
        self._scope = scope
        self._memory = memory
        self._offers = ChargeOffers(agencies=front.agencies)
        self._asks = AskOffers(pages=front.guest_pages)
        self._acquirer = AcquirerFlow(window, front, environment, panes, scope)
        make_bank_pane = panes.make_bank_pane if panes is not None else None
        self._outcomes = OutcomeFlow(window, front, environment, scope, staff, make_bank_pane)
        self._approving = Approving(window, front.desk.seat, staff, environment)
        self._asking = False
        self._held = False
        # References of forms that were left while their act was just beginning, and what began all the same: what was
        # sent must be shown as soon as no other dialog is open.
        self._left: set[str] = set()
        self._unseen: dict[str, IntentRecord] = {}
        self.charge_wanted: Announcer[ChargeWish] = Announcer(scope.report)
        self.pay_link_wanted: Announcer[PayLinkWish] = Announcer(scope.report)
        self._stop_listening = front.runner.changed.listen(self._on_news)

    def start(self) -> None:
        """Read what the forms offer, so that none of them has to wait for it."""
        self._scope.start(self._read_offers(), name="read what the forms offer")

    def stop(self) -> None:
        """Open no more dialogs."""
        self._stop_listening()
        self._left.clear()
        self._unseen.clear()

    @property
    def busy(self) -> bool:
        """True while a dialog is open, or none may be."""
        return self._asking or self._held

    def hold(self, held: bool) -> None:
        """Open no dialog while nobody is at the desk; what ended meanwhile is shown afterwards."""
        self._held = held
        if not held and not self._asking:
            self._free()

    @contextlib.contextmanager
    def other_dialog(self) -> Iterator[None]:
        """Keep this flow's dialogs back while one of another flow is open; what ended meanwhile is shown afterwards."""
        self._asking = True
        try:
            yield
        finally:
            self._free()

    @property
    def can_add_card(self) -> bool:
        """True where the hotel stores cards and a vault can be reached."""
        return self._make_pane is not None and self._front.hotel.card_storage_key is not None

    async def charge(self, file: GuestFile, room: str, start: ChargeStart | None = None) -> None:
        """Ask for a charge of a saved card, start it and show its outcome; then go on as the clerk chooses."""
        if self.busy:
            return
        next_start: ChargeStart | None = start or ChargeStart()
        while next_start is not None:
            next_start = await self._charge_once(file, room, next_start)
            if next_start is not None:
                file = await self._read_anew(file)

    async def _charge_once(self, file: GuestFile, room: str, start: ChargeStart) -> ChargeStart | None:
        """Ask for one charge and follow it; return what the next form starts with, None where there is none."""
        other: Callable[[GuestFile, str], Coroutine[Any, Any, None]] | None = None
        dialog = ChargeDialog(self._window, file, self._offers, self._environment, new_reference(), room, start)
        dialog.offer_acquirer(self._acquirer.why_not)
        split: Split | None = None

        def want(way: Callable[[GuestFile, str], Coroutine[Any, Any, None]]) -> None:
            nonlocal other
            other = way
            dialog.reject()

        async def take(front: FrontDesk, order: ChargeOrder) -> IntentRecord:
            nonlocal split
            split = dialog.split
            record = await take_payment(front, order)
            await self._remember(order)
            return record

        dialog.add_card_requested.connect(lambda: want(self.add_card))
        dialog.acquirer_requested.connect(lambda: want(self.charge_at_acquirer))
        asking = self._asked(dialog, take, _charge_again)
        went = await self._through(asking, GuestWords(file, room).about, lambda: split)
        if other is not None:
            await other(file, room)
        if went is None:
            return None
        move, record = went
        if move is Move.PAY_LINK:
            self._want_link(record.intent)
        return start_after(move, record, split)

    async def charge_at_acquirer(self, file: GuestFile, room: str) -> None:
        """Ask for a charge at the acquirer, start it, and show its outcome and what the guest's bank asks."""
        if self.busy:
            return
        dialog = self._acquirer.form(file, room, new_reference())
        if dialog is not None:
            asking = self._asked(dialog, self._acquirer.take, _acquirer_again)
            await self._through(asking, GuestWords(file, room).about)

    async def _remember(self, order: ChargeOrder) -> None:
        remembered = Remembered.of(order.accounting_category_id or "", order.receipt_number)
        self._offers = replace(self._offers, remembered=remembered)
        await self._memory.remember(remembered)

    async def _read_anew(self, file: GuestFile) -> GuestFile:
        """Return the guest's file as it is by now; as it was, where it cannot be read: everything is checked again."""
        with contextlib.suppress(DeskPayError):
            return await read_guest(self._front, file.customer, file.reservation)
        return file

    async def record(self, file: GuestFile, room: str) -> None:
        """Ask for a payment taken elsewhere, write it down and show its outcome."""
        if self.busy:
            return
        reference = new_reference()
        dialog = RecordDialog(self._window, file, self._environment, reference, room, self._offers.rates)
        asking = self._asked(dialog, record_payment, _record_again)
        await self._through(asking, GuestWords(file, room).about)

    async def ask(self, file: GuestFile, room: str, start: AskStart | None = None) -> None:
        """Ask how the guest is to be asked to pay, start it, and show the code or what becomes of it."""
        if self.busy:
            return
        reference = new_reference()
        dialog = AskDialog(self._window, file, self._asks, self._environment, reference, room, start)
        asking = self._asked(dialog, ask_guest, _ask_again)
        await self._through(asking, GuestWords(file, room).about, language=file.customer.language)

    async def show_link(self, file: GuestFile, room: str, request_id: str) -> None:
        """Show a request to pay, and withdraw it if that is wanted; what became of it is read back."""
        request = next((request for request in file.requests if request.id == request_id), None)
        if self.busy or request is None:
            return
        self._asking = True
        try:
            await self._withdraw(request, GuestWords(file, room))
        except UserCancelled:
            return
        finally:
            self._free()

    async def _withdraw(self, request: PaymentRequest, words: GuestWords) -> None:
        now_utc = self._front.records.server_now()
        dialog = LinkDialog(self._window, request, words, self._environment, now_utc)
        try:
            await dialog.until_done(lambda request_id: cancel_link(self._front, request_id))
        finally:
            dialog.finish()

    async def refund(self, file: GuestFile, room: str, payment_id: str | None = None) -> None:
        """Ask what to give back, start it and show its outcome."""
        if self.busy:
            return
        reference = new_reference()
        dialog = RefundDialog(self._window, file, self._environment, reference, room, payment_id)
        await self._through(self._asked(dialog, refund_payment), GuestWords(file, room).about)

    async def add_card(self, file: GuestFile, room: str) -> None:
        """Take a card into the vault, save it and show its outcome."""
        if self.busy or self._make_pane is None or not self.can_add_card:
            return
        reference = new_reference()
        dialog = AddCardDialog(self._window, file, self._environment, reference, room, self._make_pane)
        await self._through(self._asked(dialog, save_card), GuestWords(file, room).about)

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

    async def receipt(self, file: GuestFile, _room: str, payment_id: str) -> None:
        """Show the receipt of a payment of ours once more, unless a dialog is open; of others there is none.

        Args:
            file: the guest's.
            _room: of the guest.
            payment_id: the payment.
        """
        ours = (record for record in file.intents if record.outcome_id == payment_id and has_receipt(record))
        record = next(ours, None)
        if record is not None and not self.busy:
            with self.other_dialog():
                await self._outcomes.receipts.show(record, again=True)

    async def _decide_alone(self, intent: Intent) -> None:
        if self.busy:
            return
        self._asking = True
        try:
            await self._outcomes.decide(intent, intent.customer_name)
        finally:
            self._free()

    async def _through(
        self,
        asking: Coroutine[Any, Any, IntentRecord],
        about: str,
        split: Callable[[], Split | None] = lambda: None,
        language: str = "",
    ) -> Went | None:
        """Ask, and follow what began; return the way on that the clerk chose, None where they are done."""
        self._asking = True
        try:
            record = await asking
            return await self._outcomes.follow(
                record, about, split(), can_link=self.pay_link_wanted.heard, language=language
            )
        except UserCancelled:
            return None
        finally:
            self._free()

    async def _show(self, record: IntentRecord) -> None:
        """Show an act by itself, unless a dialog is open."""
        if self.busy:
            return
        self._asking = True
        try:
            went = await self._outcomes.follow(record, can_link=self.pay_link_wanted.heard)
        finally:
            self._free()
        if went is None:
            return
        move, ended = went
        if move is Move.PAY_LINK:
            self._want_link(ended.intent)
        start = start_after(move, ended, None)
        if start is not None:
            self.charge_wanted.announce(ChargeWish(ended.intent.customer_id, start))

    def _want_link(self, intent: Intent) -> None:
        if intent.amount is not None:
            self.pay_link_wanted.announce(PayLinkWish(intent.customer_id, intent.reservation_id, intent.amount))

    async def _show_unseen(self) -> None:
        if self._unseen and not self.busy:
            await self._show(self._unseen.pop(next(iter(self._unseen))))

    def _free(self) -> None:
        """Take note that the dialog is gone; what began behind a form that was left is shown now."""
        self._asking = False
        if self._unseen and not self._held:
            self._scope.start(self._show_unseen(), name="show what was left")

    async def _asked(
        self,
        dialog: Asking[Order],
        act: Act[Order],
        again: Callable[[Order, str, LooksRepeated], Order] | None = None,
    ) -> IntentRecord:
        """Return the intent that came of a dialog; what is refused is said on it, and it may be answered again.

        Args:
            dialog: what asks.
            act: what is done with the answer.
            again: returns the order with the reason why it is none of what was shown; None for acts that cannot be
                repeats.

        Raises:
            UserCancelled: the clerk left.
        """
        try:
            order = await dialog.answer()
            while True:
                try:
                    return await self._begun(dialog, act(self._front, order))
                except LooksRepeated as problem:
                    if again is None:
                        raise
                    # What turns up while the clerk gives a reason is shown and asked about like the first finding.
                    order = again(order, await self._why_again(problem, dialog), problem)
                except NeedsApproval as problem:
                    if not await self._approving.ask(problem, dialog):
                        dialog.show_problem(problem)
                        order = await dialog.answer()
                except UserCancelled:
                    raise
                except DeskPayError as problem:
                    dialog.show_problem(problem)
                    order = await dialog.answer()
        finally:
            dialog.finish()

    async def _begun(self, dialog: Asking[Order], beginning: Coroutine[Any, Any, IntentRecord]) -> IntentRecord:
        try:
            return await dialog.checked(beginning)
        except UserCancelled:
            self._left.add(dialog.reference)
            raise

    async def _why_again(self, problem: LooksRepeated, dialog: Asking[Order]) -> str:
        repeat = RepeatDialog(self._window, problem.repeats, dialog.confirm_words, self._environment)
        try:
            return await repeat.answer()
        finally:
            repeat.finish()

    async def _read_offers(self) -> None:
        """Read categories, rates and what was remembered; a form does without what cannot be read."""
        records = self._front.records
        self._offers = replace(self._offers, remembered=await self._memory.recall())
        with contextlib.suppress(DeskPayError):
            self._offers = replace(self._offers, categories=tuple(await records.accounting_categories()))
        try:
            terminals = tuple(await records.terminals())
            why_not = "" if terminals else said("Card terminals: Mews drives none at this hotel.")
            self._asks = replace(self._asks, terminals=terminals, no_terminal=why_not)
        except DeskPayError:
            self._asks = replace(self._asks, no_terminal=said("Card terminals: Mews has not granted them to DeskPay."))
        if len(self._front.hotel.currencies) > 1:
            with contextlib.suppress(DeskPayError):
                rates = tuple(await records.exchange_rates())
                self._offers, self._asks = replace(self._offers, rates=rates), replace(self._asks, rates=rates)

    def _on_news(self, news: IntentNews) -> None:
        reference = news.record.intent.reference
        if reference not in self._left:
            return
        self._left.discard(reference)
        self._unseen[reference] = news.record
        if not self.busy:
            self._free()


def _charge_again(order: ChargeOrder, reason: str, problem: LooksRepeated) -> ChargeOrder:
    return replace(order, repeat_reason=reason, repeat_of=_shown(problem))


def _acquirer_again(order: AcquirerOrder, reason: str, problem: LooksRepeated) -> AcquirerOrder:
    return replace(order, repeat_reason=reason, repeat_of=_shown(problem))


def _ask_again(order: AskOrder, reason: str, problem: LooksRepeated) -> AskOrder:
    return replace(order, repeat_reason=reason, repeat_of=_shown(problem))


def _record_again(order: RecordOrder, reason: str, problem: LooksRepeated) -> RecordOrder:
    return replace(order, repeat_reason=reason, repeat_of=_shown(problem))


def _shown(problem: LooksRepeated) -> frozenset[str]:
    return frozenset(repeat.payment_id for repeat in problem.repeats)
