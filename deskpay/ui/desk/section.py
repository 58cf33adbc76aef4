"""A headed section of the guest's page, and what stands in it while its rows are missing."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget
from typing_extensions import override

from deskpay.ui.components.button import Button, ButtonSize
from deskpay.ui.components.field import Hint
from deskpay.ui.components.skeleton import Skeleton
from deskpay.ui.components.text import Text
from deskpay.ui.theme import tokens

_SKELETON_ROWS = 3


class Section(QWidget):
    """Heading with its count, room for an action at the end, and the rows below.

    Args:
        title: the heading.
        inset: pixels that heading, words and rows keep from either side.
        bleed: True lets the rows use that room.
        parent: the widget it lies in.
    """

    again_requested = Signal()

    def __init__(self, title: str, *, inset: int = 0, bleed: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = Text(title, "strong")
        self._count = Text("", "body", "text.tertiary", weight=500)
        self._head = QHBoxLayout()
        self._head.setContentsMargins(inset, 0, inset, 0)
        self._head.setSpacing(8)
        self._head.addWidget(self._title)
        self._head.addWidget(self._count)
        self._head.addStretch(1)
        self._words = Text("", "body", "text.tertiary", wrap=True)
        self._problem = Hint()
        self._again = Button(self.tr("Read again"), size=ButtonSize.DENSE, key="F5")
        self._again.clicked.connect(self.again_requested)
        self._instead = QWidget()
        instead = QVBoxLayout(self._instead)
        instead.setContentsMargins(inset, 0, inset, 4)
        instead.setSpacing(8)
        instead.addWidget(self._words)
        instead.addWidget(self._problem)
        instead.addWidget(self._again, 0, Qt.AlignmentFlag.AlignLeft)
        self._skeleton = QWidget()
        blocks = QVBoxLayout(self._skeleton)
        blocks.setContentsMargins(inset, 8, inset, 8)
        blocks.setSpacing(12)
        for _ in range(_SKELETON_ROWS):
            blocks.addWidget(Skeleton())
        head = QWidget()
        head.setMinimumHeight(28)
        head.setLayout(self._head)
        self.column = QVBoxLayout()
        side = 0 if bleed else inset
        self.column.setContentsMargins(side, 0, side, 0)
        self.column.setSpacing(8)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(4)
        outer.addWidget(head)
        outer.addLayout(self.column)
        outer.addWidget(self._instead)
        outer.addWidget(self._skeleton)
        self.setAccessibleName(title)
        self.show_rows(0, "")

    @property
    def text(self) -> str:
        """What it says instead of rows."""
        return f"{self._words.text()} {self._problem.text}".strip()

    @property
    def waiting(self) -> bool:
        """True while its rows are being read."""
        return self._waiting

    def add_head_action(self, button: Button) -> Button:
        """Put `button` at the end of the heading and return it."""
        self._head.addWidget(button)
        return button

    def show_rows(self, count: int, nothing: str) -> None:
        """Say how many rows there are, or `nothing` where there are none."""
        self._count.setText(str(count) if count else "")
        self._words.setText("" if count else nothing)
        self._words.setVisible(not count and bool(nothing))
        self._show_problem("")
        self._instead.setVisible(not count and bool(nothing))
        self._waiting = False
        self._skeleton.hide()

    def show_waiting(self, *, shape: bool) -> None:
        """Wait for rows that are being read, with or without showing their shape."""
        self.show_rows(0, "")
        self._waiting = True
        self._skeleton.setVisible(shape)

    def show_problem(self, problem: str) -> None:
        """Say why the rows could not be read, and offer to read again."""
        self.show_rows(0, "")
        self._show_problem(problem)
        self._instead.setVisible(bool(problem))

    def _show_problem(self, problem: str) -> None:
        self._problem.say(problem, error=True)
        self._again.setVisible(bool(problem))


def clear(column: QVBoxLayout) -> None:
    """Remove every widget of `column`."""
    while (item := column.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()


class Scroller(QScrollArea):
    """A column that scrolls up and down only, on no ground of its own."""

    def __init__(self, content: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.viewport().setAutoFillBackground(False)
        self.setWidget(content)
        content.setAutoFillBackground(False)


class Rule(QWidget):
    """A hairline between columns.

    Args:
        lying: True for one between rows.
        parent: the widget it lies in.
    """

    def __init__(self, parent: QWidget | None = None, *, lying: bool = False) -> None:
        super().__init__(parent)
        if lying:
            self.setFixedHeight(1)
        else:
            self.setFixedWidth(1)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), tokens().color("border.subtle"))
        painter.end()
