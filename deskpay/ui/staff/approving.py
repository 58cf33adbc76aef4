"""Asking a second person in place, until they have approved or the first goes back to the form."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QWidget

from deskpay.domain.errors import DeskPayError, NeedsApproval, UserCancelled
from deskpay.domain.operator import Operator
from deskpay.domain.security import SecurityKind
from deskpay.services.seat import Seat
from deskpay.services.staff import Staff
from deskpay.services.training_staff import TRAINING_PIN
from deskpay.ui.ask import Asking
from deskpay.ui.components.environment_bar import Environment
from deskpay.ui.staff.approval_dialog import ApprovalDialog
from deskpay.ui.staff.signature import Signature
from deskpay.ui.staff.words import training_hint


class Approving:
    """Asks second persons.

    Args:
        window: over which dialogs lie.
        seat: keeps approvals.
        staff: proves who somebody is.
        environment: where acts go.
    """

    def __init__(self, window: QWidget, seat: Seat, staff: Staff, environment: Environment) -> None:
        self._window = window
        self._seat = seat
        self._staff = staff
        self._environment = environment

    async def ask(self, problem: NeedsApproval, dialog: Asking[Any]) -> bool:
        """Ask for what `problem` needs, and tell whether it was approved.

        Args:
            problem: what goes beyond the first person's limit.
            dialog: the form that was confirmed.

        Raises:
            DeskPayError: it is not known who works here.
        """
        button = dialog.confirm_button
        confirm = button.label if button is not None else ""
        people = await self._entitled(problem)
        hint = training_hint(self._environment, TRAINING_PIN)
        asking = ApprovalDialog(self._window, self._environment, problem, dialog.confirm_words, confirm, people, hint)
        try:
            while True:
                signature = await asking.answer()
                try:
                    await asking.checked(self._approve(problem, signature))
                except UserCancelled:
                    raise
                except DeskPayError as refusal:
                    asking.secret.set_text("")
                    asking.show_problem(refusal)
                else:
                    return True
        except UserCancelled:
            return False
        finally:
            asking.finish()
            if not dialog.gone:
                dialog.activateWindow()

    async def _entitled(self, problem: NeedsApproval) -> list[Operator]:
        need, rules = problem.need, self._seat.rules
        return [
            person
            for person in await self._staff.people()
            if person.name != need.operator and rules.covers(person.role, need.rights, need.amount)
        ]

    async def _approve(self, problem: NeedsApproval, signature: Signature) -> None:
        need = problem.need
        proven = await self._staff.prove(signature.operator_id, signature.secret, SecurityKind.APPROVED, need.reference)
        self._seat.approve(need, proven)
