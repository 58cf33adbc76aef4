"""The page of a free seat: who is at the desk, and what proves it. No guest is shown and none is held in memory."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QKeySequence, QPainter, QPaintEvent, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from deskpay.domain.operator import Operator
from deskpay.ui.announce import announce
from deskpay.ui.components.button import Button, ButtonKind, ButtonSize
from deskpay.ui.components.disc import Disc
from deskpay.ui.components.environment_bar import Environment, EnvironmentBar
from deskpay.ui.components.field import Field as LineField
from deskpay.ui.components.message import Message
from deskpay.ui.components.painting import draw_box
from deskpay.ui.components.state_chip import Tone
from deskpay.ui.components.text import Text
from deskpay.ui.desk.status_bar import StatusBar
from deskpay.ui.staff.face import Face
from deskpay.ui.staff.person_row import PersonRow
from deskpay.ui.staff.pin_pad import PinPad
from deskpay.ui.theme import tokens

_LEFT, _RIGHT, _HEIGHT = 340, 320, 440
_MOST_KEYS = 9


class _Card(QFrame):
    """Two halves on one raised card."""

    def __init__(self, left: QWidget, right: QWidget) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        left.setFixedWidth(_LEFT)
        right.setFixedWidth(_RIGHT)
        row.addWidget(left)
        row.addWidget(right)
        self.setMinimumHeight(_HEIGHT)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = tokens()
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        draw_box(painter, box, theme.radius("dialog"), theme.color("bg.surface"), theme.color("border.default"))
        painter.fillRect(QRectF(_LEFT, 1, 1, self.height() - 2), theme.color("border.subtle"))
        painter.end()


class SignInPage(QWidget):
    """Asks who is at the desk.

    `secret_entered` carries the id of an operator and what they typed; it is not kept here. `hotel_requested` asks for
    another hotel.
    """

    secret_entered = Signal(str, str)
    hotel_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bar = EnvironmentBar()
        self._rows: list[PersonRow] = []
        self._chosen: Operator | None = None
        self._shortcuts: list[QShortcut] = []
        self._left = QStackedWidget()
        self._left.addWidget(self._build_list())
        self._left.addWidget(self._build_lock())
        card = _Card(self._left, self._build_proof())
        middle = QHBoxLayout()
        middle.addStretch(1)
        middle.addWidget(card)
        middle.addStretch(1)
        keys = ((self.tr("0–9"), self.tr("PIN")), (self.tr("Ctrl O"), self.tr("Other operator")))
        self.status = StatusBar(keys)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        column.addStretch(1)
        column.addLayout(middle)
        column.addStretch(1)
        column.addWidget(self.status)
        others = QShortcut(QKeySequence("Ctrl+O"), self)
        others.activated.connect(self.show_everybody)

    def _build_list(self) -> QWidget:
        page = QWidget()
        self._people = QVBoxLayout(page)
        self._people.setContentsMargins(14, 26, 10, 20)
        self._people.setSpacing(2)
        title = Text(self.tr("Who is at the desk?"), "title")
        title.setContentsMargins(10, 0, 0, 0)
        self._people.addWidget(title)
        self._people.addSpacing(12)
        self._people.addStretch(1)
        other = Button(self.tr("Another hotel…"), ButtonKind.LINK)
        other.clicked.connect(lambda: self.hotel_requested.emit(None))
        self._people.addWidget(other, 0, Qt.AlignmentFlag.AlignLeft)
        return page

    def _build_lock(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(24, 26, 20, 20)
        column.setSpacing(8)
        self._lock_title = Text("", "title", wrap=True)
        self._lock_text = Text("", "body", "text.secondary", wrap=True)
        self._unknown = Message(Tone.UNKNOWN, stacked=True)
        self._unknown.hide()
        self._others = Button(self.tr("Someone else is at the desk"), key=self.tr("Ctrl O"), icon="users")
        self._others.clicked.connect(self.show_everybody)
        column.addWidget(Disc(Tone.NEUTRAL, "lock"))
        column.addSpacing(6)
        for part in (self._lock_title, self._lock_text, self._unknown):
            column.addWidget(part)
        column.addStretch(1)
        column.addWidget(self._others)
        return page

    def _build_proof(self) -> QWidget:
        page = QWidget()
        center = Qt.AlignmentFlag.AlignHCenter
        self._face = Face(56)
        self._name = Text("", "strong", align=center)
        self._said = Text("", "small", "text.secondary", wrap=True, align=center)
        self._hint = Text("", "small", "text.tertiary", wrap=True, align=center)
        self.pad = PinPad()
        self.pad.entered.connect(self._on_entered)
        self.password = LineField(self.tr("Password"))
        self.password.editor.setEchoMode(QLineEdit.EchoMode.Password)
        self.password.editor.returnPressed.connect(self._on_password)
        self._enter = Button(self.tr("Sign in"), ButtonKind.PRIMARY, size=ButtonSize.ACTION)
        self._enter.clicked.connect(self._on_password)
        typing = QWidget()
        lines = QVBoxLayout(typing)
        lines.setContentsMargins(24, 0, 24, 0)
        lines.setSpacing(12)
        lines.addWidget(self.password)
        lines.addWidget(self._enter)
        lines.addStretch(1)
        pads = QWidget()
        around = QHBoxLayout(pads)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(self.pad, 0, center)
        self._ways = QStackedWidget()
        self._ways.addWidget(pads)
        self._ways.addWidget(typing)
        column = QVBoxLayout(page)
        column.setContentsMargins(20, 26, 20, 18)
        column.setSpacing(4)
        column.addWidget(self._face, 0, center)
        column.addSpacing(6)
        for part in (self._name, self._said):
            column.addWidget(part)
        column.addSpacing(10)
        column.addWidget(self._ways, 1)
        column.addWidget(self._hint)
        return page

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), tokens().color("bg.window"))
        painter.end()

    # What is shown

    def set_environment(self, environment: Environment, hotel: str, day: str, narrow: str) -> None:
        """Say whose desk this is."""
        self.bar.set_environment(environment)
        self.bar.set_hotel(hotel)
        self.bar.set_right(day, narrow)

    def set_hint(self, hint: str) -> None:
        """Say what helps who cannot get in."""
        forgotten = self.tr("PIN forgotten? A manager can set a new one.")
        self._hint.setText(hint or forgotten)

    def show_people(self, people: Sequence[Operator], chosen_id: str = "") -> None:
        """Offer `people`, one of them chosen already."""
        for row in self._rows:
            self._people.removeWidget(row)
            row.deleteLater()
        for shortcut in self._shortcuts:
            shortcut.deleteLater()
        self._rows, self._shortcuts = [], []
        for at, operator in enumerate(people):
            row = PersonRow(operator, self.tr("Alt {number}").format(number=at + 1) if at < _MOST_KEYS else "")
            row.toggled.connect(lambda on, operator=operator: self._choose(operator) if on else None)
            self._people.insertWidget(self._people.count() - 2, row)
            self._rows.append(row)
            if at < _MOST_KEYS:
                shortcut = QShortcut(QKeySequence(f"Alt+{at + 1}"), self)
                shortcut.activated.connect(row.click)
                self._shortcuts.append(shortcut)
        chosen = next((row for row in self._rows if row.operator.id == chosen_id), None)
        if chosen is None and self._rows:
            chosen = self._rows[0]
        if chosen is not None:
            chosen.setChecked(True)
        self._left.setCurrentIndex(0)
        self._focus()

    @property
    def locked(self) -> bool:
        """True while the seat is kept for whoever was there."""
        return self._left.currentIndex() == 1

    def stay_locked(self, locked: bool) -> None:
        """Keep the side that was shown before the people were read."""
        self._left.setCurrentIndex(1 if locked else 0)

    def show_everybody(self) -> None:
        """Show who else may sit down."""
        self._left.setCurrentIndex(0)
        self._focus()

    def show_locked(self, minutes: int | None, unknown: int) -> None:
        """Show that the seat is kept for whoever was there.

        Args:
            minutes: without a key or a move, after which it was locked; None where somebody locked it.
            unknown: how many payments are being checked meanwhile.
        """
        after = self.tr("Locked after {minutes} minutes")
        self._lock_title.setText(self.tr("Locked") if minutes is None else after.format(minutes=minutes))
        self._lock_text.setText(self.tr("Guest data is hidden and no longer in memory. Open forms were closed."))
        self._unknown.setVisible(unknown > 0)
        one, more = self.tr("1 payment is being checked"), self.tr("{count} payments are being checked")
        lead = one if unknown == 1 else more.format(count=unknown)
        self._unknown.say(Tone.UNKNOWN, lead, self.tr("Checking goes on while locked."))
        self._left.setCurrentIndex(1)
        self._focus()

    def refuse(self, sentence: str) -> None:
        """Say why the seat was not given."""
        self.set_busy(False)
        self._said.set_color("danger.text")
        self._said.setText(sentence)
        announce(self, sentence, at_once=True)
        self.pad.clear(wrong=True)
        self.password.set_text("")
        self._focus()

    def set_busy(self, busy: bool) -> None:
        """Hold the page while a secret is checked."""
        self._ways.setEnabled(not busy)
        self._left.setEnabled(not busy)

    @property
    def said(self) -> str:
        """What it says below the name."""
        return self._said.text()

    @property
    def names(self) -> list[str]:
        """Who may sit down."""
        return [row.operator.name for row in self._rows]

    def _choose(self, operator: Operator) -> None:
        self._chosen = operator
        self._face.show_name(operator.name)
        self._name.setText(operator.name)
        self._said.set_color("text.secondary")
        self._said.setText(self.tr("Type your password") if operator.by_password else self.tr("Enter your PIN"))
        self.pad.clear()
        self.password.set_text("")
        self._ways.setCurrentIndex(1 if operator.by_password else 0)
        self._focus()

    def _focus(self) -> None:
        by_password = self._chosen is not None and self._chosen.by_password
        (self.password.editor if by_password else self.pad).setFocus()

    def _on_password(self) -> None:
        typed = self.password.text()
        self.password.set_text("")
        if typed:
            self._on_entered(typed)

    def _on_entered(self, secret: str) -> None:
        if self._chosen is not None:
            self.set_busy(True)
            self.secret_entered.emit(self._chosen.id, secret)
