"""Showing the receipt of an act, printing it and keeping it as a file; a second print is a copy and says so."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QPagedPaintDevice, QPdfWriter
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from deskpay.domain.customer import Reservation
from deskpay.domain.errors import DeskPayError
from deskpay.domain.intent import Intent, IntentRecord
from deskpay.domain.money import Money
from deskpay.domain.receipt import Receipt, has_receipt, receipt_of
from deskpay.services.front_desk import FrontDesk
from deskpay.services.read_guest import read_guest
from deskpay.services.scope import TaskScope
from deskpay.ui.audit.exports import ask_path
from deskpay.ui.components.environment_bar import Environment
from deskpay.ui.printing import ask_printer
from deskpay.ui.receipts.paper import Paper
from deskpay.ui.receipts.receipt_dialog import ReceiptDialog
from deskpay.ui.receipts.receipt_document import Look, ReceiptPage
from deskpay.ui.words.guest_language import guest_language
from deskpay.ui.words.money import MoneyWords


def _said(words: str) -> str:
    return QCoreApplication.translate("ReceiptFlow", words)


class ReceiptFlow:
    """Gives receipts.

    Args:
        window: over which dialogs lie.
        front: the desk.
        environment: what payments are worth; outside live ones a receipt says that it is for practice.
        scope: owns what is read.
    """

    def __init__(self, window: QWidget, front: FrontDesk, environment: Environment, scope: TaskScope) -> None:
        self._window, self._front, self._environment, self._scope = window, front, environment, scope
        self._printed: dict[str, int] = {}
        self._open = False

    def ask(self, record: IntentRecord, over: QWidget) -> None:
        """Show the receipt of an act that has one over a dialog, unless one is shown already."""
        if has_receipt(record) and not self._open:
            self._open = True
            self._scope.start(self._show_over(record, over), name="show a receipt")

    async def _show_over(self, record: IntentRecord, over: QWidget) -> None:
        await self.show(record)
        if isValid(over) and over.isVisible():
            over.activateWindow()

    async def show(self, record: IntentRecord, *, again: bool = False) -> None:
        """Show the receipt of an act until the clerk leaves.

        Args:
            record: the act; it has a receipt.
            again: True where the act ended before this moment, so that every print of it is a copy.
        """
        self._open = True
        try:
            receipt, language = await self._receipt(record)
            if again:
                self._printed.setdefault(receipt.reference, 1)
            look = Look(
                language=guest_language(language),
                paper=Paper.ROLL,
                hotel=self._front.hotel.name,
                zone=self._front.hotel.zone,
                copy=self._printed.get(receipt.reference, 0),
                practice=self._environment is not Environment.LIVE,
            )
            await self._shown(ReceiptDialog(self._window, receipt, look, self._environment, MoneyWords()), receipt)
        finally:
            self._open = False

    async def _shown(self, dialog: ReceiptDialog, receipt: Receipt) -> None:
        left: asyncio.Future[None] = asyncio.get_running_loop().create_future()

        def leave() -> None:
            if not left.done():
                left.set_result(None)

        dialog.left.connect(leave)
        dialog.print_requested.connect(lambda page: self._print(dialog, receipt, page))
        dialog.pdf_requested.connect(lambda page: self._ask_pdf(dialog, receipt, page))
        try:
            dialog.open()
            await left
        finally:
            dialog.hide()
            dialog.deleteLater()

    async def _receipt(self, record: IntentRecord) -> tuple[Receipt, str]:
        """Return the receipt with what can be read beside it, and the guest's language; what cannot is left out."""
        intent, room, language = record.intent, "", ""
        stay: Reservation | None = None
        still_open: Money | None = None
        with contextlib.suppress(DeskPayError):
            (customer,) = await self._front.records.customers([intent.customer_id])
            language = customer.language
            stay = await self._stay(intent)
            if stay is not None and stay.room_id is not None:
                room = (await self._front.records.rooms()).get(stay.room_id, "")
            still_open = (await read_guest(self._front, customer, stay)).balance
        return receipt_of(record, room, stay.number if stay is not None else "", still_open), language

    async def _stay(self, intent: Intent) -> Reservation | None:
        stays = await self._front.records.stays_of([intent.customer_id])
        return next((stay for stay in stays if stay.id == intent.reservation_id), None)

    # Out of the house

    def _print(self, dialog: ReceiptDialog, receipt: Receipt, page: ReceiptPage) -> None:
        def take(printer: QPagedPaintDevice) -> None:
            self._done(dialog, receipt, _said("Printed"), page.print_on(printer))

        if not ask_printer(dialog, take):
            dialog.tell(_said("This computer has no printer. Save the receipt as PDF."))

    def _ask_pdf(self, dialog: ReceiptDialog, receipt: Receipt, page: ReceiptPage) -> None:
        name = f"{receipt.reference}.pdf"
        ask_path(dialog, _said("Save"), name, "pdf", lambda path: self.keep(dialog, receipt, page, path))

    def keep(self, dialog: ReceiptDialog, receipt: Receipt, page: ReceiptPage, path: Path) -> None:
        """Write a receipt to a PDF file.

        Args:
            dialog: which shows it.
            receipt: what it says.
            page: as it is shown.
            path: of the file.
        """
        writer = QPdfWriter(str(path))
        writer.setTitle(receipt.reference)
        writer.setCreator("DeskPay")
        self._done(dialog, receipt, _said("Saved {name}").format(name=path.name), page.print_on(writer))

    def _done(self, dialog: ReceiptDialog, receipt: Receipt, told: str, went: bool) -> None:
        if not went:
            dialog.tell(_said("The receipt could not be printed there. Choose another place."))
            return
        printed = self._printed[receipt.reference] = self._printed.get(receipt.reference, 0) + 1
        dialog.copies_from(printed)
        dialog.tell(told)
