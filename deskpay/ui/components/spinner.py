"""A turning arc for work under way; where nothing may move, an hourglass."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QRectF, QSize, Qt, QVariantAnimation
from PySide6.QtGui import QHideEvent, QPainter, QPaintEvent, QPen, QShowEvent
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from deskpay.ui.theme import paint_icon, reduced_motion, tokens

_TURN_MS = 900
_SIXTEENTHS = 16


def make_turn(owner: QObject, on_step: Callable[[], object]) -> QVariantAnimation:
    """Return an endless animation from 0 to 360 degrees that belongs to `owner` and calls `on_step` as it turns."""
    turn = QVariantAnimation(owner)
    turn.setStartValue(0.0)
    turn.setEndValue(360.0)
    turn.setDuration(_TURN_MS)
    turn.setLoopCount(-1)
    turn.valueChanged.connect(lambda _angle: on_step())
    return turn


def paint_spinner(painter: QPainter, box: QRectF, angle: float, *, unknown: bool = False) -> None:
    """Paint the arc at `angle` degrees, in violet when `unknown`."""
    theme = tokens()
    tone = "unknown" if unknown else "accent"
    if reduced_motion():
        paint_icon(painter, "hourglass", box, theme.color(f"{tone}.text"))
        return
    width = 2.0 if box.width() <= theme.size("icon.large") else 3.0
    ring = box.adjusted(width / 2, width / 2, -width / 2, -width / 2)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(theme.color("unknown.border" if unknown else "border.default"), width))
    painter.drawEllipse(ring)
    pen = QPen(theme.color(f"{tone}.fill"), width)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    painter.setPen(pen)
    painter.drawArc(ring, round((85 - angle) * _SIXTEENTHS), round(-90 * _SIXTEENTHS))


class Spinner(QWidget):
    """An arc that turns while it is on screen.

    Args:
        size: pixels each way.
        unknown: True paints it in the colour of what is not known.
        parent: the widget it lies in.
    """

    def __init__(self, size: int = 16, *, unknown: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._size = size
        self._unknown = unknown
        self._turn = make_turn(self, self.update)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    @override
    def sizeHint(self) -> QSize:
        return QSize(self._size, self._size)

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not reduced_motion():
            self._turn.start()

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._turn.stop()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_spinner(painter, QRectF(self.rect()), float(self._turn.currentValue() or 0.0), unknown=self._unknown)
        painter.end()
