"""What stands where nothing can be shown: why, and the key that helps."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from deskpay.ui.components.button import Button
from deskpay.ui.components.disc import Disc
from deskpay.ui.components.state_chip import Tone
from deskpay.ui.components.text import Text

_WIDTH = 304
_LEAST_WIDTH = 200
_FIRST = 1_000
"""The column takes its width before the stretches beside it take any."""


class StatePanel(QWidget):
    """A centred column: disc, title, text, actions and a small last line.

    Args:
        title: what is missing or went wrong.
        text: what to do.
        icon: outline on the disc, or none.
        tone: colour family of the disc.
        parent: the widget it lies in.
    """

    def __init__(
        self,
        title: str,
        text: str = "",
        *,
        icon: str = "",
        tone: Tone = Tone.NEUTRAL,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        center = Qt.AlignmentFlag.AlignHCenter
        self._title = Text(title, "strong", wrap=True, align=center)
        self._text = Text(text, "body", "text.secondary", wrap=True, align=center)
        self._small = Text("", "small", "text.tertiary", wrap=True, align=center)
        self._actions = QHBoxLayout()
        self._actions.setSpacing(8)
        self._actions.addStretch()
        self._actions.addStretch()
        inner = QWidget()
        inner.setMaximumWidth(_WIDTH)
        inner.setMinimumWidth(_LEAST_WIDTH)
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 4, 0, 4)
        column.setSpacing(4)
        if icon:
            column.addWidget(Disc(tone, icon), 0, center)
            column.addSpacing(8)
        column.addWidget(self._title)
        column.addWidget(self._text)
        column.addSpacing(8)
        column.addLayout(self._actions)
        column.addSpacing(4)
        column.addWidget(self._small)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(8, 16, 8, 16)
        outer.addStretch()
        # Centred by stretches: an alignment would keep the text from wrapping to its height.
        middle = QHBoxLayout()
        middle.addStretch()
        middle.addWidget(inner, _FIRST)
        middle.addStretch()
        outer.addLayout(middle)
        outer.addStretch()
        self.say(title, text)

    @property
    def text(self) -> str:
        """All it says."""
        return f"{self._title.text()} {self._text.text()} {self._small.text()}".strip()

    def say(self, title: str, text: str = "", small: str = "") -> None:
        """Change the words."""
        self._title.setText(title)
        self._text.setText(text)
        self._text.setVisible(bool(text))
        self._small.setText(small)
        self._small.setVisible(bool(small))
        self.setAccessibleName(f"{title}. {text}".strip(". "))

    def add_action(self, button: Button) -> Button:
        """Put `button` below the text and return it."""
        self._actions.insertWidget(self._actions.count() - 1, button)
        return button
