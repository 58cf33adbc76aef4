"""Showing bills, closing one, and opening its print through the system."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from deskpay.domain.bill import Bill, OrderItem
from deskpay.domain.errors import DeskPayError, UserCancelled
from deskpay.services.announcer import Announcer
from deskpay.services.close_bill import CloseOrder, close_bill
from deskpay.services.front_desk import FrontDesk
from deskpay.services.ports import BillOffice, GuestRecords
from deskpay.services.print_bill import print_bill
from deskpay.services.read_guest import GuestFile, read_guest
from deskpay.services.scope import TaskScope
from deskpay.ui.bills.bills_dialog import BillsContext, BillsDialog
from deskpay.ui.components.environment_bar import Environment
from deskpay.ui.money_flow import MoneyFlow
from deskpay.ui.present_error import words_for

KeepPdf = Callable[[bytes, str], Path]
"""Keeps a PDF under a name and returns where it is. Raises OSError."""


def _said(words: str) -> str:
    return QCoreApplication.translate("BillsFlow", words)


class BillsFlow:
    """Asks about bills.

    Args:
        window: over which dialogs lie.
        front: the desk.
        guests: tell the names of companies.
        office: what is done with bills.
        environment: where bills are closed.
        money: keeps its dialogs back meanwhile.
        scope: owns the dialogs.
        keep_pdf: keeps a print.
        open_file: opens one by what the system has for it.

    `closed` announces the customer whose bill was closed, also when the dialog was left meanwhile.
    """

    def __init__(
        self,
        window: QWidget,
        front: FrontDesk,
        guests: GuestRecords,
        office: BillOffice,
        environment: Environment,
        money: MoneyFlow,
        scope: TaskScope,
        keep_pdf: KeepPdf,
        open_file: Callable[[Path], object],
    ) -> None:
        self._window = window
        self._front = front
        self._guests = guests
        self._office = office
        self._environment = environment
        self._money = money
        self._scope = scope
        self._keep_pdf = keep_pdf
        self._open_file = open_file
        self.closed: Announcer[str] = Announcer(scope.report)

    async def show(self, file: GuestFile, room: str) -> None:
        """Show the guest's bills until the clerk leaves; after a closing they are read and shown anew."""
        if self._money.busy:
            return
        chosen, told = "", ""
        with self._money.other_dialog(), contextlib.suppress(UserCancelled):
            while True:
                context = await self._context(file, chosen, told)
                closed = await self._closed_by(BillsDialog(self._window, file, context, self._environment, room))
                chosen, told = closed.id, _said("The bill was closed: {number}").format(number=closed.number)
                with contextlib.suppress(DeskPayError):
                    file = await read_guest(self._front, file.customer, file.reservation)

    async def _context(self, file: GuestFile, chosen: str, told: str) -> BillsContext:
        """Read names of companies and what stands elsewhere; what cannot be read is left out."""
        elsewhere: list[OrderItem] = []
        companies: dict[str, str] = {}
        with contextlib.suppress(DeskPayError):
            if file.reservation is not None:
                items = await self._front.records.items_of_stay(file.reservation.id)
                elsewhere = [item for item in items if item.is_open and item.customer_id != file.customer.id]
            accounts = {account for bill in file.bills for account in bill.associated_ids}
            wanted = sorted(accounts | {item.customer_id for item in elsewhere})
            found = await self._guests.companies(wanted) if wanted else []
            companies = {company.id: company.full_name for company in found}
        return BillsContext(companies, tuple(elsewhere), chosen, told)

    async def _closed_by(self, dialog: BillsDialog) -> Bill:
        """Return the bill that was closed by a dialog; what is refused is said on it, and it may be answered again.

        Raises:
            UserCancelled: the clerk left. What was sent goes on.
        """
        dialog.pdf_requested.connect(
            lambda bill_id: self._scope.start(self._print(dialog, bill_id), name="print a bill")
        )
        try:
            return await dialog.until_done(self._carried_out)
        finally:
            dialog.finish()

    async def _carried_out(self, order: CloseOrder) -> Bill:
        """Close a bill in a task of its own, so that leaving the dialog breaks nothing off that was sent."""
        done: asyncio.Future[Bill] = asyncio.get_running_loop().create_future()
        done.add_done_callback(lambda ended: ended.cancelled() or ended.exception())

        async def work() -> None:
            try:
                done.set_result(await close_bill(self._front, self._office, order))
            except DeskPayError as problem:
                done.set_exception(problem)
            # Not where the desk itself ends meanwhile: nothing is read anew there.
            self.closed.announce(order.customer.id)

        self._scope.start(work(), name="close a bill")
        return await asyncio.shield(done)

    async def _print(self, dialog: BillsDialog, bill_id: str) -> None:
        dialog.show_printing(on=True)
        try:
            pdf = await print_bill(self._front, self._office, bill_id)
            path = await asyncio.to_thread(self._keep_pdf, pdf, f"Bill {bill_id[:8]}.pdf")
            self._open_file(path)
            told = _said("Among the downloads: {name}").format(name=path.name)
        except DeskPayError as problem:
            told = words_for(problem).sentence
        except OSError:
            told = _said("The print could not be kept on this computer.")
        if not dialog.gone:
            dialog.show_printing(on=False, told=told)
