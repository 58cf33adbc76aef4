"""The second window, which faces the guest: what to pay, to whom, the code, and how far it has come. Nothing else."""

from __future__ import annotations

import enum

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget
from typing_extensions import override

from deskpay.domain.money import Money
from deskpay.ui.components.qr_code import QrCode
from deskpay.ui.components.text import Text
from deskpay.ui.theme import tokens
from deskpay.ui.words.guest_language import GuestLanguage

_CODE_SIDE = 420


class GuestState(enum.Enum):
    """How far the payment has come, in the guest's eyes; the values name the words."""

    WAITING = "waiting"
    PAID = "paid"
    ENDED = "ended"


class GuestWindow(QWidget):
    """The guest's window. It fills a second screen where there is one, and else stands beside the desk's own window.

    Args:
        hotel: its name.
        amount: to pay.
        address: that the code holds.
        language: of the guest.
        practice: a sentence outside live, that no money moves; empty in live.
    """

    def __init__(self, hotel: str, amount: Money, address: str, language: GuestLanguage, practice: str = "") -> None:
        super().__init__(None, Qt.WindowType.Window)
        self._language = language
        self.setWindowTitle(hotel)
        centre = Qt.AlignmentFlag.AlignHCenter
        self.code = QrCode(address, _CODE_SIDE, language.say("scan"))
        self._hint = Text(language.say("scan"), "strong", "text.secondary", wrap=True, align=centre)
        self._state = Text("", "guest", align=centre)
        column = QVBoxLayout(self)
        column.setContentsMargins(48, 32, 48, 32)
        column.setSpacing(16)
        column.addStretch(1)
        column.addWidget(Text(hotel, "guest", "text.secondary", align=centre))
        column.addWidget(Text(language.money(amount), "balance", align=centre))
        column.addWidget(self.code, 4)
        column.addWidget(self._hint)
        column.addWidget(self._state)
        if practice:
            column.addWidget(Text(practice, "small", "warning.text", wrap=True, align=centre))
        column.addStretch(1)
        self.show_state(GuestState.WAITING)

    @property
    def state(self) -> str:
        """What it says of the payment."""
        return self._state.text()

    def show_state(self, state: GuestState) -> None:
        """Say how far the payment has come; a code that is over is taken away."""
        over = state is not GuestState.WAITING
        self._state.setText(self._language.say(state.value))
        self._state.set_color("success.text" if state is GuestState.PAID else "text.primary")
        self._hint.setVisible(not over)
        if over:
            self.code.set_text("")
            self.code.hide()

    def show_to_guest(self, desk: QWidget) -> None:
        """Show it on another screen than the desk's, or beside the desk's window where there is only one."""
        others = [screen for screen in QGuiApplication.screens() if screen is not desk.screen()]
        if others:
            self.setGeometry(others[0].geometry())
            self.showFullScreen()
        else:
            self.resize(560, 720)
            self.show()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
            return
        super().keyPressEvent(event)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), tokens().color("bg.surface"))
        painter.end()
