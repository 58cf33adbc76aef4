"""Who the guest is: name, state of the stay, room, days, confirmation, and how to reach them."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from deskpay.ui.components.button import Button, ButtonKind, ButtonSize
from deskpay.ui.components.state_chip import Chip, StateChip, Tone
from deskpay.ui.components.text import Text
from deskpay.ui.desk.rows import GuestView
from deskpay.ui.theme import paint_icon, tokens

_ICON = 14


class _Mark(QWidget):
    """A small outline before a fact."""

    def __init__(self, icon: str) -> None:
        super().__init__()
        self._icon = icon
        self.setFixedSize(_ICON, _ICON)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_icon(painter, self._icon, QRectF(self.rect()), tokens().color("text.tertiary"))
        painter.end()


class _Fact(QWidget):
    """An outline and its words; hidden while there are none."""

    def __init__(self, icon: str, color: str = "text.secondary", weight: int | None = None) -> None:
        super().__init__()
        self._text = Text("", "body", color, weight=weight)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(_Mark(icon))
        row.addWidget(self._text)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)

    def say(self, words: str, *, room: bool = True) -> None:
        """Show `words`, where there is `room`."""
        self._text.setText(words)
        self.setVisible(bool(words) and room)


class GuestHead(QWidget):
    """The head of the guest's page."""

    refresh_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = GuestView("", "")
        self._narrow = False
        self._name = Text("", "guest")
        self._chip = StateChip(Chip("", Tone.ACCENT))
        self.refresh = Button(self.tr("Refresh"), ButtonKind.GHOST, size=ButtonSize.DENSE, icon="refresh-cw", key="F5")
        self.refresh.clicked.connect(self.refresh_requested)
        self._room = _Fact("door-open", "text.primary", 600)
        self._stay = _Fact("calendar-days")
        self._number = _Fact("hash")
        self._email = _Fact("mail")
        self._phone = _Fact("phone")
        top = QHBoxLayout()
        top.setSpacing(12)
        top.addWidget(self._name)
        top.addWidget(self._chip, 0, Qt.AlignmentFlag.AlignVCenter)
        top.addStretch(1)
        top.addWidget(self.refresh)
        self._facts = QHBoxLayout()
        for fact in (self._room, self._stay, self._number, self._email, self._phone):
            self._facts.addWidget(fact)
        self._facts.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(top)
        column.addLayout(self._facts)
        self.set_narrow(False)

    def show_guest(self, view: GuestView) -> None:
        """Show who `view` is about."""
        self._view = view
        self._name.setText(view.name)
        self._chip.setVisible(view.state is not None)
        if view.state is not None:
            self._chip.set_chip(view.state)
        self._room.say(view.room)
        self._stay.say(view.stay)
        self._number.say(view.number)
        self._email.say(view.email, room=not self._narrow)
        self._phone.say(view.phone, room=not self._narrow)

    def set_narrow(self, narrow: bool) -> None:
        """Give up e-mail and phone where the window is narrow."""
        self._narrow = narrow
        self._facts.setSpacing(12 if narrow else 16)
        self.show_guest(self._view)
