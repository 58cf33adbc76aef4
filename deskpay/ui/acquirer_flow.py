"""What the form of a charge at the acquirer needs beside its answer: who the guest is there, linking and forgetting."""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from deskpay.domain.customer import Customer
from deskpay.domain.errors import DeskPayError, UserCancelled
from deskpay.domain.intent import IntentRecord
from deskpay.services.acquirer_guest import GuestThere, forget_card, forget_guest, know_guest, link_guest
from deskpay.services.charge_acquirer import AcquirerOrder, charge_acquirer
from deskpay.services.front_desk import FrontDesk
from deskpay.services.read_guest import GuestFile
from deskpay.services.scope import TaskScope
from deskpay.ui.cards.capture.bank_policy import RETURN_ADDRESS
from deskpay.ui.components.environment_bar import Environment
from deskpay.ui.payments.acquirer_dialog import AcquirerDialog, CardEntry
from deskpay.ui.payments.bank_dialog import MakeBankPane
from deskpay.ui.payments.forget_dialog import Forget, ForgetDialog
from deskpay.ui.payments.wording import GuestWords, said


@dataclass(frozen=True, slots=True, kw_only=True)
class AcquirerPanes:
    """What of the acquirer is shown in a web engine.

    Args:
        entry: how cards are typed.
        make_bank_pane: makes the pane in which guests answer their bank.
    """

    entry: CardEntry
    make_bank_pane: MakeBankPane


class AcquirerFlow:
    """Makes forms of charges at the acquirer, and does what they ask for on the way.

    Args:
        window: over which dialogs lie.
        front: what acts.
        environment: where a charge would go.
        panes: of the acquirer; None where the connection has none.
        scope: owns the reads.
    """

    def __init__(
        self, window: QWidget, front: FrontDesk, environment: Environment, panes: AcquirerPanes | None, scope: TaskScope
    ) -> None:
        self._window = window
        self._front = front
        self._environment = environment
        self._panes = panes
        self._scope = scope

    @property
    def why_not(self) -> str | None:
        """Why nothing can be charged there; empty where it can, None where the hotel could have no such acquirer."""
        if self._front.acquirer is not None and self._panes is not None:
            return ""
        if not any(currency.code == "PHP" for currency in self._front.hotel.currencies):
            return None
        return said("This hotel's connection has no PayMongo account.")

    def form(self, file: GuestFile, room: str, reference: str) -> AcquirerDialog | None:
        """Return a form whose saved cards are being read; None where nothing can be charged there."""
        acquirer, panes = self._front.acquirer, self._panes
        if acquirer is None or panes is None:
            return None
        dialog = AcquirerDialog(self._window, file, acquirer.terms, panes.entry, self._environment, reference, room)
        guest = file.customer

        def begin(there: Awaitable[GuestThere], name: str) -> None:
            self._scope.start(self._show(dialog, there), name=name)

        dialog.link_requested.connect(
            lambda customer_id: begin(link_guest(self._front, guest, customer_id), "link a guest")
        )
        dialog.forget_requested.connect(
            lambda card_id: self._scope.start(self._forget(dialog, file, room, card_id), name="forget a card")
        )
        begin(know_guest(self._front, guest), "read the acquirer's cards")
        return dialog

    async def take(self, front: FrontDesk, order: AcquirerOrder) -> IntentRecord:
        """Charge what was confirmed. Raises as `charge_acquirer`."""
        return await charge_acquirer(front, order, RETURN_ADDRESS)

    async def _show(self, dialog: AcquirerDialog, reading: Awaitable[GuestThere]) -> None:
        try:
            there = await reading
        except DeskPayError as problem:
            if not dialog.gone:
                dialog.show_unread(problem)
            return
        if not dialog.gone:
            dialog.show_there(there)

    async def _forget(self, form: AcquirerDialog, file: GuestFile, room: str, card_id: str) -> None:
        dialog = ForgetDialog(form, GuestWords(file, room).about, form.card_words(card_id), self._environment)
        try:
            await dialog.until_done(lambda what: self._forgotten(file.customer, card_id, what))
        except UserCancelled:
            return
        finally:
            dialog.finish()
            if not form.gone:
                form.activateWindow()
        await self._show(form, know_guest(self._front, file.customer))

    async def _forgotten(self, guest: Customer, card_id: str, what: Forget) -> None:
        if what is Forget.CARD:
            await forget_card(self._front, guest, card_id)
        else:
            await forget_guest(self._front, guest)
