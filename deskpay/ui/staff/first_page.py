"""The first person of a hotel: its manager, who adds the others."""

from __future__ import annotations

from dataclasses import dataclass, field

from PySide6.QtCore import Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from deskpay.domain.entry import check_text
from deskpay.domain.errors import DeskPayError, Field, InputProblem, InputRefused
from deskpay.domain.secret import check_secret
from deskpay.ui.components import environment_bar
from deskpay.ui.components.button import Button, ButtonKind, ButtonSize
from deskpay.ui.components.environment_bar import EnvironmentBar
from deskpay.ui.components.field import Field as LineField
from deskpay.ui.components.message import Message
from deskpay.ui.components.segments import Segments
from deskpay.ui.components.state_chip import Tone
from deskpay.ui.components.text import Text
from deskpay.ui.present_error import input_words, words_for
from deskpay.ui.staff.signature import SecretField
from deskpay.ui.staff.words import secret_words
from deskpay.ui.theme import tokens

_WIDTH = 480
_PASSWORD, _PIN = "password", "pin"


@dataclass(frozen=True, slots=True)
class NewPerson:
    """Somebody to be added.

    Args:
        name: as typed.
        secret: PIN or password.
        by_password: which of the two.
    """

    name: str
    secret: str = field(repr=False)
    by_password: bool


class FirstPage(QWidget):
    """Asks who the manager is. `entered` carries a `NewPerson`."""

    entered = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bar = EnvironmentBar()
        self._message = Message(Tone.DANGER)
        self._message.hide()
        self.name = LineField(self.tr("Your name"), hint=self.tr("As it stands in the journal beside every payment"))
        self.kind = Segments(
            ((_PASSWORD, self.tr("Password"), ""), (_PIN, self.tr("PIN"), "")), name=self.tr("How you sign in")
        )
        self.kind.chosen.connect(lambda _key: self._on_kind())
        self.secret, self.again = SecretField(), SecretField()
        self.enter = Button(self.tr("Begin"), ButtonKind.PRIMARY, size=ButtonSize.ACTION)
        self.enter.clicked.connect(self._on_enter)
        about = self.tr(
            "Everybody at the desk signs in, so that the journal tells who did what. You begin as the manager: you add "
            "the others, and you set a new PIN for whoever forgot theirs."
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        column.addWidget(self._bar)
        column.addStretch(1)
        parts: tuple[QWidget, ...] = (
            Text(self.tr("Who manages this desk?"), "title"),
            Text(about, "body", "text.secondary", wrap=True),
            self._message,
            self.name,
            self.kind,
            self.secret,
            self.again,
            self.enter,
        )
        for part in parts:
            part.setFixedWidth(_WIDTH)
            row = QHBoxLayout()
            # Centred by stretches: an alignment would keep a text from wrapping to its height.
            row.addStretch(1)
            row.addWidget(part)
            row.addStretch(1)
            column.addLayout(row)
        column.addStretch(2)
        self._on_kind()

    def set_hotel(self, environment: environment_bar.Environment, hotel: str) -> None:
        """Say whose desk this is."""
        self._bar.set_environment(environment)
        self._bar.set_hotel(hotel)

    def show_problem(self, problem: DeskPayError) -> None:
        """Say what cannot be used; what was typed stays."""
        self.enter.setEnabled(True)
        if isinstance(problem, InputRefused):
            place = self.name if problem.field is Field.NAME else self.secret
            place.set_error(input_words(problem))
            place.editor.setFocus()
            return
        words = words_for(problem)
        self._message.say(Tone.DANGER, words.sentence, words.text)
        self._message.show()

    def _on_kind(self) -> None:
        by_password = self.kind.current() == _PASSWORD
        self.secret.set_label(secret_words(by_password=by_password))
        at_least, digits = self.tr("At least 12 characters"), self.tr("Six digits that nobody guesses")
        self.secret.set_hint(at_least if by_password else digits)
        self.again.set_label(self.tr("The same once more"))

    def _on_enter(self) -> None:
        self._message.hide()
        for line in (self.name, self.secret, self.again):
            line.set_error("")
        by_password, secret = self.kind.current() == _PASSWORD, self.secret.text()
        try:
            check_text(self.name.text(), Field.NAME, required=True)
            check_secret(secret, by_password=by_password)
        except InputRefused as problem:
            self.show_problem(problem)
            return
        if self.again.text() != secret:
            self.again.set_error(input_words(InputRefused(Field.SECRET, InputProblem.NOT_EQUAL)))
            self.again.editor.setFocus()
            return
        self.enter.setEnabled(False)
        self.secret.set_text("")
        self.again.set_text("")
        self.entered.emit(NewPerson(self.name.text(), secret, by_password))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), tokens().color("bg.surface"))
        painter.end()
