"""A labelled input with its hint and its error, and the inputs themselves: a line of text and a choice."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from deskpay.ui.components.painting import draw_caret, draw_input_frame, draw_text
from deskpay.ui.components.spinner import Spinner
from deskpay.ui.components.text import Text
from deskpay.ui.theme import paint_icon, tokens

INPUT_HEIGHT = 34
_PADDING = 10


class LineInput(QLineEdit):
    """One line to type in. It paints its own frame and keeps what was typed whatever else happens."""

    def __init__(self, placeholder: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._error = False
        self._height = INPUT_HEIGHT
        self.setFrame(False)
        self.setPlaceholderText(placeholder)
        self.setFont(tokens().font("body", tabular=False))
        self.setTextMargins(_PADDING - 2, 0, _PADDING - 2, 0)
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.Base, QColor(0, 0, 0, 0))
        self.setPalette(palette)

    def set_error(self, error: bool) -> None:
        """Mark what it holds as wrong, or as right again."""
        self._error = error
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(120, self._height)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(56, self._height)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        box = QRectF(self.rect())
        draw_input_frame(
            painter, box, focus=self.hasFocus(), error=self._error, enabled=self.isEnabled(), fixed=self.isReadOnly()
        )
        painter.end()
        super().paintEvent(event)


class Choice(QComboBox):
    """A drop-down list of one chosen thing.

    Args:
        height: pixels; 52 beside an amount.
        parent: the widget it lies in.
    """

    def __init__(self, height: int = INPUT_HEIGHT, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._height = height
        self._error = False
        self.setFont(tokens().font("body"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_error(self, error: bool) -> None:
        """Mark the choice as wrong, or as right again."""
        self._error = error
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(120, self._height)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(72, self._height)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        box = QRectF(self.rect())
        draw_input_frame(painter, box, focus=self.hasFocus(), error=self._error, enabled=self.isEnabled(), fixed=False)
        ink = "text.primary" if self.isEnabled() else "text.disabled"
        room = box.adjusted(_PADDING + 1, 0, -26, 0)
        text = self.currentText()
        if text:
            draw_text(painter, room, text, "body", ink)
        elif self.placeholderText():
            draw_text(painter, room, self.placeholderText(), "body", "text.tertiary")
        caret = QPointF(box.right() - 15, box.center().y())
        draw_caret(painter, caret, tokens().color("text.secondary" if self.isEnabled() else "text.disabled"))
        painter.end()


class Hint(QWidget):
    """The small line under an input: a hint, or an error with its icon. It takes no room while it is empty."""

    def __init__(self, parent: QWidget | None = None, *, wrap: bool = True) -> None:
        super().__init__(parent)
        self._icon = _AlertMark(self)
        self._spinner = Spinner(12)
        self._text = Text("", "small", "text.tertiary", wrap=wrap)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self._spinner, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._text, 1)
        self.say("")

    @property
    def text(self) -> str:
        """What it says."""
        return self._text.text()

    def say(self, text: str, *, error: bool = False, busy: bool = False, color: str = "text.tertiary") -> None:
        """Show `text`, as an error, as something under way, or in `color`."""
        self._text.set_color("danger.text" if error else color)
        self._text.setText(text)
        self._icon.setVisible(error)
        self._spinner.setVisible(busy)
        self.setVisible(bool(text))


class _AlertMark(QWidget):
    """The exclamation mark before an error."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedSize(14, 16)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_icon(painter, "circle-alert", QRectF(0, 1.5, 13, 13), tokens().color("danger.text"))
        painter.end()


class Labelled(QWidget):
    """A label with a quiet word at its right, an input of any kind, and a hint below.

    Args:
        label: what is asked for; also the input's accessible name.
        editor: the input.
        aux: the quiet word, for example "Optional, shown in Mews".
        hint: help below the input.
        parent: the widget it lies in.
    """

    def __init__(
        self, label: str, editor: QWidget, *, aux: str = "", hint: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._editor = editor
        self._hint_text = hint
        self._label = Text(label, "small", "text.secondary", weight=500)
        self._label.setBuddy(editor)
        self._aux = Text(aux, "small", "text.tertiary", align=Qt.AlignmentFlag.AlignRight)
        self._hint = Hint()
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._label)
        head.addWidget(self._aux, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(5)
        column.addLayout(head)
        column.addWidget(editor)
        column.addWidget(self._hint)
        editor.setAccessibleName(label)
        self.setFocusProxy(editor)
        self.set_hint(hint)

    @property
    def label(self) -> str:
        """What is asked for."""
        return self._label.text()

    @property
    def message(self) -> str:
        """What stands below the input now."""
        return self._hint.text

    def set_label(self, label: str) -> None:
        """Change what is asked for."""
        self._label.setText(label)
        self._editor.setAccessibleName(label)

    def set_aux(self, aux: str) -> None:
        """Change the quiet word at the label's right."""
        self._aux.setText(aux)

    def set_hint(self, hint: str) -> None:
        """Change the help and clear any error."""
        self._hint_text = hint
        self.set_error("")

    def set_error(self, message: str) -> None:
        """Show why what was typed cannot be used, or the hint again when `message` is empty. The text stays."""
        self._mark(error=bool(message))
        self._hint.say(message or self._hint_text, error=bool(message))
        self._editor.setAccessibleDescription(message or self._hint_text)

    def set_checking(self, message: str) -> None:
        """Say what is being looked up about what was typed."""
        self._mark(error=False)
        self._hint.say(message, busy=True)
        self._editor.setAccessibleDescription(message)

    def set_approved(self, message: str) -> None:
        """Say what was found to be right about what was typed."""
        self._mark(error=False)
        self._hint.say(message, color="success.text")
        self._editor.setAccessibleDescription(message)

    def _mark(self, *, error: bool) -> None:
        if isinstance(self._editor, (LineInput, Choice)):
            self._editor.set_error(error)


class Field(Labelled):
    """A labelled line of text.

    Args:
        label: what is asked for.
        aux: the quiet word at the label's right.
        hint: help below the input.
        placeholder: an example, shown while it is empty.
        parent: the widget it lies in.
    """

    edited = Signal(str)

    def __init__(
        self, label: str, *, aux: str = "", hint: str = "", placeholder: str = "", parent: QWidget | None = None
    ) -> None:
        self.editor = LineInput(placeholder)
        super().__init__(label, self.editor, aux=aux, hint=hint, parent=parent)
        self.editor.textEdited.connect(self.edited)

    def text(self) -> str:
        """Return what was typed, as it was typed."""
        return self.editor.text()

    def set_text(self, text: str) -> None:
        """Replace the text."""
        self.editor.setText(text)


class ChoiceField(Labelled):
    """A labelled choice among words.

    Args:
        label: what is asked for.
        options: key and words of each, in order; the first is chosen.
        aux: the quiet word at the label's right.
        height: pixels of the input; 52 beside an amount.
        parent: the widget it lies in.
    """

    chosen = Signal(str)

    def __init__(
        self,
        label: str,
        options: list[tuple[str, str]] | tuple[tuple[str, str], ...] = (),
        *,
        aux: str = "",
        height: int = INPUT_HEIGHT,
        parent: QWidget | None = None,
    ) -> None:
        self.editor = Choice(height)
        super().__init__(label, self.editor, aux=aux, parent=parent)
        self.set_options(options)
        self.editor.activated.connect(lambda _row: self.chosen.emit(self.current()))

    def set_options(self, options: list[tuple[str, str]] | tuple[tuple[str, str], ...]) -> None:
        """Replace the options; the first is chosen."""
        self.editor.clear()
        for key, words in options:
            self.editor.addItem(words, key)

    def current(self) -> str:
        """Return the key of the chosen option, or an empty string when there is none."""
        return str(self.editor.currentData() or "")

    def set_current(self, key: str) -> None:
        """Choose the option of `key`; an unknown key changes nothing."""
        row = self.editor.findData(key)
        if row >= 0:
            self.editor.setCurrentIndex(row)
