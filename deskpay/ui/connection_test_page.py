"""What a test of the connection found, before anything of it is kept: which hotel, and what its tokens may do."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QGuiApplication, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from deskpay.domain.environment import Environment
from deskpay.services.probe import Ability, Answer, Probed
from deskpay.ui.components import environment_bar
from deskpay.ui.components.button import Button, ButtonKind, ButtonSize
from deskpay.ui.components.environment_bar import EnvironmentBar
from deskpay.ui.components.message import Message
from deskpay.ui.components.painting import draw_box
from deskpay.ui.components.state_chip import Chip, StateChip, Tone
from deskpay.ui.components.text import Text
from deskpay.ui.components.tick import Tick
from deskpay.ui.theme import tokens

_WIDTH = 748
_NAME_WIDTH = 200


class _Row(QFrame):
    """One thing that was tested."""

    def __init__(self, name: str, found: str, chip: Chip) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 8, 14, 8)
        row.setSpacing(12)
        label = Text(name, "body", weight=600)
        label.setFixedWidth(_NAME_WIDTH)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        row.addWidget(label)
        row.addWidget(Text(found, "body", "text.secondary", wrap=True), 1)
        row.addWidget(StateChip(chip))
        self._warns = chip.tone is not Tone.SUCCESS
        self.setAccessibleName(f"{name}: {found}. {chip.words}")

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        box, theme = QRectF(self.rect()), tokens()
        if self._warns:
            painter.fillRect(box, theme.color("warning.bg"))
        painter.fillRect(QRectF(0, box.bottom(), box.width(), 1), theme.color("border.subtle"))
        draw_box(painter, box, 0, None, theme.color("border.subtle"))
        painter.end()


class ConnectionTestPage(QWidget):
    """Shows what was found and asks whether this is the hotel.

    `accepted`: it is to be used. `left`: back to the way in. `again`: test once more.
    """

    accepted = Signal()
    left = Signal()
    again = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._request = ""
        self._bar = EnvironmentBar()
        content = QWidget()
        self._column = QVBoxLayout(content)
        self._column.setContentsMargins(24, 40, 24, 24)
        self._column.setSpacing(14)
        self._title = Text("", "title")
        self._text = Text("", "body", "text.secondary", wrap=True)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(0)
        self._missing = Message(Tone.WARNING, stacked=True)
        self._copy = self._missing.add_action(Button(self.tr("Copy the text")))
        self._copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self._request))
        self.sure = Tick("")
        self.sure.toggled.connect(self._on_sure)
        self.use = Button(self.tr("Use this hotel"), ButtonKind.PRIMARY, size=ButtonSize.ACTION)
        self.use.clicked.connect(self.accepted)
        back = Button(self.tr("Back"), size=ButtonSize.ACTION)
        back.clicked.connect(self.left)
        again = Button(self.tr("Test again"), size=ButtonSize.ACTION, icon="refresh-cw")
        again.clicked.connect(self.again)
        buttons = QWidget()
        line = QHBoxLayout(buttons)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        line.addWidget(again)
        line.addStretch(1)
        line.addWidget(back)
        line.addWidget(self.use)
        table = QWidget()
        table.setLayout(self._rows)
        for part in (self._title, self._text, table, self._missing, self.sure, buttons):
            part.setFixedWidth(_WIDTH)
            row = QHBoxLayout()
            # Centred by stretches: an alignment would keep a text from wrapping to its height.
            row.addStretch(1)
            row.addWidget(part)
            row.addStretch(1)
            self._column.addLayout(row)
        self._column.addStretch(1)
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setWidget(content)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._bar)
        column.addWidget(area, 1)

    def show_found(self, environment: Environment, host: str, found: Probed) -> None:
        """Show what a test found.

        Args:
            environment: what the connection is.
            host: that answered.
            found: by the test.
        """
        hotel, live = found.hotel, environment is Environment.LIVE
        self._bar.set_environment(environment_bar.Environment(environment.value))
        self._bar.set_hotel(hotel.name)
        self._title.setText(self.tr("Connected to {hotel}").format(hotel=hotel.name))
        self._text.setText(self.tr("Check that this is your hotel. Testing reads only; no payment was made."))
        while self._rows.count():
            item = self._rows.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.deleteLater()
        for line in (*self._facts(host, found), *self._abilities(found)):
            self._rows.addWidget(line)
        self._say_missing(hotel.name, found)
        ours = self.tr("This is our hotel, and charges made here take real money")
        public = self.tr("No real guest, card or address will be entered in this public hotel")
        self.sure.set_words(ours if live else public)
        self.sure.setChecked(False)
        self._on_sure()

    def _facts(self, host: str, found: Probed) -> list[_Row]:
        hotel, fine = found.hotel, self._fine()
        seconds = round(abs(found.skew.total_seconds()))
        answered = self.tr("{host}, {took} s, clock differs by {seconds} s")
        took = f"{found.took_s:.1f}"
        codes = ", ".join(currency.code for currency in hotel.currencies)
        rows = [
            _Row(self.tr("Mews answers"), answered.format(host=host, took=took, seconds=seconds), fine),
            *self._inspection(found.inspected_by),
            _Row(self.tr("Hotel"), f"{hotel.name}, {hotel.zone.key}", fine),
            _Row(self.tr("Currencies"), codes, fine),
        ]
        vault = self.tr("Key found") if hotel.card_storage_key else self.tr("The hotel stores no cards in Mews")
        rows.append(_Row(self.tr("Card vault"), vault, fine if hotel.card_storage_key else self._off()))
        kinds = ", ".join(hotel.tenders) or self.tr("None is switched on in Mews, so nothing can be recorded")
        rows.append(_Row(self.tr("Payment types for recording"), kinds, fine if hotel.tenders else self._off()))
        later = self.tr("Not proven yet. The first card you add or charge will show it.")
        rows.append(_Row(self.tr("Charging, saving cards"), later, Chip(self.tr("Later"), Tone.WARNING, "clock")))
        rows += self._acquirer(found.acquirer)
        if hotel.is_portfolio:
            several = self.tr("These tokens open several hotels and cannot charge. Ask for one hotel's own.")
            rows.append(_Row(self.tr("One hotel"), several, self._off()))
        return rows

    def _acquirer(self, answer: Answer | None) -> list[_Row]:
        if answer is None:
            return []
        said = {
            Answer.GRANTED: self.tr("The keys open the hotel's account"),
            Answer.REFUSED: self.tr("PayMongo does not take the secret key. Go back and type it again."),
        }.get(answer, self.tr("No usable answer; test again"))
        return [_Row(self.tr("PayMongo"), said, self._fine() if answer is Answer.GRANTED else self._off())]

    def _inspection(self, by: str | None) -> list[_Row]:
        if by is None:
            return []
        title = self.tr("Encrypted connection")
        if not by:
            return [_Row(title, self.tr("Nobody looks into it on its way"), self._fine())]
        read = self.tr("Inspected by {issuer}, whose certificate this computer trusts. Ask hotel IT if that is meant.")
        return [_Row(title, read.format(issuer=by), Chip(self.tr("Inspected"), Tone.WARNING, "triangle-alert"))]

    def _abilities(self, found: Probed) -> list[_Row]:
        words = {
            Ability.GUESTS: self.tr("Guests"),
            Ability.CARDS: self.tr("Saved cards"),
            Ability.BILLS: self.tr("Bills"),
            Ability.ITEMS: self.tr("Open items"),
            Ability.PAYMENTS: self.tr("Payments"),
            Ability.CATEGORIES: self.tr("Accounting categories"),
            Ability.RATES: self.tr("Exchange rates"),
            Ability.TERMINALS: self.tr("Card terminals"),
            Ability.LINKS: self.tr("Pay links"),
        }
        granted = [words[ability] for ability, answer in found.answers.items() if answer is Answer.GRANTED]
        rows = [_Row(self.tr("Granted by Mews"), ", ".join(granted), self._fine())] if granted else []
        for ability, answer in found.answers.items():
            if answer is Answer.GRANTED:
                continue
            said, chip = {
                Answer.REFUSED: (self.tr("Mews does not let DeskPay read this"), self._off()),
                Answer.FAILED: (self.tr("No usable answer; test again"), self._off()),
                Answer.NOT_TRIED: (
                    self.tr("Not tried: nobody stays in the hotel now"),
                    Chip(self.tr("Later"), Tone.WARNING, "clock"),
                ),
            }[answer]
            rows.append(_Row(words[ability], said, chip))
        return rows

    def _say_missing(self, hotel: str, found: Probed) -> None:
        self._missing.setVisible(bool(found.missing))
        request = self.tr("Please allow the integration DeskPay at {hotel} to call: {operations}.")
        self._request = request.format(hotel=hotel, operations=", ".join(found.missing))
        self._missing.say(Tone.WARNING, self.tr("Send this to Mews, or do without what is missing."), self._request)

    def _fine(self) -> Chip:
        return Chip(self.tr("OK"), Tone.SUCCESS, "check")

    def _off(self) -> Chip:
        return Chip(self.tr("Missing"), Tone.WARNING, "triangle-alert")

    def _on_sure(self) -> None:
        self.use.setEnabled(self.sure.isChecked())
