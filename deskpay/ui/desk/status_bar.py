"""The bar at the bottom: how Mews answers, how old what is shown is, and keys that help."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget
from typing_extensions import override

from deskpay.ui.components.key_cap import KeyCap
from deskpay.ui.components.painting import Run
from deskpay.ui.components.text import Text
from deskpay.ui.desk.rows import Connection
from deskpay.ui.theme import tokens

_DOT = 8


class _Dot(QWidget):
    """The mark of the connection: a disc, a diamond when slow, a square when lost."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(_DOT + 2, _DOT + 2)
        self.connection = Connection.NONE

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        box = QRectF(1, 1, _DOT, _DOT)
        theme = tokens()
        match self.connection:
            case Connection.GOOD | Connection.PRACTICE:
                painter.setBrush(theme.color("success.fill"))
                painter.drawEllipse(box)
            case Connection.SLOW:
                painter.setBrush(theme.color("warning.fill"))
                painter.translate(box.center())
                painter.rotate(45)
                painter.drawRoundedRect(QRectF(-3.7, -3.7, 7.4, 7.4), 1, 1)
            case Connection.LOST:
                painter.setBrush(theme.color("danger.fill"))
                painter.drawRoundedRect(box, 1, 1)
            case Connection.NONE:
                painter.setBrush(theme.color("border.control"))
                painter.drawEllipse(box)
        painter.end()


class StatusBar(QWidget):
    """The status bar.

    Args:
        hints: keys and what they do.
        parent: the widget it lies in.
    """

    def __init__(self, hints: Iterable[tuple[str, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._dot = _Dot()
        self._words = Text("", "small", "text.secondary")
        self._since = Text("", "small", "text.tertiary")
        self._inspected = Text("", "small", "warning.text", weight=600)
        self._inspected.hide()
        row = QHBoxLayout(self)
        row.setContentsMargins(13, 1, 14, 0)
        row.setSpacing(6)
        row.addWidget(self._dot)
        row.addWidget(self._words)
        row.addSpacing(10)
        row.addWidget(self._since)
        row.addSpacing(10)
        row.addWidget(self._inspected)
        row.addStretch(1)
        for key, words in hints:
            row.addSpacing(10)
            row.addWidget(KeyCap(key))
            row.addWidget(Text(words, "small", "text.secondary"))
        self.setFixedHeight(tokens().size("statusbar"))
        self.set_status(Connection.NONE)

    @property
    def text(self) -> str:
        """What it says."""
        return " ".join(part.text() for part in (self._words, self._since, self._inspected) if part.text())

    @property
    def connection(self) -> Connection:
        """How Mews answered last."""
        return self._dot.connection

    def set_status(self, connection: Connection, words: str = "", since: str = "") -> None:
        """Say how Mews answers.

        Args:
            connection: the mark.
            words: the sentence, or empty for the usual one.
            since: how old what is shown is, for example "Updated 14:32:05".
        """
        usual = {
            Connection.GOOD: self.tr("Mews connected"),
            Connection.SLOW: self.tr("Mews is slow to answer"),
            Connection.LOST: self.tr("No connection to Mews"),
            Connection.PRACTICE: self.tr("Practice data ready"),
            Connection.NONE: self.tr("Not connected yet"),
        }
        self._dot.connection = connection
        self._dot.update()
        lost = connection is Connection.LOST
        self._words.set_color("danger.text" if lost else "text.secondary")
        self._words.set_runs(Run(words or usual[connection], 600 if lost else None))
        self._since.setText(since)
        self.setAccessibleName(self.text)

    def set_inspected(self, by: str) -> None:
        """Say who looks into the connection on its way."""
        self._inspected.setText(self.tr("Inspected by {issuer}").format(issuer=by))
        self._inspected.setToolTip(self.tr("This connection is opened and sealed again on its way to Mews."))
        self._inspected.show()
        self.setAccessibleName(self.text)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), tokens().color("bg.surface"))
        painter.fillRect(0, 0, self.width(), 1, tokens().color("border.default"))
        painter.end()
