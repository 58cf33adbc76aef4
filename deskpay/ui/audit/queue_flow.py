"""The queue of charges from the button to its end: pick, review, confirm, carry out; and take up after a restart."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import date
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from deskpay.domain.business_day import Span
from deskpay.domain.errors import DeskPayError, UserCancelled
from deskpay.domain.night_queue import QueuePlan
from deskpay.services.find_candidates import find_candidates
from deskpay.services.night_desk import NightDesk
from deskpay.services.run_night_queue import NightQueue, confirm_queue
from deskpay.services.scope import Owned, TaskScope
from deskpay.ui.audit.audit_view import AuditView
from deskpay.ui.audit.exports import ask_path, queue_csv
from deskpay.ui.audit.pick_dialog import PickDialog
from deskpay.ui.audit.queue_dialog import QueueDialog
from deskpay.ui.components.environment_bar import Environment
from deskpay.ui.present_error import ErrorWords, words_for
from deskpay.ui.words.dates import DateWords


def _said(words: str) -> str:
    return QCoreApplication.translate("QueueFlow", words)


class QueueFlow:
    """One queue at a time.

    Args:
        view: the audit page.
        night: what reads and acts.
        environment: where charges go.
        scope: owns the dialogs and the queue.
        day: which business day is shown, and its span.
    """

    def __init__(
        self,
        view: AuditView,
        night: NightDesk,
        environment: Environment,
        scope: TaskScope,
        day: Callable[[], tuple[date, Span]],
    ) -> None:
        self._view, self._night, self._environment, self._scope, self._day = view, night, environment, scope, day
        self._opening = False
        self._running: Owned | None = None
        self._problem: ErrorWords | None = None
        self._guests: dict[str, str] = {}
        self._cards: dict[str, str] = {}
        self.queue: NightQueue | None = None
        self.dialog: QueueDialog | None = None
        self.picking: PickDialog | None = None

    @property
    def running(self) -> bool:
        """True while charges are carried out."""
        return self._running is not None and not self._running.done()

    def stop(self) -> None:
        """Hear no more of the queue; it goes on after the next start where it was."""
        if self.queue is not None:
            self.queue.leave()

    def open(self) -> None:
        """Show the queue that is not over, or pick a new one."""
        if not self._opening and self.dialog is None:
            self._opening = True
            self._scope.start(self._open(), name="open the queue")

    async def look(self) -> None:
        """Say on the button where a queue of an earlier run is not over."""
        try:
            plan = await self._night.queues.unfinished()
        except DeskPayError:
            return  # said when it is opened
        if plan is not None:
            self._view.queue_button.set_label(_said("Charges not over…"))

    async def _open(self) -> None:
        try:
            if self.queue is None:
                plan = await self._night.queues.unfinished()
                self.queue = await self._taken_up(plan) if plan is not None else await self._picked()
                if plan is None:
                    self._go_on()
            self._show(self.queue)
        except UserCancelled:
            return
        except DeskPayError as problem:
            words = words_for(problem)
            self._view.show_state(words.sentence, words.remedy)
        finally:
            self._opening = False

    async def _taken_up(self, plan: QueuePlan) -> NightQueue:
        records = self._night.front.records
        customers = await records.customers([row.customer_id for row in plan.rows])
        cards = await records.credit_cards_by_id([row.credit_card_id for row in plan.rows])
        self._guests = {customer.id: customer.full_name for customer in customers}
        self._cards = {card.id: card.label for card in cards}
        queue = NightQueue(self._night, plan)
        await queue.recall()
        return self._heard(queue)

    def _heard(self, queue: NightQueue) -> NightQueue:
        queue.changed.listen(lambda _news: self._refresh())
        return queue

    async def _picked(self) -> NightQueue:
        day, span = self._day()
        seen_utc = self._night.front.records.server_now()
        candidates = await find_candidates(self._night, span)
        words = DateWords(self._night.front.hotel.zone).day(day)
        self.picking = PickDialog(self._view, candidates, words, self._environment, self._view.house)
        try:
            plan = await self.picking.until_done(lambda rows: confirm_queue(self._night, day, rows, seen_utc))
        finally:
            self.picking.finish()
            self.picking = None
        self._guests = {candidate.customer.id: candidate.customer.full_name for candidate in candidates}
        self._cards = {c.card.id: c.card.label for c in candidates if c.card is not None}
        return self._heard(NightQueue(self._night, plan))

    def _show(self, queue: NightQueue) -> None:
        dialog = QueueDialog(self._view, queue, self._guests, self._cards, self._environment, self._view.house)
        dialog.go_on_requested.connect(self._go_on)
        dialog.pause_requested.connect(self._pause)
        dialog.stop_requested.connect(self._stop)
        dialog.export_requested.connect(self._ask_csv)
        dialog.left.connect(self._leave)
        self.dialog = dialog
        dialog.open()
        self._refresh()

    def _leave(self) -> None:
        dialog, self.dialog = self.dialog, None
        if dialog is not None:
            dialog.finish()
        if self.queue is not None and not self.running and all(news.state.ended for news in self.queue.rows):
            self.queue.leave()
            self.queue = None
        self._view.queue_button.set_label(
            _said("No-show charges…") if self.queue is None else _said("Charges not over…")
        )

    def _go_on(self) -> None:
        if self.queue is None:
            return
        self.queue.go_on()
        if not self.running:
            self._problem = None
            self._running = self._scope.start(self._run(self.queue), name="charge the queue")
        self._refresh()

    def _pause(self) -> None:
        if self.queue is not None:
            self.queue.pause()
            self._refresh()

    def _stop(self) -> None:
        if self.queue is None:
            return
        self.queue.stop()
        if not self.running:
            self._running = self._scope.start(self._run(self.queue), name="end the queue")
        self._refresh()

    async def _run(self, queue: NightQueue) -> None:
        try:
            await queue.run()
        except DeskPayError as problem:
            self._problem = words_for(problem)
        self._running = None
        if queue.stopping:
            queue.leave()
            self.queue = None
        self._refresh(queue)

    def _refresh(self, queue: NightQueue | None = None) -> None:
        shown = queue or self.queue
        if self.dialog is not None and shown is not None:
            self.dialog.show_queue(running=self.running, problem=self._problem)

    def _ask_csv(self) -> None:
        if self.dialog is not None:
            name = f"charges-{self._day()[0].isoformat()}.csv"
            ask_path(self.dialog, _said("Save"), name, "csv", self.export)

    def export(self, path: Path) -> None:
        """Write the queue with what came of each row to a file."""
        if self.dialog is not None:
            text = queue_csv(self.dialog.sheet.rows.rows, self._guests, self._cards, self._view.house)
            self._scope.start(asyncio.to_thread(path.write_text, text, "utf-8", newline=""), name="export the queue")
