"""Where DeskPay begins without a connection: the training hotel on this computer, or one that somebody started."""

from __future__ import annotations

from dataclasses import dataclass, field

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from deskpay.domain.errors import DeskPayError, Field, InputProblem, InputRefused, NotMews, Unauthorized
from deskpay.ui.components.button import Button, ButtonKind, ButtonSize
from deskpay.ui.components.field import Field as LineField
from deskpay.ui.components.message import Message
from deskpay.ui.components.state_chip import Tone
from deskpay.ui.components.text import Text
from deskpay.ui.present_error import words_for

_WIDTH = 480


@dataclass(frozen=True, slots=True)
class TypedConnection:
    """A training hotel as typed in.

    Args:
        address: of its Connector API.
        fields_address: of its card fields; empty where cards are not to be added.
        client_token: as typed.
        access_token: as typed.
    """

    address: str
    fields_address: str
    client_token: str = field(repr=False)
    access_token: str = field(repr=False)


class ConnectPage(QScrollArea):
    """Offers to start the embedded hotel, or to join a running one.

    `training_requested` asks for the embedded hotel; `connection_entered` carries a `TypedConnection`.
    """

    training_requested = Signal()
    connection_entered = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        content = QWidget()
        self._column = QVBoxLayout(content)
        self._column.setContentsMargins(24, 48, 24, 24)
        self._column.setSpacing(16)
        self._message = Message(Tone.DANGER)
        self._message.hide()
        self._start = Button(self.tr("Start training on this computer"), ButtonKind.PRIMARY, size=ButtonSize.ACTION)
        self._start.clicked.connect(self.training_requested)
        self._address = LineField(self.tr("Address"), placeholder="http://127.0.0.1:8000")
        self._fields_address = LineField(
            self.tr("Card vault address"),
            aux=self.tr("Optional, needed to add cards"),
            placeholder="http://localhost:8001",
        )
        self._client_token = LineField(self.tr("Client token"))
        self._access_token = LineField(self.tr("Access token"))
        self._connect = Button(self.tr("Connect"), size=ButtonSize.ACTION)
        self._connect.clicked.connect(self._on_connect)
        self._fill()
        self.setWidget(content)

    def show_problem(self, problem: DeskPayError) -> None:
        """Say why the connection failed, beside the field that can mend it; what was typed stays."""
        self.set_busy(False)
        words = words_for(problem)
        place = self._place(problem)
        if place is not None:
            place.set_error(words.sentence)
            place.editor.setFocus()
            return
        self._message.say(Tone.DANGER, words.sentence, words.remedy)
        self._message.show()

    def set_busy(self, busy: bool) -> None:
        """Hold the page while a connection is tried."""
        for button in (self._start, self._connect):
            button.setEnabled(not busy)
        if busy:
            self._message.hide()
            for line in self._lines():
                line.set_error("")

    def _fill(self) -> None:
        parts: tuple[QWidget, ...] = (
            Text(self.tr("Where shall DeskPay work?"), "title"),
            self._message,
            Text(
                self.tr("The training hotel runs on this computer. Nothing in it is real and no card is ever charged."),
                "body",
                "text.secondary",
                wrap=True,
            ),
            self._start,
            Text(self.tr("Or join a training hotel that is running already"), "strong"),
            self._address,
            self._fields_address,
            self._client_token,
            self._access_token,
            self._connect,
        )
        for part in parts:
            row = QHBoxLayout()
            part.setFixedWidth(_WIDTH)
            row.addStretch(1)
            row.addWidget(part)
            row.addStretch(1)
            self._column.addLayout(row)
        self._column.addStretch(1)
        self._column.setAlignment(Qt.AlignmentFlag.AlignTop)

    def _lines(self) -> tuple[LineField, ...]:
        return (self._address, self._fields_address, self._client_token, self._access_token)

    def _place(self, problem: DeskPayError) -> LineField | None:
        if isinstance(problem, InputRefused):
            places = {
                Field.ADDRESS: self._address,
                Field.VAULT_ADDRESS: self._fields_address,
                Field.CLIENT_TOKEN: self._client_token,
                Field.ACCESS_TOKEN: self._access_token,
            }
            return places.get(problem.field)
        if isinstance(problem, Unauthorized):
            return self._access_token
        return self._address if isinstance(problem, NotMews) else None

    def _on_connect(self) -> None:
        self._message.hide()
        typed = [line.text().strip() for line in self._lines()]
        for line in self._lines():
            line.set_error("")
        required = ((Field.ADDRESS, typed[0]), (Field.CLIENT_TOKEN, typed[2]), (Field.ACCESS_TOKEN, typed[3]))
        empty = next((place for place, text in required if not text), None)
        if empty is not None:
            self.show_problem(InputRefused(empty, InputProblem.EMPTY))
            return
        self.connection_entered.emit(TypedConnection(typed[0], typed[1], typed[2], typed[3]))
