"""Showing the bank's page of a charge, as long as the acquirer says that the bank asks the guest."""

from __future__ import annotations

import asyncio

from PySide6.QtWidgets import QWidget

from deskpay.domain.acquirer import ChargeState
from deskpay.domain.errors import DeskPayError
from deskpay.domain.intent import IntentKind, IntentRecord, IntentState
from deskpay.services.charge_acquirer import cancel_charge
from deskpay.services.front_desk import FrontDesk
from deskpay.services.intent_news import IntentNews
from deskpay.ui.components.environment_bar import Environment
from deskpay.ui.payments.bank_dialog import BankDialog, MakeBankPane


class BankFlow:
    """Shows banks' pages.

    Args:
        window: over which dialogs lie.
        front: what acts.
        environment: where acts go.
        make_pane: makes the pane of a dialog; None where none can be shown.
    """

    def __init__(
        self, window: QWidget, front: FrontDesk, environment: Environment, make_pane: MakeBankPane | None
    ) -> None:
        self._window = window
        self._front = front
        self._environment = environment
        self._make_pane = make_pane
        self._told: set[str] = set()

    def waits(self, record: IntentRecord) -> bool:
        """Tell whether a bank may be asking the guest about this charge."""
        return record.intent.kind is IntentKind.ACQUIRER_CHARGE and record.state is IntentState.ACCEPTED

    def first_time(self, record: IntentRecord) -> bool:
        """Tell, once for each charge, that a bank may be asking about it; after that the clerk opens its page."""
        first = self.waits(record) and record.intent.id not in self._told
        if first:
            self._told.add(record.intent.id)
        return first

    async def page_of(self, record: IntentRecord) -> str:
        """Return the address of the bank's page; empty where the bank asks nothing, or that cannot be read."""
        acquirer, charge_id = self._front.acquirer, record.charge_id
        if acquirer is None or charge_id is None or self._make_pane is None:
            return ""
        try:
            charge = await acquirer.charge(charge_id)
        except DeskPayError:
            return ""
        return charge.bank_page if charge.state is ChargeState.WAITS_FOR_GUEST else ""

    async def show(self, record: IntentRecord, about: str, address: str) -> None:
        """Show the page until the guest is sent back, the clerk leaves or the charge is decided; then it is read."""
        front, intent = self._front, record.intent
        if self._make_pane is None:
            return
        dialog = BankDialog(self._window, self._environment, about, intent, address, self._make_pane)
        left: asyncio.Future[None] = asyncio.get_running_loop().create_future()

        def leave() -> None:
            if not left.done():
                left.set_result(None)

        def hear(news: IntentNews) -> None:
            if news.record.intent.id == intent.id and not self.waits(news.record):
                leave()

        stop = front.runner.changed.listen(hear)
        dialog.hidden.connect(leave)
        try:
            dialog.open()
            await left
        finally:
            stop()
            dialog.finish()
        front.runner.check_now(intent.id)

    async def end(self, record: IntentRecord) -> None:
        """End a charge that waits for its bank, so that nothing is taken; where it was taken meanwhile, it stays so."""
        try:
            await cancel_charge(self._front, record)
        except DeskPayError:
            # Whether it was ended is read on; the outcome shows it.
            self._front.runner.check_now(record.intent.id)
