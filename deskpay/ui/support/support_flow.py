"""Showing the bundle, and saving it when that is wanted."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from deskpay.domain.errors import UserCancelled
from deskpay.services.scope import TaskScope
from deskpay.ui.components.environment_bar import Environment
from deskpay.ui.money_flow import MoneyFlow
from deskpay.ui.support.diagnostics_dialog import DiagnosticsDialog


def _said(words: str) -> str:
    return QCoreApplication.translate("SupportFlow", words)


class SupportFlow:
    """Joins the dialog to what makes and keeps the bundle.

    Args:
        window: over which the dialog lies.
        money: keeps its dialogs back meanwhile.
        environment: of the hotel.
        scope: owns the dialog.
        make: returns the bundle.
        keep: saves it, and returns the name of the file.
    """

    def __init__(
        self,
        window: QWidget,
        money: MoneyFlow,
        environment: Environment,
        scope: TaskScope,
        make: Callable[[], Awaitable[str]],
        keep: Callable[[str], Coroutine[Any, Any, str]],
    ) -> None:
        self._window = window
        self._money = money
        self._environment = environment
        self._scope = scope
        self._make = make
        self._keep = keep

    def show(self) -> None:
        """Show the bundle, unless a dialog is open or nobody is at the desk."""
        if not self._money.busy:
            self._scope.start(self._ask(), name="show diagnostics")

    async def _ask(self) -> None:
        with self._money.other_dialog():
            dialog = DiagnosticsDialog(self._window, self._environment, await self._make())
            try:
                while True:
                    name = await dialog.until_done(self._keep)
                    dialog.set_title(_said("Diagnostics"), _said("Among the downloads: {name}").format(name=name))
            except UserCancelled:
                return
            finally:
                dialog.finish()
