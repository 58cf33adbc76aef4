"""The steps of something under way, each with the mark of how it went."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget
from typing_extensions import override

from deskpay.ui.components.spinner import Spinner
from deskpay.ui.components.text import Text
from deskpay.ui.theme import paint_icon, tokens

_NODE = 18
_ROW_GAP = 10


class StepState(enum.Enum):
    """How a step went, or that it is still to come."""

    DONE = "done"
    NOW = "now"
    FAILED = "failed"
    CHECKED = "checked"
    CHECKING = "checking"
    LATER = "later"


_MARKS = {
    StepState.DONE: ("circle-check", "success.text"),
    StepState.FAILED: ("circle-x", "danger.text"),
    StepState.CHECKED: ("search", "unknown.text"),
    StepState.LATER: ("circle", "text.tertiary"),
}
_TURNING = (StepState.NOW, StepState.CHECKING)


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what it is, how it went, and the time or the seconds so far."""

    words: str
    state: StepState
    time: str = ""


class _Node(QWidget):
    """The mark of a step, with the line down to the next."""

    def __init__(self, state: StepState, *, last: bool) -> None:
        super().__init__()
        self._state = state
        self._last = last
        self.setMinimumSize(_NODE, _NODE)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        if state in _TURNING:
            spinner = Spinner(16, unknown=state is StepState.CHECKING, parent=self)
            spinner.setGeometry(1, 1, 16, 16)

    @override
    def sizeHint(self) -> QSize:
        return QSize(_NODE, _NODE)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._state in _MARKS:
            icon, color = _MARKS[self._state]
            paint_icon(painter, icon, QRectF(1, 1, 16, 16), tokens().color(color))
        if not self._last:
            painter.setPen(QPen(tokens().color("border.default"), 1.5))
            painter.drawLine(9, _NODE + 1, 9, self.height())
        painter.end()


class Timeline(QWidget):
    """Steps from first to last.

    Args:
        steps: what to show.
        parent: the widget it lies in.
    """

    def __init__(self, steps: Sequence[Step] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._steps: tuple[Step, ...] = ()
        self._times: list[Text] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(10)
        self._grid.setVerticalSpacing(0)
        self._grid.setColumnStretch(1, 1)
        self.set_steps(steps)

    @property
    def steps(self) -> tuple[Step, ...]:
        """What it shows."""
        return self._steps

    def set_steps(self, steps: Sequence[Step]) -> None:
        """Show other steps. Where only times changed, spinners keep turning."""
        steps = tuple(steps)
        if [(s.words, s.state) for s in steps] == [(s.words, s.state) for s in self._steps]:
            for step, label in zip(steps, self._times, strict=True):
                label.setText(step.time)
            self._steps = steps
            return
        self._steps = steps
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._times = []
        for row, step in enumerate(steps):
            self._add(row, step, last=row == len(steps) - 1)
        self.setAccessibleName(". ".join(f"{s.words} {s.time}".strip() for s in steps))

    def _add(self, row: int, step: Step, *, last: bool) -> None:
        turning = step.state in _TURNING
        color = "text.tertiary" if step.state is StepState.LATER else "text.primary"
        words = Text(step.words, "body", color, weight=600 if turning else None, wrap=True)
        time = Text(step.time, "body" if turning else "small", "text.primary" if turning else "text.tertiary")
        gap = 0 if last else _ROW_GAP
        words.setContentsMargins(0, 0, 0, 0)
        top = Qt.AlignmentFlag.AlignTop
        self._grid.addWidget(_Node(step.state, last=last), 2 * row, 0, 2, 1)
        self._grid.addWidget(words, 2 * row, 1)
        self._grid.addWidget(time, 2 * row, 2, top | Qt.AlignmentFlag.AlignRight)
        self._grid.setRowMinimumHeight(2 * row + 1, gap)
        self._times.append(time)
