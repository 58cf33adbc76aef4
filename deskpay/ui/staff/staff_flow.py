"""Changing who works here, one order after another, until the manager is done."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from deskpay.domain.errors import UserCancelled
from deskpay.domain.operator import Right
from deskpay.services.scope import TaskScope
from deskpay.services.seat import Seat
from deskpay.services.staff import Staff
from deskpay.ui.components.environment_bar import Environment
from deskpay.ui.money_flow import MoneyFlow
from deskpay.ui.staff.staff_dialog import StaffDialog, StaffOrder


def _said(words: str) -> str:
    return QCoreApplication.translate("StaffFlow", words)


class StaffFlow:
    """Asks about people and does what was ordered.

    Args:
        window: over which the dialog lies.
        seat: who orders.
        staff: the people.
        money: keeps its dialogs back meanwhile.
        environment: of the hotel.
        scope: owns the dialog.
        by_account: whether people may be known by their account of the computer.
    """

    def __init__(
        self,
        window: QWidget,
        seat: Seat,
        staff: Staff,
        money: MoneyFlow,
        environment: Environment,
        scope: TaskScope,
        *,
        by_account: bool = False,
    ) -> None:
        self._window = window
        self._seat = seat
        self._staff = staff
        self._money = money
        self._environment = environment
        self._scope = scope
        self._by_account = by_account

    def show(self) -> None:
        """Ask, unless a dialog is open or nobody is at the desk."""
        if self._seat.taken_by is not None and not self._money.busy:
            self._scope.start(self._ask(), name="ask about people")

    async def _ask(self) -> None:
        told = ""
        with self._money.other_dialog():
            while True:
                try:
                    told = await self._once(told)
                except UserCancelled:
                    return

    async def _once(self, told: str) -> str:
        """Ask once and do it; return what was done.

        Raises:
            UserCancelled: they are done.
        """
        operator, manages = self._seat.operator, self._seat.may(Right.STAFF)
        people = await self._staff.people() if manages else [operator]
        dialog = StaffDialog(
            self._window,
            self._environment,
            operator,
            people,
            manages=manages,
            by_account=self._by_account,
            told=told,
        )
        try:
            return await dialog.until_done(self._carry_out)
        finally:
            dialog.finish()

    async def _carry_out(self, order: StaffOrder) -> str:
        staff, seat = self._staff, self._seat
        if not order.operator_id:
            person = await staff.add(seat, order.name, order.role, order.secret, by_password=order.by_password)
            return _said("{name} works here from now on.").format(name=person.name)
        if order.operator_id != seat.operator.id:
            await staff.change(seat, order.operator_id, order.role, active=order.active)
        held = {person.id: person.account for person in await staff.people()}
        if order.active and order.account != held.get(order.operator_id, ""):
            await staff.bind(seat, order.operator_id, order.account)
        if order.secret and order.active:
            await staff.set_secret(seat, order.operator_id, order.secret, by_password=order.by_password)
        return _said("Saved.")
