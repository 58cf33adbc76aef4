"""Pictures of the window as a person sees it: the window with every dialog and popup over it.

A picture is taken only while no card number is typed: whoever asks for one has to see to that.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QPoint
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QWidget


def take_picture(window: QWidget, file: Path) -> None:
    """Write a PNG of `window` and of what lies over it.

    Args:
        window: the main window.
        file: where to; its folder exists.

    Raises:
        OSError: the file could not be written.
    """
    picture = window.grab()
    painter = QPainter(picture)
    origin = window.mapToGlobal(QPoint(0, 0))
    for over in _over(window):
        painter.drawPixmap(over.mapToGlobal(QPoint(0, 0)) - origin, _seen(over))
    painter.end()
    if not picture.save(str(file), "PNG"):
        raise OSError(f"{file} could not be written")


def _over(window: QWidget) -> list[QWidget]:
    """Windows over the main one, lowest first, as they were opened."""
    return [
        widget
        for widget in QApplication.topLevelWidgets()
        if widget is not window and widget.isVisible() and widget.isWindow()
    ]


def _seen(widget: QWidget) -> QPixmap:
    picture = QPixmap(widget.size() * widget.devicePixelRatioF())
    picture.setDevicePixelRatio(widget.devicePixelRatioF())
    picture.fill("transparent")
    widget.render(picture)
    return picture
