"""A labelled field of several lines. Tab leaves it, and what is pasted comes as plain text."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, QRectF, QSize, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QSizePolicy, QWidget
from typing_extensions import override

from deskpay.ui.components.field import Labelled
from deskpay.ui.components.painting import draw_input_frame
from deskpay.ui.theme import tokens

_PADDING = 9


class _Lines(QPlainTextEdit):
    """Lines to type in, in the frame of every input."""

    def __init__(self, lines: int) -> None:
        super().__init__()
        self.error = False
        self._lines = lines
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFont(tokens().font("body", tabular=False))
        self.setTabChangesFocus(True)
        self.document().setDocumentMargin(_PADDING)
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.Base, QColor(0, 0, 0, 0))
        self.setPalette(palette)
        self.viewport().setAutoFillBackground(False)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @override
    def sizeHint(self) -> QSize:
        return QSize(160, self._lines * self.fontMetrics().lineSpacing() + 2 * _PADDING + 4)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(80, self.sizeHint().height())

    @override
    def insertFromMimeData(self, source: QMimeData) -> None:
        self.insertPlainText(source.text())

    @override
    def paintEvent(self, e: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        box = QRectF(self.viewport().rect())
        draw_input_frame(
            painter, box, focus=self.hasFocus(), error=self.error, enabled=self.isEnabled(), fixed=self.isReadOnly()
        )
        painter.end()
        super().paintEvent(e)


class TextArea(Labelled):
    """Several lines with their label.

    Args:
        label: what is asked for.
        lines: how many are seen at once.
        aux: the quiet word at the label's right.
        parent: the widget it lies in.

    `edited` is emitted when the clerk changed the text, not when it was set.
    """

    edited = Signal(str)

    def __init__(self, label: str, *, lines: int = 3, aux: str = "", parent: QWidget | None = None) -> None:
        self.editor = _Lines(lines)
        self._setting = False
        super().__init__(label, self.editor, aux=aux, parent=parent)
        self.editor.textChanged.connect(self._on_changed)

    def text(self) -> str:
        """Return what was typed, as it was typed."""
        return self.editor.toPlainText()

    def set_text(self, text: str) -> None:
        """Replace the text."""
        self._setting = True
        self.editor.setPlainText(text)
        self._setting = False

    def _on_changed(self) -> None:
        if not self._setting:
            self.edited.emit(self.text())

    @override
    def _mark(self, *, error: bool) -> None:
        self.editor.error = error
        self.editor.viewport().update()
