"""Showing a code until the guest has paid, or the clerk goes on; and the same on the guest's own screen."""

from __future__ import annotations

import asyncio

from PySide6.QtWidgets import QWidget

from deskpay.domain.intent import IntentKind, IntentRecord, IntentState
from deskpay.services.front_desk import FrontDesk
from deskpay.services.intent_news import IntentNews
from deskpay.services.scope import TaskScope
from deskpay.ui.components.environment_bar import Environment
from deskpay.ui.payments.code_dialog import CodeDialog
from deskpay.ui.payments.guest_window import GuestState, GuestWindow
from deskpay.ui.payments.wording import said
from deskpay.ui.words.dates import DateWords
from deskpay.ui.words.guest_language import GuestLanguage, guest_language


class CodeFlow:
    """Shows codes.

    Args:
        window: over which dialogs lie.
        front: what acts.
        environment: where acts go.
        scope: owns the dialogs.
    """

    def __init__(self, window: QWidget, front: FrontDesk, environment: Environment, scope: TaskScope) -> None:
        self._window = window
        self._front = front
        self._environment = environment
        self._scope = scope
        self.guest_window: GuestWindow | None = None

    def can_show(self, record: IntentRecord) -> bool:
        """Tell whether there is a code to show: the payment waits for the guest and its address is known and safe."""
        waiting = record.intent.kind is IntentKind.ALTERNATIVE and record.state is IntentState.ACCEPTED
        return waiting and self._front.guest_pages.address_of(record.intent.id) is not None

    async def show(self, record: IntentRecord, about: str, language_code: str = "") -> bool:
        """Show the code until the clerk hides it or the payment ends; return True in the second case.

        Args:
            record: of kind ALTERNATIVE, waiting for the guest.
            about: name, room and number of the guest.
            language_code: of the guest.
        """
        front, intent = self._front, record.intent
        address = front.guest_pages.address_of(intent.id) or ""
        dialog = CodeDialog(
            self._window,
            self._environment,
            about or intent.customer_name,
            intent,
            address,
            DateWords(front.hotel.zone),
            clock=front.clock,
            scope=self._scope,
        )
        left: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        language = guest_language(language_code)

        def hear(news: IntentNews) -> None:
            if news.record.intent.id == intent.id:
                self._tell_guest(news.record.state)
                dialog.show_news(news)

        def leave() -> None:
            if not left.done():
                left.set_result(None)

        def toggle() -> None:
            dialog.set_on_guest_screen(self._toggle(record, address, language))

        stop = front.runner.changed.listen(hear)
        dialog.check_now_requested.connect(lambda: front.runner.check_now(intent.id))
        dialog.guest_screen_requested.connect(toggle)
        dialog.hidden.connect(leave)
        try:
            dialog.show_news(front.runner.latest(intent.id) or IntentNews(record))
            if not left.done():
                dialog.open()
            await left
        finally:
            stop()
            dialog.finish()
        ended = front.runner.latest(intent.id)
        over = ended is not None and ended.record.state.final
        if not over:
            self.close()
        return over

    def close(self) -> None:
        """Take the guest's window away."""
        if self.guest_window is not None:
            self.guest_window.hide()
            self.guest_window.deleteLater()
            self.guest_window = None

    def _toggle(self, record: IntentRecord, address: str, language: GuestLanguage) -> bool:
        if self.guest_window is not None:
            self.close()
            return False
        amount = record.intent.amount
        if amount is None:
            raise AssertionError("a guest is asked for an amount")
        practice = "" if self._environment is Environment.LIVE else said("Practice: no money moves")
        self.guest_window = GuestWindow(self._front.hotel.name, amount, address, language, practice)
        self.guest_window.show_to_guest(self._window)
        self._window.activateWindow()
        return True

    def _tell_guest(self, state: IntentState) -> None:
        if self.guest_window is not None and state.final:
            paid = state is IntentState.CONFIRMED
            self.guest_window.show_state(GuestState.PAID if paid else GuestState.ENDED)
