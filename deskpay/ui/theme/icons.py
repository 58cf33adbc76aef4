"""Paint the bundled Lucide outlines in any colour, with a line of even weight at every size.

Lucide draws on a 24-unit grid. The line is given in pixels and converted, so that a 14 px and a 20 px icon
carry the same 1.33 px line as the text beside them.
"""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from deskpay.ui.assets import read_resource

STROKE = 1.33
_GRID = 24.0


@lru_cache(maxsize=64)
def _source(name: str) -> str:
    return read_resource("icons", f"{name}.svg")


@lru_cache(maxsize=256)
def _renderer(name: str, color: str, stroke_units: float) -> QSvgRenderer:
    svg = _source(name).replace("currentColor", color).replace('stroke-width="2"', f'stroke-width="{stroke_units}"')
    return QSvgRenderer(QByteArray(svg.encode()))


def paint_icon(painter: QPainter, name: str, box: QRectF, color: QColor, stroke: float = STROKE) -> None:
    """Paint an icon.

    Args:
        painter: an active painter.
        name: the outline's Lucide name, for example `circle-check`.
        box: the square to fill, in pixels.
        color: colour of the line.
        stroke: width of the line, in pixels.

    Raises:
        FileNotFoundError: the build does not bundle that outline.
    """
    units = round(stroke * _GRID / box.width(), 2)
    _renderer(name, color.name(), units).render(painter, box)


def icon_pixmap(name: str, color: QColor, size: int = 16, ratio: float = 1.0) -> QPixmap:
    """Return an icon as a picture of `size` pixels for a screen of `ratio` device pixels."""
    pixmap = QPixmap(QSize(size, size) * ratio)
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    paint_icon(painter, name, QRectF(0, 0, size, size), color)
    painter.end()
    return pixmap


@lru_cache(maxsize=1)
def _logo() -> QSvgRenderer:
    return QSvgRenderer(QByteArray(read_resource("deskpay.svg").encode()))


def paint_logo(painter: QPainter, box: QRectF) -> None:
    """Paint the program's own mark."""
    _logo().render(painter, box)


def app_icon() -> QIcon:
    """Return the program's icon for windows and the task bar."""
    icon = QIcon()
    for size in (16, 24, 32, 48, 64, 128, 256):
        pixmap = QPixmap(size, size)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_logo(painter, QRectF(0, 0, size, size))
        painter.end()
        icon.addPixmap(pixmap)
    return icon
