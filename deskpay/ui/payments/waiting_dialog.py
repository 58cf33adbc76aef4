"""A dialog over something that waits for the guest and goes on without it: leaving stops nothing."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from deskpay.ui.components.dialog_shell import DialogShell
from deskpay.ui.components.environment_bar import Environment


class WaitingDialog(DialogShell):
    """Waits in front of the window.

    Args:
        window: the window it belongs to.
        title: what is waited for.
        about: name, room and number of the guest.
        strip: the way of paying.
        environment: where it was prepared.
        width: in pixels.

    `hidden`: the clerk left, or there is nothing to wait for any more; the dialog is gone.
    """

    hidden = Signal()

    def __init__(
        self, window: QWidget, title: str, about: str, *, strip: str, environment: Environment, width: int
    ) -> None:
        super().__init__(window, title, about, strip=strip, environment=environment, width=width, closable=False)
        self._gone = False
        self.hidden_by_key.connect(self._leave)
        self.rejected.connect(self._leave)

    def finish(self) -> None:
        """Close the dialog without a word; it is deleted as soon as the loop turns."""
        self._gone = True
        self._let_go()
        if isValid(self):
            self.hide()
            self.deleteLater()

    def _let_go(self) -> None:
        """End what the dialog keeps running; the window may be deleted already."""

    def _leave(self) -> None:
        if not self._gone:
            self.finish()
            self.hidden.emit()
