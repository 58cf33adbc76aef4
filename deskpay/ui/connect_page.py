"""Where DeskPay begins without a connection: training, Mews's public test hotel, a live hotel, or one it knows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from deskpay.domain.connection import KnownConnection
from deskpay.domain.environment import Environment
from deskpay.domain.errors import DeskPayError, Field, InputProblem, InputRefused, NotMews, Unauthorized
from deskpay.ui.components.button import Button, ButtonKind, ButtonSize
from deskpay.ui.components.field import Field as LineField
from deskpay.ui.components.message import Message
from deskpay.ui.components.segments import Segments
from deskpay.ui.components.state_chip import Tone
from deskpay.ui.components.text import Text
from deskpay.ui.present_error import words_for

_WIDTH = 480


@dataclass(frozen=True, slots=True)
class TypedConnection:
    """A hotel as typed in.

    Args:
        address: of its Connector API in training; empty elsewhere, where hosts are compiled in.
        fields_address: of its card fields; empty where cards are not to be added.
        client_token: as typed; empty at the public test hotel, whose tokens ship with DeskPay.
        access_token: as typed.
        environment: what it is.
        secret_key: of the hotel's account at PayMongo, as typed; empty where it has none.
        public_key: of the same account.
    """

    address: str
    fields_address: str
    client_token: str = field(repr=False)
    access_token: str = field(repr=False)
    environment: Environment = Environment.TRAINING
    secret_key: str = field(default="", repr=False)
    public_key: str = ""


class ConnectPage(QScrollArea):
    """Offers the hotels that this computer knows, training, the public test hotel and live hotels.

    `training_requested` asks for the embedded hotel; `connection_entered` carries a `TypedConnection`, `known_chosen` a
    `KnownConnection`.
    """

    training_requested = Signal()
    connection_entered = Signal(object)
    known_chosen = Signal(object)

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
        self._known = QVBoxLayout()
        self._known.setSpacing(8)
        self._kind = Segments(
            (
                (Environment.TRAINING.value, self.tr("Training"), ""),
                (Environment.DEMO.value, self.tr("Mews demo"), ""),
                (Environment.LIVE.value, self.tr("Live hotel"), ""),
            ),
            name=self.tr("What to connect to"),
        )
        self._kind.chosen.connect(lambda _key: self._on_kind())
        self._about = Text("", "body", "text.secondary", wrap=True)
        self._or = Text(self.tr("Or join a training hotel that is running already"), "strong")
        self._kept = Text("", "small", "text.tertiary", wrap=True)
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
        only = self.tr("Only where PayMongo takes the hotel's cards")
        self._secret_key = LineField(self.tr("PayMongo secret key"), aux=only, placeholder="sk_live_…")
        self._public_key = LineField(self.tr("PayMongo public key"), aux=only, placeholder="pk_live_…")
        for secret in (self._client_token, self._access_token, self._secret_key):
            secret.editor.setEchoMode(QLineEdit.EchoMode.PasswordEchoOnEdit)
        self._connect = Button(self.tr("Connect"), size=ButtonSize.ACTION)
        self._connect.clicked.connect(self._on_connect)
        self._fill()
        self.setWidget(content)
        self._on_kind()

    def show_known(self, connections: Sequence[KnownConnection], keyring: str) -> None:
        """Offer what this computer was connected to, and say where tokens are kept.

        Args:
            connections: the one used last first.
            keyring: what the system calls its keyring; empty where there is none.
        """
        while self._known.count():
            row = self._known.takeAt(0)
            widget = row.widget() if row is not None else None
            if widget is not None:
                widget.deleteLater()
        for known in connections:
            kind = {
                Environment.TRAINING: self.tr("Training"),
                Environment.DEMO: self.tr("Mews demo"),
                Environment.LIVE: self.tr("Live"),
            }[known.environment]
            button = Button(self.tr("{hotel} · {kind}").format(hotel=known.name, kind=kind), size=ButtonSize.ACTION)
            button.setFixedWidth(_WIDTH)
            button.clicked.connect(lambda _on=False, known=known: self.known_chosen.emit(known))
            self._known.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)
        there = self.tr("Tokens are kept in this computer's {keyring}, never in a file or in the journal.")
        none = self.tr("This computer has no keyring. Tokens are kept nowhere and asked for at every start.")
        self._kept.setText(there.format(keyring=keyring) if keyring else none)

    def ask_tokens(self, environment: Environment) -> None:
        """Ask for the tokens of a hotel of this kind."""
        self._kind.set_current(environment.value)
        self._on_kind()
        self._client_token.editor.setFocus()

    @property
    def environment(self) -> Environment:
        """What is chosen."""
        return Environment(self._kind.current())

    def _on_kind(self) -> None:
        chosen = self.environment
        training, demo = chosen is Environment.TRAINING, chosen is Environment.DEMO
        for part in (self._start, self._or, self._address, self._fields_address):
            part.setVisible(training)
        for line in (self._client_token, self._access_token, self._secret_key, self._public_key):
            line.setVisible(not demo)
        self._secret_key.editor.setPlaceholderText("sk_test_…" if training else "sk_live_…")
        self._public_key.editor.setPlaceholderText("pk_test_…" if training else "pk_live_…")
        self._kept.setVisible(not demo)
        self._message.hide()
        self._about.setText(
            {
                Environment.TRAINING: self.tr(
                    "The training hotel runs on this computer. Nothing in it is real and no card is ever charged."
                ),
                Environment.DEMO: self.tr(
                    "The public test hotel of Mews, for IT and evaluation. Everybody can see what you enter there, so "
                    "no real guest, card or address may be entered. Test cards only."
                ),
                Environment.LIVE: self.tr(
                    "Your hotel in Mews: real cards, real money. It needs the client token of the partner agreement "
                    "and the access token from the hotel's Mews administrator."
                ),
            }[chosen]
        )
        self._connect.set_label(self.tr("Connect") if training else self.tr("Test the connection"))

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
            self._clear_errors()

    def _fill(self) -> None:
        parts: tuple[QWidget, ...] = (
            Text(self.tr("Where shall DeskPay work?"), "title"),
            self._message,
            self._kind,
            self._about,
            self._start,
            self._or,
            self._address,
            self._fields_address,
            self._client_token,
            self._access_token,
            self._secret_key,
            self._public_key,
            self._kept,
            self._connect,
        )
        for part in parts:
            row = QHBoxLayout()
            part.setFixedWidth(_WIDTH)
            row.addStretch(1)
            row.addWidget(part)
            row.addStretch(1)
            self._column.addLayout(row)
            if part is self._message:
                self._column.addLayout(self._known)
        self._column.addStretch(1)
        self._column.setAlignment(Qt.AlignmentFlag.AlignTop)

    def _lines(self) -> tuple[LineField, ...]:
        return (self._address, self._fields_address, self._client_token, self._access_token)

    def _clear_errors(self) -> None:
        for line in (*self._lines(), self._secret_key, self._public_key):
            line.set_error("")

    def _place(self, problem: DeskPayError) -> LineField | None:
        if isinstance(problem, InputRefused):
            places = {
                Field.ADDRESS: self._address,
                Field.VAULT_ADDRESS: self._fields_address,
                Field.CLIENT_TOKEN: self._client_token,
                Field.ACCESS_TOKEN: self._access_token,
                Field.SECRET_KEY: self._secret_key,
                Field.PUBLIC_KEY: self._public_key,
            }
            return places.get(problem.field)
        if isinstance(problem, Unauthorized):
            return self._access_token
        return self._address if isinstance(problem, NotMews) else None

    def _on_connect(self) -> None:
        self._message.hide()
        typed = [line.text().strip() for line in self._lines()]
        self._clear_errors()
        environment = self.environment
        if environment is Environment.DEMO:
            self.connection_entered.emit(TypedConnection("", "", "", "", environment))
            return
        if environment is Environment.LIVE:
            typed[:2] = ["", ""]
        required = (
            *(((Field.ADDRESS, typed[0]),) if environment is Environment.TRAINING else ()),
            (Field.CLIENT_TOKEN, typed[2]),
            (Field.ACCESS_TOKEN, typed[3]),
        )
        empty = next((place for place, text in required if not text), None)
        if empty is not None:
            self.show_problem(InputRefused(empty, InputProblem.EMPTY))
            return
        keys = (self._secret_key.text().strip(), self._public_key.text().strip())
        self.connection_entered.emit(TypedConnection(typed[0], typed[1], typed[2], typed[3], environment, *keys))
