"""One setting: what it is and does at the left, its value at the right, and below what is wrong with what was typed."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from deskpay.services.change_setting import Setting
from deskpay.ui.components.field import Choice, Hint, LineInput
from deskpay.ui.components.painting import draw_box, draw_text, text_width
from deskpay.ui.components.text import Text
from deskpay.ui.settings.words import SettingWords, fixed_words
from deskpay.ui.theme import paint_icon, tokens

_WIDTH = 260
_CHIP = 24


class LockChip(QWidget):
    """A lock, and who keeps it shut."""

    def __init__(self) -> None:
        super().__init__()
        self.words = ""
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.hide()

    def say(self, words: str) -> None:
        """Show `words`; none hide it."""
        self.words = words
        self.setAccessibleName(words)
        self.setVisible(bool(words))
        self.updateGeometry()
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(round(text_width(self.words, "small", 600)) + 34, _CHIP)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = tokens()
        box = QRectF(self.rect())
        draw_box(painter, box, theme.radius("chip"), theme.color("neutral.bg"))
        paint_icon(painter, "lock", QRectF(8, 6, 12, 12), theme.color("neutral.text"))
        draw_text(painter, box.adjusted(26, 0, 0, 0), self.words, "small", "neutral.text", weight=600)
        painter.end()


class SettingRow(QFrame):
    """The row of one setting. `changed` carries its name and what was typed or chosen; nothing is kept here.

    Args:
        name: of the setting.
        words: how it is shown.
        parent: the widget it lies in.
    """

    changed = Signal(str, str)

    def __init__(self, name: str, words: SettingWords, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = name
        self.words = words
        self._value = ""
        self.chip = LockChip()
        self.hint = Hint()
        self.choice, self.line = Choice(), LineInput()
        self.editor: QWidget = self.choice if words.options else self.line
        (self.line if words.options else self.choice).hide()
        for editor in (self.choice, self.line):
            editor.setFixedWidth(_WIDTH)
            editor.setAccessibleName(words.title)
            editor.setAccessibleDescription(words.note)
        for value, said in words.options:
            self.choice.addItem(said, value)
        self.choice.activated.connect(lambda _row: self._on_done(str(self.choice.currentData())))
        self.line.editingFinished.connect(lambda: self._on_done(self.line.text()))
        left = QVBoxLayout()
        left.setSpacing(2)
        left.addWidget(Text(words.title, "body", weight=500))
        left.addWidget(Text(words.note, "small", "text.tertiary", wrap=True))
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addLayout(left, 1)
        row.addWidget(self.chip)
        row.addWidget(self.choice)
        row.addWidget(self.line)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 9, 16, 9)
        column.setSpacing(5)
        column.addLayout(row)
        column.addWidget(self.hint, 0, Qt.AlignmentFlag.AlignRight)

    @property
    def text(self) -> str:
        """What it shows as its value."""
        return self.choice.currentText() if self.words.options else self.line.text()

    def show_setting(self, setting: Setting, *, may_change: bool) -> None:
        """Show the value, and whether whoever is at the desk may change it."""
        self._value = setting.value
        self.chip.say(fixed_words(setting, may_change=may_change))
        self.editor.setEnabled(may_change)
        if self.words.options:
            if self.choice.findData(setting.value) < 0:
                self.choice.addItem(setting.value, setting.value)
            self.choice.setCurrentIndex(self.choice.findData(setting.value))
        else:
            self.line.setText(setting.value)
            self.line.setCursorPosition(0)
        self._mark(error=False)
        self.hint.say("")

    def show_kept(self) -> None:
        """Say that it was kept, and since when it holds."""
        kept = self.tr("Saved.") if self.words.at_once else self.tr("Saved. It holds when DeskPay starts again.")
        self._mark(error=False)
        self.hint.say(kept, color="success.text")

    def refuse(self, sentence: str) -> None:
        """Say why what was typed was not kept; it stays."""
        self._mark(error=True)
        self.hint.say(sentence, error=True)
        self.editor.setAccessibleDescription(sentence)

    def _mark(self, *, error: bool) -> None:
        for editor in (self.choice, self.line):
            editor.set_error(error)
        self.editor.setAccessibleDescription(self.words.note)

    def _on_done(self, written: str) -> None:
        if written != self._value:
            self.changed.emit(self.name, written)
